"""The browser tests' fixtures: a real `recado serve`, a real Chromium, and people who are signed in.

A test is a plain function (not async) and looks like this:

    from playwright.sync_api import Page, expect

    def test_an_integration_is_listed(owner_page: Page, api: Any) -> None:
        api.post("/integrations", {"name": "Acme CRM"})
        owner_page.goto("/integrations")
        expect(owner_page.get_by_role("link", name="Acme CRM")).to_be_visible()

Every test has a workspace of its own, so its lists begin empty. Every page is watched: an error on the console, an
exception nobody caught, a violation of the Content-Security-Policy, a missing file, an answer of 500 and above, or a
request to anything but 127.0.0.1 fails the test. When a test fails, `test-results/<test>/browser-1/` holds a screenshot and
the accessibility tree of each page and the server's log; after a run with `--last-failed` also the trace
(`playwright show-trace trace.zip`).

    page            a page without anybody signed in; `page.goto("/login")` is relative to the server
    owner           a Person, owner of a fresh workspace: id, email, password, name, role, workspace_id, api
    owner_page      a page signed in as `owner`, not yet anywhere
    api             `owner.api`: get/post/put/patch/delete below /api/v1, JSON in and out, errors refused; `api.client` is
                    the httpx client below it
    new_person      new_person("viewer", "Ben Ito") -> Person in the owner's workspace; workspace_id="…" for another one
    new_page        new_page(person or None, locale="es", scheme="dark", size="phone", server=…) -> another page, in a
                    browser context (cookies, storage) of its own; new_page(person, on=window) takes `window` instead
    window          a page of the whole file, emptied of cookies and storage for each who is given it
    emulator        the Validations API of the worked example on 127.0.0.1: url, api_key, codes (by validation id)
    graph           a stand-in of WhatsApp's Graph server: person(…), new_template(…), url, token
    example         the worked example saved through `api`: integration_id, credential_id, create_action_id,
                    validate_action_id
    axe             axe(page) or axe(page, "[role=dialog]"): nothing serious or critical, else the test fails
    watch           watch.allow(r"regex") lets pass what a test causes on purpose: `console: …`, `uncaught: …`,
                    `503 GET http://…`, `failed: GET http://… net::…`
    recado_server   the server all of this runs on: url, data_dir, log, database
    start_recado    start_recado(RECADO_RETENTION_DAYS="1") -> a fresh server nobody has set up: url, setup_url, setup_token

How `page` and `owner_page` look is said by a marker; the default is English, light, 1440x900:

    @pytest.mark.view(locale="pt", scheme="dark", size="phone")      # en, es, pt; light, dark; desktop, phone (390x844)

Without a marker they are `window`, which takes half the time. A test that leaves something at the page itself (a listener of
`page.on`, a script, a CDP session) asks for a page of its own:

    @pytest.mark.view(own=True)

Run some with `make test PYTEST="tests/e2e -k wizard"`; `make ui` builds the app after a change of `ui/`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from e2e.harness import (
    BROWSER_FLAGS,
    LOCALES,
    PASSWORD,
    SIZES,
    Api,
    Example,
    Person,
    RecadoServer,
    Scheme,
    Size,
    Watch,
    check_accessibility,
    find_browser,
    make_example,
)
from recado.accounts.caller import Role
from recado.accounts.passwords import hash_password
from recado.emulator.whatsapp.app import WhatsAppServer
from recado.emulator.whatsapp.setting_up import new_world
from servers.background import Background
from whatsapp.driver import Graph

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "test-results"
DIST: Final = ROOT / "src" / "recado" / "web" / "dist"
_MILLISECONDS: Final = 60_000
_WATCH: Final = pytest.StashKey[Watch]()
_HAS_FAILED: Final = pytest.StashKey[bool]()


# ── servers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def start_recado(
    tmp_path_factory: pytest.TempPathFactory, unused_port: Callable[[], int]
) -> Iterator[Callable[..., RecadoServer]]:
    """Starts servers nobody has set up, with settings of one's own as `RECADO_…` names; they stop at the end."""
    assert (DIST / "index.html").is_file(), "the web UI is not built: run `make ui`"
    running: list[RecadoServer] = []

    def start(**environ: str) -> RecadoServer:
        own = {"RECADO_EXAMPLE_PORT": str(unused_port())}
        running.append(RecadoServer(tmp_path_factory.mktemp("served"), unused_port(), {**own, **environ}))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def recado_server(start_recado: Callable[..., RecadoServer]) -> RecadoServer:
    """One for all tests, set up over HTTP with its link; each test has a workspace of its own on it."""
    server = start_recado()
    first = Api(server.url)
    body = {"token": server.setup_token, "email": "first@acme.example", "password": PASSWORD, "name": "First Owner"}
    first.post("/setup", body)
    first.client.close()
    return server


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of everybody's password, made once: it takes a while, as it should."""
    return hash_password(PASSWORD)


@pytest.fixture
def workspace_id(recado_server: RecadoServer) -> str:
    """The id of the test's own workspace."""
    return recado_server.new_workspace()


@pytest.fixture
def new_person(recado_server: RecadoServer, workspace_id: str, password_hash: str) -> Iterator[Callable[..., Person]]:
    """Makes somebody with a role in the test's workspace, signed in over HTTP."""
    made: list[Person] = []
    own_workspace = workspace_id

    def make(role: Role = "owner", name: str = "Ana Silva", *, workspace_id: str = "") -> Person:
        made.append(recado_server.new_person(workspace_id or own_workspace, role, name, password_hash))
        return made[-1]

    yield make
    for person in made:
        person.api.client.close()


