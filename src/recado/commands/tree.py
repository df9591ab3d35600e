"""Joins the commands into one tree, and reads a command line by it."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer
from typer.main import get_command

from recado import __version__
from recado.commands import api_key, doctor, keys, migrate, run, serve, show, transfer, user, worker
from recado.commands import demo as demo_command
from recado.commands import emulator as emulator_command
from recado.commands.help import Group, add

STOPPED: Final = 130

app = typer.Typer(
    name="recado",
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        show.line(f"recado {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Connect any HTTP API to a WhatsApp conversation.

    Settings come from the environment: RECADO_DATA_DIR, RECADO_DATABASE_URL, RECADO_EGRESS_ALLOW and the rest.
    Start with: recado demo
    """


add(
    app, "serve", serve.serve, "recado serve", "RECADO_DATA_DIR=/var/lib/recado recado serve --host 0.0.0.0 --port 8080"
)
add(app, "worker", worker.worker, "recado worker", "recado worker --health-port 9090")
add(app, "demo", demo_command.demo, "recado demo", "recado demo --check --json")
add(app, "run", run.run, *run.EXAMPLES)
app.add_typer(user.app, name="user")
app.add_typer(api_key.app, name="api-key")
add(
    app,
    "export",
    transfer.export_file,
    "recado export Validations -o validations.yaml",
    "recado export --flow 'Log in' -o log-in.yaml",
)
add(app, "import", transfer.import_file, "recado import validations.yaml", "recado import --use-existing log-in.yaml")
app.add_typer(keys.app, name="keys")
add(app, "doctor", doctor.doctor, "recado doctor", "recado doctor --json")
add(app, "migrate", migrate.migrate, "recado migrate")
add(app, "emulator", emulator_command.emulator, "recado emulator --port 8001")


def run_command_line(*, is_json: bool) -> int:
    """Run the command of this process's command line; its exit code. What the commands raise comes through."""
    try:
        code = get_command(app)(prog_name="recado", standalone_mode=False)
    except typer.TyperException as problem:
        _show_misuse(problem, is_json=is_json)
        return problem.exit_code
    except typer.Abort:
        return STOPPED
    return code if isinstance(code, int) else 0


def _show_misuse(problem: typer.TyperException, *, is_json: bool) -> None:
    context: Any = getattr(problem, "ctx", None)
    if is_json:
        show.failure("wrong_usage", problem.format_message(), is_json=True)
    elif context is None or type(problem).__name__ == "NoArgsIsHelpError":
        show.note(problem.format_message())
    else:
        message = problem.format_message().rstrip(".")
        show.failure("wrong_usage", f"{message}. Try: {context.command_path} --help", is_json=False)
