"""The route that runs an action, raw ASGI in front of the framework: the framework alone would cost as much as the whole run."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import Final

import structlog

from recado.accounts.identify import Identifier
from recado.db.columns import JSON_ENCODER
from recado.errors import ClientGone, RecadoError
from recado.executions.runner import Runner
from recado.executions.schemas import RunAction
from recado.ids import new_id
from recado.web.answers import App, Receive, Scope, Send, answer, answer_problem, read_body
from recado.web.body import MOST_BYTES, check_media_type, decode_body

_PATH: Final = re.compile(r"/api/v1/actions/([^/]{1,40})/executions")
_OWN_AGENT: Final = b"Recado/"
_log: Final = structlog.get_logger("recado.web")


class FastRuns:
    """Answers `POST /api/v1/actions/{id}/executions` itself and hands everything else on."""

    def __init__(self, inner: App, runner: Runner, identifier: Identifier) -> None:
        self._inner = inner
        self._runner = runner
        self._identifier = identifier

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """ASGI; not a coroutine itself, since each one on the way is resumed at every step of a run."""
        if scope["type"] == "http" and scope["method"] == "POST" and (path := _PATH.fullmatch(scope["path"])):
            return self._run(scope, receive, send, path[1])
        return self._inner(scope, receive, send)

    async def _run(self, scope: Scope, receive: Receive, send: Send, action_id: str) -> None:
        try:
            caller = self._identifier.identify_cached(scope["headers"]) or await self._identifier.identify_scope(scope)
            caller.require("executions:run")
            media_type, hops = _read_headers(scope["headers"])
            check_media_type(media_type)
            data = decode_body(RunAction, await read_body(receive, MOST_BYTES))
            execution = await self._runner.run_action(
                caller,
                action_id,
                data.inputs,
                data.credential_id,
                idempotency_key=data.idempotency_key,
                hops=hops,
            )
        except ClientGone:
            return
        except RecadoError as error:
            await answer_problem(send, error, new_id("req"))
        except Exception as problem:  # noqa: BLE001  # the last line of defence answers 500
            request_id = new_id("req")
            _log.exception("unexpected_error", request_id=request_id, exc_info=problem)
            await answer_problem(send, RecadoError(), request_id)
        else:
            await answer(send, 200, JSON_ENCODER.encode(execution), _JSON)


_JSON: Final = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


def _read_headers(headers: list[tuple[bytes, bytes]]) -> tuple[str, int]:
    """The media type, and how many Recado servers this call has come through."""
    media_type, hops, is_own = "", 0, False
    for name, value in headers:
        if name == b"content-type":
            media_type = value.decode("latin-1")
        elif name == b"user-agent":
            is_own = value.startswith(_OWN_AGENT)
        elif name == b"recado-hops":
            hops = int(value) if value.isdigit() and len(value) < 4 else 0
    return media_type, max(hops, int(is_own))