@pytest.fixture
def owner(new_person: Callable[..., Person]) -> Person:
    """The owner of the test's workspace."""
    return new_person("owner")


@pytest.fixture
def api(owner: Person) -> Api:
    """The HTTP API, signed in as the owner."""
    return owner.api


@pytest.fixture
def example(api: Api, emulator: Any) -> Example:
    """The worked example in the test's workspace, against the emulator."""
    return make_example(api, emulator)


@pytest.fixture
def graph() -> Iterator[Graph]:
    """A stand-in of WhatsApp's Graph server, with one number and a few templates."""
    background = Background()
    with background.serving(WhatsAppServer(new_world(identity="browsed"))) as server:
        graph = Graph(server.url)
        yield graph
        graph.close()
    background.close()


# ── browsers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, one a file: Playwright keeps an event loop in this thread, beside which no other test's loop can run."""
    path = find_browser()
    expect.set_options(timeout=_MILLISECONDS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield started
        started.close()


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Watch:
    """What the pages of this test did that they may not."""
    made = Watch()
    request.node.stash[_WATCH] = made
    return made


def _open_context(browser: Browser, url: str, locale: str, scheme: Scheme, size: Size) -> BrowserContext:
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=url,
        locale=LOCALES[locale],
        color_scheme=scheme,
        viewport={"width": width, "height": height},
        has_touch=size == "phone",
        timezone_id="UTC",
        reduced_motion="reduce",
        service_workers="block",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(_MILLISECONDS)
    return context


@pytest.fixture(scope="module")
def window(browser: Browser, recado_server: RecadoServer) -> Iterator[Page]:
    """One page for many tests: to open one takes about as long as to look at what is on it."""
    context = _open_context(browser, recado_server.url, "en", "light", "desktop")
    yield context.new_page()
    context.close()


def _empty(page: Page) -> None:
    """Forget who it was of, what it was answered, and how it looked."""
    page.unroute_all()
    page.goto("/favicon.svg")  # of the same origin, so that its process goes on
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.context.clear_cookies()
    width, height = SIZES["desktop"]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="light")


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest, browser: Browser, recado_server: RecadoServer, watch: Watch
) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a context of its own."""
    contexts: list[tuple[BrowserContext, RecadoServer]] = []
    lent: list[BrowserContext] = []
    is_traced = bool(request.config.getoption("lf"))  # a trace costs a sixth of a test's time: only once it has failed

    def make(
        person: Person | None = None,
        *,
        locale: str = "en",
        scheme: Scheme = "light",
        size: Size = "desktop",
        server: RecadoServer = recado_server,
        on: Page | None = None,
    ) -> Page:
        if on is None:
            context = _open_context(browser, server.url, locale, scheme, size)
        else:
            context = on.context
            lent.append(context)
            _empty(on)
        contexts.append((context, server))
        if is_traced:
            context.tracing.start(snapshots=True)
        watch.over(context)
        if person is not None:
            context.add_cookies(person.api.cookies())
        return on or context.new_page()

    yield make
    folder = RESULTS / re.sub(r"[^\w.-]+", "-", request.node.nodeid.removeprefix("tests/e2e/"))
    shutil.rmtree(folder, ignore_errors=True)
    has_failed = request.node.stash.get(_HAS_FAILED, False)
    for number, (context, server) in enumerate(contexts, 1):
        if has_failed:
            _keep(context, server, folder / f"browser-{number}", is_traced=is_traced)
        if context not in lent:
            context.close()
        elif is_traced and not has_failed:
            context.tracing.stop()
    troubles = watch.troubles()
    for context in lent:
        watch.end(context)
    assert has_failed or not troubles, "\n".join(troubles)


def _keep(context: BrowserContext, server: RecadoServer, folder: Path, *, is_traced: bool) -> None:
    """What the pages looked like, how they came to it, and what the server said."""
    folder.mkdir(parents=True)
    for number, page in enumerate(context.pages, 1):
        try:
            page.screenshot(path=folder / f"page-{number}.png", timeout=5_000)
            tree = page.locator("html").aria_snapshot(timeout=5_000)
        except Error as problem:  # the page is gone, or stuck
            tree = str(problem)
        (folder / f"page-{number}.txt").write_text(f"{page.url}\n\n{tree}\n")
    if is_traced:
        context.tracing.stop(path=folder / "trace.zip")
    shutil.copy(server.log, folder / "server.log")


@pytest.fixture
def view(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How `new_page` is to open the test's page: as the marker `view` says, else as the file's own window."""
    marker = request.node.get_closest_marker("view")
    told = dict(marker.kwargs) if marker else {"on": request.getfixturevalue("window")}
    told.pop("own", None)
    return told


@pytest.fixture
def page(new_page: Callable[..., Page], view: dict[str, Any]) -> Page:
    """A page without anybody signed in."""
    return new_page(**view)


@pytest.fixture
def owner_page(new_page: Callable[..., Page], owner: Person, view: dict[str, Any]) -> Page:
    """A page signed in as the owner."""
    return new_page(owner, **view)


@pytest.fixture
def axe() -> Callable[..., None]:
    """Asserts that a page has no serious or critical violation of accessibility."""
    return check_accessibility


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """What the watch noted fails the test itself, before its pages are closed."""
    try:
        yield
        if (watch := item.stash.get(_WATCH, None)) is not None:
            troubles = watch.troubles()
            assert not troubles, "\n".join(troubles)
    except BaseException:
        item.stash[_HAS_FAILED] = True
        raise
