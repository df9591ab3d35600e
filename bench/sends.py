"""What it costs to send: one number at WhatsApp's full pace, from the outbox to the stand-in's answers.

    python bench/sends.py [--seconds 15] [--database-url postgresql://…]

The stand-in runs in a process of its own; ours is a whole one without HTTP in front. CPU is ours alone. Writes the figure
into bench/README.md unless `--dry`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
import structlog
import uvloop

from recado.accounts import service as accounts
from recado.app import build_app
from recado.db.columns import utc_now
from recado.db.tables import contacts, conversations, flow_versions, messages, outbox, workspaces
from recado.emulator.whatsapp.app import WhatsAppServer
from recado.emulator.whatsapp.setting_up import new_world
from recado.ids import new_id
from recado.parts import Parts, open_parts
from recado.settings import load

PER_SECOND = 80
PEOPLE = 400
GOAL = 15.0
LATEST = 20.0
_MARKS = ("<!-- sends -->", "<!-- /sends -->")


def main() -> int:
    """Measure, print, and keep the figure; 1 where it is over the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--dry", action="store_true", help="leave bench/README.md as it is")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with _stand_in() as graph, tempfile.TemporaryDirectory(prefix="recado-sends-", dir=Path(__file__).parent) as folder:
        found = uvloop.run(_measure(graph, Path(folder), options))
    kind = "PostgreSQL" if options.database_url else "SQLite"
    share = found["cpu"] / found["seconds"] * 100
    line = (
        f"{kind}: {found['count']} messages in {found['seconds']:.1f} s, {found['count'] / found['seconds']:.0f} a second;"
        f" {found['cpu'] / found['count'] * 1e6:,.0f} µs of CPU a message, {share:.1f} % of a core (goal: under {GOAL:.0f} %)."
    )
    print(line)
    if not options.dry:
        _keep(line)
    return int(share >= GOAL)


@contextlib.contextmanager
def _stand_in() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, __file__, "stand-in"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(10)


async def _serve() -> None:
    world = new_world(identity="bench")
    world.options.ladder = []
    world.options.window = "off"
    world.options.per_second = PER_SECOND * 1.1
    async with WhatsAppServer(world) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


async def _measure(graph: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    settings = load(
        {},
        data_dir=folder,
        database_url=options.database_url,
        egress_allow=("127.0.0.0/8",),
        example_port=0,
        log_level="error",
    )
    count = int(PER_SECOND * options.seconds)
    async with open_parts(settings) as parts:
        channel_id = await _fill(parts, graph, count)
        cpu, begun = time.process_time(), time.monotonic()
        parts.sender.said(channel_id)
        while (left := await parts.database.read(_left, channel_id)) > 0:
            assert time.monotonic() - begun < LATEST + options.seconds, f"{left} are not sent"
            await asyncio.sleep(0.5)
        return {"cpu": time.process_time() - cpu, "seconds": time.monotonic() - begun, "count": count}


async def _fill(parts: Parts, graph: str, count: int) -> str:
    """A channel, people who have just written, and what is to be sent to them."""
    workspace_id, key = await parts.database.write(_workspace)
    async with httpx.AsyncClient(trust_env=False) as asking:
        told = (await asking.get(f"{graph}/_standin")).json()
    transport = httpx.ASGITransport(app=build_app(parts))
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench/api/v1", headers=headers) as client:
        block = {"id": "q", "type": "question", "text": "?"}
        flow = await client.post("/flows", json={"name": "Bench", "definition": {"start": "q", "blocks": [block]}})
        flow.raise_for_status()
        published = await client.post(f"/flows/{flow.json()['id']}/publish", json={})
        published.raise_for_status()
        names = {name: told[name] for name in ("phone_number_id", "waba_id")}
        secrets = {"access_token": told["token"], "app_secret": told["app_secret"]}
        made = await client.post(
            "/channels",
            json={
                "name": "Bench",
                "settings": {**names, "base_url": graph, "sends_per_second": PER_SECOND},
                "secrets": secrets,
            },
        )
        made.raise_for_status()
    channel_id = str(made.json()["id"])
    await parts.database.write(_messages, workspace_id, flow.json()["id"], channel_id, count)
    return channel_id


def _workspace(connection: sa.Connection) -> tuple[str, str]:
    workspace_id = new_id("wsp")
    connection.execute(workspaces.insert().values(id=workspace_id, name="Bench", created_at=utc_now()))
    return workspace_id, accounts.create_api_key(connection, accounts.system_caller(workspace_id), "bench", "owner")[1]


def _messages(connection: sa.Connection, workspace_id: str, flow_id: str, channel_id: str, count: int) -> None:
    now = utc_now()
    version_id = connection.scalar(sa.select(flow_versions.c.id).where(flow_versions.c.flow_id == flow_id))
    assert version_id is not None
    own = {"workspace_id": workspace_id, "channel_id": channel_id, "created_at": now}
    people = [
        {**own, "id": new_id("cnt"), "phone": f"1555{number:07}", "last_message_at": now, "updated_at": now}
        for number in range(PEOPLE)
    ]
    talks = [
        {
            **own,
            "id": new_id("cnv"),
            "flow_id": flow_id,
            "version_id": version_id,
            "contact_key": person["id"],
            "contact": {},
            "status": "waiting",
            "state": json.dumps({"frames": [{"flow": version_id, "block_id": "q"}]}),
            "begun_with": {},
            "turn": 0,
            "last_message": count,
            "last_step": 0,
            "updated_at": now,
        }
        for person in people
    ]
    said = [
        {
            **own,
            "id": new_id("msg"),
            "conversation_id": talks[number % PEOPLE]["id"],
            "number": number,
            "direction": "out",
            "content": json.dumps({"type": "text", "text": f"Your order {number} is on its way."}),
            "block_id": "q",
            "visit": 1,
            "status": "queued",
        }
        for number in range(count)
    ]
    waiting = [
        {
            "message_id": message["id"],
            "workspace_id": workspace_id,
            "channel_id": channel_id,
            "contact_id": people[number % PEOPLE]["id"],
            "due_at": now + dt.timedelta(microseconds=number),
            "tries": 0,
        }
        for number, message in enumerate(said)
    ]
    for table, rows in ((contacts, people), (conversations, talks), (messages, said), (outbox, waiting)):
        connection.execute(sa.insert(table), rows)


def _left(connection: sa.Connection, channel_id: str) -> int:
    return (
        connection.scalar(sa.select(sa.func.count()).select_from(outbox).where(outbox.c.channel_id == channel_id)) or 0
    )


def _keep(line: str) -> None:
    path = Path(__file__).parent / "README.md"
    before, rest = path.read_text().split(_MARKS[0])
    path.write_text(f"{before}{_MARKS[0]}\n\n{line}\n\n{_MARKS[1]}{rest.split(_MARKS[1])[1]}")


if __name__ == "__main__":
    if sys.argv[1:] == ["stand-in"]:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve())
    else:
        sys.exit(main())
