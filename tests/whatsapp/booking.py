"""A booking API that answers the screens of a form, and a form of one channel as its client on a phone sees it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from conftest import Workspace, free_port
from recado.channels.whatsapp.forms import client as phone
from servers.raw import RawServer, response

Json = dict[str, Any]
SECRET = "app-secret-4242"
SORRY = "That did not work just now. Please try again."
"""What a form says of a failure that has no words of its own."""
APPOINTMENT: Json = json.loads(
    (Path(__file__).parent.parent / "testdata" / "whatsapp" / "forms" / "appointment.json").read_text()
)
DAYS = {
    "hello": "Good morning",
    "days": [{"code": "2026-12-01", "label": "Tuesday", "note": "x"}, {"code": "2026-12-02", "label": "Wednesday"}],
}


class BookingServer(RawServer):
    """`/days`, `/details`, `/book`; `says` and `statuses` change what a path answers, `delays` when."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()
        self.bodies: list[Json] = []
        self.says: dict[str, Any] = {}
        self.statuses: dict[str, int] = {}
        self.delays: dict[str, float] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await self._record(reader):
            head, _, body = self.requests[-1].partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode().strip("/")
            self.calls[path] += 1
            if body:
                self.bodies.append(json.loads(body))
            await asyncio.sleep(self.delays.get(path, 0))
            answer = self.says.get(path, {"days": DAYS, "details": {"price": 12.50, "parking": True}}.get(path, {}))
            raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            writer.write(response(self.statuses.get(path, 200), raw, ["Content-Type: application/json"]))
            await writer.drain()


class FormDesk:
    """Makes a channel with a key, actions of the booking API, and forms."""

    def __init__(
        self, workspace: Workspace, api: str, base_url: str = "", channel_id: str = "", **channel: Any
    ) -> None:
        self.workspace, self.client, self.api = workspace, workspace.client(), api
        self.channel_id = channel_id or self._make_channel(base_url, **channel)
        self._integration_id = ""

    def _make_channel(self, base_url: str, **channel: Any) -> str:
        base_url = base_url or f"http://127.0.0.1:{free_port()}"
        settings = {"phone_number_id": "106540352242922", "waba_id": "102290129340398", "base_url": base_url, **channel}
        secrets = {"app_secret": SECRET, "verify_token": "verify-4242", "access_token": "token-4242"}
        made = self.client.post("/channels", json={"name": "Shop", "settings": settings, "secrets": secrets})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def make_key(self, **body: Any) -> Json:
        answer = self.client.post(f"/channels/{self.channel_id}/flow-key", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def make_action(self, path: str, inputs: dict[str, str], outputs: dict[str, str], **more: Any) -> str:
        """An action; inputs and outputs by name with their types, required where the type ends in `!`."""
        if not self._integration_id:
            self._integration_id = str(self.client.post("/integrations", json={"name": "Booking"}).json()["id"])
        entries = [{"key": key, "value": f"{{{{inputs.{key}}}}}"} for key in inputs]
        body = {"type": "json", "fields": entries}
        made = self.client.post(
            f"/integrations/{self._integration_id}/actions",
            json={
                "name": path,
                "inputs": [
                    {"key": key, "name": key, "type": type_.rstrip("!"), "required": type_.endswith("!")}
                    for key, type_ in inputs.items()
                ],
                "request": {"method": "POST", "endpoint": f"{self.api}/{path}", **({"body": body} if inputs else {})},
                "outputs": [
                    {"key": key, "name": key, "type": type_.rstrip("!"), "required": type_.endswith("!")}
                    for key, type_ in outputs.items()
                ],
                **more,
            },
        )
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def make_form(self, handlers: list[Json], **more: Any) -> Json:
        definition = {"flow_json": APPOINTMENT, "handlers": handlers, "language": "en", **more}
        made = self.client.post(
            f"/channels/{self.channel_id}/forms", json={"name": "Appointment", "definition": definition}
        )
        assert made.status_code == 201, made.text
        return dict(made.json())

    def make_appointment(self, **more: Any) -> Json:
        """The form of `appointment.json`, answered by three actions."""
        days = self.make_action("days", {}, {"hello": "string", "days": "json!"})
        details = self.make_action("details", {"day": "string!"}, {"price": "number!", "parking": "boolean"})
        book = self.make_action(
            "book", {"email": "string", "who": "string"}, {"summary": "string!", "accepted": "boolean"}
        )
        rows = {"each": "{{outputs.days}}", "item": {"id": "{{item.code}}", "title": "{{item.label}}"}}
        return self.make_form(
            [
                {
                    "ask": "INIT",
                    "action_id": days,
                    "next": {
                        "screen": "DAY",
                        "data": {"greeting": {"value": "{{outputs.hello}}, {{token.name}}"}, "days": rows},
                    },
                },
                {
                    "ask": "data_exchange",
                    "screen": "DAY",
                    "action_id": details,
                    "inputs": {"day": "{{data.day}}"},
                    "next": {
                        "screen": "DETAILS",
                        "data": {
                            "price": {"value": "{{outputs.price}}"},
                            "has_parking": {"value": "{{outputs.parking}}"},
                        },
                    },
                    "failures": {"http_4xx": {"message": "No free time on {{data.day}}."}},
                },
                {
                    "ask": "data_exchange",
                    "screen": "DETAILS",
                    "action_id": book,
                    "inputs": {"email": "{{data.email}}", "who": "{{token.name}}"},
                    "branches": [
                        {"value": "{{outputs.accepted}}", "equals": "false", "step": {"message": "Not this address."}}
                    ],
                    "next": {"screen": "SUMMARY", "data": {"summary": {"value": "{{outputs.summary}}"}}},
                },
                {"ask": "BACK", "screen": "DETAILS", "next": {"screen": "DETAILS", "data": {"price": {"value": 1}}}},
                {
                    "ask": "data_exchange",
                    "screen": "SUMMARY",
                    "next": {"screen": "SUCCESS", "data": {"day": {"value": "{{data.day}}"}, "sure": {"value": True}}},
                },
            ],
            **more,
        )


class Phone:
    """WhatsApp on somebody's phone, with one form open."""

    def __init__(self, desk: FormDesk, token: str = "") -> None:
        shown = desk.client.get(f"/channels/{desk.channel_id}/flow-key").json()
        assert shown["is_set"]
        self.public_key, self.token = str(shown["public_key"]), token
        self.path = "/api/v1" + str(shown["endpoint_url"]).partition("/api/v1")[2]
        clients = desk.workspace.clients  # closed with the workspace
        if "nobody" not in clients:
            clients["nobody"] = httpx.Client(base_url=desk.workspace.url, timeout=120, trust_env=False)
        self._http = clients["nobody"]

    def request(self, action: str, screen: str = "", data: Json | None = None, **more: Any) -> phone.Request:
        asked = {"action": action, "screen": screen, "data": data or {}, **more}
        return phone.ask(self.public_key, SECRET.encode(), asked, self.token)

    def send(self, request: phone.Request, body: bytes | None = None, signature: str | None = None) -> httpx.Response:
        headers = {"content-type": "application/json"}
        if signature != "":
            headers["x-hub-signature-256"] = signature or request.signature
        return self._http.post(self.path, content=request.body if body is None else body, headers=headers)

    def asks(self, action: str, screen: str = "", data: Json | None = None, **more: Any) -> Json:
        """Ask, and what the answer holds."""
        request = self.request(action, screen, data, **more)
        answer = self.send(request)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/plain")
        found = request.read(answer.text)
        assert found is not None
        return found
