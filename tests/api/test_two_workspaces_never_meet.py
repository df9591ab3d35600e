"""Every id of one workspace, tried on every route by another workspace's owner: 404, and nothing is read or written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.shapes import everything_there, ids_of
from recado.db.tables import metadata

REQUEST = {"endpoint": "https://api.acme.com/"}
BODIES: dict[str, dict[str, Any]] = {
    "update_member": {"name": "Mallory"},
    "update_integration": {"name": "Mallory"},
    "create_credential": {"name": "Mallory", "values": {"api_key": "stolen-key-1"}, "hosts": ["evil.example.net"]},
    "update_credential": {"name": "Mallory"},
    "set_values": {"values": {"api_key": "stolen-key-1"}, "hosts": ["evil.example.net"]},
    "create_action": {"name": "Mallory", "request": REQUEST},
    "update_action": {"name": "Mallory", "request": REQUEST},
    "preview_action": {},
    "preview_request": {"request": REQUEST},
    "preview_hostile": {"request": REQUEST},
    "run_again": {},
    "run_action": {},
    "test_action": {},
    "cancel_conversation": {},
    "update_webhook": {"name": "Mallory"},
    "rotate_webhook_secret": {},
    "drop_webhook_secret": {},
    "test_webhook": {},
    "send_webhook_event_anew": {},
    "give_back_conversation": {},
    "take_over_conversation": {},
    "close_conversation": {},
    "write_in_conversation": {"text": "I am Mallory."},
    "send_sim_message": {"text": "I am Mallory."},
    "restart_sim_conversation": {},
    "jump_in_sim_conversation": {"block_id": "z"},
    "set_sim_as_if": {"z": {"outcome": "timeout"}},
    "upload_sim_media": {},
    "update_channel": {"name": "Mallory"},
    "receive_whatsapp_webhook": {},
    "stop_batch": {},
    "update_contact": {"opted_out": True},
    "check_channel": {},
    "set_channel_secrets": {"access_token": "stolen-token-1"},
    "create_form": {"name": "Mallory"},
    "update_form": {"name": "Mallory"},
    "validate_form": {},
    "try_form": {},
    "make_flow_key": {},
    "answer_form": {},
    "update_flow": {"name": "Mallory"},
    "save_draft": {"definition": {"blocks": []}},
    "duplicate_flow": {},
    "validate_flow": {},
    "publish_flow": {},
    "restore_version": {"version": 1},
}
"""What each route with an id in its path is sent: a body that would do if the id were one's own."""


@pytest.fixture
def other(server: Any) -> Iterator[Any]:
    """The workspace that is attacked, with one thing of every kind."""
    made = server.new_workspace()
    made.client().get("/session")  # its key is noted as used before the rows are looked at
    yield made
    made.close()


@pytest.fixture
def there(other: Any) -> dict[str, str]:
    """The ids of the attacked workspace by the names paths give them."""
    return everything_there(other)


OWN_DOING = {"webhook_events": {"status", "tries", "due_at", "owner", "answer"}}
"""What the server writes in its own time, by table."""


def rows_of(server: Any, workspace_id: str) -> dict[str, list[str]]:
    """All that is stored about a workspace, apart from its own doing: when its key was used, how a webhook is told."""
    found = {}
    with server.database.begin() as connection:
        for table in metadata.sorted_tables:
            if "workspace_id" in table.c:
                own = OWN_DOING.get(table.name, {"last_used_at"})
                columns = [column for column in table.c if column.name not in own]
                rows = connection.execute(sa.select(*columns).where(table.c.workspace_id == workspace_id)).all()
                found[table.name] = sorted(repr(row) for row in rows)
    return found


def operations(client: httpx.Client) -> list[tuple[str, str, str]]:
    """(method, path, operation id) of every operation."""
    paths = client.get("/openapi.json").json()["paths"]
    return [
        (method.upper(), path.removeprefix("/api/v1"), operation["operationId"])
        for path, item in paths.items()
        for method, operation in item.items()
        if path.startswith("/api/v1")
    ]


def test_every_id_on_every_route_is_404_and_writes_nothing(
    server: Any, workspace: Any, other: Any, there: dict[str, str]
) -> None:
    client = workspace.client("owner")
    everything_there(workspace)
    before = rows_of(server, other.id)
    tried = 0
    for method, path, name in operations(client):
        parameters = re.findall(r"\{(\w+)\}", path)
        if not parameters:
            continue
        filled = path
        for parameter in parameters:
            assert parameter in there, f"{path}: everything_there should make one of these"
            filled = filled.replace(f"{{{parameter}}}", there[parameter])
        body = BODIES.get(name)
        assert body is not None or method in {"GET", "DELETE"} or name == "test_credential", f"{name} needs a body here"
        for query in ("", "?force=true") if method in {"DELETE", "PATCH"} else ("",):
            answer = client.request(method, filled + query, json=body)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, path, answer.text)
            assert not any(given in answer.text for given in ids_of(there)), answer.text
            tried += 1
    assert tried > 25
    assert rows_of(server, other.id) == before


