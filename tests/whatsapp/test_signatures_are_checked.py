"""Only what Meta signed with the app's secret is believed; whatever else stands in the header is wrong, and no error."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.channels.whatsapp.signature import is_signed, sign

BODY = b'{"text":"\\u00f1"}'
NOW, BEFORE, OTHER = b"a-secret-of-the-tests", b"the-one-before", b"somebody-elses"
RIGHT = "sha256=" + hmac.new(NOW, BODY, hashlib.sha256).hexdigest()


def test_what_the_secret_signed_is_believed() -> None:
    assert sign(BODY, NOW) == RIGHT
    assert is_signed(BODY, RIGHT, [NOW])
    assert not is_signed(BODY, RIGHT, [OTHER])
    assert not is_signed(BODY + b" ", RIGHT, [NOW])
    assert not is_signed('{"text":"ñ"}'.encode(), RIGHT, [NOW])  # the same JSON in other bytes


def test_two_secrets_hold_while_one_is_changed() -> None:
    for secrets in ([NOW, BEFORE], [BEFORE, NOW], (NOW,)):
        assert is_signed(BODY, RIGHT, secrets)
    assert is_signed(BODY, sign(BODY, BEFORE), [NOW, BEFORE])
    assert not is_signed(BODY, RIGHT, [])


def test_an_empty_secret_signs_nothing() -> None:
    assert not is_signed(BODY, sign(BODY, b""), [b""])
    assert is_signed(BODY, RIGHT, [b"", NOW])


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256=", RIGHT[7:], RIGHT[:-1], RIGHT + "0", "sha1=" + RIGHT[7:], "sha256=ñ" + RIGHT[8:], "sha256=" + "z" * 64,
     f"{RIGHT}, {RIGHT}", "sha256=" + "\u0661" * 64, "\x00" * 71],
    ids=str,
)  # fmt: skip
def test_a_header_of_another_form_is_wrong(header: str | None) -> None:
    assert not is_signed(BODY, header, [NOW])


def test_digits_may_be_capitals() -> None:
    assert is_signed(BODY, "sha256=" + RIGHT[7:].upper(), [NOW])


@given(st.binary(), st.text())
def test_any_header_is_looked_at(body: bytes, header: str) -> None:
    assert not is_signed(body, header, [NOW])
    assert not is_signed(body, f"sha256={header}", [NOW])
