"""Takes the pictures of the docs: every screen, wide and narrow, light and dark, into docs/images/.

Run by `make screenshots`. It starts a server on a folder of its own, fills it with the worked example, and ends it.
"""

from __future__ import annotations

import io
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from e2e.harness import BROWSER_FLAGS, LOCALES, PASSWORD, SIZES, Api, RecadoServer  # noqa: E402  # the path comes first

IMAGES: Final = ROOT / "docs" / "images"
COLOURS: Final = 192  # flat screens need no more, and the files are a third as large
EMAIL: Final = "ana@acme.example"


@dataclass(frozen=True)
class Shot:
    """One screen: its file's name, its address, what is done before the picture, and whether anybody is signed in."""

    name: str
    path: str
    prepare: Callable[[Page], None] | None = None
    is_signed_in: bool = True


def main() -> None:
    """Take them all."""
    shutil.rmtree(IMAGES, ignore_errors=True)
    IMAGES.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER_FLAGS)
        with _server(Path(folder)) as server:
            assert server.setup_url
            take(browser, server, [Shot("setup", server.setup_url.removeprefix(server.url), is_signed_in=False)])
            api = Api(server.url)
            owner = {"token": server.setup_token, "email": EMAIL, "password": PASSWORD, "name": "Ana Silva"}
            api.post("/setup", owner)
            take(browser, server, _empty_screens(), api)
            take(browser, server, _screens(fill(api)), api)
        browser.close()


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
    return {
        "integration": made["integration_id"],
        "action": create,
        "validate": validate,
        "execution": run["id"],
    }


def _empty_screens() -> list[Shot]:
    return [
        Shot("login", "/login", is_signed_in=False),
        Shot("home-empty", "/"),
        Shot("integrations-empty", "/integrations"),
        Shot("integration-new", "/integrations/new"),
        Shot("executions-empty", "/executions"),
        Shot("api-keys-empty", "/settings/api-keys"),
    ]


def _screens(ids: dict[str, str]) -> list[Shot]:
    integration = f"/integrations/{ids['integration']}"
    action = f"{integration}/actions/{ids['action']}"
    steps = ["settings", "authentication", "test-request", "credentials", "actions"]
    return [
        Shot("home", "/"),
        Shot("integrations", "/integrations"),
        *[Shot(f"integration-{step}", f"{integration}/{step}") for step in steps],
        Shot("credential-new", f"{integration}/credentials", _open_credential),
        *[Shot(f"action-{step}", f"{action}?step={step}") for step in ["details", "inputs", "request", "outputs"]],
        Shot("action-test", f"{action}?step=test", _test_action),
        Shot("action-path", f"{integration}/actions/{ids['validate']}?step=request"),
        Shot("executions", "/executions"),
        Shot("execution", f"/executions/{ids['execution']}"),
        *[
            Shot(f"settings-{page}", f"/settings/{page}")
            for page in ["profile", "members", "api-keys", "secrets", "address-policy", "audit-log", "about"]
        ],
        Shot("not-found", "/no/such/page"),
    ]


def _open_credential(page: Page) -> None:
    page.get_by_role("button", name="Add credential").first.click()
    page.get_by_role("dialog").wait_for()


def _test_action(page: Page) -> None:
    page.get_by_role("textbox", name="Account").first.fill("ana.demo")
    page.get_by_role("button", name=re.compile("^Test (and continue|again)")).first.click()
    page.get_by_role("tree").first.wait_for()


def take(browser: Browser, server: RecadoServer, shots: list[Shot], api: Api | None = None) -> None:
    """Each of the shots in both sizes and both colour schemes."""
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                base_url=server.url,
                locale=LOCALES["en"],
                color_scheme=scheme,
                viewport={"width": width, "height": height},
                reduced_motion="reduce",
                timezone_id="UTC",
            )
            for shot in shots:
                context.clear_cookies()
                if api is not None and shot.is_signed_in:
                    context.add_cookies(api.cookies())
                page = context.new_page()
                page.goto(shot.path)
                _settle(page)
                if shot.prepare:
                    shot.prepare(page)
                    _settle(page)
                _keep(page, IMAGES / f"{shot.name}-{size}-{scheme}.png")
                page.close()
            context.close()


def _settle(page: Page) -> None:
    """Wait until nothing is loading: no skeleton, no spinner, the fonts there."""
    page.get_by_role("heading", level=1).first.wait_for()
    waiting: Any = "() => !document.querySelector('.mantine-Skeleton-root, .mantine-Loader-root')"
    page.wait_for_function(waiting)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(250)  # what is drawn after its data came


def _keep(page: Page, path: Path) -> None:
    picture = Image.open(io.BytesIO(page.screenshot(full_page=path.name.startswith("action-request"))))
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
