"""What each kind of message says: a table of messages, each with what is understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from recado.channels.whatsapp.inbound import read_delivery
from recado.channels.whatsapp.updates import InboundMessage, OtherUpdate, StatusUpdate, Update

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "testdata" / "whatsapp" / "messages.json").read_text(encoding="utf-8")
)
EMPTY = {"subcode": None, "type": "", "message": "", "details": "", "status": None, "retry_after_seconds": None}


def read(field: str | None = "messages", **value: Any) -> Update:
    change = {"value": {"metadata": {"phone_number_id": "7"}, **value}} | ({"field": field} if field else {})
    (update,) = read_delivery(json.dumps({"entry": [{"id": "9", "changes": [change]}]}).encode()).updates
    return update


def read_message(**message: Any) -> InboundMessage:
    update = read(messages=[{"from": "15550100001", "id": "wamid.1", "timestamp": "1700000000", **message}])
    assert isinstance(update, InboundMessage)
    return update


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_says_what_it_says(case: dict[str, Any]) -> None:
    update = read_message(**case["message"])
    content = msgspec.to_builtins(update.content)
    for error in content.get("errors", ()):
        for name in set(error) - {"code", "title"}:
            assert not error.pop(name)
    for name in ("old", "new"):
        if content.get(name) == {"part": "Identity"}:
            del content[name]
    expected = case["content"]
    if expected["part"] == "system":
        expected = {"old": {"part": "Identity", "wa_id": "15550100001"}, **expected}
        content = {"old": {"part": "Identity", "wa_id": "15550100001"}, **content}
    assert content == expected
    assert update.kind == expected["part"]
    assert (update.waba_id, update.phone_number_id, update.message_id, update.at) == ("9", "7", "wamid.1", 1700000000)
    assert update.raw["from"] == "15550100001"


def test_errors_beside_a_message_that_says_nothing_are_its_own() -> None:
    update = read(messages=[{"id": "1", "type": "interactive"}], errors=[{"code": 131000}])
    assert isinstance(update, InboundMessage)
    assert msgspec.to_builtins(update.content)["code"] == 131000


def test_what_surrounds_a_message_is_kept() -> None:
    update = read_message(
        type="text",
        text={"body": "x"},
        context={"id": "wamid.0", "from": "7"},
        referral={"source_id": "ad"},
        group_id="g",
    )
    assert (update.context_id, update.referral, update.group_id) == ("wamid.0", {"source_id": "ad"}, "g")
    update = read_message(type="text", text={"body": "x"}, context=None, referral="ad")
    assert (update.context_id, update.referral, update.group_id, update.is_history) == (None, None, None, False)


@pytest.mark.parametrize(
    ("given", "at"),
    [("1700000001", 1700000001), (1700000000, 1700000000), (1700000000.0, 1700000000), ("soon", None), ("", None), (-5, None),
     (0, None), (10**15, None), (True, None), ("1" * 40, None), ("\u0661\u0667", None), (None, None)],
)  # fmt: skip
def test_times_are_seconds(given: Any, at: int | None) -> None:
    assert read_message(type="text", text={"body": "x"}, timestamp=given).at == at


def test_what_is_too_long_to_be_an_id_is_none() -> None:
    update = read_message(
        type="text", text={"body": "x"}, id="w" * 300, **{"from": "1" * 40, "from_user_id": "U" * 141}
    )
    assert (update.message_id, update.sender.wa_id, update.sender.user_id) == (None, None, None)


def test_an_old_message_is_told_apart() -> None:
    update = read("history", messages=[{"id": "1", "from": "15550100001", "type": "text", "text": {"body": "x"}}])
    assert isinstance(update, InboundMessage)
    assert update.is_history
    assert isinstance(read("history", history=[{"phase": 0}]), OtherUpdate)


def test_statuses_carry_what_we_sent_along() -> None:
    status = {"id": "wamid.1", "status": "failed", "recipient_id": "US.abc", "biz_opaque_callback_data": "msg_1",
              "errors": [{"code": 131047, "error_data": {"details": "late"}, "href": "x"}]}  # fmt: skip
    update = read(statuses=[status])
    assert isinstance(update, StatusUpdate)
    assert (update.opaque, update.rank, update.recipient_id, update.recipient_user_id) == ("msg_1", 3, None, "US.abc")
    assert [(error.code, error.details) for error in update.errors] == [(131047, "late")]
    update = read(statuses=[{"id": "wamid.1", "status": "read", "recipient_id": "g1", "recipient_type": "group"}])
    assert isinstance(update, StatusUpdate)
    assert update.group_id == "g1"
