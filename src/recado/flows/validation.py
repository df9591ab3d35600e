"""Looks a definition over: everything that keeps it from being published, and everything its author should know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from recado.actions.paths import MISSING
from recado.fields import is_identifier
from recado.flows.call_rules import check_call, check_called_flow
from recado.flows.catalog import Catalog
from recado.flows.choice_rules import Titled, check_choices
from recado.flows.definition import (
    Asking,
    Block,
    ButtonsBlock,
    CallFlowBlock,
    ConditionBlock,
    CustomIntegrationBlock,
    Definition,
    EndBlock,
    FlowSettings,
    FormBlock,
    HandOverBlock,
    ListBlock,
    MessageBlock,
    QuestionBlock,
    Reminder,
    SetVariableBlock,
    WaitBlock,
)
from recado.flows.form_rules import check_form
from recado.flows.graph_rules import check_graph, reachable
from recado.flows.limits import MAX_TEXT, MAX_WAIT_SECONDS
from recado.flows.matching import fold
from recado.flows.message_rules import check_message
from recado.flows.problems import Findings
from recado.flows.question_rules import check_asking
from recado.flows.references import references_in
from recado.flows.rules import Rules
from recado.flows.schemas import FlowProblem
from recado.flows.value_rules import check_condition, check_set_variable
from recado.flows.values import convert, moment_of

MAX_PROBLEMS: Final = 500
MAX_SECONDS: Final = MAX_WAIT_SECONDS


def validate(definition: Definition, catalog: Catalog) -> list[FlowProblem]:
    """What is wrong with a definition: first with the flow as a whole, then block by block.

    Nothing leads to what stands in an unreachable block, so nothing there keeps the flow from being published.
    """
    rules = Rules(definition, catalog, Findings())
    _check_variables(rules)
    _check_settings(rules, definition.settings)
    check_graph(rules)
    for index, block in enumerate(definition.blocks):
        _check_block(rules, f"blocks[{index}]", block)
    return _in_order(rules.findings.problems, definition)


def _in_order(problems: Sequence[FlowProblem], definition: Definition) -> list[FlowProblem]:
    seen = reachable(definition)
    place = {block.id: index for index, block in reversed(list(enumerate(definition.blocks)))}
    told = [
        msgspec.structs.replace(problem, severity="warning")
        if problem.block_id in place and problem.block_id not in seen and seen
        else problem
        for problem in problems
    ]
    return sorted(told, key=lambda problem: place.get(problem.block_id or "", -1))[:MAX_PROBLEMS]


# ── the whole ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_variables(rules: Rules) -> None:
    seen: set[str] = set()
    for index, variable in enumerate(rules.definition.variables):
        path = f"variables[{index}]"
        if not is_identifier(variable.key):
            rules.add("key_invalid" if variable.key else "required", f"{path}.key")
        elif variable.key in seen:
            rules.add("variable_key_duplicate", f"{path}.key", key=variable.key)
        seen.add(variable.key)
        if variable.default and convert(variable.default, variable.type, dt.UTC) is MISSING:
            rules.add("variable_default_invalid", f"{path}.default", key=variable.key, type=variable.type)


def _check_settings(rules: Rules, settings: FlowSettings) -> None:
    for name in ("exit_text", "failure_message"):
        rules.text(getattr(settings, name), f"settings.{name}", None, MAX_TEXT)
    rules.number(settings.expires_after_seconds, "settings.expires_after_seconds", None, 1, MAX_SECONDS)
    try:
        ZoneInfo(settings.timezone)
    except (ValueError, OSError, KeyError):
        rules.add("time_zone_unknown", "settings.timezone", name=settings.timezone[:64])
    if settings.reminder is not None:
        _check_reminder(rules, settings.reminder, settings.expires_after_seconds)


def _check_reminder(rules: Rules, reminder: Reminder, expires_after_seconds: int) -> None:
    path = "settings.reminder"
    rules.text(reminder.text, f"{path}.text", None, MAX_TEXT)
    rules.number(reminder.after_seconds, f"{path}.after_seconds", None, 1, MAX_SECONDS)
    if reminder.after_seconds >= expires_after_seconds:
        rules.add("reminder_after_expiry", f"{path}.after_seconds")
    if reminder.hours is None:
        return
    if not reminder.hours.days or not all(1 <= day <= 7 for day in reminder.hours.days):
        rules.add("reminder_days_invalid", f"{path}.hours.days")
    for name in ("begins", "ends"):
        try:
            dt.time.fromisoformat(getattr(reminder.hours, name))
        except ValueError:
            rules.add("time_of_day_invalid", f"{path}.hours.{name}")


# ── block by block ───────────────────────────────────────────────────────────────────────────────────────────────────


def _check_block(rules: Rules, path: str, block: Block) -> None:
    _check_key(rules, path, block)
    match block:
        case QuestionBlock() | ButtonsBlock() | ListBlock():
            check_asking(rules, path, block)
            _check_exit_words(rules, block, check_choices(rules, path, block))
        case FormBlock():
            check_asking(rules, path, block)
            check_form(rules, path, block)
        case MessageBlock():
            check_message(rules, f"{path}.content", block)
        case ConditionBlock():
            check_condition(rules, path, block)
        case SetVariableBlock():
            check_set_variable(rules, path, block)
        case CustomIntegrationBlock():
            check_call(rules, path, block)
        case CallFlowBlock():
            check_called_flow(rules, path, block)
        case WaitBlock():
            _check_wait(rules, path, block)
        case HandOverBlock() | EndBlock():
            _check_last_words(rules, path, block)
        case _:
            pass


def _check_last_words(rules: Rules, path: str, block: HandOverBlock | EndBlock) -> None:
    rules.text(block.text, f"{path}.text", block, MAX_TEXT)
    if isinstance(block, HandOverBlock):
        rules.text(block.note, f"{path}.note", block, MAX_TEXT)
        if block.timeout_seconds is not None:
            rules.number(block.timeout_seconds, f"{path}.timeout_seconds", block, 1, MAX_SECONDS)


def _check_key(rules: Rules, path: str, block: Block) -> None:
    """What later blocks read this one by."""
    if isinstance(block, Asking):
        key, path, code = block.answer, f"{path}.answer", "answer_key_duplicate"
        is_shared = len(rules.answers.get(key, ())) > 1
    elif isinstance(block, CustomIntegrationBlock | CallFlowBlock):
        key, path, code = block.key, f"{path}.key", "block_key_duplicate"
        is_shared = len(rules.bringers.get(key, ())) > 1
    else:
        return
    if key and not is_identifier(key):
        rules.add("key_invalid", path, block)
    elif key and is_shared:
        rules.add(code, path, block, key=key)


def _check_wait(rules: Rules, path: str, block: WaitBlock) -> None:
    if block.until.strip():
        text = rules.text(block.until, f"{path}.until", block, MAX_TEXT)
        if text is not None and not any(references_in(text)) and moment_of(block.until, dt.UTC) is None:
            rules.add("moment_invalid", f"{path}.until", block)
    elif block.seconds is None:
        rules.add("wait_missing", f"{path}.seconds", block)
    else:
        rules.number(block.seconds, f"{path}.seconds", block, 1, MAX_SECONDS)


def _check_exit_words(rules: Rules, block: Block, titles: Titled) -> None:
    """Who types an exit word leaves, even where a choice is called so."""
    words = {fold(word): word for word in rules.definition.settings.exit_words if word.strip()}
    for place, title in titles:
        if fold(title) in words:
            rules.add("exit_word_collides", place, block, word=words[fold(title)])
