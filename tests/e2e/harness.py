"""The pieces of the browser tests: a server as people start it, people with accounts, and a watch over what browsers do."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError, expect

from recado.accounts import service as accounts
from recado.accounts.caller import Role
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import workspaces
from recado.emulator import example as worked_example
from recado.ids import new_id
from recado.settings import load

Scheme = Literal["light", "dark"]
Size = Literal["desktop", "phone"]

SIZES: Final[dict[str, tuple[int, int]]] = {"desktop": (1440, 900), "phone": (390, 844)}
LOCALES: Final = {"en": "en-US", "es": "es-CO", "pt": "pt-BR"}
PASSWORD: Final = "anchors-weigh-94-lemons"
# The windows of Chromium itself, which nobody sees here: each one loads two pages for the list below its address bar, and
# keeps a process for the next tab. Without them a page costs half. The last such switch wins, so that Playwright's own
# features that matter here are among them.
_FEATURES_OFF: Final = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "SpareRendererForSitePerProcess",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "LensOverlay",
    "MediaRouter",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
BROWSER_FLAGS: Final = [
    f"--disable-features={','.join(_FEATURES_OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_BROWSERS: Final = ("chromium-headless-shell", "chromium")
"""By preference: the first is Chromium without windows, and takes a sixth less of a test's time."""
_SERIOUS: Final = frozenset({"serious", "critical"})
IS_STILL: Final = """() => Promise.all(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
    .map((each) => each.finished.catch(() => null)))"""
"""Waits until nothing moves, and no colour is on its way to another."""


# ── the server ───────────────────────────────────────────────────────────────────────────────────────────────────────


class RecadoServer:
    """A running `recado serve` on a data folder of its own.

    `log` is the file with all it wrote; `database` is the tests' own way to the same rows.
    """

    def __init__(self, folder: Path, port: int, environ: Mapping[str, str]) -> None:
        self.data_dir = folder / "data"
        self.log = folder / "server.log"
        # Its coverage is not measured: it costs time, and the tests of the HTTP API go through the same lines.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RECADO_", "COVERAGE_"))}
        own = {"RECADO_DATA_DIR": str(self.data_dir), "RECADO_EGRESS_ALLOW": "127.0.0.0/8", "HOME": str(folder)}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "recado", "serve", "--port", str(port), "--json"],
                env={**kept, **own, **environ}, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=log, text=True,
            )  # fmt: skip
        told = self._read_announcement()
        self.url = f"http://127.0.0.1:{port}"
        self._setup_url: str | None = told["setup_url"]
        self.settings = load({}, data_dir=self.data_dir, port=port, log_level="error")
        self.database = Database(self.settings)

    def _read_announcement(self) -> Any:
        """The document that `--json` prints once the server is up."""
        assert self._process.stdout
        text = ""
        for line in self._process.stdout:
            text += line
            if line == "}\n":
                return json.loads(text)
        raise AssertionError(f"the server did not come up: {text}{self.log.read_text()[-4000:]}")

    @property
    def setup_url(self) -> str:
        """The link it printed, which makes the first owner."""
        assert self._setup_url, "somebody has an account already"
        return self._setup_url

    @property
    def setup_token(self) -> str:
        """The token at the end of the set-up link."""
        return urlsplit(self.setup_url).fragment

    def stop(self) -> None:
        """End it as an operator would."""
        self.database.close()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            assert self._process.wait(120) == 0, self.log.read_text()[-4000:]
        finally:
            self._process.kill()
            self._process.communicate()

    def new_workspace(self) -> str:
        """An empty workspace; its id."""
        workspace_id = new_id("wsp")
        with self.database.begin() as connection:
            connection.execute(workspaces.insert().values(id=workspace_id, name="Test", created_at=utc_now()))
        return workspace_id

    def new_person(self, workspace_id: str, role: Role, name: str, password_hash: str) -> Person:
        """Somebody with an account there, signed in over HTTP."""
        email = f"{name.split(maxsplit=1)[0].lower()}-{new_id('usr')[-8:].lower()}@acme.example"
        with self.database.begin() as connection:
            caller = accounts.system_caller(workspace_id)
            member = accounts.create_user(connection, caller, email, password_hash, role, name)
        person = Person(member.id, email, PASSWORD, name, role, workspace_id, Api(self.url))
        person.api.post("/sessions", {"email": email, "password": PASSWORD})
        return person


class Api:
    """The HTTP API as somebody's browser calls it: each method gives the JSON of the answer and refuses an error.

    `client` is the httpx client below it, for answers that are errors on purpose. Paths are those below /api/v1.
    """

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(
            base_url=f"{url}/api/v1", headers={"sec-fetch-site": "same-origin"}, timeout=60, trust_env=False
        )

    def get(self, path: str, **query: Any) -> Any:
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: Any = None) -> Any:
        return self._ask("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        return self._ask("PUT", path, json=body)

    def patch(self, path: str, body: Any) -> Any:
        return self._ask("PATCH", path, json=body)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path)

    def _ask(self, method: str, path: str, **content: Any) -> Any:
        given = {name: value for name, value in content.items() if value is not None}
        answer = self.client.request(method, path, **given)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def cookies(self) -> list[Any]:
        """The session's cookie, as a browser context takes it."""
        return [
            {"name": name, "value": value, "url": str(self.client.base_url.copy_with(path="/")), "httpOnly": True}
            for name, value in self.client.cookies.items()
        ]


