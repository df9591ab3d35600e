"""Every screen, with and without content, in both colours, on desktops and phones, and with whatever opens on it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, TimeoutError, expect  # noqa: A004  # Playwright's own

from e2e.harness import IS_STILL, SIZES, Api, Person, RecadoServer, make_example, paint
from e2e.screens import SCREENS, Fill, Opening, Screen, routes
from recado.emulator import example as worked_example

DESKTOP = SIZES["desktop"]
PHONE = (360, 800)  # the narrowest: what fits on it fits on the others
SERIOUS = frozenset({"serious", "critical"})
COLOURS_ALONE = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
EVERYTHING = {"resultTypes": ["violations"]}
PUBLIC = frozenset({"/login", "/setup"})
GONE = "exe_00000000000000000000000000"
SCHEME = "data-mantine-color-scheme"
OPENED = "[role=dialog], [role=menu], [role=listbox]"
_AXE = Axe().axe_script
_RUN = """([part, options]) => axe.run(
    Array.from(part ? document.querySelectorAll(part) : [document]).filter((each) => !part || each.checkVisibility()), options,
).then(({ violations }) => violations.map(({ id, impact, help, nodes }) => (
    { id, impact, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))"""
_STATE = r"""() => [document.body.innerText.replace(/\b(now|\d+ (sec|min)\. ago)/g, 'lately'),
    ...Array.from(document.querySelectorAll('input, textarea, [aria-selected], [aria-expanded]'),
        (each) => [each.value, each.checked, each.ariaSelected, each.ariaExpanded].join())].join('\n')"""
_IS_BACK = f"(before) => ({_STATE})() === before"
_WIDTHS = "[document.scrollingElement.scrollWidth, window.innerWidth]"
_FITS = "document.scrollingElement.scrollWidth <= window.innerWidth"


def test_every_route_is_looked_at() -> None:
    known = routes()
    assert len(known) > 15, "the routes are read"
    looked_at = {screen.route for screen in SCREENS}
    assert known - looked_at == set(), "add these routes to screens.py"
    assert looked_at - known == set(), "these are no routes"


# ── what is looked at ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Filled:
    """A workspace where every list has something to show: its owner, and the ids that addresses need."""

    owner: Person
    ids: dict[str, Any]


@pytest.fixture(scope="module")
def filled(recado_server: RecadoServer, password_hash: str, emulator: Any) -> Iterator[Filled]:
    """One for all screens, since filling it takes longer than looking at one."""
    workspace_id = recado_server.new_workspace()
    owner = recado_server.new_person(workspace_id, "owner", "Ana Silva", password_hash)
    other = recado_server.new_person(workspace_id, "viewer", "Vera Lima", password_hash)
    yield Filled(owner, fill(owner.api, make_example(owner.api, emulator)))
    for person in (owner, other):
        person.api.client.close()


def fill(api: Api, example: Any) -> dict[str, Any]:
    """Give every list of the workspace something to show; the ids that addresses need."""
    tested = {"credential_id": example.credential_id, "inputs": {"account_id": "ana.demo"}}
    execution = api.post(f"/actions/{example.create_action_id}/test", tested)
    code = {"validation_id": execution["outputs"]["validation_id"], "code": "000000"}
    wrong = {"credential_id": example.credential_id, "inputs": code}
    api.post(f"/actions/{example.validate_action_id}/test", wrong)
    api.post(f"/actions/{example.create_action_id}/executions", {**tested, "inputs": {"account_id": "nobody"}})
    api.post(f"/credentials/{example.credential_id}/test")
    api.post("/api-keys", {"name": "CRM server", "role": "runner", "expires_in_days": 30})
    flow_id = fill_flow(api, example)
    chat = {"flow_id": flow_id, "version": 1, "contact": {"name": "Ana Silva", "phone": "+573001234567"}}
    conversation_id = api.post("/simulator/conversations", chat)["id"]
    for words in ("nobody", "ana.demo", "12"):
        api.post(f"/simulator/conversations/{conversation_id}/messages", {"text": words})
    api.post("/simulator/conversations", {**chat, "contact": {}})
    stopped = api.post("/simulator/conversations", chat)["id"]
    api.post(f"/simulator/conversations/{stopped}/messages", {"text": "EXIT"})
    channel_id = fill_channel(api, flow_id)
    return {
        "flowId": flow_id,
        "channelId": channel_id,
        "batchId": fill_batch(api, flow_id, channel_id),
        "formId": fill_form(api, channel_id, example),
        "webhookId": fill_webhook(api),
        "conversationId": conversation_id,
        "integrationId": example.integration_id,
        "actionId": example.validate_action_id,
        "executionId": execution["id"],
    }


def fill_channel(api: Api, flow_id: str = "") -> str:
    """A number; with a flow also its secrets, rules, and a check that reached nobody. Its id."""
    settings: dict[str, Any] = {"phone_number_id": "100200300400500", "waba_id": "500400300200100"}
    if not flow_id:
        return str(api.post("/channels", {"name": "Bare", "settings": settings})["id"])
    settings["starts"] = [{"flow_id": flow_id, "kind": "keyword", "words": ["hola", "oi"]}, {"flow_id": flow_id}]
    settings["base_url"] = "http://127.0.0.1:8943"
    secrets = {"access_token": "a-token-of-nobody", "app_secret": "a-secret-of-nobody", "verify_token": "verify-nobody"}
    channel_id = str(api.post("/channels", {"name": "Shop", "settings": settings, "secrets": secrets})["id"])
    api.put(f"/channels/{channel_id}/secrets", {"app_secret": "another-secret-of-nobody"})
    api.post(f"/channels/{channel_id}/check")
    return channel_id


def fill_batch(api: Api, flow_id: str, channel_id: str) -> str:
    """Two people, one of them without a number that can be written to; its id."""
    people = [{"phone": "+15550100142", "name": "Luz Rey"}, {"phone": "7"}]
    template = {"name": "news", "language": "en"}
    body = {"flow_id": flow_id, "channel_id": channel_id, "template": template, "contacts": people}
    batch_id: str = api.post("/batches", body)["id"]
    while api.get(f"/batches/{batch_id}")["status"] != "done":
        time.sleep(0.05)
    return batch_id


def fill_form(api: Api, channel_id: str, example: Any) -> str:
    """Some of everything that can answer a screen, and a few slips; its id."""
    screens = [{"id": "WHO", "title": "Who", "data": {"days": {"type": "array"}}, "layout": {}}]
    handler = {
        "ask": "data_exchange",
        "screen": "WHO",
        "action_id": example.create_action_id,
        "next": {"screen": "WHO", "data": {"days": {"each": "{{outputs.days}}", "item": {"id": "{{item.id}}"}}}},
        "branches": [{"value": "{{outputs.validation_id}}", "equals": "no", "step": {"screen": "SUCCESS", "data": {"a": {}}}}],
        "failures": {"timeout": {"message": "Too slow."}},
    }  # fmt: skip
    definition = {"flow_json": {"version": "7.3", "screens": screens}, "handlers": [handler, {"ask": "INIT"}]}
    form_id: str = api.post(f"/channels/{channel_id}/forms", {"name": "Order", "definition": definition})["id"]
    return form_id


def make_webhook(api: Api) -> Any:
    events = ["conversation.finished", "action.failed"]
    return api.post("/webhooks", {"name": "Data lake", "url": "http://127.0.0.1:65321/hooks", "events": events})


def fill_webhook(api: Api) -> str:
    """A webhook with two secrets, which has not heard its test; its id."""
    webhook_id: str = make_webhook(api)["id"]
    api.post(f"/webhooks/{webhook_id}/rotate-secret")
    api.post(f"/webhooks/{webhook_id}/test")
    return webhook_id


def fill_flow(api: Api, example: Any) -> str:
    """The worked example's flow with some of everything a chat can show, published; its id."""
    whole = worked_example.log_in(
        example.integration_id, example.credential_id, example.create_action_id, example.validate_action_id
    )
    rows = [{"id": "lamp", "title": "Lamp", "description": "Two, on their way"}, {"id": "chair", "title": "Chair"}]
    say = {"type": "message", "position": {"x": 1800, "y": 480}}
    buttons = [{"id": "orders", "title": "My orders"}, {"id": "help", "title": "Help"}]
    whole["definition"]["blocks"] += [
        {**say, "id": "film", "edges": {"next": "terms"}, "content": {"kind": "video", "url": "https://acme.example/a.mp4"}},
        {**say, "id": "terms", "edges": {"next": "shop"},
         "content": {"kind": "document", "url": "https://acme.example/terms.pdf", "filename": "Terms.pdf", "caption": "*Our* terms"}},
        {**say, "id": "shop", "edges": {"next": "form"},
         "content": {"kind": "location", "latitude": "4.6", "longitude": "-74.08", "name": "Acme", "address": "Calle 1"}},
        {**say, "id": "form", "edges": {"next": "what"},
         "content": {"kind": "link_button", "text": "Our form", "label": "Open it", "url": "https://acme.example/form"}},
        {**say, "id": "what", "type": "buttons", "edges": {"next": "orders"}, "answer": "what", "text": "What next?", "buttons": buttons},
        {**say, "id": "orders", "type": "list", "name": "Orders", "edges": {}, "answer": "order", "text": "Which one?",
         "label": "See them", "sections": [{"title": "This month", "rows": rows}]},
    ]  # fmt: skip
    whole["definition"]["blocks"][5]["edges"] = {"next": "film"}
    whole["definition"]["blocks"][5] |= {"type": "message", "content": {"kind": "text", "text": "Welcome!"}}
    del whole["definition"]["blocks"][5]["text"]
    flow_id: str = api.post("/flows", whole)["id"]
    api.post(f"/flows/{flow_id}/publish", {})
    return flow_id


def leave_empty(api: Api, route: str) -> dict[str, Any]:
    """An integration and an action with nothing but a name, where the screen belongs to one."""
    if "$flowId" in route:
        return {"flowId": api.post("/flows", {"name": "Empty"})["id"]}
    if "$channelId" in route:
        return {"channelId": fill_channel(api)}
    if "$webhookId" in route:
        return {"webhookId": make_webhook(api)["id"]}
    if "$integrationId" not in route:
        return {"executionId": GONE, "conversationId": GONE.replace("exe", "cnv")}
    integration = api.post("/integrations", {"name": "Empty"})
    path = f"/integrations/{integration['id']}/actions"
    action = api.post(path, {"name": "Nothing yet"}) if "$actionId" in route else {"id": ""}
    return {"integrationId": integration["id"], "actionId": action["id"]}


def go(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the screen shows what it has."""
    expect(page.locator("h1").first).to_be_visible()
    expect(page.get_by_role("status", name="Loading…")).to_have_count(0)
    page.evaluate(IS_STILL)


def resize(page: Page, size: tuple[int, int]) -> None:
    width, height = size
    if page.viewport_size != {"width": width, "height": height}:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(IS_STILL)


def repaint(page: Page) -> str:
    """Take the other colours; their name."""
    scheme: Any = "light" if page.locator("html").get_attribute(SCHEME) == "dark" else "dark"
    paint(page, scheme)
    return str(scheme)


def find_violations(page: Page, options: dict[str, Any], place: str, part: str = "") -> list[str]:
    """On the page, or in the visible parts that a selector names."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found = page.evaluate(_RUN, [part, options])
    return [
        f"{place}: {violation['impact']} {violation['id']}: {violation['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for violation in found
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


def find_sideways(page: Page, place: str) -> list[str]:
    try:
        page.wait_for_function(_FITS, timeout=3000)  # what floats takes its new place a moment later
    except TimeoutError:
        content, window = page.evaluate(_WIDTHS)
        return [f"{place}: {content} px wide on a screen of {window} px"]
    return []


def look(page: Page, place: str, *, is_whole: bool, part: str = "") -> list[str]:
    """On a desktop in both colours, then on a phone, where it is left; `is_whole` also judges all of it there."""
    troubles = find_violations(page, EVERYTHING, place, part)
    scheme = repaint(page)
    troubles += find_violations(page, COLOURS_ALONE, f"{place}, {scheme}", part)
    resize(page, PHONE)
    troubles += find_sideways(page, place)
    if is_whole:
        settle(page)
        troubles += find_violations(page, EVERYTHING, f"{place}, phone")
    return troubles


def find_page_troubles(page: Page, place: str) -> list[str]:
    """One heading of the first level, a language, and a title of its own."""
    troubles = []
    if (count := page.locator("h1").count()) != 1:
        troubles.append(f"{place}: {count} headings of level 1")
    if (language := page.locator("html").get_attribute("lang")) != "en":
        troubles.append(f"{place}: the language is {language}")
    if not re.fullmatch(r".+ · Recado", title := page.title()):
        troubles.append(f"{place}: the title is {title!r}")
    return troubles


def look_at_openings(page: Page, openings: tuple[Opening, ...], address: str, place: str) -> list[str]:
    troubles = []
    resize(page, DESKTOP)
    for opening in openings:
        before = page.evaluate(_STATE)
        opening.open(page)
        page.evaluate(IS_STILL)
        part = OPENED if page.locator(OPENED).filter(visible=True).count() else ""  # the rest was looked at before
        troubles += look(page, f"{place}, {opening.name}", is_whole=False, part=part)
        if opening is not openings[-1]:
            leave(page, opening, address, before)
    return troubles


def leave(page: Page, opening: Opening, address: str, before: str) -> None:
    """Close what is open; where that does not lead back to how it was, and is not to stay, load the page anew."""
    resize(page, DESKTOP)
    page.keyboard.press("Escape")
    if opening.stays:
        expect(page.locator(OPENED).filter(visible=True)).to_have_count(0)
        return
    try:
        page.wait_for_function(_IS_BACK, arg=before, timeout=500)
    except TimeoutError:
        go(page, address)


# ── the screens ──────────────────────────────────────────────────────────────────────────────────────────────────────

CASES = [pytest.param(screen, fills, id=f"{screen.name}-{fills}") for screen in SCREENS for fills in screen.fills]


@pytest.mark.parametrize(("screen", "fills"), CASES)
def test_a_screen_is_for_everybody(
    screen: Screen,
    fills: Fill,
    request: pytest.FixtureRequest,
    new_page: Callable[..., Page],
    window: Page,
    watch: Any,
) -> None:
    watch.allow(r"console: .*40[149]")
    if screen.route == "/setup" and fills == "empty":
        server: RecadoServer = request.getfixturevalue("start_recado")()
        page, address = new_page(server=server), server.setup_url
    elif fills == "filled" and screen.route not in PUBLIC:
        filled: Filled = request.getfixturevalue("filled")
        page, address = new_page(filled.owner, on=window), screen.address(filled.ids)
    else:
        owner: Person = request.getfixturevalue("owner")
        page = new_page(None if screen.route in PUBLIC else owner, on=window)
        address = screen.address(leave_empty(owner.api, screen.route))
    go(page, address)
    if screen.leads_to:
        assert page.url.endswith(screen.leads_to)
        return
    troubles = find_page_troubles(page, screen.name)
    troubles += look(page, screen.name, is_whole=fills == screen.fills[0])
    if fills == screen.fills[0]:
        troubles += look_at_openings(page, screen.openings, address, screen.name)
    assert not troubles, "\n".join(troubles)


def test_who_may_not_is_told_on_a_page_for_everybody(
    new_page: Callable[..., Page], new_person: Callable[..., Any], watch: Any
) -> None:
    watch.allow(r"console: (ApiProblem|.*40[34])")
    page = new_page(new_person("viewer", "Vera Lima"))
    troubles = []
    for address in ("/integrations/new", "/integrations/int_00000000000000000000000000/actions", "/no/such/page"):
        resize(page, DESKTOP)
        go(page, address)
        troubles += find_page_troubles(page, address) + look(page, address, is_whole=True)
    assert not troubles, "\n".join(troubles)
