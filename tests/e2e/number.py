"""A WhatsApp number at a stand-in, with people, a batch and a form, for whoever looks at its screens."""

from __future__ import annotations

import time
from typing import Any, Final

from e2e.harness import Api
from recado.emulator.whatsapp.app import WhatsAppServer
from recado.emulator.whatsapp.setting_up import new_world
from servers.background import Background
from whatsapp.driver import Graph
from whatsapp.talking import Line

PEOPLE: Final = ("Ana Silva", "Ben Ito", "Eva Sol", "Luz Rey", "Max Roth", "Noa Levi", "Ola Berg", "Pia Lund")
REMINDER: Final = "Hello {{1}}, we expect you on *{{2}}* at 10:00."


def fill_number(api: Api, url: str, flow_id: str) -> dict[str, str]:
    """Fill it with a published flow; the ids that addresses need. The stand-in ends with this process."""
    graph = Graph(Background().run(WhatsAppServer(new_world(identity="looked-at")).__aenter__()).url)
    graph.new_template("reminder", "en", [{"type": "BODY", "text": REMINDER}])
    line = Line(api.client, url, graph, flow_id)
    api.post(f"/channels/{line.id}/check")
    people = [graph.person(name, phone=f"155501002{place:02}") for place, name in enumerate(PEOPLE)]
    for person in people[:3]:
        person.says("Hello")
        person.sees()
    people[1].says("stop")
    people[1].sees("hear")
    known = {one["name"]: one["id"] for one in api.get("/contacts")["items"]}
    api.patch(f"/contacts/{known[PEOPLE[2]]}", {"paused": True})
    body = {
        "flow_id": flow_id,
        "channel_id": line.id,
        "template": {"name": "reminder", "language": "en", "parameters": ["", "Monday"]},
        "contacts": [
            {"phone": person.phone, "name": person.name, "parameters": [person.name.split()[0], "Monday"]}
            for person in people
        ],
    }
    batch: str = api.post("/batches", body)["id"]
    _wait(lambda: api.get(f"/batches/{batch}")["delivered"] == len(PEOPLE) - 3)
    people[5].reads()
    people[6].reads()
    _wait(lambda: api.get(f"/batches/{batch}")["read"] == 2)  # the two above
    return {"channel": line.id, "batch": batch, "form": _form(api, line.id)}


def _form(api: Api, channel_id: str) -> str:
    """A form whose first screen the worked example answers, and whose key the stand-in has."""
    api.post(f"/channels/{channel_id}/flow-key", {})
    [integration] = api.get("/integrations")["items"]
    actions = {one["name"]: one["id"] for one in api.get(f"/integrations/{integration['id']}/actions")["items"]}
    [credential] = api.get(f"/integrations/{integration['id']}/credentials")["items"]
    handler = {
        "ask": "data_exchange",
        "screen": "ACCOUNT",
        "action_id": actions["Create user validation"],
        "credential_id": credential["id"],
        "inputs": {"account_id": "{{data.account}}"},
        "next": {"screen": "CODE", "data": {"validation": {"value": "{{outputs.validation_id}}"}}},
        "failures": {"http_4xx": {"message": "There is no such account."}},
    }
    ask = {"type": "Footer", "label": "Go on", "on-click-action": {"name": "data_exchange", "payload": {}}}
    layout = {"type": "SingleColumnLayout", "children": [ask]}
    screens: list[dict[str, Any]] = [
        {"id": "ACCOUNT", "title": "Your account", "data": {}, "layout": layout},
        {
            "id": "CODE",
            "title": "Your code",
            "terminal": True,
            "data": {"validation": {"type": "string"}},
            "layout": {},
        },
    ]
    flow_json = {
        "version": "7.3",
        "data_api_version": "4.0",
        "routing_model": {"ACCOUNT": ["CODE"]},
        "screens": screens,
    }
    definition = {"flow_json": flow_json, "handlers": [handler], "language": "en"}
    body = {"name": "Log in", "flow_id": "100200300400500", "definition": definition}
    form_id: str = api.post(f"/channels/{channel_id}/forms", body)["id"]
    return form_id


def _wait(is_so: Any) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.05)
