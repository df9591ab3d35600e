"""Somebody writes to many people in the browser: a pasted table, a template, the check, the progress, who was not reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.words import Words
from whatsapp.driver import Graph
from whatsapp.talking import Line, ask, published

t = Words("en")
TABLE = """number;name;day
+1 555 010 0201;Ana;Monday
+1 555 010 0202;Luz;Tuesday
+1 555 010 0202;Luz;Tuesday
0155 010 0203;Eva;Friday
"""


@pytest.fixture
def line(api: Any, graph: Graph, recado_server: Any) -> Line:
    """A number with a flow that asks and a template with values in header, body and a button."""
    button = {"type": "URL", "text": "Change it", "url": "https://shop.example/days/{{1}}"}
    parts: list[dict[str, Any]] = [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "Hello {{1}}, see you on *{{2}}*."},
        {"type": "BUTTONS", "buttons": [button]},
    ]
    graph.new_template("reminder", "en", parts)
    return Line(api.client, recado_server.url, graph, published(api.client, ask("q", "Does it suit you?")))


def press(page: Page, key: str, **values: Any) -> None:
    page.get_by_role("button", name=t(key, **values), exact=True).click()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_many_are_written_to_and_one_is_left_alone(
    owner_page: Page, api: Any, graph: Graph, line: Line, axe: Callable[..., None]
) -> None:
    page = owner_page
    ana, luz = graph.person("Ana", phone="15550100201"), graph.person("Luz", phone="15550100202")
    luz.says("Hi")
    luz.sees("Does it suit you?")

    page.goto("/contacts")
    page.get_by_role("button", name=t("contacts:actionsFor", name="Luz"), exact=True).click()
    page.get_by_role("menuitem", name=t("contacts:optOut.open"), exact=True).click()
    press(page, "contacts:optOut.confirm")
    expect(page.get_by_role("table").get_by_text(t("contacts:states.optedOut"), exact=True)).to_be_visible()
    page.get_by_role("link", name=t("contacts:toMany"), exact=True).click()

    page.get_by_role("textbox", name=t("batches:people.lines")).fill(TABLE)
    expect(page.get_by_text(t("batches:people.good", count=2))).to_be_visible()
    wrong = page.get_by_role("table", name=t("batches:people.wrongTitle"), exact=True)
    expect(wrong.get_by_role("row")).to_have_count(3)
    expect(wrong.get_by_text(t("batches:slips.country"))).to_be_visible()
    choose(page, t("batches:begin.flow"), api.get("/flows")["items"][0]["name"])
    choose(page, t("batches:begin.template"), "reminder (en)")
    for place, column in (("1", "name"), ("2", "day")):
        choose(page, t("batches:begin.parameter", name=place), t("batches:source.column", column=column))
    choose(page, t("templates:slots.url", name="Change it"), t("batches:source.column", column="day"))
    picture = page.get_by_role("textbox", name=t("batches:source.textOf", label=t("templates:slots.image")), exact=True)
    picture.fill("shop.example/map.png")
    expect(page.get_by_text(t("templates:slips.address"), exact=True)).to_be_visible()
    picture.fill("https://shop.example/map.png")
    preview = page.get_by_role("group", name=t("templates:preview"), exact=True)
    expect(preview).to_contain_text("Hello Ana, see you on Monday.")
    axe(page)
    press(page, "batches:new.send", count=2)
    press(page, "batches:new.confirm")

    expect(page.get_by_text(t("batches:states.done"), exact=True)).to_be_visible()
    people = page.get_by_role("table", name=t("batches:people.title"), exact=True)
    expect(people.get_by_text(t("batches:people.states.delivered"), exact=True)).to_be_visible()
    expect(people.get_by_text(t("batches:reasons.opted_out"))).to_be_visible()
    axe(page)
    page.get_by_role("group", name=t("batches:progress.counts"), exact=True).get_by_role(
        "button", name=t("batches:people.states.skipped")
    ).click()
    expect(people.get_by_role("row")).to_have_count(2)

    page.goto(f"/contacts?channel_id={line.id}&search=ana")
    press(page, "contacts:start.openNamed", who="Ana")
    choose(page, t("batches:begin.flow"), api.get("/flows")["items"][0]["name"])
    expect(page.get_by_role("button", name=t("contacts:start.confirm"), exact=True)).to_be_disabled()
    choose(page, t("batches:begin.template"), "hello_world (en_US)")
    axe(page)
    press(page, "contacts:start.confirm")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()  # she talks already
    seen = ana.sees(type="template")
    assert seen["text"] == "Hello Ana, see you on *Monday*."
    said = [part["parameters"][0] for part in seen["content"]["components"]]
    assert said[0] == {"type": "image", "image": {"link": "https://shop.example/map.png"}}
    assert said[-1] == {"type": "text", "text": "Monday"}
