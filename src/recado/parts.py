"""Creates the parts of one process in order and closes them in reverse; `app.py` serves them, the command line borrows them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import urlsplit

import structlog

from recado.accounts.identify import Identifier
from recado.accounts.passwords import PasswordPool
from recado.channels.batching import Batches
from recado.channels.opened import Channels
from recado.channels.whatsapp.fetching import MediaFetcher
from recado.channels.whatsapp.forms.endpoint import Forms
from recado.channels.whatsapp.graph import FILE_LIMITS, Graph
from recado.channels.whatsapp.marking import Marker
from recado.channels.whatsapp.receiving import Receiver
from recado.channels.whatsapp.sending import Sender
from recado.conversations.dispatcher import Dispatcher
from recado.credentials import keys
from recado.credentials.kek import KekProvider
from recado.credentials.vault import Vault
from recado.db import migrate
from recado.db.ballast import Ballast
from recado.db.engine import Database
from recado.db.revision import RevisionWatch
from recado.db.sqlite import FolderLock
from recado.emulator.beside import ExampleServer, is_wanted
from recado.executions import repository as execution_rows
from recado.executions.metrics import Metrics
from recado.executions.runner import Runner
from recado.executions.tasks import Tasks
from recado.ids import new_id
from recado.integrations.logo import Logos
from recado.media.links import Links
from recado.outbound.policy import EgressPolicy
from recado.outbound.resolver import Resolver
from recado.outbound.transport import Transport
from recado.settings import Settings
from recado.web.link import ExecutorLink
from recado.webhooks.sending import WebhookSender

ProcessKind = Literal["server", "worker", "cli"]
_log: Final = structlog.get_logger("recado")


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything one process is made of, open."""

    settings: Settings
    process_id: str
    database: Database
    policy: EgressPolicy
    transport: Transport
    kek: KekProvider | None
    vault: Vault
    channels: Channels
    graph: Graph
    forms: Forms
    receiver: Receiver
    sender: Sender
    media_fetcher: MediaFetcher
    batches: Batches
    webhook_sender: WebhookSender
    watch: RevisionWatch
    passwords: PasswordPool
    identifier: Identifier
    runner: Runner
    dispatcher: Dispatcher
    tasks: Tasks
    metrics: Metrics
    logos: Logos
    example: ExampleServer
    executor: ExecutorLink | None = None
    """The way to the executor, in an api process."""


def make_policy(settings: Settings, also_allowed: Sequence[str] = ()) -> EgressPolicy:
    """The address policy of the settings; this server's own public name may not be called."""
    own = urlsplit(settings.public_url).hostname
    deny = settings.egress_deny + (
        (f"{own}=0.0.0.0/0", f"{own}=::/0") if own and not own[0].isdigit() and ":" not in own else ()
    )
    return EgressPolicy((*settings.egress_allow, *also_allowed), deny, settings.egress_nat64_prefix)


