"""References in the texts of a flow: `{{answers.name}}`, `{{outputs.order.status}}` and the like, read once and filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from recado.actions.paths import MISSING
from recado.errors import FlowReferenceSyntax, SecretNotNameable, TemplateRefused
from recado.fields import IDENTIFIER
from recado.template import read_parts

Root = Literal["answers", "outputs", "calls", "variables", "contact"]

_ID: Final = IDENTIFIER.pattern
_REFERENCE: Final = re.compile(
    r"\{\{[ \t]*(?:"
    rf"(?P<answers>answers)\.(?P<answer>{_ID})(?:\.(?P<answer_field>{_ID}))?"
    rf"|(?P<outputs>outputs)\.(?P<block>{_ID})\.(?P<output>{_ID})"
    rf"|(?P<calls>calls)\.(?P<call>{_ID})\.(?P<fact>status|outcome|error|body|headers\.[a-z0-9-]{{1,64}})"
    rf"|(?P<variables>variables)\.(?P<variable>{_ID})"
    r"|(?P<contact>contact)\.(?P<person>name|phone)"
    r")[ \t]*\}\}"
)
_SECRET: Final = re.compile(r"\{\{[ \t]*auth[ \t]*\.")


@dataclass(frozen=True, slots=True)
class FlowReference:
    """One reference: `key` of an answer, block or variable (`name`, `phone` of the contact), `field` of what has several.

    `position` is the offset of its first brace in the text as written, from 0.
    """

    root: Root
    key: str
    field: str = ""
    position: int = 0

    def __str__(self) -> str:
        """The reference as it is written."""
        return f"{{{{{self.root}.{self.key}{'.' if self.field else ''}{self.field}}}}}"


FlowText = tuple[str | FlowReference, ...]
"""A text as it is filled in: literals and references in order."""
Lookup = Callable[[FlowReference], Any]
"""Gives the value of a reference, MISSING where there is none."""


def parse_text(text: str) -> FlowText:
    r"""Read a text of a flow; `\{{` is a literal `{{`.

    Raises FlowReferenceSyntax, SecretNotNameable (positions count from 1), TooManyReferences.
    """
    return read_parts(text, _read) if "{{" in text else (text,) if text else ()


def parse_leniently(text: str) -> FlowText:
    """The same for a draft that is tried before it is right: a text that cannot be read stands for itself."""
    try:
        return parse_text(text)
    except TemplateRefused:
        return (text,)


def references_in(text: FlowText) -> Iterable[FlowReference]:
    """The references alone, in order."""
    return (part for part in text if isinstance(part, FlowReference))


def fill(text: FlowText, lookup: Lookup, write: Callable[[FlowReference, Any], str]) -> str:
    """The text with every value written in its place; a missing value is nothing."""
    if len(text) == 1 and isinstance(text[0], str):
        return text[0]
    parts = []
    for part in text:
        if isinstance(part, str):
            parts.append(part)
        elif (value := lookup(part)) is not MISSING and value is not None:
            parts.append(write(part, value))
    return "".join(parts)


def value_of(text: FlowText, lookup: Lookup, write: Callable[[FlowReference, Any], str]) -> Any:
    """The value a text stands for: a lone reference keeps its value's type (MISSING without one), all else is a string."""
    if len(text) == 1 and isinstance(text[0], FlowReference):
        return lookup(text[0])
    return fill(text, lookup, write)


def _read(text: str, at: int) -> tuple[FlowReference, int]:
    found = _REFERENCE.match(text, at)
    if found is None:
        if _SECRET.match(text, at):
            raise SecretNotNameable(position=at + 1)
        raise FlowReferenceSyntax(position=at + 1)
    part = found.groupdict()
    root = next(name for name in ("answers", "outputs", "calls", "variables", "contact") if part[name])
    key = part["answer"] or part["block"] or part["call"] or part["variable"] or part["person"]
    field = part["answer_field"] or part["output"] or part["fact"] or ""
    return FlowReference(cast("Root", root), cast("str", key), field, at), found.end()
