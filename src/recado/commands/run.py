"""`recado run`: run an action from the terminal, by the very code of a live run."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from recado.commands import find, show
from recado.commands.opened import load_settings
from recado.commands.options import AsJson

if TYPE_CHECKING:
    from recado.actions.candidates import Candidate
    from recado.actions.schemas import Action
    from recado.executions.schemas import Execution

_MOST_CHARACTERS: Final = 200

EXAMPLES: Final = (
    'recado run "Create user validation" account_id=ana.demo --credential Demo',
    "recado run act_01k4… order_id=1234 notify:=true --credential crd_01k4… --json",
)


def run(
    action: Annotated[str, typer.Argument(help="The action's id or name.", metavar="ACTION")],
    values: Annotated[
        list[str] | None,
        typer.Argument(help="Inputs as key=value, or key:=json for exact JSON.", metavar="KEY=VALUE"),
    ] = None,
    credential: Annotated[str | None, typer.Option(help="The credential's id or name.")] = None,
    is_test: Annotated[bool, typer.Option("--test", help="Run it as a test: show what could become outputs.")] = False,
    is_json: AsJson = False,
) -> None:
    """Run an action and show what came of it.

    The same code runs as for a conversation or the HTTP API, with the same limits. The exit code is 0 for the outcome
    ok, else 1.
    """
    import asyncio

    given = [split_input(text) for text in values or []]
    execution = asyncio.run(_run(action, given, credential, is_test=is_test))
    if is_json:
        show.document(execution)
    else:
        _tell(execution)
    if execution.outcome != "ok":
        raise typer.Exit(1)


def split_input(text: str) -> tuple[str, str, bool]:
    """`key=value` or `key:=json` as key, text, and whether it is JSON. Raises BadParameter."""
    key, equals, value = text.partition("=")
    if not equals or not key.removesuffix(":"):
        raise typer.BadParameter(f'"{text}" is neither key=value nor key:=json.', param_hint="KEY=VALUE")
    return key.removesuffix(":"), value, key.endswith(":")


async def _run(wanted: str, given: list[tuple[str, str, bool]], credential: str | None, *, is_test: bool) -> Execution:
    from recado.accounts import service
    from recado.parts import open_parts

    async with open_parts(load_settings(), kind="cli") as parts:
        workspace_id = await parts.database.write(service.ensure_workspace)
        caller = service.system_caller(workspace_id, "cli")
        action = await parts.database.read(find.action, caller, wanted)
        credential_id = None
        if credential is not None:
            credential_id = await parts.database.read(find.credential_id, caller, action.integration_id, credential)
        inputs = read_inputs(action, given)
        return await parts.runner.run_action(
            caller, action.id, inputs, credential_id, kind="test" if is_test else "live"
        )


def read_inputs(action: Action, given: list[tuple[str, str, bool]]) -> dict[str, Any]:
    """Each value in its input's type, as leniently as for a person in a chat. Raises BadParameter, InputType, InputTooLong."""
    from recado.fields import check_value

    types = {item.key: item.type for item in action.inputs}
    inputs: dict[str, Any] = {}
    for key, text, is_exact in given:
        if key not in types:
            known = ", ".join(types) or "none"
            raise typer.BadParameter(
                f'"{action.name}" has no input "{key}". Its inputs: {known}.', param_hint="KEY=VALUE"
            )
        if key in inputs:
            raise typer.BadParameter(f'"{key}" is given twice.', param_hint="KEY=VALUE")
        inputs[key] = _read_json(key, text) if is_exact else check_value(key, types[key], text, is_lenient=True)
    return inputs


def _read_json(key: str, text: str) -> Any:
    import msgspec

    from recado.db.columns import JSON_DECODER

    try:
        return JSON_DECODER.decode(text)
    except msgspec.DecodeError as problem:
        raise typer.BadParameter(f"{key}:= is not followed by JSON: {problem}", param_hint="KEY=VALUE") from problem


# ── for people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _tell(execution: Execution) -> None:
    from rich.text import Text

    style = "bold green" if execution.outcome == "ok" else "bold red"
    screen = show.console()
    screen.print(Text.assemble((execution.outcome or "", style), *_circumstances(execution)))
    if execution.error is not None:
        screen.print(Text(f"{show.words(execution.error.message)} [{execution.error.code}]"))
        if execution.error.code == "credential_incomplete" and execution.credential_id is None:
            screen.print("Name the credential to use with --credential.")
    if execution.output_results:
        rows = [(found.identifier, found.key, found.result, _value(found.value)) for found in execution.output_results]
        show.table(["Output", "Key", "Result", "Value"], rows, "")
    if isinstance(execution.candidates, list):
        samples = [(found.key, found.type, _sample(found)) for found in execution.candidates]
        empty = "Nothing in the answer could become an output."
        show.table(["Could become an output", "Type", "Sample"], samples, empty)


def _circumstances(execution: Execution) -> list[str]:
    """Status, time and id, as far as there are any."""
    parts = []
    if execution.response is not None:
        parts.append(f"  status {execution.response.status}")
    if execution.timing is not None:
        parts.append(f"  {execution.timing.total_ms:.0f} ms")
    return [*parts, f"  {execution.id}"]


def _sample(found: Candidate) -> str:
    """A sample, or how many members an object or a list has."""
    return _value(found.sample) if found.member_count is None else f"({found.member_count} members)"


def _value(value: Any) -> str:
    """A value of the answer, cut where it is long."""
    import msgspec

    from recado.db.columns import JSON_ENCODER

    if value is msgspec.UNSET:
        return "-"
    text = value if isinstance(value, str) else JSON_ENCODER.encode(value).decode()
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
