"""A secret is hidden in every form an answer, a header or a log line may show it in, and nothing else is touched."""

from __future__ import annotations

import base64
import binascii
import html
import json
import math
import urllib.parse
from collections.abc import Callable
from decimal import Decimal

import msgspec
import pytest
import yarl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recado.outbound.masking import MASK, Masker

KEY = "sk_live_9f8e7d6c5b4a"
ODD = "p@ss/w+rd~ 'x\"<&>=%!\\ñ€"


def lowered_escapes(text: str) -> str:
    """`%2F` -> `%2f`."""
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def component(text: str) -> str:
    """What JavaScript's encodeURIComponent gives."""
    return urllib.parse.quote(text, safe="!'()*")


WRITERS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "with its scheme": lambda text: f"Bearer {text}",
    "quote": lambda text: urllib.parse.quote(text, safe=""),
    "quote for a path": urllib.parse.quote,
    "quote in small letters": lambda text: lowered_escapes(urllib.parse.quote(text, safe="")),
    "quote_plus": urllib.parse.quote_plus,
    "quote_plus in small letters": lambda text: lowered_escapes(urllib.parse.quote_plus(text)),
    "urlencode": lambda text: urllib.parse.urlencode({"k": text})[2:],
    "quote twice": lambda text: urllib.parse.quote(urllib.parse.quote(text, safe=""), safe=""),
    "quote_plus twice": lambda text: urllib.parse.quote_plus(urllib.parse.quote_plus(text)),
    "encodeURIComponent": component,
    "encodeURIComponent twice": lambda text: component(component(text)),
    "encodeURI": lambda text: urllib.parse.quote(text, safe="!'()*;,/?:@&=+$#"),
    "a query by another library": lambda text: str(yarl.URL("http://h/").with_query({"k": text})).partition("k=")[2],
    "json": lambda text: json.dumps(text)[1:-1],
    "json in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json by another library": lambda text: msgspec.json.encode(text).decode()[1:-1],
    "json with slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "json for pages": lambda text: (
        json.dumps(text)[1:-1].replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    ),
    "json twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "html": html.escape,
    "html, quotes bare": lambda text: html.escape(text, quote=False),
    "html with decimal entities": lambda text: html.escape(text).replace("&#x27;", "&#39;"),
    "html in ASCII": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace").decode(),
    "hex": lambda text: binascii.hexlify(text.encode()).decode(),
    "hex in capitals": lambda text: text.encode().hex().upper(),
    "a Python text": lambda text: repr(text)[1:-1],
    "Python bytes": lambda text: repr(text.encode())[2:-1],
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64url without padding": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 in a URL": lambda text: urllib.parse.quote(base64.b64encode(text.encode()).decode(), safe=""),
    "UTF-8 read as Latin-1": lambda text: text.encode().decode("latin-1"),
}

TOKENS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.", min_size=8, max_size=64)
TYPED = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=8, max_size=40)
FOREIGN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=8, max_size=24)
SECRETS = (TOKENS | TYPED | FOREIGN).filter(lambda text: len(text.strip()) >= 8 and not Masker([text]).has_short_secret)


def check_hidden(secret: str, writer: str) -> None:
    shown = WRITERS[writer](secret)
    scheme = "Bearer " if writer == "with its scheme" else ""
    masker = Masker([secret])
    for before in ("\x01", "\x01" * 300):  # short and long texts are searched in two ways
        assert masker.contains(f"{before}{shown}\x02")
        assert masker.mask_text(f"{before}{shown}\x02") == f"{before}{scheme}{MASK}\x02"
        assert masker.mask_bytes(f"{before}{shown}\x02".encode()) == f"{before}{scheme}{MASK}\x02".encode()


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("secret", [KEY, ODD, "12345678", "~~~~~~~~", "+/+/+/+/+/", "contraseña", "🔑🔑🔑🔑🔑🔑🔑🔑"])
def test_each_form_is_hidden(secret: str, writer: str) -> None:
    check_hidden(secret, writer)


@given(SECRETS, st.sampled_from(sorted(WRITERS)))
@settings(max_examples=300)
def test_any_secret_in_any_form_is_hidden(secret: str, writer: str) -> None:
    check_hidden(secret, writer)


@pytest.mark.slow
@given(SECRETS, st.sampled_from(sorted(WRITERS)))
@settings(max_examples=3000, deadline=None)
def test_any_secret_in_any_form_is_hidden_many_times(secret: str, writer: str) -> None:
    check_hidden(secret, writer)


