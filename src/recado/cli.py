"""The `recado` command: runs what is asked for, and turns every failure into one line and an exit code.

Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
from typing import Any, Final

from recado.commands import show
from recado.errors import RecadoError, SettingInvalid

FAILED: Final = 1
MISUSED: Final = 2
STOPPED: Final = 130

_PORT: Final = re.compile("[0-9]{1,5}")
_MOST_PORT: Final = 65535


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
        return _work(is_json=is_json)
    except RecadoError as problem:
        show.error(problem, is_json=is_json)
        return MISUSED if isinstance(problem, SettingInvalid) else FAILED
    except KeyboardInterrupt:
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


def _work(*, is_json: bool) -> int:
    """Run the command; a plain `recado serve` without what reads all others: 2 MB for good, and 0.06 s of its start."""
    if (options := plain_serve(sys.argv[1:])) is not None:
        from recado.commands.server import run_server  # noqa: PLC0415  # only this command needs it

        run_server(**options)
        return 0
    from recado.commands.tree import run_command_line  # noqa: PLC0415  # what is spared above

    return run_command_line(is_json=is_json)


def plain_serve(words: list[str]) -> dict[str, Any] | None:
    """What `run_server` is to be called with; None for another command, a mistake or a wish for help."""
    if words[:1] != ["serve"]:
        return None
    options: dict[str, Any] = {}
    rest = iter(words[1:])
    for word in rest:
        if word == "--json":
            options["is_json"] = True
        elif word == "--host" and not (host := next(rest, "-")).startswith("-"):
            options["host"] = host
        elif word == "--port" and _PORT.fullmatch(port := next(rest, "")) and int(port) <= _MOST_PORT:
            options["port"] = int(port)
        else:
            return None
    return options


def _describe(problem: OSError) -> str:
    where = f"{problem.filename}: " if problem.filename else ""
    return f"{where}{problem.strerror or problem}."
