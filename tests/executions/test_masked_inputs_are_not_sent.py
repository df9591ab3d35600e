"""What a dead process left open is repeated with the inputs it was given, and never with what stands in place of a secret."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import sqlalchemy as sa

from recado.db.tables import executions, processes
from recado.ids import new_id
from security.shapes import Door
from servers.echo import EchoServer

LONG_AGO = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=2)


def leave_open(server: Any, workspace: Any, integration: str, action: str, inputs: dict[str, str]) -> str:
    """An execution of a process that is silent since."""
    owner, execution = new_id("prc"), new_id("exe")
    told = {"kind": "server", "host": "elsewhere", "started_at": LONG_AGO, "heartbeat_at": LONG_AGO}
    row = {
        "id": execution,
        "workspace_id": workspace.id,
        "kind": "live",
        "integration_id": integration,
        "action_id": action,
        "owner": owner,
        "method": "GET",
        "inputs": json.dumps(inputs),
        "created_at": LONG_AGO,
    }
    with server.database.begin() as connection:
        connection.execute(sa.insert(processes).values(id=owner, oldest_open_id=execution, **told))
        connection.execute(sa.insert(executions).values(row))
    return execution


def test_a_masked_input_is_not_repeated(server: Any, workspace: Any, door: Door, upstream: EchoServer) -> None:
    integration = door.make_integration()
    request = {"endpoint": f"{upstream.url}/status/200", "query": [{"key": "q", "value": "{{inputs.who}}"}]}
    action = door.make_action(integration, request, {"who": "string"})
    for inputs, outcome in (({"who": "ana-left-open"}, "ok"), ({"who": "key ***"}, "unknown")):
        left = leave_open(server, workspace, integration, action, inputs)
        server.run(server.parts.tasks.recover())
        deadline = time.monotonic() + 60
        while (found := door.get(f"/executions/{left}")["outcome"]) is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert found == outcome
    arrived = b"".join(upstream.requests)
    assert b"ana-left-open" in arrived
    assert b"***" not in arrived
    assert b"%2A%2A%2A" not in arrived
