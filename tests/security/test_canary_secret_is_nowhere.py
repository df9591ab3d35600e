"""A whole scenario with canaries for secrets: none stands in any answer, any log line, any row or any file, in any form."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from recado.db.engine import Database
from recado.settings import load
from security.canaries import find, forms_of
from security.shapes import Door
from servers.background import Background
from servers.echo import EchoServer, encodings
from servers.process import RecadoProcess

CANARIES = {
    "api_key": "canary+Zz9/==&\"x y\\q<4>%25'7",
    "plain_key": "canaryPlain77Qx31vB20mW",
    "body_key": "canário+ñandú/日本語 8=🙂&x",
}
PERSON_PASSWORD = "canary-person-93-Lemons/+&"
SECRETS = [*CANARIES.values(), PERSON_PASSWORD]


class Recorder:
    """Keeps every answer our API gives, head and body."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []

    def note(self, answer: httpx.Response) -> None:
        answer.read()
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        url = answer.request.url.copy_with(query=None)  # what the caller typed there is the caller's
        self.answers.append(f"{answer.request.method} {url} {answer.status_code}\n{head}\n\n".encode() + answer.content)


@pytest.fixture(scope="module")
def upstream(background: Background) -> Iterator[EchoServer]:
    with background.serving(EchoServer()) as server:
        yield server


@pytest.fixture
def process(
    database_kind: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    unused_port: Callable[[], int],
) -> Iterator[RecadoProcess]:
    url = request.getfixturevalue("new_postgresql_database")() if database_kind == "postgresql" else ""
    settings = load(
        {},
        data_dir=tmp_path / "data",
        database_url=url,
        port=unused_port(),
        egress_allow=("127.0.0.0/8",),
        log_level="debug",
    )
    log_format = {"sqlite": "json", "postgresql": "text"}[database_kind]
    running = RecadoProcess(settings, tmp_path / "log", environ={"RECADO_LOG_FORMAT": log_format})
    running.start()
    yield running
    running.close()


