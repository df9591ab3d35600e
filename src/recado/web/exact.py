"""Answers in JSON whose numbers keep their digits: the framework's own would write `12.10` as the text "12.10"."""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Response
from litestar.serialization import default_serializer
from litestar.types import Serializer

from recado.db.columns import JSON_ENCODER


class ExactJson(Response[Any]):
    """The response class of routes whose answers hold numbers that people wrote."""

    def render(self, content: Any, media_type: str, enc_hook: Serializer = default_serializer) -> bytes:
        """Structs and plain values as JSON; texts and other media types as the framework does it."""
        if media_type == MediaType.JSON and not isinstance(content, str | bytes):
            return JSON_ENCODER.encode(content)
        return super().render(content, media_type, enc_hook)
