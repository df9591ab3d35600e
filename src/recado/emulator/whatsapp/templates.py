"""Whether a template that is sent fits the one that was approved: it is there, and has as many parameters as it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from recado.emulator.whatsapp.checks import MEDIA, Checks, as_object
from recado.emulator.whatsapp.refusals import Refusal, invalid, missing

_SLOT: Final = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_STOPPED: Final = {"PAUSED": 132015, "DISABLED": 132016}
_MOST_BODY: Final = 1024
_MOST_HEADER: Final = 60
_MOST_CODE: Final = 20
_MOST_END: Final = 2000
_KINDS: Final = {"URL": "Url", "COPY_CODE": "CopyCode", "QUICK_REPLY": "QuickReply"}
_BARE: Final = {"PHONE_NUMBER": "Call", "VOICE_CALL": "VoiceCall"}
"""Buttons that take no value, as Meta calls them in errors."""
_PARAMETERS: Final = {"URL": "text", "COPY_CODE": "coupon_code", "QUICK_REPLY": "payload"}


def check_template(
    checks: Checks, value: Any, known: Mapping[tuple[str, str], dict[str, Any]]
) -> tuple[dict[str, Any], str]:
    """Look at a template that is sent; the approved one, and the text that the person reads. Raises Refusal."""
    sent = as_object(value, "template")
    name = checks.text(sent, "name", 512, "template['name']")
    language = as_object(sent.get("language"), "template['language']").get("code")
    if not language:
        raise missing("template['language']['code']")
    template = known.get((name, str(language)))
    if template is None:
        raise Refusal(132001, f"template name ({name}) does not exist in {language}")
    if template["status"] != "APPROVED":
        code = _STOPPED.get(template["status"], 132001)
        raise Refusal(code, f"template ({name}) is {template['status'].lower()}")
    components = sent.get("components") or []
    if not isinstance(components, list):
        raise invalid("Param template['components'] must be an array.")
    given = {}
    for component in components:
        given[str(as_object(component, "component").get("type", "")).lower()] = component
    text = _check_texts(checks, template, given)
    _check_buttons(checks, template, components)
    if checks.length(text) > _MOST_BODY:
        raise Refusal(132005, "Translated text too long")
    return template, text


def _check_texts(checks: Checks, template: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The header and the body, whose text is the answer."""
    known = {str(component.get("type", "")).lower(): component for component in template.get("components", [])}
    is_named = template.get("parameter_format") == "NAMED"
    header = known.get("header", {"type": "header"})
    if header.get("format", "TEXT") != "TEXT":
        _check_media_header(checks, header, given.get("header"))
    elif checks.length(_fill(header, given.get("header"), is_named=is_named)) > _MOST_HEADER:
        raise Refusal(132005, "header: Translated text too long")
    return _fill(known["body"], given.get("body"), is_named=is_named) if "body" in known else ""


