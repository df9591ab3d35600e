"""One message on its way: whether it may be sent at all, what is sent, and what an answer means for it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import structlog

from recado.channels.opened import OpenedChannel
from recado.channels.whatsapp import window
from recado.channels.whatsapp.checking import told_of
from recado.channels.whatsapp.graph import Graph, GraphRefused, GraphUnknown, GraphUnreachable
from recado.channels.whatsapp.graph_errors import SPAM, GraphError, treatment_of, wait_seconds
from recado.channels.whatsapp.limits import check_payload
from recado.channels.whatsapp.outbox import UNKNOWN_FOR, Accepted, Later, Park
from recado.channels.whatsapp.payloads import Address, FormMessage, addressed, build
from recado.channels.whatsapp.undelivered import OPTED_OUT, WINDOW_CLOSED, MessageError, error_of
from recado.db.bare import Row
from recado.db.columns import JSON_DECODER
from recado.flows.events import Outgoing
from recado.media.definition import put_links

MOST_TRIES: Final = 8
"""Of a message that WhatsApp has trouble with, over some four minutes; a number that is too fast waits without counting."""
_MOST_WAITS: Final = 6
_SOON_SECONDS: Final = 5.0
_OUTGOING: Final = msgspec.json.Decoder(Outgoing, float_hook=JSON_DECODER.float_hook)
_log: Final = structlog.get_logger("recado.channels")


class Slowed(msgspec.Struct, frozen=True):
    """The number was too fast; nothing goes out for some seconds, and less after that."""

    seconds: float


class Unreached(msgspec.Struct, frozen=True):
    """The Graph API could not be called: it is no fault of the message, and all others wait as well."""

    code: str


Ended = Accepted | Later | Park | MessageError
Trouble = Slowed | Unreached | None


def is_template(row: Row) -> bool:
    """Whether it may be sent when the window is shut."""
    return row.payload is not None and b'"template"' in row.payload.encode()[:200]


def is_settled(row: Row) -> bool:
    """Whether the next one may follow at once; a file or a choice is overtaken by the text that comes after it."""
    return row.payload is None and '"type":"text"' in row.content[:40]


def refusal_of(row: Row, now: dt.datetime) -> MessageError | None:
    """Why it may not be sent; the one text that says so goes to who has opted out, which neither a flow nor a person wrote."""
    is_notice = row.block_id is None and row.sent_by is None and row.payload is None
    if row.opted_out_at is not None and not is_notice:
        return OPTED_OUT
    if not is_template(row) and not window.is_open(row.last_message_at, now):
        return WINDOW_CLOSED
    return None


def payload_of(row: Row, form: FormMessage | None = None) -> dict[str, Any]:
    """What is sent; `form` in place of the message that opens one. Raises msgspec.MsgspecError where what is stored cannot be read."""
    to = Address(wa_id=row.phone, user_id=row.user_id)
    if row.payload is not None:
        return addressed(msgspec.json.decode(row.payload, type=dict[str, Any]), to, row.message_id)
    return build(form or _OUTGOING.decode(row.content), to, opaque=row.message_id)


async def send(
    graph: Graph,
    channel: OpenedChannel,
    row: Row,
    form: FormMessage | None = None,
    links: Mapping[str, str] | None = None,
) -> tuple[Ended, Trouble]:
    """Send it once, unless it is beyond a limit; what became of it, and what that means for the others.

    `links` are to the files that it names, made just now.
    """
    try:
        payload = payload_of(row, form)
        if links:
            payload = msgspec.json.decode(put_links(msgspec.json.encode(payload).decode(), links))
        if problems := check_payload(payload):
            first = problems[0]
            return MessageError(first.code, first.message, first.path), None
        sent = await graph.send(channel, payload)
    except GraphRefused as refused:
        return _judge(channel, row, refused)
    except GraphUnreachable as problem:
        return Later(row, _SOON_SECONDS, is_untried=True), Unreached(problem.error.code)
    except GraphUnknown:
        return Later(row, UNKNOWN_FOR.total_seconds(), is_unknown=True), None
    except msgspec.MsgspecError:
        return MessageError("unreadable", "What was to be sent cannot be read."), None
    return Accepted(row, sent.message_id, sent.wa_id or None), None


def _judge(channel: OpenedChannel, row: Row, refused: GraphRefused) -> tuple[Ended, Trouble]:
    error = refused.error
    tries = int(row.tries) + 1
    wait = wait_seconds(error, min(tries, _MOST_WAITS), random.random())  # noqa: S311  # spreads tries, keeps no secret
    _note(channel, error, tries)
    match treatment_of(error).action:
        case "retry" | "hold_pair" if tries < MOST_TRIES:
            return Later(row, wait), None
        case "slow":
            return Later(row, wait), Slowed(wait)
        case "park":
            return Park(row, *told_of(channel, refused)), None
        case _:
            return error_of(error), None


def _note(channel: OpenedChannel, error: GraphError, tries: int) -> None:
    log = _log.error if error.code == SPAM else _log.warning
    log("send_refused", channel_id=channel.id, code=error.code, subcode=error.subcode, status=error.status, tries=tries)
