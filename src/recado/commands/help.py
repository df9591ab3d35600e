"""How help pages look: the plain ones of the command line library, coloured afterwards.

Drawing them with rich takes 0.25 s longer, most of it to import what no help page needs.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from recado.commands.parsing import SparesPydantic

_BOLD: Final = "\x1b[1m"
_CYAN: Final = "\x1b[36m"
_DIM: Final = "\x1b[2m"
_RESET: Final = "\x1b[0m"
_HEADING: Final = re.compile(r"^(\w[\w ]*:)", re.MULTILINE)
_NAME: Final = re.compile(r"^(  )([a-z][a-z-]*)(?=  )", re.MULTILINE)
_OPTION: Final = re.compile(r"(?<![\w-])(--?[a-z][a-z-]*)")
_EXAMPLE: Final = re.compile(r"^(  )(\$ )(.*)$", re.MULTILINE)


class Group(SparesPydantic, TyperGroup):
    """A group of commands."""

    def get_help(self, ctx: Any) -> str:
        """The page, coloured where the terminal shows colours."""
        return colour(super().get_help(ctx))


class Command(SparesPydantic, TyperCommand):
    """One command."""

    def get_help(self, ctx: Any) -> str:
        """The page, coloured where the terminal shows colours."""
        return colour(super().get_help(ctx))


def is_coloured() -> bool:
    """Whether colours are wanted: NO_COLOR (no-color.org) and TERM=dumb say no."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and sys.stdout.isatty()


def colour(page: str) -> str:
    """A help page with headings, options and names set off."""
    if not is_coloured():
        return page
    page = _OPTION.sub(f"{_CYAN}\\1{_RESET}", page)
    page = _NAME.sub(f"\\1{_CYAN}\\2{_RESET}", page)
    page = _EXAMPLE.sub(f"\\1{_DIM}\\2{_RESET}\\3", page)
    return _HEADING.sub(f"{_BOLD}\\1{_RESET}", page)


def new_group(about: str) -> typer.Typer:
    """An empty group; without a command it shows its help."""
    return typer.Typer(
        cls=Group,
        help=about,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def add(group: typer.Typer, name: str, work: Callable[..., Any], *examples: str) -> None:
    """Add a command whose docstring is its help, with lines to copy at the end of it."""
    lines = "\n".join(f"$ {line}" for line in examples)
    group.command(
        name,
        cls=Command,
        epilog=f"\b\nExamples:\n{lines}" if examples else None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )(work)
