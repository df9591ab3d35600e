"""Takes the pictures of the docs: every screen, wide and narrow, light and dark, into docs/images/.

    scripts/screenshots.py              all of them, in place of what is there
    scripts/screenshots.py NAME…        those of these screens alone, for example `home action-test`

Run by `make screenshots`. It starts a server on a folder of its own, fills it with the worked example, and ends it.
A screen is a line in `_empty_screens` or `_screens`.
"""

from __future__ import annotations

import argparse
import io
import math
import re
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright  # noqa: E402

from e2e.harness import BROWSER_FLAGS, LOCALES, PASSWORD, SIZES, Api, RecadoServer, find_browser  # noqa: E402  # the path comes first
from e2e.number import fill_number  # noqa: E402

IMAGES: Final = ROOT / "docs" / "images"
COLOURS: Final = 128  # flat screens need no more, and the files are a third as large
MILLISECONDS: Final = 20_000  # a busy machine takes its time
EMAIL: Final = "ana@acme.example"
_IS_DRAWN: Final = """() => {
    const waits = '.mantine-Skeleton-root, .mantine-Loader-root, [data-loading]';
    return document.fonts.status === 'loaded' && document.getAnimations().every((one) => one.playState !== 'running')
        && !document.querySelector(waits) && [...document.images].every((image) => image.complete);
}"""


@dataclass(frozen=True)
class Shot:
    """One screen: its file's name, its address, what is done before the picture, and whether anybody is signed in.

    A whole picture shows the page to its end, not just what fits into the window.
    """

    name: str
    path: str
    prepare: Callable[[Page], None] | None = None
    is_signed_in: bool = True
    is_whole: bool = False


@dataclass
class Camera:
    """Takes the pictures into a folder; a screen that cannot be taken is told, and the next one is taken."""

    browser: Browser
    folder: Path
    wanted: frozenset[str]
    """The names of the screens to take; empty for all."""
    failed: list[str] = field(default_factory=list)

    def take(self, server: RecadoServer, shots: Sequence[Shot], api: Api | None = None) -> None:
        """Each of the shots in both sizes and both colour schemes."""
        chosen = [shot for shot in shots if not self.wanted or shot.name in self.wanted]
        for size, (width, height) in SIZES.items() if chosen else ():
            for scheme in ("light", "dark"):
                for is_signed_in in (False, True):
                    context = self.browser.new_context(
                        base_url=server.url,
                        locale=LOCALES["en"],
                        color_scheme=scheme,
                        viewport={"width": width, "height": height},
                        reduced_motion="reduce",
                        timezone_id="UTC",
                    )
                    context.set_default_timeout(MILLISECONDS)
                    if api is not None and is_signed_in:
                        context.add_cookies(api.cookies())
                    for shot in chosen:
                        if shot.is_signed_in is is_signed_in:
                            self._take(context, shot, f"{shot.name}-{size}-{scheme}.png")
                    context.close()

    def _take(self, context: BrowserContext, shot: Shot, name: str) -> None:
        began = time.monotonic()
        page = context.new_page()
        try:
            page.goto(shot.path)
            _settle(page)
            if shot.prepare:
                shot.prepare(page)
                _settle(page)
            if shot.is_whole:  # in a window as high as the page, so that nothing sticks to the middle of it
                width, height = page.evaluate("[window.innerWidth, document.documentElement.scrollHeight]")
                page.set_viewport_size({"width": width, "height": height})
                _settle(page)
            _save(page.screenshot(), self.folder / name)
        except Error as problem:
            self.failed.append(name)
            print(f"{name}: {problem.message}", file=sys.stderr)
        else:
            print(f"{name} {time.monotonic() - began:.1f} s", flush=True)
        finally:
            page.close()


def main() -> int:
    """Take them all, or those that are named; what is in the docs is replaced only when none failed."""
    parser = argparse.ArgumentParser(description="Take the pictures of the docs.")
    parser.add_argument("name", nargs="*", help="a screen, as its file is named before -desktop or -phone")
    wanted = frozenset(parser.parse_args().name)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch) / "images"
        folder.mkdir()
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        camera = Camera(browser, folder, wanted)
        with _server(Path(scratch)) as server:
            camera.take(server, [Shot("setup", server.setup_url.removeprefix(server.url), is_signed_in=False)])
            api = Api(server.url)
            owner = {"token": server.setup_token, "email": EMAIL, "password": PASSWORD, "name": "Ana Silva"}
            api.post("/setup", owner)
            camera.take(server, _empty_screens(), api)
            ids = fill(api)
            camera.take(server, _screens(ids), api)
            camera.take(server, _screens_of_number(fill_number(api, server.url, ids["flow"])), api)
        browser.close()
        if camera.failed:
            print(f"Not taken: {', '.join(camera.failed)}. The pictures in docs/images stay.", file=sys.stderr)
            return 1
        if not wanted:
            shutil.rmtree(IMAGES, ignore_errors=True)
        shutil.copytree(folder, IMAGES, dirs_exist_ok=True)
    return 0


