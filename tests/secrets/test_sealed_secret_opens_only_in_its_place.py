"""A sealed secret opens with its key in its place, and in no other way."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from recado.credentials.sealing import (
    MAX_HOST_CHARACTERS,
    MAX_HOSTS,
    MAX_SEALED_CHARACTERS,
    MAX_VALUE_CHARACTERS,
    KeyPair,
    Secret,
    decode_sealed,
    encode_sealed,
    encode_secret,
    generate_key_pair,
    kid_of,
    open_sealed,
    open_secret,
    private_key_aad,
    seal,
    seal_secret,
    secret_info,
)
from recado.errors import FieldTooLong, Invalid, SealedValueInvalid, SecretUnreadable

HOSTS = ("https://api.acme.com", "https://*.acme.example:8443")
parts = st.tuples(*[st.text(st.characters(codec="utf-8"), max_size=12)] * 4)


@given(
    value=st.text(st.characters(codec="utf-8"), max_size=200),
    hosts=st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), max_size=4),
    place=parts,
)
def test_what_was_sealed_comes_back_with_its_hosts(
    pair: KeyPair, value: str, hosts: list[str], place: tuple[str, str, str, str]
) -> None:
    sealed = seal_secret(pair.public_key, value, hosts, secret_info(*place))

    opened = open_secret(pair.private_key, sealed, secret_info(*place), name="Acme")

    assert (opened.value, opened.hosts) == (value, tuple(hosts))


@given(bit=st.integers(min_value=0), plaintext=st.binary(max_size=100))
def test_no_flipped_bit_opens(pair: KeyPair, info: bytes, bit: int, plaintext: bytes) -> None:
    sealed = bytearray(seal(pair.public_key, plaintext, info))
    sealed[bit // 8 % len(sealed)] ^= 1 << bit % 8

    with pytest.raises(SecretUnreadable):
        open_sealed(pair.private_key, bytes(sealed), info)


@given(length=st.integers(min_value=0, max_value=147), extra=st.binary(max_size=3))
def test_no_shorter_or_longer_text_opens(pair: KeyPair, info: bytes, length: int, extra: bytes) -> None:
    sealed = seal(pair.public_key, b"x" * 100, info)

    for damaged in (sealed[:length], sealed + extra + b"\0", extra + b"\0" + sealed):
        with pytest.raises(SecretUnreadable):
            open_sealed(pair.private_key, damaged, info)


@given(place=parts, other=parts)
@example(place=("a", "bc", "d", "e"), other=("ab", "c", "d", "e"))
@example(place=("a", "b", "c", ""), other=("a", "b", "", "c"))
def test_no_other_place_opens(
    pair: KeyPair, place: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    assume(place != other)
    sealed = seal_secret(pair.public_key, "key-4711", HOSTS, secret_info(*place))

    with pytest.raises(SecretUnreadable):
        open_secret(pair.private_key, sealed, secret_info(*other), name="Acme")


@given(position=st.integers(min_value=0), character=st.characters(codec="utf-8"))
def test_no_changed_character_opens(pair: KeyPair, info: bytes, position: int, character: str) -> None:
    sealed = seal_secret(pair.public_key, "key-4711", HOSTS, info)
    position %= len(sealed)
    damaged = sealed[:position] + character + sealed[position + 1 :]
    assume(damaged != sealed)

    with pytest.raises(SecretUnreadable):
        open_secret(pair.private_key, damaged, info, name="Acme")


@pytest.mark.parametrize(
    "text",
    ["", "AAAA", "A" * 62 + "=", "A" * 65, "A" * 65 + "B", "+" * 64, "/" * 64, "A" * 64 + "\n", " " + "A" * 64, "é" * 64,
     "A" * 64 + "==", "A" * (MAX_SEALED_CHARACTERS + 4)],
)  # fmt: skip
def test_a_text_that_no_client_makes_is_refused_without_a_key(text: str) -> None:
    with pytest.raises(SealedValueInvalid):
        decode_sealed(text)


@given(sealed=st.binary(min_size=48, max_size=200))
def test_the_text_form_keeps_the_bytes(sealed: bytes) -> None:
    assert decode_sealed(encode_sealed(sealed)) == sealed


def test_a_secret_sealed_twice_looks_different(pair: KeyPair, info: bytes) -> None:
    assert seal(pair.public_key, b"same", info) != seal(pair.public_key, b"same", info)


def test_another_key_pair_does_not_open(pair: KeyPair, info: bytes) -> None:
    sealed = seal_secret(pair.public_key, "key-4711", HOSTS, info)

    with pytest.raises(SecretUnreadable, match='"Acme live"'):
        open_secret(generate_key_pair().private_key, sealed, info, name="Acme live")


def test_the_sender_key_may_not_be_a_weak_point(pair: KeyPair, info: bytes) -> None:
    # With the all-zero point the shared secret would be known to everybody (RFC 9180 section 7.1.4).
    with pytest.raises(SecretUnreadable):
        open_sealed(pair.private_key, b"\0" * 32 + seal(pair.public_key, b"x", info)[32:], info)
    with pytest.raises(ValueError, match="shared key"):
        seal(b"\0" * 32, b"x", info)


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"text",
        b"[]",
        b'{"value":"x"}',
        b'{"hosts":[]}',
        b'{"value":1,"hosts":[]}',
        b'{"value":null,"hosts":[]}',
        b'{"value":"x","hosts":"https://api.acme.com"}',
        b'{"value":"x","hosts":[""]}',
        b'{"value":"x","hosts":[1]}',
        b'{"value":"x","hosts":[],"more":1}',
        b'{"value":"\xff","hosts":[]}',
        b'{"value":"\\ud800","hosts":[]}',
        b'{"value":"x","hosts":[]} trailing',
        msgspec.json.encode({"value": "x" * (MAX_VALUE_CHARACTERS + 1), "hosts": []}),
        msgspec.json.encode({"value": "x", "hosts": ["h"] * (MAX_HOSTS + 1)}),
        msgspec.json.encode({"value": "x", "hosts": ["h" * (MAX_HOST_CHARACTERS + 1)]}),
    ],
)
def test_a_client_that_seals_another_shape_is_not_believed(pair: KeyPair, info: bytes, plaintext: bytes) -> None:
    sealed = encode_sealed(seal(pair.public_key, plaintext, info))

    with pytest.raises(SecretUnreadable):
        open_secret(pair.private_key, sealed, info, name="Acme")


def test_the_largest_secret_fits_and_one_more_does_not(pair: KeyPair, info: bytes) -> None:
    hosts = ["\x01" * MAX_HOST_CHARACTERS] * MAX_HOSTS
    sealed = seal_secret(pair.public_key, "\x01" * MAX_VALUE_CHARACTERS, hosts, info)
    assert open_secret(pair.private_key, sealed, info, name="Acme").value == "\x01" * MAX_VALUE_CHARACTERS

    with pytest.raises(FieldTooLong):
        encode_secret("x" * (MAX_VALUE_CHARACTERS + 1), [])
    with pytest.raises(Invalid, match="at most 20 hosts"):
        encode_secret("x", ["h"] * (MAX_HOSTS + 1))
    with pytest.raises(Invalid, match="at most 300"):
        encode_secret("x", ["h" * (MAX_HOST_CHARACTERS + 1)])
    with pytest.raises(Invalid, match="not text"):
        encode_secret("\ud800", [])


def test_nothing_prints_a_secret(pair: KeyPair) -> None:
    secret = Secret("key-4711", HOSTS)

    assert "4711" not in repr(secret) + str(secret) + f"{secret}"
    assert "api.acme.com" in repr(secret)
    assert repr(pair.private_key) not in repr(pair)
    assert repr(pair.public_key) in repr(pair)


def test_ids_and_places_are_written_as_documented() -> None:
    assert kid_of(bytes(range(32))) == "630dcd2966c43366"
    assert secret_info("w", "i", "c", "é") == (
        b"\0\0\0\x10recado/secret/v1\0\0\0\x01w\0\0\0\x01i\0\0\0\x01c\0\0\0\x02\xc3\xa9"
    )
    assert private_key_aad("wsp_1", "630dcd2966c43366") == b"recado/key/v1|wsp_1|630dcd2966c43366"
