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
    return {"channel": line.id, "batch": batch}


def _wait(is_so: Any) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.05)
