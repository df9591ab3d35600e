"""The programs of the guide that check a signature do so: with the right secret, with either of two, and with no other."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recado.webhooks.definition import EVENT_TYPES, PAUSES, PING
from recado.webhooks.signing import new_secret, sign

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "webhooks.md").read_text("utf-8")
BODY = '{"id": "evt_1", "type": "ping", "data": {"name": "Zoë"}}'.encode()
OWN, OTHER = new_secret(), new_secret()
Check = Callable[[str, dict[str, str], bytes], bool]
_NODE = """
const { secret, headers, body } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
process.stdout.write(String(isFromRecado(secret, headers, Buffer.from(body, "utf8"))));
"""


def code(language: str) -> str:
    """The guide's only block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return str(found)


def in_python() -> Check:
    names: dict[str, Any] = {}
    exec(compile(code("python"), "webhooks.md", "exec"), names)
    check: Check = names["is_from_recado"]
    return check


def in_node() -> Check:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node here")

    def check(secret: str, headers: dict[str, str], body: bytes) -> bool:
        given = json.dumps({"secret": secret, "headers": headers, "body": body.decode()})
        done = subprocess.run([node, "-e", code("js") + _NODE], input=given, capture_output=True, text=True, check=True)
        return {"true": True, "false": False}[done.stdout]

    return check


def headers_of(*secrets: str, age: int = 0) -> dict[str, str]:
    timestamp = int(time.time()) - age
    signature = sign(secrets, "evt_1", timestamp, BODY)
    return {"webhook-id": "evt_1", "webhook-timestamp": str(timestamp), "webhook-signature": signature}


@pytest.mark.parametrize("make", [in_python, in_node])
def test_the_programs_of_the_guide_tell_what_is_ours(make: Callable[[], Check]) -> None:
    check = make()
    assert check(OWN, headers_of(OWN), BODY)
    assert check(OWN, headers_of(OTHER, OWN), BODY)
    assert not check(OWN, headers_of(OTHER), BODY)
    assert not check(OWN, headers_of(OWN), BODY + b" ")
    assert not check(OWN, headers_of(OWN, age=3600), BODY)
    assert not check(OWN, headers_of(OWN) | {"webhook-id": "evt_2"}, BODY)
    assert not check(OWN, headers_of(OWN) | {"webhook-signature": "v1," + "é" * 44}, BODY)


def test_the_guide_names_every_event_and_pause() -> None:
    assert re.findall(r"^\| `([a-z_.]+)` \|", GUIDE, re.MULTILINE) == [*EVENT_TYPES, PING]
    units = {"second": 1, "minute": 60, "hour": 3600}
    table = re.findall(r"^\| (\d+) \| (\d+) (second|minute|hour)s? \|$", GUIDE, re.MULTILINE)
    found = [(int(attempt), int(count) * units[unit]) for attempt, count, unit in table]
    assert found == [(attempt, pause.total_seconds()) for attempt, pause in enumerate(PAUSES, start=2)]
    for example in re.findall(r"^```json\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL):
        assert json.loads(example)["type"] in EVENT_TYPES
