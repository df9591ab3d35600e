"""What can be done with channels, one function a verb."""

from __future__ import annotations

import datetime as dt
import secrets as random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.accounts.words import clean_name
from recado.channels import repository
from recado.channels.definition import SECRET_NAMES, ChannelSettings, clean_settings, hosts_of
from recado.channels.schemas import (
    NEVER_CALLED,
    Channel,
    ChannelCounts,
    ChannelHealth,
    CreateChannel,
    Parked,
    UpdateChannel,
)
from recado.channels.secrets import enter_secrets, place_of
from recado.conversations.cancelling import cancel_all
from recado.credentials.repository import Row
from recado.credentials.schemas import FieldState, GivenValue
from recado.credentials.values import Entering
from recado.db.columns import utc_now
from recado.db.rows import existing
from recado.errors import (
    Conflict,
    EndpointRefused,
    InUse,
    Invalid,
    RecadoError,
    RecordCorrupt,
    SecretRequiredForHosts,
)
from recado.ids import is_id, new_id
from recado.integrations.checks import collecting, raise_if_any
from recado.integrations.service import used_by
from recado.integrations.stored import is_same, read_json
from recado.outbound.policy import EgressPolicy
from recado.outbound.url import parse_url
from recado.web.pages import Page, page_of

_KEY_BYTES: Final = 24
_MOST_NAMED: Final = 20
_SETTINGS: Final = msgspec.json.Decoder(ChannelSettings)
_HEALTH: Final = msgspec.json.Decoder(ChannelHealth | None)
_PARKED: Final = msgspec.json.Decoder(Parked | None)


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """How this server takes channels in: their secrets, what may be called, and where Meta reaches it."""

    entering: Entering
    policy: EgressPolicy
    base_url: str


def create_channel(connection: sa.Connection, caller: Caller, rules: ChannelRules, data: CreateChannel) -> Channel:
    """A new channel. Raises ValidationFailed with every problem, Conflict, SecretKeyUnavailable."""
    problems: list[RecadoError] = []
    name = data.name
    with collecting(problems):
        name = clean_name(data.name)
    settings = _clean(connection, caller, rules, data.settings, problems)
    channel_id = new_id("chn")
    if data.id is not msgspec.UNSET:
        channel_id = data.id
        if not is_id(data.id, "chn"):
            reason = 'This is not an id of a channel: "chn_" and 26 lowercase letters and digits.'
            problems.append(Invalid("id", reason=reason))
    raise_if_any(problems)
    now = utc_now()
    values: dict[str, Any] = {
        "id": channel_id,
        "workspace_id": caller.workspace_id,
        "kind": data.kind,
        "name": name,
        "key": random.token_urlsafe(_KEY_BYTES),
        "settings": settings,
        "created_at": now,
        "updated_at": now,
    }
    try:
        with connection.begin_nested():
            repository.insert_channel(connection, values)
    except sa.exc.IntegrityError:
        raise Conflict("id", reason="This id is taken. Make another one.") from None
    place = place_of(caller.workspace_id, channel_id, name)
    done = enter_secrets(connection, rules.entering, place, data.secrets, hosts_of(settings.base_url), now)
    audit.record(connection, caller, "channel.create", "channel", channel_id, {"name": name, "secrets": done})
    return get_channel(connection, caller, rules.base_url, channel_id)


def get_channel(connection: sa.Connection, caller: Caller, base_url: str, channel_id: str) -> Channel:
    """One channel, without its secrets. Raises NotFound, RecordCorrupt."""
    row = find_row(connection, caller, channel_id)
    return _channel(connection, row, _facts(connection, [row.id]), base_url)


def list_channels(
    connection: sa.Connection, caller: Caller, base_url: str, search: str | None, limit: int, cursor: str | None
) -> Page[Channel]:
    """A page of channels, newest first; a damaged one is shown bare and says so."""
    rows = repository.list_channels(connection, caller.workspace_id, search, limit, cursor)
    facts = _facts(connection, [row.id for row in rows])
    return page_of(rows, limit, lambda row: _listed(connection, row, facts, base_url))


