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
    text = ""
    for component in template.get("components", []):
        kind = str(component.get("type", "")).lower()
        if kind == "header" and component.get("format", "TEXT") != "TEXT":
            _check_media_header(checks, component, given.get(kind))
        elif kind in {"header", "body"}:
            filled = _fill(component, given.get(kind), is_named=template.get("parameter_format") == "NAMED")
            text = filled if kind == "body" else text
    _check_buttons(template, components)
    if checks.length(text) > _MOST_BODY:
        raise Refusal(132005, "Translated text too long")
    return template, text


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


def _check_buttons(template: Mapping[str, Any], sent: list[Any]) -> None:
    buttons = [
        button
        for component in template.get("components", [])
        if component.get("type") == "BUTTONS"
        for button in component["buttons"]
    ]
    indexes = {str(part.get("index", "")) for part in sent if str(part.get("type")).lower() == "button"}
    for at, button in enumerate(buttons):
        needs_value = button.get("type") == "URL" and "{{" in str(button.get("url", ""))
        if needs_value and str(at) not in indexes:
            raise Refusal(131008, f"buttons: Button at index {at} of type Url requires a parameter")


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
