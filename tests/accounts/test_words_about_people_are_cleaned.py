"""E-mail addresses and names are brought into one form, and what is neither is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.accounts.tokens import digest, is_api_key, is_token, key_prefix, new_api_key, new_token
from recado.accounts.words import clean_email, clean_name, name_of
from recado.errors import FieldRequired, FieldTooLong, Invalid
from recado.ids import new_id


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (" Ana@Acme.Example\n", "ana@acme.example"),
        ("josé@acme.example", "josé@acme.example"),
        ("jose\u0301@acme.example", "josé@acme.example"),
        ("o'hara+x@mail.acme.example", "o'hara+x@mail.acme.example"),
        ("ops@localhost", "ops@localhost"),
    ],
)
def test_an_address_has_one_form(text: str, clean: str) -> None:
    assert clean_email(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "ana",
        "@acme.example",
        "ana@",
        "a@b@c",
        "a na@acme.example",
        "ana@acme..example",
        "ana@.example",
        "a\x00@b.c",
        "x" * 65 + "@acme.example",
        "a@" + "x" * 260,
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        clean_email(text)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_email, clean_name):
        try:
            once = clean(text)
        except Invalid:
            continue
        assert clean(once) == once
        once.encode()
        assert "\x00" not in once


def test_a_name_is_trimmed_and_bounded() -> None:
    assert clean_name("  Ana María ") == "Ana María"
    assert name_of(" ", "ana@acme.example") == "ana"
    with pytest.raises(FieldRequired):
        clean_name(" \t ")
    with pytest.raises(FieldTooLong):
        clean_name("x" * 201)


def test_tokens_are_long_enough_and_told_apart_by_their_shape() -> None:
    key_id, token = new_id("key"), new_token()
    key = new_api_key(key_id)
    assert key.startswith(key_prefix(key_id))
    assert is_api_key(key.encode())
    assert not is_api_key(token.encode())
    assert is_token(token)
    assert not is_token(key)
    assert digest(key) == digest(key.encode()) != digest(new_api_key(key_id))
