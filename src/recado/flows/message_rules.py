"""Rules about what a message says."""

from __future__ import annotations

from recado.flows.definition import (
    DocumentContent,
    LinkButtonContent,
    LocationContent,
    MediaContent,
    MessageBlock,
    TextContent,
)
from recado.flows.limits import (
    MAX_BODY,
    MAX_CAPTION,
    MAX_FILENAME,
    MAX_LABEL,
    MAX_PLACE_WORDS,
    MAX_TEXT,
    MAX_URL,
)
from recado.flows.rules import Rules


def check_message(rules: Rules, path: str, block: MessageBlock) -> None:
    """Texts within the limits, addresses and places that can be sent."""
    match block.content:
        case TextContent(text=text):
            rules.text(text, f"{path}.text", block, MAX_TEXT, missing="message_empty")
        case MediaContent() as media:
            rules.link(media.url, f"{path}.url", block, MAX_URL)
            rules.text(media.caption, f"{path}.caption", block, MAX_CAPTION)
            if isinstance(media, DocumentContent):
                rules.text(media.filename, f"{path}.filename", block, MAX_FILENAME)
        case LocationContent() as place:
            _check_degrees(rules, place.latitude, f"{path}.latitude", block, 90)
            _check_degrees(rules, place.longitude, f"{path}.longitude", block, 180)
            rules.text(place.name, f"{path}.name", block, MAX_PLACE_WORDS)
            rules.text(place.address, f"{path}.address", block, MAX_PLACE_WORDS)
        case LinkButtonContent() as link:
            rules.text(link.text, f"{path}.text", block, MAX_BODY, missing="text_missing")
            rules.text(link.label, f"{path}.label", block, MAX_LABEL, missing="required")
            rules.link(link.url, f"{path}.url", block, MAX_URL)


def _check_degrees(rules: Rules, text: str, path: str, block: MessageBlock, limit: int) -> None:
    parts = rules.text(text, path, block, MAX_LABEL, missing="required")
    if not text.strip() or parts is None or not all(isinstance(part, str) for part in parts):
        return
    try:
        is_fine = -limit <= float(text.strip().replace(",", ".")) <= limit
    except ValueError:
        is_fine = False
    if not is_fine:
        rules.add("degrees_invalid", path, block, limit=limit)
