"""Reads back what is stored of flows; damage raises RecordCorrupt for the one record that has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recado.flows.definition import Definition
from recado.integrations.stored import read_json

_DEFINITION: Final = msgspec.json.Decoder(Definition)
_CALLED: Final = msgspec.json.Decoder(dict[str, str])


class StoredVersion(msgspec.Struct, frozen=True):
    """A version of a flow as it was pinned; `called` leads from a block that calls a flow to the version it calls."""

    id: str
    flow_id: str
    number: int | None
    definition: Definition
    called: Mapping[str, str]


def read_definition(text: str) -> Definition:
    """A stored definition. Raises RecordCorrupt."""
    return read_json(_DEFINITION, text)


def read_version(row: Any) -> StoredVersion:
    """The version of a row. Raises RecordCorrupt."""
    called = read_json(_CALLED, row.called)
    return StoredVersion(row.id, row.flow_id, row.number, read_definition(row.definition), called)
