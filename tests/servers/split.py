"""Recado in two processes on one PostgreSQL database: what faces browsers, and what opens secrets; and a client that seals."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from recado.credentials.sealing import ALG, seal_secret, secret_info
from recado.ids import new_id
from recado.settings import load
from servers.process import RecadoProcess

TOKEN = "0123456789abcdef0123456789abcdef-split"


class Split:
    """Both processes; `api` makes the schema and a workspace, and either is started, ended and started again by itself."""

    def __init__(
        self, folder: Path, database_url: str, ports: Callable[[], int], *, api_database_url: str = "", **environ: str
    ) -> None:
        own = {"RECADO_EXECUTOR_TOKEN": TOKEN, "RECADO_SHUTDOWN_GRACE_SECONDS": "5", **environ}
        ends: list[RecadoProcess] = []
        executor_port = ports()
        for role, port in (("executor", executor_port), ("api", ports())):
            settings = load(
                {},
                data_dir=folder / role,
                database_url=database_url,
                port=port,
                egress_allow=("127.0.0.0/8",),
                log_level="info",
            )
            settings.data_dir.mkdir(parents=True)
            environ = {**own, "RECADO_ROLE": role}
            if role == "api":
                environ |= {"RECADO_EXECUTOR_URL": f"http://127.0.0.1:{executor_port}"}
                environ |= {"RECADO_DATABASE_URL": api_database_url or database_url}
            ends.append(RecadoProcess(settings, folder / f"{role}.log", environ=environ))
        self.executor, self.api = ends

    def start(self) -> None:
        """The executor first, since it keeps the schema."""
        self.executor.start()
        self.api.start()

    def close(self) -> None:
        """End both."""
        for process in (self.api, self.executor):
            process.close()


class SealingClient:
    """Calls the API as one caller, and seals every password value as browsers do."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def request(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The answer's JSON."""
        answer = self.client.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def make_integration(self, fields: Sequence[str] = ("api_key",), **more: Any) -> dict[str, Any]:
        """An integration with these password fields."""
        rows = [{"identifier": name, "type": "password", "required": True} for name in fields]
        data = {"name": "Validations", "auth": {"scheme": "api_key", "fields": rows}, **more}
        return dict(self.request("POST", "/integrations", data, 201))

    def seal(
        self, integration: dict[str, Any], credential_id: str, values: dict[str, str], hosts: list[str]
    ) -> dict[str, Any]:
        """Values as they travel."""
        key = self.request("GET", "/secret-key")
        public_key = base64.urlsafe_b64decode(key["public_key"] + "=")
        ids = {field["identifier"]: field["id"] for field in integration["auth"]["fields"]}

        def sealed(name: str, value: str) -> dict[str, str]:
            info = secret_info(key["workspace_id"], integration["id"], credential_id, ids[name])
            return {"kid": key["kid"], "alg": ALG, "sealed": seal_secret(public_key, value, hosts, info)}

        return {name: sealed(name, value) for name, value in values.items()}

    def make_credential(
        self, integration: dict[str, Any], values: dict[str, str], hosts: list[str], query: str = ""
    ) -> dict[str, Any]:
        """A credential bound to hosts."""
        own = new_id("crd")
        data = {"id": own, "name": "Production", "values": self.seal(integration, own, values, hosts), "hosts": hosts}
        return dict(self.request("POST", f"/integrations/{integration['id']}/credentials{query}", data, 201))

    def make_action(self, integration: dict[str, Any], request: dict[str, Any], **more: Any) -> dict[str, Any]:
        """An action."""
        data = {"name": "Action", "request": request, **more}
        return dict(self.request("POST", f"/integrations/{integration['id']}/actions", data, 201))

    def run(
        self, action: dict[str, Any], credential: dict[str, Any] | None = None, status: int = 200, **more: Any
    ) -> dict[str, Any]:
        """The execution of a live run, or the problem."""
        body = {"credential_id": credential and credential["id"], **more}
        return dict(self.request("POST", f"/actions/{action['id']}/executions", body, status))
