"""Who deletes what a page shows is led away from it: nothing asks for what is gone, and no error flashes by."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from e2e.words import Words

t = Words("en")
SETTINGS = {"phone_number_id": "100200300400500", "waba_id": "500400300200100"}
HOOK = {"name": "CRM", "url": "http://127.0.0.1:65321/hooks", "events": ["action.failed"]}
FORM = {"name": "Order", "definition": {"flow_json": {"version": "7.3", "screens": []}, "handlers": []}}


def make(api: Any, kind: str) -> str:
    """One of them, and where it is shown."""
    if kind == "integration":
        return f"/integrations/{api.post('/integrations', {'name': 'Acme'})['id']}/settings"
    if kind == "webhook":
        return f"/settings/webhooks/{api.post('/webhooks', HOOK)['id']}"
    channel = f"/channels/{api.post('/channels', {'name': 'Shop', 'settings': SETTINGS})['id']}"
    if kind == "form":
        return f"{channel}/forms/{api.post(f'{channel}/forms', FORM)['id']}"
    return channel


PRESSED = {
    "integration": ("integrations:danger.delete", "integrations:danger.confirm", "/integrations"),
    "webhook": ("common:delete", "webhooks:deleteConfirm", "/settings/webhooks"),
    "channel": ("channels:danger.delete", "channels:danger.confirm", "/channels"),
    "form": ("forms:delete.open", "common:delete", "/forms"),
}


@pytest.mark.view(own=True)
@pytest.mark.parametrize("kind", PRESSED)
def test_nothing_asks_for_what_is_gone(owner_page: Page, api: Any, kind: str) -> None:
    page, (opens, confirms, leads_to) = owner_page, PRESSED[kind]
    page.goto(make(api, kind))
    refused: list[str] = []

    def note(answer: Response) -> None:
        if answer.status == 404:
            refused.append(urlsplit(answer.url).path)

    page.on("response", note)
    if kind == "webhook":
        page.get_by_role("button", name=t("webhooks:actionsFor", name="CRM"), exact=True).click()
        page.get_by_role("menuitem", name=t(opens), exact=True).click()
    else:
        page.get_by_role("button", name=t(opens), exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=t(confirms), exact=True).click()
    expect(page).to_have_url(re.compile(f"{leads_to}$"))
    page.wait_for_load_state("networkidle")
    assert refused == []
