"""In two processes, everything works through the one that faces people, whose database user may not read keys or sealed values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psycopg
import pytest

from recado.db.tables import metadata
from servers.process import RecadoProcess
from servers.split import SealingClient, Split

PASSWORD = "anchors-weigh-94-lemons"
SOMEWHERE_ELSE = "203.0.113.9"
_NUMBERS = itertools.count(1)


@pytest.fixture
def owner(split: Split) -> Iterator[SealingClient]:
    with split.api.client() as client:
        yield SealingClient(client)


@pytest.fixture
def browser(split: Split, owner: SealingClient) -> Iterator[SealingClient]:
    """Somebody signed in with a cookie, at an address of their own, who says to be somewhere else."""
    lies = {
        "recado-caller-address": SOMEWHERE_ELSE,
        "recado-caller-scheme": "https",
        "recado-request-id": "req_00000000000000000000000000",
        "recado-executor-token": "a guess",
        "x-forwarded-for": SOMEWHERE_ELSE,
        "x-forwarded-proto": "https",
    }
    with httpx.Client(
        base_url=f"{split.api.url}/api/v1",
        transport=httpx.HTTPTransport(local_address="127.9.1.7"),
        headers={"sec-fetch-site": "same-origin", **lies},
        timeout=120,
    ) as client:
        email = f"ana-{next(_NUMBERS)}@acme.example"
        person = {"email": email, "password": PASSWORD, "role": "owner"}
        owner.request("POST", "/members", person, 201)
        assert client.post("/sessions", json={"email": email, "password": PASSWORD}).status_code == 201
        yield SealingClient(client)


class Guide:
    """The worked example, values sealed."""

    def __init__(self, client: SealingClient, emulator: Any) -> None:
        self.client = client
        self.codes = emulator.codes
        self._url = emulator.url
        test_request = {"method": "GET", "endpoint": self._url + "/v1/validations", "headers": self._headers()}
        self.integration = client.make_integration(test_request=test_request)
        self.right = {"api_key": emulator.api_key}

    def credential(self, values: dict[str, str] | None = None, query: str = "") -> dict[str, Any]:
        return self.client.make_credential(self.integration, values or self.right, [self._url], query)

    def action(self, path: str, output: str, *fields: tuple[str, str], inputs: tuple[str, ...]) -> dict[str, Any]:
        body = {"type": "form", "fields": [{"key": key, "value": value} for key, value in fields]}
        request = {"method": "POST", "endpoint": self._url + path, "headers": self._headers(), "body": body}
        rows = [{"key": key, "name": key, "type": "string", "required": True} for key in inputs]
        outputs = [{"key": output, "name": output, "type": "string", "required": True}]
        return self.client.make_action(self.integration, request, inputs=rows, outputs=outputs)

    def create_validation(self) -> dict[str, Any]:
        fields = (
            ("type", "email-verification"),
            ("user_authorized", "true"),
            ("account_id", "{{inputs.account_id}}"),
        )
        return self.action("/v1/validations", "validation_id", *fields, inputs=("account_id",))

    def validate_code(self) -> dict[str, Any]:
        fields = (("type", "email-verification"), ("token", "{{inputs.code}}"))
        path = "/v1/validations/{{inputs.validation_id}}"
        return self.action(path, "validation_status", *fields, inputs=("validation_id", "code"))

    @staticmethod
    def _headers() -> list[dict[str, str]]:
        return [{"key": "Truora-API-Key", "value": "{{auth.api_key}}"}]


@pytest.mark.parametrize("caller", ["owner", "browser"])
def test_a_user_logs_in_with_a_mailed_code(caller: str, request: pytest.FixtureRequest, emulator: Any) -> None:
    client: SealingClient = request.getfixturevalue(caller)
    guide = Guide(client, emulator)
    credential = guide.credential(query="?test=true")
    assert (credential["last_test"]["verdict"], credential["last_test"]["status"]) == ("accepted", 200)
    assert client.request("POST", f"/credentials/{credential['id']}/test")["verdict"] == "accepted"

    create, validate = guide.create_validation(), guide.validate_code()
    values = {"credential_id": credential["id"], "inputs": {"account_id": "ana.demo"}}
    tried = client.request("POST", f"/actions/{create['id']}/test", values)
    assert "validation_id" in {candidate["key"] for candidate in tried["candidates"]}
    shown = client.request("POST", f"/actions/{create['id']}/preview", values)["request"]
    assert "Truora-API-Key: ██████\r\n" in shown

    created = client.run(create, credential, inputs={"account_id": "ana.demo"})
    given = {"validation_id": created["outputs"]["validation_id"], "code": "000000"}
    assert client.run(validate, credential, inputs=given)["outputs"] == {"validation_status": "pending"}
    given["code"] = guide.codes[given["validation_id"]]
    assert client.run(validate, credential, inputs=given)["outputs"] == {"validation_status": "success"}

    kept = client.request("GET", f"/executions/{created['id']}")
    assert kept == created
    again = client.request("POST", f"/executions/{created['id']}/run-again")
    assert (again["outcome"], again["inputs"]) == ("ok", {"account_id": "ana.demo"})
    found = client.request("GET", f"/executions?action_id={create['id']}&outcome=ok")["items"]
    assert {created["id"], again["id"], tried["id"]} == {item["id"] for item in found}


def test_values_are_replaced_bound_and_removed(owner: SealingClient, emulator: Any) -> None:
    guide = Guide(owner, emulator)
    wrong = guide.credential({"api_key": "not-the-right-key"}, "?test=true")
    assert (wrong["last_test"]["verdict"], wrong["last_test"]["status"]) == ("rejected", 401)
    values = owner.seal(guide.integration, wrong["id"], guide.right, [emulator.url])
    owner.request("PUT", f"/credentials/{wrong['id']}/values", {"values": values, "hosts": [emulator.url]})
    assert owner.request("POST", f"/credentials/{wrong['id']}/test")["verdict"] == "accepted"
    elsewhere = {"values": {}, "hosts": ["api.acme.com"]}
    told = owner.request("PUT", f"/credentials/{wrong['id']}/values", elsewhere, 422)
    assert told["code"] == "secret_required_for_hosts"
    owner.request("PATCH", f"/credentials/{wrong['id']}", {"name": "Renamed"})
    rows = [{"identifier": "other", "type": "password", "required": False}]
    owner.request("PATCH", f"/integrations/{guide.integration['id']}", {"test_request": None})
    path = f"/integrations/{guide.integration['id']}"
    assert owner.request("PATCH", path, {"auth": {"scheme": "api_key", "fields": rows}}, 409)["code"] == "in_use"
    owner.request("PATCH", f"{path}?force=true", {"auth": {"scheme": "api_key", "fields": rows}})
    assert owner.request("GET", f"/credentials/{wrong['id']}")["fields"] == {
        "other": {"is_set": False, "updated_at": None}
    }
    owner.request("DELETE", f"/credentials/{wrong['id']}", status=204)
    guide = Guide(owner, emulator)
    guide.credential()
    path = f"/integrations/{guide.integration['id']}"
    assert owner.request("DELETE", path, status=409)["code"] == "in_use"
    owner.request("DELETE", f"{path}?force=true", status=204)


def test_what_was_just_saved_is_what_runs(owner: SealingClient, emulator: Any) -> None:
    integration = owner.make_integration(fields=())
    request = {"method": "GET", "endpoint": f"{emulator.url}/v1/validations"}
    action = owner.make_action(integration, request)
    for number in range(20):
        header = {"key": "X-Number", "value": str(number)}
        owner.request("PATCH", f"/actions/{action['id']}", {"request": {**request, "headers": [header]}})
        sent = owner.run(action)["request"]["headers"]
        assert {"key": "X-Number", "value": str(number)} in sent


def test_a_key_that_was_just_revoked_runs_nothing(owner: SealingClient, split: Split, emulator: Any) -> None:
    integration = owner.make_integration(fields=())
    action = owner.make_action(integration, {"method": "GET", "endpoint": f"{emulator.url}/v1/validations"})
    made = owner.request("POST", "/api-keys", {"name": "Program", "role": "runner"}, 201)
    path = f"{split.api.url}/api/v1/actions/{action['id']}/executions"
    headers = {"authorization": f"Bearer {made['key']}"}
    assert httpx.post(path, json={}, headers=headers, trust_env=False).status_code == 200
    owner.request("DELETE", f"/api-keys/{made['id']}", status=204)
    assert httpx.post(path, json={}, headers=headers, trust_env=False).status_code == 401


def test_the_audit_log_knows_where_a_caller_really_is(
    browser: SealingClient, owner: SealingClient, emulator: Any
) -> None:
    credential = Guide(browser, emulator).credential()
    entries = owner.request("GET", f"/audit-log?object_id={credential['id']}")["items"]
    assert [(entry["action"], entry["address"]) for entry in entries] == [("credential.create", "127.9.1.7")]
    entries = owner.request("GET", "/audit-log?limit=200")["items"]
    assert SOMEWHERE_ELSE not in {entry["address"] for entry in entries}
    assert owner.request("POST", "/audit-log/verify")["findings"] == []


def test_another_site_cannot_have_a_browser_run_an_action(browser: SealingClient, split: Split) -> None:
    path = "/actions/act_00000000000000000000000000/executions"
    answer = browser.client.post(path, json={}, headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused")
    assert browser.client.post(path, json={}).json()["code"] == "not_found"
    assert httpx.post(f"{split.api.url}/api/v1{path}", json={}, trust_env=False).status_code == 401


def test_an_answer_carries_one_request_id_that_leads_to_the_logs(owner: SealingClient, split: Split) -> None:
    for path, body, status in (
        ("/credentials/crd_00000000000000000000000000/test", {}, 404),
        ("/actions/act_00000000000000000000000000/executions", {"nothing": 1}, 422),
    ):
        answer = owner.client.post(path, json=body)
        assert answer.status_code == status
        told = re.findall(r"req_[0-9a-z]{26}", f"{answer.headers['x-request-id']} {answer.text}")
        assert len(told) == 2
        assert len(set(told)) == 1
        assert split.api.has_logged(f'"request_id": "{told[0]}"')
        assert answer.headers.get_list("content-security-policy") == [answer.headers["content-security-policy"]]
        assert "recado-executor" not in answer.headers
    own = owner.client.get("/secret-key").headers["x-request-id"]
    assert split.executor.has_logged(f'"request_id": "{own}"')


def test_a_body_that_is_too_large_never_reaches_the_executor(owner: SealingClient) -> None:
    answer = owner.client.post(
        "/actions/act_00000000000000000000000000/executions", json={"inputs": {"x": "y" * 2_000_000}}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_everything_else_is_served_as_ever(owner: SealingClient, browser: SealingClient, split: Split) -> None:
    """Each page and list with the database user of the api process, which may do little."""
    integration = owner.make_integration()
    exported = owner.client.get(f"/integrations/{integration['id']}/export")
    assert exported.status_code == 200
    owner.request("POST", "/integrations/import", {"yaml": exported.text}, 201)
    described = httpx.get(f"{split.api.url}/api/v1/openapi.json", trust_env=False).json()
    for path, methods in described["paths"].items():
        if "get" not in methods:
            continue
        url = path.replace("{integration_id}", integration["id"])
        answer = browser.client.get(split.api.url + re.sub(r"\{[^}]+\}", "nothing", url))
        assert answer.status_code in {200, 404}, (path, answer.text)
    for path in ("/", "/health", "/metrics", "/api/docs"):
        answer = httpx.get(split.api.url + path, headers={"accept": "text/html"}, trust_env=False)
        assert answer.status_code in ({200, 503} if path == "/" else {200}), path  # 503: the UI is not built
    assert "internal_error" not in split.api.log()
    assert "unexpected_error" not in split.api.log() + split.executor.log()


# ── the database user ────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_table_was_thought_of(grants: str) -> None:
    named = set(re.findall(r"\b[a-z_]+\b", grants))
    assert {table.name for table in metadata.sorted_tables} - named == set(), (
        "say in docs/operate/split.md who may what"
    )


def test_the_api_process_may_not_read_keys_or_sealed_values_nor_change_what_happened(split: Split) -> None:
    def is_refused(statement: bytes) -> bool:
        with psycopg.connect(url) as connection:
            try:
                connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege:
                return True
        return False

    url = database_url_of(split.api)
    assert not is_refused(b"SELECT credential_id FROM credential_values")
    for statement in (
        b"SELECT * FROM sealing_keys",
        b"SELECT private_key_wrapped FROM sealing_keys",
        b"SELECT sealed FROM credential_values",
        b"UPDATE credential_values SET sealed = 'x'",
        b"UPDATE sealing_keys SET public_key = 'x'",
        b"INSERT INTO sealing_keys (kid) VALUES ('x')",
        b"DELETE FROM audit_log",
        b"UPDATE audit_log SET action = 'x'",
        b"DELETE FROM executions",
        b"UPDATE executions SET owner = 'x'",
        b"CREATE TABLE more (x int)",
    ):
        assert is_refused(statement), statement


def database_url_of(process: RecadoProcess) -> str:
    """What the process itself connects by."""
    return process._environ["RECADO_DATABASE_URL"]


def test_an_api_process_changes_no_schema(split: Split, new_split: Callable[..., Split]) -> None:
    other = new_split()
    with psycopg.connect(other.executor.settings.database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(AssertionError, match="the server ended"):
        other.api.start()
    assert other.api.has_logged("[database_too_old]")
    assert split.api.is_running()
