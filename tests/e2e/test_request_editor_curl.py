"""A cURL command fills in the whole request, and its keys go where keys belong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.request_editor import ENDPOINT, Editor, open_editor

PLAIN = f"""curl '{ENDPOINT}?page=2' \\
  -H 'Accept: application/json' \\
  --data-raw '{{"note":"it'\\''s","items":[{{"qty":2}}]}}' --compressed"""
SECRET = "eyJhbGciOi.this-is-secret"
WITH_KEYS = (
    f"""curl -X PUT {ENDPOINT} -H 'Authorization: Bearer {SECRET}' -H 'X-Api-Key: k-0123456789' -d status=done -k"""
)


@pytest.fixture
def editor(owner_page: Page, api: Any) -> Editor:
    return open_editor(owner_page, api)


def test_a_pasted_command_fills_in_everything(editor: Editor) -> None:
    editor.paste(editor.endpoint, PLAIN)
    expect(editor.page.get_by_text("The request was filled in from the cURL command").first).to_be_visible()
    expect(editor.page.get_by_text("The data reads as JSON, so it is sent as JSON.")).to_be_visible()
    assert editor.text(editor.endpoint) == ENDPOINT
    saved = editor.save()
    assert saved["method"] == "POST"
    assert [(row["key"], row["value"]) for row in saved["query"]] == [("page", "2")]
    assert [(row["key"], row["value"]) for row in saved["headers"]] == [("Accept", "application/json")]
    assert saved["body"] == {"type": "json", "json": {"note": "it's", "items": [{"qty": 2}]}}


def test_an_import_over_another_request_can_be_undone(owner_page: Page, api: Any) -> None:
    editor = open_editor(
        owner_page, api, {"endpoint": f"{ENDPOINT}/before", "headers": [{"key": "X-Old", "value": "1"}]}
    )
    editor.paste(editor.endpoint, PLAIN)
    expect(editor.key("Query", 0)).to_have_value("page")
    undo = owner_page.get_by_role("button", name="Undo", exact=True)
    editor.key("Query", 0).fill("pages")
    expect(undo).to_have_count(0)
    editor.key("Query", 0).fill("page")
    undo.click()
    assert editor.text(editor.endpoint) == f"{ENDPOINT}/before"
    expect(editor.key("Headers", 0)).to_have_value("X-Old")
    expect(editor.region("Query").get_by_role("listitem")).to_have_count(1)


@pytest.mark.view(own=True)
def test_keys_become_authentication_fields_and_are_nowhere_else(editor: Editor, axe: Callable[..., None]) -> None:
    page = editor.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    editor.paste(editor.endpoint, WITH_KEYS)
    dialog = page.get_by_role("dialog", name="Import a cURL command")
    expect(dialog.get_by_text("2 keys were found")).to_be_visible()
    expect(dialog.get_by_text("“-k” was left out: certificates are always checked.")).to_be_visible()
    expect(
        dialog.get_by_role("group", name="In the header Authorization").get_by_label(
            "Make an authentication field of it"
        )
    ).to_be_checked()
    expect(
        dialog.get_by_role("group", name="In the header X-Api-Key").get_by_label("Use a field that is there already")
    ).to_be_checked()
    axe(page)
    dialog.get_by_label("Identifier").fill("Bad Name")
    expect(dialog.get_by_text("Use lowercase letters, digits and underscores")).to_be_visible()
    expect(dialog.get_by_role("button", name="Fill in the request")).to_be_disabled()
    dialog.get_by_label("Identifier").fill("access_token")
    dialog.get_by_role("button", name="Fill in the request").click()
    expect(dialog).to_have_count(0)

    expect(editor.value("Headers", 0).get_by_role("img", name="reference access_token, secret")).to_be_visible()
    expect(editor.value("Headers", 1).get_by_role("img", name="reference API key, secret")).to_be_visible()
    saved = editor.save()
    assert [(row["key"], row["value"]) for row in saved["headers"]] == [
        ("Authorization", "Bearer {{auth.access_token}}"),
        ("X-Api-Key", "{{auth.api_key}}"),
    ]
    fields = editor.api.get(f"/integrations/{editor.integration_id}")["auth"]["fields"]
    assert [(field["identifier"], field["type"]) for field in fields][-1] == ("access_token", "password")
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    for secret in (SECRET, "k-0123456789"):
        assert secret not in kept
        assert not any(secret in body for body in sent)
        assert secret not in page.content()