@contextmanager
def _server(folder: Path) -> Iterator[RecadoServer]:
    server = RecadoServer(folder, _free_port(), {"RECADO_EXAMPLE_PORT": str(_free_port())})
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def fill(api: Api) -> dict[str, str]:
    """The worked example with a little history; the ids that addresses need."""
    made = api.post("/example")
    create, validate = made["actions"]
    credential = made["credential_id"]
    api.post(f"/credentials/{credential}/test")
    api.post(f"/actions/{create}/test", {"credential_id": credential, "inputs": {"account_id": "ana.demo"}})
    runs = [
        api.post(f"/actions/{create}/executions", {"credential_id": credential, "inputs": {"account_id": account}})
        for account in ["ana.demo", "nobody.here", "ana.demo", "ana.demo", "nobody.here", "ana.demo"]
    ]
    run = runs[-1]
    inputs = {"validation_id": run["outputs"]["validation_id"], "code": "000000"}
    api.post(f"/actions/{validate}/executions", {"credential_id": credential, "inputs": inputs})
    api.post(
        "/members", {"email": "ben@acme.example", "password": PASSWORD + "-2", "role": "editor", "name": "Ben Ito"}
    )
    api.post("/api-keys", {"name": "CRM server", "role": "runner"})
    webhook = _tell(api)
    conversation = _chat(api, made["flow_id"])
    return {
        "flow": made["flow_id"],
        "conversation": conversation,
        "taken": _taken(api, made["flow_id"]),
        "webhook": webhook,
        "integration": made["integration_id"],
        "action": create,
        "validate": validate,
        "execution": run["id"],
    }


def _taken(api: Api, flow: str) -> str:
    """A conversation that a member has taken over and writes in; its id."""
    started = api.post(
        "/simulator/conversations", {"flow_id": flow, "version": "draft", "contact": {"name": "Luz Rey"}}
    )
    taken: str = started["id"]
    api.post(f"/conversations/{taken}/take-over")
    api.post(f"/simulator/conversations/{taken}/messages", {"text": "I changed my number. Can you help me?"})
    api.post(f"/conversations/{taken}/messages", {"text": "Of course. Which number is it now?"})
    api.post(f"/simulator/conversations/{taken}/messages", {"text": "+1 555 0100"})
    return taken


def _tell(api: Api) -> str:
    """Two servers that are told of conversations; the id of the one that does not take everything."""
    port = _listen()
    ids = []
    for name, path, told in (
        ("CRM", "recado", ["conversation.finished", "conversation.handed_over"]),
        ("Data lake", "lake", ["conversation.started", "conversation.handed_over", "conversation.finished"]),
    ):
        body = {"name": name, "url": f"http://127.0.0.1:{port}/{path}", "events": told, "includes_simulator": True}
        ids.append(str(api.post("/webhooks", body)["id"]))
        api.post(f"/webhooks/{ids[-1]}/test")
    return ids[-1]


