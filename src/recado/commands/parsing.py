"""Reads simple options without the library that the command line's library reads all options by."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from typer.core import TyperArgument, TyperOption

_MOST_DIGITS: Final = 18


class SparesPydantic:
    """A command whose texts, whole numbers, switches and options not given are taken as they stand.

    Typer has pydantic convert each of them, even those that are not given: 10 MB that a server would keep for good, and
    0.1 s of every command. What is wrong, or of another type, still goes Typer's way and gets its message.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """The options and arguments."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]  # of the command class that this is mixed into
        for param in params:
            if isinstance(param, TyperOption | TyperArgument) and "get_runtime_param" not in vars(param):
                vars(param)["get_runtime_param"] = partial(_Plain, param.get_runtime_param)
        return params


class _Plain:
    """Stands before Typer's converter of one option, which it makes only when it is needed."""

    def __init__(self, typers: Any) -> None:
        self._typers = typers

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value in the option's type. Raises BadParameter."""
        if param.nargs == 1 and not param.multiple:
            kind = param.type_descriptor.annotation
            if value is None or (type(value) is kind and kind in {str, int, bool}):
                return value
            if kind is int and _is_number(value, param.type_descriptor.parameter_info):
                return int(value)
        return self._typers().coerce(value, param=param, ctx=ctx)


def _is_number(text: Any, limits: Any) -> bool:
    """Whether a text is a whole number within the option's limits."""
    if not isinstance(text, str) or not (text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS):
        return False
    least = 0 if limits.min is None else limits.min
    return least <= int(text) and (limits.max is None or int(text) <= limits.max)
