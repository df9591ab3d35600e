"""Binds templates to their places when a request is saved, and collects every problem it finds with its path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Literal

from recado.errors import (
    FieldRequired,
    InputRefused,
    Invalid,
    MethodForbidsSecret,
    RecadoError,
    ReferenceNotAllowed,
    ReferenceUnknown,
    SecretNotAllowedInUrl,
    TemplateRefused,
    TemplateSyntax,
)
from recado.fields import Value, encode_value, is_datetime_format
from recado.outbound.definition import Row
from recado.outbound.scope import Scope
from recado.outbound.slots import Parts, Slot
from recado.template import Reference, Template, parse_template

_FORMAT_RULE: Final = "Use rfc3339, date, epoch_seconds, epoch_milliseconds, or a pattern such as %d/%m/%Y."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a template stands: how its literals and its values are written there."""

    encode: Callable[[str], str]
    refusal: type[InputRefused]
    literal: Callable[[str], str] = str
    url_part: Literal["", "query", "path"] = ""
    when_missing: str | None = None
    """What stands for a missing optional value where no row or key can be left out."""


def unseen_mark(template: Template) -> str:
    """A word to stand for each reference while a grammar looks at the literals, which do not hold it.

    17 letters and digits: a valid DNS label, path text and JSON text, whatever stands beside it; `r` is no hex digit.
    """
    written = "".join(map(str, template.parts))
    return "r" + blake2b(written.encode(), digest_size=8).hexdigest()


class Binder:
    """Works through one request; afterwards `problems` is empty, or says all that is wrong with it."""

    def __init__(self, scope: Scope, method: str) -> None:
        self.scope = scope
        self.method = method
        self.problems: list[RecadoError] = []
        self._said: set[tuple[str, str]] = set()
        self.input_keys: set[str] = set()
        self.auth_identifiers: set[str] = set()
        self.secret_identifiers: set[str] = set()

    def report(self, path: str, error: RecadoError) -> None:
        """Keep a problem of the field at `path`."""
        placed = error.at(path)
        said = (placed.path, str(placed))
        if said not in self._said:
            self._said.add(said)
            self.problems.append(placed)

    def parse(self, text: str, path: str) -> Template:
        """The template in `text`; an empty one, and a report, where it cannot be read."""
        try:
            text.encode()
            return parse_template(text)
        except UnicodeEncodeError:
            self.report(path, Invalid(reason="This text holds half of a character (a lone surrogate)."))
        except TemplateSyntax as problem:
            problem.facts["hint"] = self.scope.hint_at(text, int(str(problem.facts["position"])) - 1)
            self.report(path, problem)
        except TemplateRefused as problem:
            self.report(path, problem)
        return Template(())

    def literal(self, text: str, path: str) -> str:
        """A text that may hold no references: keys, content types."""
        literal = self.parse(text, path).literal
        if literal is None:
            self.report(path, ReferenceNotAllowed())
        return literal or ""

    def key(self, text: str, path: str) -> str:
        """The name of a row; it may not be empty."""
        if not text:
            self.report(path, FieldRequired())
        return self.literal(text, path)

    def bind_row(self, row: Row, path: str, place: Place) -> Parts:
        """The value of a row, its datetimes written as the row says."""
        self.check_datetime_format(row, path)
        return self.bind(row.value, f"{path}.value", place, row.datetime_format)

    def check_datetime_format(self, row: Row, path: str) -> None:
        """Report a format that no datetime can be written in."""
        if row.datetime_format is not None and not is_datetime_format(row.datetime_format):
            self.report(f"{path}.datetime_format", Invalid(reason=_FORMAT_RULE))

    def bind(self, text: str, path: str, place: Place, datetime_format: str | None = None) -> Parts:
        """A template ready to be filled; references with a problem are reported and left out."""
        return self.bind_parts(self.parse(text, path).parts, path, place, datetime_format)

    def bind_parts(
        self, parts: tuple[str | Reference, ...], path: str, place: Place, datetime_format: str | None = None
    ) -> Parts:
        """The same for parts that are parsed already."""
        bound: list[str | Slot] = []
        for part in parts:
            slot = place.literal(part) if isinstance(part, str) else self.slot(part, path, place, datetime_format)
            if slot is not None:
                bound.append(slot)
        return tuple(bound)

    def slot(self, reference: Reference, path: str, place: Place, datetime_format: str | None = None) -> Slot | None:
        """A slot that writes the value as text, encoded for the place; None, and a report, where it may not stand there."""
        encode = place.encode

        def write(value: Value) -> str:
            return encode(encode_value(value, datetime_format))

        return self._slot(reference, path, place, encode, write)

    def typed_slot(self, reference: Reference, path: str, place: Place, write: Callable[[Value], str]) -> Slot | None:
        """The same with a writer that sees the value's type."""
        return self._slot(reference, path, place, write, write)

    def _slot(
        self,
        reference: Reference,
        path: str,
        place: Place,
        write_text: Callable[[str], str],
        write: Callable[[Value], str],
    ) -> Slot | None:
        """In a path even an optional input must be there."""
        problem = self._problem(reference, place)
        if problem is not None:
            self.report(path, problem)
            return None
        if reference.kind == "inputs":
            self.input_keys.add(reference.name)
            is_required = self.scope.inputs[reference.name].is_required
        else:
            self.auth_identifiers.add(reference.name)
            field = self.scope.auth[reference.name]
            is_required = field.is_required
            if field.type == "password":
                self.secret_identifiers.add(reference.name)
        is_required = is_required or place.url_part == "path"
        is_input = reference.kind == "inputs"
        return Slot(reference.name, is_input, is_required, write_text, write, place.refusal, place.when_missing)

    def _problem(self, reference: Reference, place: Place) -> RecadoError | None:
        known = self.scope.inputs if reference.kind == "inputs" else self.scope.auth
        if reference.name not in known:
            kind = "input" if reference.kind == "inputs" else "authentication field"
            hint = self.scope.hint(f"{reference.kind}.{reference.name}")
            return ReferenceUnknown(kind=kind, name=reference.name, hint=hint)
        if reference.kind == "inputs":
            return None
        if self.method == "TRACE":
            return MethodForbidsSecret()
        is_secret = self.scope.auth[reference.name].type == "password"
        is_refused = place.url_part == "path" or (place.url_part == "query" and not self.scope.is_key_in_url_allowed)
        return SecretNotAllowedInUrl() if is_secret and is_refused else None
