"""The rules for a credential's values and for the hosts its secrets are bound to  [pure]."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recado.credentials.sealing import MAX_HOST_CHARACTERS, MAX_HOSTS, Secret, secret_info
from recado.errors import (
    AuthValueNotAllowed,
    EndpointRefused,
    FieldRequired,
    FieldTooLong,
    HostEntryInvalid,
    HostsRequired,
    Invalid,
    RecadoError,
    SecretRequiredForHosts,
    SecretUnreadable,
    TemplateRefused,
    TooMany,
    ValidationFailed,
)
from recado.integrations.definition import AuthField
from recado.outbound.hosts import HostEntry, parse_host_entry, propose_hosts
from recado.outbound.url import Url, parse_url
from recado.template import parse_template

Hosts = tuple[HostEntry, ...]

MAX_VALUE_CHARACTERS: Final = 8192

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What copying drags along at either end: blanks and line breaks of any script, the byte order mark, zero-width blanks.
_BLANK_AT_AN_END: Final = re.compile(r"\A[\s\u200b\u2060\ufeff]|[\s\u200b\u2060\ufeff]\Z")
_AUTHORITY: Final = re.compile(r"\A(https?://[^/?#]+)([/?#]?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """The credential that values belong to; each value is bound to it and to its own authentication field."""

    workspace_id: str
    integration_id: str
    credential_id: str
    name: str

    def info(self, auth_field_id: str) -> bytes:
        """What a value of this field is sealed to."""
        return secret_info(self.workspace_id, self.integration_id, self.credential_id, auth_field_id)


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_value(field: AuthField, value: str) -> None:
    """Hold a value to 1 to 8,192 characters without control characters, a password also to no blanks around it.

    Raises FieldRequired, FieldTooLong, Invalid or AuthValueNotAllowed, none of which holds any of the value.
    """
    if not value:
        if field.required:
            raise FieldRequired
        raise Invalid(reason="An empty value cannot be kept. Leave the field out, or send null to clear it.")
    if len(value) > MAX_VALUE_CHARACTERS:
        raise FieldTooLong(limit=MAX_VALUE_CHARACTERS)
    if field.type == "password" and _BLANK_AT_AN_END.search(value):
        raise Invalid(
            reason=f'The value of "{field.identifier}" begins or ends with a blank or a line break, most likely dragged'
            " along when it was copied. Enter it without."
        )
    if _CONTROL.search(value):
        raise AuthValueNotAllowed(identifier=field.identifier)


# ── hosts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_hosts(texts: Sequence[str]) -> Hosts:
    """Host entries as typed, each once. Raises ValidationFailed with each wrong one's place, TooMany."""
    if len(texts) > MAX_HOSTS:
        raise TooMany(limit=MAX_HOSTS)
    problems: list[RecadoError] = []
    entries: dict[HostEntry, None] = {}
    for index, text in enumerate(texts):
        try:
            entries[_read_host(text)] = None
        except HostEntryInvalid as problem:
            problems.append(problem.at(f"[{index}]"))
    if problems:
        raise ValidationFailed(problems)
    return tuple(entries)


def _read_host(text: str) -> HostEntry:
    if len(text) > MAX_HOST_CHARACTERS:
        raise HostEntryInvalid(entry=f"{text[:50]}…")
    return parse_host_entry(text)


def read_sealed_hosts(field: AuthField, secret: Secret, name: str) -> Hosts:
    """The hosts sealed with a value. Raises SecretUnreadable, also where a text field's value is bound to hosts.

    Values of text fields are bound to none: one that is was a password, and its field was made text behind our back.
    """
    try:
        hosts = read_hosts(secret.hosts)
    except (ValidationFailed, TooMany):
        raise SecretUnreadable(name=name) from None
    if hosts and field.type == "text":
        raise SecretUnreadable(name=name)
    return hosts


def read_noted_hosts(texts: Sequence[str]) -> Hosts:
    """The copy of the hosts beside a credential; nothing where it is damaged, since no secret depends on it."""
    try:
        return read_hosts(texts)
    except (ValidationFailed, TooMany):
        return ()


def propose(endpoints: Iterable[str]) -> Hosts:
    """The hosts of these endpoints, each once; endpoints whose host has a reference in it are left out."""
    texts = propose_hosts(url for url in map(constant_origin, endpoints) if url is not None)
    return tuple(map(parse_host_entry, texts[:MAX_HOSTS]))


def constant_origin(endpoint: str) -> Url | None:
    """Where an endpoint leads, whatever stands in its path and query; None where that is not fixed, or cannot be read."""
    try:
        parts = parse_template(endpoint).parts
        literal = parts[0] if parts and isinstance(parts[0], str) else ""
        found = _AUTHORITY.match(literal)
        if found is None or (len(parts) > 1 and not found[2]):
            return None
        return parse_url(found[1])
    except (TemplateRefused, EndpointRefused):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostsAtHand:
    """All that may say which hosts a credential's password values are bound to after a call that enters values."""

    given: Hosts | None
    """As named in the call."""
    sealed: Mapping[str, Hosts]
    """Sealed by the client with the values of the call, by identifier."""
    kept: Sequence[Hosts]
    """Sealed with the password values that stay as they are; where one cannot be read, the copy stands for it."""
    replaced: Sequence[Hosts]
    """Sealed with the password values that the call replaces."""
    noted: Hosts
    """The copy beside the credential."""
    proposed: Callable[[], Hosts]
    """From the integration's endpoints."""


def settle_hosts(at_hand: HostsAtHand, *, has_password: bool) -> Hosts:
    """The hosts that every password value of the credential is bound to after the call; none where there is no such value.

    A value that stays is bound to the hosts it was sealed with, so other hosts need every password value again. Raises
    ValidationFailed with SecretRequiredForHosts or HostsRequired (path `hosts`), or Invalid (a value sealed with others).
    """
    known = (*at_hand.sealed.values(), *at_hand.kept, *at_hand.replaced, at_hand.noted)
    wanted = at_hand.given
    if wanted is None:
        wanted = next((hosts for hosts in known if hosts), ())
    if at_hand.given is None and has_password and not wanted:
        wanted = at_hand.proposed()
    problems: list[RecadoError] = [
        Invalid(f"values.{identifier}", reason="This value is sealed with other hosts than the rest of this request.")
        for identifier, hosts in at_hand.sealed.items()
        if set(hosts) != set(wanted)
    ]
    if has_password and not wanted:
        problems.append(HostsRequired("hosts"))
    elif any(set(hosts) != set(wanted) for hosts in at_hand.kept):
        problems.append(SecretRequiredForHosts("hosts"))
    if problems:
        raise ValidationFailed(problems)
    return wanted
