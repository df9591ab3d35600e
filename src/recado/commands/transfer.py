"""`recado export` and `recado import`: an integration or a flow as one readable file, without ids and secrets."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recado.commands import find, show
from recado.commands.opened import begin, load_settings
from recado.commands.options import AsJson

if TYPE_CHECKING:
    from recado.integrations.requests import SendingRules
    from recado.settings import Settings


def export_file(
    name: Annotated[str, typer.Argument(help="Its id or its name.", metavar="NAME")],
    is_flow: Annotated[bool, typer.Option("--flow", help="It is the name of a flow, not of an integration.")] = False,
    version: Annotated[
        str | None, typer.Option("--version", help="Of a flow: the number of a version; without it, the draft.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; without it, standard output.")
    ] = None,
    is_json: AsJson = False,
) -> None:
    """Write an integration or a flow as YAML.

    Actions go with their integration, and with a flow all that it uses. No id and no secret is in the file.
    """
    from recado.ids import is_id

    is_flow = is_flow or version is not None or is_id(name, "flw")
    with begin() as (connection, caller):
        found: find.Named
        if is_flow:
            from recado.flows import transfer as flows

            found = find.flow(connection, caller, name)
            text, file_name = flows.export_flow(connection, caller, found.id, version or "draft")
        else:
            from recado.actions import transfer as integrations

            found = find.integration(connection, caller, name)
            text, file_name = integrations.export_integration(connection, caller, found.id)
        found_id, found_name = found.id, found.name
    if output is not None:
        output.write_text(text, encoding="utf-8")
    if is_json:
        told = {"flow_id" if is_flow else "integration_id": found_id, "name": found_name}
        told["file_name"] = str(output or file_name)
        show.document(told if output else told | {"yaml": text})
    elif output is None:
        sys.stdout.write(text)
    else:
        show.line(f"{found_name} is in {output}.")


def import_file(
    file: Annotated[Path, typer.Argument(help="A file made by export; - for standard input.", metavar="FILE")],
    is_using_existing: Annotated[
        bool,
        typer.Option("--use-existing", help="Of a flow: take integrations that are here and are what the file says."),
    ] = False,
    is_json: AsJson = False,
) -> None:
    """Make a new integration, or a new flow, of a file. What is there already stays as it is."""
    from recado.integrations.requests import SendingRules
    from recado.parts import make_policy

    text = sys.stdin.read() if str(file) == "-" else _read(file)
    settings = load_settings()
    rules = SendingRules(make_policy(settings), settings.egress_special_methods)
    if _is_flow(text):
        _import_flow(text, settings, rules, is_using_existing=is_using_existing, is_json=is_json)
    else:
        _import_integration(text, settings, rules, is_json=is_json)


def _is_flow(text: str) -> bool:
    """What kind of file it is; the line stands at its beginning."""
    return any(line.strip() == "kind: flow" for line in text.splitlines()[:5])


def _import_integration(text: str, settings: Settings, rules: SendingRules, *, is_json: bool) -> None:
    from recado.actions import transfer

    document = transfer.read_integration(text)
    with begin(settings) as (connection, caller):
        made = transfer.import_integration(connection, caller, document, rules)
    if is_json:
        show.document(made)
        return
    count = f"{made.actions_count} action{'' if made.actions_count == 1 else 's'}"
    show.line(f"{made.name} ({made.id}) was made, with {count}. Its credentials are entered anew.")


def _import_flow(text: str, settings: Settings, rules: SendingRules, *, is_using_existing: bool, is_json: bool) -> None:
    from recado.flows import transfer
    from recado.flows.document import read_flow

    document = read_flow(text)
    with begin(settings) as (connection, caller):
        made = transfer.import_flow(connection, caller, document, rules, is_using_existing=is_using_existing)
    if is_json:
        show.document(made)
        return
    show.line(f"{made.flow.name} ({made.flow.id}) was made. It is a draft until it is published.")
    for integration in made.integrations:
        show.line(f"{integration.name} ({integration.id}) {'was made' if integration.is_new else 'was there already'}.")
    for credential in made.credentials:
        show.line(f'Enter the values of the credential "{credential.name}" of {credential.integration_name}.')


def _read(file: Path) -> str:
    """Raises DocumentInvalid for what is not text."""
    from recado.errors import DocumentInvalid

    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise DocumentInvalid(reason="it is not UTF-8 text") from problem
