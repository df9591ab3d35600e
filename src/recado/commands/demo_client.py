"""A small client of the HTTP API on the standard library, with the steps of the worked example."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from recado.emulator import example
from recado.errors import DemoFailed

_SECONDS: Final = 30.0


class ApiClient:
    """Calls one server with one key; each call opens its own connection."""

    def __init__(self, url: str, key: str) -> None:
        self.url: Final = url
        self._headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}

    def get(self, path: str) -> Any:
        """`GET /api/v1{path}`, decoded. Raises DemoFailed for any answer but 2xx."""
        return self._call("GET", path, None)

    def post(self, path: str, body: Any) -> Any:
        """`POST /api/v1{path}`, decoded. Raises DemoFailed for any answer but 2xx."""
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: Any) -> Any:
        data = None if body is None else json.dumps(body).encode()
        status, answer = send(method, f"{self.url}/api/v1{path}", data, self._headers)
        decoded = json.loads(answer) if answer else None
        if not 200 <= status < 300:
            problem = decoded if isinstance(decoded, dict) else {}
            raise DemoFailed(reason=f"{method} {path} answered {status} {problem.get('detail') or problem.get('code')}")
        return decoded


def send(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
    """One request and its answer's status and body. Raises DemoFailed when there is none."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request(method, parts.path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as problem:
        raise DemoFailed(reason=f"{method} {parts.path} got no answer ({type(problem).__name__})") from problem
    finally:
        connection.close()


@dataclass
class WorkedExample:
    """The example, built through the HTTP API."""

    client: ApiClient
    emulator_url: str
    emulator_key: str
    integration: dict[str, Any] = field(default_factory=dict)
    credential: dict[str, Any] = field(default_factory=dict)
    create: dict[str, Any] = field(default_factory=dict)
    validate: dict[str, Any] = field(default_factory=dict)
    flow: dict[str, Any] = field(default_factory=dict)

    def define(self) -> dict[str, Any]:
        """Integration, credential, both actions and the published flow; the execution of the credential's test. Raises DemoFailed."""
        self.integration = self.client.post("/integrations", example.integration(self.emulator_url))
        below = f"/integrations/{self.integration['id']}"
        self.credential = self.client.post(f"{below}/credentials", example.credential(self.emulator_key))
        self.create = self.client.post(f"{below}/actions", example.create_validation(self.emulator_url))
        self.validate = self.client.post(f"{below}/actions", example.validate_code(self.emulator_url))
        tested = self.client.post(f"/credentials/{self.credential['id']}/test", None)
        if tested["verdict"] != "accepted":
            raise DemoFailed(reason=f"the test of the credential ended as {tested['verdict']} ({tested['outcome']})")
        ids = (made["id"] for made in (self.integration, self.credential, self.create, self.validate))
        self.flow = self.client.post("/flows", example.log_in(*ids))
        self.client.post(f"/flows/{self.flow['id']}/publish", {"note": "As the demonstration makes it."})
        return dict(tested)

    def preview(self, action: dict[str, Any], inputs: dict[str, Any]) -> str:
        """The exact bytes of the request these inputs make, secrets as blocks."""
        told = self.client.post(f"/actions/{action['id']}/preview", self._body(inputs))
        return str(told["request"])

    def run(self, action: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
        """Run an action; its execution."""
        return dict(self.client.post(f"/actions/{action['id']}/executions", self._body(inputs)))

    def _body(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return {"inputs": inputs, "credential_id": self.credential["id"]}


class Chat:
    """A conversation with a published flow, by the simulator."""

    def __init__(self, client: ApiClient, flow_id: str) -> None:
        self._client = client
        begun = client.post("/simulator/conversations", {"flow_id": flow_id, "version": 1})
        self.status = str(begun["status"])
        self._path = f"/simulator/conversations/{begun['id']}/messages"

    def say(self, text: str) -> list[str]:
        """Write, and read what is answered. Raises DemoFailed."""
        told = self._client.post(self._path, {"text": text})
        self.status = str(told["status"])
        return [str(message.get("text", "")) for message in told["messages"]]
