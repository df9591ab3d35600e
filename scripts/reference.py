"""Makes docs/reference from the code; with `--check` it changes nothing and exits 1 when a committed page differs."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

import msgspec
from typer.main import get_command

from recado import app, cli
from recado.accounts.caller import PERMISSIONS, Permission, Role
from recado.commands import tree
from recado.errors import CallFailed, RecadoError, Refused, Unavailable, every_error
from recado.flows.problems import PROBLEMS
from recado.parts import Parts, open_parts
from recado.settings import Settings, load

FOLDER: Final = Path(__file__).parent.parent / "docs" / "reference"
WIDTH: Final = 100
_MADE: Final = "<!-- Made from the code by `make docs`; changes here are lost. -->"
_NAMELESS: Final = "/api/v1/openapi.json/"  # aliases that the framework adds
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_TYPES: Final = {
    Path: "path",
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    tuple[str, ...]: "list, comma-separated",
}


def main() -> int:
    """Write every page, or say which ones are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a page is stale")
    is_check = parser.parse_args().check
    made = asyncio.run(make_pages())
    stale = [name for name, text in made.items() if not is_same(FOLDER / name, text)]
    stale += [path.name for path in sorted(FOLDER.glob("*")) if path.name not in made]
    if is_check:
        for name in stale:
            sys.stderr.write(f"docs/reference/{name} is stale: run `make docs`.\n")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


def is_same(path: Path, text: str) -> bool:
    """Whether the file holds exactly this."""
    return path.is_file() and path.read_text(encoding="utf-8") == text


async def make_pages() -> dict[str, str]:
    """Each page by its file name."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load({}, data_dir=Path(folder), log_level="error")
        async with open_parts(settings, kind="cli") as parts:
            routes, document = describe(parts)
    return {
        "errors.md": errors_page(),
        "flow-problems.md": problems_page(),
        "settings.md": settings_page(),
        "cli.md": cli_page(),
        "permissions.md": permissions_page(routes),
        "routes.md": routes_page(routes, document),
        "openapi.json": msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n",
    }


def describe(parts: Parts) -> tuple[dict[str, str | None], dict[str, Any]]:
    """The permission of each route, and the OpenAPI document."""
    routes = {route: asked for route, asked in app.list_routes(parts).items() if _NAMELESS not in route}
    return routes, app.openapi_document(parts)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table; a bar inside a cell is escaped."""
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def page(title: str, intro: str, lines: Iterable[str]) -> str:
    """A whole page."""
    return "\n".join([f"# {title}", "", _MADE, "", intro, "", *lines]).rstrip() + "\n"


# ── errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_ERRORS_INTRO: Final = """\
Every error has a code that never changes. Over HTTP it comes as `application/problem+json` with `code`, `detail` and
`request_id`; where fields are wrong (422), `errors` names each with its path, and `params` holds the filled-in facts. In an [execution](../guide/executions.md) it
is `error.code`, and the outcome is the word in the third column. "Again" says whether the same request may work later.
Words in braces are filled in."""

_GROUPS: Final = (
    (Refused, "What was asked cannot be done"),
    (CallFailed, "A call brought no usable answer"),
    (Unavailable, "The server cannot serve now"),
    (RecadoError, "Other"),
)


class _Facts(dict[str, object]):
    """Stands for an error's facts: each is shown by its name, a hint is left out."""

    def __missing__(self, name: str) -> str:
        return "" if name == "hint" else f"{{{name}}}"


def errors_page() -> str:
    """All codes, by group."""
    groups: dict[type[RecadoError], list[type[RecadoError]]] = defaultdict(list)
    for kind in every_error():
        groups[next(group for group, _ in _GROUPS if issubclass(kind, group))].append(kind)
    lines: list[str] = []
    for group, title in _GROUPS:
        lines += [f"## {title}", ""]
        lines += table(("code", "HTTP", "outcome", "again", "sentence"), map(_error_row, groups[group]))
        lines.append("")
    return page("Errors", _ERRORS_INTRO, lines)


def _error_row(kind: type[RecadoError]) -> tuple[str, ...]:
    status = "" if kind.status == 200 else str(kind.status)
    outcome = f"`{kind.outcome}`" if kind.outcome else ""
    sentence = kind.message.format_map(_Facts())
    return f"`{kind.code}`", status, outcome, "yes" if kind.is_retryable else "", sentence


_PROBLEMS_INTRO: Final = """\
What the validation of a flow can find. An error keeps the flow from being published; a warning says what will happen.
Each comes with `block_id`, the `path` in the definition, and the facts of its sentence in `params`. Codes never change.
Texts and patterns that cannot be read have the codes of the [errors](errors.md). Words in braces are filled in."""


