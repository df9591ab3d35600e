"""Channels over HTTP: what they are made of, what is refused, and what goes with one that is deleted."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from recado.db.columns import utc_now
from recado.db.tables import audit_log, channel_secrets, conversations

NUMBER: dict[str, Any] = {"phone_number_id": "100200300400500", "waba_id": "500400300200100"}
WELCOME = {"start": "z", "blocks": [{"id": "z", "type": "end"}]}


def test_a_channel_is_made_with_what_it_needs_and_the_rest_by_default(shop: Any, workspace: Any) -> None:
    made = shop.created()

    assert made["id"].startswith("chn_")
    assert made["kind"] == "whatsapp"
    assert made["settings"]["phone_number_id"] == "100200300400500"
    assert made["settings"]["graph_version"] == "v26.0"
    assert made["settings"]["base_url"] == "https://graph.facebook.com"
    assert made["hosts"] == ["graph.facebook.com", "lookaside.fbsbx.com"]
    assert "stop" in made["settings"]["opt_out_words"]
    assert made["callback_url"].startswith(f"{workspace.url}/api/v1/channels/whatsapp/")
    assert made["callback_url"].endswith("/webhook")
    assert not any(state["is_set"] for state in made["secrets"].values())
    assert (made["health"], made["parked"]) == (None, None)
    assert made["counts"] == {"open_conversations": 0, "waiting_messages": 0}
    assert shop.get(made["id"]) == made
    assert shop.client.get("/channels").json()["items"] == [made]
    assert shop.created()["callback_url"] != made["callback_url"]


def test_what_is_not_given_stays_as_it_was(shop: Any, client: Any) -> None:
    flow = client.post("/flows", json={"name": "Welcome", "definition": WELCOME}).json()["id"]
    made = shop.created()
    starts = [
        {"flow_id": flow, "kind": "keyword", "words": [" hola ", "hola", "buenos   días"], "match": "contains"},
        {"flow_id": flow, "kind": "any", "words": ["left over"]},
    ]

    answer = client.patch(f"/channels/{made['id']}", json={"name": " Support ", "settings": {"starts": starts}})

    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert after["name"] == "Support"
    assert [start["words"] for start in after["settings"]["starts"]] == [["hola", "buenos días"], []]
    same = {name: value for name, value in after["settings"].items() if name != "starts"}
    assert same == {name: value for name, value in made["settings"].items() if name != "starts"}


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"phone_number_id": "+1 555 0100"}, "settings.phone_number_id"),
        ({"waba_id": ""}, "settings.waba_id"),
        ({"graph_version": "26"}, "settings.graph_version"),
        ({"base_url": "ftp://graph.facebook.com"}, "settings.base_url"),
        ({"base_url": "http://graph.facebook.com"}, "settings.base_url"),
        ({"base_url": "https://169.254.169.254"}, "settings.base_url"),
        ({"base_url": "https://graph.facebook.com?x=1"}, "settings.base_url"),
        ({"stale_after_seconds": 1}, "settings.stale_after_seconds"),
        ({"sends_per_second": 0}, "settings.sends_per_second"),
        ({"opt_out_words": ["x" * 101]}, "settings.opt_out_words[0]"),
        ({"opt_in_words": ["y"] * 51}, "settings.opt_in_words"),
        ({"starts": [{"flow_id": "flw_01m0000000000000000000000z"}]}, "settings.starts[0].flow_id"),
        ({"starts": [{"flow_id": "nothing"}]}, "settings.starts[0].flow_id"),
        ({"starts": [{"flow_id": "nothing", "kind": "keyword"}]}, "settings.starts[0].words"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(shop: Any, codes: Any, settings: Any, path: str) -> None:
    answer = shop.create(settings={**NUMBER, **settings})

    assert answer.status_code == 422, answer.text
    assert path in codes(answer)
    assert shop.client.get("/channels").json()["items"] == []


def test_a_stand_in_at_an_address_of_the_operator_may_be_plain_http(shop: Any) -> None:
    made = shop.created(settings={**NUMBER, "base_url": "http://127.0.0.1:8943/graph/"})

    assert made["settings"]["base_url"] == "http://127.0.0.1:8943/graph"
    assert made["hosts"] == ["http://127.0.0.1:8943"]


def test_nobody_below_admin_changes_a_channel(shop: Any, workspace: Any) -> None:
    made = shop.created()
    for role in ("editor", "credential_manager", "viewer"):
        assert workspace.client(role).get(f"/channels/{made['id']}").status_code == 200
        assert workspace.client(role).patch(f"/channels/{made['id']}", json={"name": "Mine"}).status_code == 403


def test_a_channel_in_use_goes_only_by_force_and_its_conversations_end(shop: Any, server: Any, client: Any) -> None:
    made = shop.created(secrets={"access_token": "a-token-7391"})
    question = {"id": "z", "type": "question", "answer": "name", "text": "Who are you?"}
    flow = client.post("/flows", json={"name": "Ask", "definition": {"start": "z", "blocks": [question]}}).json()["id"]
    talk = client.post("/simulator/conversations", json={"flow_id": flow}).json()["id"]
    with server.database.begin() as connection:
        own = conversations.c.id == talk
        connection.execute(sa.update(conversations).where(own).values(channel_id=made["id"]))
    assert shop.get(made["id"])["counts"]["open_conversations"] == 1

    refused = client.delete(f"/channels/{made['id']}")

    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert refused.json()["used_by"] == [{"kind": "conversation", "id": talk, "name": talk}]
    assert client.delete(f"/channels/{made['id']}?force=true").status_code == 204
    assert client.get(f"/channels/{made['id']}").status_code == 404
    assert client.get(f"/conversations/{talk}").json()["status"] == "cancelled"
    with server.database.begin() as connection:
        left = sa.select(channel_secrets.c.name).where(channel_secrets.c.channel_id == made["id"])
        assert connection.scalars(left).all() == []


def test_a_flow_that_a_channel_begins_is_not_deleted_unawares(shop: Any, client: Any) -> None:
    flow = client.post("/flows", json={"name": "Welcome", "definition": WELCOME}).json()["id"]
    made = shop.created(settings={**NUMBER, "starts": [{"flow_id": flow}]})

    refused = client.delete(f"/flows/{flow}")

    assert refused.json()["used_by"] == [{"kind": "channel", "id": made["id"], "name": "Shop"}]
    assert client.delete(f"/flows/{flow}?force=true").status_code == 204
    renamed = client.patch(f"/channels/{made['id']}", json={"name": "Store", "settings": {"marks_read": False}})
    assert renamed.status_code == 200, renamed.text


def test_the_audit_log_knows_what_was_set_and_no_secret(shop: Any, server: Any, workspace: Any) -> None:
    made = shop.created(secrets={"access_token": "a-token-7391", "verify_token": "verify-7391"})
    shop.put(made["id"], {"app_secret": "secret-7391"})
    shop.client.patch(f"/channels/{made['id']}", json={"settings": {"marks_read": False}})
    shop.client.delete(f"/channels/{made['id']}")

    with server.database.begin() as connection:
        own = (audit_log.c.workspace_id == workspace.id, audit_log.c.object_kind == "channel")
        rows = connection.execute(
            sa.select(audit_log.c.action, audit_log.c.details).where(*own).order_by(audit_log.c.sequence)
        ).all()
    assert [row.action for row in rows] == ["channel.create", "channel.set_secrets", "channel.update", "channel.delete"]
    assert rows[1].details["set"] == {"app_secret": {"sealed_by": "server"}}
    assert rows[2].details["settings"] == {"marks_read": {"before": True, "after": False}}
    assert "7391" not in repr([row.details for row in rows])


def test_a_stored_channel_that_is_damaged_is_shown_bare(shop: Any, server: Any) -> None:
    made = shop.created()
    with server.database.begin() as connection:
        connection.execute(
            sa.text("update channels set settings = '{', updated_at = :now where id = :id"),
            {"id": made["id"], "now": utc_now().isoformat()},
        )

    [listed] = shop.client.get("/channels").json()["items"]

    assert listed["is_damaged"] is True
    assert listed["name"] == "Shop"
    assert shop.client.get(f"/channels/{made['id']}").json()["code"] == "record_corrupt"
