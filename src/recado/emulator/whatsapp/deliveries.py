"""Webhooks on their way: to the number's callback, the account's or the app's, again until they are answered with 200."""

from __future__ import annotations

import asyncio
import secrets
import urllib.parse
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from recado.emulator.whatsapp.client import CallFailed, fetch
from recado.emulator.whatsapp.envelopes import Update, as_sent, envelope, signature
from recado.emulator.whatsapp.refusals import Refusal
from recado.emulator.whatsapp.world import Callback, World

MAX_DELIVERIES: Final = 5000
MAX_LOG_BYTES: Final = 64 << 20
MAX_UPDATES: Final = 1000
_MAX_URL: Final = 200
_VERIFY_SECONDS: Final = 20.0


@dataclass(slots=True)
class Delivery:
    """One webhook and every try to hand it over."""

    id: int
    url: str
    body: bytes = field(repr=False)
    tries: list[dict[str, Any]] = field(default_factory=list)
    state: str = "waiting"

    def shown(self) -> dict[str, Any]:
        """The delivery as JSON."""
        return {
            "id": self.id,
            "url": self.url,
            "state": self.state,
            "tries": self.tries,
            "body": self.body.decode("utf-8", "replace"),
        }


class Deliveries:
    """All webhooks: those that wait, those under way, and a log of the latest."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = count(1)
        self._queue: deque[Delivery] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Update] | None = None
        self.log: deque[Delivery] = deque()
        self._log_bytes = 0
        self.undelivered = 0
        """Updates nobody is to be told of: no callback, or the app has not subscribed to the account."""

    # ── what is to be told ───────────────────────────────────────────────────────────────────────────────────────────

    def tell(self, updates: Iterable[Update], *, copies: int | None = None) -> None:
        """Send these updates in one webhook (one for each callback); while they are held, later."""
        found = list(updates)
        if self._held is not None:
            self._held += found
            return
        for url, mine in self._by_callback(found).items():
            for at in range(0, len(mine), MAX_UPDATES):
                body = as_sent(envelope(self._world, mine[at : at + MAX_UPDATES]))
                for _ in range(copies or self._world.options.copies):
                    self.send(url, body)

    def hold(self) -> None:
        """Keep everything back from now on."""
        if self._held is None:
            self._held = []

    def release(self, size: int = MAX_UPDATES) -> int:
        """Send what was held, up to `size` updates in one webhook; how many there were."""
        held, self._held = self._held or [], None
        size = max(1, min(size, MAX_UPDATES))
        for at in range(0, len(held), size):
            self.tell(held[at : at + size])
        return len(held)

    def _by_callback(self, updates: list[Update]) -> dict[str, list[Update]]:
        found: dict[str, list[Update]] = {}
        for update in updates:
            callback = self.callback_of(update)
            if callback is None:
                self.undelivered += 1
            else:
                found.setdefault(callback.url, []).append(update)
        return found

    def callback_of(self, update: Update) -> Callback | None:
        """Where an update goes: to the number's callback, the account's or the app's."""
        world = self._world
        waba = world.wabas.get(update.waba_id)
        if waba is None or not waba.is_subscribed:
            return None
        number = world.numbers.get(update.number_id)
        if update.field == "messages":
            return (number.callback if number else None) or waba.callback or world.app.callback
        return world.app.callback or waba.callback

    def send(self, url: str, body: bytes) -> Delivery:
        """Send a body as it is, signed."""
        delivery = Delivery(next(self._numbers), url, body)
        self.log.append(delivery)
        self._log_bytes += len(body)
        while len(self.log) > MAX_DELIVERIES or (self._log_bytes > MAX_LOG_BYTES and len(self.log) > 1):
            self._log_bytes -= len(self.log.popleft().body)
        self.queue(delivery)
        return delivery

    # ── on their way ─────────────────────────────────────────────────────────────────────────────────────────────────

    def queue(self, delivery: Delivery) -> None:
        """Send it as soon as it is its turn."""
        delivery.state = "waiting"
        self._queue.append(delivery)
        self._pump()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is under way; what is to be tried again later does not count."""
        return not self._queue and not self._tasks

    def _pump(self) -> None:
        while self._queue and len(self._tasks) < self._world.options.at_once:
            task = asyncio.get_running_loop().create_task(self._try(self._queue.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._pump()
        self._world.pulse.beat()

    async def _try(self, delivery: Delivery) -> None:
        delivery.state = "under_way"
        options, loop = self._world.options, asyncio.get_running_loop()
        began = loop.time()
        tried: dict[str, Any] = {"at": round(self._world.clock.now(), 3)}
        try:
            answer = await fetch(
                "POST", delivery.url, self._headers(delivery.body), delivery.body, options.webhook_timeout
            )
        except CallFailed as problem:
            tried["problem"] = str(problem)
        else:
            tried["status"] = answer.status
        tried["seconds"] = round(loop.time() - began, 4)
        delivery.tries.append(tried)
        if tried.get("status") == 200:
            delivery.state = "delivered"
            return
        later = len(delivery.tries) - 1
        if later >= len(options.redelivery):
            delivery.state = "given_up"
            return
        delivery.state = "to_be_retried"
        self._world.agenda.after(options.redelivery[later], lambda: self.queue(delivery))

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua", "Accept": "*/*"}
        kind, secret = self._world.options.signature, self._world.app.secrets[0]
        if kind != "missing":
            said = signature(body, secret if kind != "wrong" else f"not {secret}")
            headers["X-Hub-Signature-256"] = said.upper() if kind == "upper" else said
        return headers

    async def stop(self) -> None:
        """End what is under way."""
        tasks = list(self._tasks)
        self._queue.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def verify(callback: Callback) -> None:
    """Ask a callback whether it is ours, as Meta does when it is set. Raises Refusal."""
    if len(callback.url) > _MAX_URL or not callback.url.startswith(("http://", "https://")):
        raise Refusal(100, f"The callback's address begins with https:// and has at most {_MAX_URL} characters.")
    challenge = str(secrets.randbelow(9 * 10**9) + 10**9)
    asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": callback.verify_token}
    sign = "&" if "?" in callback.url else "?"
    try:
        answer = await fetch("GET", f"{callback.url}{sign}{urllib.parse.urlencode(asked)}", seconds=_VERIFY_SECONDS)
    except CallFailed as problem:
        raise _unverified(str(problem)) from problem
    if answer.status != 200:
        raise _unverified(f"HTTP Status Code = {answer.status}")
    if answer.body.decode("utf-8", "replace").strip() != challenge:
        raise _unverified("The challenge was not answered with the same number.")


def _unverified(reason: str) -> Refusal:
    return Refusal(2200, message=f"Callback verification failed with the following errors: {reason}")