def test_several_new_fields_are_all_made(editor: Editor) -> None:
    editor.paste(
        editor.endpoint,
        f"curl {ENDPOINT} -H 'X-First-Token: aaaaaaaa' -H 'X-Second-Token: bbbbbbbb' -H 'X-Third-Token: cccccccc'",
    )
    editor.page.get_by_role("button", name="Fill in the request").click()
    expect(editor.value("Headers", 2).get_by_role("img", name="reference third_token, secret")).to_be_visible()
    names = [
        field["identifier"] for field in editor.api.get(f"/integrations/{editor.integration_id}")["auth"]["fields"]
    ]
    assert names == ["api_key", "region", "first_token", "second_token", "third_token"]


def test_a_new_field_leaves_the_rest_of_the_authentication_as_it_is(owner_page: Page, api: Any) -> None:
    auth = {"scheme": "api_key", "name": "Acme key", "key_in_url": True, "fields": []}
    integration = api.post("/integrations", {"name": "Acme CRM", "auth": auth})
    owner_page.goto(f"/integrations/{integration['id']}/test-request")
    editor = Editor(owner_page, api, integration["id"], "")
    editor.paste(editor.endpoint, f"curl {ENDPOINT} -H 'X-First-Token: aaaaaaaa' -H 'X-Second-Token: bbbbbbbb'")
    owner_page.get_by_role("button", name="Fill in the request").click()
    expect(editor.value("Headers", 1).get_by_role("img", name="reference second_token, secret")).to_be_visible()
    saved = api.get(f"/integrations/{integration['id']}")["auth"]
    assert (saved["name"], saved["key_in_url"]) == ("Acme key", True)
    assert [field["identifier"] for field in saved["fields"]] == ["first_token", "second_token"]


def test_a_key_may_be_left_out_or_said_to_be_none(editor: Editor) -> None:
    editor.paste(editor.endpoint, WITH_KEYS)
    dialog = editor.page.get_by_role("dialog", name="Import a cURL command")
    dialog.get_by_role("group", name="In the header Authorization").get_by_label("Leave it out").check()
    dialog.get_by_role("group", name="In the header X-Api-Key").get_by_label("It is no secret").check()
    dialog.get_by_role("button", name="Fill in the request").click()
    assert [(row["key"], row["value"]) for row in editor.save()["headers"]] == [("X-Api-Key", "k-0123456789")]


def test_a_dialog_takes_a_command_too_and_says_what_is_none(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("button", name="Import cURL").click()
    dialog = page.get_by_role("dialog", name="Import a cURL command")
    command = dialog.get_by_label("Command")
    command.fill("wget https://api.example.com")
    expect(dialog.get_by_text("This is not a cURL command with an address in it.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Fill in the request")).to_be_disabled()
    command.fill("curl -F file=@photo.png -F name=Ana --frobnicate https://api.example.com/upload")
    expect(dialog.get_by_text("Files cannot be sent, so these were left out: photo.png")).to_be_visible()
    expect(dialog.get_by_text("Unknown options were left out: --frobnicate")).to_be_visible()
    dialog.get_by_role("button", name="Fill in the request").click()
    saved = editor.save()
    assert saved["body"]["type"] == "multipart"
    assert [(row["key"], row["value"]) for row in saved["body"]["fields"]] == [("name", "Ana")]


def test_text_that_is_no_command_is_pasted_as_it_is(editor: Editor) -> None:
    editor.paste(editor.endpoint, f"{ENDPOINT}/curl")
    assert editor.text(editor.endpoint) == f"{ENDPOINT}/curl"
    expect(editor.page.get_by_role("dialog")).to_have_count(0)


def test_a_request_is_copied_as_curl_without_its_secrets_and_comes_back(owner_page: Page, api: Any) -> None:
    request = {
        "method": "POST",
        "endpoint": ENDPOINT + "/{{inputs.account_id}}",
        "headers": [{"key": "X-Api-Key", "value": "{{auth.api_key}}"}],
        "body": {"type": "json", "json": {"id": "{{inputs.order_id}}", "note": "it's {{inputs.note}}"}},
    }
    editor = open_editor(owner_page, api, request)
    owner_page.get_by_role("button", name="Copy as cURL").click()
    expect(owner_page.get_by_role("button", name="Copied")).to_be_visible()
    command = owner_page.evaluate("navigator.clipboard.readText()")
    assert "API_KEY='<api_key>'" in command
    assert '-H "X-Api-Key: $API_KEY"' in command
    assert re.search(r"""--data-raw '\{"id":'"\$ORDER_ID"',"note":""", command)

    editor.replace(editor.endpoint, "x")
    editor.paste(editor.endpoint, command)
    expect(owner_page.get_by_text("The request was filled in from the cURL command").first).to_be_visible()
    saved = editor.save()
    assert saved["endpoint"] == request["endpoint"]
    assert saved["headers"][0]["value"] == "{{auth.api_key}}"
    fields = [(row["key"], row["value"]) for row in saved["body"]["fields"]]
    assert fields == [("id", "{{inputs.order_id}}"), ("note", "it's {{inputs.note}}")]
