"""Addresses are read, written and placed in the table of special ranges."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.outbound import addresses
from recado.outbound.addresses import (
    carried_ipv4,
    format_ipv4,
    format_ipv6,
    kind_of_ipv4,
    kind_of_ipv6,
    mapped_ipv4,
    parse_ipv4,
    parse_ipv6,
    parse_range,
    translated_ipv4,
)

_NEAR_ADDRESSES = st.text("0123456789abcdefF:.%/ x", max_size=45)
_V6 = st.integers(0, 2**128 - 1) | st.builds(lambda low, shift: low << shift, st.integers(0, 2**32), st.integers(0, 96))


@given(_NEAR_ADDRESSES | st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map(str))
def test_the_same_texts_are_addresses_as_for_the_standard_library(text: str) -> None:
    assert parse_ipv4(text) == _standard(ipaddress.IPv4Address, text)
    assert parse_ipv6(text) == (None if "%" in text else _standard(ipaddress.IPv6Address, text))


def _standard(kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address], text: str) -> int | None:
    try:
        return int(kind(text))
    except ValueError:
        return None


@given(_V6)
def test_an_ipv6_address_is_written_in_its_shortest_form(value: int) -> None:
    text = format_ipv6(value)
    assert parse_ipv6(text) == value
    if mapped_ipv4(value) is None:  # newer Pythons write these with four decimal numbers
        assert text == str(ipaddress.IPv6Address(value))


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_written_as_four_numbers(value: int) -> None:
    assert format_ipv4(value) == str(ipaddress.IPv4Address(value))


@pytest.mark.parametrize(
    "text", ["1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.4 ", "\uff11.2.3.4", "+1.2.3.4", ""]
)
def test_other_spellings_of_ipv4_are_none(text: str) -> None:
    assert parse_ipv4(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        ":::",
        "1::2::3",
        "12345::",
        "::g",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::1.2.3",
        "1.2.3.4::",
        "::1%eth0",
    ],
)
def test_what_is_no_ipv6_address_is_none(text: str) -> None:
    assert parse_ipv6(text) is None


def test_each_range_of_the_table_begins_and_ends_where_it_says() -> None:
    for text, kind in addresses._IPV4_KINDS.items():
        _, first, last = _range(text)
        inner = [_range(other)[1:] for other in addresses._IPV4_KINDS if other != text]
        for value in (first, last):
            if not any(begin <= value <= end and end - begin < last - first for begin, end in inner):
                assert kind_of_ipv4(value) == kind, (text, format_ipv4(value))
    for text, kind in addresses._IPV6_KINDS.items():
        _, first, last = _range(text)
        inner = [_range(other)[1:] for other in addresses._IPV6_KINDS if other != text]
        for value in (first, last):
            if not any(begin <= value <= end and end - begin < last - first for begin, end in inner):
                assert kind_of_ipv6(value) == kind, (text, format_ipv6(value))


def _range(text: str) -> tuple[int, int, int]:
    parsed = parse_range(text)
    assert parsed is not None
    return parsed


# Every special range inside public space, and the ends of those outside 2000::/3, first and last address.
_SPECIAL_ENDS = (
    "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.0 127.255.255.255 169.254.0.0"
    " 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0 192.0.2.255 192.31.196.0 192.31.196.255"
    " 192.52.193.0 192.52.193.255 192.88.99.0 192.88.99.255 192.168.0.0 192.168.255.255 192.175.48.0 192.175.48.255"
    " 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0"
    " 255.255.255.255 :: ::1 1fff:ffff:: 2001:: 2001:1ff:ffff:: 2001:db8:: 2001:db8:ffff:: 2002:: 2002:ffff::"
    " 2620:4f:8000:: 2620:4f:8000:ffff:: 3fff:: 3fff:fff:ffff:: 4000:: 5f00:: 64:ff9b::1 64:ff9b:1:: 100:: 100:0:0:1::"
    " fc00:: fdff:: fe80:: febf:: fec0:: feff:: ff00:: ffff::"
)


@pytest.mark.parametrize("text", _SPECIAL_ENDS.split())
def test_special_ranges_are_not_public(text: str) -> None:
    value = parse_ipv4(text)
    if value is not None:
        assert kind_of_ipv4(value) != "public"
    else:
        assert kind_of_ipv6(parse_ipv6(text) or 0) != "public"


# The blocks around the special ones, first and last address outside.
_PUBLIC_NEIGHBOURS = (
    "1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0"
    " 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.31.195.255 192.31.197.0 192.52.192.255"
    " 192.52.194.0 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 192.175.47.255 192.175.49.0 198.17.255.255"
    " 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255 168.63.129.15 168.63.129.17"
    " 2001:200:: 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2001:db9:: 2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2003::"
    " 2620:4f:7fff:ffff:ffff:ffff:ffff:ffff 2620:4f:8001:: 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:1000:: 2000::"
)


@pytest.mark.parametrize("text", _PUBLIC_NEIGHBOURS.split())
def test_the_neighbours_of_special_ranges_are_public(text: str) -> None:
    value = parse_ipv4(text)
    if value is not None:
        assert kind_of_ipv4(value) == "public"
    else:
        assert kind_of_ipv6(parse_ipv6(text) or 0) == "public"


@given(st.ip_addresses())
def test_whatever_the_standard_library_calls_special_is_not_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    is_special = address.is_private or address.is_multicast or address.is_reserved or address.is_link_local
    value = int(address)
    if isinstance(address, ipaddress.IPv4Address):
        assert not is_special or kind_of_ipv4(value) != "public"
    else:
        assert not is_special or kind_of_ipv6(value) != "public"


@given(st.ip_addresses(v=4), st.sampled_from([32, 40, 48, 56, 64, 96]))
def test_an_address_behind_nat64_is_found_at_every_prefix_length(inner: ipaddress.IPv4Address, length: int) -> None:
    prefix = int(ipaddress.IPv6Address("2001:db8:122:344::")) >> 128 - length << 128 - length
    bits = f"{int(inner):032b}"
    head = bits[: max(0, 64 - length)] if length < 96 else ""
    tail = bits[len(head) :]
    placed = int(tail, 2) if length == 96 else int(head.ljust(64 - length, "0") or "0", 2) << 64
    if length != 96 and tail:
        placed |= int(tail, 2) << 56 - len(tail)  # bits 64 to 71 stay zero
    assert translated_ipv4(prefix | placed, length) == int(inner)


def test_the_examples_of_rfc_6052_carry_192_0_2_33() -> None:
    for text, length in {
        "2001:db8:c000:221::": 32,
        "2001:db8:1c0:2:21::": 40,
        "2001:db8:122:c000:2:2100::": 48,
        "2001:db8:122:3c0:0:221::": 56,
        "2001:db8:122:344:c0:2:2100::": 64,
        "2001:db8:122:344::192.0.2.33": 96,
    }.items():
        assert format_ipv4(translated_ipv4(parse_ipv6(text) or 0, length)) == "192.0.2.33"


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("::10.0.0.1", {"10.0.0.1"}),
        ("::ffff:0:10.0.0.1", {"10.0.0.1"}),
        ("64:ff9b::10.0.0.1", {"10.0.0.1"}),
        ("64:ff9b:1:a00:0:100::", {"10.0.0.1"}),
        ("2002:a00:1::5", {"10.0.0.1"}),
        ("2001:0:a00:1::f5ff:fffe", {"10.0.0.1"}),
        ("2606:4700::a00:1", set()),
    ],
)
def test_transition_mechanisms_carry_ipv4_addresses(text: str, carried: set[str]) -> None:
    assert carried <= {format_ipv4(value) for value in carried_ipv4(parse_ipv6(text) or 0)}


def test_a_range_has_no_bits_behind_its_length() -> None:
    assert parse_range("10.0.0.0/8") == (32, 10 << 24, (11 << 24) - 1)
    assert parse_range("10.1.2.3") == (32, 167838211, 167838211)
    assert parse_range("::/0") == (128, 0, 2**128 - 1)
    for text in ("10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "::/129", "x/8", "10.0.0.0/-1", "fc00::1/7"):
        assert parse_range(text) is None
