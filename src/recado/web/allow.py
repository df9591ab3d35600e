"""Answers OPTIONS: which methods a path has."""

from __future__ import annotations

from typing import Final

from recado.web.answers import App, Message, Receive, Scope, Send

_NO_METHOD: Final = "NONE"


class TellsMethods:
    """Names all methods of a path; the framework's own answer to OPTIONS knows only those of the path's first handler.

    Asked with a method that no path has, the framework says which there are.
    """

    def __init__(self, inner: App) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self._inner(scope, receive, send)
            return
        is_told = False

        async def send_methods(message: Message) -> None:
            nonlocal is_told
            if message["type"] == "http.response.start" and message["status"] == 405:
                is_told = True
                allowed = [(name, value) for name, value in message["headers"] if name == b"allow"]
                await send({"type": "http.response.start", "status": 204, "headers": allowed})
            elif is_told:
                await send({"type": "http.response.body", "body": b""})
            else:
                await send(message)

        await self._inner({**scope, "method": _NO_METHOD}, receive, send_methods)
