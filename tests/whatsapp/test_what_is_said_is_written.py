"""What we say becomes the payload that WhatsApp documents: a table of messages, many of them with a sample of Meta's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from recado.channels.whatsapp.limits import check_payload
from recado.channels.whatsapp.payloads import (
    Address,
    File,
    FormMessage,
    Message,
    ReactionMessage,
    Template,
    build,
    read_mark,
)
from recado.flows.events import Outgoing

DATA = Path(__file__).parents[1] / "testdata" / "whatsapp"
CASES: list[dict[str, Any]] = json.loads((DATA / "sent.json").read_text(encoding="utf-8"))
TYPES: dict[str, Any] = {
    "outgoing": Outgoing,
    "file": File,
    "form": FormMessage,
    "reaction": ReactionMessage,
    "template": Template,
}


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "graph_request" / f"{name}.json").read_text(encoding="utf-8"))["payload"]
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_is_written_as_documented(case: dict[str, Any]) -> None:
    ((kind, given),) = case["message"].items()
    message: Message = msgspec.convert(given, TYPES[kind])
    payload = build(
        message,
        msgspec.convert(case.get("to", {"wa_id": "16505551234"}), Address),
        reply_to=case.get("reply_to"),
        opaque=case.get("opaque"),
        file=msgspec.convert(case["file"], File) if "file" in case else None,
    )
    expected = sample(case["sample"]) if "sample" in case else case["payload"]
    if "sample" in case:
        expected["to"] = "+" + expected["to"].removeprefix("+")
    assert payload == expected
    assert check_payload(payload) == []


def test_reading_and_typing_are_told() -> None:
    expected = sample("graph_request.mark_read-02")
    assert read_mark(expected["message_id"]) == expected
    expected = sample("graph_request.typing_indicator-02")
    assert read_mark(expected["message_id"], is_typing=True) == expected
    assert check_payload(expected) == []


def test_to_nobody_is_found_before_it_is_sent() -> None:
    payload = build(Outgoing(type="text", text="Hi"), Address())
    assert [problem.code for problem in check_payload(payload)] == ["recipient_missing"]
