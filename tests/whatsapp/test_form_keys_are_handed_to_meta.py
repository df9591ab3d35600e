"""The key pair of a number's forms: made here, handed to Meta, replaced without anybody's form breaking, never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conftest import RunningServer, Workspace
from whatsapp.booking import SECRET, BookingServer, FormDesk
from whatsapp.driver import Graph

Json = dict[str, Any]


@pytest.fixture
def desk(workspace: Workspace, api: BookingServer, graph: Graph) -> FormDesk:
    """A channel at the stand-in's number."""
    graph.set_secrets(SECRET)
    made = FormDesk(workspace, api.url, graph.url, phone_number_id=graph.phone_number_id, waba_id=graph.waba_id)
    answer = made.client.put(f"/channels/{made.channel_id}/secrets", json={"access_token": graph.token})
    assert answer.status_code == 200, answer.text
    return made


def keys_at(graph: Graph) -> list[Json]:
    return graph.calls("/whatsapp_business_encryption")


def test_whatsapps_client_goes_through_a_form(
    desk: FormDesk, graph: Graph, api: BookingServer, send: Callable[..., str]
) -> None:
    made = desk.make_key()
    assert (made["is_set"], made["is_uploaded"], made["problem"]) == (True, True, None)
    api.says["book"] = {"summary": "Tuesday", "accepted": True}
    endpoint = graph.new_form(
        made["endpoint_url"].replace(made["endpoint_url"].partition("/api/v1")[0], desk.workspace.url)
    )
    token = send(desk.make_appointment(), name="Ana")

    def asks(action: str, screen: str = "", **data: Any) -> Json:
        result = graph.exchange(action, flow=endpoint, screen=screen, data=data, flow_token=token)
        assert (result["status"], result["error"]) == (200, ""), result
        assert result["content_type"].startswith("text/plain")
        return dict(result["answer"])

    assert graph.exchange("ping", flow=endpoint)["answer"] == {"data": {"status": "active"}}
    assert asks("INIT")["data"]["greeting"] == "Good morning, Ana"
    assert asks("data_exchange", "DAY", day="2026-12-01")["screen"] == "DETAILS"
    assert asks("data_exchange", "DETAILS", email="ana@example.com")["data"] == {"summary": "Tuesday"}
    assert asks("data_exchange", "SUMMARY")["screen"] == "SUCCESS"


@pytest.mark.parametrize(
    ("breaking", "status", "error"),
    [
        ("signature", 432, "signature_failed"), ("no_signature", 432, "signature_failed"),
        ("tag", 421, "cannot_decrypt"), ("key", 421, "cannot_decrypt"), ("base64", 421, "cannot_decrypt"),
        ("json", 400, "http_400"),
    ],
)  # fmt: skip
def test_a_broken_request_is_told_as_meta_wants(
    desk: FormDesk, graph: Graph, breaking: str, status: int, error: str
) -> None:
    path = desk.make_key()["endpoint_url"].partition("/api/v1")[2]
    result = graph.exchange("INIT", endpoint=f"{desk.workspace.url}/api/v1{path}", breaking=breaking)
    assert (result["status"], result["error"]) == (status, error)


def test_another_key_takes_the_place_of_the_one_before(desk: FormDesk, graph: Graph, send: Callable[..., str]) -> None:
    first = desk.make_key()
    again = desk.make_key()
    assert (again["public_key"], again["is_uploaded"]) == (first["public_key"], True)
    assert len(keys_at(graph)) == 2
    endpoint = f"{desk.workspace.url}/api/v1{first['endpoint_url'].partition('/api/v1')[2]}"
    assert graph.exchange("ping", endpoint=endpoint)["tries"] == [200]

    second = desk.make_key(is_new=True)

    assert second["public_key"] != first["public_key"]
    # The client still has the old one: told that it does not fit, it fetches the new one and asks again.
    result = graph.exchange("ping", endpoint=endpoint)
    assert (result["tries"], result["answer"]) == ([421, 200], {"data": {"status": "active"}})


def test_a_key_that_meta_does_not_take_replaces_none(desk: FormDesk, graph: Graph) -> None:
    first = desk.make_key()
    graph.trouble("status:500", times=1)

    refused = desk.make_key(is_new=True)

    assert (refused["is_uploaded"], refused["public_key"]) == (False, first["public_key"])
    assert refused["problem"]
    shown = desk.client.get(f"/channels/{desk.channel_id}/flow-key").json()
    assert shown["public_key"] == first["public_key"]


def test_a_first_key_is_kept_also_where_meta_cannot_be_told(workspace: Workspace, api: BookingServer) -> None:
    desk = FormDesk(workspace, api.url)  # nobody listens where its Graph API should be
    made = desk.make_key()
    assert (made["is_set"], made["is_uploaded"]) == (True, False)
    assert made["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    assert made["problem"]
    assert desk.client.get(f"/channels/{desk.channel_id}/flow-key").json()["public_key"] == made["public_key"]


def test_the_private_key_never_comes_out(desk: FormDesk, server: RunningServer) -> None:
    import sqlalchemy as sa  # noqa: PLC0415

    from recado.db.tables import audit_log, channel_secrets  # noqa: PLC0415

    desk.make_key()
    channel = desk.client.get(f"/channels/{desk.channel_id}")
    assert "PRIVATE" not in channel.text
    with server.database.begin() as connection:
        kept = connection.execute(
            sa.select(channel_secrets).where(channel_secrets.c.channel_id == desk.channel_id)
        ).all()
        noted = connection.execute(sa.select(audit_log).where(audit_log.c.workspace_id == desk.workspace.id)).all()
    assert {row.name for row in kept} >= {"flow_key"}
    assert "PRIVATE" not in repr(kept) + repr(noted)
    assert "channel.set_flow_key" in repr(noted)
