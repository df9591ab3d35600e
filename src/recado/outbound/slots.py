"""Slots: references in their places, each knowing how to write its value there, and the rows made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from recado.errors import AuthValueNotAllowed, CredentialIncomplete, InputMissing, InputRefused, RecadoError
from recado.fields import Value

Inputs = Mapping[str, Value]
Auth = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Slot:
    """One reference in its place. `write` raises ValueError for a value that cannot stand there."""

    key: str
    is_input: bool
    is_required: bool
    write_text: Callable[[str], str]
    """Writes a value that is text, which most are; `write` could as well, with a call more."""
    write: Callable[[Value], str]
    refusal: type[InputRefused]
    when_missing: str | None = None
    """What is written for a missing optional value where nothing can be left out (raw bodies)."""

    def read(self, inputs: Inputs, auth: Auth) -> str | None:
        """The value written for its place; None when it is optional, missing and may be left out.

        Raises InputMissing or CredentialIncomplete when it is required and missing, else what `refused` gives.
        """
        value = (inputs if self.is_input else auth).get(self.key)
        if value is None:
            if self.is_required:
                raise self.missing()
            return self.when_missing
        try:
            return self.write_text(value) if type(value) is str else self.write(value)
        except ValueError:
            pass  # raised below, outside this block: the ValueError may hold the value, and that may be a secret
        raise self.refused()

    def missing(self) -> RecadoError:
        """The error for a required value that is not there."""
        if self.is_input:
            return InputMissing(f"inputs.{self.key}", key=self.key)
        return CredentialIncomplete(f"auth.{self.key}", identifier=self.key, name="this credential")

    def refused(self) -> InputRefused:
        """The error for a value that cannot stand in this place."""
        if self.is_input:
            return self.refusal(f"inputs.{self.key}", key=self.key)
        return AuthValueNotAllowed(f"auth.{self.key}", identifier=self.key)


Parts = tuple[str | Slot, ...]
"""Text ready to be sent, and slots."""


def fill(parts: Parts, inputs: Inputs, auth: Auth) -> str | None:
    """The parts with their values; None when an optional one is missing."""
    written: list[str] = []
    for part in parts:
        text = part if isinstance(part, str) else part.read(inputs, auth)
        if text is None:
            return None
        written.append(text)
    return "".join(written)


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """A row with references: left out when an optional one is missing, or sent as `when_missing` where the author chose so."""

    parts: Parts
    when_missing: str | None = None

    def render(self, inputs: Inputs, auth: Auth) -> str | None:
        """The row as it is sent, or None when it is left out."""
        text = fill(self.parts, inputs, auth)
        return self.when_missing if text is None else text


def row_of(parts: Parts, when_missing: str | None = None) -> str | RowTemplate:
    """A row of these parts: plain text when it has no references."""
    if any(isinstance(part, Slot) for part in parts):
        return RowTemplate(parts, when_missing)
    return "".join(str(part) for part in parts)


Rows = tuple[str | RowTemplate, ...]


def render_rows(rows: Rows, inputs: Inputs, auth: Auth) -> list[str]:
    """The rows that are sent."""
    rendered: list[str] = []
    for row in rows:
        text = row if isinstance(row, str) else row.render(inputs, auth)
        if text is not None:
            rendered.append(text)
    return rendered


def merge_constants(rows: Iterable[str | RowTemplate], separator: str) -> Rows:
    """Join neighbouring constant rows once, when saved, so that a run does not."""
    merged: list[str | RowTemplate] = []
    for row in rows:
        if isinstance(row, str) and merged and isinstance(merged[-1], str):
            merged[-1] = f"{merged[-1]}{separator}{row}"
        else:
            merged.append(row)
    return tuple(merged)
