"""`recado doctor`: look an installation over, say what is wrong and how to mend it; changes nothing."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from recado.commands import show
from recado.commands.opened import load_settings
from recado.commands.options import AsJson

if TYPE_CHECKING:
    from recado.commands.doctor_checks import Check

_STYLES: Final = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(
    name: Annotated[str, typer.Option("--resolve", help="The host name to try name resolution with.")] = "example.com",
    is_json: AsJson = False,
) -> None:
    """Look the installation over.

    Folder, disk, database, keys, audit log, clock, name servers and egress policy. Changes nothing. The exit code is 1 when something fails; warnings leave it at 0.
    """
    import asyncio

    from recado.commands.doctor_checks import look_over

    checks: list[Check] = asyncio.run(look_over(load_settings(), name))
    is_well = all(check.state != "fail" for check in checks)
    if is_json:
        show.document({"is_well": is_well, "checks": checks})
    else:
        _draw(checks)
    if not is_well:
        raise typer.Exit(1)


def _draw(checks: list[Check]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("Check", no_wrap=True)
    table.add_column("State", no_wrap=True)
    table.add_column("Found", overflow="fold", max_width=80)
    table.add_column("How to mend", overflow="fold", max_width=60)
    for check in checks:
        state = Text(check.state, style=_STYLES[check.state])
        table.add_row(check.name, state, Text(show.words(check.found)), Text(show.words(check.mend)))
    show.console().print(table)
