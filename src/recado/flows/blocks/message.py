"""A message: says something and goes on."""

from __future__ import annotations

from recado.flows.definition import (
    Content,
    DocumentContent,
    ImageContent,
    LinkButtonContent,
    LocationContent,
    MessageBlock,
    TextContent,
    VideoContent,
)
from recado.flows.events import Outgoing
from recado.flows.moves import Leave, Move
from recado.flows.outgoing import link_message, location_message, media_message, text_message
from recado.flows.turn import Turn


def enter(turn: Turn, block: MessageBlock) -> Move:
    """Say it; what would be empty is not said, and noted."""
    message = _fill(turn, block.content)
    if message is None:
        turn.note("message_empty", block.id)
    turn.say(block.id, message)
    return Leave("next")


def _fill(turn: Turn, content: Content) -> Outgoing | None:
    match content:
        case TextContent():
            return text_message(turn.text(content.text))
        case ImageContent():
            return media_message("image", turn.text(content.url), turn.text(content.caption))
        case VideoContent():
            return media_message("video", turn.text(content.url), turn.text(content.caption))
        case DocumentContent():
            name = turn.text(content.filename)
            return media_message("document", turn.text(content.url), turn.text(content.caption), name)
        case LocationContent():
            degrees = turn.text(content.latitude), turn.text(content.longitude)
            return location_message(*degrees, turn.text(content.name), turn.text(content.address))
        case LinkButtonContent():
            return link_message(turn.text(content.text), turn.text(content.label), turn.text(content.url))
