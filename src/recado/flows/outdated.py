"""What has become of published versions since: they never change, but the actions, credentials and forms they use may."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from recado.errors import RecordCorrupt
from recado.flows import repository, validation
from recado.flows.definition import Block, CallFlowBlock, Definition
from recado.flows.schemas import FlowProblem
from recado.flows.stored import StoredVersion, read_version
from recado.flows.surroundings import load_catalog
from recado.integrations.repository import Row


def count_published_problems(connection: sa.Connection, workspace_id: str, flows: Iterable[Row]) -> dict[str, int]:
    """How many errors the newest versions of these flows would have if they were published now, by flow.

    Only versions that use something which was changed or deleted since are looked over; those without errors are left out.
    """
    published = [row.id for row in flows if row.published_number is not None]
    found = {}
    for row in repository.list_outdated(connection, workspace_id, published) if published else ():
        try:
            problems = problems_of_version(connection, workspace_id, read_version(row))
        except RecordCorrupt:  # told where the version is looked at
            continue
        if count := sum(problem.severity == "error" for problem in problems):
            found[row.flow_id] = count
    return found


def problems_of_version(connection: sa.Connection, workspace_id: str, version: StoredVersion) -> list[FlowProblem]:
    """What is wrong with a version now, with the versions of other flows that it calls."""
    pinned = _pinned(connection, workspace_id, version)
    return validation.validate(pinned, load_catalog(connection, workspace_id, version.flow_id, pinned))


def _pinned(connection: sa.Connection, workspace_id: str, version: StoredVersion) -> Definition:
    """Its definition, each call by the number of the version that is called."""
    if not version.called:
        return version.definition
    rows = repository.find_versions(connection, workspace_id, set(version.called.values()))
    numbers = {row.id: row.number for row in rows}
    blocks: list[Block] = [
        msgspec.structs.replace(block, version=numbers.get(version.called.get(block.id, ""), block.version))
        if isinstance(block, CallFlowBlock)
        else block
        for block in version.definition.blocks
    ]
    return msgspec.structs.replace(version.definition, blocks=blocks)