def test_ids_in_bodies_and_filters_do_not_cross_either(
    server: Any, workspace: Any, other: Any, there: dict[str, str]
) -> None:
    client = workspace.client("owner")
    own = everything_there(workspace)
    before = rows_of(server, other.id)
    stolen = {"credential_id": there["credential_id"]}
    for way in ("executions", "test", "preview"):
        answer = client.post(f"/actions/{own['action_id']}/{way}", json=stolen)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (way, answer.text)
    answer = client.post(f"/actions/{own['action_id']}/executions", json={**stolen, "idempotency_key": "once"})
    assert answer.status_code == 404
    taken = {"name": "Mallory", "values": {"api_key": "stolen-key-1"}, "id": there["credential_id"]}
    answer = client.post(f"/integrations/{own['integration_id']}/credentials", json=taken)
    assert answer.status_code in {409, 422}, answer.text
    for name in ("integration_id", "action_id", "credential_id"):
        assert client.get("/executions", params={name: there[name]}).json()["items"] == []
    for filters in ({"object_id": there["action_id"]}, {"actor_id": there["user_id"]}, {"search": there["action_id"]}):
        assert client.get("/audit-log", params=filters).json()["items"] == []
    assert rows_of(server, other.id) == before


def test_no_list_shows_what_belongs_to_another(workspace: Any, other: Any, there: dict[str, str]) -> None:
    client = workspace.client("owner")
    own = everything_there(workspace)
    foreign = {*ids_of(there), other.id}
    listed = 0
    for method, path, name in operations(client):
        if method != "GET" or "{" in path.replace("{integration_id}", ""):
            continue
        told = client.get(path.replace("{integration_id}", own["integration_id"])).text
        assert not any(given in told for given in foreign), (name, told)
        listed += '"items":' in told
    assert listed >= 6


def test_an_idempotency_key_of_another_workspace_is_free(workspace: Any, other: Any, there: dict[str, str]) -> None:
    own = everything_there(workspace)
    body = {"idempotency_key": "the-same"}
    theirs = other.client().post(f"/actions/{there['action_id']}/executions", json=body).json()["id"]
    ours = workspace.client().post(f"/actions/{own['action_id']}/executions", json=body).json()["id"]
    assert ours != theirs


def test_a_page_of_one_workspace_does_not_go_on_in_another(workspace: Any, other: Any) -> None:
    for number in range(3):
        for each in (workspace, other):
            assert each.client().post("/integrations", json={"name": f"{each.id} {number}"}).status_code == 201
    theirs = other.client().get("/integrations", params={"limit": 1}).json()
    ours = workspace.client().get("/integrations", params={"cursor": theirs["next_cursor"], "limit": 200}).json()
    assert other.id not in json.dumps(ours)


def test_an_exported_file_makes_a_new_integration_in_the_workspace_that_reads_it(
    workspace: Any, other: Any, there: dict[str, str]
) -> None:
    text = other.client().get(f"/integrations/{there['integration_id']}/export").text
    assert not any(given in text for given in ids_of(there))
    made = workspace.client().post("/integrations/import", json={"yaml": text}).json()
    assert other.client().get(f"/integrations/{made['id']}").status_code == 404


def test_an_exported_flow_uses_nothing_of_the_workspace_it_came_from(
    workspace: Any, other: Any, there: dict[str, str]
) -> None:
    uses = {"integration_id": there["integration_id"], "action_id": there["action_id"]}
    run = {"id": "r", "type": "custom_integration", **uses, "credential_id": there["credential_id"]}
    other.client().put(f"/flows/{there['flow_id']}/draft", json={"definition": {"start": "r", "blocks": [run]}})
    text = other.client().get(f"/flows/{there['flow_id']}/export").text
    assert not any(given in text for given in ids_of(there))
    made = workspace.client().post("/flows/import", json={"yaml": text, "use_existing": True}).json()
    assert not any(given in json.dumps(made) for given in ids_of(there))
    assert other.client().get(f"/flows/{made['flow']['id']}").status_code == 404


def test_a_flow_that_names_things_of_another_workspace_gets_nothing_of_them(
    workspace: Any, other: Any, there: dict[str, str]
) -> None:
    client = workspace.client()
    run = {
        "id": "r",
        "type": "custom_integration",
        **{name: there[name] for name in ("integration_id", "action_id", "credential_id")},
    }
    call = {"id": "c", "type": "call_flow", "flow_id": there["flow_id"], "edges": {"next": "r"}}
    made = client.post("/flows", json={"name": "Mallory", "definition": {"start": "c", "blocks": [call, run]}}).json()
    problems = client.post(f"/flows/{made['id']}/validate", json={}).json()["problems"]
    assert {"integration_unknown", "action_unknown", "credential_unknown", "flow_unknown"} <= {
        p["code"] for p in problems
    }
    text = client.get(f"/flows/{made['id']}/export").text
    assert "Acme" not in text
    assert other.client().get(f"/credentials/{there['credential_id']}").json()["used_by"] == []
    assert other.client().delete(f"/actions/{there['action_id']}").status_code == 204
