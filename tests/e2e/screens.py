"""Every screen of the web UI: its address, what can be opened on it, and the routes of the app, read from their source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from e2e.openings import (
    KEY_VALUE,
    Open,
    add_output,
    ask_for_place,
    dialog,
    leave_unsaved,
    menu,
    offer_blocks,
    offer_header_names,
    open_a_list,
    open_block,
    paste_people,
    press,
    press_all,
    publish,
    pull,
    remove_used_input,
    save_fields_without_one,
    search_for_nothing,
    see_what_was_told,
    show,
    show_a_call,
    show_code_once,
    show_list,
    show_secret_once,
    sign_in_wrongly,
    submit_nothing,
    take_over,
    test_credential,
    type_braces,
    unfold,
)

ROUTES: Final = Path(__file__).parents[2] / "ui" / "src" / "routes"
_ROUTE: Final = re.compile(r"(?:const (?P<name>\w+) = )?createRoute\(\{(?P<body>.*?)\n {0,2}\}\)", re.DOTALL)
_PARENT: Final = re.compile(r"getParentRoute: \(\) => (\w+)")
_PATH: Final = re.compile(r"\bpath: '([^']*)'")

Fill = Literal["filled", "empty"]


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
    """Something that opens on a screen: how, and what is then to be seen.

    With `stays`, what opens next does so on the screen as this one leaves it: a tab in front, or something unfolded.
    """

    name: str
    open: Open
    stays: bool = False


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


INTEGRATION: Final = "/integrations/$integrationId"
ACTION: Final = f"{INTEGRATION}/actions/$actionId"
MORE_OF_CREDENTIAL: Final = "credentials:row.more"
MORE_OF_ACTION: Final = "actions:list.menu"
MORE_OF_MEMBER: Final = "settings:members.actionsFor"
MORE_OF_WEBHOOK: Final = "webhooks:actionsFor"
MORE_OF_CONTACT: Final = "contacts:actionsFor"

SCREENS: Final = (
    Screen("/setup"),
    Screen("/login", openings=(Opening("wrong password", sign_in_wrongly),), fills=("filled",)),
    Screen("/", openings=(Opening("account", menu(press("common:account.menu"))),)),
    Screen(
        "/integrations",
        openings=(
            Opening("import", dialog(press("integrations:list.import"))),
            Opening("nothing found", search_for_nothing),
        ),
    ),
    Screen("/integrations/new", openings=(Opening("slips", submit_nothing),), fills=("empty",)),
    Screen(INTEGRATION, leads_to="/actions", fills=("empty",)),
    Screen(
        f"{INTEGRATION}/settings",
        openings=(
            Opening("certificates", press("integrations:certificates.title"), stays=True),
            Opening("delete", dialog(press("integrations:danger.delete"))),
        ),
    ),
    Screen(
        f"{INTEGRATION}/authentication",
        openings=(
            Opening("types", pull("integrations:auth.type")),
            Opening("fields in use", save_fields_without_one),
        ),
    ),
    Screen(
        f"{INTEGRATION}/test-request",
        openings=(
            Opening("methods", pull("requests:method.label")),
            Opening("insert a value", pull("requests:field.insertInto", label=KEY_VALUE)),
            Opening("cURL", dialog(press("requests:curl.open")), stays=True),
            Opening("options of a row", press("requests:rows.options"), stays=True),
            Opening("advanced", unfold("requests:advanced.title"), stays=True),
            Opening("names of headers", offer_header_names, stays=True),
            Opening("completion", type_braces),
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
            Opening("result", test_credential),
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
    Screen(ACTION, openings=(Opening("leave", leave_unsaved),)),
    Screen(
        ACTION,
        "?step=inputs",
        openings=(Opening("types", pull("actions:inputs.type")), Opening("remove a used one", remove_used_input)),
    ),
    Screen(ACTION, "?step=request", openings=(Opening("hostile values", dialog(press("requests:hostile.try"))),)),
    Screen(ACTION, "?step=test", openings=(Opening("headers", show("responses:tabs.headers"), stays=True),)),
    Screen(ACTION, "?step=outputs", openings=(Opening("keys", add_output),)),
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
            Opening("a block", open_block),
            Opening("add a block", offer_blocks),
            Opening("list", show_list, stays=True),
            Opening("publish", dialog(publish)),
        ),
    ),
    Screen(
        "/flows/$flowId/simulator",
        openings=(
            Opening("attach", menu(press("simulator:composer.attach"))),
            Opening("place", ask_for_place),
            Opening("values", show("simulator:tabs.values"), stays=True),
            Opening("calls", show_a_call, stays=True),
            Opening("controls", show("simulator:tabs.controls"), stays=True),
            Opening("choices", open_a_list),
        ),
    ),
    Screen("/flows/$flowId/statistics"),
    Screen("/inbox", query="?conversation=$conversationId&show=waiting", openings=(Opening("taken over", take_over),)),
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
            Opening("steps", show("conversations:tabs.steps"), stays=True),
            Opening("values", show("conversations:tabs.values"), stays=True),
            Opening("calls", show("conversations:tabs.calls"), stays=True),
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
    Screen("/batches/new", openings=(Opening("lines", paste_people),), fills=("filled",)),
    Screen("/batches/$batchId", fills=("filled",)),
    Screen("/channels/$channelId/templates", fills=("filled",)),
    Screen("/channels/$channelId/forms", openings=(Opening("add", dialog(press("forms:add"))),)),
    Screen("/channels/$channelId/forms/$formId", fills=("filled",)),
    Screen("/channels"),
    Screen("/channels/new", openings=(Opening("slips", submit_nothing),), fills=("empty",)),
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
            Opening("request", show("responses:tabs.sent"), stays=True),
            Opening("attempts", show("responses:tabs.attempts"), stays=True),
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
            Opening("made", show_code_once),
        ),
    ),
    Screen(
        "/settings/webhooks",
        openings=(
            Opening("add", dialog(press("webhooks:add"))),
            Opening("menu", menu(press(MORE_OF_WEBHOOK))),
            Opening("new secret", press_all(MORE_OF_WEBHOOK, "webhooks:rotate")),
            Opening("made", show_secret_once),
        ),
    ),
    Screen(
        "/settings/webhooks/$webhookId",
        openings=(
            Opening("event", see_what_was_told),
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