def _listen() -> int:
    """Begin to listen as the servers of webhooks would, until this program ends; the port."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(503 if self.path == "/lake" and b"handed_over" in body else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])


def _chat(api: Api, flow: str) -> str:
    """A conversation that waits for its code once more; its id."""
    started = api.post(
        "/simulator/conversations", {"flow_id": flow, "version": "draft", "contact": {"name": "Eva Sol"}}
    )
    for text in ["nobody.here", "ana.demo", "000000"]:
        api.post(f"/simulator/conversations/{started['id']}/messages", {"text": text})
    return str(started["id"])


def _empty_screens() -> list[Shot]:
    return [
        Shot("login", "/login", is_signed_in=False),
        Shot("home-empty", "/"),
        Shot("integrations-empty", "/integrations"),
        Shot("integration-new", "/integrations/new"),
        Shot("executions-empty", "/executions"),
        Shot("flows-empty", "/flows"),
        Shot("conversations-empty", "/conversations"),
        Shot("api-keys-empty", "/settings/api-keys"),
    ]


def _screens(ids: dict[str, str]) -> list[Shot]:
    integration = f"/integrations/{ids['integration']}"
    action = f"{integration}/actions/{ids['action']}"
    flow = f"/flows/{ids['flow']}"
    steps = ["settings", "authentication", "test-request", "credentials", "actions"]
    return [
        Shot("home", "/"),
        Shot("integrations", "/integrations"),
        *[Shot(f"integration-{step}", f"{integration}/{step}") for step in steps],
        Shot("credential-new", f"{integration}/credentials", _open_credential),
        *[Shot(f"action-{step}", f"{action}?step={step}") for step in ["details", "inputs", "outputs"]],
        Shot("action-request", f"{action}?step=request", is_whole=True),
        Shot("action-test", f"{action}?step=test", _test_action),
        Shot("action-path", f"{integration}/actions/{ids['validate']}?step=request"),
        Shot("flows", "/flows"),
        Shot("flow", flow, _wait_for_drawing),
        Shot("flow-block", flow, _choose_block),
        Shot("simulator", f"{flow}/simulator", _write_to_flow),
        Shot("flow-statistics", f"{flow}/statistics"),
        Shot("inbox", f"/inbox?conversation={ids['taken']}"),
        Shot("conversations", "/conversations"),
        Shot("conversation", f"/conversations/{ids['conversation']}"),
        Shot("executions", "/executions"),
        Shot("execution", f"/executions/{ids['execution']}"),
        *[
            Shot(f"settings-{page}", f"/settings/{page}")
            for page in ["profile", "members", "api-keys", "secrets", "address-policy", "audit-log", "about"]
        ],
        Shot("settings-webhooks", "/settings/webhooks"),
        Shot("webhook", f"/settings/webhooks/{ids['webhook']}"),
        Shot("webhook-new", "/settings/webhooks", _open_webhook),
        Shot("not-found", "/no/such/page"),
    ]


def _screens_of_number(ids: dict[str, str]) -> list[Shot]:
    channel = f"/channels/{ids['channel']}"
    return [
        Shot("contacts", "/contacts"),
        Shot("contact-start", "/contacts", _write_to_somebody),
        Shot("batches", "/batches"),
        Shot("batch", f"/batches/{ids['batch']}"),
        Shot("batch-new", "/batches/new", _paste_people, is_whole=True),
        Shot("channel", channel),
        Shot("templates", f"{channel}/templates"),
        Shot("forms", f"{channel}/forms", is_whole=True),
        Shot("form", f"{channel}/forms/{ids['form']}", is_whole=True),
    ]


def _write_to_somebody(page: Page) -> None:
    page.get_by_role("button", name="Write to Ana Silva").click()
    page.get_by_role("dialog").wait_for()


def _paste_people(page: Page) -> None:
    lines = "number,name,day\n+1 555 010 0210,Ana,Monday\n+1 555 010 0211,Luz,Tuesday\n0155 010 0212,Eva,Friday"
    page.get_by_role("textbox", name="Numbers").fill(lines)
    page.get_by_role("combobox", name="Flow").click()
    page.get_by_role("option").first.click()
    page.get_by_role("combobox", name="Said first").click()
    page.get_by_role("option", name="reminder (en)").click()
    for place, column in (("1", "name"), ("2", "day")):
        page.get_by_role("combobox", name=f"Value of {place} in the template").click()
        page.get_by_role("option", name=f"Column {column}").click()


def _open_credential(page: Page) -> None:
    page.get_by_role("button", name="Add credential").first.click()
    page.get_by_role("dialog").wait_for()


def _open_webhook(page: Page) -> None:
    page.get_by_role("button", name="Add webhook").click()
    page.get_by_role("dialog").wait_for()


def _test_action(page: Page) -> None:
    page.get_by_role("textbox", name="Account").first.fill("ana.demo")
    page.get_by_role("button", name=re.compile("^Test (and continue|again)")).first.click()
    page.get_by_role("tree").first.wait_for()


_BLOCKS: Final = ".react-flow__node, [data-entry]"
"""The blocks of a drawing; on a narrow screen those of its list."""


def _wait_for_drawing(page: Page) -> None:
    page.locator(_BLOCKS).first.wait_for()


def _choose_block(page: Page) -> None:
    page.locator(_BLOCKS).nth(1).click()


def _write_to_flow(page: Page) -> None:
    box = page.get_by_role("textbox", name="Message")
    for text, said in [("nobody.here", "no account"), ("ana.demo", "mailed you")]:
        box.fill(text)
        page.keyboard.press("Enter")
        page.get_by_role("log").get_by_text(said).last.wait_for()


def _save(png: bytes, path: Path) -> None:
    """Keep a picture with few colours: half of them those of its areas, half of its shades, so that a red star stays red.

    Pillow alone would give the large areas a tint.
    """
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    found = [shade for _, shade in sorted(picture.getcolors(picture.width * picture.height), reverse=True)]
    kept, others = found[: COLOURS // 2], found[COLOURS // 2 :]
    if others:
        swatch = Image.new("RGB", (len(others), 1))
        swatch.putdata(others)
        parts = swatch.quantize(COLOURS - len(kept)).getpalette() or []
        kept += zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    places = {shade: place for place, shade in reversed(list(enumerate(kept)))}
    places |= {shade: places[min(places, key=lambda one: math.dist(one, shade))] for shade in others}
    reduced = Image.new("P", picture.size)
    reduced.putpalette([part for shade in kept for part in shade])
    reduced.putdata([places[shade] for shade in picture.getdata()])
    reduced.save(path, optimize=True)


def _settle(page: Page) -> None:
    """Wait until nothing is loading or moving: no skeleton, no spinner, the fonts and pictures there."""
    page.locator("#root").get_by_role("heading", level=1).first.wait_for()
    page.evaluate("document.documentElement.style.scrollbarGutter = 'auto'")  # scrollbars are no part of a picture
    page.wait_for_load_state("networkidle")
    page.wait_for_function(_IS_DRAWN)


if __name__ == "__main__":
    sys.exit(main())
