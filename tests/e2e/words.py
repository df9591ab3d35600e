"""The texts of the web UI in one language, so that a test finds a control by what a person reads on it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

CATALOGUES: Final = Path(__file__).parents[2] / "ui" / "src" / "i18n"
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")


@cache
def _catalogue(language: str, namespace: str) -> dict[str, Any]:
    texts: dict[str, Any] = json.loads((CATALOGUES / language / f"{namespace}.json").read_text("utf-8"))
    return texts


class Words:
    """Gives texts by their keys: `words("actions:test.run")`, `words("home:hello", name="Ana")`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: Any) -> str:
        """The text with its places filled in; one that is left open is a slip of the test."""
        text = self._text(key, values.get("count"))
        return _PLACE.sub(lambda place: str(values[place[1]]), text)

    def like(self, key: str, **values: Any) -> re.Pattern[str]:
        """The text as a pattern, whatever stands in the places for which there is no value."""
        pieces = re.split(r"\{\{(\w+)\}\}", self._text(key, values.get("count")))
        shown = [
            re.escape(piece) if index % 2 == 0 else re.escape(str(values[piece])) if piece in values else ".*"
            for index, piece in enumerate(pieces)
        ]
        return re.compile("^" + "".join(shown) + "$")

    def _text(self, key: str, count: int | None) -> str:
        namespace, _, path = key.partition(":")
        *folders, last = path.split(".")
        found: Any = _catalogue(self.language, namespace)
        for name in folders:
            found = found[name]
        if count is not None and last not in found:
            last += "_one" if count == 1 else "_other"
        text = found[last]
        assert isinstance(text, str), f"{key} names several texts"
        return text
