"""The ways out of each block, where they lead, and what an unwired one means: the flow as a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from recado.flows.definition import (
    Asking,
    Block,
    ButtonsBlock,
    CallFlowBlock,
    ConditionBlock,
    CustomIntegrationBlock,
    FormBlock,
    HandOverBlock,
    JumpBlock,
    ListBlock,
    MessageBlock,
    QuestionBlock,
    SetVariableBlock,
    WaitBlock,
)

OUTCOMES: Final = (
    "redirect", "http_4xx", "http_5xx", "rate_limited", "auth_failed", "timeout", "network", "blocked", "bad_response",
    "output_missing", "input_invalid", "unknown",
)  # fmt: skip
"""Every outcome of a call but `ok`; a test holds them to the executions' own."""

Unwired = Literal["ends", "fails", "expires"]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: its name, the one it falls back to while it is not wired, and what it means when neither is.

    A `quiet` one is not missed: it is rare, or nothing comes of it.
    """

    name: str
    fallback: str = ""
    unwired: Unwired = "ends"
    is_quiet: bool = False
    is_answered: bool = False
    """Whether it is taken with an answer."""


_UNDELIVERED: Final = Way("undelivered", is_quiet=True)
"""Not wired, it changes nothing: the conversation waits on."""


def ways_of(block: Block) -> list[Way]:
    """Every way out that the engine can take of a block, in the order they are drawn."""
    match block:
        case MessageBlock():
            return [Way("next"), _UNDELIVERED]
        case WaitBlock():
            return [Way("next")]
        case QuestionBlock() | ButtonsBlock() | ListBlock():
            return [*_answered(block), *_unanswered(block), _UNDELIVERED]
        case FormBlock():
            return [Way("next", is_answered=True), *_unanswered(block), _UNDELIVERED]
        case ConditionBlock():
            return [*(Way(f"branch:{branch.id}") for branch in block.branches), Way("else")]
        case SetVariableBlock():
            return [Way("next"), Way("failed", unwired="fails", is_quiet=True)]
        case CallFlowBlock():
            return [Way("next"), Way("failed", unwired="fails")]
        case CustomIntegrationBlock():
            outcomes = (Way(outcome, "failed", "fails", is_quiet=True) for outcome in OUTCOMES)
            return [Way("success"), *outcomes, Way("failed", unwired="fails")]
        case HandOverBlock():
            return [Way("closed"), Way("timeout", unwired="expires", is_quiet=block.timeout_seconds is None)]
        case _:
            return []


def _answered(block: QuestionBlock | ButtonsBlock | ListBlock) -> Iterator[Way]:
    """An own choice goes its own way or `next`; `next` itself is missed where something can only go there."""
    own = _own_choices(block)
    for name in own:
        yield Way(name, "next", is_quiet="next" not in block.edges and not _has_any(block, own), is_answered=True)
    yield Way("next", is_quiet=bool(own) and _has_any(block, own), is_answered=True)


def _own_choices(block: QuestionBlock | ButtonsBlock | ListBlock) -> list[str]:
    """The ways of choices that are drawn; rows out of an answer have none of their own."""
    if isinstance(block, QuestionBlock) or block.source is not None:
        return []
    if isinstance(block, ButtonsBlock):
        return [f"button:{button.id}" for button in block.buttons]
    return [f"row:{row.id}" for section in block.sections for row in section.rows]


def _has_any(block: Block, names: Sequence[str]) -> bool:
    return any(name in block.edges for name in names)


def _unanswered(block: QuestionBlock | ButtonsBlock | ListBlock | FormBlock) -> Iterator[Way]:
    if isinstance(block, ButtonsBlock | ListBlock) and not _own_choices(block):
        yield Way("empty", unwired="fails", is_quiet=block.source is None)
    yield Way("no_match", unwired="fails")
    yield Way("timeout", unwired="expires", is_quiet=block.timeout_seconds is None)


def target_of(block: Block, way: Way, blocks: Mapping[str, Block]) -> str | None:
    """The block a way leads to, as the engine follows it; None where it ends."""
    for name in (way.name, way.fallback):
        if (target := block.edges.get(name)) is not None and target in blocks:
            return target
    return None


def steps_of(block: Block, blocks: Mapping[str, Block]) -> list[tuple[Way, str]]:
    """Every step from a block to another, jumps and questions that are asked again among them."""
    steps = [(way, target) for way in ways_of(block) if (target := target_of(block, way, blocks)) is not None]
    if isinstance(block, JumpBlock) and block.block in blocks:
        steps.append((Way("jump"), block.block))
    return steps


def may_not_arrive(block: Block) -> bool:
    """Whether a block has a way out for what it said and did not reach the person."""
    return isinstance(block, MessageBlock | QuestionBlock | ButtonsBlock | ListBlock | FormBlock)


def waits_for_person(block: Block) -> bool:
    """Whether the guards against circles begin anew behind this block."""
    return isinstance(block, Asking | HandOverBlock)
