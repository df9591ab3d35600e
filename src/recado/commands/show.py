"""What commands print: one JSON document for programs, calm text for people; and errors as one line with a way out."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

from recado.errors import RecadoError, ValidationFailed

if TYPE_CHECKING:
    from rich.console import Console

_WIDE: Final = 200
"""Columns a table may take where no terminal limits them: a line that is cut or folded cannot be searched."""

CONTROLS: Final = {code: f"\\x{code:02x}" for code in [*range(32), *range(127, 160)]}
"""Control characters and how they are spelled out."""

_WAYS_OUT: Final = {
    "storage_unavailable": "See RECADO_DATABASE_URL and RECADO_DATA_DIR, or run: recado doctor",
    "storage_full": "Free some room, then try again.",
    "kek_unavailable": "Look closer with: recado doctor",
    "kek_mismatch": "Look closer with: recado doctor",
    "secret_key_unavailable": "Look closer with: recado doctor",
    "not_found": "The command's list shows what there is.",
}


def console(stream: TextIO | None = None) -> Console:
    """A rich console on `stream` (standard output by default); NO_COLOR is honoured."""
    from rich.console import Console

    stream = stream or sys.stdout
    return Console(file=stream, width=None if stream.isatty() else _WIDE, highlight=False, soft_wrap=False)


def document(value: Any) -> None:
    """Print one JSON document: structs, dataclasses, times and decimals included, integers of any size exact."""
    import msgspec

    encoded = msgspec.json.format(msgspec.json.Encoder(decimal_format="number").encode(value), indent=2)
    sys.stdout.write(encoded.decode() + "\n")
    sys.stdout.flush()


def line(text: str) -> None:
    """Print one line of text."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def lines_of(text: str) -> str:
    """A text of several lines, its other control characters spelled out."""
    return "\n".join(words(part) for part in text.splitlines())


def note(text: str) -> None:
    """Say something to the person beside what is printed: on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print rows below their column names, or `empty` when there are none."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in columns:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(words(cell)) for cell in row))
    if drawn.row_count:
        console().print(drawn)
    else:
        line(empty)


def words(value: object) -> str:
    """A value as people read it; control characters are spelled out, so that no answer of an API steers the terminal."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    moment = getattr(value, "strftime", None)
    return str(moment("%Y-%m-%d %H:%M UTC")) if moment else str(value).translate(CONTROLS)


# ── errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def error(problem: RecadoError, *, is_json: bool) -> None:
    """Say what went wrong and what to do about it, on standard error."""
    parts = problem.problems if isinstance(problem, ValidationFailed) else []
    if is_json:
        told: dict[str, Any] = {"code": problem.code, "message": str(problem)}
        if parts:
            told["errors"] = [{"path": part.path, "code": part.code, "message": str(part)} for part in parts]
        note(json.dumps(told, ensure_ascii=False))
        return
    sentences = [str(problem), *(f"{part.path}: {part}" if part.path else str(part) for part in parts)]
    if (way_out := _WAYS_OUT.get(problem.code)) is not None:
        sentences.append(way_out)
    failure(problem.code, " ".join(sentences), is_json=False)


def failure(code: str, message: str, *, is_json: bool) -> None:
    """An error that has only a code and a sentence."""
    if is_json:
        note(json.dumps({"code": code, "message": message}, ensure_ascii=False))
        return
    is_plain = bool(os.environ.get("NO_COLOR")) or not sys.stderr.isatty()
    message = words(message)
    note(f"Error: {message} [{code}]" if is_plain else f"\x1b[31mError: {message}\x1b[0m \x1b[2m[{code}]\x1b[0m")
