"""Makes an emulated API misbehave on request: slow, down, cut off, wrong, too big, or showing what it was sent."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from recado.emulator.asgi import CLOSE, Answer, Call, Receive, Scope, Send, json_answer, send_answer, send_head

MAX_RULES: Final = 100
_HUGE_BYTES: Final = 5_000_000
_CHUNK: Final = b"x" * 65_536
_HTML: Final = (
    b"<!doctype html><html><head><title>Down</title></head><body><h1>We will be back soon.</h1></body></html>"
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble, for example `delay` with `2.5`."""

    kind: str
    argument: str

    @property
    def text(self) -> str:
        """How it is written: `delay:2.5`, `cut`."""
        return f"{self.kind}:{self.argument}" if self.argument else self.kind


@dataclass(slots=True)
class Rule:
    """Trouble for calls whose path begins with `path_prefix`, as many `times` as are left (None: always)."""

    path_prefix: str
    trouble: Trouble
    times: int | None

    def shown(self) -> dict[str, Any]:
        """The rule as JSON."""
        return {"path_prefix": self.path_prefix, "trouble": self.trouble.text, "times": self.times}


class Rules:
    """The rules of trouble in force, oldest first, at most 100."""

    def __init__(self) -> None:
        self._rules: deque[Rule] = deque(maxlen=MAX_RULES)

    def add(self, rule: Rule) -> None:
        """Put a rule in force."""
        self._rules.append(rule)

    def clear(self) -> None:
        """No trouble any more."""
        self._rules.clear()

    def take(self, call: Call) -> list[Trouble]:
        """The trouble that meets a call, each rule counted down by it, and what it brings itself. Raises ValueError with a sentence."""
        return self._ordered(call.path) + [parse_trouble(text) for name, text in call.query if name == "_trouble"]

    def _ordered(self, path: str) -> list[Trouble]:
        if not self._rules:
            return []
        met = [rule for rule in self._rules if path.startswith(rule.path_prefix)]
        for rule in met:
            if rule.times is not None:
                rule.times -= 1
        self._rules = deque((rule for rule in self._rules if rule.times != 0), MAX_RULES)
        return [rule.trouble for rule in met]

    def shown(self) -> list[dict[str, Any]]:
        """The rules as JSON."""
        return [rule.shown() for rule in self._rules]


def parse_trouble(text: str) -> Trouble:
    """Read one kind of trouble. Raises ValueError with a sentence.

    Before anything: `delay:2.5` (seconds). In place of the API, which is then not asked: `status:503`, `rate_limit:3`
    (seconds), `redirect:URL`, `empty` (204), `html:502`, `huge:5000000` (bytes), `echo`. After it was asked:
    `without:field`, `null:field`, `cut` (half the body), `drip:0.1` (seconds between bytes), `hangup` (no answer at all).
    What `status`, `html`, `huge` and `drip` are given may be left out.
    """
    kind, _, argument = text.partition(":")
    check = _ARGUMENTS.get(kind)
    if check is None:
        raise ValueError(f"There is no trouble named {kind!r}. Known: {', '.join(_ARGUMENTS)}.")
    if not check(argument):
        raise ValueError(f"The trouble {kind!r} cannot be had with {argument!r}.")
    return Trouble(kind, argument)


def read_rule(value: Any) -> Rule:
    """A rule as ordered: a prefix (by default everything), a trouble, and how many times (by default until ended)."""
    if not isinstance(value, dict) or not isinstance(value.get("trouble"), str):
        raise ValueError('Send {"path_prefix": "/v1", "trouble": "status:503", "times": 2}.')  # noqa: TRY004  # one answer for all
    prefix, times = value.get("path_prefix", "/"), value.get("times")
    if not isinstance(prefix, str) or not prefix.startswith("/"):
        raise ValueError("path_prefix begins with a slash.")
    if times is not None and (type(times) is not int or times < 1):
        raise ValueError("times is a number from 1 on, or left out for always.")
    return Rule(prefix, parse_trouble(value["trouble"]), times)


def replaced_answer(troubles: Iterable[Trouble], call: Call) -> Answer | None:
    """The answer that some trouble gives in place of the API; None when the API is to be asked."""
    for trouble in troubles:
        make = _REPLACING.get(trouble.kind)
        if make is not None:
            return make(trouble.argument, call)
    return None


def damaged_answer(troubles: Iterable[Trouble], answer: Answer) -> Answer:
    """The API's own answer, with fields left out or made null."""
    for trouble in troubles:
        if trouble.kind not in {"without", "null"} or not answer.body.startswith(b"{"):
            continue
        value = json.loads(answer.body)
        if trouble.kind == "without":
            value.pop(trouble.argument, None)
        elif trouble.argument in value:
            value[trouble.argument] = None
        answer = json_answer(answer.status, value)
    return answer


async def delay(troubles: Iterable[Trouble], receive: Receive) -> bool:
    """Wait as long as asked; whether the caller is still there."""
    for trouble in troubles:
        if trouble.kind == "delay" and not await _is_still_there(receive, float(trouble.argument)):
            return False
    return True


