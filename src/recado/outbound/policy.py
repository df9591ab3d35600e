"""The egress policy: which URLs and addresses may be called.

Order: metadata (never), the operator's deny rules, the operator's allow rules, then the default: public addresses only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from recado.errors import EndpointAddressBlocked, EndpointHostReserved, EndpointInsecure, EndpointPort
from recado.outbound.addresses import (
    IPV4_BITS,
    IPV6_BITS,
    METADATA_IPV4,
    METADATA_IPV6,
    carried_ipv4,
    kind_of_ipv4,
    kind_of_ipv6,
    mapped_ipv4,
    parse_ipv4,
    parse_ipv6,
    translated_ipv4,
)
from recado.outbound.rules import Rule, parse_nat64_prefix, parse_rules
from recado.outbound.url import Url

METADATA_NAMES: Final = frozenset({
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "metadata.tencentyun.com",
    "rancher-metadata",
})  # fmt: skip
RESERVED_LAST_LABELS: Final = frozenset({
    "localhost", "local", "internal", "localdomain", "lan", "svc", "onion", "test", "invalid", "example",
})  # fmt: skip
"""Names that end so are local or reserved (RFC 6761, RFC 6762, RFC 7686, and the customs of private networks)."""
BAD_PORTS: Final = frozenset({
    # the Fetch standard's bad ports from 1024 up: other protocols that would take an HTTP request for a command
    1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    # databases, queues and cluster managers
    2375, 2376, 2379, 2380, 3306, 5432, 6379, 6380, 9042, 9200, 9300, 10250, 10255, 11211, 27017, 27018,
})  # fmt: skip


class PolicyRule(NamedTuple):
    """One sentence of the policy; where it ends with a colon, `values` go on with it."""

    code: str
    text: str
    values: tuple[str, ...] = ()


_RULES: Final = (
    ("public_only", "Only public addresses are called; private, local, link-local and reserved ranges are refused."),
    ("local_names", "Names such as localhost, printer.local or db.internal are refused."),
    ("metadata", "The metadata services of clouds are never called, whatever the rules say."),
    ("ports", f"Ports 80, 443 and those from 1024 up are called, except {len(BAD_PORTS)} that serve databases, mail and the like."),
    ("https", "A request with a password field must use https, except to what the operator allowed by address or name."),
)  # fmt: skip


def is_port_usual(port: int) -> bool:
    """Whether the default rule lets this port through: 80, 443, and those from 1024 up that serve HTTP."""
    return port in {80, 443} or (port >= 1024 and port not in BAD_PORTS)


def is_name_reserved(host: str) -> bool:
    """Whether a host name is local or reserved: single labels, `*.internal` and the like, Kubernetes' own names."""
    _, dot, last = host.rpartition(".")
    return (
        not dot
        or last in RESERVED_LAST_LABELS
        or (last == "arpa" and (host == "home.arpa" or host.endswith(".home.arpa")))
        or host == "kubernetes.default"
        or host.startswith("kubernetes.default.")
    )


