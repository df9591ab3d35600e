"""A raw body: the author's text as written, each value escaped for the place its content type gives it."""

from __future__ import annotations

import codecs
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from recado.errors import BodyInvalid, FieldRequired, InputNotAllowedInBody, ReferenceNotAllowed
from recado.fields import Value
from recado.outbound.binding import Binder, Place
from recado.outbound.definition import Body
from recado.outbound.encoding import check_text, encode_form, escape_cdata, escape_json, escape_xml, write_json
from recado.outbound.headers import Headers
from recado.outbound.json_text import ReferenceInName, check_json, quoted_parts
from recado.outbound.slots import Auth, Inputs, Parts, Slot, fill
from recado.outbound.xml_text import xml_parts
from recado.template import Reference, Template

_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE: Final = re.compile(
    rf"({_NAME}/{_NAME})((?:[ \t]*;[ \t]*{_NAME}=(?:{_NAME}|\"[\t \x21\x23-\x5b\x5d-\x7e]*\"))*)"
)
_CHARSET: Final = re.compile(r";[ \t]*charset=\"?([^\";\s]+)", re.IGNORECASE)
_CODECS: Final = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252"})  # those that keep ASCII as it is
_JSON_LINES: Final = frozenset(
    {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-seq"}
)
_OPEN_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]?\Z")

Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class RawBody:
    """A body of type `raw`."""

    parts: Parts
    content_type: str
    codec: str

    def render(self, inputs: Inputs, auth: Auth) -> tuple[bytes, str]:
        """The text with its values, in the charset of its content type."""
        return (fill(self.parts, inputs, auth) or "").encode(self.codec), self.content_type


def compile_raw(body: Body, headers: Headers, binder: Binder) -> RawBody:
    """The text; reports at `body.content_type` and `body.text`.

    A missing optional value is `null` in JSON outside of quotes, else nothing: a raw text has no rows to leave out.
    """
    content_type = _content_type(body, headers, binder)
    if body.text is None:
        binder.report("body.text", FieldRequired())
    template = binder.parse(body.text or "", "body.text")
    found = _MEDIA_TYPE.fullmatch(content_type)
    if found is None:
        return RawBody((), content_type, "utf-8")
    codec = _codec(found[2], binder)
    parts = _Raw(template, binder, codec).bind(found[1].lower())
    if not _can_encode("".join(part for part in parts if isinstance(part, str)), codec):
        binder.report("body.text", BodyInvalid(reason=f"The text has characters that {codec} does not have."))
    return RawBody(parts, content_type, codec)


def _content_type(body: Body, headers: Headers, binder: Binder) -> str:
    """The author's header wins, and then also says how values are escaped; so it must be constant."""
    if "content-type" in headers.names and headers.content_type is None:
        binder.report(headers.content_type_path, ReferenceNotAllowed())
        return ""
    content_type = headers.content_type or binder.literal(body.content_type or "", "body.content_type")
    if not content_type:
        binder.report("body.content_type", FieldRequired())
    elif not _MEDIA_TYPE.fullmatch(content_type):
        path = headers.content_type_path or "body.content_type"
        binder.report(path, BodyInvalid(reason="Write a content type such as application/json or text/plain."))
    return content_type


def _codec(parameters: str, binder: Binder) -> str:
    charset = _CHARSET.search(parameters)
    try:
        codec = codecs.lookup(charset[1]).name if charset else "utf-8"
    except LookupError:
        codec = ""
    if codec not in _CODECS:
        binder.report("body.content_type", BodyInvalid(reason="This charset is not supported; use utf-8."))
        return "utf-8"
    return codec


def _can_encode(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


class _Raw:
    """Binds the references of one raw text by the grammar of its content type."""

    def __init__(self, template: Template, binder: Binder, codec: str) -> None:
        self.template = template
        self.binder = binder
        self.codec = codec

    def bind(self, media_type: str) -> Parts:
        """The parts, for a media type in lower case."""
        if media_type in _JSON_LINES or media_type.endswith(("/json", "+json")):
            if media_type not in _JSON_LINES and self.template.parts:
                self._check_json()
            return self._json()
        if media_type.endswith(("/xml", "+xml", "/html")):
            return self._xml()
        if media_type == "application/x-www-form-urlencoded":
            return self._form()
        if media_type.startswith("multipart/") and self.template.references:
            self._report("Choose the multipart body to send values in parts.")
        return self.binder.bind_parts(self.template.parts, "body.text", self._place(check_text))

    def _place(self, escape: Escape) -> Place:
        return Place(lambda text: self._encodable(escape(text)), InputNotAllowedInBody, when_missing="")

    def _encodable(self, text: str) -> str:
        if self.codec != "utf-8":
            text.encode(self.codec)
        return text

    def _form(self) -> Parts:
        parts = self.template.parts
        for literal, following in itertools.pairwise(parts):
            if isinstance(following, Reference) and _OPEN_ESCAPE.search(str(literal)):
                self.binder.report("body.text", ReferenceNotAllowed())
        return self.binder.bind_parts(parts, "body.text", self._place(encode_form))

    def _json(self) -> Parts:
        text = self._place(escape_json)
        bare = Place(text.encode, text.refusal, when_missing="null")
        bound: list[str | Slot | None] = []
        for part, is_in_string in quoted_parts(self.template):
            if isinstance(part, str):
                bound.append(part)
            elif is_in_string:
                bound.append(self.binder.slot(part, "body.text", text))
            else:
                bound.append(self.binder.typed_slot(part, "body.text", bare, self._write_json))
        return tuple(part for part in bound if part is not None)

    def _write_json(self, value: Value) -> str:
        return self._encodable(write_json(value))

    def _check_json(self) -> None:
        try:
            check_json(self.template)
        except json.JSONDecodeError as problem:
            self._report(f"The text is not valid JSON: {problem.msg} (line {problem.lineno}).")
        except RecursionError:
            self._report("The text is nested too deep.")
        except ReferenceInName:
            self.binder.report("body.text", ReferenceNotAllowed())

    def _report(self, reason: str) -> None:
        self.binder.report("body.text", BodyInvalid(reason=reason))

    def _xml(self) -> Parts:
        places = {"text": self._place(escape_xml), "cdata": self._place(escape_cdata)}
        bound: list[str | Slot | None] = []
        for part, place in xml_parts(self.template):
            if isinstance(part, str):
                bound.append(part)
            elif place == "markup":
                self.binder.report("body.text", ReferenceNotAllowed())
            else:
                bound.append(self.binder.slot(part, "body.text", places[place]))
        return tuple(part for part in bound if part is not None)
