"""Every limit of WhatsApp on what is sent, with its number, and the check that nothing over one goes out.

The numbers that flows keep to as well stand in `flows/limits.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from recado.channels.whatsapp.lenient import degrees_of, object_of, objects_of
from recado.channels.whatsapp.payload_problems import Findings, Problem
from recado.flows.limits import (
    MAX_BODY,
    MAX_BUTTON_ID,
    MAX_BUTTON_TITLE,
    MAX_BUTTONS,
    MAX_CAPTION,
    MAX_FILENAME,
    MAX_FOOTER,
    MAX_HEADER,
    MAX_LABEL,
    MAX_PLACE_WORDS,
    MAX_ROW_DESCRIPTION,
    MAX_ROW_ID,
    MAX_ROW_TITLE,
    MAX_ROWS,
    MAX_SECTION_TITLE,
    MAX_SECTIONS,
    MAX_TEXT,
)
from recado.flows.outgoing import is_link

MAX_OPAQUE: Final = 512
"""`biz_opaque_callback_data`, which comes back in every status."""
MAX_CONTACTS: Final = 5
MIN_CARDS: Final = 2
MAX_CARDS: Final = 10
MAX_FORM_LABEL: Final = 30
MAX_PARAMETER: Final = 1024
"""A value of a template; its whole text may have as many."""
MAX_TEMPLATE_NAME: Final = 512
MAX_TEMPLATE_BUTTONS: Final = 10
MAX_DIGITS: Final = 15
"""Of a phone number with its country code (E.164)."""
MIN_DIGITS: Final = 7
TYPING_SECONDS: Final = 25
"""How long the sign that we are typing is seen."""
UPLOAD_DAYS: Final = 30
"""How long the id of an upload of ours is good."""
RECEIVED_MEDIA_DAYS: Final = 7
MEDIA_URL_SECONDS: Final = 300
"""How long the address of a file that somebody sent is good; its id is good for `RECEIVED_MEDIA_DAYS`."""
MAX_UPDATES: Final = 1000
MAX_BODY_BYTES: Final = 3 * 2**20
"""Of a delivery."""


class MediaLimit(NamedTuple):
    """What a file may be; without types it may be any."""

    max_bytes: int
    types: frozenset[str] = frozenset()


MEDIA: Final = {
    "image": MediaLimit(5 * 2**20, frozenset({"image/jpeg", "image/png"})),
    "video": MediaLimit(16 * 2**20, frozenset({"video/mp4", "video/3gpp"})),
    "audio": MediaLimit(16 * 2**20, frozenset({"audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg"})),
    "document": MediaLimit(100 * 2**20),
    "sticker": MediaLimit(100 * 2**10, frozenset({"image/webp"})),
}
MAX_ANIMATED_STICKER_BYTES: Final = 500 * 2**10


# ── a message ────────────────────────────────────────────────────────────────────────────────────────────────────────

_PHONE: Final = re.compile(rf"\+[0-9]{{{MIN_DIGITS},{MAX_DIGITS}}}")
_TEMPLATE_NAME: Final = re.compile(r"[a-z0-9_]+")
_UNEVEN: Final = re.compile(r"[\n\r\t]| {5}")  # Meta's 132018
_EMOJI: Final = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
_MEDIA_HEADERS: Final = frozenset({"image", "video", "document"})


def check_payload(payload: dict[str, Any]) -> list[Problem]:
    """Everything in the body of a send that WhatsApp would refuse; empty where it can go out. Never raises."""
    findings = Findings()
    if payload.get("status") == "read":
        findings.text(payload, "message_id", "", 1024)
        return findings.problems
    _check_recipient(findings, payload)
    if "biz_opaque_callback_data" in payload:
        findings.text(payload, "biz_opaque_callback_data", "", MAX_OPAQUE)
    if "context" in payload:
        findings.text(object_of(payload, "context"), "message_id", "context", 1024)
    kind = payload.get("type", "text")
    check = _CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        findings.add("type", "type_unknown")
    else:
        check(findings, payload, str(kind))
    return findings.problems


def _check_recipient(findings: Findings, payload: dict[str, Any]) -> None:
    to, recipient = payload.get("to"), payload.get("recipient")
    if to is not None and recipient is not None:
        findings.add("to", "recipient_twice")
    elif to is None:
        if not isinstance(recipient, str) or not recipient.strip():
            findings.add("to", "recipient_missing")
    elif not isinstance(to, str) or not _PHONE.fullmatch(to):
        findings.add("to", "recipient_missing")


def _check_text(findings: Findings, payload: dict[str, Any], _kind: str) -> None:
    findings.text(object_of(payload, "text"), "body", "text", MAX_TEXT)


def _check_file(findings: Findings, payload: dict[str, Any], kind: str) -> None:
    part = object_of(payload, kind)
    _check_source(findings, part, kind)
    findings.text(part, "caption", kind, MAX_CAPTION, is_required=False)
    findings.text(part, "filename", kind, MAX_FILENAME, is_required=False)


def _check_source(findings: Findings, part: dict[str, Any], path: str) -> None:
    link = part.get("link")
    if bool(link) == bool(part.get("id")):
        findings.add(path, "file_missing")
    elif link and not (isinstance(link, str) and is_link(link)):
        findings.add(f"{path}.link", "url_invalid")


def _check_location(findings: Findings, payload: dict[str, Any], _kind: str) -> None:
    part = object_of(payload, "location")
    for name, limit in (("latitude", 90), ("longitude", 180)):
        if degrees_of(part, name, limit) is None:
            findings.add(f"location.{name}", "degrees_invalid", limit=limit)
    for name in ("name", "address"):
        findings.text(part, name, "location", MAX_PLACE_WORDS, is_required=False)


def _check_contacts(findings: Findings, payload: dict[str, Any], _kind: str) -> None:
    count = len(objects_of(payload, "contacts"))
    if not 1 <= count <= MAX_CONTACTS:
        findings.add("contacts", "too_many_contacts", limit=MAX_CONTACTS, count=count)


def _check_reaction(findings: Findings, payload: dict[str, Any], _kind: str) -> None:
    findings.text(object_of(payload, "reaction"), "message_id", "reaction", 1024)


# ── an interactive one ───────────────────────────────────────────────────────────────────────────────────────────────


def _check_interactive(findings: Findings, payload: dict[str, Any], _kind: str) -> None:
    part = object_of(payload, "interactive")
    kind = part.get("type")
    check = _INTERACTIVE.get(kind) if isinstance(kind, str) else None
    if check is None:
        findings.add("interactive.type", "type_unknown")
        return
    findings.text(object_of(part, "body"), "text", "interactive.body", MAX_BODY)
    if "footer" in part:
        findings.text(object_of(part, "footer"), "text", "interactive.footer", MAX_FOOTER)
    if "header" in part:
        _check_header(findings, part, str(kind))
    check(findings, object_of(part, "action"))


def _check_header(findings: Findings, part: dict[str, Any], kind: str) -> None:
    header, path = object_of(part, "header"), "interactive.header"
    header_type = header.get("type")
    if header_type == "text" and kind in {"button", "list", "cta_url", "flow"}:
        findings.text(header, "text", path, MAX_HEADER)
    elif header_type in _MEDIA_HEADERS and kind in {"button", "cta_url", "flow"}:
        _check_source(findings, object_of(header, header_type), f"{path}.{header_type}")
    else:
        findings.add(path, "header_unknown")


def _check_buttons(findings: Findings, action: dict[str, Any]) -> None:
    path = "interactive.action.buttons"
    buttons = objects_of(action, "buttons")
    if not buttons:
        findings.add(path, "choices_missing")
    if len(buttons) > MAX_BUTTONS:
        findings.add(path, "too_many_buttons", limit=MAX_BUTTONS)
    ids: set[str] = set()
    titles: set[str] = set()
    for index, button in enumerate(buttons):
        reply, place = object_of(button, "reply"), f"{path}[{index}].reply"
        findings.identifier(reply, place, MAX_BUTTON_ID, ids)
        title = findings.text(reply, "title", place, MAX_BUTTON_TITLE)
        if title and title in titles:
            findings.add(f"{place}.title", "title_duplicate", title=title)
        titles.add(title)


def _check_list(findings: Findings, action: dict[str, Any]) -> None:
    path = "interactive.action.sections"
    findings.text(action, "button", "interactive.action", MAX_LABEL)
    sections = objects_of(action, "sections")
    if len(sections) > MAX_SECTIONS:
        findings.add(path, "too_many_sections", limit=MAX_SECTIONS)
    count = sum(len(objects_of(section, "rows")) for section in sections)
    if not count:
        findings.add(path, "choices_missing")
    if count > MAX_ROWS:
        findings.add(path, "too_many_rows", limit=MAX_ROWS, count=count)
    ids: set[str] = set()
    for index, section in enumerate(sections):
        place = f"{path}[{index}]"
        title = findings.text(section, "title", place, MAX_SECTION_TITLE, is_required=False)
        if len(sections) > 1 and not title.strip():
            findings.add(f"{place}.title", "section_title_missing")
        for number, row in enumerate(objects_of(section, "rows")):
            findings.identifier(row, f"{place}.rows[{number}]", MAX_ROW_ID, ids)
            findings.text(row, "title", f"{place}.rows[{number}]", MAX_ROW_TITLE)
            findings.text(row, "description", f"{place}.rows[{number}]", MAX_ROW_DESCRIPTION, is_required=False)


def _check_link(findings: Findings, action: dict[str, Any]) -> None:
    path, parameters = "interactive.action.parameters", object_of(action, "parameters")
    findings.text(parameters, "display_text", path, MAX_LABEL)
    url = parameters.get("url")
    if not (isinstance(url, str) and is_link(url)):
        findings.add(f"{path}.url", "url_invalid")


def _check_form(findings: Findings, action: dict[str, Any]) -> None:
    path, parameters = "interactive.action.parameters", object_of(action, "parameters")
    label = findings.text(parameters, "flow_cta", path, MAX_FORM_LABEL)
    if _EMOJI.search(label):
        findings.add(f"{path}.flow_cta", "emoji_not_allowed")
    if bool(parameters.get("flow_id")) == bool(parameters.get("flow_name")):
        findings.add(path, "form_unnamed")
    findings.text(parameters, "flow_token", path, 1024)


def _check_carousel(findings: Findings, action: dict[str, Any]) -> None:
    path, cards = "interactive.action.cards", objects_of(action, "cards")
    if not MIN_CARDS <= len(cards) <= MAX_CARDS:
        findings.add(path, "card_count", minimum=MIN_CARDS, maximum=MAX_CARDS, count=len(cards))
    if len({str(object_of(card, "header").get("type")) for card in cards}) > 1:
        findings.add(path, "card_headers_differ")


def _check_nothing(_findings: Findings, _action: dict[str, Any]) -> None:
    """Of a request for a location, and of what shops send, nothing more is known."""


# ── a template ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_template(findings: Findings, payload: dict[str, Any], _kind: str) -> None:
    part = object_of(payload, "template")
    name = findings.text(part, "name", "template", MAX_TEMPLATE_NAME)
    if name and not _TEMPLATE_NAME.fullmatch(name):
        findings.add("template.name", "template_name_invalid")
    findings.text(object_of(part, "language"), "code", "template.language", 20)
    for index, component in enumerate(objects_of(part, "components")):
        for number, parameter in enumerate(objects_of(component, "parameters")):
            if parameter.get("type") == "text":
                place = f"template.components[{index}].parameters[{number}]"
                text = findings.text(parameter, "text", place, MAX_PARAMETER)
                if component.get("type") == "body" and _UNEVEN.search(text):
                    findings.add(f"{place}.text", "parameter_invalid")


_CHECKS: Final[dict[str, Callable[[Findings, dict[str, Any], str], None]]] = {
    "text": _check_text, "image": _check_file, "video": _check_file, "audio": _check_file, "document": _check_file,
    "sticker": _check_file, "location": _check_location, "contacts": _check_contacts, "reaction": _check_reaction,
    "interactive": _check_interactive, "template": _check_template,
}  # fmt: skip
_INTERACTIVE: Final[dict[str, Callable[[Findings, dict[str, Any]], None]]] = {
    "button": _check_buttons, "list": _check_list, "cta_url": _check_link, "flow": _check_form,
    "carousel": _check_carousel, "location_request_message": _check_nothing,
}  # fmt: skip


# ── a file ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_file(kind: str, mime_type: str, size: int, *, is_animated: bool = False) -> list[Problem]:
    """What WhatsApp would refuse of a file that is to be uploaded; `size` in bytes."""
    findings = Findings()
    known = MEDIA.get(kind)
    if known is None:
        findings.add("type", "type_unknown")
        return findings.problems
    bare = mime_type.partition(";")[0].strip().lower()
    if known.types and bare not in known.types:
        findings.add("mime_type", "file_type_unknown", type=bare[:100])
    limit = MAX_ANIMATED_STICKER_BYTES if kind == "sticker" and is_animated else known.max_bytes
    if size > limit:
        findings.add("bytes", "file_too_big", size=size, limit=limit)
    return findings.problems