def update_channel(
    connection: sa.Connection, caller: Caller, rules: ChannelRules, channel_id: str, data: UpdateChannel
) -> Channel:
    """Change its name, settings and secrets. Raises NotFound, ValidationFailed, SecretKeyUnavailable."""
    row = find_row(connection, caller, channel_id, is_locked=True)
    before = read_json(_SETTINGS, row.settings)
    problems: list[RecadoError] = []
    name = row.name
    if data.name is not msgspec.UNSET:
        with collecting(problems):
            name = clean_name(data.name)
    given = {} if data.settings is msgspec.UNSET else data.settings.given()
    settings = _clean(
        connection, caller, rules, msgspec.structs.replace(before, **given), problems, has_new_starts="starts" in given
    )
    if not problems and hosts_of(settings.base_url) != hosts_of(before.base_url):
        held = {secret.name for secret in repository.list_secrets(connection, [row.id])}
        if "access_token" in held and "access_token" not in data.secrets:
            problems.append(SecretRequiredForHosts("settings.base_url"))
    raise_if_any(problems)
    now = utc_now()
    place = place_of(caller.workspace_id, row.id, name)
    done = enter_secrets(connection, rules.entering, place, data.secrets, hosts_of(settings.base_url), now)
    changed = [key for key in given if not is_same(getattr(settings, key), getattr(before, key))]
    if name != row.name or changed or data.secrets:
        values = {"name": name, "settings": settings, "updated_at": now}
        repository.update_channel(connection, row.id, values)
        details = {
            "name": {"before": row.name, "after": name},
            "settings": {key: {"before": getattr(before, key), "after": getattr(settings, key)} for key in changed},
            "secrets": done,
        }
        audit.record(connection, caller, "channel.update", "channel", row.id, details)
    return get_channel(connection, caller, rules.base_url, channel_id)


def set_secrets(
    connection: sa.Connection, caller: Caller, rules: ChannelRules, channel_id: str, given: Mapping[str, GivenValue]
) -> Channel:
    """Enter secrets; those not given stay, null clears. Raises NotFound, ValidationFailed, SecretKeyUnavailable."""
    row = find_row(connection, caller, channel_id, is_locked=True)
    now = utc_now()
    hosts = hosts_of(read_json(_SETTINGS, row.settings).base_url)
    place = place_of(caller.workspace_id, row.id, row.name)
    done = enter_secrets(connection, rules.entering, place, given, hosts, now)
    if given:
        repository.update_channel(connection, row.id, {"updated_at": now})
        audit.record(connection, caller, "channel.set_secrets", "channel", row.id, done)
    return get_channel(connection, caller, rules.base_url, channel_id)


def delete_channel(connection: sa.Connection, caller: Caller, channel_id: str, *, is_forced: bool = False) -> None:
    """Delete a channel with its contacts and forms; what was said stays.

    Raises NotFound; InUse while people talk, a batch runs, or a flow sends a form of it, unless forced.
    """
    row = find_row(connection, caller, channel_id, is_locked=True)
    used = [
        *used_by("flow", repository.list_senders(connection, row.id)),
        *used_by("batch", repository.list_batches(connection, row.id)),
        *used_by("conversation", repository.list_open(connection, row.id, _MOST_NAMED)),
    ]
    if used and not is_forced:
        raise InUse(used_by=used)
    cancelled = cancel_all(connection, row.id)
    repository.delete_channel(connection, row.id)
    details = {"name": row.name, "cancelled_conversations": cancelled}
    audit.record(connection, caller, "channel.delete", "channel", row.id, details)


def find_last_delivery(connection: sa.Connection, caller: Caller, channel_id: str) -> dt.datetime | None:
    """When Meta called last. Raises NotFound."""
    return repository.last_delivery_at(connection, find_row(connection, caller, channel_id).id)


def note_health(
    connection: sa.Connection, caller: Caller, channel_id: str, health: ChannelHealth, *, is_usable: bool
) -> ChannelHealth:
    """Keep what a check found; a channel that can be used again goes on sending. Raises NotFound."""
    row = find_row(connection, caller, channel_id, is_locked=True)
    values: dict[str, Any] = {"health": health}
    if is_usable and row.parked is not None:
        values["parked"] = None
    repository.update_channel(connection, row.id, values)
    if "parked" in values:
        audit.record(connection, caller, "channel.unpark", "channel", row.id, {"name": row.name})
    return health


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_row(connection: sa.Connection, caller: Caller, channel_id: str, *, is_locked: bool = False) -> Row:
    """The row of a channel. Raises NotFound."""
    return existing(
        repository.find_channel(connection, caller.workspace_id, channel_id, is_locked=is_locked)
        if is_id(channel_id, "chn")
        else None
    )


