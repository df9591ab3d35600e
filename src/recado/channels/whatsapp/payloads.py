"""What we say, as the Graph API takes it (`POST /{phone_number_id}/messages`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from recado.flows.events import Outgoing, OutgoingSection, Place
from recado.flows.outgoing import visible

_PRODUCT: Final = {"messaging_product": "whatsapp"}
_LINK: Final = re.compile(r"https?://\S")
_GAPS: Final = re.compile(r"[ \t]*[\r\n\t]\s*| {5,}")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of what is said."""


class Address(Part, frozen=True):
    """Whom a message goes to: the phone number while one is known, else the business-scoped user id."""

    wa_id: str | None = None
    """Digits with the country code, with or without `+`."""
    user_id: str | None = None


class File(Part, frozen=True):
    """A file, by the id of an upload or by an address that Meta fetches; one of both."""

    kind: Literal["image", "video", "audio", "document", "sticker"]
    id: str = ""
    link: str = ""
    caption: str = ""
    filename: str = ""
    is_voice: bool = False


class Parameter(Part, frozen=True):
    """A value of a template: a text (named or in its position), or the file of its header."""

    text: str = ""
    name: str = ""
    file: File | None = None


class TemplateButton(Part, frozen=True):
    """A value of a template's button: the payload of a quick reply, the end of a URL, a code to copy, a form's token."""

    index: int
    kind: Literal["quick_reply", "url", "copy_code", "flow"]
    value: str
    data: dict[str, Any] = {}
    """What the first screen of a form is given."""


class Template(Part, frozen=True):
    """A template that Meta has approved."""

    name: str
    language: str
    header: Sequence[Parameter] = ()
    body: Sequence[Parameter] = ()
    buttons: Sequence[TemplateButton] = ()


class FormMessage(Part, frozen=True):
    """A text with a button that opens a WhatsApp Flow; one of `flow_id` and `flow_name`."""

    text: str
    label: str
    token: str
    flow_id: str = ""
    flow_name: str = ""
    screen: str = ""
    """The first one; without it Meta asks our endpoint (`data_exchange`)."""
    data: dict[str, Any] = {}
    is_draft: bool = False
    header: str = ""
    footer: str = ""


class ReactionMessage(Part, frozen=True):
    """An emoji put to a message of theirs; an empty one takes it away."""

    message_id: str
    emoji: str


Message = Outgoing | File | Template | FormMessage | ReactionMessage


def build(
    message: Message, to: Address, *, reply_to: str | None = None, opaque: str | None = None, file: File | None = None
) -> dict[str, Any]:
    """The request's body.

    `reply_to` is the id of the message that is quoted, `opaque` comes back in every status of this one, and `file` is
    what a message of a file was uploaded as, or the picture above buttons, a link or a form. Nothing is cut here:
    `limits.check_payload` tells what WhatsApp would refuse.
    """
    payload: dict[str, Any] = {**_PRODUCT, "recipient_type": "individual", **_recipient(to)}
    if reply_to:
        payload["context"] = {"message_id": reply_to}
    match message:
        case Outgoing():
            payload |= _outgoing(message, file)
        case File():
            payload |= {"type": message.kind, message.kind: _file(message)}
        case Template():
            payload |= {"type": "template", "template": _template(message)}
        case FormMessage():
            payload |= _interactive("flow", message.text, _form_action(message), _header(message.header, file), message)
        case ReactionMessage():
            reaction = {"message_id": message.message_id, "emoji": message.emoji}
            payload |= {"type": "reaction", "reaction": reaction}
    if opaque:
        payload["biz_opaque_callback_data"] = opaque
    return payload


def read_mark(message_id: str, *, is_typing: bool = False) -> dict[str, Any]:
    """Marks a message of theirs and all before it as read, and shows that we are typing until an answer, 25 s at most."""
    typing = {"typing_indicator": {"type": "text"}} if is_typing else {}
    return {**_PRODUCT, "status": "read", "message_id": message_id, **typing}


def _recipient(to: Address) -> dict[str, str]:
    """Always with `+`: without it WhatsApp puts the country code of the business before the number."""
    if to.wa_id:
        return {"to": "+" + "".join(digit for digit in to.wa_id if digit in "0123456789")}
    return {"recipient": to.user_id} if to.user_id else {}


# ── what flows say ───────────────────────────────────────────────────────────────────────────────────────────────────


def _outgoing(message: Outgoing, file: File | None) -> dict[str, Any]:
    match message.type:
        case "text":
            preview = {"preview_url": True} if _LINK.search(message.text) else {}
            return {"type": "text", "text": {"body": message.text, **preview}}
        case "image" | "video" | "document" as kind:
            stored = file or File(kind=kind, link=message.url)
            words = {"caption": message.text, "filename": message.filename if kind == "document" else ""}
            return {"type": kind, kind: _source(stored) | _present(words)}
        case "location":
            assert message.location is not None
            return {"type": "location", "location": _location(message.location)}
        case _:
            return _choice(message, file)


