"""Conversations are found, read with their path and calls, ended, and counted by block."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from e2e.words import Words

t: Final = Words("en")


@pytest.fixture
def flow_id(api: Any) -> str:
    """The worked example's flow, published, as its version 1."""
    made: str = api.post("/example")["flow_id"]
    return made


def begin(api: Any, flow_id: str, *said: str, name: str = "Ana Silva", version: int | str = 1) -> str:
    started = api.post("/simulator/conversations", {"flow_id": flow_id, "version": version, "contact": {"name": name}})
    for words in said:
        api.post(f"/simulator/conversations/{started['id']}/messages", {"text": words})
    return str(started["id"])


def test_a_list_without_conversations_says_how_to_begin(owner_page: Page) -> None:
    owner_page.goto("/")
    owner_page.get_by_role("link", name=t("common:places.conversations")).click()
    expect(owner_page.get_by_role("heading", name=t("conversations:empty"))).to_be_visible()


def test_conversations_are_found(owner_page: Page, api: Any, flow_id: str) -> None:
    page = owner_page
    begin(api, flow_id, "EXIT", name="Ben Ito")
    begin(api, flow_id, version="draft")
    page.goto("/conversations")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(3)
    begin(api, flow_id, name="Vera Lima")
    expect(rows).to_have_count(4)
    page.get_by_role("combobox", name=t("conversations:status")).click()
    page.get_by_role("option", name=t("conversations:states.cancelled")).click()
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile("status=cancelled"))
    page.get_by_role("button", name=t("common:filters.clearAll")).click()
    page.get_by_role("searchbox").or_(page.get_by_role("textbox", name=t("common:search"))).fill("vera")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Vera Lima").click()
    expect(page.get_by_role("heading", level=1, name="Vera Lima")).to_be_visible()


def test_a_conversation_is_read_and_ended(owner_page: Page, api: Any, flow_id: str) -> None:
    page = owner_page
    conversation = begin(api, flow_id, "nobody", "ana.demo")
    page.goto(f"/conversations/{conversation}")
    log = page.get_by_role("log", name=t("conversations:transcript"))
    expect(log.locator("[data-mine=false]").first).to_contain_text("nobody")
    expect(log.locator("[data-mine=true]").first).to_contain_text("What is your user name?")
    drawing = page.get_by_role("tabpanel", name=t("conversations:tabs.path"))
    expect(drawing.locator("[data-current]")).to_have_attribute("data-block", "ask_code")
    log.get_by_role("button", name=re.compile("Create user validation: 400")).click()
    expect(page.get_by_text("Validation account not found").first).to_be_visible()
    page.get_by_role("link", name=t("simulator:calls.whole")).click()
    expect(page).to_have_url(re.compile("/executions/exe_"))
    page.go_back()
    api.post(f"/simulator/conversations/{conversation}/messages", {"text": "12345"})
    expect(log).to_contain_text("The code has six digits.")
    page.get_by_role("tab", name=t("conversations:tabs.steps")).click()
    steps = page.get_by_role("table", name=t("conversations:tabs.steps"))
    expect(steps).to_contain_text(t("simulator:notes.answer_refused"))
    page.get_by_role("button", name=t("conversations:cancel.open")).click()
    page.get_by_role("button", name=t("conversations:cancel.confirm")).click()
    expect(log).to_contain_text(t("simulator:ends.cancelled"))
    expect(page.get_by_role("button", name=t("conversations:cancel.open"))).to_have_count(0)
    assert api.get(f"/conversations/{conversation}")["status"] == "cancelled"


def test_blocks_tell_where_people_stop(owner_page: Page, api: Any, flow_id: str) -> None:
    page = owner_page
    page.goto(f"/flows/{flow_id}/statistics")
    expect(page.get_by_text(t("conversations:statistics.empty"))).to_be_visible()
    begin(api, flow_id, "ana.demo", "EXIT")
    begin(api, flow_id, "ana.demo", "EXIT")
    begin(api, flow_id, "ana.demo")
    page.reload()
    told = t("conversations:statistics.worst", block="Ask the code", count=2, share=67)
    expect(page.get_by_text(told)).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^Ask the code"))
    expect(row.get_by_role("cell").nth(1)).to_have_text("3")
    expect(row.get_by_role("cell").nth(2)).to_have_text("2 (67 %)")
    expect(page.locator("[data-block=ask_code]")).to_contain_text("3")
    draft = api.post("/flows", {"name": "Nothing yet"})["id"]
    page.goto(f"/flows/{draft}/statistics")
    expect(page.get_by_text(t("conversations:statistics.unpublished"), exact=True)).to_be_visible()


def test_a_conversation_that_is_not_there_leads_back(owner_page: Page, watch: Any) -> None:
    watch.allow(r"console: ")
    owner_page.goto("/conversations/cnv_00000000000000000000000000")
    expect(owner_page.get_by_role("heading", name=t("conversations:gone"))).to_be_visible()
    owner_page.get_by_role("link", name=t("conversations:title")).last.click()
    expect(owner_page).to_have_url(re.compile("/conversations$"))
