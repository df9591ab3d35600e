"""`recado export` and `recado import`: an integration with its actions as one readable file, without ids and secrets."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from recado.commands import find, show
from recado.commands.opened import begin, load_settings
from recado.commands.options import AsJson


def export_integration(
    integration: Annotated[str, typer.Argument(help="Its id or its name.", metavar="INTEGRATION")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; without it, standard output.")
    ] = None,
    is_json: AsJson = False,
) -> None:
    """Write an integration with its actions as YAML. No id and no secret is in it."""
    from recado.actions import transfer

    with begin() as (connection, caller):
        found = find.integration(connection, caller, integration)
        text, file_name = transfer.export_integration(connection, caller, found.id)
    if output is not None:
        output.write_text(text, encoding="utf-8")
    if is_json:
        told = {"integration_id": found.id, "name": found.name, "file_name": str(output or file_name)}
        show.document(told if output else told | {"yaml": text})
    elif output is None:
        sys.stdout.write(text)
    else:
        show.line(f"{found.name} is in {output}.")


def import_integration(
    file: Annotated[Path, typer.Argument(help="A file made by export; - for standard input.", metavar="FILE")],
    is_json: AsJson = False,
) -> None:
    """Make a new integration of a file. What is there already stays as it is."""
    from recado.actions import transfer
    from recado.integrations.requests import SendingRules
    from recado.parts import make_policy

    text = sys.stdin.read() if str(file) == "-" else _read(file)
    settings = load_settings()
    rules = SendingRules(make_policy(settings), settings.egress_special_methods)
    document = transfer.read_integration(text)
    with begin(settings) as (connection, caller):
        made = transfer.import_integration(connection, caller, document, rules)
    if is_json:
        show.document(made)
        return
    count = f"{made.actions_count} action{'' if made.actions_count == 1 else 's'}"
    show.line(f"{made.name} ({made.id}) was made, with {count}. Its credentials are entered anew.")


def _read(file: Path) -> str:
    """Raises DocumentInvalid for what is not text."""
    from recado.errors import DocumentInvalid

    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise DocumentInvalid(reason="it is not UTF-8 text") from problem
