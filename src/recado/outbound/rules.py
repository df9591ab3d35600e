"""The operator's egress rules: `CIDR`, `CIDR:port` and `name=CIDR[:port]`, read once at start."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from recado.errors import EndpointRefused, SettingInvalid
from recado.outbound.addresses import IPV4_BITS, IPV6_BITS, NAT64_LENGTHS, mapped_ipv4, parse_range
from recado.outbound.url import parse_host

_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the addresses from `first` to `last`, on `port` or (None) any, for the host `name` or (None) all hosts."""

    text: str
    bits: int
    first: int
    last: int
    port: int | None
    name: str | None

    def covers(self, host: str, bits: int, value: int, port: int) -> bool:
        """Whether the rule speaks of this address and port of this host."""
        return (
            self.first <= value <= self.last
            and self.bits == bits
            and (self.port is None or self.port == port)
            and (self.name is None or self.name == host)
        )


def parse_rules(setting: str, texts: Iterable[str]) -> tuple[Rule, ...]:
    """Read the rules of one setting; raises SettingInvalid, whose reason names the rule and what to write instead."""
    return tuple(_parse_rule(setting, text.strip()) for text in texts)


def _parse_rule(setting: str, text: str) -> Rule:
    name_text, equals, rest = text.rpartition("=")
    name = _parse_name(setting, text, name_text) if equals else None
    range_text, port = _split_port(setting, text, rest)
    parsed = parse_range(range_text)
    if parsed is None:
        hint = _whole_range_hint(range_text)
        reason = (
            f'"{text}" is not a rule: "{range_text}" is not a range.{hint} Write CIDR, CIDR:port or name=CIDR[:port]'
        )
        raise SettingInvalid(name=setting, reason=f"{reason}, with an IPv6 range and a port as [CIDR]:port.")
    bits, first, last = parsed
    if bits == IPV6_BITS and mapped_ipv4(first) is not None and mapped_ipv4(last) is not None:
        raise SettingInvalid(name=setting, reason=f'"{text}" is a range of IPv4 addresses; write it as an IPv4 range.')
    return Rule(text, bits, first, last, port, name)


def _parse_name(setting: str, text: str, name_text: str) -> str:
    try:
        name = parse_host(name_text)
    except EndpointRefused as problem:
        raise SettingInvalid(name=setting, reason=f'"{text}": "{name_text}" is not a host name.') from problem
    if ":" in name or name.rpartition(".")[2].isdecimal():
        raise SettingInvalid(
            name=setting, reason=f'"{text}": "{name_text}" is an address; before "=" stands a host name.'
        )
    return name


def _split_port(setting: str, text: str, rest: str) -> tuple[str, int | None]:
    """`range:port` or `[range]:port`; an IPv6 range without brackets has no port."""
    if rest.startswith("["):
        range_text, bracket, port_text = rest[1:].partition("]")
        has_port = port_text.startswith(":")
        if not bracket or (port_text and not has_port):
            raise SettingInvalid(name=setting, reason=f'"{text}": write an IPv6 range and a port as [CIDR]:port.')
        port_text = port_text[1:]
    elif rest.count(":") == 1:
        range_text, _, port_text = rest.partition(":")
        has_port = True
    else:
        range_text, port_text, has_port = rest, "", False
    if not has_port:
        return range_text, None
    if not _PORT.fullmatch(port_text) or int(port_text) > 65535:
        raise SettingInvalid(name=setting, reason=f'"{text}": "{port_text}" is not a port (1 to 65535).')
    return range_text, int(port_text)


def _whole_range_hint(range_text: str) -> str:
    """What was probably meant by `10.1.2.3/8`: bits behind the length are set."""
    address, slash, _ = range_text.partition("/")
    if slash and parse_range(address) is not None:
        return " The bits after the prefix length must be zero (10.0.0.0/8, not 10.1.2.3/8) and the length must fit."
    return ""


def parse_nat64_prefix(setting: str, text: str) -> tuple[int, int, int] | None:
    """A NAT64 prefix as (first, last, length); None when empty. Raises SettingInvalid."""
    if not text.strip():
        return None
    parsed = parse_range(text.strip())
    length_text = text.strip().rpartition("/")[2]
    if parsed is None or parsed[0] == IPV4_BITS or length_text not in map(str, NAT64_LENGTHS):
        lengths = ", ".join(map(str, NAT64_LENGTHS))
        reason = (
            f'"{text}" is not a NAT64 prefix: write an IPv6 range with a length of {lengths}, for example 64:ff9b::/96.'
        )
        raise SettingInvalid(name=setting, reason=reason)
    return parsed[1], parsed[2], int(length_text)
