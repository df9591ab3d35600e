"""The server's side of a connection: a request that begins like one before it on this connection is run without being parsed again."""

from __future__ import annotations

import asyncio
from typing import Any, Final, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from recado.accounts.caller import Caller
from recado.accounts.identify import hash_key
from recado.errors import RecadoError
from recado.executions.fast import FastRuns, find_action_id, read_headers
from recado.web.answers import RawHeaders, Scope, whole_answer
from recado.web.body import is_json

_MOST_HEADS: Final = 16
_MOST_HEAD_BYTES: Final = 4096
_END: Final = b"\r\n\r\n"


class _Head(NamedTuple):
    """What a request's head said when it was parsed."""

    length: int
    """Bytes of the body."""
    action_id: str
    key: bytes
    """SHA-256 of the API key."""
    hops: int


class ShortcutProtocol(HttpToolsProtocol):
    """uvicorn's protocol, but for runs of actions on a kept connection.

    A client sends the same few heads again and again. When the very bytes of a head come again, between two messages,
    with just the body they announce, the parser would say of them what it said before, so it is not asked: that saves
    some 10 µs of 25. Everything else goes uvicorn's way: the first request with each head, requests in pieces or in
    rows, and callers who must be looked up or refused.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        """As uvicorn makes it."""
        super().__init__(*given, **named)
        self._heads: dict[bytes, _Head] = {}
        self._is_between_messages = True
        self._running: asyncio.Task[None] | None = None
        self._arrived = b""
        """What came while a run was under way."""
        self._is_last = False
        """Whether the answer that is under way ends the connection."""
        self._answered_at = 0.0

    def data_received(self, data: bytes) -> None:
        """Bytes came: run, or hand on to uvicorn's parser."""
        if self._running is not None:
            self._arrived += data
            self.flow.pause_reading()
            return
        if not self._is_idle():
            super().data_received(data)
            return
        end = data.find(_END) + len(_END)
        head = self._heads.get(data[:end])
        if head is not None and head.length == len(data) - end and (caller := self._recall(head)) is not None:
            self.app.metrics.heads_known += 1
            self._running = task = self.loop.create_task(self._run(caller, head, data[end:]))
            self.tasks.add(task)
            return
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._learn(data, end)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone; a run under way goes on to its end."""
        self._arrived = b""
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server is about to end: what runs is answered first."""
        if self._running is not None:
            self._is_last = True
            return
        super().shutdown()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete and cycle.scope.get("state", {}).get("is_endless"):
            self.transport.close()  # it would never be complete; whoever reads it comes again

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came for a while, as far as uvicorn knows; a run does not set its timer anew, it is looked up here."""
        left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if self._running is None and left <= 0:
            super().timeout_keep_alive_handler()
        else:
            self.timeout_keep_alive_task = self.loop.call_later(max(left, 1), self.timeout_keep_alive_handler)

    def on_message_begin(self) -> None:
        """The parser has seen the first byte of a request."""
        self._is_between_messages = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """The parser has seen the last byte of a request."""
        self._is_between_messages = not self.parser.should_upgrade()
        super().on_message_complete()

    def _is_idle(self) -> bool:
        """Whether the next byte begins a message, and nothing waits for an answer or to be read by the client."""
        cycle: RequestResponseCycle | None = self.cycle
        is_answered = cycle is None or cycle.response_complete
        return self._is_between_messages and is_answered and not self.pipeline and not self.flow.write_paused

    def _recall(self, head: _Head) -> Caller | None:
        """The caller, if nothing speaks against it; uvicorn's way finds out what does."""
        try:
            caller = self.app.identifier.recall(head.key)
        except RecadoError:
            return None
        return caller if caller is not None and caller.may("executions:run") else None

    async def _run(self, caller: Caller, head: _Head, body: bytes) -> None:
        try:
            answer = await self.app.run(caller, head.action_id, body, head.hops)
        except BaseException:  # cancelled: the time to finish in is over
            self.transport.close()
            raise
        finally:
            self.tasks.discard(self._running)
            self._running = None
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.transport.write(whole_answer(answer, self.server_state.default_headers, is_last=self._is_last))
        if self._is_last:
            self.transport.close()
            return
        self._answered_at = self.loop.time()
        if self._arrived:
            arrived, self._arrived = self._arrived, b""
            self.flow.resume_reading()
            self.data_received(arrived)

    def _learn(self, data: bytes, end: int) -> None:
        """Remember the head of a run that came in one piece, if the parser saw nothing else in it."""
        cycle, length = self.cycle, len(data) - end
        if not self._is_between_messages or not cycle.keep_alive or cycle.waiting_for_100_continue:
            return
        if len(cycle.body) != length or end > _MOST_HEAD_BYTES or not isinstance(self.app, FastRuns):
            return
        scope: Scope = dict(cycle.scope)
        headers: RawHeaders = scope["headers"]
        by_name = dict(headers)
        if by_name.get(b"content-length") != b"%d" % length or len(by_name) < len(headers):
            return
        action_id, key, told = find_action_id(scope), hash_key(headers), read_headers(headers)
        if action_id is None or key is None or not is_json(told.media_type):
            return
        if len(self._heads) >= _MOST_HEADS:
            self._heads.clear()
        self._heads[data[:end]] = _Head(length, action_id, key, told.hops)
