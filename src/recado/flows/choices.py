"""Something to choose from: how it is offered (buttons, or a list of ten rows at a time), and which of it an answer means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from recado.flows.events import Incoming, Outgoing, OutgoingRow
from recado.flows.limits import (
    MAX_BUTTONS,
    MAX_ROW_DESCRIPTION,
    MAX_ROW_TITLE,
    MAX_ROWS,
    MAX_SECTION_TITLE,
    MAX_SECTIONS,
    PAGE_ROWS,
    cut,
    length_of,
)
from recado.flows.matching import fold
from recado.flows.outgoing import buttons_message, list_message, visible

_MORE: Final = "more"
_MAX_ID: Final = 100  # of a row 200, of a button 256; the number of the visit stands before it


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several; `id` is unique among them, `answer` what the conversation keeps when it is chosen.

    A person may also write its title, one of its `words`, its position on the page, or its `value`.
    """

    id: str
    title: str
    answer: Any
    edge: str = "next"
    description: str = ""
    section: str = ""
    words: Sequence[str] = field(default=())
    value: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything there is to choose, and the words around it."""

    choices: Sequence[Choice]
    text: str
    label: str
    more: str
    header: str = ""
    footer: str = ""
    is_buttons: bool = False
    """Buttons while there are at most three; else, and for more, a list."""


@dataclass(frozen=True, slots=True)
class Page:
    """Another page was asked for."""

    number: int


def show(offer: Offer, visit: int, page: int) -> Outgoing:
    """The message that offers it. Ids name the visit, so that a tap on an older prompt is known as one."""
    if offer.is_buttons and len(offer.choices) <= MAX_BUTTONS:
        buttons = [(reply_id(visit, choice.id), choice.title) for choice in offer.choices]
        return buttons_message(offer.text, buttons, offer.header, offer.footer)
    shown, has_more = _cut_page(offer.choices, page)
    sections: list[tuple[str, list[OutgoingRow]]] = []
    for choice in shown:
        title = cut(visible(choice.section), MAX_SECTION_TITLE)
        if not sections or (sections[-1][0] != title and len(sections) < MAX_SECTIONS):
            sections.append((title, []))
        sections[-1][1].append(_row_of(choice, visit))
    if has_more:
        sections[-1][1].append(
            OutgoingRow(id=reply_id(visit, f"{_MORE}:{page + 1}"), title=cut(offer.more, MAX_ROW_TITLE))
        )
    if len(sections) > 1:  # each needs a title then
        sections = [(title or "―", rows) for title, rows in sections]
    return list_message(offer.text, sections, offer.label, offer.header, offer.footer)


def pick(offer: Offer, message: Incoming, visit: int, page: int) -> Choice | Page | None:
    """What a message chooses: a tap by its id; a text by title, other words, id or position on the page shown."""
    if message.reply_id is not None:
        return _pick_by_id(offer, message.reply_id, visit)
    word = fold(message.text or "")
    if not word:
        return None
    is_list = not (offer.is_buttons and len(offer.choices) <= MAX_BUTTONS)
    shown, has_more = _cut_page(offer.choices, page) if is_list else (offer.choices, False)
    for choices in (shown, offer.choices):
        for choice in choices:
            if word in {fold(choice.title), fold(cut(choice.title, MAX_ROW_TITLE)), *map(fold, choice.words)}:
                return choice
    if has_more and word == fold(offer.more):
        return Page(page + 1)
    position = int(word) if word.isdecimal() and len(word) < 4 else 0
    if has_more and position == len(shown) + 1:
        return Page(page + 1)
    if 1 <= position <= len(shown):
        return shown[position - 1]
    return next((choice for choice in offer.choices if fold(choice.value) == word), None)


def short_id(text: str, others: Sequence[Choice]) -> str:
    """An id that WhatsApp takes for the next of some choices: `text`, or its place where that is empty, long or taken."""
    is_fit = text and len(text) <= _MAX_ID and text == text.strip() and all(text != other.id for other in others)
    return text if is_fit else f"row-{len(others)}"


def reply_id(visit: int, identifier: str) -> str:
    """The id of a button or row as it goes out."""
    return f"{visit}:{identifier}"


def _pick_by_id(offer: Offer, identifier: str, visit: int) -> Choice | Page | None:
    prefix = reply_id(visit, "")
    name = identifier.removeprefix(prefix)
    found = next((choice for choice in offer.choices if choice.id == name), None)
    if found is not None or not identifier.startswith(f"{prefix}{_MORE}:"):
        return found
    number = name[len(_MORE) + 1 :]
    if not number.isdecimal() or len(number) > 3 or int(number) == 0:
        return None
    return Page(int(number)) if _cut_page(offer.choices, int(number) - 1)[1] else None


def _cut_page(choices: Sequence[Choice], page: int) -> tuple[Sequence[Choice], bool]:
    """The rows of a page, and whether "More" stands below them: nine then, ten on the last page."""
    rest = choices[page * PAGE_ROWS :]
    return (rest, False) if len(rest) <= MAX_ROWS else (rest[:PAGE_ROWS], True)


def _row_of(choice: Choice, visit: int) -> OutgoingRow:
    """A title that does not fit is said whole in the description, where that is free."""
    title = visible(choice.title) or choice.id
    description = choice.description
    if not visible(description) and length_of(title) > MAX_ROW_TITLE:
        description = title
    return OutgoingRow(
        id=reply_id(visit, choice.id),
        title=cut(title, MAX_ROW_TITLE),
        description=cut(description, MAX_ROW_DESCRIPTION),
    )
