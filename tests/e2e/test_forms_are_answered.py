"""A form is set up in the browser (its key, its JSON, what answers its first screen), tried, and filled in within a chat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.words import Words
from whatsapp.driver import Graph
from whatsapp.talking import Line

t = Words("en")
APPOINTMENT = Path(__file__).parents[1] / "testdata" / "whatsapp" / "forms" / "appointment.json"


@pytest.fixture
def line(api: Any, recado_server: Any, graph: Graph) -> Line:
    """A number at a stand-in."""
    return Line(api.client, recado_server.url, graph)


def press(page: Page, key: str, **values: Any) -> None:
    page.get_by_role("button", name=t(key, **values), exact=True).click()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_form_is_made_answered_and_tried(owner_page: Page, api: Any, line: Line, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto(f"/channels/{line.id}/forms")
    press(page, "forms:key.make")
    expect(page.get_by_text(t("forms:key.uploaded"))).to_be_visible()
    page.get_by_role("button", name=t("forms:add"), exact=True).click()
    page.get_by_role("textbox", name=t("common:name"), exact=True).fill("Appointment")
    press(page, "forms:make")

    expect(page.get_by_role("heading", name="Appointment", level=1)).to_be_visible()
    page.get_by_role("textbox", name=t("forms:json.label"), exact=True).fill(APPOINTMENT.read_text())
    press(page, "common:save")
    expect(page.get_by_text(t("forms:json.asks")).first).to_be_visible()
    press(page, "forms:handlers.add")
    answer = page.get_by_role("group", name=t("forms:handlers.row", number=1), exact=True)
    choose(page, t("forms:handler.ask"), t("forms:asks.INIT"))
    answer.get_by_role("combobox", name=t("forms:step.screen"), exact=True).click()
    page.get_by_role("option", name="(DAY)").click()
    answer.get_by_role("textbox", name="greeting", exact=True).fill("Hello")
    days = answer.get_by_role("textbox", name="days", exact=True)
    days.fill('[{"id": "2026-12-01", "title": "Tuesday", "enabled": true}]')
    axe(page)
    press(page, "common:save")
    expect(page.get_by_text(t("forms:live"))).to_be_visible()

    press(page, "forms:try.run")
    expect(page.get_by_role("region", name=t("forms:try.answer"), exact=True)).to_contain_text('"greeting": "Hello"')
    axe(page)

    [form] = api.get(f"/channels/{line.id}/forms")["items"]
    block = {"type": "form", "form_id": form["id"], "text": "Book a visit", "label": "Open", "answer": "visit"}
    end = {"id": "end", "type": "end", "text": "See you on {{answers.visit.day}}"}
    blocks = [{"id": "f", **block, "values": [{"identifier": "day"}], "edges": {"next": "end"}}, end]
    flow = api.post("/flows", {"name": "Visits", "definition": {"start": "f", "blocks": blocks}})["id"]
    page.goto(f"/flows/{flow}/simulator")
    page.get_by_role("log").get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("textbox", name="day", exact=True).fill("Monday")
    axe(page)
    press(page, "forms:answer.send")
    expect(page.get_by_role("log").get_by_text("See you on Monday")).to_be_visible()
