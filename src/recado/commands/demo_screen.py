"""What the demonstration shows: each request to the byte, each answer with its time, and what comes next."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from typing import Any, Final

from rich import box
from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from recado.commands.show import lines_of, words

_WIDTH: Final = 100
_SHOWN_HEADERS: Final = frozenset({"content-type", "content-length", "retry-after", "location"})


class Screen:
    """The terminal of the demonstration; a quiet one shows nothing and asks nobody."""

    def __init__(self, *, is_quiet: bool = False) -> None:
        self.is_quiet = is_quiet
        self.is_asking = not is_quiet and sys.stdin.isatty() and sys.stdout.isatty()
        width = None if sys.stdout.isatty() else _WIDTH
        self._console = Console(highlight=False, width=width, quiet=is_quiet)
        if width is None and self._console.width > _WIDTH:
            self._console = Console(highlight=False, width=_WIDTH, quiet=is_quiet)

    def say(self, *what: RenderableType) -> None:
        """A paragraph."""
        self._console.print(*what)

    def title(self, text: str) -> None:
        """Where a step begins."""
        self._console.print()
        self._console.print(Rule(Text(text, style="bold"), align="left", style="cyan"))

    def facts(self, rows: dict[str, str]) -> None:
        """Names and values, one below the other."""
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in rows.items():
            grid.add_row(name, Text(words(value)))
        self._console.print(grid)

    def request(self, text: str) -> None:
        """The exact bytes of a request, secrets as blocks."""
        self._http(text, "Request, to the byte", "blocks stand for the secret")

    def response(self, execution: dict[str, Any]) -> None:
        """The answer, or why there is none."""
        response, timing = execution["response"], execution["timing"] or {}
        if response is None:
            problem = execution["error"] or {}
            self.say(Text(f"{execution['outcome']}: {words(problem.get('message'))}", style="red"))
            return
        self._http(
            "\n".join(_answer_lines(response)), f"Response in {timing.get('total_ms', 0):.1f} ms", execution["id"]
        )

    def _http(self, text: str, title: str, subtitle: str) -> None:
        code = Syntax(lines_of(text), "http", theme="ansi_dark", background_color="default", word_wrap=True)
        self._console.print(
            Panel(
                code,
                title=title,
                subtitle=Text(subtitle, style="dim"),
                title_align="left",
                subtitle_align="right",
                box=box.ROUNDED,
                border_style="dim",
            )
        )

    def outputs(self, execution: dict[str, Any]) -> None:
        """What the action gives on."""
        for identifier, value in execution["outputs"].items():
            self.say(Text.assemble(("→ ", "green"), (identifier, "bold"), " = ", words(value)))
        if execution["outcome"] != "ok":
            problem = execution["error"] or {}
            self.say(Text(f"→ {execution['outcome']}: {words(problem.get('message'))}", style="red"))

    def ask(self, question: str, default: str) -> str:
        """What the person types, or the default for Enter and where nobody can be asked."""
        prompt = Text.assemble((question, "bold"), (f" [{default}] ", "dim"))
        if not self.is_asking:
            self.say(Text.assemble(prompt, default))
            return default
        return self._console.input(prompt).strip() or default

    def result(self, status: str) -> None:
        """The last line of what came of it."""
        style = "bold green" if status == "success" else "bold red"
        self._console.print()
        self._console.print(Text(f"validation_status: {words(status)}", style=style))

    def mailed(self, account_id: str, code: str) -> None:
        """A code that somebody had mailed."""
        self.say(Text(f"A mail has come for {words(account_id)}: your code is {code}."))

    def next_steps(
        self, url: str, setup_token: str, key: str, action_id: str, credential_id: str, flow_id: str
    ) -> None:
        """Where to look at it in a browser, and how to call it."""
        body = json.dumps({"credential_id": credential_id, "inputs": {"account_id": "ana.demo"}})
        curl = (
            f"curl -s {url}/api/v1/actions/{action_id}/executions \\\n"
            f"  -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\\n"
            f"  -d {shlex.quote(body)}"
        )
        self.title("What to do next")
        self.say(
            "See all of this in a browser: the set-up link makes you the owner of the demonstration; then chat with the flow."
        )
        self.facts(
            {
                "Address": url,
                "Set up": f"{url}/setup#{setup_token}",
                "Chat": f"{url}/flows/{flow_id}/simulator",
                "HTTP API": f"{url}/api/docs",
                "Key": key,
            }
        )
        self._console.print()
        # Printed without a frame and unfolded, so that it can be copied whole.
        self._console.print(Text(curl), soft_wrap=True)
        self._console.print()


def _answer_lines(response: dict[str, Any]) -> Iterator[str]:
    """Status, the headers that matter here, and the body with its JSON laid out."""
    yield f"HTTP/1.1 {response['status']}"
    for header in response["headers"]:
        if header["key"].lower() in _SHOWN_HEADERS:
            yield f"{header['key']}: {header['value']}"
    yield ""
    body = response["body"] or ""
    try:
        yield json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        yield body
