"""Every screen of the web UI: its address, what can be opened on it, and the routes of the app, read from their source."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Page, expect

from e2e.words import Words

ROUTES: Final = Path(__file__).parents[2] / "ui" / "src" / "routes"
_ROUTE: Final = re.compile(r"(?:const (?P<name>\w+) = )?createRoute\(\{(?P<body>.*?)\n {0,2}\}\)", re.DOTALL)
_PARENT: Final = re.compile(r"getParentRoute: \(\) => (\w+)")
_PATH: Final = re.compile(r"\bpath: '([^']*)'")

t: Final = Words("en")
KEY_VALUE: Final = t("requests:rows.valueOf", name="Truora-API-Key")
Fill = Literal["filled", "empty"]
Open = Callable[[Page], None]


def routes() -> set[str]:
    """The addresses of the app's routes, as their files put them together; a frame and its first page are one address."""
    known = {"root": ""}
    found = set()
    frame = ROUTES / "frame.tsx"  # what the others stand in
    files = [frame, *sorted(set(ROUTES.glob("*.tsx")) - {frame})]
    for route in _ROUTE.finditer("\n".join(file.read_text("utf-8") for file in files)):
        parent, path = _PARENT.search(route["body"]), _PATH.search(route["body"])
        assert parent, route["body"]
        whole = known[parent[1]].rstrip("/") + (path[1] if path else "")
        if route["name"]:
            known[route["name"]] = whole
        if "component:" in route["body"] or "beforeLoad:" in route["body"]:
            found |= {whole.rstrip("/") or "/"} if path else set()
    return found


@dataclass(frozen=True)
class Opening:
    """Something that opens on a screen: how, and what is then to be seen."""

    name: str
    open: Open


@dataclass(frozen=True)
class Screen:
    """One screen: its route, the rest of its address, and what opens there."""

    route: str
    query: str = ""
    openings: tuple[Opening, ...] = ()
    fills: tuple[Fill, ...] = ("filled", "empty")
    leads_to: str = ""
    """Where a route that shows nothing itself leads."""

    @property
    def name(self) -> str:
        return self.route + self.query

    def address(self, ids: dict[str, Any]) -> str:
        """With the ids of what is shown."""
        return re.sub(r"\$(\w+)", lambda place: str(ids[place[1]]), self.route + self.query)


# ── how things are opened ────────────────────────────────────────────────────────────────────────────────────────────


def press(key: str, **values: Any) -> Open:
    """A button opens it."""
    return lambda page: page.get_by_role("button", name=t.like(key, **values)).first.click()


def unfold(key: str) -> Open:
    """A button whose name goes on with what is folded away."""
    return lambda page: page.get_by_role("button", name=re.compile("^" + re.escape(t(key)))).click()


def press_all(*keys: str) -> Open:
    """A button, then an entry of the menu."""

    def run(page: Page) -> None:
        page.get_by_role("button", name=t.like(keys[0])).first.click()
        page.get_by_role("menuitem", name=t.like(keys[1])).click()
        expect(page.get_by_role("dialog")).to_be_visible()

    return run


def pull(key: str, **values: Any) -> Open:
    """A list falls down."""

    def run(page: Page) -> None:
        page.get_by_role("combobox", name=t.like(key, **values)).first.click()
        expect(page.get_by_role("option").first).to_be_visible()

    return run


def show(key: str) -> Open:
    """A tab comes to the front."""
    return lambda page: page.get_by_role("tab", name=re.compile("^" + re.escape(t(key)))).click()


def dialog(opens: Open) -> Open:
    """It is a window."""

    def run(page: Page) -> None:
        opens(page)
        expect(page.get_by_role("dialog")).to_be_visible()

    return run


def menu(opens: Open) -> Open:
    """It is a menu."""

    def run(page: Page) -> None:
        opens(page)
        expect(page.get_by_role("menuitem").first).to_be_visible()

    return run


def _type_braces(page: Page) -> None:
    page.get_by_role("textbox", name=KEY_VALUE, exact=True).click()
    page.keyboard.press("End")
    page.keyboard.type("{{")
    expect(page.get_by_role("listbox")).to_be_visible()


def _offer_header_names(page: Page) -> None:
    headers = page.get_by_role("region", name=t("requests:headers.title"), exact=True)
    headers.get_by_role("combobox", name=t("requests:rows.newName"), exact=True).fill("c")
    expect(page.get_by_role("option").first).to_be_visible()


