"""The body of an answer is read exactly, once, and never breaks the reader."""

from __future__ import annotations

import contextlib
import json
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.actions.content import MAX_DEPTH, MAX_NODES, Content, decode_json
from recado.errors import ResponseJsonLimit, ResponseNotJson

JSON = "application/json"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18446744073709551617", 2**64 + 1),
        ("12.10", Decimal("12.10")),
        ("1e400", Decimal("1E+400")),
        ('"\\ud83d\\ude00"', "😀"),
        ("null", None),
        ('{"a":1,"a":2}', {"a": 2}),
    ],
)
def test_json_is_exact(text: str, value: object) -> None:
    decoded = decode_json(text.encode())
    assert decoded == value
    assert str(decoded) == str(value)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b"[Infinity]", b'"\\ud800"', b'"\xff"', b"[1,]", b"{}{}", b"'a'", b"\x00", b'"a', b'["\\'],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(ResponseNotJson):
        decode_json(body)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_depth_64_is_read_and_65_is_not(opening: str, closing: str) -> None:
    levels = opening.count("[") + opening.count("{")

    def nested(depth: int) -> bytes:
        times, more = divmod(depth, levels)
        return ("[" * more + opening * times + "1" + closing * times + "]" * more).encode()

    assert decode_json(nested(MAX_DEPTH))
    with pytest.raises(ResponseJsonLimit):
        decode_json(nested(MAX_DEPTH + 1))


def test_brackets_inside_strings_do_not_count() -> None:
    text = json.dumps(["[" * 100, '\\"[[{{' * 40, "{,[" * 50_000])
    assert decode_json(text.encode())[0] == "[" * 100


def test_100_000_values_are_read_and_one_more_is_not() -> None:
    assert len(decode_json(b"[" + b",".join([b"1"] * (MAX_NODES - 1)) + b"]")) == MAX_NODES - 1
    with pytest.raises(ResponseJsonLimit):
        decode_json(b"[" + b",".join([b"1"] * MAX_NODES) + b"]")
    with pytest.raises(ResponseJsonLimit):
        decode_json(b"[" + b",".join([b"[]"] * MAX_NODES) + b"]")


@pytest.mark.parametrize("text", ["9" * 4301, "1e99999999999999999999"])
def test_a_number_nothing_can_hold_is_a_limit(text: str) -> None:
    with pytest.raises(ResponseJsonLimit):
        decode_json(f'{{"n":{text}}}'.encode())


MEBIBYTE = 1 << 20
HOSTILE = {
    "open brackets": b"[" * MEBIBYTE,
    "open objects": b'{"a":' * (MEBIBYTE // 5),
    "pairs": b"[" + b"[]," * (MEBIBYTE // 3) + b"[]]",
    "an open string of escaped quotes": b'["' + b'\\"' * (MEBIBYTE // 2),
    "an open string of brackets": b'["' + b"[{" * (MEBIBYTE // 2),
    "backslashes": b'["' + b"\\" * MEBIBYTE,
    "quotes": b'"' * MEBIBYTE + b"[" * 70,
    "commas": b"," * MEBIBYTE,
    "chains of depth 64": b"[" + (b"[" * 63 + b"]" * 63 + b",") * 1500 + b"1]",
    "long integers": b"[" + (b"9" * 4300 + b",") * 240 + b"1]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_of_1_mib_costs_little(name: str) -> None:
    """At most ten times an ordinary one's, in one of the moments in which both are looked at: a busy machine spoils some."""
    ordinary = json.dumps([{"id": number, "name": "Ana", "tags": ["a", "b"]} for number in range(20_000)]).encode()

    def cost(body: bytes) -> float:
        before = time.thread_time()
        with contextlib.suppress(ResponseJsonLimit, ResponseNotJson):
            decode_json(body)
        return time.thread_time() - before

    assert any(cost(HOSTILE[name]) < 10 * cost(ordinary) for _ in range(20))


@given(st.binary() | st.text('[]{},:"\\1a ').map(str.encode))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    for content_type in (JSON, "text/plain", "image/png", ""):
        content = Content(body, content_type)
        assert content.kind in {"json", "text", "binary", "empty"}
        assert (content.text is None) == (content.kind in {"binary", "empty"})


def test_json_by_any_of_its_types() -> None:
    for content_type in (
        "application/json",
        "APPLICATION/JSON; charset=utf-8",
        "text/json",
        "application/problem+json",
    ):
        content = Content(b' {"a":1}', content_type)
        assert content.json == {"a": 1}
        assert not content.is_mislabelled


def test_a_byte_order_mark_is_no_part_of_the_body() -> None:
    assert Content(b'\xef\xbb\xbf{"a":1}', JSON).json == {"a": 1}


def test_json_in_another_charset_is_read() -> None:
    assert Content('{"a":"ñ"}'.encode("latin-1"), "application/json; charset=iso-8859-1").json == {"a": "ñ"}
    assert Content('{"a":"ñ"}'.encode("utf-16"), 'application/json; charset="utf-16"').json == {"a": "ñ"}
    for charset in ("base64", "no-such", "utf-16"):  # what cannot be meant is passed over
        assert Content(b'{"a":1} ', f"application/json; charset={charset}").text is not None
    assert Content(b'{"a":1}', "application/json; charset=base64").json == {"a": 1}
    assert Content(b'{"a":1}', "application/json; charset=no-such").json == {"a": 1}
    assert Content(b'{"a":1}', "application/json; charset=utf-16").json == {"a": 1}


def test_json_under_a_wrong_content_type_is_read_and_noted() -> None:
    content = Content(b'\n{"id":"VLD1"}', "text/html; charset=utf-8")
    assert content.kind == "json"
    assert content.json == {"id": "VLD1"}
    assert content.is_mislabelled


def test_a_scalar_under_a_text_type_is_text() -> None:
    content = Content(b"12", "text/plain")
    assert (content.kind, content.text, content.is_mislabelled) == ("text", "12", False)


def test_invalid_json_is_kept_as_text() -> None:
    content = Content(b"<html>down</html>", JSON)
    assert (content.kind, content.text) == ("text", "<html>down</html>")
    with pytest.raises(ResponseNotJson):
        _ = content.json


def test_json_beyond_a_limit_is_kept_as_text_too() -> None:
    content = Content(b"[" * 65 + b"]" * 65, JSON)
    assert content.text == "[" * 65 + "]" * 65
    with pytest.raises(ResponseJsonLimit):
        _ = content.json


@pytest.mark.parametrize(
    ("body", "content_type", "kind", "text"),
    [
        (b"", JSON, "empty", None),
        (b" \r\n", "", "empty", None),
        ("<a>ñ</a>".encode(), "application/xml", "text", "<a>ñ</a>"),
        ("ñ".encode("latin-1"), "text/plain; charset=ISO-8859-1", "text", "ñ"),
        ("ñ".encode("latin-1"), "text/plain", "text", "ñ"),
        (b"hello", "", "text", "hello"),
        (b"hello", "application/octet-stream", "text", "hello"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "binary", None),
        (b"a\x00b", "application/octet-stream", "binary", None),
    ],
)
def test_text_nothing_and_binary(body: bytes, content_type: str, kind: str, text: str | None) -> None:
    content = Content(body, content_type)
    assert (content.kind, content.text) == (kind, text)
    with pytest.raises((LookupError, ResponseNotJson)):
        _ = content.json
