"""A URL is read in one way only, or refused."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yarl
from hypothesis import example, given
from hypothesis import strategies as st

from recado.errors import EndpointRefused
from recado.outbound.url import parse_host, parse_url

POLICY_CODES = {"endpoint_address_blocked", "endpoint_port", "endpoint_host_reserved"}


def refusal_of(text: str) -> str | None:
    try:
        parse_url(text)
    except EndpointRefused as refusal:
        return refusal.code if str(refusal) else "an error without a sentence"
    return None


def test_every_hostile_url_is_refused_or_left_to_the_policy(cases: dict[str, list[dict[str, Any]]]) -> None:
    for case in cases["urls"]:
        code = refusal_of(case["url"])
        if case["verdict"] == "accept":
            assert parse_url(case["url"]).host == case["host"], case
        elif case["verdict"] == "reject-or-ascii":
            assert code == case["error"] or parse_url(case["url"]).host not in case["url"], case
        elif case["verdict"] == "reject" and case["error"] not in POLICY_CODES:
            assert code == case["error"], case
        else:
            assert code is None, case


def test_whatever_we_accept_browsers_read_the_same(whatwg_cases: list[dict[str, Any]]) -> None:
    accepted = 0
    for case in whatwg_cases:
        if refusal_of(case["input"]) is not None:
            continue
        accepted += 1
        url = parse_url(case["input"])
        assert case["whatwg"] != "failure", case
        assert url.host == case["whatwg"].strip("[]").removesuffix("."), case
        assert case["port"] in {"", str(url.port)}, case
    assert accepted > 50


@pytest.mark.parametrize(
    ("text", "origin", "authority", "target"),
    [
        ("https://api.acme.com", "https://api.acme.com", "api.acme.com", "/"),
        ("HTTPS://API.acme.com:443/v1?a=b&c#part", "https://api.acme.com", "api.acme.com", "/v1?a=b&c"),
        ("http://api.acme.com:80?x=1", "http://api.acme.com", "api.acme.com", "/?x=1"),
        ("http://api.acme.com:443/", "http://api.acme.com:443", "api.acme.com:443", "/"),
        ("https://api.acme.com:80/", "https://api.acme.com:80", "api.acme.com:80", "/"),
        ("https://api.acme.com#x/y", "https://api.acme.com", "api.acme.com", "/"),
        ("https://api.acme.com//a/./b/../c%2f|{}", "https://api.acme.com", "api.acme.com", "//a/./b/../c%2f|{}"),
        ("https://api.acme.com/mañana?q=日", "https://api.acme.com", "api.acme.com", "/ma%C3%B1ana?q=%E6%97%A5"),
        ("https://[2606:4700:0:0::0001]:8443/x", "https://[2606:4700::1]:8443", "[2606:4700::1]:8443", "/x"),
        ("http://[::FFFF:10.0.0.1]", "http://[::ffff:a00:1]", "[::ffff:a00:1]", "/"),
        ("http://203.0.113.10.:8080/", "http://203.0.113.10:8080", "203.0.113.10:8080", "/"),
        ("https://r3---sn-x.acme.com/", "https://r3---sn-x.acme.com", "r3---sn-x.acme.com", "/"),
    ],
)
def test_an_accepted_url_keeps_its_parts(text: str, origin: str, authority: str, target: str) -> None:
    url = parse_url(text)
    assert (url.origin, url.authority, url.target) == (origin, authority, target)
    assert url.text == origin + target
    assert parse_url(url.text) == url


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://api.acme.com:0/", "endpoint_port"),
        ("https://api.acme.com:0443/", "endpoint_port"),
        ("https://api.acme.com:65536/", "endpoint_port"),
        ("https://api.acme.com:" + "9" * 5000 + "/", "endpoint_port"),
        ("https://api.acme.com:+443/", "endpoint_host_invalid"),
        ("https://api.acme.com:٤٤٣/", "endpoint_host_invalid"),
        ("https://" + "a" * 63 + ".com/", None),
        ("https://" + "a" * 64 + ".com/", "endpoint_host_invalid"),
        ("https://" + ("a" * 61 + ".") * 4 + "abcde/", None),
        ("https://" + ("a" * 61 + ".") * 4 + "abcdef/", "endpoint_host_invalid"),
        ("https://api.acme.com/" + "a" * 8171, None),
        ("https://api.acme.com/" + "a" * 8172, "endpoint_too_long"),
        ("https://api.acme.com/" + "ñ" * 2000, "endpoint_too_long"),
        ("https://api.acme.com/\u202efdp.exe", "endpoint_bad_character"),
        ("https://api.acme.com/a\u2028b", "endpoint_bad_character"),
        ("https://api.acme.com/a\u00a0b", "endpoint_bad_character"),
        ("https://api.acme.com/\ud800", "endpoint_bad_character"),
        ("https://api\u00ad.acme.com/", "endpoint_bad_character"),
        ("https://xn--0.com/", "endpoint_host_invalid"),
        ("https://xn--abc-.com/", "endpoint_host_invalid"),
        ("https://\U0001f4a9.123/", "endpoint_host_not_canonical"),
        ("https://[::1", "endpoint_host_invalid"),
        ("https://[::1]x:80/", "endpoint_host_invalid"),
        ("https://::1/", "endpoint_host_invalid"),
        ("https://api.acme.com../", "endpoint_host_invalid"),
        ("", "endpoint_scheme"),
        ("https:/api.acme.com/", "endpoint_scheme"),
        ("ftp://api.acme.com/", "endpoint_scheme"),
        ("\u212attps://api.acme.com/", "endpoint_scheme"),
    ],
)
def test_the_edges_of_the_grammar(text: str, code: str | None) -> None:
    assert refusal_of(text) == code


def test_a_name_is_told_from_an_address() -> None:
    for text in ("http://203.0.113.10/", "http://[2606:4700::1]/"):
        assert parse_url(text).is_literal_address
    for text in ("https://1.1.1.1.nip.io/", "https://0x.org/", "https://api.v2/", "https://localhost/"):
        assert not parse_url(text).is_literal_address


def test_a_host_alone_takes_the_form_it_has_in_a_url() -> None:
    assert parse_host("BÜCHER.de.") == "xn--bcher-kva.de"
    assert parse_host("[::1]") == "::1"
    for text in ("", "a b", "a/b", "a:80", "::1", "[::1", "user@host.com"):
        with pytest.raises(EndpointRefused):
            parse_host(text)


# ── against two other readers ────────────────────────────────────────────────────────────────────────────────────────

_CORPUS = [
    case["url"] for case in json.loads((Path(__file__).parents[1] / "testdata/ssrf_cases.json").read_text())["urls"]
]
_PIECES = st.sampled_from([
    "api.acme.com", "127.0.0.1", "[::1]", "[::ffff:1.2.3.4]", "bücher.de", "faß.de", "xn--bcher-kva.de", "0x7f.1", "日本",
    ".", "..", ":", ":80", ":8443", "@", "/", "//", "?", "#", "%2e", "%40", "\\", " ", "\t", "user", "_x", "-", "a", "A",
    "9", "ß", "İ", "\u3002", "\uff21\uff30\uff29", "\u2460", "\u0131", "\u017f", "\u200d",
])  # fmt: skip
_PIECED = st.lists(_PIECES, max_size=8).map("".join)
_BEFORE = st.sampled_from(["http://", "https://", "HTTP://", "http:/", "http:", "//", "", "https:///"])
_MUTATED = st.builds(
    lambda text, at, piece: text[: at % (len(text) + 1)] + piece + text[at % (len(text) + 1) :],
    st.sampled_from(_CORPUS),
    st.integers(0, 200),
    _PIECES | st.characters(),
)


def read_by_yarl(text: str) -> tuple[str | None, int | None]:
    url = yarl.URL(text)
    return _plain(url.raw_host), url.port


def read_by_urllib(text: str) -> tuple[str | None, int | None]:
    parts = urlsplit(text)
    return _plain(parts.hostname), parts.port or {"http": 80, "https": 443}[parts.scheme]


def _plain(host: str | None) -> str | None:
    """The host as an A-label name or a compressed address, made by other means than ours."""
    if host is None:
        return None
    if ":" in host:
        return ipaddress.IPv6Address(host).exploded
    return yarl.URL.build(scheme="http", host=host).raw_host.removesuffix(".")  # type: ignore[union-attr]  # a built URL has a host


@given(st.builds(str.__add__, _BEFORE, _PIECED) | _MUTATED)
@example("https://İ.com/")
@example("http://api.acme.com:80@127.0.0.1/")
def test_two_other_readers_agree_on_the_host_of_whatever_we_accept(text: str) -> None:
    try:
        url = parse_url(text)
    except EndpointRefused:
        return
    host = ipaddress.IPv6Address(url.host).exploded if ":" in url.host else url.host
    assert read_by_yarl(text) == (host, url.port)
    assert read_by_urllib(text) == (host, url.port)
    assert read_by_yarl(url.text) == (host, url.port)


@given(st.builds(str.__add__, _BEFORE, _PIECED | st.text()) | _MUTATED | st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    if refusal_of(text) is not None:
        return
    url = parse_url(text)
    assert parse_url(url.text) == url
    assert url.text.isascii()
    assert url.target.startswith("/")
    assert "#" not in url.target
