"""Everything that can be wrong with a flow, on one page: its code, how bad it is, and its sentence.

An `error` keeps a flow from being published; a `warning` says what will happen. Codes never change. Beside these, texts
and patterns have the codes of `errors.py`: `flow_reference_syntax`, `secret_not_nameable`, `too_many_references`,
`pattern_invalid`, `too_long`, `output_key_invalid`.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from recado.errors import RecadoError
from recado.fields import TYPE_WORDS
from recado.flows.schemas import FlowProblem

Severity = Literal["error", "warning"]


class Kind(NamedTuple):
    """How bad a problem is, and its sentence with the names of its facts."""

    severity: Severity
    message: str


def _error(message: str) -> Kind:
    return Kind("error", message)


def _warning(message: str) -> Kind:
    return Kind("warning", message)


PROBLEMS: Final[dict[str, Kind]] = {
    # ── blocks and ways ──────────────────────────────────────────────────────────────────────────────────────────────
    "flow_empty": _error("This flow has no blocks yet."),
    "start_missing": _error("Choose the block that the flow starts with."),
    "start_unknown": _error("The flow starts with a block that does not exist."),
    "block_id_missing": _error("This block has no id."),
    "block_id_duplicate": _error('More than one block has the id "{id}".'),
    "block_unreachable": _warning("Nothing leads to this block."),
    "edge_unknown": _warning('This block never takes the way out "{edge}".'),
    "edge_target_unknown": _error('The way out "{edge}" leads to a block that does not exist.'),
    "edge_missing_ends": _warning('Nothing follows "{edge}": the flow ends there.'),
    "edge_missing_fails": _warning(
        'Nothing follows "{edge}": the failure message is said, and the conversation ends as failed.'
    ),
    "edge_missing_expires": _warning('Nothing follows "{edge}": the conversation ends as expired, without a word.'),
    "jump_missing": _error("Choose the block to jump to."),
    "jump_unknown": _error("The block to jump to does not exist."),
    "loop_without_wait": _error("From here the flow goes round without ever waiting for anybody."),
    "loop_of_calls": _warning(
        "From here the flow can go round without an answer of the person; after {limit} blocks it ends as failed."
    ),
    "too_many_messages": _warning(
        "Here more than {limit} messages follow each other without an answer of the person; the flow ends as failed then."
    ),
    # ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────
    "form_missing": _error("Choose the form that is sent."),
    "form_unknown": _error("This form does not exist (any more)."),
    "form_without_id": _error('The form "{name}" cannot be sent: Meta\'s id of it is not entered yet.'),
    "form_first_screen_unknown": _error('The form "{name}" has no screen "{screen}".'),
    "form_answer_not_kept": _warning("What the form is sent off with is not kept: it has no name."),
    # ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────
    "key_invalid": _error(
        "Use 1 to 64 lowercase letters, digits and underscores; do not begin with a digit or underscore, nor end with"
        " an underscore."
    ),
    "answer_not_kept": _warning("The answer has no name, so no later block can read it."),
    "answer_key_duplicate": _warning('Other blocks keep their answer as "{key}" too; the latest one counts.'),
    "block_key_duplicate": _warning('Other blocks keep what they bring as "{key}" too; the latest one counts.'),
    "variable_key_duplicate": _error('More than one variable is called "{key}".'),
    "variable_default_invalid": _error('The default of "{key}" must be {type}.'),
    # ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────
    "required": _error("This field is required."),
    "message_empty": _error("There is nothing to say."),
    "text_missing": _warning("Nothing is written here; a standard sentence is said instead."),
    "text_too_long": _error("This is {length} characters long; WhatsApp shows at most {limit}."),
    "url_invalid": _error("This must be a whole URL that starts with https:// or http://."),
    "degrees_invalid": _error("This must be a number from -{limit} to {limit}."),
    "number_out_of_range": _error("This must be a number from {minimum} to {maximum}."),
    # ── what is offered ──────────────────────────────────────────────────────────────────────────────────────────────
    "choices_missing": _error("There is nothing to choose from."),
    "choice_id_duplicate": _error('The id "{id}" is used twice here.'),
    "title_duplicate": _error('"{title}" is offered twice, so nobody can tell which is which.'),
    "too_many_buttons": _error("WhatsApp shows at most {limit} buttons; use a list."),
    "too_many_sections": _error("WhatsApp shows at most {limit} sections."),
    "rows_paged": _warning("WhatsApp shows {limit} rows at once; these {count} are offered page by page."),
    "section_empty": _warning("This section has no rows."),
    "section_title_missing": _warning("With more than one section, each needs a title."),
    "source_invalid": _error("Name the list with one reference, such as {example}, and nothing around it."),
    "source_not_list": _error("This is no list: choose an output of type JSON."),
    "exit_word_collides": _warning('"{word}" is an exit word: who types it instead of tapping ends the conversation.'),
    # ── what is asked for ────────────────────────────────────────────────────────────────────────────────────────────
    "bound_invalid": _error("This bound must be {type}."),
    "bounds_crossed": _error("The least is more than the most, so no answer fits."),
    "media_type_invalid": _error(
        'Write image, video, audio, document or a MIME type such as application/pdf; "{kind}" is none.'
    ),
    "timeout_after_expiry": _warning("The conversation expires before this timeout."),
    # ── conditions, variables, waits ─────────────────────────────────────────────────────────────────────────────────
    "branches_missing": _warning('This condition has no branches, so it always takes "else".'),
    "branch_id_duplicate": _error('The branch id "{id}" is used twice here.'),
    "tests_missing": _warning("This branch has no tests, so it is never taken."),
    "comparison_invalid": _error("Compare with a number or a date here."),
    "variable_unknown": _error('There is no variable called "{key}".'),
    "value_invalid": _error("This must be {type}."),
    "binding_type": _error("{name} is {found} and can never be {type}."),
    "wait_missing": _error("Say how long to wait, or until when."),
    "moment_invalid": _error("This is no date and time. Examples: 2026-11-22 14:30, 22/11/2026."),
    # ── references ───────────────────────────────────────────────────────────────────────────────────────────────────
    "answer_unknown": _error('No block keeps an answer as "{key}".'),
    "output_unknown": _error('"{key}" brings no output called "{field}".'),
    "source_unknown": _error('No block keeps what it brings as "{key}".'),
    "call_unknown": _error('No custom integration block is called "{key}".'),
    "field_unknown": _error('The answer "{key}" has no part called "{field}".'),
    "value_never_filled": _error("{name} is always empty here: no way to this block fills it before."),
    "value_sometimes_empty": _warning("{name} can be empty here: not every way to this block fills it before."),
    # ── custom integrations ──────────────────────────────────────────────────────────────────────────────────────────
    "integration_missing": _error("Choose the integration."),
    "integration_unknown": _error("The integration does not exist any more."),
    "action_missing": _error("Choose the action."),
    "action_unknown": _error("The action does not exist any more."),
    "action_foreign": _error('The action "{name}" belongs to another integration.'),
    "action_without_request": _error('The action "{name}" has no request yet.'),
    "action_damaged": _error('The action "{name}" is damaged. Save it anew.'),
    "credential_missing": _error("Choose the credential."),
    "credential_unknown": _error("The credential does not exist any more."),
    "credential_foreign": _error('The credential "{name}" belongs to another integration.'),
    "credential_without_values": _error('The credential "{name}" has no value for "{field}" yet.'),
    "input_unknown": _error('The action has no input called "{key}".'),
    "input_unbound": _error('The input "{key}" is required: give it a value.'),
    "outcome_unknown": _error('There is no outcome called "{outcome}".'),
    "ask_again_without_answer": _warning(
        'The input "{key}" is not filled by an answer, so there is nothing to ask again.'
    ),
    # ── called flows ─────────────────────────────────────────────────────────────────────────────────────────────────
    "flow_missing": _error("Choose the flow to call."),
    "flow_unknown": _error("The flow to call does not exist any more."),
    "flow_not_published": _error('The flow "{name}" is not published yet.'),
    "flow_version_unknown": _error('The flow "{name}" has no version {version}.'),
    "flow_calls_itself": _error('Through "{name}" this flow calls itself.'),
    "flow_calls_too_deep": _error("Flows can call each other {limit} deep at most."),
    "called_variable_unknown": _error('The flow "{name}" has no variable called "{key}".'),
    # ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────
    "time_zone_unknown": _error('There is no time zone called "{name}". Example: America/Bogota.'),
    "reminder_after_expiry": _warning("The conversation expires before this reminder."),
    "reminder_days_invalid": _error("Choose at least one day, from 1 (Monday) to 7."),
    "time_of_day_invalid": _error("Write a time such as 09:00."),
}  # fmt: skip


KIND_WORDS: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "yes or no",
    "datetime": "a date and time",
    "json": "an object or a list",
    "email": "an e-mail address",
    "phone": "a phone number",
    "file": "a file",
    "location": "a location",
}
"""How a sentence names what a reference stands for."""
_WORDS: Final = {"type": TYPE_WORDS, "found": KIND_WORDS}
"""Facts that a sentence has words for; `params` keeps the codes, for who says it in another language."""


class Findings:
    """Gathers problems, each once."""

    def __init__(self) -> None:
        self.problems: list[FlowProblem] = []
        self._seen: set[tuple[str, str]] = set()

    def add(self, code: str, path: str, block_id: str | None = None, **facts: object) -> None:
        """Note a problem of the table."""
        kind = PROBLEMS[code]
        words = {name: _WORDS[name][str(fact)] if name in _WORDS else fact for name, fact in facts.items()}
        params = {name: str(fact) for name, fact in facts.items()}
        self._add(FlowProblem(block_id, path, code, kind.message.format_map(words), kind.severity, params))

    def add_error(self, error: RecadoError, path: str, block_id: str | None = None) -> None:
        """Note an error of `errors.py`."""
        self._add(FlowProblem(block_id, path, error.code, str(error), "error", error.params))

    def _add(self, problem: FlowProblem) -> None:
        if (problem.path, problem.message) not in self._seen:
            self._seen.add((problem.path, problem.message))
            self.problems.append(problem)
