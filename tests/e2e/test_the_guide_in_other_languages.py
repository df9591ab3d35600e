"""The guide from its first step to its last, in a browser and in the languages beside English: from the set-up link to a right code.

In English it is gone through with the keyboard (`test_the_guide_by_keyboard.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.harness import PASSWORD, Api, RecadoServer
from e2e.words import Words

KEY_HEADER = "Truora-API-Key"
EMAIL = "ana@acme.example"


class Guide:
    """The guide's steps; everything is found by the text that a person reads on it."""

    def __init__(self, page: Page, words: Words) -> None:
        self.page = page
        self.words = words

    # ── what a person does ───────────────────────────────────────────────────────────────────────────────────────────

    def type(self, label: str, text: str, within: Locator | None = None) -> None:
        """Fill a field of its own label."""
        box = (within or self.page).get_by_role("textbox", name=self.words(label), exact=True)
        box.fill(text)

    def press(self, label: str, within: Locator | Page | None = None, **values: Any) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=self.words(label, **values), exact=True).click()

    def follow(self, label: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=self.words(label), exact=True).click()

    def choose(self, label: str, option: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Open a list and take one of it."""
        (within or self.page).get_by_role("combobox", name=self.words(label), exact=True).click()
        self.page.get_by_role("option", name=option).click()

    def expect_heading(self, text: str, level: int) -> None:
        expect(self.page.get_by_role("heading", level=level, name=text, exact=True)).to_be_visible()

    def save_and_continue(self, heading: str) -> None:
        self.press("common:saveAndContinue")
        self.expect_heading(self.words(heading), 2)

    def insert(self, field: str, reference: str, within: Locator | None = None) -> None:
        """The "+" of a field, and the reference to take from its list."""
        name = self.words("requests:field.insertInto", label=field)
        (within or self.page).get_by_role("combobox", name=name, exact=True).click()
        self.page.get_by_role("option", name=re.compile(re.escape(reference))).click()

    def add_row(self, section: str, name: str, value: str = "", *, reference: str = "") -> None:
        """Fill the row that waits at the end of a table of names and values."""
        region = self.page.get_by_role("region", name=self.words(section), exact=True)
        label = self.words("requests:rows.newName")
        region.get_by_label(label, exact=True).and_(region.locator("input")).fill(name)
        self.page.keyboard.press("Escape")  # the names that are offered for headers
        of_row = self.words("requests:rows.valueOf", name=name)
        expect(region.get_by_role("textbox", name=of_row, exact=True)).to_be_visible()
        if reference:
            self.insert(of_row, reference, region)
        else:
            region.get_by_role("textbox", name=of_row, exact=True).click()
            self.page.keyboard.insert_text(value)

    def set_endpoint(self, url: str) -> None:
        self.page.get_by_role("textbox", name=self.words("requests:endpoint.label"), exact=True).click()
        self.page.keyboard.insert_text(url)

    # ── the guide's chapters ─────────────────────────────────────────────────────────────────────────────────────────

    def set_up(self, server: RecadoServer) -> None:
        self.page.goto(server.setup_url)
        self.expect_heading(self.words("accounts:setup.title"), 1)
        self.type("accounts:yourName", "Ana Silva")
        self.type("accounts:email", EMAIL)
        self.type("accounts:password", PASSWORD)
        self.press("accounts:setup.submit")
        self.expect_heading(self.words("home:hello", name="Ana"), 1)

    def create_integration(self) -> None:
        navigation = self.page.get_by_role("navigation", name=self.words("common:navigation"))
        navigation.get_by_role("link", name=self.words("common:places.integrations")).click()
        self.expect_heading(self.words("integrations:readyMade.title"), 2)
        self.expect_heading(self.words("integrations:list.custom"), 2)
        self.follow("integrations:list.new")
        self.expect_heading(self.words("integrations:new.title"), 1)
        self.type("integrations:form.name", "Validations")
        self.type("integrations:form.description", "Proves that a person owns an e-mail address.")
        expect(self.page.get_by_role("textbox", name=self.words("integrations:form.logo"))).to_have_value("")
        scheme = self.page.get_by_role("radiogroup", name=self.words("integrations:form.scheme"))
        expect(scheme.get_by_role("radio", name=self.words("integrations:form.apiKey"))).to_be_checked()
        self.save_and_continue("integrations:auth.title")

    def add_authentication_field(self) -> None:
        expect(self.page.get_by_text(self.words("integrations:auth.bannerTitle"))).to_be_visible()
        self.type("integrations:auth.called", "Acme key")
        self.type("integrations:auth.name", "API key")
        self.type("integrations:auth.identifier", "api_key")
        self.choose("integrations:auth.type", self.words("common:types.text"))
        self.choose("integrations:auth.type", self.words("common:types.password"))
        expect(self.page.get_by_role("checkbox", name=self.words("common:required"))).to_be_checked()
        self.save_and_continue("integrations:testRequest.title")

    def configure_test_request(self, url: str) -> None:
        method = self.page.get_by_role("combobox", name=self.words("requests:method.label"), exact=True)
        expect(method).to_have_value("GET")
        self.set_endpoint(f"{url}/v1/validations")
        self.add_row("requests:headers.title", KEY_HEADER, reference="auth.api_key")
        self.save_and_continue("credentials:list.title")

    def add_credential(self, api_key: str) -> None:
        self.press("credentials:list.add")
        dialog = self.page.get_by_role("dialog", name=self.words("credentials:title.new"))
        self.type("credentials:form.name", "Test account", dialog)
        self.page.get_by_role("textbox", name="API key", exact=True).fill(api_key)
        self.press("common:saveAndContinue", dialog)
        dialog = self.page.get_by_role("dialog", name=self.words("credentials:title.result", name="Test account"))
        expect(dialog.get_by_text(self.words("common:verdicts.accepted"), exact=True)).to_be_visible()
        expect(dialog.get_by_text(self.words("credentials:verdict.accepted", status=200))).to_be_visible()
        expect(dialog.get_by_role("treeitem", name=re.compile("^validations"))).to_be_visible()
        dialog.get_by_role("button", name=self.words("common:close"), exact=True).last.click()
        expect(dialog).to_have_count(0)

        row = self.page.get_by_role("row").filter(has_text="Test account")
        expect(row).to_contain_text(self.words("common:verdicts.accepted"))
        expect(
            row.get_by_role("button", name=self.words("credentials:row.testNamed", name="Test account"))
        ).to_be_visible()
        self.press("credentials:row.more", row, name="Test account")
        for entry in ("common:rename", "credentials:row.replace", "common:remove"):
            expect(self.page.get_by_role("menuitem", name=self.words(entry), exact=True)).to_be_visible()
        self.page.keyboard.press("Escape")
        self.follow("credentials:list.toActions")

    def begin_action(self, name: str) -> None:
        self.follow("actions:list.add")
        self.expect_heading(self.words("actions:editor.new"), 1)
        self.type("actions:details.name", name)
        self.save_and_continue("actions:steps.inputs")

    def add_input(self, number: int, name: str, key: str) -> None:
        self.press("actions:inputs.add")
        self.page.keyboard.insert_text(name)  # a new row has the focus
        row = self.page.get_by_role("group", name=self.words("actions:inputs.one", number=number, name=name))
        expect(row.get_by_role("textbox", name=self.words("actions:inputs.key"), exact=True)).to_have_value(key)
        kind = row.get_by_role("combobox", name=self.words("actions:inputs.type"), exact=True)
        expect(kind).to_have_value(self.words("common:types.string"))
        expect(row.get_by_role("checkbox", name=self.words("common:required"))).to_be_checked()

    def configure_request(self, url: str, path_reference: str, fields: list[tuple[str, str, str]]) -> None:
        """POST a form: (name, value, reference)."""
        self.save_and_continue("actions:steps.request")
        self.choose("requests:method.label", re.compile("^POST"))
        self.set_endpoint(url)
        if path_reference:
            self.insert(self.words("requests:endpoint.label"), path_reference)
        kinds = self.page.get_by_role("radiogroup", name=self.words("requests:body.type"))
        kinds.get_by_text(self.words("requests:body.types.form"), exact=True).click()
        for name, value, reference in fields:
            self.add_row("requests:body.title", name, value, reference=reference)
        self.add_row("requests:headers.title", KEY_HEADER, reference="auth.api_key")
        self.save_and_continue("actions:steps.test")

    def test_action(self, values: dict[str, str]) -> Locator:
        """Run it with values by the inputs' names; where its response is shown."""
        for name, value in values.items():
            self.page.get_by_role("textbox", name=name, exact=True).fill(value)
        self.press("actions:test.run")
        response = self.page.get_by_role("region", name=self.words("actions:test.response"), exact=True)
        expect(response).to_contain_text(f"200 {self.words('responses:status.200')}")
        return response

    def pick_output(self, key: str) -> None:
        self.page.get_by_role("tab", name=re.compile("^" + re.escape(self.words("actions:steps.outputs")))).click()
        self.page.get_by_role("treeitem", name=re.compile(f"^{key}")).click()
        name = key.capitalize().replace("_", " ")
        row = self.page.get_by_role("group", name=self.words("actions:outputs.one", number=1, name=name))
        expect(row.get_by_role("combobox", name=self.words("actions:outputs.key"), exact=True)).to_have_value(key)
        expect(row.get_by_role("checkbox", name=self.words("common:required"))).to_be_checked()
        self.press("actions:editor.saveAction")
        self.expect_heading(self.words("actions:list.title"), 2)


@pytest.mark.parametrize("language", ["es", "pt"])
def test_the_guide_leads_from_the_set_up_link_to_a_right_code(
    language: str, start_recado: Callable[..., RecadoServer], new_page: Callable[..., Page], emulator: Any, watch: Any
) -> None:
    watch.allow(r"console: .*401")  # nobody is signed in yet
    server = start_recado()
    words = Words(language)
    page = new_page(server=server, locale=language)
    guide = Guide(page, words)
    guide.set_up(server)
    guide.create_integration()
    guide.add_authentication_field()
    guide.configure_test_request(emulator.url)
    guide.add_credential(emulator.api_key)

    create_url = f"{emulator.url}/v1/validations"
    kind = ("type", "email-verification", "")
    guide.begin_action("Create user validation")
    guide.add_input(1, "Account ID", "account_id")
    consent = ("user_authorized", "true", "")
    guide.configure_request(create_url, "", [kind, consent, ("account_id", "", "inputs.account_id")])
    known = set(emulator.codes)
    guide.test_action({"Account ID": "ana.demo"})
    guide.pick_output("validation_id")

    guide.begin_action("Validate code")
    guide.add_input(1, "Validation ID", "validation_id")
    guide.add_input(2, "Code", "code")
    guide.configure_request(f"{create_url}/", "inputs.validation_id", [kind, ("token", "", "inputs.code")])
    [mailed] = set(emulator.codes) - known
    response = guide.test_action({"Validation ID": mailed, "Code": emulator.codes[mailed]})
    expect(response.get_by_role("treeitem", name=re.compile("^validation_status"))).to_contain_text("success")
    guide.pick_output("validation_status")

    actions = page.get_by_role("list", name=words("actions:list.title"), exact=True)
    expect(actions.get_by_role("listitem")).to_have_count(2)
    guide.follow("actions:list.finish")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Validations", exact=True))
    expect(card).to_contain_text(words("integrations:card.actions", count=2))
    expect(card).to_contain_text(words("integrations:card.credentials", count=1))
    assert page.locator("html").get_attribute("lang") == {"es": "es", "pt": "pt-BR"}[language]
    assert_it_runs(server, emulator)


def assert_it_runs(server: RecadoServer, emulator: Any) -> None:
    """What was made by hand logs a person in, as a conversation would have it."""
    ana = Api(server.url)
    ana.post("/sessions", {"email": EMAIL, "password": PASSWORD})
    [integration] = ana.get("/integrations")["items"]
    [credential] = ana.get(f"/integrations/{integration['id']}/credentials")["items"]
    assert credential["last_test"]["verdict"] == "accepted"
    assert [(field["identifier"], field["type"], field["required"]) for field in integration["auth"]["fields"]] == [
        ("api_key", "password", True)
    ]
    actions = {each["name"]: each["id"] for each in ana.get(f"/integrations/{integration['id']}/actions")["items"]}

    def run(name: str, **inputs: str) -> dict[str, Any]:
        body = {"credential_id": credential["id"], "inputs": inputs}
        execution = ana.post(f"/actions/{actions[name]}/executions", body)
        assert execution["outcome"] == "ok", execution
        return dict(execution["outputs"])

    validation_id = run("Create user validation", account_id="ana.demo")["validation_id"]
    assert run("Validate code", validation_id=validation_id, code=emulator.codes[validation_id]) == {
        "validation_status": "success"
    }
    ana.client.close()
