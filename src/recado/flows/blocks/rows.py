"""The rows of a choice that come out of an answer's list: what is shown of each entry, and what is kept of the chosen one."""

from __future__ import annotations

from typing import Any

from recado.actions.paths import MISSING, compile_path, walk
from recado.errors import FieldTooLong, OutputKeyInvalid
from recado.flows.choices import Choice
from recado.flows.definition import RowSource
from recado.flows.limits import MAX_SOURCE_ROWS, MAX_VALUE_BYTES
from recado.flows.turn import Turn
from recado.flows.values import convert, size_of, text_of, to_plain


def rows_of(turn: Turn, source: RowSource) -> list[dict[str, Any]]:
    """The rows of a source as the state keeps them; an entry with nothing to show is left out, and the end of too many."""
    entries = turn.value(source.rows)
    if not isinstance(entries, list):
        entries = convert(entries, "json", turn.zone)
    rows: list[dict[str, Any]] = []
    room = MAX_VALUE_BYTES
    for entry in entries[:MAX_SOURCE_ROWS] if isinstance(entries, list) else []:
        identifier = text_of(_pick(entry, source.id)) if source.id else ""
        title = text_of(_pick(entry, source.title)).strip() or identifier.strip()
        if not title:
            continue
        description = text_of(_pick(entry, source.description)).strip() if source.description else ""
        values = {
            value.identifier: to_plain(found)
            for value in source.values
            if (found := convert(_pick(entry, value.key), value.type, turn.zone)) is not MISSING
        }
        row: dict[str, Any] = {"id": identifier or title, "title": title, "description": description, "values": values}
        room -= size_of(row)
        if room < 0:
            break
        rows.append(row)
    return rows


def choices_of(rows: list[dict[str, Any]]) -> list[Choice]:
    """Rows as something to choose; their own ids may be long, twice the same or empty, so they are counted instead."""
    return [
        Choice(
            id=f"row-{index}",
            title=row["title"],
            answer={"kind": "row", **row},
            description=row["description"],
            value=row["id"],
        )
        for index, row in enumerate(rows)
    ]


def _pick(entry: Any, key: str) -> Any:
    """The value at a key of an entry; no key is the entry itself, where that is no object."""
    if not key:
        return MISSING if isinstance(entry, (dict, list)) else entry
    try:
        path = compile_path(key)
    except (OutputKeyInvalid, FieldTooLong):
        return MISSING
    return walk(entry, path.segments) if path.source == "json" else MISSING