def _choice(message: Outgoing, file: File | None) -> dict[str, Any]:
    header = _header(message.header, file)
    action: dict[str, Any]
    match message.type:
        case "buttons":
            buttons = [{"type": "reply", "reply": {"id": item.id, "title": item.title}} for item in message.buttons]
            return _interactive("button", message.text, {"buttons": buttons}, header, message)
        case "list":
            action = {"button": message.label, "sections": [_section(section) for section in message.sections]}
            return _interactive("list", message.text, action, _header(message.header, None), message)
        case "link_button":
            parameters = {"display_text": message.label, "url": message.url}
            action = {"name": "cta_url", "parameters": parameters}
            return _interactive("cta_url", message.text, action, header, message)
        case _:
            action = {"name": "send_location"}
            return _interactive("location_request_message", message.text, action, {}, None)


def _interactive(
    kind: str, text: str, action: dict[str, Any], header: dict[str, Any], around: Outgoing | FormMessage | None
) -> dict[str, Any]:
    inner: dict[str, Any] = {"type": kind, **header, "body": {"text": text}, "action": action}
    if around is not None and visible(around.footer):
        inner["footer"] = {"text": around.footer}
    return {"type": "interactive", "interactive": inner}


def _header(text: str, file: File | None) -> dict[str, Any]:
    if file is not None:
        return {"header": {"type": file.kind, file.kind: _source(file)}}
    return {"header": {"type": "text", "text": text}} if visible(text) else {}


def _section(section: OutgoingSection) -> dict[str, Any]:
    rows = [_present({"id": row.id, "title": row.title, "description": row.description}) for row in section.rows]
    return {**_present({"title": section.title}), "rows": rows}


def _location(place: Place) -> dict[str, Any]:
    words = _present({"name": place.name, "address": place.address})
    return {"latitude": place.latitude, "longitude": place.longitude, **words}


def _present(words: dict[str, str]) -> dict[str, str]:
    """Those of which something is seen: WhatsApp refuses an empty text where it takes none at all."""
    return {name: text for name, text in words.items() if visible(text)}


# ── files, forms, templates ──────────────────────────────────────────────────────────────────────────────────────────


def _source(file: File) -> dict[str, str]:
    return {"id": file.id} if file.id else {"link": file.link}


def _file(file: File) -> dict[str, Any]:
    has_caption = file.kind in {"image", "video", "document"}
    caption = file.caption if has_caption else ""
    filename = file.filename if file.kind == "document" else ""
    voice = {"voice": True} if file.kind == "audio" and file.is_voice else {}
    return {**_source(file), **_present({"caption": caption, "filename": filename}), **voice}


def _form_action(message: FormMessage) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "flow_message_version": "3",
        **_present({"flow_id": message.flow_id, "flow_name": message.flow_name}),
        "flow_token": message.token,
        "flow_cta": message.label,
        "flow_action": "navigate" if message.screen else "data_exchange",
    }
    if message.screen:
        data = {"data": message.data} if message.data else {}
        parameters["flow_action_payload"] = {"screen": message.screen, **data}
    if message.is_draft:
        parameters["mode"] = "draft"
    return {"name": "flow", "parameters": parameters}


def _template(template: Template) -> dict[str, Any]:
    components: list[dict[str, Any]] = []
    for kind, parameters in (("header", template.header), ("body", template.body)):
        if parameters:
            components.append({"type": kind, "parameters": [_parameter(item) for item in parameters]})
    components += [_template_button(button) for button in template.buttons]
    written: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    return written | ({"components": components} if components else {})


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """A text on one line: WhatsApp refuses line breaks, tabs and more than 4 blanks in a row in values."""
    if parameter.file is not None:
        kind = parameter.file.kind
        name = _present({"filename": parameter.file.filename if kind == "document" else ""})
        return {"type": kind, kind: {**_source(parameter.file), **name}}
    text = _GAPS.sub(" ", parameter.text).strip()
    return {"type": "text", **_present({"parameter_name": parameter.name}), "text": text}


def _template_button(button: TemplateButton) -> dict[str, Any]:
    parameter: dict[str, Any]
    match button.kind:
        case "quick_reply":
            parameter = {"type": "payload", "payload": button.value}
        case "url":
            parameter = {"type": "text", "text": button.value}
        case "copy_code":
            parameter = {"type": "coupon_code", "coupon_code": button.value}
        case "flow":
            data = {"flow_action_data": button.data} if button.data else {}
            parameter = {"type": "action", "action": {"flow_token": button.value, **data}}
    return {"type": "button", "sub_type": button.kind, "index": button.index, "parameters": [parameter]}


def addressed(payload: dict[str, Any], to: Address, opaque: str) -> dict[str, Any]:
    """What was built for nobody, to somebody."""
    return {**payload, **_recipient(to), "biz_opaque_callback_data": opaque}
