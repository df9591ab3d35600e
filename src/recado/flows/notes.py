"""What the engine notes about a conversation for the people who look at it: each code with its sentence and its facts."""

from __future__ import annotations

from typing import Final

NOTES: Final[dict[str, str]] = {
    "answer_refused": "Answer {attempt} did not fit: {reason}.",
    "menu_closed": "A button or row of an older message was tapped; the current one was sent again.",
    "message_unsupported": "The message was of a kind that no question takes.",
    "album_rest": "A file came together with the one that was taken as the answer before.",
    "message_not_awaited": "A message came while no answer was awaited.",
    "conversation_ended": "A message came after the end.",
    "message_empty": "There was nothing to say, so nothing was said.",
    "text_cut": "A text was longer than {limit} characters and was cut.",
    "variable_unknown": 'The flow has no variable "{variable}".',
    "value_refused": 'The value does not fit the variable "{variable}", which is of type {type}.',
    "value_too_big": 'The value "{name}" is larger than {limit}, so it was not kept.',
    "state_too_big": 'With the value "{name}" all that the conversation keeps would be larger than {limit}, so it was not kept.',
    "time_unreadable": "The time to wait until is no time.",
    "pattern_unusable": "The pattern cannot be used, so it was not applied.",
    "action_missing": "The block has no action.",
    "form_missing": "The block has no form.",
    "flow_missing": "The flow to call is not there.",
    "block_missing": "The block is not there.",
    "asked_again": 'The API refused "{input}"; the person was asked for it again (time {time}).',
    "call_late": "The call takes longer than the block's budget.",
    "call_lost": "No answer to the call came before the conversation's expiry.",
    "late_answer": "The answer to a call that the conversation did not wait for came in: {outcome}.",
    "answer_dropped": "An answer to a call came that belongs to no block of this conversation any more: {outcome}.",
    "taken_over": "A person took the conversation over.",
    "undelivered": "A message did not reach the person: {reason}.",
    "failed": "The conversation could not go on: {reason}.",
}
"""English sentences by code; the facts in braces are the note's `params`."""
