"""References in the texts of a form: `{{data.email}}`, `{{outputs.slots}}` and the like, read and filled in  [pure]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal, cast

from recado.actions.paths import MISSING
from recado.errors import FormReferenceSyntax
from recado.flows.values import text_of
from recado.template import read_parts

Root = Literal["data", "token", "variables", "contact", "outputs", "item"]

_NAME: Final = r"[A-Za-z_][A-Za-z0-9_-]{0,63}"
_REFERENCE: Final = re.compile(
    rf"\{{\{{[ \t]*(data|token|variables|contact|outputs|item)((?:\.(?:{_NAME}|[0-9]{{1,4}})){{0,8}})[ \t]*\}}\}}"
)


@dataclass(frozen=True, slots=True)
class FormReference:
    """One reference: where it begins, and the names and places in lists that lead from there."""

    root: Root
    path: tuple[str, ...]

    @property
    def key(self) -> str:
        """The first name behind the root."""
        return self.path[0] if self.path else ""


FormText = tuple[str | FormReference, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """What references stand for: what the screen sent, what was sent along with the form, and what the action brought."""

    data: Mapping[str, Any] = field(default_factory=dict)
    token: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    contact: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    item: Any = MISSING


@lru_cache(maxsize=2048)
def parse_text(text: str) -> FormText:
    r"""Read a text; `\{{` is a literal `{{`. Raises FormReferenceSyntax (its position counts from 1), TooManyReferences."""
    return read_parts(text, _read) if "{{" in text else (text,) if text else ()


def references_in(value: Any) -> Iterator[FormReference]:
    """All references in the texts of any JSON. Raises what `parse_text` raises."""
    if isinstance(value, str):
        yield from (part for part in parse_text(value) if isinstance(part, FormReference))
    elif isinstance(value, dict):
        for each in value.values():
            yield from references_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from references_in(each)


def fill(value: Any, values: Values) -> Any:
    """Any JSON with its texts filled in; a lone reference keeps its value's type, MISSING where there is none.

    In an object what is missing is left out; in a list too. Raises what `parse_text` raises.
    """
    if isinstance(value, str):
        return _fill_text(parse_text(value), values)
    if isinstance(value, dict):
        filled = {key: fill(each, values) for key, each in value.items()}
        return {key: each for key, each in filled.items() if each is not MISSING}
    if isinstance(value, list):
        return [each for each in (fill(entry, values) for entry in value) if each is not MISSING]
    return value


def _fill_text(text: FormText, values: Values) -> Any:
    if len(text) == 1 and isinstance(text[0], FormReference):
        return look_up(text[0], values)
    return "".join(part if isinstance(part, str) else text_of(look_up(part, values)) for part in text)


def look_up(reference: FormReference, values: Values) -> Any:
    """What a reference stands for, MISSING where there is nothing."""
    found: Any = getattr(values, reference.root)
    for name in reference.path:
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return MISSING
    return found


def _read(text: str, at: int) -> tuple[FormReference, int]:
    found = _REFERENCE.match(text, at)
    if found is None or (not found[2] and found[1] != "item"):
        raise FormReferenceSyntax(position=at + 1)
    return FormReference(cast("Root", found[1]), tuple(found[2].split(".")[1:])), found.end()
