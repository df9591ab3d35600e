"""Rules about custom integration blocks and about calls of other flows."""

from __future__ import annotations

from typing import Final

from recado.flows.catalog import KnownAction, KnownFlow
from recado.flows.definition import AskAgain, CallFlowBlock, CustomIntegrationBlock
from recado.flows.limits import MAX_FRAMES, MAX_TEXT, MAX_WAIT_SECONDS
from recado.flows.references import parse_leniently, references_in
from recado.flows.rules import MAX_ANY_TEXT, Rules
from recado.flows.value_rules import check_binding
from recado.flows.ways import OUTCOMES

_MAX_TIMES: Final = 100


def check_call(rules: Rules, path: str, block: CustomIntegrationBlock) -> None:
    """Integration, action and credential that belong together; inputs that can be filled."""
    rules.text(block.wait_text, f"{path}.wait_text", block, MAX_TEXT)
    rules.number(block.wait_after_seconds, f"{path}.wait_after_seconds", block, 0, MAX_WAIT_SECONDS)
    if block.budget_seconds is not None:
        rules.number(block.budget_seconds, f"{path}.budget_seconds", block, 1, MAX_WAIT_SECONDS)
    action = _check_action(rules, path, block)
    _check_credential(rules, path, block)
    _check_inputs(rules, path, block, action)
    for index, rule in enumerate(block.ask_again):
        _check_ask_again(rules, f"{path}.ask_again[{index}]", block, rule)


def _check_action(rules: Rules, path: str, block: CustomIntegrationBlock) -> KnownAction | None:
    if not block.integration_id:
        rules.add("integration_missing", f"{path}.integration_id", block)
    elif block.integration_id not in rules.catalog.integrations:
        rules.add("integration_unknown", f"{path}.integration_id", block)
    action = rules.catalog.actions.get(block.action_id)
    place = f"{path}.action_id"
    if not block.action_id:
        rules.add("action_missing", place, block)
    elif action is None:
        rules.add("action_unknown", place, block)
    elif block.integration_id and action.integration_id != block.integration_id:
        rules.add("action_foreign", place, block, name=action.name)
    elif action.inputs is None or action.outputs is None:
        rules.add("action_damaged", place, block, name=action.name)
    elif not action.has_request:
        rules.add("action_without_request", place, block, name=action.name)
    return action


def _check_credential(rules: Rules, path: str, block: CustomIntegrationBlock) -> None:
    integration = rules.catalog.integrations.get(block.integration_id)
    credential = rules.catalog.credentials.get(block.credential_id)
    place = f"{path}.credential_id"
    if not block.credential_id:
        if integration is not None and integration.required_fields:
            rules.add("credential_missing", place, block)
    elif credential is None:
        rules.add("credential_unknown", place, block)
    elif credential.integration_id != block.integration_id:
        rules.add("credential_foreign", place, block, name=credential.name)
    elif integration is not None:
        missing = next((name for name in integration.required_fields if name not in credential.fields), None)
        if missing is not None:
            rules.add("credential_without_values", place, block, name=credential.name, field=missing)


def _check_inputs(rules: Rules, path: str, block: CustomIntegrationBlock, action: KnownAction | None) -> None:
    known = None if action is None else action.inputs
    for key, template in block.inputs.items():
        place = f"{path}.inputs.{key}"
        text = rules.text(template, place, block, MAX_ANY_TEXT)
        if known is None:
            continue
        if key not in known:
            rules.add("input_unknown", place, block, key=key)
        elif text is not None and template:
            check_binding(rules, place, block, text, known[key].type, is_input=True)
    for key, spec in (known or {}).items():
        if spec.is_required and not block.inputs.get(key):
            rules.add("input_unbound", f"{path}.inputs.{key}", block, key=key)


def _check_ask_again(rules: Rules, path: str, block: CustomIntegrationBlock, rule: AskAgain) -> None:
    rules.text(rule.text, f"{path}.text", block, MAX_TEXT)
    rules.number(rule.at_most, f"{path}.at_most", block, 1, _MAX_TIMES)
    for index, outcome in enumerate(rule.outcomes):
        if outcome not in OUTCOMES:
            rules.add("outcome_unknown", f"{path}.outcomes[{index}]", block, outcome=outcome[:64])
    action = rules.catalog.actions.get(block.action_id)
    if action is not None and action.inputs is not None and rule.input not in action.inputs:
        rules.add("input_unknown", f"{path}.input", block, key=rule.input)
        return
    bound = references_in(parse_leniently(block.inputs.get(rule.input, "")))
    if not any(reference.root == "answers" for reference in bound):
        rules.add("ask_again_without_answer", f"{path}.input", block, key=rule.input)


# ── other flows ──────────────────────────────────────────────────────────────────────────────────────────────────────


def check_called_flow(rules: Rules, path: str, block: CallFlowBlock) -> None:
    """A published version that does not come back here, and values for variables that it has."""
    texts = {
        key: rules.text(template, f"{path}.variables.{key}", block, MAX_ANY_TEXT)
        for key, template in block.variables.items()
    }
    flow = rules.catalog.flows.get(block.flow_id)
    if not block.flow_id:
        rules.add("flow_missing", f"{path}.flow_id", block)
    elif block.flow_id == rules.catalog.flow_id:
        rules.add("flow_calls_itself", f"{path}.flow_id", block, name=flow.name if flow else block.flow_id)
    elif flow is None:
        rules.add("flow_unknown", f"{path}.flow_id", block)
    elif flow.newest is None:
        rules.add("flow_not_published", f"{path}.flow_id", block, name=flow.name)
    elif block.version is not None and block.version not in flow.variables:
        rules.add("flow_version_unknown", f"{path}.version", block, name=flow.name, version=block.version)
    else:
        number = flow.newest if block.version is None else block.version
        _check_way_back(rules, path, block, flow, number)
        for key, text in texts.items():
            variable = flow.variables[number].get(key)
            if variable is None:
                rules.add("called_variable_unknown", f"{path}.variables.{key}", block, name=flow.name, key=key)
            elif text is not None and block.variables[key]:
                check_binding(rules, f"{path}.variables.{key}", block, text, variable.type)


def _check_way_back(rules: Rules, path: str, block: CallFlowBlock, flow: KnownFlow, number: int) -> None:
    if rules.catalog.flow_id in flow.reaches.get(number, frozenset()):
        rules.add("flow_calls_itself", f"{path}.flow_id", block, name=flow.name)
    elif flow.depths.get(number, 1) >= MAX_FRAMES:
        rules.add("flow_calls_too_deep", f"{path}.flow_id", block, limit=MAX_FRAMES)
