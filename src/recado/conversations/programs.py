"""Flows ready to be walked: a version and all that it calls, compiled once, since a version never changes."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from recado.errors import NotFound
from recado.flows.compiled import Program, compile_flow
from recado.flows.versions import load_versions

_MOST: Final = 200


class Programs:
    """What was compiled lately; what was unused longest goes first."""

    def __init__(self) -> None:
        self._kept: dict[str, Program] = {}

    def load(self, connection: sa.Connection, workspace_id: str, version_id: str) -> Program:
        """The version and those it calls. Raises NotFound, RecordCorrupt."""
        program = self._kept.pop(version_id, None)
        if program is None:
            versions = load_versions(connection, workspace_id, version_id)
            if version_id not in versions:
                raise NotFound
            program = {found.id: compile_flow(found.definition, found.id, found.called) for found in versions.values()}
            while len(self._kept) >= _MOST:
                self._kept.pop(next(iter(self._kept)), None)
        self._kept[version_id] = program
        return program
