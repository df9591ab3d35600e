"""The least that a durable turn costs: a bare ASGI server, raw SQLite and aiohttp, with the same four commits and nothing else.

Run by `bench/turns.py`: python bench/turns_floor.py PORT UPSTREAM FILE
"""

from __future__ import annotations

import asyncio
import json
import queue
import sqlite3
import sys
import threading
from collections.abc import Callable
from typing import Any

import aiohttp
import uvicorn

SCHEMA = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE conversations (id TEXT PRIMARY KEY, state TEXT, turn INTEGER);
CREATE TABLE messages (id INTEGER PRIMARY KEY, conversation TEXT, direction TEXT, content TEXT, status TEXT);
CREATE TABLE calls (conversation TEXT, visit INTEGER, effect TEXT, PRIMARY KEY (conversation, visit));
CREATE TABLE executions (id TEXT PRIMARY KEY, request TEXT, response TEXT);
"""
STATE = json.dumps({"answers": {"word": "0123456789"}, "timers": [], "block": "ask", "filler": "x" * 600})


class Store:
    """One thread and one connection; each function is a transaction."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.executescript(SCHEMA)
        while True:
            function, future, loop = self._queue.get()
            connection.execute("BEGIN IMMEDIATE")
            function(connection)
            connection.execute("COMMIT")
            loop.call_soon_threadsafe(future.set_result, None)

    def write(self, function: Callable[[sqlite3.Connection], Any]) -> asyncio.Future[None]:
        """On disk when the future is done."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._queue.put((function, future, loop))
        return future


class Floor:
    """`POST /{conversation}` with any body: one turn with one call."""

    def __init__(self, upstream: str, store: Store) -> None:
        self._upstream, self._store = upstream, store
        self._session: aiohttp.ClientSession | None = None
        self._count = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return
        body = (await receive())["body"].decode()
        self._session = self._session or aiohttp.ClientSession()
        self._count += 1
        conversation, number, key = scope["path"], self._count, f"exe{self._count}"

        def begin(connection: sqlite3.Connection) -> None:
            connection.execute("SELECT state, turn FROM conversations WHERE id=?", (conversation,)).fetchone()
            connection.execute(
                "INSERT INTO messages (conversation, direction, content, status) VALUES (?,'in',?,'done')",
                (conversation, body),
            )
            connection.execute("INSERT INTO calls VALUES (?,?,?)", (conversation, number, body))
            connection.execute("INSERT OR REPLACE INTO conversations VALUES (?,?,?)", (conversation, STATE, number))

        def end(connection: sqlite3.Connection) -> None:
            connection.execute("SELECT state, turn FROM conversations WHERE id=?", (conversation,)).fetchone()
            connection.execute("DELETE FROM calls WHERE conversation=? AND visit=?", (conversation, number))
            connection.execute(
                "INSERT INTO messages (conversation, direction, content, status) VALUES (?,'out',?,'sent')",
                (conversation, body),
            )
            connection.execute("UPDATE conversations SET state=?, turn=? WHERE id=?", (STATE, number, conversation))

        await self._store.write(begin)
        await self._store.write(
            lambda connection: connection.execute("INSERT INTO executions VALUES (?,?,NULL)", (key, body))
        )
        async with self._session.post(self._upstream, data=body) as answer:
            text = await answer.text()
        await self._store.write(
            lambda connection: connection.execute("UPDATE executions SET response=? WHERE id=?", (text, key))
        )
        await self._store.write(end)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": text.encode()})


if __name__ == "__main__":
    app = Floor(sys.argv[2], Store(sys.argv[3]))
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", lifespan="off", access_log=False)