def _parameters(component: Any) -> list[dict[str, Any]]:
    found = component.get("parameters") if isinstance(component, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _fill(component: Mapping[str, Any], given: Any, *, is_named: bool) -> str:
    text = str(component.get("text", ""))
    slots = list(dict.fromkeys(_SLOT.findall(text)))
    parameters = _parameters(given)
    where = str(component["type"]).lower()
    if len(parameters) != len(slots):
        raise Refusal(
            132000,
            f"{where}: number of localizable_params ({len(parameters)}) does not match the expected number of params"
            f" ({len(slots)})",
        )
    values = {}
    for slot, parameter in zip(slots, parameters, strict=True):
        name = parameter.get("parameter_name")
        if is_named and name not in slots:
            raise Refusal(100, f"{where}: Parameter name is missing or empty", message="Invalid parameter")
        if parameter.get("type") not in {"text", "currency", "date_time"}:
            raise Refusal(132012, f"{where}: component parameters must be text")
        values[name if is_named else slot] = _said(parameter)
    if len(values) != len(slots):
        raise Refusal(132000, f"{where}: a parameter was given twice")
    return _SLOT.sub(lambda found: values[found.group(1)], text)


def _said(parameter: Mapping[str, Any]) -> str:
    value = parameter.get(str(parameter["type"]))
    text = value if isinstance(value, str) else (value or {}).get("fallback_value")
    if not isinstance(text, str) or not text.strip():
        raise Refusal(131008, "Parameter of type text is missing text value")
    if "\n" in text or "\t" in text or "    " in text:
        raise Refusal(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return text


def _check_media_header(checks: Checks, component: Mapping[str, Any], given: Any) -> None:
    kind = str(component["format"]).lower()
    parameters = _parameters(given)
    if kind not in {*MEDIA, "location"}:
        return
    if len(parameters) != 1 or parameters[0].get("type") != kind:
        found = parameters[0].get("type") if parameters else "UNKNOWN"
        raise Refusal(132012, f"header: Format mismatch, expected {kind.upper()}, received {str(found).upper()}")
    if kind in MEDIA:
        checks.media(parameters[0].get(kind), kind)


def _check_buttons(checks: Checks, template: Mapping[str, Any], sent: list[Any]) -> None:
    buttons = [
        button
        for component in template.get("components", [])
        if str(component.get("type")).upper() == "BUTTONS"
        for button in component["buttons"]
    ]
    given = {str(part.get("index", "")): part for part in sent if str(part.get("type")).lower() == "button"}
    for at, button in enumerate(buttons):
        part = given.pop(str(at), None)
        kind = str(button.get("type", "")).upper()
        shown = f"Button at index {at} of type {_KINDS.get(kind, kind.title())}"
        needs_value = kind == "COPY_CODE" or (kind == "URL" and "{{" in str(button.get("url", "")))
        if needs_value and part is None:
            raise Refusal(131008, f"buttons: {shown} requires a parameter")
        if part is not None:
            if kind in _BARE:
                raise Refusal(
                    100,
                    f"buttons: Button at index {at} is of type {_BARE[kind]} and does not support parameters",
                    message="Invalid parameter",
                )
            if kind == "URL" and not needs_value:
                raise Refusal(132018, f"buttons: {shown} does not require parameters")
            _check_button(checks, kind, part, shown)
    if given:
        raise Refusal(132018, f"buttons: there is no button at index {min(given)}")


def _check_button(checks: Checks, kind: str, part: Mapping[str, Any], shown: str) -> None:
    if str(part.get("sub_type", "")).upper() != kind:
        raise Refusal(132012, f"buttons: {shown} is sent with the sub_type {part.get('sub_type')}")
    wanted = _PARAMETERS.get(kind)
    if wanted is None:
        return
    parameters = _parameters(part)
    if len(parameters) != 1:
        raise Refusal(131008, f"buttons: {shown} requires a parameter")
    if parameters[0].get("type") != wanted:
        raise Refusal(132012, f"buttons: {shown} takes a parameter of type {wanted}")
    most = _MOST_CODE if kind == "COPY_CODE" else _MOST_END
    checks.text(parameters[0], wanted, most, f"{wanted}")


def quick_replies(template: Mapping[str, Any], sent: Mapping[str, Any]) -> list[dict[str, str]]:
    """The buttons that a person may tap under a template: their texts, and the payloads that come back."""
    payloads = {
        str(part.get("index")): next((str(one.get("payload", "")) for one in _parameters(part)), "")
        for part in sent.get("components") or []
        if str(part.get("sub_type", "")).lower() == "quick_reply"
    }
    found = []
    for component in template.get("components", []):
        for at, button in enumerate(component.get("buttons", []) if component.get("type") == "BUTTONS" else []):
            if button.get("type") == "QUICK_REPLY":
                found.append({"text": button["text"], "payload": payloads.get(str(at)) or button["text"]})
    return found
