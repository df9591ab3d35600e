"""Whatever comes to the webhook is read without an exception, and what is in it is found in its order."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recado.channels.whatsapp.inbound import read_delivery
from recado.channels.whatsapp.updates import (
    AccountProblem,
    Delivery,
    Echo,
    InboundMessage,
    OtherUpdate,
    StatusUpdate,
)

DATA = Path(__file__).parents[1] / "testdata" / "whatsapp"
FILES = sorted((DATA / "webhook").glob("*.json"))
CORPUS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
ODD = [
    (case["body"], case["updates"], case["problems"])
    for case in json.loads((DATA / "odd_deliveries.json").read_text(encoding="utf-8"))
]


def read(payload: Any) -> Delivery:
    return read_delivery(json.dumps(payload).encode())


@pytest.mark.parametrize("name", CORPUS)
def test_each_sample_gives_what_is_in_it(name: str) -> None:
    delivery = read(CORPUS[name]["payload"])
    expected = CORPUS[name]["expect"] or {"messages": [], "statuses": []}
    assert [_message(update) for update in delivery.updates if isinstance(update, InboundMessage)] == expected[
        "messages"
    ]
    assert [_status(update) for update in delivery.updates if isinstance(update, StatusUpdate)] == expected["statuses"]
    assert bool(delivery.problems) == (name == "webhook.malformed-01")
    assert delivery.updates or delivery.problems
    assert msgspec.json.encode(delivery)


def _message(update: InboundMessage) -> dict[str, Any]:
    raw = update.raw
    assert update.sender.wa_id == (raw.get("from") or update.sender.wa_id)
    assert update.sender.user_id == (raw.get("from_user_id") or update.sender.user_id)
    assert update.sender.wa_id or update.sender.user_id
    return {
        "id": update.message_id,
        "type": update.type,
        "from": raw.get("from"),
        "from_user_id": raw.get("from_user_id"),
        "phone_number_id": update.phone_number_id,
    }


def _status(update: StatusUpdate) -> dict[str, Any]:
    assert update.recipient_id == (update.raw.get("recipient_id") or None)
    return {
        "id": update.message_id,
        "status": update.status,
        "recipient_id": update.raw.get("recipient_id"),
        "recipient_user_id": update.recipient_user_id,
        "error_codes": [error.code for error in update.errors],
        "phone_number_id": update.phone_number_id,
    }


def test_every_sample_is_there() -> None:
    assert len(CORPUS) == 148
    assert sum(len((case["expect"] or {"messages": []})["messages"]) for case in CORPUS.values()) == 76


def test_other_fields_are_kept_as_they_came() -> None:
    kinds = {name: {type(update) for update in read(case["payload"]).updates} for name, case in CORPUS.items()}
    assert kinds["webhook.field.account_update-09"] == {OtherUpdate}
    assert kinds["webhook.batch-03"] == {InboundMessage, OtherUpdate}
    assert kinds["webhook.field.smb_message_echoes-05"] == {Echo}
    assert kinds["webhook.value_errors-04"] == {AccountProblem}
    assert kinds["webhook.value_errors-02"] == {OtherUpdate}  # its errors are those of a form
    (other,) = read(CORPUS["webhook.field.None-01"]["payload"]).updates
    assert isinstance(other, OtherUpdate)
    assert (other.field, other.raw["event"], other.at) == ("account_update", "PARTNER_APP_INSTALLED", 1745337174)


@pytest.mark.parametrize(("body", "updates", "problems"), ODD)
def test_odd_bodies_give_what_can_be_read(body: str, updates: list[str], problems: list[str]) -> None:
    delivery = read_delivery(body.encode("latin-1"))
    assert [type(update).__name__ for update in delivery.updates] == updates
    assert delivery.problems == problems
    assert msgspec.json.encode(delivery)


@pytest.mark.parametrize("piece", [b"[", b'{"entry":[', b'{"entry":{"changes":'])
def test_a_body_nested_without_end_is_read(piece: bytes) -> None:
    assert read_delivery(piece * 100_000).problems == ["body: JSON expected"]
    closing = {b"[": b"]", b"{": b"}"}
    whole = piece * 100_000 + b"1" + b"".join(closing.get(bytes([byte]), b"") for byte in reversed(piece)) * 100_000
    assert read_delivery(whole).problems == ["body: JSON expected"]


def test_a_batch_of_a_thousand_is_fully_read() -> None:
    messages = [
        {
            "from": f"1555010{number:04}",
            "id": f"wamid.{number}",
            "timestamp": "1700000000",
            "type": "text",
            "text": {"body": str(number)},
        }
        for number in range(900)
    ]
    contacts = [{"wa_id": f"1555010{number:04}", "profile": {"name": f"P{number}"}} for number in reversed(range(900))]
    statuses = [{"id": f"wamid.out{number}", "status": "read", "timestamp": "1700000000"} for number in range(100)]
    value = {"metadata": {"phone_number_id": "1"}, "contacts": contacts, "messages": messages, "statuses": statuses}
    found = read(
        {
            "object": "whatsapp_business_account",
            "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
        }
    )
    assert len(found.updates) == 1000
    for number, update in enumerate(found.updates[:900]):
        assert isinstance(update, InboundMessage)
        assert (update.message_id, update.sender.name) == (f"wamid.{number}", f"P{number}")


def test_two_people_of_one_batch_keep_their_own_names() -> None:
    value = {
        "metadata": {"phone_number_id": "1"},
        "contacts": [
            {"wa_id": "15550100001", "user_id": "US.1", "profile": {"name": "One"}},
            {"user_id": "US.2", "wa_id": "", "profile": {"name": "Two", "username": "@two"}},
        ],
        "messages": [
            {"from_user_id": "US.2", "from": "", "id": "b", "type": "text", "text": {"body": "b"}},
            {"from": "+15550100001", "id": "a", "type": "text", "text": {"body": "a"}},
            {"from": "15550100003", "id": "c", "type": "text", "text": {"body": "c"}},
            {"from": "US.2", "id": "d", "type": "text", "text": {"body": "d"}},
            {"id": "e", "type": "text", "text": {"body": "e"}},
        ],
    }
    found = read({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).updates
    people = [update.sender for update in found if isinstance(update, InboundMessage)]
    assert [(person.wa_id, person.user_id, person.name) for person in people] == [
        (None, "US.2", "Two"),
        ("+15550100001", "US.1", "One"),
        ("15550100003", None, None),
        (None, "US.2", "Two"),
        (None, None, None),
    ]


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = ["entry", "changes", "value", "field", "messages", "statuses", "contacts", "errors", "metadata", "id", "from", "type",
         "text", "image", "interactive", "button_reply", "nfm_reply", "response_json", "reaction", "edit", "message", "system",
         "location", "order", "timestamp", "profile", "message_echoes", "error_data", "code", "context", "referral"]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*WORDS, "smb_message_echoes"])
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_read(body: bytes) -> None:
    assert isinstance(read_delivery(body), Delivery)


@given(st.data())
@settings(deadline=None, max_examples=100)
def test_a_sample_with_anything_changed_is_read(data: st.DataObject) -> None:
    payload = copy.deepcopy(CORPUS[data.draw(st.sampled_from(sorted(CORPUS)))]["payload"])
    for _ in range(data.draw(st.integers(1, 4))):
        _change(data, payload)
    text = json.dumps(payload, ensure_ascii=data.draw(st.booleans()))
    delivery = read_delivery(text.encode(errors="surrogatepass"))
    assert msgspec.json.encode(delivery)
    assert all(": " in problem for problem in delivery.problems)


def _change(data: st.DataObject, payload: Any) -> None:
    """Put anything at any place."""
    here = payload
    while isinstance(here, (dict, list)) and here:
        key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[key], (dict, list)) or not here[key] or data.draw(st.integers(0, 5)) == 0:
            here[key] = data.draw(ANYTHING)
            return
        here = here[key]