def read_settings(row: Row) -> ChannelSettings:
    """The settings in a row. Raises RecordCorrupt."""
    return read_json(_SETTINGS, row.settings)


def read_parked(row: Row) -> Parked | None:
    """Why nothing is sent, of a row. Raises RecordCorrupt."""
    return None if row.parked is None else read_json(_PARKED, row.parked)


def _clean(
    connection: sa.Connection,
    caller: Caller,
    rules: ChannelRules,
    settings: ChannelSettings,
    problems: list[RecadoError],
    *,
    has_new_starts: bool = True,
) -> ChannelSettings:
    """As they are kept; addresses that may not be called are problems, and in new starts flows that are not there."""
    cleaned, found = clean_settings(settings)
    problems += found
    places = {problem.path for problem in found}
    if "settings.base_url" not in places:
        try:
            rules.policy.check_url(parse_url(cleaned.base_url), has_secret=True)
        except EndpointRefused as problem:
            problems.append(problem.at("settings.base_url"))
    wanted = {start.flow_id for start in cleaned.starts if is_id(start.flow_id, "flw")} if has_new_starts else set()
    known = repository.list_flow_ids(connection, caller.workspace_id, wanted) if wanted else set()
    problems += [
        Invalid(f"settings.starts[{index}].flow_id", reason="Choose a flow of this workspace.")
        for index, start in enumerate(cleaned.starts)
        if start.flow_id in wanted - known
    ]
    return cleaned


# ── what comes out ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Facts:
    """What other tables know of some channels, by channel."""

    secrets: Mapping[str, Mapping[str, dt.datetime]]
    open: Mapping[str, int]
    waiting: Mapping[str, int]


def _facts(connection: sa.Connection, channel_ids: Collection[str]) -> _Facts:
    held: dict[str, dict[str, dt.datetime]] = {}
    for row in repository.list_secrets(connection, channel_ids):
        held.setdefault(row.channel_id, {})[row.name] = row.updated_at
    return _Facts(
        held, repository.count_open(connection, channel_ids), repository.count_waiting(connection, channel_ids)
    )


def _channel(connection: sa.Connection, row: Row, facts: _Facts, base_url: str) -> Channel:
    settings = read_settings(row)
    return _shown(
        row,
        facts,
        base_url,
        settings=settings,
        hosts=[entry.text for entry in hosts_of(settings.base_url)],
        health=_health(connection, row),
        parked=read_parked(row),
    )


def _health(connection: sa.Connection, row: Row) -> ChannelHealth | None:
    """What the last check found, but that Meta had not called where it has called since. Raises RecordCorrupt."""
    health: ChannelHealth | None = None if row.health is None else read_json(_HEALTH, row.health)
    if health is None:
        return None
    for check in health.checks:
        if check.code == NEVER_CALLED and (called_at := repository.last_delivery_at(connection, row.id)):
            check.status, check.code, check.message = "ok", None, None
            health.last_delivery_at = called_at
    return health


def _shown(row: Row, facts: _Facts, base_url: str, **more: Any) -> Channel:
    held = facts.secrets.get(row.id, {})
    return Channel(
        id=row.id,
        kind=row.kind,
        name=row.name,
        callback_url=f"{base_url}/api/v1/channels/whatsapp/{row.key}/webhook",
        secrets={name: FieldState(name in held, held.get(name)) for name in SECRET_NAMES},
        counts=ChannelCounts(facts.open.get(row.id, 0), facts.waiting.get(row.id, 0)),
        created_at=row.created_at,
        updated_at=row.updated_at,
        **more,
    )


def _listed(connection: sa.Connection, row: Row, facts: _Facts, base_url: str) -> Channel:
    try:
        return _channel(connection, row, facts, base_url)
    except RecordCorrupt:
        empty = ChannelSettings("", "")
        return _shown(row, facts, base_url, settings=empty, hosts=[], health=None, parked=None, is_damaged=True)
