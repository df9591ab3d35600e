"""Reads an author's JSON text with references in it: which stand inside quotes, and whether the rest is JSON at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from recado.outbound.binding import unseen_mark
from recado.template import Reference, Template

_STEP: Final = re.compile(r'"|\\.', re.DOTALL)


class ReferenceInName(Exception):
    """A reference stands in the name of a member; only values are filled in."""


def quoted_parts(template: Template) -> Iterator[tuple[str | Reference, bool]]:
    """Each part, and whether a quoted string is open at its begin."""
    is_in_string = False
    for part in template.parts:
        yield part, is_in_string
        if isinstance(part, str):
            is_in_string ^= _STEP.findall(part).count('"') % 2 == 1


def check_json(template: Template) -> None:
    """Decode the text with a string for each reference, numbers of any size among the rest.

    Raises json.JSONDecodeError, RecursionError (nested too deep) or ReferenceInName.
    """
    mark = unseen_mark(template)
    probe = "".join(
        part if isinstance(part, str) else mark if is_in_string else f'"{mark}"'
        for part, is_in_string in quoted_parts(template)
    )

    def check_names(pairs: list[tuple[str, Any]]) -> None:
        if any(mark in name for name, _ in pairs):
            raise ReferenceInName

    def refuse(name: str) -> NoReturn:
        raise json.JSONDecodeError(f"{name} is not a number", probe, probe.find(name))

    json.loads(probe, object_pairs_hook=check_names, parse_int=str, parse_float=str, parse_constant=refuse)
