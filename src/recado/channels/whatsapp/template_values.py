"""Whether the values that a template is to be sent with are those it takes; each problem names its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from recado.accounts.caller import Caller
from recado.channels.definition import FallbackTemplate
from recado.channels.opened import Channels
from recado.channels.schemas import Template
from recado.channels.starting_schemas import BatchContact, BeginButton, BeginHeader, BeginTemplate
from recado.channels.whatsapp.graph import Graph
from recado.channels.whatsapp.lenient import objects_of, text_of
from recado.channels.whatsapp.templates import find_template
from recado.errors import (
    FieldTooLong,
    Invalid,
    NotFound,
    RecadoError,
    TemplateUnknown,
    TemplateValueMissing,
    TemplateValueUnwanted,
    ValidationFailed,
)

_SLOT: Final = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
_FILES: Final = {"IMAGE", "VIDEO", "DOCUMENT"}
_BUTTONS: Final = {"URL": "url", "COPY_CODE": "copy_code"}
MAX_CODE: Final = 20
_MOST_TOLD: Final = 20


class Wants(msgspec.Struct, frozen=True):
    """The values that a template takes."""

    is_approved: bool = True
    header: str = ""
    """`text` or the kind of a file; empty where it takes none."""
    header_name: str = ""
    """What stands in the braces of its text."""
    body: tuple[str, ...] = ()
    """What stands in the braces, in the order that values are given in."""
    buttons: dict[int, str] = {}
    """The kind of each button that takes a value, by its place."""

    @property
    def is_named(self) -> bool:
        """Whether values have names, not places."""
        return any(not name.isdecimal() for name in (*self.body, *filter(None, [self.header_name])))


async def find_wants(
    channels: Channels, graph: Graph, caller: Caller, channel_id: str, template: BeginTemplate
) -> Wants | None:
    """What a template takes; None where Meta cannot be asked, who judges then when it is sent. Raises NotFound."""
    try:
        channel = await channels.by_id(caller.workspace_id, channel_id)
        found = await find_template(graph, channel, template.name, template.language)
    except NotFound:
        raise
    except RecadoError:
        return None
    return Wants(is_approved=False) if found is None else read_wants(found)


def read_wants(template: Template) -> Wants:
    """What Meta says of a template, as far as it is understood."""
    parts = {text_of(part, "type").upper(): part for part in objects_of({"parts": template.components}, "parts")}
    head = parts.get("HEADER", {})
    format_ = text_of(head, "format").upper() or "TEXT"
    slots = _slots(text_of(head, "text")) if format_ == "TEXT" else []
    kinds = map(_button_kind, objects_of(parts.get("BUTTONS", {}), "buttons"))
    body = _slots(text_of(parts.get("BODY", {}), "text"))
    return Wants(
        header=format_.lower() if format_ in _FILES else "text" if slots else "",
        header_name=slots[0] if slots else "",
        body=tuple(sorted(body, key=int) if all(map(str.isdecimal, body)) else body),
        buttons={place: kind for place, kind in enumerate(kinds) if kind},
    )


def check_template(template: BeginTemplate, wants: Wants | None) -> list[RecadoError]:
    """What is wrong with the values, each at its place below the template; where nobody knows what it takes, in themselves."""
    if wants is not None and not wants.is_approved:
        return [TemplateUnknown("name", name=template.name, language=template.language)]
    found = [*_check_header(template.header, wants), *_check_body(template.parameters, wants)]
    return found + list(_check_buttons(template.buttons, wants))


def check_fallback(template: FallbackTemplate | None, wants: Wants | None) -> None:
    """The same for the template that is sent when the 24 hours are over. Raises ValidationFailed."""
    if template is not None and (wrong := check_template(template, wants)):
        raise ValidationFailed([problem.at("settings.fallback_template") for problem in wrong])


def check_people(
    template: BeginTemplate | None, people: Sequence[BatchContact], wants: Wants | None
) -> list[RecadoError]:
    """The same for many with values of their own: the first problems, those of what all have in common once."""
    if template is None:
        return []
    found: dict[str, RecadoError] = {}
    is_checked = False
    for number, person in enumerate(people):
        own = own_values(person)
        if not own and is_checked:
            continue
        is_checked = is_checked or not own
        for problem in check_template(with_values(template, person), wants):
            field = re.split(r"[.\[]", problem.path, maxsplit=1)[0]
            placed = problem.at(f"contacts[{number}]" if field in own else "template")
            found.setdefault(placed.path, placed)
        if len(found) >= _MOST_TOLD:
            break
    return list(found.values())[:_MOST_TOLD]


def own_values(person: BatchContact) -> dict[str, Any]:
    """What somebody has in the place of the template's own values."""
    own = {"parameters": person.parameters, "header": person.header, "buttons": person.buttons}
    return {name: value for name, value in own.items() if value is not None}


