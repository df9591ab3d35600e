"""The documented payloads, and what stands in their placeholders."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "testdata" / "whatsapp"


def read(folder: str) -> list[dict[str, Any]]:
    """Every payload of a folder: `id`, `payload`, `http`, `expect`."""
    return [json.loads(path.read_text()) for path in sorted((FOLDER / folder).glob("*.json"))]


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """A payload with its placeholders replaced: patterns, and what they become."""
    if isinstance(value, dict):
        return {key: filled(one, values) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, values) for one in value]
    if not isinstance(value, str):
        return value
    for pattern, text in values.items():
        value = re.sub(pattern, text, value)
    return value


def ids_of(value: Any) -> Iterator[str]:
    """The ids of files in a message."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in {"image", "video", "audio", "document", "sticker"} and isinstance(one, dict) and "id" in one:
                yield one["id"]
            yield from ids_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from ids_of(one)
