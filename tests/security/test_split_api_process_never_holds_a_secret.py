"""In two processes: what a client sealed is nowhere in the memory of the one that faces it, in any form; the executor has it."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import psycopg
import pytest

from security.canaries import find, forms_of
from servers.background import Background
from servers.echo import EchoServer
from servers.memory import memory_of
from servers.split import SealingClient, Split

FIRST = 'canary-K5-first+7Qx31/vB20=="mW&<z>%41'
SECOND = "canary-K5-second+9Zk44/tR81==mW&<z>"
TYPED = "marker-of-what-the-api-process-does-hold-52"


@pytest.fixture(scope="module")
def upstream(background: Background) -> Iterator[EchoServer]:
    with background.serving(EchoServer()) as server:
        yield server


class Day:
    """What people do with a secret; the API that is called sends it back in every form it can."""

    def __init__(self, client: SealingClient, url: str) -> None:
        self.client = client
        self.url = url

    def begin(self) -> None:
        test_request = {"method": "GET", "endpoint": f"{self.url}/headers/test", "headers": self._headers()}
        self.integration = self.client.make_integration(test_request=test_request, description=TYPED)
        self.credential = self.client.make_credential(
            self.integration, {"api_key": FIRST}, [self.url], query="?test=true"
        )
        assert self.credential["last_test"]["verdict"] == "accepted"

    def run_everything(self) -> None:
        for path in ("/ok", "/headers/ok", "/plain", "/status/401", "/secret", "/cut"):
            body = {"type": "json", "json": {"key": "{{auth.api_key}}"}}
            request = {"method": "POST", "endpoint": self.url + path, "headers": self._headers(), "body": body}
            output = {"key": "id", "name": "Id", "type": "string", "required": False}
            action = self.client.make_action(self.integration, request, outputs=[output])
            execution = self.client.run(action, self.credential)
            self.client.run(action, self.credential, idempotency_key="once")
            self.client.request("GET", f"/executions/{execution['id']}")
            values = {"credential_id": self.credential["id"], "inputs": {}}
            self.client.request("POST", f"/actions/{action['id']}/test", values)
            self.client.request("POST", f"/actions/{action['id']}/preview", values)
        self.client.request("POST", f"/credentials/{self.credential['id']}/test")
        self.client.request("GET", f"/integrations/{self.integration['id']}/credentials")
        self.client.request("GET", "/executions")
        self.client.request("GET", "/audit-log")

    def type_it_anew(self) -> None:
        path = f"/credentials/{self.credential['id']}/values"
        for hosts in ([self.url], [self.url, "https://api.acme.com"]):
            values = self.client.seal(self.integration, self.credential["id"], {"api_key": SECOND}, hosts)
            self.client.request("PUT", path, {"values": values, "hosts": hosts})
            wrong = {"values": values | {"nothing": values["api_key"]}, "hosts": hosts}
            self.client.request("PUT", path, wrong, 422)

    @staticmethod
    def _headers() -> list[dict[str, str]]:
        return [
            {"key": "X-Key", "value": "{{auth.api_key}}"},
            {"key": "Authorization", "value": "Bearer {{auth.api_key}}"},
        ]


def test_no_secret_is_in_the_memory_of_the_api_process(split: Split, upstream: EchoServer) -> None:
    with split.api.client() as client:
        day = Day(SealingClient(client), upstream.url)
        day.begin()
        early = find([FIRST], memory_of(split.api))
        opens_secrets = {FIRST: memory_of(split.executor)}  # while it is in use: what is opened is soon forgotten
        day.run_everything()
        day.type_it_anew()
        day.run_everything()
        opens_secrets[SECOND] = memory_of(split.executor)
    assert all(secret.encode() in b"".join(upstream.requests) for secret in (FIRST, SECOND)), "the secrets were used"
    faces_browsers = memory_of(split.api)
    assert any(TYPED.encode() in region for region in faces_browsers.values()), "what it does hold is found"
    for secret, memory in opens_secrets.items():
        assert any(secret.encode() in region for region in memory.values()), "the search finds what is there"
        assert len(forms_of(secret)) > 10
    assert early + find([FIRST, SECOND], faces_browsers) == []
    kept = {"api log": split.api.log().encode(), "executor log": split.executor.log().encode()}
    assert find([FIRST, SECOND], kept) == []


def test_the_api_process_holds_no_key_that_opens_one(split: Split) -> None:
    """Neither the key-encryption key, nor a folder for it, nor a private key as it is stored, wrapped."""
    master = (split.executor.settings.data_dir / "keys" / "master.key").read_bytes().strip()
    assert not (split.api.settings.data_dir / "keys").exists()
    with split.api.client() as client:
        SealingClient(client).request("GET", "/secret-key")
    with psycopg.connect(split.executor.settings.database_url) as connection:
        wrapped = [row[0].encode() for row in connection.execute("SELECT private_key_wrapped FROM sealing_keys")]
    keys = [master, base64.b64decode(master), *wrapped]
    faces_browsers, opens_secrets = memory_of(split.api), memory_of(split.executor)
    assert not any(key in region for key in keys for region in faces_browsers.values())
    assert any(wrapped[0] in region for region in opens_secrets.values()), "the search finds what is there"


def test_a_password_that_is_not_sealed_is_refused(split: Split) -> None:
    with split.api.client() as client:
        own = SealingClient(client)
        integration = own.make_integration()
        path = f"/integrations/{integration['id']}/credentials"
        plain = {"api_key": "typed-in-the-clear"}
        told = own.request("POST", path, {"name": "Plain", "values": plain, "hosts": ["api.acme.example"]}, 422)
        assert told["code"] == "secret_must_be_sealed"
        made = own.request("POST", path, {"name": "Empty", "values": {}}, 201)
        told = own.request(
            "PUT", f"/credentials/{made['id']}/values", {"values": plain, "hosts": ["a.example.com"]}, 422
        )
        assert told["code"] == "secret_must_be_sealed"
        assert own.request("GET", "/secrets")["is_client_sealing_required"] is True
