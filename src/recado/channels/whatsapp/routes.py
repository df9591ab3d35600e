"""What Meta calls: the webhook of a channel. Nobody signs in; the verify token and the signature say who it is."""

from __future__ import annotations

import hmac
from typing import Annotated, Any, Final

from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from recado.accounts.guard import NO_SECURITY
from recado.channels.opened import Channels
from recado.channels.whatsapp.fast import MOST_BYTES
from recado.channels.whatsapp.receiving import Receiver, take
from recado.channels.whatsapp.signature import HEADER
from recado.errors import VerifyTokenWrong
from recado.web.problems import problems

_PATH: Final = "/channels/whatsapp/{key:str}/webhook"
_TAGS: Final = ["webhooks"]


@get(
    _PATH,
    is_public=True,
    operation_id="verify_whatsapp_webhook",
    tags=_TAGS,
    security=NO_SECURITY,
    media_type=MediaType.TEXT,
    responses=problems(404, 422),
)
async def verify_whatsapp_webhook(
    channels: NamedDependency[Channels],
    key: FromPath[str],
    mode: Annotated[str, QueryParameter(name="hub.mode", max_length=100)] = "",
    challenge: Annotated[str, QueryParameter(name="hub.challenge", max_length=1000)] = "",
    verify_token: Annotated[str, QueryParameter(name="hub.verify_token", max_length=1000)] = "",
) -> str:
    """Answer Meta's question whether this address is ours: the challenge, if the verify token is the channel's."""
    expected = (await channels.by_key(key)).verify_token
    is_right = hmac.compare_digest(verify_token.encode(), expected.encode())
    if not expected or not is_right or mode != "subscribe":
        raise VerifyTokenWrong
    return challenge


@post(
    _PATH,
    status_code=200,
    is_public=True,
    most_bytes=MOST_BYTES,
    request_max_body_size=MOST_BYTES,
    operation_id="receive_whatsapp_webhook",
    tags=_TAGS,
    security=NO_SECURITY,
    media_type=MediaType.TEXT,
    responses=problems(404, 413),
)
async def receive_whatsapp_webhook(
    request: Request[Any, Any, State],
    channels: NamedDependency[Channels],
    receiver: NamedDependency[Receiver],
    key: FromPath[str],
) -> Response[str]:
    """Take a delivery of Meta's: what people wrote, and how far our messages have come. It is on disk before the answer."""
    await take(channels, receiver, key, request.headers.get(HEADER), await request.body())
    return Response("", status_code=200, media_type=MediaType.TEXT)


handlers: Final[list[Any]] = [verify_whatsapp_webhook, receive_whatsapp_webhook]
