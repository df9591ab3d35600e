"""References and templates: text with `{{inputs.key}}` and `{{auth.identifier}}` in it, parsed once and never scanned again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from recado.errors import TemplateSyntax, TooManyReferences
from recado.fields import IDENTIFIER

ReferenceKind = Literal["inputs", "auth"]

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
    parts: list[str | Reference] = []
    literal = ""
    begin = 0
    while (braces := _BRACES.search(text, begin)) is not None:
        literal += text[begin : braces.start()]
        begin = braces.end()
        if braces[0] == "\\{{":
            literal += "{{"
            continue
        reference = _REFERENCE.match(text, braces.start())
        if reference is None:
            raise TemplateSyntax(position=braces.start() + 1)
        if literal:
            parts.append(literal)
            literal = ""
        parts.append(Reference(cast("ReferenceKind", reference[1]), reference[2], reference.start()))
        begin = reference.end()
    literal += text[begin:]
    if literal:
        parts.append(literal)
    template = Template(tuple(parts))
    if len(template.references) > MAX_REFERENCES:
        raise TooManyReferences(limit=MAX_REFERENCES)
    return template
