"""What a message begins where no conversation is open, and which words opt a person out or in again  [pure]."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from recado.channels.definition import Start
from recado.channels.whatsapp.updates import InboundMessage, Tap, Text
from recado.flows.matching import fold


def said(message: InboundMessage) -> str | None:
    """The words of a message: what was written, or what the tapped button says."""
    match message.content:
        case Text(body=body):
            return body
        case Tap(title=title):
            return title or None
        case _:
            return None


def is_one_of(message: InboundMessage, words: Iterable[str]) -> bool:
    """Whether somebody wrote one of these words and nothing else; a tapped button is no word of theirs."""
    return isinstance(message.content, Text) and fold(message.content.body) in _folded(tuple(words))


def list_starts(message: InboundMessage, starts: Iterable[Start]) -> list[Start]:
    """The rules that fit, in their order."""
    return [start for start in starts if _fits(message, start)]


def _fits(message: InboundMessage, start: Start) -> bool:
    match start.kind:
        case "any":
            return True
        case "keyword":
            return _has_keyword(said(message), start)
        case "template_button":
            return _is_button(message, start)
        case "referral":
            return _is_referral(message, start)


def _has_keyword(text: str | None, start: Start) -> bool:
    if text is None:
        return False
    written = fold(text)
    if start.match == "exact":
        return written in _folded(tuple(start.words))
    return any(f" {word} " in f" {_spaced(written)} " for word in map(_spaced, _folded(tuple(start.words))))


def _is_button(message: InboundMessage, start: Start) -> bool:
    content = message.content
    if not isinstance(content, Tap) or content.way != "template":
        return False
    return not start.words or fold(content.id) in _folded(tuple(start.words))


def _is_referral(message: InboundMessage, start: Start) -> bool:
    if message.referral is None:
        return False
    return not start.source_ids or str(message.referral.get("source_id", "")) in start.source_ids


def _spaced(text: str) -> str:
    """Its words alone: marks between them say nothing."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text).split())


@lru_cache(maxsize=256)
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)
