"""References and templates: text with `{{inputs.key}}` and `{{auth.identifier}}` in it, parsed once and never scanned again.

Flows have references of their own (`flows/references.py`); what stands around them is read here for both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeVar, cast

from recado.errors import TemplateSyntax, TooManyReferences
from recado.fields import IDENTIFIER

ReferenceKind = Literal["inputs", "auth"]

R = TypeVar("R")

MAX_REFERENCES: Final = 64

_BRACES: Final = re.compile(r"\\\{\{|\{\{")
_REFERENCE: Final = re.compile(rf"\{{\{{[ \t]*(inputs|auth)\.({IDENTIFIER.pattern})[ \t]*\}}\}}")


@dataclass(frozen=True, slots=True)
class Reference:
    """One `{{kind.name}}`; `position` is the offset of its first brace in the text as written, from 0."""

    kind: ReferenceKind
    name: str
    position: int

    def __str__(self) -> str:
        """The reference as it is written."""
        return f"{{{{{self.kind}.{self.name}}}}}"


@dataclass(frozen=True, slots=True)
class Template:
    """Literals and references in order; no literal is empty and no two stand side by side."""

    parts: tuple[str | Reference, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references alone, in order."""
        return tuple(part for part in self.parts if isinstance(part, Reference))

    @property
    def literal(self) -> str | None:
        r"""The text of a template without references (`\{{` read as `{{`); None when it has any."""
        if self.references:
            return None
        return "".join(cast("tuple[str, ...]", self.parts))


def parse_template(text: str) -> Template:
    r"""Read `text` into literals and references; `\{{` is a literal `{{`.

    Raises TemplateSyntax (its position counts from 1) for anything else in double braces, and TooManyReferences.
    """
    return Template(read_parts(text, _read_reference))


def read_parts(text: str, read: Callable[[str, int], tuple[R, int]]) -> tuple[str | R, ...]:
    r"""The literals and references of `text` in order; `\{{` is a literal `{{`.

    `read` is given the text and the offset of two braces, and gives the reference there and the offset behind it; it
    raises TemplateSyntax or another TemplateRefused where there is none. Raises TooManyReferences.
    """
    parts: list[str | R] = []
    literal = ""
    begin = count = 0
    while (braces := _BRACES.search(text, begin)) is not None:
        literal += text[begin : braces.start()]
        begin = braces.end()
        if braces[0] == "\\{{":
            literal += "{{"
            continue
        reference, begin = read(text, braces.start())
        count += 1
        if literal:
            parts.append(literal)
            literal = ""
        parts.append(reference)
    literal += text[begin:]
    if literal:
        parts.append(literal)
    if count > MAX_REFERENCES:
        raise TooManyReferences(limit=MAX_REFERENCES)
    return tuple(parts)


def _read_reference(text: str, at: int) -> tuple[Reference, int]:
    found = _REFERENCE.match(text, at)
    if found is None:
        raise TemplateSyntax(position=at + 1)
    return Reference(cast("ReferenceKind", found[1]), found[2], at), found.end()