@dataclass
class Person:
    """Somebody with an account; `api` is signed in as them."""

    id: str
    email: str
    password: str
    name: str
    role: Role
    workspace_id: str
    api: Api


@dataclass(frozen=True)
class Example:
    """The worked example, ready to run: the ids of its parts."""

    integration_id: str
    credential_id: str
    create_action_id: str
    validate_action_id: str


def make_example(api: Api, emulator: Any) -> Example:
    """Save the worked example through somebody's API, against the emulator."""
    integration_id = api.post("/integrations", worked_example.integration(emulator.url))["id"]
    below = f"/integrations/{integration_id}"
    credential = api.post(f"{below}/credentials", worked_example.credential(emulator.api_key))
    create = api.post(f"{below}/actions", worked_example.create_validation(emulator.url))
    validate = api.post(f"{below}/actions", worked_example.validate_code(emulator.url))
    return Example(integration_id, credential["id"], create["id"], validate["id"])


# ── what browsers do ─────────────────────────────────────────────────────────────────────────────────────────────────


def find_browser() -> str:
    """Where Chromium is."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    assert found, "Chromium is not installed: run `make test`, or scripts/system chromium"
    return found


class Watch:
    """Notes what no page of ours may do.

    That is: errors on the console (violations of the Content-Security-Policy are among them), exceptions nobody caught,
    requests to anything but this machine, missing files, and answers of 500 and above. Answers of the HTTP API from 400
    to 499 are its way to say no, and fine.
    """

    def __init__(self) -> None:
        self._noted: list[str] = []
        self._allowed: list[re.Pattern[str]] = []
        self._contexts: list[BrowserContext] = []
        self._heard: dict[str, Callable[[Any], None]] = {
            "console": self._on_console,
            "weberror": self._on_error,
            "request": self._on_request,
            "requestfailed": self._on_failure,
            "response": self._on_response,
        }

    def allow(self, pattern: str) -> Self:
        """Let pass what a test causes on purpose: `watch.allow(r"^503 .*/api/v1/executions")`."""
        self._allowed.append(re.compile(pattern))
        return self

    def over(self, context: BrowserContext) -> None:
        """Begin with a context; all its pages are watched."""
        self._contexts.append(context)
        for event, hear in self._heard.items():
            context.on(event, hear)  # type: ignore[call-overload]  # its stubs know each event by itself

    def end(self, context: BrowserContext) -> None:
        """Watch it no more: it goes on without this test."""
        for event, hear in self._heard.items():
            context.remove_listener(event, hear)

    def troubles(self) -> list[str]:
        """What was noted and not allowed, all that has happened by now included."""
        for context in self._contexts:
            if context.browser and context.browser.is_connected() and context.pages:
                context.cookies()  # events come in order, before the answer to this
        return [text for text in self._noted if not any(pattern.search(text) for pattern in self._allowed)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._noted.append(f"console: {message.text[:1000]}")

    def _on_error(self, error: WebError) -> None:
        self._noted.append(f"uncaught: {error.error}")

    def _on_request(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme not in {"data", "blob", "about"} and place.hostname != "127.0.0.1":
            self._noted.append(f"elsewhere: {request.method} {request.url}")

    def _on_failure(self, request: Request) -> None:
        if request.failure and request.failure != "net::ERR_ABORTED":  # which is what leaving a page does
            self._noted.append(f"failed: {request.method} {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        is_api = "/api/" in urlsplit(response.url).path
        if response.status >= 500 or (response.status >= 400 and not is_api):
            self._noted.append(f"{response.status} {response.request.method} {response.url}")


def paint(page: Page, scheme: Scheme) -> None:
    """Take these colours on an open page."""
    page.emulate_media(color_scheme=scheme)
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
    page.evaluate(IS_STILL)


def check_both_colours(page: Page, context: str | list[str] | None = None) -> None:
    """Assert that axe finds nothing serious or critical, in the light and in the dark."""
    for scheme in ("dark", "light"):
        paint(page, scheme)
        check_accessibility(page, context)


def check_accessibility(page: Page, context: str | list[str] | None = None) -> None:
    """Assert that axe finds nothing serious or critical, on the page or in the part a selector names."""
    found = Axe().run(page, context).response["violations"]
    told = [
        f"{violation['impact']} {violation['id']}: {violation['help']}\n"
        + "\n".join(f"  {node['html'][:200]}\n    {node['failureSummary']}" for node in violation["nodes"])
        for violation in found
        if violation["impact"] in _SERIOUS
    ]
    assert not told, "\n".join(told)