def problems_page() -> str:
    """All problems of flows, in the order of their page."""
    rows = ((f"`{code}`", kind.severity, kind.message) for code, kind in PROBLEMS.items())
    return page("Problems of flows", _PROBLEMS_INTRO, table(("code", "severity", "sentence"), rows))


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_SETTINGS_INTRO: Final = """\
Settings are environment variables. Each also has a form with `_FILE` behind it that names a file holding the value; use
it for secrets. A name that begins with `RECADO_` and is not listed here stops the start, so a misspelt setting is
noticed. `--host` and `--port` of `recado serve` win over the environment. `RECADO_PASSWORD` is not a setting: `recado
user` reads it instead of asking for a password."""


def settings_page() -> str:
    """All settings with their reasons."""
    types = get_type_hints(Settings)
    rows = []
    for field in fields(Settings):
        default = "" if field.default is MISSING else _default(field.default)
        why = f"{field.metadata['why']}{' A secret.' if field.metadata.get('is_secret') else ''}"
        rows.append((f"`RECADO_{field.name.upper()}`", _type_words(types[field.name]), default, why))
    return page("Settings", _SETTINGS_INTRO, table(("variable", "type", "default", "what it is for"), rows))


def _type_words(kind: Any) -> str:
    return _TYPES.get(kind) or " or ".join(f"`{choice}`" for choice in get_args(kind))


def _default(value: object) -> str:
    if value in ("", ()):
        return ""
    text = str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
    return f"`{text}`"


# ── command line ─────────────────────────────────────────────────────────────────────────────────────────────────────


def cli_page() -> str:
    """The help of every command."""
    # A help page must be the same whoever asks for it, and from whatever terminal.
    os.environ |= {"NO_COLOR": "1", "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": ""}
    codes = next(line for line in (cli.__doc__ or "").splitlines() if line.startswith("Exit codes:"))
    intro = (
        f"What `--help` of each command says.\n\n{codes} With `--json`, an error is one JSON object on standard error."
    )
    lines: list[str] = []
    for path, text in help_pages(get_command(tree.app), None, "recado"):
        lines += [f"## {path}", "", "```text", text, "```", ""]
    return page("Command line", intro, lines)


def help_pages(command: Any, parent: Any, name: str) -> Iterator[tuple[str, str]]:
    """The path and help of a command, then those of its subcommands."""
    context = command.context_class(
        command, parent, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH, **command.context_settings
    )
    lines = (line.rstrip() for line in command.get_help(context).strip().splitlines())
    yield context.command_path, "\n".join(lines)
    for child_name, child in getattr(command, "commands", {}).items():
        yield from help_pages(child, context, child_name)


# ── permissions and routes ───────────────────────────────────────────────────────────────────────────────────────────

_PERMISSIONS_INTRO: Final = """\
A person or an API key has one role in its workspace. Each route of the [HTTP API](routes.md) names the permission it
needs; a caller whose role lacks it is answered 403 `forbidden`."""

_ROUTES_INTRO: Final = """\
All routes with the permission each needs ([roles](permissions.md)); "public" needs no caller. Shapes are in
[openapi.json](openapi.json) (OpenAPI 3.1), which a running server also serves at `/api/v1/openapi.json`, with a page for
people at `/api/docs`."""

_UNDESCRIBED: Final = {
    "GET /metrics": "Figures for Prometheus; behind `RECADO_METRICS_TOKEN` where that is set.",
    "GET /api/docs": "The HTTP API for people.",
    "GET /api/docs.css": "Its style.",
    "GET /api/v1/openapi.json": "The HTTP API for machines.",
}


def permissions_page(routes: dict[str, str | None]) -> str:
    """The table of permissions and roles, and the routes behind each permission."""
    roles: tuple[Role, ...] = get_args(Role)
    rows = [
        (f"`{name}`", *("yes" if name in PERMISSIONS[role] else "" for role in roles)) for name in get_args(Permission)
    ]
    lines = [*table(("permission", *(role.replace("_", " ") for role in roles)), rows), "", "## What each opens", ""]
    behind = [
        (name, sorted(route for route, asked in routes.items() if asked == name)) for name in get_args(Permission)
    ]
    opened = [(f"`{name}`", "<br>".join(f"`{route}`" for route in found)) for name, found in behind]
    return page("Roles and permissions", _PERMISSIONS_INTRO, [*lines, *table(("permission", "routes"), opened)])


def routes_page(routes: dict[str, str | None], document: dict[str, Any]) -> str:
    """Every route with its permission and first sentence."""
    rows = [_route_row(route, asked, document["paths"]) for route, asked in sorted(routes.items(), key=_route_order)]
    return page("HTTP routes", _ROUTES_INTRO, table(("route", "permission", "what it does"), rows))


def _route_order(item: tuple[str, str | None]) -> tuple[str, int]:
    method, path = item[0].split(" ")
    return path, _METHODS.index(method)


def _route_row(route: str, asked: str | None, paths: dict[str, Any]) -> tuple[str, ...]:
    method, path = route.split(" ")
    operation = paths.get(path, {}).get(method.lower())
    words = _UNDESCRIBED[route] if operation is None else " ".join(str(operation["description"]).split())
    return f"`{route}`", asked or "nobody", words


if __name__ == "__main__":
    sys.exit(main())
