"""What every block that asks has in common: its prompt, answers that do not fit, old menus, timers of who waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from recado.flows.answers import Refused
from recado.flows.choices import Choice, Offer, Page, pick, show
from recado.flows.definition import Asking, BusinessHours, QuestionBlock
from recado.flows.events import Incoming, Outgoing, Timer
from recado.flows.limits import MAX_FILES, MAX_VALUE_BYTES
from recado.flows.matching import fold
from recado.flows.moves import STAY, Leave, Move, Stop
from recado.flows.outgoing import text_message
from recado.flows.turn import Turn

TOO_LONG: Final = Refused("too_long", str(MAX_VALUE_BYTES))
"""An answer that no conversation keeps."""
_WEEK: Final = 8
_MAX_ATTEMPTS: Final = 100
_GATHER_SECONDS: Final = 1.5
_ALBUM: Final = dt.timedelta(seconds=5)
"""Pictures that are sent at once arrive within about two seconds; each turn between them takes its time."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer that fits: what is kept, and the way out."""

    value: Any
    edge: str = "next"


def ask(turn: Turn, block: Asking, prompt: Outgoing) -> Move:
    """Say the prompt and wait for its answer."""
    turn.say(block.id, prompt)
    turn.wait("answer", answer_timers(turn, block))
    return STAY


def offer(turn: Turn, block: Asking, choices: Offer) -> Move:
    """Offer something to choose, from its first page."""
    return ask(turn, block, show(choices, turn.state.last_visit, 0))


def choose(turn: Turn, choices: Offer, message: Incoming) -> Taken | Page | Refused:
    """What a message chooses of an offer."""
    assert turn.state.waiting is not None
    found = pick(choices, message, turn.state.last_visit, turn.state.waiting.page)
    if isinstance(found, Choice):
        return Taken(found.answer, found.edge)
    return found or Refused("choice")


def is_of_no_use(message: Incoming) -> bool:
    """Whether a message is nothing that any question takes; a sticker is sent for fun, and is no wrong answer."""
    if message.media is not None:
        return message.media.kind == "sticker"
    given = (message.text, message.reply_id, message.location, message.form)
    return all(part is None for part in given)


def is_of_the_same_album(turn: Turn, message: Incoming) -> bool:
    """Whether a file came together with one that was just taken: several pictures are sent at once as messages of their own."""
    last = turn.state.file_at
    return message.media is not None and last is not None and turn.at - last <= _ALBUM


def gathers(block: Asking) -> bool:
    """Whether files that come together are one answer to a block."""
    return isinstance(block, QuestionBlock) and block.expects == "file" and block.checks.several


def gather(turn: Turn, block: Asking, file: dict[str, Any]) -> Move:
    """Keep a file, and wait a moment for more of its album."""
    waiting = turn.state.waiting
    assert waiting is not None
    files = [*waiting.files, file]
    if len(files) >= MAX_FILES:
        return take(turn, block, Taken(files))
    waiting.files = files
    others = [timer for timer in turn.state.timers if timer.kind != "album"]
    turn.state.timers = [*others, Timer(kind="album", due_at=turn.after(_GATHER_SECONDS))]
    return STAY


def take(turn: Turn, block: Asking, answer: Taken) -> Move:
    """Keep an answer and go on."""
    is_file = isinstance(block, QuestionBlock) and block.expects == "file"
    turn.state.file_at = turn.at if is_file else None
    if block.answer:
        turn.frame.answers[block.answer] = answer.value
        turn.frame.answered_at[block.answer] = block.id
    return Leave(answer.edge)


def refuse(turn: Turn, block: Asking, why: Refused, prompt: Outgoing) -> Move:
    """Say what is wrong and ask again; after the last attempt go on at no_match."""
    waiting = turn.state.waiting
    assert waiting is not None
    waiting.attempts += 1
    turn.note("answer_refused", block.id, reason=why.reason, attempt=waiting.attempts)
    if waiting.attempts >= min(max(1, block.attempts), _MAX_ATTEMPTS):
        return Leave("no_match")
    words = turn.words(block.retry_text, turn.texts.retry[why.reason].replace("{limit}", why.limit))
    return again(turn, block, words, prompt)


def again(turn: Turn, block: Asking, words: str, prompt: Outgoing) -> Move:
    """Say some words and the prompt once more; who waits is waited for anew."""
    assert turn.state.waiting is not None
    if words:
        turn.say(block.id, text_message(words))
    turn.say(block.id, prompt)
    turn.state.waiting.has_been_reminded = False
    turn.state.timers = answer_timers(turn, block)
    return STAY


def leave_word(turn: Turn, message: Incoming) -> Stop | None:
    """The end of the conversation, when the message is one of its exit words."""
    if message.text is None or fold(message.text) not in turn.own.exit_words:
        return None
    block_id = turn.frame.block_id
    turn.state.said = 0
    turn.say(block_id, text_message(turn.own_words(turn.settings.exit_text, turn.texts.exit)))
    return Stop("cancelled", "exit")


def answer_timers(turn: Turn, block: Asking) -> list[Timer]:
    """What is due while nobody answers: the question's own timeout, one reminder, the conversation's expiry."""
    expiry = turn.after(turn.settings.expires_after_seconds)
    timers = []
    if block.timeout_seconds is not None:
        timers.append(Timer(kind="question", due_at=turn.after(block.timeout_seconds)))
    reminder = turn.settings.reminder
    if reminder is not None:
        due = next_open(turn.after(reminder.after_seconds), reminder.hours, turn.zone)
        if due is not None and due < min([expiry, *(timer.due_at for timer in timers)]):
            timers.append(Timer(kind="reminder", due_at=due))
    timers.append(Timer(kind="expiry", due_at=expiry))
    return timers


def next_open(at: dt.datetime, hours: BusinessHours | None, zone: dt.tzinfo) -> dt.datetime | None:
    """The first time from `at` on that lies in the business hours; None where they are never."""
    if hours is None:
        return at
    try:
        begins, ends = dt.time.fromisoformat(hours.begins), dt.time.fromisoformat(hours.ends)
        return _next_open(at, begins, ends, frozenset(hours.days), zone)
    except (ValueError, OverflowError):  # no such hours, or the end of the calendar
        return at


def _next_open(
    at: dt.datetime, begins: dt.time, ends: dt.time, days_open: frozenset[int], zone: dt.tzinfo
) -> dt.datetime | None:
    today = at.astimezone(zone).date()
    for days in range(-1, _WEEK):
        day = today + dt.timedelta(days=days)
        if day.isoweekday() not in days_open:
            continue
        opening = dt.datetime.combine(day, begins, zone).astimezone(dt.UTC)
        closing = dt.datetime.combine(day, ends, zone).astimezone(dt.UTC)
        if ends <= begins:  # over midnight
            closing = dt.datetime.combine(day + dt.timedelta(days=1), ends, zone).astimezone(dt.UTC)
        if at < closing:
            return max(at, opening)
    return None
