"""The check of a channel: what is wrong is told apart, and a channel that was parked goes on once it works."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from recado.db.columns import utc_now
from recado.db.tables import channels
from recado.ids import new_id
from whatsapp.talking import Line


@pytest.fixture
def make(client: Any, graph: Any) -> Any:
    """Makes channels of the stand-in's number."""

    def make(secrets: dict[str, Any] | None = None, **settings: Any) -> str:
        given = {"phone_number_id": graph.phone_number_id, "waba_id": graph.waba_id, "base_url": graph.url, **settings}
        held = {
            "access_token": graph.token,
            "app_secret": graph.app_secret,
            "verify_token": graph.verify_token,
            **(secrets or {}),
        }
        answer = client.post("/channels", json={"name": "Shop", "settings": given, "secrets": held})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return make


def check(client: Any, channel_id: str, query: str = "") -> dict[str, Any]:
    answer = client.post(f"/channels/{channel_id}/check{query}")
    assert answer.status_code == 200, answer.text
    found = dict(answer.json())
    assert client.get(f"/channels/{channel_id}").json()["health"] == found
    return found


def wrong_in(health: dict[str, Any]) -> dict[str, str]:
    return {item["name"]: item["code"] for item in health["checks"] if item["status"] == "failed"}


def test_a_channel_that_works_is_healthy(client: Any, make: Any) -> None:
    channel_id = make()
    found = check(client, channel_id, "?subscribe=true")

    assert found["is_healthy"], found
    assert found["phone_number"]["verified_name"] == "Recado"
    assert found["phone_number"]["display_phone_number"]
    states = {item["name"]: item["status"] for item in found["checks"]}
    assert states.pop("deliveries") == "unknown"  # nobody has called yet
    assert set(states.values()) == {"ok"}
    assert list(states) == ["secrets", "token", "number", "account", "subscription", "address"]


def test_meta_has_called_once_it_has_whatever_the_last_check_found(client: Any, server: Any, graph: Any) -> None:
    line = Line(client, server.url, graph)
    check(client, line.id)

    graph.person("Ana").says("hola")

    line.until(lambda: calls_of(line.look()) == ("ok", None))
    assert line.look()["health"]["last_delivery_at"]
    (listed,) = client.get("/channels").json()["items"]
    assert listed == line.look()


def calls_of(channel: dict[str, Any]) -> tuple[str, str | None]:
    (found,) = [item for item in channel["health"]["checks"] if item["name"] == "deliveries"]
    return found["status"], found["code"]


def test_what_is_wrong_is_told_apart(client: Any, graph: Any, make: Any) -> None:
    other = graph.new_waba()
    graph.new_number(waba_id=other, phone="+15550100009")
    narrow = graph.new_token(wabas=[other])
    expired = graph.new_token(seconds=0)

    assert wrong_in(check(client, make(secrets={"access_token": expired}))) == {"token": "token_expired"}
    assert wrong_in(check(client, make(secrets={"access_token": "EAAG-nothing-7391"}))) == {"token": "token_invalid"}
    assert wrong_in(check(client, make(secrets={"access_token": narrow}))) == {"number": "number_unknown"}
    assert wrong_in(check(client, make(phone_number_id="999999999999999"))) == {"number": "number_unknown"}
    unknown = wrong_in(check(client, make(waba_id="999999999999999")))
    assert unknown == {"account": "account_unknown", "subscription": "account_unknown"}
    elsewhere = wrong_in(check(client, make(waba_id=other), "?subscribe=true"))
    assert elsewhere == {"account": "number_of_another_account"}
    graph.change_number(graph.phone_number_id, status="DISCONNECTED")
    assert wrong_in(check(client, make(), "?subscribe=true")) == {"number": "number_not_connected"}


def test_what_is_missing_is_said_and_nothing_is_called_without_a_token(client: Any, graph: Any, make: Any) -> None:
    found = check(client, make(secrets={"access_token": None, "app_secret": None}))

    assert wrong_in(found) == {"secrets": "secret_missing"}
    assert graph.calls() == []
    [told] = [item["message"] for item in found["checks"] if item["name"] == "secrets"]
    assert "access_token, app_secret" in told


def test_trouble_of_meta_is_nobodys_fault(client: Any, graph: Any, make: Any) -> None:
    channel_id = make()
    graph.trouble("status:500", times=None)

    found = check(client, channel_id)

    assert (found["is_healthy"], wrong_in(found)) == (False, {})
    assert {item["name"]: item["code"] for item in found["checks"]}["token"] == "graph_busy"


def test_a_parked_channel_goes_on_once_it_works(client: Any, server: Any, graph: Any, make: Any) -> None:
    channel_id = make(secrets={"access_token": "EAAG-nothing-7391"})
    parked = {"code": "token_invalid", "message": "Meta does not take the access token.", "at": utc_now()}
    with server.database.begin() as connection:
        connection.execute(sa.update(channels).where(channels.c.id == channel_id).values(parked=parked))

    check(client, channel_id)
    assert client.get(f"/channels/{channel_id}").json()["parked"]["code"] == "token_invalid"

    client.put(f"/channels/{channel_id}/secrets", json={"access_token": graph.token})
    check(client, channel_id)
    assert client.get(f"/channels/{channel_id}").json()["parked"] is None


def test_templates_are_listed_and_asked_for_once_a_minute(client: Any, graph: Any, make: Any) -> None:
    channel_id = make()
    graph.new_template("order_ready", "es", [{"type": "BODY", "text": "Tu pedido {{1}} está listo."}])

    found = client.get(f"/channels/{channel_id}/templates").json()
    again = client.get(f"/channels/{channel_id}/templates").json()

    assert found == again
    assert len(graph.calls("/message_templates")) == 1
    [template] = [item for item in found["items"] if item["name"] == "order_ready"]
    assert (template["language"], template["status"]) == ("es", "APPROVED")
    assert template["components"][0]["text"].startswith("Tu pedido")


def test_templates_that_cannot_be_had_say_why(client: Any, make: Any) -> None:
    refused = client.get(f"/channels/{make(secrets={'access_token': 'EAAG-nothing-7391'})}/templates")

    assert (refused.status_code, refused.json()["code"]) == (409, "channel_call_failed")
    assert "code 190" in refused.json()["detail"]
    assert "7391" not in refused.text


def test_an_unknown_channel_is_not_found(client: Any) -> None:
    nothing = new_id("chn")
    assert client.post(f"/channels/{nothing}/check").status_code == 404
    assert client.get(f"/channels/{nothing}/templates").status_code == 404