def with_values(template: BeginTemplate, person: BatchContact) -> BeginTemplate:
    """A template with somebody's own values."""
    return msgspec.structs.replace(template, **own_values(person))


def _button_kind(button: dict[str, Any]) -> str:
    """Empty where a button takes no value."""
    kind = text_of(button, "type").upper()
    return "" if kind == "URL" and not _slots(text_of(button, "url")) else _BUTTONS.get(kind, "")


def _slots(text: str) -> list[str]:
    return list(dict.fromkeys(_SLOT.findall(text)))


# ── each place ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_header(given: BeginHeader | None, wants: Wants | None) -> Iterator[RecadoError]:
    if wants is not None and given is not None and not wants.header:
        yield TemplateValueUnwanted("header", what="header")
        return
    kind = wants.header if wants is not None else given.kind if given is not None else ""
    what = (
        f"header {{{{{wants.header_name}}}}}" if wants is not None and wants.header_name else f"header {kind}".strip()
    )
    if not kind:
        return
    if given is None:
        yield TemplateValueMissing("header", what=what)
    elif given.kind != kind:
        yield Invalid("header.kind", reason=f"The header of this template is of the kind {kind}.")
    elif not given.value.strip():
        yield TemplateValueMissing("header.value", what=what)
    elif kind != "text" and not re.fullmatch(r"https://[^\s/]\S*", given.value):
        yield Invalid("header.value", reason="Write the file's address, which begins with https:// and has no blanks.")
    elif wants is not None and wants.header_name and given.name != (wants.header_name if wants.is_named else ""):
        name = f'"{wants.header_name}"' if wants.is_named else "no name"
        yield Invalid("header.name", reason=f"The value in the header of this template has {name}.")


def _check_body(given: list[str] | dict[str, str], wants: Wants | None) -> Iterator[RecadoError]:
    values = given if isinstance(given, dict) else dict(enumerate(given))
    named = isinstance(given, dict)
    taken: dict[Any, str]
    if wants is None:
        taken = {key: str(key if named else int(key) + 1) for key in values}
    elif wants.is_named:
        taken = {name: name for name in wants.body}
    else:
        taken = dict(enumerate(wants.body))
    for key, slot in taken.items():
        if not str(values.get(key, "")).strip():
            yield TemplateValueMissing(_place("parameters", key), what=f"body {{{{{slot}}}}}")
    for key in values:
        if key not in taken:
            yield TemplateValueUnwanted(_place("parameters", key), what=f"body {key if named else int(key) + 1}")


def _check_buttons(given: list[BeginButton], wants: Wants | None) -> Iterator[RecadoError]:
    seen: set[int] = set()
    for number, button in enumerate(given):
        place, what = f"buttons[{number}]", f"button {button.index}"
        kind = wants.buttons.get(button.index) if wants is not None else button.kind
        if button.index in seen or kind is None:
            yield TemplateValueUnwanted(place, what=what)
        elif kind != button.kind:
            yield Invalid(f"{place}.kind", reason=f"This button of the template is of the kind {kind}.")
        elif not button.value.strip():
            yield TemplateValueMissing(f"{place}.value", what=what)
        elif re.search(r"\s", button.value) and kind == "url":
            yield Invalid(f"{place}.value", reason="Write the end of an address, without blanks.")
        elif len(button.value) > MAX_CODE and kind == "copy_code":
            yield FieldTooLong(f"{place}.value", limit=MAX_CODE)
        seen.add(button.index)
    for index, kind in wants.buttons.items() if wants is not None else ():
        if index not in seen:
            yield TemplateValueMissing("buttons", what=f"button {index} ({kind})")


def _place(field: str, key: str | int) -> str:
    return f"{field}[{key}]" if isinstance(key, int) else f"{field}.{key}"
