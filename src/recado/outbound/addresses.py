"""Addresses as integers: reading and writing them, and the table that says what kind of range each lies in.

The table is ours on purpose: the verdicts of `ipaddress.is_private` and `is_global` differ between patch releases of
Python. Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890), RFC 6052, RFC 9637, RFC 9780.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

IPV4_BITS: Final = 32
IPV6_BITS: Final = 128

_OCTET: Final = r"(0|[1-9][0-9]{0,2})"
_IPV4: Final = re.compile(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}")
_IPV6_CHARACTERS: Final = re.compile(r"[0-9A-Fa-f:]{2,39}(?:[0-9.]{7,15})?")


def parse_ipv4(text: str) -> int | None:
    """The address as an integer; None for anything but four decimal numbers without leading zeros."""
    match = _IPV4.fullmatch(text)
    if match is None:
        return None
    a, b, c, d = map(int, match.groups())
    if a > 255 or b > 255 or c > 255 or d > 255:
        return None
    return a << 24 | b << 16 | c << 8 | d


def parse_ipv6(text: str) -> int | None:
    """The address as an integer; None for anything outside RFC 4291 §2.2 (no zone, no brackets)."""
    if _IPV6_CHARACTERS.fullmatch(text) is None:
        return None
    if "." in text:
        front, _, dotted = text.rpartition(":")
        inner = parse_ipv4(dotted)
        if inner is None:
            return None
        text = f"{front}:{inner >> 16:x}:{inner & 0xFFFF:x}"
    head, gap, tail = text.partition("::")
    front_groups = head.split(":") if head else []
    back_groups = tail.split(":") if tail else []
    missing = 8 - len(front_groups) - len(back_groups)
    if missing < 1 if gap else missing:
        return None
    front_value = _join(front_groups)
    back_value = _join(back_groups)
    if front_value is None or back_value is None:
        return None
    return front_value << 16 * (missing + len(back_groups)) | back_value


def _join(groups: list[str]) -> int | None:
    value = 0
    for group in groups:
        if not 0 < len(group) < 5:
            return None
        value = value << 16 | int(group, 16)
    return value


def format_ipv4(value: int) -> str:
    """Four decimal numbers."""
    return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


def format_ipv6(value: int) -> str:
    """The compressed lower-case form of RFC 5952 §4, groups only (also for addresses that carry an IPv4 one)."""
    groups = [f"{value >> shift & 0xFFFF:x}" for shift in range(112, -16, -16)]
    best_start = best_length = 0
    start = 0
    while start < 8:
        stop = start
        while stop < 8 and groups[stop] == "0":
            stop += 1
        if stop - start > best_length:
            best_start, best_length = start, stop - start
        start = stop + 1
    if best_length < 2:  # RFC 5952 §4.2.2: one group of zeros is written out
        return ":".join(groups)
    return f"{':'.join(groups[:best_start])}::{':'.join(groups[best_start + best_length :])}"


# ── the kinds of ranges ──────────────────────────────────────────────────────────────────────────────────────────────

_IPV4_KINDS: Final = {
    "0.0.0.0/8": "unspecified",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "cgnat",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link_local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "reserved",
    "192.52.193.0/24": "reserved",
    "192.88.99.0/24": "reserved",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "reserved",
    "198.18.0.0/15": "benchmark",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "255.255.255.255/32": "broadcast",
}

_IPV6_KINDS: Final = {
    "::/0": "not_global_unicast",
    "::/96": "translation",  # IPv4-compatible, deprecated by RFC 4291 §2.5.5.1
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::ffff:0:0:0/96": "translation",  # SIIT, RFC 7915
    "64:ff9b::/96": "translation",  # NAT64, RFC 6052
    "64:ff9b:1::/48": "translation",  # NAT64 of a local network, RFC 8215
    "100::/63": "reserved",  # discard-only 100::/64 (RFC 6666) and dummy 100:0:0:1::/64 (RFC 9780)
    "2000::/3": "public",
    "2001::/23": "reserved",  # IETF protocol assignments, Teredo among them
    "2001:db8::/32": "documentation",
    "2002::/16": "translation",  # 6to4, RFC 3056
    "2620:4f:8000::/48": "reserved",
    "3fff::/20": "documentation",
    "5f00::/16": "reserved",
    "fc00::/7": "private",
    "fe80::/10": "link_local",
    "fec0::/10": "private",
    "ff00::/8": "multicast",
}

_METADATA_TEXTS: Final = (
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "169.254.0.23",
    "169.254.10.10",
    "100.100.100.200",
    "168.63.129.16",  # a public address: Azure's WireServer
    "192.0.0.192",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "fe80::a9fe:a9fe",
)


def parse_range(text: str) -> tuple[int, int, int] | None:
    """`address[/length]` as (bits, first, last); None when it is no range or bits behind the length are set."""
    address, slash, digits = text.partition("/")
    bits = IPV6_BITS if ":" in address else IPV4_BITS
    first = parse_ipv6(address) if bits == IPV6_BITS else parse_ipv4(address)
    if first is None or (slash and not re.fullmatch(r"0|[1-9][0-9]{0,2}", digits)):
        return None
    length = int(digits) if slash else bits
    if length > bits:
        return None
    last = first | (1 << bits - length) - 1
    return (bits, first, last) if first & (1 << bits - length) - 1 == 0 else None


def _flatten(kinds: dict[str, str]) -> tuple[list[int], list[str]]:
    """Nested ranges as a partition: where each piece begins, and its kind; the innermost range wins."""
    ranges = []
    for text, kind in kinds.items():
        parsed = parse_range(text)
        assert parsed is not None, text
        ranges.append((parsed[1], parsed[2], kind))
    ranges.sort(key=lambda entry: entry[1] - entry[0], reverse=True)
    edges = sorted({0} | {first for first, _, _ in ranges} | {last + 1 for _, last, _ in ranges})
    found = []
    for edge in edges:
        covering = [kind for first, last, kind in ranges if first <= edge <= last]
        found.append(covering[-1] if covering else "public")
    return edges, found


_IPV4_EDGES, _IPV4_FOUND = _flatten(_IPV4_KINDS)
_IPV6_EDGES, _IPV6_FOUND = _flatten(_IPV6_KINDS)
METADATA_IPV4: Final = frozenset(value for text in _METADATA_TEXTS if (value := parse_ipv4(text)) is not None)
METADATA_IPV6: Final = frozenset(value for text in _METADATA_TEXTS if (value := parse_ipv6(text)) is not None)


def kind_of_ipv4(value: int) -> str:
    """What lies at this address: `public`, or the reason it is not (`private`, `loopback`, `cgnat` …)."""
    return _IPV4_FOUND[bisect_right(_IPV4_EDGES, value) - 1]


def kind_of_ipv6(value: int) -> str:
    """What lies at this address; an IPv4-mapped one must be judged as its IPv4 address instead."""
    return _IPV6_FOUND[bisect_right(_IPV6_EDGES, value) - 1]


# ── IPv4 addresses inside IPv6 ones ──────────────────────────────────────────────────────────────────────────────────

_MAPPED: Final = 0xFFFF
_SIIT: Final = 0xFFFF0000
_NAT64: Final = 0x0064_FF9B << 64
_NAT64_LOCAL: Final = 0x0064_FF9B_0001
_SIX_TO_FOUR: Final = 0x2002
_TEREDO: Final = 0x2001_0000
NAT64_LENGTHS: Final = (32, 40, 48, 56, 64, 96)
"""The prefix lengths of RFC 6052 §2.2."""


def mapped_ipv4(value: int) -> int | None:
    """The IPv4 address of an IPv4-mapped one (::ffff:0:0/96), else None."""
    return value & 0xFFFFFFFF if value >> 32 == _MAPPED else None


def translated_ipv4(value: int, length: int) -> int:
    """The IPv4 address behind a NAT64 prefix of this length (RFC 6052 §2.2: bits 64 to 71 are skipped)."""
    if length == 96:
        return value & 0xFFFFFFFF
    without_u = (value >> 64) << 56 | value & (1 << 56) - 1
    return without_u >> 120 - length - 32 & 0xFFFFFFFF


def carried_ipv4(value: int) -> tuple[int, ...]:
    """Every IPv4 address a transition mechanism could reach through this IPv6 address; empty for plain ones."""
    if value >> 32 in {0, _SIIT, _NAT64}:
        return (value & 0xFFFFFFFF,)
    if value >> 80 == _NAT64_LOCAL:
        return tuple(translated_ipv4(value, length) for length in NAT64_LENGTHS if length >= 48)
    if value >> 112 == _SIX_TO_FOUR:
        return (value >> 80 & 0xFFFFFFFF,)
    if value >> 96 == _TEREDO:  # RFC 4380 §4: the server, and the client with its bits inverted
        return (value >> 64 & 0xFFFFFFFF, ~value & 0xFFFFFFFF)
    return ()
