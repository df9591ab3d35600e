"""Somebody connects a WhatsApp number in the browser: ids, secrets sealed here, Meta's proof, a check, and what begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from e2e.words import Words
from recado.db.columns import utc_now
from recado.db.tables import channels
from whatsapp.driver import Graph

t = Words("en")


def press(page: Page, key: str, **values: Any) -> None:
    page.get_by_role("button", name=t(key, **values), exact=True).click()


def choose_fallback(page: Page) -> None:
    """A template with a picture and a value, for after 24 hours."""
    fallback = page.get_by_role("region", name=t("channels:fallback.title"), exact=True)
    fallback.get_by_role("combobox", name=t("channels:fallback.template"), exact=True).click()
    page.get_by_role("option", name="ticket_with_picture (es)", exact=True).click()
    fallback.get_by_role("textbox", name=t("batches:begin.parameter", name="1"), exact=True).fill("amiga")
    expect(fallback.get_by_role("group", name=t("templates:preview"), exact=True)).to_contain_text("Su entrada, amiga.")
    expect(fallback.get_by_role("button", name=t("common:save"), exact=True)).to_be_disabled()
    picture = fallback.get_by_role("textbox", name=t("templates:slots.image"), exact=True)
    picture.fill("https://shop.example/ticket.png")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        fallback.get_by_role("button", name=t("common:save"), exact=True).click()
    expect(fallback.get_by_role("button", name=t("common:save"), exact=True)).to_be_disabled()
    expect(picture).to_have_value("https://shop.example/ticket.png")


@pytest.mark.view(own=True)
def test_a_number_goes_live_step_by_step(owner_page: Page, api: Any, graph: Graph, axe: Callable[..., None]) -> None:
    page, sent = owner_page, []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method != "GET" else None)
    welcome = {"start": "z", "blocks": [{"id": "z", "type": "end"}]}
    flow = api.post("/flows", {"name": "Welcome", "definition": welcome})["id"]
    api.post(f"/flows/{flow}/publish", {})
    page.goto("/channels")
    page.get_by_role("link", name=t("channels:list.new")).click()

    page.get_by_label(t("channels:form.name")).fill("Shop")
    page.get_by_label(t("channels:form.phone_number_id"), exact=False).fill(f" {graph.phone_number_id} ")
    press(page, "common:saveAndContinue")
    expect(page.get_by_text(t("channels:form.idWrong"))).to_have_count(1)
    page.get_by_label(t("channels:form.waba_id"), exact=False).fill(graph.waba_id)
    press(page, "channels:form.standIn")
    page.get_by_label(t("channels:form.base_url")).fill(graph.url)
    press(page, "common:saveAndContinue")

    expect(page.get_by_role("heading", name=t("channels:setup.secrets.title"))).to_be_visible()
    page.get_by_role("textbox", name=t("channels:secrets.access_token")).fill(graph.token)
    page.get_by_role("textbox", name=t("channels:secrets.app_secret")).fill(graph.app_secret)
    press(page, "common:saveAndContinue")

    expect(page.get_by_role("heading", name=t("channels:setup.callback.title"))).to_be_visible()
    press(page, "channels:callback.make")
    url = page.get_by_label(t("channels:callback.url"), exact=True).input_value()
    token = page.get_by_label(t("channels:callback.token"), exact=True).input_value()
    graph.calls_back(url, token)  # asks for the proof, as Meta does when the address is saved
    axe(page)
    press(page, "channels:setup.next")

    press(page, "channels:health.check")
    expect(page.get_by_text(t("channels:codes.not_subscribed"))).to_have_count(0)
    expect(page.get_by_text(t("channels:health.good"))).to_be_visible()
    axe(page)
    press(page, "channels:setup.next")

    press(page, "channels:starts.add")
    page.get_by_role("combobox", name=t("channels:starts.flow")).click()
    page.get_by_role("option", name="Welcome").click()
    press(page, "channels:setup.finish")

    expect(page.get_by_role("heading", name="Shop", level=1)).to_be_visible()
    expect(page.get_by_text(t("channels:states.working"), exact=True)).to_be_visible()
    choose_fallback(page)
    axe(page)
    [channel] = api.get("/channels")["items"]
    assert channel["settings"]["fallback_template"] == {
        "name": "ticket_with_picture",
        "language": "es",
        "parameters": ["amiga"],
        "header": {"kind": "image", "value": "https://shop.example/ticket.png"},
    }
    assert channel["settings"]["starts"][0]["flow_id"] == flow
    assert channel["health"]["is_healthy"]
    assert all(channel["secrets"][name]["is_set"] for name in ("access_token", "app_secret", "verify_token"))
    for secret in (graph.token, graph.app_secret, token):
        assert not any(secret in body for body in sent)


def test_what_went_wrong_is_shown_and_mended(
    owner_page: Page, api: Any, graph: Graph, recado_server: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    settings = {"phone_number_id": graph.phone_number_id, "waba_id": graph.waba_id, "base_url": graph.url}
    secrets = {"access_token": "not-a-token-at-all", "app_secret": graph.app_secret, "verify_token": "prove-it-to-me"}
    channel = api.post("/channels", {"name": "Shop", "settings": settings, "secrets": secrets})["id"]
    parked = {"code": "token_invalid", "message": "Meta does not take the access token.", "at": utc_now()}
    with recado_server.database.begin() as connection:
        connection.execute(sa.update(channels).where(channels.c.id == channel).values(parked=parked))

    page.goto(f"/channels/{channel}")
    expect(page.get_by_role("alert").get_by_text(t("channels:parked.title"))).to_be_visible()
    press(page, "channels:health.check")
    expect(page.get_by_text(t("channels:health.bad"))).to_be_visible()
    axe(page)
    press(page, "credentials:value.replaceNamed", name=t("channels:secrets.access_token"))
    page.get_by_role("textbox", name=t("channels:secrets.access_token")).fill(graph.token)
    page.get_by_role("region", name=t("channels:secrets.title")).get_by_role(
        "button", name=t("common:save"), exact=True
    ).click()
    expect(page.get_by_role("textbox", name=t("channels:secrets.access_token"))).to_have_count(0)
    press(page, "channels:health.again")
    expect(page.get_by_text(t("channels:health.bad"))).to_have_count(0)
    expect(page.get_by_text(t("channels:parked.title"))).to_have_count(0)

    press(page, "channels:danger.delete")
    press(page, "channels:danger.confirm")
    expect(page.get_by_text(t("channels:empty.title"))).to_be_visible()
