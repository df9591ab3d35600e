"""The `recado` command: joins the commands, and turns every failure into one line and an exit code.

Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated, Any, Final

import typer
from typer.main import get_command

from recado import __version__
from recado.commands import api_key, doctor, keys, migrate, run, serve, show, transfer, user
from recado.commands import demo as demo_command
from recado.commands import emulator as emulator_command
from recado.commands.help import Group, add
from recado.errors import RecadoError, SettingInvalid

FAILED: Final = 1
MISUSED: Final = 2
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
add(app, "demo", demo_command.demo, "recado demo", "recado demo --check --json")
add(app, "run", run.run, *run.EXAMPLES)
app.add_typer(user.app, name="user")
app.add_typer(api_key.app, name="api-key")
add(app, "export", transfer.export_integration, "recado export Validations -o validations.yaml")
add(app, "import", transfer.import_integration, "recado import validations.yaml")
app.add_typer(keys.app, name="keys")
add(app, "doctor", doctor.doctor, "recado doctor", "recado doctor --json")
add(app, "migrate", migrate.migrate, "recado migrate")
add(app, "emulator", emulator_command.emulator, "recado emulator --port 8001")


def main() -> None:
    """Run the command line and end the process with its exit code."""
    code = _run(is_json="--json" in sys.argv[1:])
    try:
        sys.stdout.flush()
    except (
        BrokenPipeError
    ):  # whoever read us has read enough; without this, Python complains of it once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _run(*, is_json: bool) -> int:
    try:
        code = get_command(app)(prog_name="recado", standalone_mode=False)
    except RecadoError as problem:
        show.error(problem, is_json=is_json)
        return MISUSED if isinstance(problem, SettingInvalid) else FAILED
    except typer.TyperException as problem:
        _show_misuse(problem, is_json=is_json)
        return problem.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return STOPPED
    except OSError as problem:
        show.failure("system_error", _describe(problem), is_json=is_json)
        return FAILED
    except Exception as problem:  # noqa: BLE001  # a bug: people get a sentence, RECADO_LOG_LEVEL=debug shows where it is
        if os.environ.get("RECADO_LOG_LEVEL") == "debug":
            traceback.print_exc()
        message = f"This is a fault of Recado's own ({type(problem).__name__}). RECADO_LOG_LEVEL=debug shows where."
        show.failure(RecadoError.code, message, is_json=is_json)
        return FAILED
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


def _describe(problem: OSError) -> str:
    where = f"{problem.filename}: " if problem.filename else ""
    return f"{where}{problem.strerror or problem}."