@contextlib.asynccontextmanager
async def open_parts(settings: Settings, kind: ProcessKind = "server") -> AsyncIterator[Parts]:
    """Open the database, bring it up to date and start everything; closed in reverse on leaving.

    An api process changes no schema, loads no key and does no work of its own. Raises DataFolderLocked when another
    server uses the folder, SettingInvalid, DatabaseTooNew, DatabaseTooOld, StorageUnavailable.
    """
    async with AsyncExitStack() as stack:
        example = await _open_example(settings, kind, stack)
        policy = make_policy(settings, example.allowed)
        database = await _open_database(settings, kind, stack)
        kek = None if settings.role == "api" else keys.open_kek(database, settings)
        resolver = Resolver(settings.dns_servers)
        stack.callback(resolver.close)
        transport = Transport(policy, resolver, proxy=settings.egress_proxy)
        stack.push_async_callback(transport.close)
        passwords = PasswordPool()
        stack.callback(passwords.close)
        metrics = Metrics()
        process_id = new_id("prc")
        vault = Vault(database, kek)
        channels = Channels(database, vault.keyring)
        files = Transport(policy, resolver, proxy=settings.egress_proxy, limits=FILE_LIMITS)
        stack.push_async_callback(files.close)
        graph = Graph(transport, files)
        runner = Runner(database, transport, policy, vault, metrics, settings, process_id)
        dispatcher = Dispatcher(database, runner, settings, process_id, is_worker=kind == "worker")
        receiver = Receiver(database, dispatcher, channels, settings, process_id)
        sender = Sender(database, dispatcher, channels, graph, Links(database, settings), process_id)
        media_fetcher = MediaFetcher(database, channels, graph, settings, process_id)
        receiver.when_stated = sender.stating.take
        batches = Batches(database, dispatcher, settings)
        marker = Marker(graph)
        receiver.when_answered = marker.mark
        stack.push_async_callback(marker.stop)
        webhook_sender = WebhookSender(database, transport, vault.keyring, settings, process_id)
        dispatcher.on_told = webhook_sender.wake
        logos = Logos(transport)
        stack.push_async_callback(logos.close)
        ballast = Ballast(settings.data_dir) if database.is_sqlite and kind == "server" else None
        identifier = _make_identifier(database, settings, passwords)
        stack.push_async_callback(identifier.close)
        watch = RevisionWatch(database)
        executor = None
        if settings.role == "api":
            executor = ExecutorLink(settings.executor_url, settings.executor_token, lambda: watch.seen)
            stack.push_async_callback(executor.close)
        parts = Parts(
            settings=settings,
            process_id=process_id,
            database=database,
            policy=policy,
            transport=transport,
            kek=kek,
            vault=vault,
            channels=channels,
            graph=graph,
            forms=Forms(database, runner, channels),
            receiver=receiver,
            sender=sender,
            media_fetcher=media_fetcher,
            batches=batches,
            webhook_sender=webhook_sender,
            watch=watch,
            passwords=passwords,
            identifier=identifier,
            runner=runner,
            dispatcher=dispatcher,
            tasks=Tasks(
                database,
                runner,
                settings,
                process_id,
                ballast,
                [dispatcher.retain, receiver.retain, media_fetcher.retain, batches.retain, webhook_sender.retain],
                kind,
            ),
            metrics=metrics,
            logos=logos,
            example=example,
            executor=executor,
        )
        await _start(parts, kind, ballast, stack)
        yield parts
        until = time.monotonic() + settings.shutdown_grace_seconds
        await batches.stop()
        await receiver.drain(settings.shutdown_grace_seconds)
        await sender.drain(max(until - time.monotonic(), 0.1))
        await dispatcher.drain(max(until - time.monotonic(), 0.1))
        await runner.drain(max(until - time.monotonic(), 0.1))


async def _open_example(settings: Settings, kind: ProcessKind, stack: AsyncExitStack) -> ExampleServer:
    example = ExampleServer()
    if kind == "server" and settings.role == "all" and is_wanted(settings):
        await example.start(settings.example_port)
        stack.push_async_callback(example.stop)
    return example


async def _open_database(settings: Settings, kind: ProcessKind, stack: AsyncExitStack) -> Database:
    database = Database(settings)
    stack.callback(database.close)
    if database.is_sqlite:
        lock = FolderLock(settings.data_dir)
        if kind == "server":
            lock.take()
            stack.callback(lock.release)
        elif database.is_single_connection:
            # An old SQLite library: a second connection beside a running server could lose committed writes.
            lock.take()
            stack.callback(lock.release)
    await asyncio.to_thread(_check_schema if settings.role == "api" else Database.migrate, database)
    database.start()
    return database


def _check_schema(database: Database) -> None:
    with database.begin() as connection:
        migrate.check(connection)


def _make_identifier(database: Database, settings: Settings, passwords: PasswordPool) -> Identifier:
    """Who calls; an executor counts nobody's requests, since the api process has done so."""
    is_counted = settings.role != "executor"
    return Identifier(database, settings if is_counted else replace(settings, api_rate_per_second=0.0), passwords)


async def _start(parts: Parts, kind: ProcessKind, ballast: Ballast | None, stack: AsyncExitStack) -> None:
    parts.watch.listen(parts.runner.ready.forget)
    parts.watch.listen(parts.channels.forget)
    parts.watch.listen(parts.identifier.forget)
    await parts.watch.start()
    stack.push_async_callback(parts.watch.stop)
    if parts.settings.role == "api":
        parts.dispatcher.watch()
        return  # it runs nothing, so there is nothing to recover; executors do what is due
    if kind != "cli":
        if ballast:
            ballast.keep()
        await parts.tasks.start()
        stack.push_async_callback(parts.tasks.stop)
        await parts.dispatcher.start()
        parts.webhook_sender.start()
        stack.push_async_callback(parts.webhook_sender.stop)
        parts.receiver.when_file_came = parts.media_fetcher.wake
        parts.media_fetcher.start()
        stack.push_async_callback(parts.media_fetcher.stop)
        await parts.receiver.start()
        await parts.sender.start()
        parts.batches.start()
        return
    await parts.database.write(execution_rows.insert_process, parts.process_id, kind, socket.gethostname())
    stack.push_async_callback(parts.database.write, execution_rows.delete_process, parts.process_id)