class Scenario:
    """Everything a person or a program could do with a secret."""

    def __init__(self, door: Door, upstream: EchoServer) -> None:
        self.door = door
        self.url = upstream.url
        self.executions: list[dict[str, Any]] = []

    def make(self) -> None:
        fields = dict.fromkeys(CANARIES, "password") | {"region": "text"}
        self.integration = self.door.make_integration(
            fields, auth={"key_in_url": True}, test_request=self._request("/headers/test")
        )
        values = CANARIES | {"region": "eu"}
        self.credential = self.door.make_credential(self.integration, values, [self.url])

    def _request(self, path: str, method: str = "POST", **more: Any) -> dict[str, Any]:
        headers = [
            {"key": "X-Key", "value": "{{auth.api_key}}"},
            {"key": "Authorization", "value": "Bearer {{auth.plain_key}}"},
            {"key": "X-Region", "value": "{{auth.region}}"},
        ]
        query = [{"key": "key", "value": "{{auth.api_key}}"}, {"key": "b", "value": "{{auth.body_key}}"}]
        body = {"type": "json", "json": {"k": "{{auth.body_key}}", "all": ["x{{auth.api_key}}", "{{auth.plain_key}}"]}}
        request = {"method": method, "endpoint": self.url + path, "headers": headers, "query": query}
        return request | ({"body": body} if method == "POST" else {}) | more

    def action(self, path: str, method: str = "POST", outputs: Any = (), **more: Any) -> str:
        inputs = {"x": "string"} if "{{inputs.x}}" in path + json.dumps(more) else {}
        private = {"is_private": more.pop("is_private", False)}
        return self.door.make_action(self.integration, self._request(path, method, **more), inputs, outputs, **private)

    def run(self, action: str, **inputs: Any) -> dict[str, Any]:
        self.executions.append(self.door.run(action, self.credential, **inputs))
        return self.executions[-1]

    # ── what is done ─────────────────────────────────────────────────────────────────────────────────────────────────

    def test_the_credential(self) -> None:
        told = self.door.post(f"/credentials/{self.credential}/test", status=200)
        assert (told["verdict"], told["outcome"]) == ("accepted", "ok")
        assert "***" in told["response"]["body"]

    def run_all_kinds(self) -> None:
        assert self.run(self.action("/ok"))["outcome"] == "ok"
        assert self.run(self.action("/headers/ok"))["outcome"] == "ok"
        assert self.run(self.action("/plain", "GET"))["outcome"] == "ok"
        assert self.run(self.action("/status/401"))["outcome"] == "auth_failed"
        assert self.run(self.action("/status/400"))["outcome"] == "http_4xx"
        assert self.run(self.action("/status/500"))["outcome"] == "http_5xx"
        assert self.run(self.action("/moved", "GET"))["outcome"] == "redirect"
        assert self.run(self.action("/moved", "GET", follow_redirects=True))["outcome"] == "blocked"
        assert self.run(self.action("/cut"))["outcome"] == "bad_response"
        assert self.run(self.action("/ok", is_private=True))["outcome"] == "ok"
        form = {"type": "form", "fields": [{"key": "k", "value": "{{auth.api_key}}"}]}
        assert self.run(self.action("/ok", body=form))["outcome"] == "ok"
        raw = {"type": "raw", "content_type": "text/plain", "text": "{{auth.api_key}} {{auth.body_key}}"}
        assert self.run(self.action("/plain", body=raw))["outcome"] == "ok"

    def echo_a_secret_into_an_output(self) -> None:
        output = {"key": "id", "name": "Id", "type": "string", "required": True}
        told = self.run(self.action("/secret", outputs=[output]))
        assert (told["outcome"], told["error"]["code"]) == ("bad_response", "output_contains_secret")
        assert told["outputs"] == {}
        self.door.post(f"/actions/{told['action_id']}/test", {"credential_id": self.credential}, 200)

    def trace(self) -> None:
        """TRACE takes no authentication field; what a person typed comes back all the same."""
        refused = {"name": "Trace", "request": self._request("/trace", "TRACE")}
        told = self.door.post(f"/integrations/{self.integration}/actions", refused, 422)
        assert told["errors"][0]["code"] == "method_forbids_secret"
        action = self.action("/trace", "TRACE", headers=[{"key": "X-Said", "value": "{{inputs.x}}"}], query=[])
        assert "***" in self.run(action, x=f"my key is {CANARIES['plain_key']}")["response"]["body"]

    def type_secrets_into_inputs(self) -> None:
        """A person types the very secret, in many forms: what is kept of it is masked."""
        action = self.action("/ok", query=[{"key": "said", "value": "{{inputs.x}}"}])
        for text in encodings(CANARIES["api_key"]).values():
            self.run(action, x=text)
        number: dict[str, Any] = {
            "name": "N",
            "inputs": [{"key": "n", "name": "n", "type": "integer", "required": True}],
        }
        number["request"] = self._request("/ok")
        told = self.door.post(f"/integrations/{self.integration}/actions", number)
        wrong = self.run(told["id"], n=CANARIES["plain_key"])
        assert (wrong["outcome"], wrong["error"]["code"]) == ("input_invalid", "input_type")
        path = self.action("/v/{{inputs.x}}", method="GET")
        assert self.run(path, x=f"../{CANARIES['plain_key']}")["error"]["code"] == "input_not_allowed_in_path"

    def repeat_with_a_key(self) -> None:
        action = self.action("/ok")
        body = {"credential_id": self.credential, "idempotency_key": "once"}
        first, second = (self.door.post(f"/actions/{action}/executions", body, 200) for _ in range(2))
        assert first["id"] == second["id"]
        self.door.post(f"/actions/{action}/executions", body | {"credential_id": None}, 409)

    def send_elsewhere(self) -> None:
        action = self.door.make_action(
            self.integration, self._request("/ok") | {"endpoint": self.url.replace("127.0.0.1", "127.0.0.2")}
        )
        assert self.run(action)["error"]["code"] == "credential_host_not_allowed"

    def send_wrong_bodies(self) -> None:
        """A secret in the wrong place of a request to us: the answer names the place, not the value."""
        secret, path = CANARIES["api_key"], f"/integrations/{self.integration}/credentials"
        post = self.door.client.post
        for body in (
            {"name": "A", "values": {"api_key": {"plain": secret}}},
            {"name": "A", "values": {"api_key": [secret]}},
            {"name": "A", "values": secret},
            {"name": "A", "values": {"region": "eu", "api_key": secret}, "hosts": [1]},
            {"name": "A", "values": {"api_key": secret}, "hosts": ["not a host"]},
            {"name": "A", "values": {"api_key": secret + "\0"}},
            {"name": "A", "values": {"api_key": secret * 5000}},
        ):
            assert post(path, json=body).status_code == 422, body
        broken = json.dumps({"name": "A", "values": {"api_key": secret}})[:-1]
        headers = {"content-type": "application/json"}
        assert post(path, content=broken, headers=headers).status_code == 400
        assert post(path, content=json.dumps(secret), headers=headers).status_code == 422
        assert post(path, content=secret, headers={"content-type": "text/plain"}).status_code == 415
        assert post(path + "/x", json={"api_key": secret}).status_code in {404, 405}
        self.door.get("/integrations", search=secret)
        self.door.client.get("/integrations", params={secret: "1", "limit": secret})
        self.door.client.get("/session", headers={"authorization": f"Bearer {secret}"})

    def sign_in_as_a_person(self) -> None:
        body = {"email": "ana@acme.example", "password": PERSON_PASSWORD, "role": "viewer"}
        self.door.post("/members", body)
        same_site = {"sec-fetch-site": "same-origin"}
        sign_in = {"email": "ana@acme.example", "password": PERSON_PASSWORD}
        for given in (sign_in, sign_in | {"email": "bo@acme.example"}, sign_in | {"password": PERSON_PASSWORD + "1"}):
            answer = self.door.client.post("/sessions", json=given, headers=same_site)
            assert answer.status_code == (201 if given is sign_in else 401)
        self.door.client.post("/members", json=body | {"role": PERSON_PASSWORD})

    def look_at_everything(self) -> None:
        door, client = self.door, self.door.client
        door.post(f"/actions/{self.executions[0]['action_id']}/preview", {"inputs": {}}, 200)
        for execution in self.executions:
            door.get(f"/executions/{execution['id']}")
        for path in (
            "/executions",
            "/integrations",
            "/audit-log",
            "/session",
            "/health",
            "/health/ready",
            "/secret-key",
        ):
            door.get(path)
        for kind in ("credentials", "actions", "proposed-hosts"):
            door.get(f"/integrations/{self.integration}/{kind}")
        exported = client.get(f"/integrations/{self.integration}/export")
        assert exported.status_code == 200
        door.post("/integrations/import", {"yaml": exported.text})
        root = str(client.base_url).removesuffix("/api/v1/")
        for path in ("/metrics", "/api/docs", "/api/docs.css", "/api/v1/openapi.json", "/health"):
            assert client.get(root + path).status_code == 200

    def change_the_credential(self) -> None:
        client, path = self.door.client, f"/credentials/{self.credential}"
        assert client.put(f"{path}/values", json={"values": CANARIES, "hosts": [self.url]}).status_code == 200
        assert client.put(f"{path}/values", json={"values": {}, "hosts": ["api.acme.com"]}).status_code == 422
        assert client.patch(path, json={"name": "Renamed"}).status_code == 200
        other = self.door.make_credential(self.integration, CANARIES, [self.url])
        assert client.delete(f"/credentials/{other}").status_code == 204

    def break_the_database(self, break_it: Callable[[], None]) -> None:
        """Faults of our own leave a traceback in the log; there, too, no value may stand."""
        working = self.executions[0]["action_id"]
        break_it()
        for path, body in (
            (f"/actions/{working}/executions", {"credential_id": self.credential}),
            (f"/actions/{working}/executions", {"credential_id": self.credential, "idempotency_key": "twice"}),
            (f"/integrations/{self.integration}/credentials", {"name": "B", "values": CANARIES, "hosts": [self.url]}),
            ("/members", {"email": "cy@acme.example", "password": PERSON_PASSWORD, "role": "viewer"}),
        ):
            answer = self.door.client.post(path, json=body)
            assert (answer.status_code, answer.json().get("code")) == (500, "internal_error"), answer.text


