"""What a run needs is made once from the rows: template, inputs, outputs, authentication fields, TLS and plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trustme

from recado import errors
from recado.actions.compiled import CompiledAction, load_compiled_action, load_compiled_test_request
from recado.errors import ActionIncomplete, ActionOutdated, NotFound
from recado.ids import new_id
from recado.outbound.tls import TlsSettings

INPUTS = [{"key": "id", "name": "Id", "type": "integer", "required": True}]
OUTPUTS = [{"key": "data.id", "name": "Id", "identifier": "the_id", "type": "integer", "required": True}]
HEADERS = [{"key": "K", "value": "{{auth.api_key}}"}]


def plan_of(compiled: CompiledAction) -> tuple[float, bool, bool]:
    """How an action is called."""
    plan = compiled.plan
    return plan.timeout_seconds, plan.is_following_redirects, plan.is_idempotent


@pytest.fixture
def load(server: Any, workspace: Any) -> Callable[..., CompiledAction]:
    def run(function: Any, row_id: str, workspace_id: str | None = None) -> CompiledAction:
        with server.database.begin() as connection:
            compiled: CompiledAction = function(connection, workspace_id or workspace.id, row_id)
            return compiled

    return run


def test_an_action_is_ready_to_run(
    client: httpx.Client, integration: Any, new_action: Callable[..., Any], load: Callable[..., CompiledAction]
) -> None:
    pem = trustme.CA().cert_pem.bytes().decode()
    client.patch(f"/integrations/{integration['id']}", json={"ca_certificates": pem})
    request = {"endpoint": "https://api.acme.com/{{inputs.id}}", "headers": HEADERS}
    made = new_action(inputs=INPUTS, request=request, outputs=OUTPUTS, is_private=True)
    compiled = load(load_compiled_action, made["id"])
    assert (compiled.id, compiled.integration_id, compiled.name) == (made["id"], integration["id"], "Do it")
    assert compiled.is_private
    assert compiled.plan.tls == TlsSettings(pem)
    assert {name: field.id for name, field in compiled.auth.items()} == {
        field["identifier"]: field["id"] for field in integration["auth"]["fields"]
    }
    assert compiled.auth["api_key"].is_required
    assert [output.spec.identifier for output in compiled.outputs] == ["the_id"]
    assert plan_of(compiled) == (10.0, False, True)
    assert compiled.template.render(compiled.check_inputs({"id": "7"}), {"api_key": "k"}).target == b"/7"
    assert compiled.check_inputs({"id": " 7 "}, is_lenient=True) == {"id": 7}
    assert compiled.fit_inputs({"id": " 7 ", "gone": 1}) == {"id": "7"}
    assert compiled.fit_inputs({"id": "seven"}) == {"id": "seven"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"method": "POST"}, (10.0, False, False)),
        ({"method": "POST", "idempotency_header": "Idempotency-Key"}, (10.0, False, True)),
        ({"method": "PATCH", "timeout_seconds": 3, "follow_redirects": True}, (3.0, True, False)),
        ({"method": "DELETE", "timeout_seconds": 0.5}, (0.5, False, True)),
    ],
)
def test_the_plan_of_a_call_follows_from_the_request(
    new_action: Callable[..., Any], load: Callable[..., CompiledAction], changes: Any, expected: Any
) -> None:
    made = new_action(request={"endpoint": "https://api.acme.com/", **changes})
    compiled = load(load_compiled_action, made["id"])
    assert plan_of(compiled) == expected


def test_an_action_that_cannot_run_says_why(
    client: httpx.Client, integration: Any, new_action: Callable[..., Any], load: Callable[..., CompiledAction]
) -> None:
    bare = new_action()
    with pytest.raises(ActionIncomplete, match="no request yet"):
        load(load_compiled_action, bare["id"])
    broken = new_action(request={"endpoint": "https://api.acme.com/", "headers": HEADERS})
    client.patch(f"/integrations/{integration['id']}?force=true", json={"auth": {"fields": []}})
    with pytest.raises(ActionOutdated, match=r"\(headers\[0\]\.value: There is no authentication field"):
        load(load_compiled_action, broken["id"])
    for row_id in (new_id("act"), "act_1"):
        with pytest.raises(NotFound):
            load(load_compiled_action, row_id)
    with pytest.raises(NotFound):
        load(load_compiled_action, bare["id"], new_id("wsp"))


def test_a_test_request_is_an_action_without_inputs_and_outputs(
    client: httpx.Client, integration: Any, load: Callable[..., CompiledAction]
) -> None:
    path = f"/integrations/{integration['id']}"
    with pytest.raises(errors.TestRequestMissing):
        load(load_compiled_test_request, integration["id"])
    client.patch(path, json={"test_request": {"endpoint": "https://api.acme.com/me", "headers": HEADERS}})
    compiled = load(load_compiled_test_request, integration["id"])
    assert (compiled.id, compiled.name, compiled.inputs, compiled.outputs) == (None, "Acme", {}, ())
    assert compiled.template.secret_identifiers == {"api_key"}
    client.patch(f"{path}?force=true", json={"auth": {"fields": []}})
    with pytest.raises(errors.TestRequestOutdated):
        load(load_compiled_test_request, integration["id"])
    for row_id in (new_id("int"), "int_1"):
        with pytest.raises(NotFound):
            load(load_compiled_test_request, row_id)
    with pytest.raises(NotFound):
        load(load_compiled_test_request, integration["id"], new_id("wsp"))
