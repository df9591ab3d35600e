"""The URL grammar: one strict reading of an endpoint, refusing whatever two parsers could read differently."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import idna
import msgspec

from recado.errors import (
    EndpointBadCharacter,
    EndpointHostInvalid,
    EndpointHostNotCanonical,
    EndpointPort,
    EndpointScheme,
    EndpointTooLong,
    EndpointUserinfo,
)
from recado.outbound.addresses import format_ipv6, parse_ipv4, parse_ipv6

MAX_URL_BYTES: Final = 8192
DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_BAD_ASCII: Final = re.compile(r"[\x00-\x20\x7f\\]")
_SCHEME: Final = re.compile(r"(https?)://", re.IGNORECASE | re.ASCII)
_AUTHORITY_END: Final = re.compile(r"[/?#]")
_PORT: Final = re.compile(r"[0-9]+")
_NUMBER_LABEL: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_HOST_CHARACTERS: Final = re.compile(r"[a-z0-9_.-]+")
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_JOINERS: Final = "\u200c\u200d"  # allowed in names by RFC 5892 appendix A, where the script needs them
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp"})


class Url(msgspec.Struct, frozen=True):
    """A URL that was read without doubt.

    `host` is a lower-case A-label name without root dot, a dotted IPv4 address or a compressed IPv6 address without
    brackets; `target` is the path with its query, ASCII, beginning with "/", as it goes on the request line.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The value of the Host header: brackets around IPv6, the port only when it is not the scheme's own."""
        return _authority(self.scheme, self.host, self.port)

    @property
    def origin(self) -> str:
        """Scheme and authority, for example `https://api.acme.com`."""
        return f"{self.scheme}://{self.authority}"

    @property
    def text(self) -> str:
        """The whole URL."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def is_literal_address(self) -> bool:
        """Whether the host is an address and needs no look-up (no name ends in a label of digits)."""
        return ":" in self.host or self.host.rpartition(".")[2].isdecimal()


@lru_cache(maxsize=256)
def _authority(scheme: str, host: str, port: int) -> str:
    """Asked for four times in each run, and the servers that are called are few."""
    name = f"[{host}]" if ":" in host else host
    return name if port == DEFAULT_PORTS[scheme] else f"{name}:{port}"


def parse_url(text: str) -> Url:
    """Read an http or https URL; the fragment is dropped, letters outside ASCII are percent-encoded as UTF-8 (RFC 3987 §3.1).

    Raises EndpointTooLong, EndpointBadCharacter, EndpointScheme, EndpointUserinfo, EndpointHostInvalid,
    EndpointHostNotCanonical or EndpointPort (no port number). Which ports and hosts may be called is the policy's rule.
    """
    if len(text) > MAX_URL_BYTES:
        raise EndpointTooLong
    if _BAD_ASCII.search(text):
        raise EndpointBadCharacter
    scheme_match = _SCHEME.match(text)
    if scheme_match is None:
        raise EndpointScheme
    is_ascii = text.isascii()
    if not is_ascii:
        _check_invisible(text)
    scheme = scheme_match[1].lower()
    begin = scheme_match.end()
    end_match = _AUTHORITY_END.search(text, begin)
    end = end_match.start() if end_match else len(text)
    host, port = _parse_authority(text[begin:end])
    url = Url(scheme, host, DEFAULT_PORTS[scheme] if port is None else port, _target(text[end:]))
    if not is_ascii and len(url.text) > MAX_URL_BYTES:  # grown by the encoding
        raise EndpointTooLong
    return url


def parse_host(text: str) -> str:
    """Read a host (IPv6 in brackets) and give it the form `Url.host` has.

    Raises EndpointHostInvalid, or EndpointHostNotCanonical for an IPv4 address written in any other way than four
    decimal numbers (WHATWG URL "ends in a number checker": a name whose last label is a number is an address).
    """
    if text.startswith("["):
        address = parse_ipv6(text[1:-1]) if text.endswith("]") else None
        if address is None:
            raise EndpointHostInvalid(host=text)
        return format_ipv6(address)
    host = (text if text.isascii() else _to_ascii(text)).lower().removesuffix(".")
    if not _HOST_CHARACTERS.fullmatch(host):
        raise EndpointHostInvalid(host=text)
    if _NUMBER_LABEL.fullmatch(host.rpartition(".")[2]):
        if not text.isascii() or parse_ipv4(host) is None:
            raise EndpointHostNotCanonical
        return host
    if len(host) > 253 or not _HOST_NAME.fullmatch(host):
        raise EndpointHostInvalid(host=text)
    if "xn--" in host:
        _check_a_labels(host, text)
    return host


def _check_invisible(text: str) -> None:
    for character in text:
        if character > "\x7f" and unicodedata.category(character) in _INVISIBLE and character not in _JOINERS:
            raise EndpointBadCharacter


def _parse_authority(authority: str) -> tuple[str, int | None]:
    if "@" in authority:
        raise EndpointUserinfo
    bracket = authority.rfind("]")
    colon = authority.find(":", bracket + 1)
    if colon < 0:
        return parse_host(authority), None
    digits = authority[colon + 1 :]
    if not _PORT.fullmatch(digits):
        raise EndpointHostInvalid(host=authority)
    host = parse_host(authority[:colon])
    if digits.startswith("0") or len(digits) > 5 or int(digits) > 65535:
        raise EndpointPort(port=digits[:6])
    return host, int(digits)


def _to_ascii(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError as problem:  # idna.IDNAError is one; punycode raises others
        mapped = _mapped(host)
        if mapped is not None and _NUMBER_LABEL.fullmatch(mapped.removesuffix(".").rpartition(".")[2]):
            raise EndpointHostNotCanonical from problem
        raise EndpointHostInvalid(host=host) from problem


def _mapped(host: str) -> str | None:
    try:
        return idna.uts46_remap(host, std3_rules=False)
    except UnicodeError:
        return None


def _check_a_labels(host: str, text: str) -> None:
    for label in host.split("."):
        if not label.startswith("xn--"):
            continue
        try:
            again = idna.alabel(idna.ulabel(label)).decode("ascii")
        except UnicodeError:
            again = ""
        if again != label:  # a second spelling of another name (RFC 5891 §5.3)
            raise EndpointHostInvalid(host=text)


def _target(rest: str) -> str:
    rest = rest.partition("#")[0]
    if not rest.startswith("/"):
        rest = f"/{rest}"
    if rest.isascii():
        return rest
    return "".join(character if character < "\x80" else quote(character) for character in rest)