def test_a_canary_is_found_by_the_search_itself() -> None:
    for secret in SECRETS:
        for name, text in encodings(f"a {secret} b").items():
            assert find([secret], {"heap": text.encode()}), name
        assert find([secret], {"heap": json.dumps([secret]).encode()})
    assert find(["another secret"], {"heap": b"nothing"}) == []
    assert min(len(form) for secret in SECRETS for form in forms_of(secret)) > 20


def test_no_canary_stands_anywhere(process: RecadoProcess, upstream: EchoServer) -> None:
    recorder = Recorder()
    with process.client(event_hooks={"response": [recorder.note]}) as client:
        scenario = Scenario(Door(client), upstream)
        scenario.make()
        scenario.test_the_credential()
        scenario.run_all_kinds()
        scenario.echo_a_secret_into_an_output()
        scenario.trace()
        scenario.type_secrets_into_inputs()
        scenario.repeat_with_a_key()
        scenario.send_elsewhere()
        scenario.send_wrong_bodies()
        scenario.sign_in_as_a_person()
        scenario.look_at_everything()
        scenario.change_the_credential()
        scenario.break_the_database(lambda: refuse_rows(process))
        heap = {f"answer {number}": answer for number, answer in enumerate(recorder.answers)}
        secrets = [*SECRETS, process.key]
        found = find(secrets, heap | everything_kept(process))
    process.end()
    found += find(secrets, everything_kept(process))
    assert len(recorder.answers) > 100
    assert process.has_logged("unexpected_error", 4)
    sent = b"".join(upstream.requests)
    assert all(secret.encode() in sent for secret in CANARIES.values()), "the secrets were used"
    assert found == [], "\n".join(map(str, found))


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────