class EgressPolicy:
    """What may be called, by default and by the operator's rules; it never changes, a new one takes its place."""

    def __init__(self, allow: Sequence[str] = (), deny: Sequence[str] = (), nat64_prefix: str = "") -> None:
        """Read the rules (`CIDR`, `CIDR:port`, `name=CIDR[:port]`); raises SettingInvalid for one that is none."""
        self._allow = parse_rules("RECADO_EGRESS_ALLOW", allow)
        self._deny = parse_rules("RECADO_EGRESS_DENY", deny)
        self._nat64 = parse_nat64_prefix("RECADO_EGRESS_NAT64_PREFIX", nat64_prefix)
        self._nat64_text = nat64_prefix.strip()
        self._named = frozenset(rule.name for rule in self._allow if rule.name is not None)
        self._has_rules = bool(self._allow or self._deny)

    # ── URLs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def check_url(self, url: Url, *, has_secret: bool = False) -> None:
        """Judge what is known before a look-up: the name, a literal address, the port, and plain http with a secret.

        Raises EndpointHostReserved, EndpointAddressBlocked, EndpointPort or EndpointInsecure. A port that a rule opens
        for some addresses passes here for a name; `check_address` then wants the name's address to be one of them.
        """
        host, port = url.host, url.port
        if url.is_literal_address:
            self.check_address(host, host, port)
        else:
            if host in METADATA_NAMES or (is_name_reserved(host) and host not in self._named):
                raise EndpointHostReserved(host=host)
            if not is_port_usual(port) and not self._is_port_opened(host, port):
                raise EndpointPort(port=port)
        if has_secret and url.scheme != "https" and not self._is_named_by_operator(url):
            raise EndpointInsecure

    def _is_port_opened(self, host: str, port: int) -> bool:
        return any(rule.port == port and rule.name in {None, host} for rule in self._allow)

    def _is_named_by_operator(self, url: Url) -> bool:
        """Whether an allow rule covers the target itself: its literal address, or its name."""
        if url.is_literal_address:
            return self.is_operator_allowed(url.host, url.host, url.port)
        return any(rule.name == url.host and rule.port in {None, url.port} for rule in self._allow)

    # ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────

    def check_address(self, host: str, address: str, port: int) -> None:
        """Judge one address (a zone is dropped) that `host` leads to, before anything is sent to it.

        Raises EndpointAddressBlocked, whose `kind` names the range and never the address, or EndpointPort.
        """
        bits, value = self._read(address)
        kind, is_never = _kind_of(bits, value)
        if is_never:
            raise EndpointAddressBlocked(kind=kind)
        if self._has_rules:
            if self._is_denied(host, bits, value, port):
                raise EndpointAddressBlocked(kind="denied")
            rules = self._allowing(host, bits, value, port)
            if rules:
                if is_port_usual(port) or any(rule.port for rule in rules):
                    return
                raise EndpointPort(port=port)
        if kind != "public":
            raise EndpointAddressBlocked(kind=kind)
        if host in self._named:  # a rule with a name says where that name may lead, and a key may follow it over http
            raise EndpointAddressBlocked(kind="not_named")
        if not is_port_usual(port):
            raise EndpointPort(port=port)

    def is_operator_allowed(self, host: str, address: str, port: int) -> bool:
        """Whether one of the operator's allow rules, and not only the default, lets this through."""
        try:
            bits, value = self._read(address)
        except EndpointAddressBlocked:
            return False
        if _kind_of(bits, value)[1] or self._is_denied(host, bits, value, port):
            return False
        rules = self._allowing(host, bits, value, port)
        return bool(rules) and (is_port_usual(port) or any(rule.port for rule in rules))

    def _read(self, address: str) -> tuple[int, int]:
        """The address to judge as (bits, value): an IPv4-mapped one, or one behind our NAT64, as its IPv4 address."""
        value = parse_ipv4(address)
        if value is not None:
            return IPV4_BITS, value
        value = parse_ipv6(address.partition("%")[0])
        if value is None:
            raise EndpointAddressBlocked(kind="unreadable")
        inner = mapped_ipv4(value)
        if inner is None and self._nat64 is not None and self._nat64[0] <= value <= self._nat64[1]:
            inner = translated_ipv4(value, self._nat64[2])
        return (IPV6_BITS, value) if inner is None else (IPV4_BITS, inner)

    def _allowing(self, host: str, bits: int, value: int, port: int) -> list[Rule]:
        return [rule for rule in self._allow if rule.covers(host, bits, value, port)]

    def _is_denied(self, host: str, bits: int, value: int, port: int) -> bool:
        for rule in self._deny:
            if rule.covers(host, bits, value, port):
                return True
            if bits == IPV6_BITS and any(rule.covers(host, IPV4_BITS, inner, port) for inner in carried_ipv4(value)):
                return True
        return False

    # ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def rules(self) -> list[PolicyRule]:
        """The policy in a few sentences for people, each with a code that never changes."""
        found = [PolicyRule(code, text) for code, text in _RULES]
        if self._deny:
            found.append(PolicyRule("denied", "The operator of this server refuses:", _texts(self._deny)))
        if self._allow:
            found.append(PolicyRule("allowed", "The operator of this server also allows:", _texts(self._allow)))
        if self._nat64 is not None:
            text = "Addresses are judged by the IPv4 address they carry (NAT64) in:"
            found.append(PolicyRule("nat64", text, (self._nat64_text,)))
        return found

    def describe(self) -> list[str]:
        """The same, each sentence with its values."""
        return [f"{rule.text} {', '.join(rule.values)}." if rule.values else rule.text for rule in self.rules()]


def _texts(rules: Sequence[Rule]) -> tuple[str, ...]:
    return tuple(rule.text for rule in rules)


def _kind_of(bits: int, value: int) -> tuple[str, bool]:
    """The kind of an address, and whether no rule may open it.

    That is so for metadata services, also where a transition mechanism wraps their address (64:ff9b::a9fe:a9fe).
    """
    if bits == IPV4_BITS:
        return ("metadata", True) if value in METADATA_IPV4 else (kind_of_ipv4(value), False)
    if value in METADATA_IPV6:
        return "metadata", True
    kind = kind_of_ipv6(value)
    if kind == "public":
        return kind, False
    return kind, not METADATA_IPV4.isdisjoint(carried_ipv4(value))
