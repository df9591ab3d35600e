"""Reads of a request's headers who is at the other end: address, https or not, same site or not, session cookie."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from recado.errors import CsrfRefused, SettingInvalid

Headers = Sequence[tuple[bytes, bytes]]

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SECURE_COOKIE: Final = "__Host-session"  # the prefix makes browsers insist on Secure, Path=/ and no Domain
PLAIN_COOKIE: Final = "session"  # where there is no https, such as on localhost; Safari keeps no Secure cookie there


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a request: its address (None over a socket file) and whether it speaks https."""

    address: str | None
    is_secure: bool


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    """A header's value; repeated ones are joined by commas, so that a rule for one value refuses two."""
    found = [value for key, value in headers if key == name]
    return b",".join(found).decode("latin-1").strip() if found else None


# ── the address ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Proxies:
    """The reverse proxies whose `X-Forwarded-…` headers are believed."""

    def __init__(self, addresses: Sequence[str]) -> None:
        """Addresses or CIDR ranges. Raises SettingInvalid."""
        try:
            self._networks = [ipaddress.ip_network(text, strict=False) for text in addresses]
        except ValueError as problem:
            raise SettingInvalid(name="RECADO_TRUSTED_PROXIES", reason=f"{problem}.") from problem

    def peer_of(self, headers: Headers, address: str | None, scheme: str) -> Peer:
        """Who really calls: the last address of `X-Forwarded-For` that is not a proxy of ours, if the caller is one."""
        if not self._networks or not self._is_trusted(address):
            return Peer(address, scheme == "https")
        forwarded = header(headers, b"x-forwarded-for") or ""
        for part in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if (hop := _without_port(part)) is None:
                break  # what stands further left was not written by a proxy of ours
            address = hop
            if not self._is_trusted(hop):
                break
        # A chain of proxies appends; the last entry is what our own proxy saw.
        scheme = (header(headers, b"x-forwarded-proto") or scheme).rpartition(",")[2].strip().lower()
        return Peer(address, scheme == "https")

    def _is_trusted(self, address: str | None) -> bool:
        if address is None or (parsed := _parse(address)) is None:
            return False
        return any(parsed in network for network in self._networks)


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, ipaddress.IPv6Address) else parsed


def _without_port(text: str) -> str | None:
    """`203.0.113.7:5000` and `[2001:db8::1]:5000` lose their port; None for what is no address."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    parsed = _parse(text)
    return str(parsed) if parsed else None


def network_of(address: str | None) -> str:
    """The network one person holds: the address itself, of IPv6 its /64; `local` when there is none."""
    if address is None or (parsed := _parse(address)) is None:
        return "local"
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))


# ── the site ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def refuse_other_site(headers: Headers, base_url: str) -> None:
    """Raise CsrfRefused when a browser says that another site's page sent this; silence is no browser, and is let pass.

    For routes anybody may call (login, set-up), where a forged request would sign the victim in as somebody else.
    """
    if _is_same_site(headers, base_url) is False:
        raise CsrfRefused


def refuse_forgery(headers: Headers, base_url: str) -> None:
    """Raise CsrfRefused unless a browser vouches that this came from our own page, and the body is JSON or the bytes of a file.

    For unsafe requests that a cookie signs in, which a browser adds to any request, whoever wrote it. A cross-site form
    cannot send either without asking first (Fetch standard, CORS-safelisted request-header).
    """
    if not _is_same_site(headers, base_url) or not _is_beyond_forms(headers):
        raise CsrfRefused


def _is_same_site(headers: Headers, base_url: str) -> bool | None:
    """What the browser says; None when it says nothing. `Sec-Fetch-Site` is not sent over http except to localhost."""
    if (site := header(headers, b"sec-fetch-site")) is not None:
        return site in {"same-origin", "none"}
    if (origin := header(headers, b"origin")) is None:
        return None
    host, own = header(headers, b"host"), urlsplit(base_url)
    is_plain_fine = own.scheme == "http"  # else a page served by somebody on the way would count as ours
    return origin in {f"{own.scheme}://{own.netloc}", f"https://{host}"} or (
        is_plain_fine and origin == f"http://{host}"
    )


def _is_beyond_forms(headers: Headers) -> bool:
    if (media_type := header(headers, b"content-type")) is not None:
        return media_type.partition(";")[0].strip().lower() in {"application/json", "application/octet-stream"}
    return header(headers, b"transfer-encoding") is None and (header(headers, b"content-length") or "0") == "0"


# ── the cookie ───────────────────────────────────────────────────────────────────────────────────────────────────────


def cookie_name(*, is_secure: bool) -> str:
    """How the session's cookie is called."""
    return SECURE_COOKIE if is_secure else PLAIN_COOKIE


def session_token(headers: Headers, *, is_secure: bool) -> str | None:
    """The token of the session's cookie; None when there is none, or when there are two (one was planted)."""
    name = cookie_name(is_secure=is_secure)
    pairs = [
        part.strip().partition("=")
        for key, value in headers
        if key == b"cookie"
        for part in value.decode("latin-1").split(";")
    ]
    found = [value for key, _, value in pairs if key == name]
    return found[0] if len(found) == 1 else None
