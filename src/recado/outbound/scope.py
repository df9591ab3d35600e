"""What a request's templates may refer to: the action's inputs and the integration's authentication fields."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from recado.fields import FieldType

AuthFieldType = Literal["text", "password"]

_BRACED: Final = re.compile(r"\{\{[ \t]*([^{}]{1,200})")


@dataclass(frozen=True, slots=True)
class InputSpec:
    """An input of the action, as far as rendering needs it."""

    key: str
    type: FieldType
    is_required: bool


@dataclass(frozen=True, slots=True)
class AuthSpec:
    """An authentication field of the integration, as far as rendering needs it."""

    identifier: str
    type: AuthFieldType
    is_required: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """All names a request may use, and whether this API takes its key in the URL."""

    inputs: Mapping[str, InputSpec]
    auth: Mapping[str, AuthSpec]
    is_key_in_url_allowed: bool = False

    def hint(self, written: str) -> str:
        """` Did you mean {{inputs.account_id}}?` for the nearest known name, or nothing when none is near."""
        known = [f"inputs.{key}" for key in self.inputs] + [f"auth.{identifier}" for identifier in self.auth]
        name = written.strip().lower()
        same = [full for full in known if full.partition(".")[2] == name.rpartition(".")[2]]
        near = same or difflib.get_close_matches(name, known, n=1) or self._near_bare(name, known)
        return f" Did you mean {{{{{near[0]}}}}}?" if near else ""

    @staticmethod
    def _near_bare(name: str, known: list[str]) -> list[str]:
        by_bare = {full.partition(".")[2]: full for full in reversed(known)}
        return [by_bare[bare] for bare in difflib.get_close_matches(name.rpartition(".")[2], by_bare, n=1)]

    def hint_at(self, text: str, offset: int) -> str:
        """The same for the braces that begin at `offset` of `text`."""
        braced = _BRACED.match(text, offset)
        return self.hint(braced[1]) if braced else ""
