"""The Validations API of the worked example as an ASGI app, with switches for trouble; used by the demo, tests and bench."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final

from recado.emulator.asgi import Answer, Call, Receive, Scope, Send, json_answer, read_call, send_answer
from recado.emulator.email_validations import EmailValidations, OnCode, Refusal
from recado.emulator.server import EmulatorServer, serve
from recado.emulator.trouble import (
    Rules,
    damaged_answer,
    delay,
    read_rule,
    replaced_answer,
    send_troubled,
)

__all__ = ["DEMO_ACCOUNT", "EmulatorServer", "ValidationsApp", "serve"]

DEMO_ACCOUNT: Final = "ana.demo"
KEY_HEADER: Final = b"truora-api-key"
MAX_CALLS: Final = 200

_UNAUTHORIZED: Final = {"message": "Unauthorized"}
_UNKNOWN: Final = {
    "hint": "The HTTP Method, endpoint or resources may not be supported",
    "message": "Missing Authentication Token",
}


class ValidationsApp:
    """The API with its memory. Every call under /v1 needs one of `keys` in `Truora-API-Key`.

    Trouble comes with a call (`?_trouble=delay:2.5`, as often as wanted) or is ordered beforehand with
    `POST /_control/trouble {"path_prefix", "trouble", "times"}`; `DELETE` ends it, `GET` shows it. `GET /_control/codes`
    shows what was "mailed" and `GET /_control/calls` what was called. The kinds of trouble: `trouble.parse_trouble`.
    """

    def __init__(
        self,
        keys: Iterable[str],
        on_code: OnCode | None = None,
        *,
        accounts: Iterable[str] = (DEMO_ACCOUNT,),
        clock: Callable[[], int] = time.time_ns,
        make_code: Callable[[], str] | None = None,
    ) -> None:
        """`on_code(account_id, validation_id, code)` hears of every code; `clock` gives nanoseconds since 1970."""
        self._keys = frozenset(key.encode() for key in keys)
        self._api = EmailValidations(accounts, on_code, clock, make_code)
        self._rules = Rules()
        self._calls: deque[dict[str, Any]] = deque(maxlen=MAX_CALLS)
        self.call_count = 0
        """How many calls arrived, those to /_control apart."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            return
        call = await read_call(scope, receive)
        if call.path.startswith("/_control/"):
            await send_answer(self._control(call), send)
            return
        self.call_count += 1
        try:
            troubles = self._rules.take(call)
        except ValueError as problem:
            await send_answer(json_answer(400, {"message": str(problem)}), send)
            return
        if not troubles:
            answer = self._answer(call)
            self._note(call, answer)
            await send_answer(answer, send)
        elif await delay(troubles, receive):
            answer = replaced_answer(troubles, call) or damaged_answer(troubles, self._answer(call))
            self._note(call, answer)
            await send_troubled(troubles, answer, scope, receive, send)

    def _note(self, call: Call, answer: Answer) -> None:
        self._calls.append({"method": call.method, "path": call.path, "status": answer.status})

    def _answer(self, call: Call) -> Answer:
        """The API itself: path and method first, as its gateway does, then the key, then the rules."""
        ask = self._route(call)
        if ask is None:
            return json_answer(403, _UNKNOWN)
        if not any(name == KEY_HEADER and key in self._keys for name, key in call.headers):
            return json_answer(401, _UNAUTHORIZED)
        try:
            return json_answer(200, ask())
        except Refusal as refusal:
            return json_answer(refusal.http_code, refusal.shown())

    def _route(self, call: Call) -> Callable[[], dict[str, Any]] | None:
        api = self._api
        match call.method, call.path.removeprefix("/v1/").split("/") if call.path.startswith("/v1/") else []:
            case "POST", ["enrollments"]:
                return lambda: api.enroll(call.form())
            case "POST", ["validations"]:
                return lambda: api.create(call.form(), call.client)
            case "GET", ["validations"]:
                return api.list_validations
            case "POST", ["validations", str(validation_id)] if validation_id:
                return lambda: api.perform(validation_id, call.form())
            case "GET", ["validations", str(validation_id)] if validation_id:
                return lambda: api.get(validation_id)
        return None

    def _control(self, call: Call) -> Answer:
        match call.method, call.path:
            case "GET", "/_control/codes":
                return json_answer(200, {"codes": self._api.list_codes(dict(call.query))})
            case "GET", "/_control/calls":
                return json_answer(200, {"count": self.call_count, "calls": list(self._calls)})
            case "GET", "/_control/trouble":
                return json_answer(200, {"rules": self._rules.shown()})
            case "DELETE", "/_control/trouble":
                self._rules.clear()
                return Answer(204)
            case "POST", "/_control/trouble":
                return self._order_trouble(call.body)
        return json_answer(404, {"message": "There is no such control."})

    def _order_trouble(self, body: bytes) -> Answer:
        try:
            rule = read_rule(json.loads(body))
        except (ValueError, RecursionError) as problem:
            return json_answer(400, {"message": str(problem)})
        self._rules.add(rule)
        return json_answer(200, {"rules": self._rules.shown()})
