"""A wrapped private key unwraps with its KEK in its place only, and the whole envelope refuses what was moved or changed."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.credentials.kek import EnvKek, FileKek, load_kek
from recado.credentials.sealing import (
    KeyPair,
    generate_key_pair,
    kid_of,
    open_secret,
    private_key_aad,
    public_key_of,
    seal_secret,
    secret_info,
)
from recado.errors import KekMismatch, SecretUnreadable, SettingInvalid
from recado.outbound.hosts import is_host_allowed, parse_host_entry
from recado.outbound.url import parse_url
from recado.settings import Settings, load

AAD = private_key_aad("wsp_1", "55e3f24ca02b5534")
PLACE = ("wsp_1", "int_1", "crd_1", "fld_1")
HOSTS = ("https://api.acme.com",)


def new_text() -> str:
    return base64.b64encode(os.urandom(32)).decode()


KEK = EnvKek(new_text())


@given(private_key=st.binary(max_size=64), aad=st.binary(max_size=64))
def test_what_was_wrapped_comes_back(private_key: bytes, aad: bytes) -> None:
    wrapped = KEK.wrap(private_key, aad)

    assert wrapped[0] == 1
    assert wrapped[1:9].hex() == KEK.key_id
    assert len(wrapped) == 9 + 12 + len(private_key) + 16
    assert KEK.unwrap(wrapped, aad) == private_key


@given(bit=st.integers(min_value=0, max_value=69 * 8 - 1))
def test_no_flipped_bit_unwraps(bit: int) -> None:
    wrapped = bytearray(KEK.wrap(b"k" * 32, AAD))
    wrapped[bit // 8] ^= 1 << bit % 8

    with pytest.raises(KekMismatch):
        KEK.unwrap(bytes(wrapped), AAD)


@given(length=st.integers(min_value=0, max_value=68))
def test_no_shortened_text_unwraps(length: int) -> None:
    with pytest.raises(KekMismatch):
        KEK.unwrap(KEK.wrap(b"k" * 32, AAD)[:length], AAD)


@given(aad=st.binary(max_size=64).filter(lambda aad: aad != AAD))
def test_no_other_place_unwraps(aad: bytes) -> None:
    with pytest.raises(KekMismatch, match="belongs to another place"):
        KEK.unwrap(KEK.wrap(b"k" * 32, AAD), aad)


def test_another_kek_is_named_and_does_not_unwrap() -> None:
    other = EnvKek(new_text())

    with pytest.raises(KekMismatch, match=rf"{KEK.key_id}.*wrapped with the key {other.key_id}"):
        KEK.unwrap(other.wrap(b"k" * 32, AAD), AAD)


def test_what_vault_wrapped_is_told_apart() -> None:
    with pytest.raises(KekMismatch, match="another kind of provider"):
        KEK.unwrap(b"\x02vault:v1:" + b"A" * 64, AAD)


def test_the_previous_key_unwraps_and_the_current_one_wraps() -> None:
    before, now = new_text(), new_text()
    wrapped = EnvKek(before).wrap(b"private", AAD)
    both = EnvKek(now, before)

    rewrapped = both.rewrap(wrapped, AAD)

    assert both.key_id == EnvKek(now).key_id
    assert EnvKek(now).unwrap(rewrapped, AAD) == b"private"
    assert both.rewrap(rewrapped, AAD) == rewrapped


def test_rewrapping_damage_fails_instead_of_keeping_it() -> None:
    wrapped = KEK.wrap(b"private", AAD)

    with pytest.raises(KekMismatch):
        KEK.rewrap(wrapped[:-1], AAD)


@pytest.mark.parametrize("text", ["", "short", "A" * 43, "A" * 42 + "=", "A" * 44, "A" * 48, "-" * 43 + "=", "é" * 44])
def test_a_key_of_another_shape_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        EnvKek(text)
    assert str(refused.value) == "RECADO_KEK: must be 32 bytes as base64; make one with: openssl rand -base64 32"
    if text:
        with pytest.raises(SettingInvalid, match="RECADO_KEK_PREVIOUS: must be 32 bytes"):
            EnvKek(new_text(), text)


def test_the_settings_lead_to_the_environment() -> None:
    text, before = new_text(), new_text()
    settings = load({"RECADO_KEK_PROVIDER": "env", "RECADO_KEK": text, "RECADO_KEK_PREVIOUS": before})

    kek = load_kek(settings)

    assert (kek.name, kek.key_id) == ("env", EnvKek(text).key_id)
    assert kek.unwrap(EnvKek(before).wrap(b"private", AAD), AAD) == b"private"
    with pytest.raises(SettingInvalid, match="RECADO_KEK"):
        load_kek(Settings(kek_provider="env"))


def test_no_key_is_printed() -> None:
    text = new_text()
    kek = EnvKek(text)

    assert text not in repr(kek) + repr(vars(kek))
    assert repr(base64.b64decode(text)) not in repr(vars(kek))


# ── the whole envelope: a KEK, a key pair wrapped by it, a secret sealed to the pair ─────────────────────────────────


class Stored(NamedTuple):
    """What the database holds of one secret."""

    kid: str
    wrapped: bytes
    sealed: str


def store(kek: EnvKek | FileKek, value: str) -> Stored:
    pair = generate_key_pair()
    wrapped = kek.wrap(pair.private_key, private_key_aad(PLACE[0], pair.kid))
    return Stored(pair.kid, wrapped, seal_secret(pair.public_key, value, HOSTS, secret_info(*PLACE)))


def read(kek: EnvKek | FileKek, stored: Stored, place: tuple[str, str, str, str] = PLACE) -> str:
    private_key = kek.unwrap(stored.wrapped, private_key_aad(place[0], stored.kid))
    assert kid_of(public_key_of(private_key)) == stored.kid
    return open_secret(private_key, stored.sealed, secret_info(*place), name="Acme").value


def test_the_envelope_opens_where_it_was_made() -> None:
    assert read(KEK, store(KEK, "key-4711")) == "key-4711"


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(("wsp_1", "int_2", "crd_1", "fld_1"), id="another integration"),
        pytest.param(("wsp_1", "int_1", "crd_2", "fld_1"), id="another credential"),
        pytest.param(("wsp_1", "int_1", "crd_1", "fld_2"), id="another field"),
        pytest.param(("wsp_1", "int_1c", "rd_1", "fld_1"), id="ids split elsewhere"),
        pytest.param(("wsp_1", "int_1", "crd_1f", "ld_1"), id="ids split elsewhere, further right"),
    ],
)
def test_a_secret_moved_within_a_workspace_does_not_open(place: tuple[str, str, str, str]) -> None:
    with pytest.raises(SecretUnreadable):
        read(KEK, store(KEK, "key-4711"), place)


def test_nothing_moved_to_another_workspace_opens() -> None:
    stored, elsewhere = store(KEK, "key-4711"), ("wsp_2", *PLACE[1:])

    with pytest.raises(KekMismatch):
        read(KEK, stored, elsewhere)
    private_key = KEK.unwrap(stored.wrapped, private_key_aad(PLACE[0], stored.kid))
    with pytest.raises(SecretUnreadable):
        open_secret(private_key, stored.sealed, secret_info(*elsewhere), name="Acme")


def test_two_secrets_swapped_between_key_pairs_do_not_open() -> None:
    one, two = store(KEK, "key-1"), store(KEK, "key-2")

    with pytest.raises(SecretUnreadable):
        read(KEK, one._replace(sealed=two.sealed))
    with pytest.raises(KekMismatch):
        read(KEK, one._replace(wrapped=two.wrapped))
    with pytest.raises(KekMismatch):
        read(KEK, one._replace(kid=two.kid))


def test_the_wrong_kek_opens_nothing() -> None:
    with pytest.raises(KekMismatch):
        read(EnvKek(new_text()), store(KEK, "key-4711"))


def test_the_secret_brings_the_hosts_it_was_typed_for(pair: KeyPair, info: bytes) -> None:
    sealed = seal_secret(pair.public_key, "key-4711", HOSTS, info)

    # Whoever writes to the database can put other hosts beside the sealed text, not inside it.
    entries = [parse_host_entry(host) for host in open_secret(pair.private_key, sealed, info, name="Acme").hosts]

    assert is_host_allowed(entries, parse_url("https://api.acme.com/v1"))
    assert not is_host_allowed(entries, parse_url("https://evil.example/v1"))


def test_values_stay_readable_while_and_after_the_kek_is_replaced(folder: Path) -> None:
    stored = store(FileKek.create(folder), "key-4711")

    during = FileKek.begin_rotation(folder)
    assert read(during, stored) == "key-4711"
    moved = stored._replace(wrapped=during.rewrap(stored.wrapped, private_key_aad(PLACE[0], stored.kid)))
    FileKek.end_rotation(folder)

    assert read(FileKek.load(folder), moved) == "key-4711"


def test_values_stay_readable_while_and_after_the_key_pair_is_replaced() -> None:
    old = store(KEK, "key-4711")

    new = store(KEK, read(KEK, old))

    assert new.kid != old.kid
    assert read(KEK, old) == read(KEK, new) == "key-4711"