async def send_troubled(
    troubles: Iterable[Trouble], answer: Answer, scope: Scope, receive: Receive, send: Send
) -> None:
    """Send an answer the way trouble wants it: cut off, drop by drop, not at all, or just whole."""
    kinds = {trouble.kind: trouble.argument for trouble in troubles}
    if "hangup" in kinds and CLOSE in scope:
        await _close(scope, receive)
    elif "cut" in kinds:
        await send_head(answer, len(answer.body), send)
        await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
        await _close(scope, receive)
    elif "drip" in kinds:
        await _drip(answer, float(kinds["drip"] or 0.1), receive, send)
    elif "huge" in kinds:
        await _send_huge(int(kinds["huge"] or _HUGE_BYTES), send)
    else:
        await send_answer(answer, send)


async def _close(scope: Scope, receive: Receive) -> None:
    """Close the connection behind what was written; a server that gives no way to do it closes when the app just returns."""
    close: Callable[[], None] | None = scope.get(CLOSE)
    if close is not None:
        close()
        while (await receive())["type"] != "http.disconnect":
            pass


async def _drip(answer: Answer, seconds: float, receive: Receive, send: Send) -> None:
    await send_head(answer, len(answer.body), send)
    for at in range(len(answer.body)):
        if at and not await _is_still_there(receive, seconds):
            return
        await send({"type": "http.response.body", "body": answer.body[at : at + 1], "more_body": True})
    await send({"type": "http.response.body"})


async def _send_huge(size: int, send: Send) -> None:
    """JSON of `size` bytes, of which only one piece is ever in memory."""
    opening, closing = b'{"padding":"', b'"}'
    await send_head(Answer(200, headers=[(b"content-type", b"application/json")]), size, send)
    await send({"type": "http.response.body", "body": opening, "more_body": True})
    left = size - len(opening) - len(closing)
    while left > 0:
        await send({"type": "http.response.body", "body": _CHUNK[:left], "more_body": True})
        left -= len(_CHUNK)
        await asyncio.sleep(0)  # others have their turn, and a caller who left is noticed
    await send({"type": "http.response.body", "body": closing})


async def _is_still_there(receive: Receive, seconds: float) -> bool:
    """Wait, but no longer than the caller does: once a call is read, the next message is that it went away."""
    try:
        await asyncio.wait_for(receive(), seconds)
    except TimeoutError:
        return True
    return False


def _status(argument: str, _: Call) -> Answer:
    status = int(argument or 503)
    if status in {204, 304}:
        return Answer(status)
    return json_answer(status, {"code": 10_000 + status, "http_code": status, "message": "Trouble, as asked for"})


def _empty(_argument: str, _: Call) -> Answer:
    return Answer(204)


def _html(argument: str, _: Call) -> Answer:
    status = int(argument or 200)
    return Answer(status, b"" if status in {204, 304} else _HTML, [(b"content-type", b"text/html; charset=utf-8")])


def _rate_limit(argument: str, _: Call) -> Answer:
    body = {"code": 10_429, "http_code": 429, "message": "Too many requests"}
    return json_answer(429, body, (b"retry-after", argument.encode()))


def _redirect(argument: str, _: Call) -> Answer:
    return Answer(302, b"", [(b"location", argument.encode())])


def _huge(_argument: str, _: Call) -> Answer:
    return Answer(200)


def _echo(_argument: str, call: Call) -> Answer:
    value = {
        "method": call.method,
        "path": call.path,
        "query": call.query,
        "headers": [[name.decode("latin-1"), text.decode("latin-1")] for name, text in call.headers],
        "body": call.body.decode("utf-8", "replace"),
    }
    shown = [(b"x-echo-" + name, text) for name, text in call.headers if name in {b"truora-api-key", b"authorization"}]
    return json_answer(200, value, *shown)


_REPLACING: Final[dict[str, Callable[[str, Call], Answer]]] = {
    "status": _status,
    "rate_limit": _rate_limit,
    "redirect": _redirect,
    "empty": _empty,
    "html": _html,
    "huge": _huge,
    "echo": _echo,
}


def _is_seconds(argument: str) -> bool:
    try:
        return 0 <= float(argument) <= 600
    except ValueError:
        return False


def _is_status_or_none(argument: str) -> bool:
    return not argument or (argument.isdecimal() and 200 <= int(argument[:4]) <= 599)


def _is_none(argument: str) -> bool:
    return not argument


_ARGUMENTS: Final[dict[str, Callable[[str], bool]]] = {
    "delay": _is_seconds,
    "status": _is_status_or_none,
    "rate_limit": lambda argument: argument.isascii() and argument.isprintable() and 0 < len(argument) <= 40,
    "redirect": lambda argument: argument.isascii() and argument.isprintable() and bool(argument),
    "empty": _is_none,
    "html": _is_status_or_none,
    "huge": lambda argument: not argument or (argument.isdecimal() and 14 <= int(argument[:12]) <= 1 << 30),
    "echo": _is_none,
    "without": bool,
    "null": bool,
    "cut": _is_none,
    "drip": lambda argument: not argument or _is_seconds(argument),
    "hangup": _is_none,
}
