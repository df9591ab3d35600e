"""Looks whether a channel works: its secrets, what Meta says of the number and its account, and whether Meta can call."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from urllib.parse import urlsplit

from recado.channels.definition import META
from recado.channels.opened import OpenedChannel
from recado.channels.schemas import NEVER_CALLED, ChannelCheck, ChannelHealth, CheckName, PhoneNumber
from recado.channels.whatsapp.graph import Graph, GraphFailure, GraphRefused, reason_of
from recado.channels.whatsapp.graph_errors import GraphError, class_of
from recado.db.columns import utc_now

_EXPIRED: Final = 463
_OFF: Final = frozenset({"PENDING", "DELETED", "MIGRATED", "BANNED", "OFFLINE", "DISCONNECTED", "UNVERIFIED"})
"""What Meta calls a number that sends nothing."""
_NEEDED: Final = ("access_token", "app_secret", "verify_token")


class _Checks:
    """Gathers what was found, in the order of `CheckName`."""

    def __init__(self) -> None:
        self.found: list[ChannelCheck] = []

    def ok(self, name: CheckName) -> None:
        self.found.append(ChannelCheck(name, "ok"))

    def failed(self, name: CheckName, code: str, message: str) -> None:
        self.found.append(ChannelCheck(name, "failed", code, message))

    def unknown(self, name: CheckName, code: str | None = None, message: str | None = None) -> None:
        self.found.append(ChannelCheck(name, "unknown", code, message))


async def check_channel(
    graph: Graph, channel: OpenedChannel, base_url: str, last_delivery_at: dt.datetime | None, *, is_subscribing: bool
) -> ChannelHealth:
    """Look at everything; subscribing, the app is subscribed to the account where it was not. Never raises for what Meta does."""
    checks = _Checks()
    _check_secrets(checks, channel)
    number = await _check_number(checks, graph, channel) if channel.access_token else None
    if number is not None:
        await _check_account(checks, graph, channel)
        await _check_subscription(checks, graph, channel, is_subscribing=is_subscribing)
    else:
        for name in _LATER:
            checks.unknown(name)
    _check_address(checks, channel, base_url)
    if last_delivery_at is not None:
        checks.ok("deliveries")
    else:
        checks.unknown("deliveries", NEVER_CALLED, "Meta has not called this server yet.")
    has_failed = any(check.status == "failed" for check in checks.found)
    shown = None if number is None else _shown(number)
    health = ChannelHealth(False, utc_now(), checks.found, shown, last_delivery_at)
    health.is_healthy = is_usable(health) and not has_failed
    return health


_LATER: Final[tuple[CheckName, ...]] = ("account", "subscription")


def is_usable(health: ChannelHealth) -> bool:
    """Whether messages can be sent: the token and the number are in order."""
    good = {check.name for check in health.checks if check.status == "ok"}
    return {"token", "number"} <= good


def _check_secrets(checks: _Checks, channel: OpenedChannel) -> None:
    held = {
        "access_token": channel.access_token,
        "app_secret": channel.app_secrets,
        "verify_token": channel.verify_token,
    }
    missing = [name for name in _NEEDED if not held[name]]
    if missing:
        checks.failed("secrets", "secret_missing", f"Enter what is missing: {', '.join(missing)}.")
    else:
        checks.ok("secrets")
    if not channel.access_token:
        checks.unknown("token")
        checks.unknown("number")


async def _check_number(checks: _Checks, graph: Graph, channel: OpenedChannel) -> dict[str, Any] | None:
    try:
        number = await graph.phone_number(channel)
    except GraphFailure as failure:
        _blame(checks, channel, failure)
        return None
    checks.ok("token")
    status = _text(number.get("status"))
    if status in _OFF:
        message = (
            f"Meta says that the number is {status}. Register it in WhatsApp Manager, or look there for what is wrong."
        )
        checks.failed("number", "number_not_connected", message)
    else:
        checks.ok("number")
    return number


def _blame(checks: _Checks, channel: OpenedChannel, failure: GraphFailure) -> None:
    """What a call for the number that failed says of the token and of the number."""
    code, message = told_of(channel, failure)
    if code == "object_unknown":
        checks.ok("token")
        said = (
            "Meta knows no such phone number ID, or the token may not see it. Copy the ID again, and give the token's"
        )
        checks.failed("number", "number_unknown", f"{said} system user access to the account.")
    elif code.startswith("token_"):
        checks.failed("token", code, message)
        checks.unknown("number")
    elif code == "account_restricted":
        checks.ok("token")
        checks.failed("number", code, message)
    else:
        checks.unknown("token", code, message)
        checks.unknown("number")


async def _check_account(checks: _Checks, graph: Graph, channel: OpenedChannel) -> None:
    try:
        numbers = await graph.phone_number_ids(channel)
    except GraphFailure as failure:
        _blame_account(checks, "account", channel, failure)
        return
    if channel.settings.phone_number_id in numbers:
        checks.ok("account")
    else:
        message = "The number belongs to another WhatsApp Business Account. Copy the account's ID again."
        checks.failed("account", "number_of_another_account", message)


async def _check_subscription(checks: _Checks, graph: Graph, channel: OpenedChannel, *, is_subscribing: bool) -> None:
    try:
        apps = await graph.subscribed_apps(channel)
        if not apps and is_subscribing:
            await graph.subscribe(channel)
            apps = await graph.subscribed_apps(channel)
    except GraphFailure as failure:
        _blame_account(checks, "subscription", channel, failure)
        return
    if apps:
        checks.ok("subscription")
    else:
        message = "No app is subscribed to the account, so Meta calls nobody."
        checks.failed("subscription", "not_subscribed", message)


def _blame_account(checks: _Checks, name: CheckName, channel: OpenedChannel, failure: GraphFailure) -> None:
    code, message = told_of(channel, failure)
    if code == "object_unknown":
        said = (
            "Meta knows no such WhatsApp Business Account ID, or the token may not see it. Copy the ID again, and give"
        )
        checks.failed(name, "account_unknown", f"{said} the token's system user access to the account.")
    elif code.startswith("token_") or code == "graph_refused":
        checks.failed(name, code, message)
    else:
        checks.unknown(name, code, message)


def told_of(channel: OpenedChannel, failure: GraphFailure) -> tuple[str, str]:
    """A code and a sentence."""
    reason = reason_of(channel, failure)
    if not isinstance(failure, GraphRefused):
        return "graph_unreachable", f"Meta cannot be reached just now: {reason}."
    kind = class_of(failure.error)
    if kind == "token":
        return _told_of_token(failure.error, reason)
    if kind == "wrong_object":
        return "object_unknown", f"Meta does not know it: {reason}."
    if kind == "account":
        return "account_restricted", f"Meta has restricted the account: {reason}."
    if kind in {"transient", "throttle"}:
        return "graph_busy", f"Meta has trouble, or too many calls are made: {reason}. Check again in a minute."
    return "graph_refused", f"Meta refused it: {reason}."


def _told_of_token(error: GraphError, reason: str) -> tuple[str, str]:
    if error.subcode == _EXPIRED:
        return "token_expired", "The access token has expired. Make one that does not, for a system user, and enter it."
    if error.code == 190 or error.status == 401:
        return "token_invalid", f"Meta does not take the access token: {reason}. Make another one and enter it."
    needed = "whatsapp_business_messaging and whatsapp_business_management"
    return "token_not_permitted", f"The access token may not do this: {reason}. It needs {needed}."


def _check_address(checks: _Checks, channel: OpenedChannel, base_url: str) -> None:
    """Meta calls public addresses over https alone; a stand-in calls any."""
    parts = urlsplit(base_url)
    is_local = parts.hostname in {"localhost", "127.0.0.1", "::1", None}
    if channel.settings.base_url == META and (parts.scheme != "https" or is_local):
        message = (
            f"Meta cannot call {parts.scheme}://{parts.netloc}. Set RECADO_PUBLIC_URL to this server's https address."
        )
        checks.failed("address", "address_not_public", message)
    else:
        checks.ok("address")


def _shown(number: dict[str, Any]) -> PhoneNumber:
    throughput = number.get("throughput")
    return PhoneNumber(
        display_phone_number=_text(number.get("display_phone_number")),
        verified_name=_text(number.get("verified_name")),
        quality_rating=_text(number.get("quality_rating")),
        throughput=_text(throughput.get("level")) if isinstance(throughput, dict) else None,
        status=_text(number.get("status")),
    )


def _text(value: object) -> str | None:
    return value[:200] if isinstance(value, str) else None
