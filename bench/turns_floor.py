"""The least that a durable turn costs: its very rows, by bare statements in its very transactions, and one bare aiohttp call.

    python bench/turns_floor.py FOLDER UPSTREAM TURNS

It copies what a real turn left in the database: a message, the call, four steps of the path, the execution and its result, the
reply, the timer and the state, with new ids. It reads what any engine has to read: the conversation, and whether the message came before.
It walks no flow, encodes and decodes nothing, checks nothing, knows no secret and no address policy.

On SQLite one thread writes, and whatever waits together shares a flush, as with us. On PostgreSQL six threads with a
connection each write, and a message is one transaction and its turn another, as where workers take the turns.
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import sqlite3
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import uvloop

from turns_load import put_turns

Statements = Sequence[tuple[str, Sequence[Sequence[Any]]]]
_BODY = b"kind=test&token=tok_0123456789"
_HEADERS = {"content-type": "application/x-www-form-urlencoded"}


class Template(NamedTuple):
    """A row of a real turn, and the statement that writes it again."""

    sql: str
    values: dict[str, Any]

    def row(self, **changed: Any) -> tuple[Any, ...]:
        """The row with other values in some columns."""
        return tuple((self.values | changed).values())


class Sqlite:
    """One thread and one connection; what waits together is one transaction, whose end all await."""

    mark = "?"

    def __init__(self, path: Path) -> None:
        from recado.db import sqlite  # noqa: PLC0415  # the very library that we use

        self._connection: Any = sqlite.library().connect(str(path), isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def read(self, sql: str) -> tuple[list[str], list[Any]]:
        """Columns and rows, before it begins."""
        cursor = self._connection.execute(sql)
        return [column[0] for column in cursor.description], cursor.fetchall()

    def write(self, statements: Statements) -> asyncio.Future[None]:
        """On disk when the future is done."""
        future = asyncio.get_running_loop().create_future()
        self._queue.put((statements, future))
        return future

    def _work(self) -> None:
        execute, many = self._connection.execute, self._connection.executemany
        while True:
            waiting = [self._queue.get()]
            while not self._queue.empty():
                waiting.append(self._queue.get())
            execute("BEGIN IMMEDIATE")
            for statements, _ in waiting:
                for sql, rows in statements:
                    if len(rows) == 1:
                        execute(sql, rows[0]).fetchall()
                    else:
                        many(sql, rows)
            execute("COMMIT")
            futures = [future for _, future in waiting]
            futures[0].get_loop().call_soon_threadsafe(_end_all, futures)


class Postgresql:
    """Six threads, a connection each, every transaction by itself."""

    mark = "%s"

    def __init__(self, address: str) -> None:
        self._address = address
        self._own = threading.local()
        self._threads = ThreadPoolExecutor(6)

    def read(self, sql: str) -> tuple[list[str], list[Any]]:
        """Columns and rows, before it begins."""
        cursor = self._connect().execute(sql)
        return [column.name for column in cursor.description], cursor.fetchall()

    def write(self, statements: Statements) -> asyncio.Future[None]:
        """On disk when the future is done."""
        return asyncio.get_running_loop().run_in_executor(self._threads, self._run, statements)

    def _connect(self) -> Any:
        import psycopg  # noqa: PLC0415  # SQLite's floor does without

        return psycopg.connect(self._address, autocommit=True, prepare_threshold=1)

    def _run(self, statements: Statements) -> None:
        if not hasattr(self._own, "connection"):
            self._own.connection = self._connect()
        connection = self._own.connection
        with connection.transaction(), connection.cursor() as cursor:
            for sql, rows in statements:
                if len(rows) == 1:
                    cursor.execute(sql, rows[0])
                else:
                    cursor.executemany(sql, rows)


def _end_all(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        future.set_result(None)


class Floor:
    """Turns of conversations, as often as asked."""

    def __init__(self, database: Sqlite | Postgresql, upstream: str, sample: str, *, is_many: bool) -> None:
        self._database, self._upstream, self._is_many = database, upstream, is_many
        self._session: aiohttp.ClientSession | None = None
        self._made = int(time.time() * 1000) % 10**10 * 10**6  # ids that no earlier round has used
        own = f"WHERE conversation_id = '{sample}'"
        self._incoming = self._template("messages", f"{own} AND direction = 'in'")
        self._reply = self._template("messages", f"{own} AND direction = 'out' ORDER BY number DESC")
        self._step = self._template("conversation_steps", f"{own} AND kind = 'call' ORDER BY number DESC")
        ran = self._step.values["execution_id"]
        self._opened = self._template("executions", f"WHERE id = '{ran}'", " ON CONFLICT DO NOTHING")
        self._closed = self._template("execution_results", f"WHERE id = '{ran}'", " ON CONFLICT (id) DO NOTHING")
        call = {
            "conversation_id": sample, "visit": 0, "workspace_id": self._reply.values["workspace_id"],
            "effect": "x" * 260, "owner": "prc_0123456789", "begun_at": self._reply.values["created_at"],
        }  # fmt: skip
        self._call = Template(self._insert("conversation_calls", list(call)), call)
        mark, lock = database.mark, " FOR UPDATE" if is_many else ""
        self._find = f"SELECT * FROM conversations WHERE id = {mark}{lock}"
        self._seen = f"SELECT id FROM messages WHERE channel_id = {mark} AND channel_message_id = {mark}"
        self._update = (
            f"UPDATE conversations SET turn = {mark}, last_message = {mark}, last_step = {mark}, status = {mark},"
            f" state = {mark}, contact = {mark}, block_id = {mark}, updated_at = {mark} WHERE id = {mark}"
        )
        self._timers = self._templates("timers", own)
        self._untimed = f"DELETE FROM timers WHERE conversation_id = {mark}"
        self._gone = f"DELETE FROM conversation_calls WHERE conversation_id = {mark} AND visit = {mark}"
        self._done = f"UPDATE messages SET status = 'done', done_at = {mark} WHERE id = {mark}"
        self._received = (
            f"SELECT * FROM messages WHERE conversation_id = {mark} AND status = 'received' ORDER BY number"
        )
        self._wake = self._insert("conversation_wakes", ["conversation_id", "wanted_at", "tries"])
        self._claim = f"DELETE FROM conversation_wakes WHERE conversation_id = {mark}"

    def conversations(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """As they stand."""
        names, rows = self._database.read("SELECT * FROM conversations")
        wanted = set(ids)
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [row for row in found if row["id"] in wanted]

    def _template(self, table: str, where: str, more: str = "") -> Template:
        return self._templates(table, f"{where} LIMIT 1", more)[0]

    def _templates(self, table: str, where: str, more: str = "") -> list[Template]:
        names, rows = self._database.read(f"SELECT * FROM {table} {where}")
        return [Template(self._insert(table, names) + more, dict(zip(names, row, strict=True))) for row in rows]

    def _insert(self, table: str, names: Sequence[str]) -> str:
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([self._database.mark] * len(names))})"

    async def turn(self, row: dict[str, Any]) -> None:
        """One message, one call, one reply."""
        self._session = self._session or aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._made += 10
        own, made, write = row["id"], self._made, self._database.write
        message, execution = f"msg_{made:026}", f"exe_{made:026}"
        status = "received" if self._is_many else "done"
        incoming = self._incoming.row(
            id=message, conversation_id=own, number=row["last_message"] + 1, channel_message_id=message, status=status
        )
        call = self._call.row(conversation_id=own, visit=made % 2**31)
        came: Statements = [
            (self._find, [(own,)]),
            (self._seen, [("simulator", message)]),
            (self._incoming.sql, [incoming]),
        ]
        begun: Statements = [
            (self._call.sql, [call]),
            (self._step.sql, self._steps(row)),
            (self._untimed, [(own,)]),
            (self._update, [self._state(row, "running", messages=1)]),
        ]
        if self._is_many:
            at = self._reply.values["created_at"]
            await write([(self._wake, [(own, at, 0)]), *came, (self._update, [self._state(row, "running")])])
            taken: Statements = [(self._find, [(own,)]), (self._received, [(own,)]), (self._done, [(at, message)])]
            await write([(self._claim, [(own,)]), *taken, *begun])
        else:
            await write([*came, *begun])
        await write([(self._opened.sql, [self._opened.row(id=execution, idempotency_key=f"{own}:call:{made}")])])
        async with self._session.post(self._upstream, data=_BODY, headers=_HEADERS) as answer:
            assert await answer.read()
        await write([(self._closed.sql, [self._closed.row(id=execution)])])
        reply = self._reply.row(id=f"msg_{made + 1:026}", conversation_id=own, number=row["last_message"] + 1)
        await write([
            (self._find, [(own,)]),
            (self._gone, [(own, made % 2**31)]),
            (self._reply.sql, [reply]),
            (self._step.sql, self._steps(row)),
            *((timer.sql, [timer.row(conversation_id=own)]) for timer in self._timers),
            (self._update, [self._state(row, "waiting", messages=1)]),
        ])  # fmt: skip

    def _steps(self, row: dict[str, Any]) -> list[tuple[Any, ...]]:
        row["last_step"] += 2
        return [self._step.row(conversation_id=row["id"], number=row["last_step"] - part) for part in (1, 0)]

    def _state(self, row: dict[str, Any], status: str, *, messages: int = 0) -> tuple[Any, ...]:
        row["turn"] += 1
        row["last_message"] += messages
        kept = [row[name] for name in ("turn", "last_message", "last_step")]
        return (*kept, status, row["state"], row["contact"], row["block_id"], row["updated_at"], row["id"])

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()


async def main() -> None:
    """Take turns of the conversations that are there for it."""
    folder, upstream, turns = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    address = os.environ.get("RECADO_DATABASE_URL", "")
    database = Postgresql(address) if address else Sqlite(folder / "recado.db")
    kept = json.loads((folder / "conversations.json").read_text())
    floor = Floor(database, upstream, kept["sample"], is_many=bool(address))
    await put_turns(floor.turn, floor.conversations(kept["floor"]), turns)
    await floor.close()


if __name__ == "__main__":
    assert sqlite3.threadsafety
    uvloop.run(main())