_REFUSED = ("executions", "credential_values", "audit_log")


def refuse_rows(process: RecadoProcess) -> None:
    """Let every new row of some tables fail with an error that no code of ours expects."""
    database = Database(process.settings)
    with database.begin() as connection:
        if database.is_sqlite:
            for table in _REFUSED:
                connection.execute(
                    sa.text(f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END")
                )
        else:
            body = "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'"
            connection.execute(sa.text(body))
            for table in _REFUSED:
                connection.execute(sa.text(f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} EXECUTE FUNCTION no()"))
    database.close()


def everything_kept(process: RecadoProcess) -> dict[str, bytes]:
    """The log, every file of the data folder with SQLite's journal, and every row of every table."""
    files = {str(path): path.read_bytes() for path in process.settings.data_dir.rglob("*") if path.is_file()}
    rows = _sqlite_rows(process) if process.settings.is_sqlite else _postgresql_rows(process)
    assert len(rows["table executions"]) > 10_000
    return {"log": process.log().encode(), **files, **rows}


def _sqlite_rows(process: RecadoProcess) -> dict[str, bytes]:
    with sqlite3.connect(f"file:{process.settings.sqlite_path}?mode=ro", uri=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {f"table {name}": _flat(connection.execute(f'SELECT * FROM "{name}"')) for name in tables}
    connection.close()
    return rows


def _postgresql_rows(process: RecadoProcess) -> dict[str, bytes]:
    with psycopg.connect(process.settings.database_url) as connection:
        listed = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        return {
            f"table {name}": _flat(connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))))
            for (name,) in listed.fetchall()
        }


def _flat(rows: Any) -> bytes:
    """Bytes as they are, everything else as text."""
    return b"\n".join(
        cell if isinstance(cell, bytes) else (cell if isinstance(cell, str) else json.dumps(cell, default=str)).encode()
        for row in rows
        for cell in row
    )
