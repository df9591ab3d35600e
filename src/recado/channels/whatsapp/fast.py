"""The webhook as raw ASGI in front of the framework: Meta counts the milliseconds until it is answered."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import Final

import structlog

from recado.channels.opened import Channels
from recado.channels.whatsapp.receiving import Receiver, take
from recado.channels.whatsapp.signature import HEADER
from recado.errors import ClientGone, RecadoError
from recado.ids import new_id
from recado.web.answers import Answer, App, Receive, Scope, Send, answer, problem_answer, read_body

MOST_BYTES: Final = 4 * 1024 * 1024
"""Meta sends 3 MB at most."""
_PATH: Final = re.compile(r"/api/v1/channels/whatsapp/([^/]{1,64})/webhook")
_SIGNATURE: Final = HEADER.lower().encode()
_TAKEN: Final = Answer(
    200, b"", [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
)
_log: Final = structlog.get_logger("recado.web")


class FastWebhooks:
    """Answers `POST /api/v1/channels/whatsapp/{key}/webhook` itself and hands everything else on."""

    def __init__(self, inner: App, channels: Channels, receiver: Receiver) -> None:
        self._inner = inner
        self._channels = channels
        self._receiver = receiver

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """ASGI; not a coroutine itself, since each one on the way is resumed at every step."""
        if scope["type"] == "http" and scope["method"] == "POST" and (path := _PATH.fullmatch(scope["path"])):
            return self._answer(scope, receive, send, path[1])
        return self._inner(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, key: str) -> None:
        try:
            body = await read_body(receive, MOST_BYTES)
            signature = next((value for name, value in scope["headers"] if name == _SIGNATURE), b"")
            await take(self._channels, self._receiver, key, signature.decode("latin-1"), body)
        except ClientGone:
            return
        except Exception as problem:  # noqa: BLE001  # the last line of defence answers 500
            request_id = str(scope.get("state", {}).get("request_id", "")) or new_id("req")
            await answer(send, *_refuse(problem, request_id))
        else:
            await answer(send, *_TAKEN)


def _refuse(problem: Exception, request_id: str) -> Answer:
    if isinstance(problem, RecadoError):
        _log.info("delivery_refused", request_id=request_id, code=problem.code)
        return problem_answer(problem, request_id)
    _log.error("unexpected_error", request_id=request_id, exc_info=problem)
    return problem_answer(RecadoError(), request_id)