def _save_fields_without_one(page: Page) -> None:
    page.get_by_role("button", name=t("common:rows.remove", name="API key")).click()
    page.get_by_role("button", name=t("common:save"), exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _submit_nothing(page: Page) -> None:
    page.get_by_role("button", name=t("common:saveAndContinue")).click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def _sign_in_wrongly(page: Page) -> None:
    page.get_by_label(t("accounts:email")).fill("ana@acme.example")
    page.get_by_role("textbox", name=t("accounts:password")).fill("not the right one")
    page.get_by_role("button", name=t("accounts:login.submit")).click()
    expect(page.get_by_role("alert")).to_be_visible()


def _search_for_nothing(page: Page) -> None:
    page.get_by_role("searchbox").fill("no such thing")
    expect(page.get_by_role("button", name=t("integrations:list.clear"))).to_be_visible()


def _show_code_once(page: Page) -> None:
    page.get_by_role("button", name=t("settings:apiKeys.add")).click()
    page.get_by_role("textbox", name=t("common:name")).fill("CRM server")
    page.get_by_role("button", name=t("settings:apiKeys.make")).click()
    expect(page.get_by_role("button", name=t("settings:apiKeys.kept"))).to_be_visible()


def _show_secret_once(page: Page) -> None:
    page.get_by_role("button", name=t("webhooks:add")).click()
    page.get_by_role("textbox", name=t("common:name")).fill("CRM")
    page.get_by_role("textbox", name=t("webhooks:url")).fill("http://127.0.0.1:65321/hooks")
    page.get_by_role("button", name=t("webhooks:make")).click()
    expect(page.get_by_role("button", name=t("webhooks:secretKept"))).to_be_visible()


def _see_what_was_told(page: Page) -> None:
    page.get_by_role("table").get_by_role("button", name=t("webhooks:types.ping")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _test_credential(page: Page) -> None:
    page.get_by_role("button", name=t("credentials:row.testNamed", name="Demo")).first.click()
    expect(page.get_by_text(t("credentials:verdict.accepted", status=200))).to_be_visible()


def _remove_used_input(page: Page) -> None:
    page.get_by_role("button", name=t.like("common:rows.remove")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _leave_unsaved(page: Page) -> None:
    page.get_by_role("textbox", name=t("actions:details.name")).fill("Another name")
    page.get_by_role("link", name=t("common:places.executions")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _add_output(page: Page) -> None:
    page.get_by_role("button", name=t("actions:outputs.add")).click()
    page.get_by_role("combobox", name=t("actions:outputs.key"), exact=True).last.click()
    expect(page.get_by_role("option").first).to_be_visible()


def _say(page: Page, words: str) -> None:
    line = page.get_by_role("textbox", name=t("simulator:composer.message"), exact=True)
    line.fill(words)
    line.press("Enter")


def _ask_for_place(page: Page) -> None:
    page.get_by_role("button", name=t("simulator:composer.attach")).click()
    page.get_by_role("menuitem", name=t("simulator:composer.place")).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name=t("simulator:place.send")).click()


def _show_a_call(page: Page) -> None:
    _say(page, "nobody")
    page.get_by_role("log").get_by_role("button", name=re.compile("400")).click()
    expect(page.get_by_role("tabpanel", name=t("simulator:tabs.calls")).get_by_role("treeitem").first).to_be_visible()


def _open_a_list(page: Page) -> None:
    """At the end of the chat, where somebody who logged in chooses what to do."""
    show("simulator:tabs.controls")(page)
    page.get_by_role("combobox", name=t("simulator:jump.block")).click()
    page.get_by_role("option", name="Orders").click()
    page.get_by_role("button", name=t("simulator:jump.go")).click()
    page.get_by_role("log").get_by_role("button", name="See them").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _take_over(page: Page) -> None:
    page.get_by_role("button", name=t("inbox:takeOver")).click()
    expect(page.get_by_role("textbox", name=t("inbox:write"))).to_be_visible()


def _paste_people(page: Page) -> None:
    page.get_by_role("textbox", name=t("batches:people.lines")).fill("number,name\n+1 555 0100,Ana\n0155 0101,Luz")
    expect(page.get_by_text(t("batches:people.good", count=1))).to_be_visible()


def _open_block(page: Page) -> None:
    page.locator(".react-flow__node").first.press("Enter")
    expect(page.get_by_role("complementary", name=t("flows:panel.title"))).to_be_visible()


def _offer_blocks(page: Page) -> None:
    page.locator("[data-edge]").first.evaluate("(button) => button.click()")
    expect(page.get_by_role("menuitem").first).to_be_visible()


def _show_list(page: Page) -> None:
    page.get_by_role("radiogroup", name=t("flows:tools.view")).get_by_text(t("flows:tools.outline")).click()
    expect(page.get_by_role("list", name=t("flows:outline.title"))).to_be_visible()


def _publish(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("button", name=t("flows:tools.settings")).click()
    page.get_by_role("button", name=t("flows:settings.addVariable")).click()
    page.get_by_role("button", name=t("flows:publish.open"), exact=True).click()


INTEGRATION: Final = "/integrations/$integrationId"
ACTION: Final = f"{INTEGRATION}/actions/$actionId"
MORE_OF_CREDENTIAL: Final = "credentials:row.more"
MORE_OF_ACTION: Final = "actions:list.menu"
MORE_OF_MEMBER: Final = "settings:members.actionsFor"
MORE_OF_WEBHOOK: Final = "webhooks:actionsFor"
MORE_OF_CONTACT: Final = "contacts:actionsFor"

SCREENS: Final = (
    Screen("/setup"),
    Screen("/login", openings=(Opening("wrong password", _sign_in_wrongly),), fills=("filled",)),
    Screen("/", openings=(Opening("account", menu(press("common:account.menu"))),)),
    Screen(
        "/integrations",
        openings=(
            Opening("import", dialog(press("integrations:list.import"))),
            Opening("nothing found", _search_for_nothing),
        ),
    ),
    Screen("/integrations/new", openings=(Opening("slips", _submit_nothing),), fills=("empty",)),
    Screen(INTEGRATION, leads_to="/actions", fills=("empty",)),
    Screen(
        f"{INTEGRATION}/settings",
        openings=(
            Opening("certificates", press("integrations:certificates.title")),
            Opening("delete", dialog(press("integrations:danger.delete"))),
        ),
    ),
    Screen(
        f"{INTEGRATION}/authentication",
        openings=(
            Opening("types", pull("integrations:auth.type")),
            Opening("fields in use", _save_fields_without_one),
        ),
    ),
    Screen(
        f"{INTEGRATION}/test-request",
        openings=(
            Opening("methods", pull("requests:method.label")),
            Opening("insert a value", pull("requests:field.insertInto", label=KEY_VALUE)),
            Opening("completion", _type_braces),
            Opening("names of headers", _offer_header_names),
            Opening("cURL", dialog(press("requests:curl.open"))),
            Opening("options of a row", press("requests:rows.options")),
            Opening("advanced", unfold("requests:advanced.title")),
        ),
    ),
    Screen(
        f"{INTEGRATION}/credentials",
        openings=(
            Opening("add", dialog(press("credentials:list.add"))),
            Opening("menu", menu(press(MORE_OF_CREDENTIAL))),
            Opening("rename", press_all(MORE_OF_CREDENTIAL, "common:rename")),
            Opening("replace values", press_all(MORE_OF_CREDENTIAL, "credentials:row.replace")),
            Opening("remove", press_all(MORE_OF_CREDENTIAL, "common:remove")),
            Opening("result", _test_credential),
        ),
    ),
    Screen(
        f"{INTEGRATION}/actions",
        openings=(
            Opening("menu", menu(press(MORE_OF_ACTION))),
            Opening("remove", press_all(MORE_OF_ACTION, "common:remove")),
        ),
    ),
    Screen(f"{INTEGRATION}/actions/new", fills=("empty",)),
    Screen(ACTION, openings=(Opening("leave", _leave_unsaved),)),
    Screen(
        ACTION,
        "?step=inputs",
        openings=(Opening("types", pull("actions:inputs.type")), Opening("remove a used one", _remove_used_input)),
    ),
    Screen(ACTION, "?step=request", openings=(Opening("hostile values", dialog(press("requests:hostile.try"))),)),
    Screen(ACTION, "?step=test", openings=(Opening("headers", show("responses:tabs.headers")),)),
    Screen(ACTION, "?step=outputs", openings=(Opening("keys", _add_output),)),
    Screen(
        "/flows",
        openings=(
            Opening("new", dialog(press("flows:list.new"))),
            Opening("import", dialog(press("flows:list.import"))),
            Opening("menu", menu(press("flows:list.menu"))),
        ),
    ),
    Screen(
        "/flows/$flowId",
        openings=(
            Opening("a block", _open_block),
            Opening("add a block", _offer_blocks),
            Opening("list", _show_list),
            Opening("publish", dialog(_publish)),
        ),
    ),
    Screen(
        "/flows/$flowId/simulator",
        openings=(
            Opening("attach", menu(press("simulator:composer.attach"))),
            Opening("place", _ask_for_place),
            Opening("values", show("simulator:tabs.values")),
            Opening("calls", _show_a_call),
            Opening("controls", show("simulator:tabs.controls")),
            Opening("choices", _open_a_list),
        ),
    ),
    Screen("/flows/$flowId/statistics"),
    Screen("/inbox", query="?conversation=$conversationId&show=waiting", openings=(Opening("taken over", _take_over),)),
    Screen(
        "/conversations",
        openings=(
            Opening("flows", pull("conversations:flow")),
            Opening("statuses", pull("conversations:status")),
        ),
    ),
    Screen(
        "/conversations/$conversationId",
        openings=(
            Opening("steps", show("conversations:tabs.steps")),
            Opening("values", show("conversations:tabs.values")),
            Opening("calls", show("conversations:tabs.calls")),
            Opening("cancel", dialog(press("conversations:cancel.open"))),
        ),
    ),
    Screen(
        "/contacts",
        openings=(
            Opening("menu", menu(press(MORE_OF_CONTACT))),
            Opening("opt out", press_all(MORE_OF_CONTACT, "contacts:optOut.open")),
            Opening("begin", dialog(press("contacts:start.openNamed"))),
        ),
    ),
    Screen("/batches"),
    Screen("/batches/new", openings=(Opening("lines", _paste_people),), fills=("filled",)),
    Screen("/batches/$batchId", fills=("filled",)),
    Screen("/channels/$channelId/templates", fills=("filled",)),
    Screen("/channels/$channelId/forms", openings=(Opening("add", dialog(press("forms:add"))),)),
    Screen("/channels/$channelId/forms/$formId", fills=("filled",)),
    Screen("/channels"),
    Screen("/channels/new", openings=(Opening("slips", _submit_nothing),), fills=("empty",)),
    Screen("/channels/$channelId", openings=(Opening("remove", dialog(press("channels:danger.delete"))),)),
    Screen("/channels/$channelId/setup", "?step=secrets", fills=("filled",)),
    Screen("/channels/$channelId/setup", "?step=callback", fills=("filled",)),
    Screen("/channels/$channelId/setup", "?step=check", fills=("filled",)),
    Screen("/channels/$channelId/setup", "?step=starts", fills=("filled",)),
    Screen(
        "/executions",
        openings=(
            Opening("outcomes", pull("executions:outcome")),
            Opening("integrations", pull("executions:integration")),
        ),
    ),
    Screen(
        "/executions/$executionId",
        openings=(
            Opening("request", show("responses:tabs.sent")),
            Opening("attempts", show("responses:tabs.attempts")),
        ),
    ),
    Screen("/settings", leads_to="/settings/profile", fills=("empty",)),
    Screen("/settings/profile", fills=("filled",)),
    Screen(
        "/settings/members",
        openings=(
            Opening("add", dialog(press("settings:members.add"))),
            Opening("menu", menu(press(MORE_OF_MEMBER))),
            Opening("edit", press_all(MORE_OF_MEMBER, "common:edit")),
            Opening("remove", press_all(MORE_OF_MEMBER, "common:remove")),
        ),
        fills=("filled",),
    ),
    Screen(
        "/settings/api-keys",
        openings=(
            Opening("add", dialog(press("settings:apiKeys.add"))),
            Opening("end", dialog(press("settings:apiKeys.revokeOne"))),
            Opening("made", _show_code_once),
        ),
    ),
    Screen(
        "/settings/webhooks",
        openings=(
            Opening("add", dialog(press("webhooks:add"))),
            Opening("menu", menu(press(MORE_OF_WEBHOOK))),
            Opening("new secret", press_all(MORE_OF_WEBHOOK, "webhooks:rotate")),
            Opening("made", _show_secret_once),
        ),
    ),
    Screen(
        "/settings/webhooks/$webhookId",
        openings=(
            Opening("event", _see_what_was_told),
            Opening("edit", press_all(MORE_OF_WEBHOOK, "common:edit")),
            Opening("test", dialog(press("webhooks:test"))),
        ),
    ),
    Screen("/settings/secrets"),
    Screen("/settings/address-policy", fills=("filled",)),
    Screen(
        "/settings/audit-log",
        openings=(Opening("checked", press("settings:auditLog.verify")),),
        fills=("filled",),
    ),
    Screen("/settings/about", fills=("filled",)),
)
