"""A way in over HTTP for the tests of this folder: what they make and run, in one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import httpx


class Door:
    """Calls our API as one caller; what is refused fails the test unless its status was asked for."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def post(self, path: str, body: Any = None, status: int = 201) -> Any:
        """The answer's JSON."""
        answer = self.client.post(path, json={} if body is None else body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        """The answer's JSON."""
        answer = self.client.patch(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        """The answer's JSON."""
        answer = self.client.get(path, params=query)
        assert answer.status_code == status, answer.text
        return answer.json()

    def make_integration(self, fields: Mapping[str, str] | None = None, **changes: Any) -> str:
        """The id of an integration with authentication fields `{identifier: type}`."""
        integration_id = str(self.post("/integrations", {"name": "Upstream"})["id"])
        if fields:
            rows = [{"identifier": name, "type": type_, "required": False} for name, type_ in fields.items()]
            changes = {"auth": {"scheme": "api_key", "fields": rows, **changes.pop("auth", {})}, **changes}
        if changes:
            self.patch(f"/integrations/{integration_id}", changes)
        return integration_id

    def make_credential(self, integration_id: str, values: Mapping[str, Any], hosts: Iterable[str]) -> str:
        """The id of a credential bound to `hosts`."""
        body = {"name": "Account", "values": dict(values), "hosts": list(hosts)}
        return str(self.post(f"/integrations/{integration_id}/credentials", body)["id"])

    def make_action(
        self,
        integration_id: str,
        request: Mapping[str, Any],
        inputs: Mapping[str, str] | None = None,
        outputs: Iterable[Mapping[str, Any]] = (),
        **more: Any,
    ) -> str:
        """The id of an action with required inputs `{key: type}`."""
        rows = [{"key": key, "name": key, "type": type_, "required": True} for key, type_ in (inputs or {}).items()]
        body = {"name": "Action", "inputs": rows, "request": request, "outputs": list(outputs), **more}
        return str(self.post(f"/integrations/{integration_id}/actions", body)["id"])

    def run(self, action_id: str, credential_id: str | None = None, **inputs: Any) -> dict[str, Any]:
        """The execution of a live run."""
        body = {"credential_id": credential_id, "inputs": inputs}
        return dict(self.post(f"/actions/{action_id}/executions", body, 200))