def own_characters(before: int, length: int) -> slice:
    """The base64 characters that come from `length` bytes after `before` others, and from no byte beside them."""
    return slice(math.ceil(before * 8 / 6), (before + length) * 8 // 6)


def check_hidden_in_base64(secret: str, before: bytes, after: bytes) -> None:
    raw = secret.encode()
    shown = base64.b64encode(before + raw + after)
    own = shown[own_characters(len(before), len(raw))]
    for text in (shown, shown.translate(bytes.maketrans(b"+/", b"-_"))):
        masked = Masker([secret]).mask_bytes(text)
        assert MASK.encode() in masked
        assert own not in masked
        assert own.translate(bytes.maketrans(b"+/", b"-_")) not in masked


@given(SECRETS, st.binary(max_size=12), st.binary(max_size=12))
@settings(max_examples=300)
@example(KEY, b"ana:", b"")
@example(KEY, b"", b":")
def test_a_secret_inside_base64_is_hidden_but_for_shared_characters(secret: str, before: bytes, after: bytes) -> None:
    check_hidden_in_base64(secret, before, after)


@pytest.mark.slow
@given(SECRETS, st.binary(max_size=12), st.binary(max_size=12))
@settings(max_examples=3000, deadline=None)
def test_a_secret_inside_base64_is_hidden_many_times(secret: str, before: bytes, after: bytes) -> None:
    check_hidden_in_base64(secret, before, after)


@given(SECRETS, st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_what_holds_no_secret_is_left_as_it_is(secret: str, text: str) -> None:
    masker = Masker([secret])
    if not masker.contains(text):
        assert masker.mask_text(text) == text
        assert masker.mask_bytes(text.encode()) == text.encode()


@given(SECRETS, st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=4))
def test_utf8_stays_utf8(secret: str, pieces: list[str]) -> None:
    assert Masker([secret]).mask_bytes(secret.join(pieces).encode()).decode() is not None


@given(st.lists(SECRETS, min_size=1, max_size=3), st.sampled_from(sorted(WRITERS)))
def test_several_secrets_are_hidden_together(secrets: list[str], writer: str) -> None:
    shown = " ".join(WRITERS[writer](secret) for secret in secrets)
    masked = Masker(secrets).mask_text(shown)
    assert not Masker([secrets[0]]).contains(masked) or secrets[0] in MASK * 3


def test_the_longer_secret_is_hidden_first() -> None:
    assert Masker([KEY, KEY + "-extended"]).mask_text(f"{KEY}-extended {KEY}") == "*** ***"


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("Bearer abcdefgh1234", "token is abcdefgh1234."),
        ("bearer  abcdefgh1234", "token is abcdefgh1234."),
        ("Token abcdefgh1234", "abcdefgh1234"),
        ("  abcdefgh1234\t", "[abcdefgh1234]"),
        ("Basic YW5hOmNvcnJlY3QtaG9yc2U=", "password correct-horse refused"),
        ("Basic YW5hOmNvcnJlY3QtaG9yc2U=", "user ana:correct-horse"),
        ("Basic YW5hOmNvcnJlY3QtaG9yc2U=", "got YW5hOmNvcnJlY3QtaG9yc2U="),
    ],
)
def test_what_stands_beside_the_secret_does_not_save_it(secret: str, shown: str) -> None:
    masked = Masker([secret]).mask_text(shown)
    assert MASK in masked
    for part in ("abcdefgh1234", "correct-horse", "YW5hOmNvcnJl"):
        assert part not in masked


def test_header_names_and_values_are_masked() -> None:
    headers = [("X-Echo", f"got {KEY}"), (KEY.title(), "1"), ("Content-Type", "text/plain")]
    assert Masker([KEY]).mask_headers(headers) == [("X-Echo", "got ***"), ("***", "1"), ("Content-Type", "text/plain")]
    assert Masker([KEY]).mask_headers(headers[2:]) == headers[2:]


def test_a_tree_is_masked_in_strings_keys_and_numbers() -> None:
    masker = Masker([KEY, "1234567890"])
    tree = {
        KEY: [f"a{KEY}b", {"n": 1234567890, "d": Decimal("1234567890.5"), "i": 7, "t": True, "none": None}],
        "raw": KEY.encode(),
    }
    assert masker.contains_in_tree(tree)
    masked = masker.mask_tree(tree)
    assert masked == {"***": ["a***b", {"n": "***", "d": "***", "i": 7, "t": True, "none": None}], "raw": b"***"}
    assert not masker.contains_in_tree(masked)


def test_a_short_secret_is_hidden_only_where_it_is_the_whole_value() -> None:
    masker = Masker(["pin 4711", "4711"])
    assert masker.has_short_secret
    assert masker.mask_text("4711") == MASK
    assert masker.mask_text("room 4711") == "room 4711"
    assert masker.mask_text("NDcxMQ==") == MASK
    assert masker.mask_text("see pin 4711") == "see ***"
    assert masker.mask_tree({"code": 4711, "room": 471}) == {"code": MASK, "room": 471}
    assert masker.mask_headers([("4711", "x"), ("a", "4711")]) == [(MASK, "x"), ("a", MASK)]
    assert masker.contains("4711")
    assert not masker.contains("room 4711")


def test_a_short_secret_behind_a_scheme_counts_as_short() -> None:
    assert Masker(["Bearer abc"]).has_short_secret
    assert not Masker([KEY]).has_short_secret


def test_without_secrets_nothing_is_masked() -> None:
    for masker in (Masker([]), Masker([""])):
        assert masker.is_empty
        assert not masker.has_short_secret
        assert masker.mask_bytes(b"") == b""
        assert masker.mask_text("anything") == "anything"
        assert masker.mask_headers([("a", "b")]) == [("a", "b")]
    assert not Masker([KEY]).is_empty


def test_a_secret_outside_ascii_is_hidden_in_latin_1_but_never_inside_utf8_letters() -> None:
    secret = "¤hello-world"
    assert Masker([secret]).mask_bytes("está ".encode("latin-1") + secret.encode("latin-1")) == "está ***".encode(
        "latin-1"
    )
    assert Masker([secret]).mask_bytes("ähello-world".encode()) == "ähello-world".encode()


@pytest.mark.parametrize("secret", [KEY, ODD, "🔑🔑🔑🔑🔑🔑🔑🔑"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_a_body_in_utf_16_is_masked_and_can_still_be_read(secret: str, encoding: str) -> None:
    for after in ("wrong", "wrong" * 50):
        masked = Masker([secret]).mask_bytes(f"é {secret} {after}".encode(encoding))
        assert masked.decode(encoding) == f"é *** {after}"


def test_broken_text_passes_through() -> None:
    assert Masker([KEY]).mask_text(f"\ud800{KEY}\udfff") == "\ud800***\udfff"
    assert Masker([KEY]).mask_bytes(b"\xff\xfe" + KEY.encode()) == b"\xff\xfe***"
