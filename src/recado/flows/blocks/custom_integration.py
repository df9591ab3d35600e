"""A custom integration: runs an action, keeps what came of it, and goes on by how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from recado.actions.paths import MISSING
from recado.flows.definition import AskAgain, CustomIntegrationBlock, SetVariableBlock
from recado.flows.events import CallEnded, CallShown, RunAction, Timer
from recado.flows.matching import fold
from recado.flows.moves import STAY, Go, Leave, Move
from recado.flows.notes import NOTES
from recado.flows.outgoing import text_message
from recado.flows.references import references_in
from recado.flows.turn import Turn
from recado.flows.values import storable, text_of, to_plain

_MAX_BODY: Final = 16_384
"""Characters of an answer's body that `calls.<key>.body` shows."""


def enter(turn: Turn, block: CustomIntegrationBlock) -> Move:
    """Ask for the call and wait for it; the expiry is there for a call that is never heard of again."""
    if not block.action_id:
        turn.note("action_missing", block.id)
        return Leave("failed")
    turn.effects.append(
        RunAction(
            block_id=block.id,
            visit=turn.state.last_visit,
            action_id=block.action_id,
            credential_id=block.credential_id or None,
            inputs=_inputs_of(turn, block),
            wait_text=turn.text(block.wait_text),
            wait_after_seconds=block.wait_after_seconds,
            budget_seconds=block.budget_seconds,
        )
    )
    turn.wait("call", [Timer(kind="expiry", due_at=turn.after(turn.settings.expires_after_seconds))])
    return STAY


def end(turn: Turn, block: CustomIntegrationBlock, event: CallEnded) -> Move:
    """Keep the answer and choose the way: success, a question that is asked anew, or the outcome's edge."""
    if turn.state.file_at is not None:
        turn.state.file_at = turn.at
    event = keep(turn, len(turn.state.frames) - 1, block, event)
    if event.outcome == "ok":
        prefix = f"{block.id}:"
        asked = turn.frame.asked_again
        turn.frame.asked_again = {name: count for name, count in asked.items() if not name.startswith(prefix)}
        return Leave("success")
    return _ask_again(turn, block, event) or Leave(event.outcome)


def late(turn: Turn, block: CustomIntegrationBlock) -> Move:
    """The call takes longer than its budget: wait on without holding a turn, or leave at `timeout`."""
    turn.note("call_late", block.id)
    if block.on_late == "wait":
        if turn.state.waiting is not None:
            turn.state.waiting.is_late = True
        return STAY
    return abandon(turn, block)


def abandon(turn: Turn, block: CustomIntegrationBlock) -> Move:
    """Go on without the answer; should it come, it is kept."""
    turn.frame.calls[block.key or block.id] = CallShown(outcome="timeout")
    return Leave("timeout")


def keep(turn: Turn, depth: int, block: CustomIntegrationBlock, event: CallEnded) -> CallEnded:
    """Make the answer readable for later blocks of its flow; one with outputs too big to keep becomes a bad one."""
    frame = turn.state.frames[depth]
    key = block.key or block.id
    frame.outputs.pop(key, None)
    outputs = to_plain(event.outputs)
    if (found := turn.too_big(outputs)) is not None:
        turn.effects.append(msgspec.structs.replace(found, block_id=block.id))
        error = NOTES[found.code].format_map(found.params)
        event = msgspec.structs.replace(event, outcome="bad_response", error=error)
        outputs = {}
    body = None if event.body is None else storable(event.body[:_MAX_BODY])
    headers = {name.lower(): value for name, value in event.headers.items()}
    frame.outputs[key] = outputs
    frame.calls[key] = CallShown(
        outcome=event.outcome, status=event.status, error=event.error, body=body, headers=headers
    )
    return event


def _inputs_of(turn: Turn, block: CustomIntegrationBlock) -> dict[str, Any]:
    """The value of each input; an input bound to nothing, or to a value that is not there, is left out."""
    values = {key: turn.value(template) for key, template in block.inputs.items() if template}
    return {
        key: value if isinstance(value, (str, int)) else text_of(value)
        for key, value in values.items()
        if value is not MISSING and value is not None
    }


def _ask_again(turn: Turn, block: CustomIntegrationBlock, event: CallEnded) -> Move | None:
    """Back to the question whose answer was refused, while its number of times is not used up."""
    for rule in block.ask_again:
        question = _question_behind(turn, block, rule) if _applies(rule, event) else None
        if question is None:
            continue
        name = f"{block.id}:{rule.input}"
        count = turn.frame.asked_again.get(name, 0)
        if count >= rule.at_most:
            continue
        turn.frame.asked_again[name] = count + 1
        turn.note("asked_again", block.id, input=rule.input, time=count + 1)
        turn.say(block.id, text_message(turn.words(rule.text, turn.texts.ask_again)))
        return Go(question, "ask_again")
    return None


def _applies(rule: AskAgain, event: CallEnded) -> bool:
    if event.outcome not in rule.outcomes:
        return False
    if event.outcome == "input_invalid":
        return rule.input in event.refused_inputs
    said = f"{event.body or ''}\n{event.error or ''}"
    return not rule.contains or fold(rule.contains) in fold(said)


def _question_behind(turn: Turn, block: CustomIntegrationBlock, rule: AskAgain) -> str | None:
    """The block that the first answer in what the input is bound to was given to, also by way of a variable."""
    for key in _answers_in(turn, block.inputs.get(rule.input, "")):
        if (asked := turn.frame.answered_at.get(key)) in turn.flow.blocks:
            return asked
    return None


def _answers_in(turn: Turn, template: str, *, follows_variables: bool = True) -> Iterator[str]:
    for reference in references_in(turn.flow.read(template)):
        if reference.root == "answers":
            yield reference.key
        elif reference.root == "variables" and follows_variables:
            for setter in turn.flow.blocks.values():
                if isinstance(setter, SetVariableBlock) and setter.variable == reference.key:
                    yield from _answers_in(turn, setter.value, follows_variables=False)
