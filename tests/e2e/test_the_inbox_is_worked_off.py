"""A member finds a conversation that was handed over, writes in it, gives it back, and closes another."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page, expect

from e2e.words import Words

t: Final = Words("en")


def start(api: Any, name: str, *blocks: dict[str, Any]) -> str:
    flow = api.post("/flows", {"name": "Help", "definition": {"start": blocks[0]["id"], "blocks": list(blocks)}})
    sim = {"flow_id": flow["id"], "version": "draft", "contact": {"name": name}}
    return str(api.post("/simulator/conversations", sim)["id"])


def test_the_inbox_is_worked_off(owner_page: Page, api: Any) -> None:
    page = owner_page
    handed_over = start(
        api,
        "Vera Lima",
        {"id": "a", "type": "hand_over", "text": "Luz will write to you.", "edges": {"closed": "b"}},
        {"id": "b", "type": "end", "text": "Was that of help?"},
    )
    asked = start(api, "Ben Ito", {"id": "q", "type": "question", "text": "Your name?", "answer": "name"})
    api.post(f"/simulator/conversations/{handed_over}/messages", {"text": "My card is lost."})

    page.goto("/")
    page.get_by_role("link", name=t("common:places.inbox")).click()
    waiting = page.get_by_role("list", name=t("inbox:shown.with_agent"))
    expect(waiting.get_by_role("listitem")).to_have_count(1)
    waiting.get_by_role("link", name="Vera Lima").click()
    log = page.get_by_role("log", name=t("conversations:transcript"))
    expect(log).to_contain_text("My card is lost.")
    line = page.get_by_role("textbox", name=t("inbox:write"))
    line.fill("I have blocked it.")
    line.press("Enter")
    expect(log.locator("[data-mine=true]").last).to_contain_text("I have blocked it.")
    expect(line).to_have_value("")
    page.get_by_role("button", name=t("inbox:giveBack")).click()
    expect(log).to_contain_text("Was that of help?")
    expect(line).to_have_count(0)

    page.get_by_text(t("inbox:shown.waiting"), exact=True).click()
    page.get_by_role("link", name="Ben Ito").click()
    page.get_by_role("button", name=t("inbox:takeOver")).click()
    line.fill("Hello, this is Ana.")
    page.get_by_role("button", name=t("inbox:send")).click()
    expect(log).to_contain_text("Hello, this is Ana.")
    page.get_by_role("button", name=t("inbox:close.open"), exact=True).click()
    page.get_by_role("button", name=t("inbox:close.confirm")).click()
    expect(page.get_by_role("button", name=t("inbox:takeOver"))).to_have_count(0)
    closed = api.get(f"/conversations/{asked}")
    assert (closed["status"], closed["end_reason"]) == ("finished", "closed")
