"""Help comes at once and whole; wrong usage and wrong settings are one line and exit code 2."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typer.main import get_command

from recado import __version__
from recado.commands import tree
from recado.commands.run import split_input
from recado.commands.show import words

HEAVY = "sqlalchemy,alembic,litestar,uvicorn,rich,msgspec,cryptography,asyncio,structlog,argon2,http.client"


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(_commands(get_command(tree.app)))


def test_the_command_line_starts_without_anything_heavy() -> None:
    code = f"import sys, recado.commands.tree; print([name for name in '{HEAVY}'.split(',') if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_help_lists_every_command(recado: Any) -> None:
    done = recado("--help")
    assert done.code == 0
    for name in {path[0] for path in COMMANDS}:
        assert f"\n  {name} " in done.out
    assert "..." not in done.out.split("Commands:")[1], "a summary is cut off"


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_examples_and_json(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert f"$ recado {' '.join(path)}" in command.epilog or f" recado {' '.join(path)} " in command.epilog
    assert any("--json" in parameter.opts for parameter in command.params)
    assert command.help


def test_no_command_shows_the_help_and_fails(recado: Any) -> None:
    done = recado()
    assert (done.code, done.out) == (2, "")
    assert "Commands:" in done.err


def test_the_version_is_told_also_by_the_module(recado: Any) -> None:
    assert recado("--version").out == f"recado {__version__}\n"
    module = [sys.executable, "-m", "recado", "--version"]
    assert subprocess.check_output(module, text=True) == f"recado {__version__}\n"


def test_shells_can_complete(recado: Any) -> None:
    done = recado(_RECADO_COMPLETE="complete_bash", COMP_WORDS="recado api", COMP_CWORD="1")
    assert done.out.split() == ["api-key"]


def test_wrong_usage_is_one_line_that_leads_on(recado: Any) -> None:
    done = recado("frobnicate")
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: No such command 'frobnicate'. Try: recado --help [wrong_usage]\n"


def test_wrong_usage_is_json_for_programs(recado: Any, here: Callable[..., Any]) -> None:
    done = here(recado, "user", "create", "--json")
    assert (done.code, done.out) == (2, "")
    assert done.error == {"code": "wrong_usage", "message": "Missing option '--email'."}


def test_a_wrong_setting_is_one_line(recado: Any, here: Callable[..., Any]) -> None:
    done = here(recado, "user", "list", RECADO_PORT="eighty")
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: RECADO_PORT: must be a whole number [setting_invalid]\n"


def test_a_database_that_cannot_be_reached_is_one_line(recado: Any, here: Callable[..., Any]) -> None:
    done = here(recado, "user", "list", "--json", RECADO_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert (done.code, done.out) == (1, "")
    assert done.error == {"code": "storage_unavailable", "message": "The database cannot be reached."}


def test_a_reader_who_has_enough_is_no_failure(recado: Any) -> None:
    with recado.running("--help") as process:
        process.stdout.close()
        assert process.wait(20) in {0, 1}
        assert process.stderr.read() == ""


def test_colours_are_for_terminals_that_want_them(recado: Any) -> None:
    assert "\x1b[36m--version\x1b[0m" in recado.in_terminal("--help").out
    assert "\x1b" not in recado.in_terminal("--help", NO_COLOR="1").out
    assert "\x1b[31mError:" in recado.in_terminal("frobnicate").out
    assert "\x1b" not in recado.in_terminal("frobnicate", NO_COLOR="1").out


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("a=b", ("a", "b", False)),
        ("a=", ("a", "", False)),
        ("a=b=c", ("a", "b=c", False)),
        ("a:=12.10", ("a", "12.10", True)),
        ("url=http://x", ("url", "http://x", False)),
    ],
)
def test_an_input_is_a_key_and_a_value(given: str, read: tuple[str, str, bool]) -> None:
    assert split_input(given) == read


def test_what_an_api_says_cannot_steer_the_terminal() -> None:
    assert words("a\x1b[2Jb\x9b0m\r\n") == "a\\x1b[2Jb\\x9b0m\\x0d\\x0a"
