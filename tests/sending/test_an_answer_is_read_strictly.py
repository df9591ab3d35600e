"""One answer, read from bytes that come in any pieces: what is taken, what is refused, and whether the connection may go on."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recado.errors import CallBroken, ResponseTooLarge, UpstreamBadResponse
from recado.outbound.limits import Limits
from recado.outbound.reader import ResponseReader

CASES: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("answers.json").read_text())
LIMITS = Limits()


def read(case: dict[str, Any], cuts: list[int]) -> ResponseReader:
    """Feed the bytes of a case, cut at these places; bytes after the end come with it, as in one segment."""
    data = case["bytes"].encode("latin-1")
    reader = ResponseReader(LIMITS)
    reader.begin(case.get("method", "GET"))
    begin = 0
    for cut in [*sorted(cut % (len(data) + 1) for cut in cuts), len(data)]:
        if cut > begin:
            is_complete = reader.feed(data[begin:cut])
            begin = cut
            if is_complete:
                return reader
    assert case.get("ends"), "the answer is not complete"
    reader.end(is_orderly=True)
    return reader


@pytest.mark.parametrize("case", CASES["read"], ids=lambda case: case["name"])
def test_a_good_answer_is_read(case: dict[str, Any]) -> None:
    reader = read(case, [])
    assert (reader.status, reader.take_body().decode("latin-1")) == (case["status"], case["body"])
    assert reader.is_reusable is case["is_reusable"]


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["name"])
def test_a_bad_answer_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(CallBroken) as problem:
        read(case, []).take_body()
    assert problem.value.code == case["error"]
    assert str(problem.value)


@given(case=st.sampled_from(CASES["read"]), cuts=st.lists(st.integers(0, 10_000), max_size=8))
@settings(deadline=None)
def test_it_does_not_matter_in_which_pieces_an_answer_arrives(case: dict[str, Any], cuts: list[int]) -> None:
    reader = read(case, cuts)
    assert (reader.status, reader.take_body().decode("latin-1")) == (case["status"], case["body"])
    assert reader.is_reusable or not case["is_reusable"]


@given(case=st.sampled_from(CASES["refused"]), cuts=st.lists(st.integers(0, 10_000), max_size=8))
@settings(deadline=None)
def test_nor_for_what_is_refused(case: dict[str, Any], cuts: list[int]) -> None:
    with pytest.raises(CallBroken) as problem:
        read(case, cuts).take_body()
    assert problem.value.code == case["error"]


@given(data=st.lists(st.binary(max_size=60), max_size=5))
@settings(deadline=None, max_examples=200)
def test_any_bytes_at_all_end_in_an_answer_or_an_error_of_ours(data: list[bytes]) -> None:
    reader = ResponseReader(LIMITS)
    reader.begin("GET")
    try:
        if not any(reader.feed(piece) for piece in [b"HTTP/1.1 200 OK\r\n", *data]):
            reader.end(is_orderly=True)
        reader.take_body()
    except CallBroken as problem:
        assert problem.outcome in {"bad_response", "network"}  # noqa: PT017 - both ends are fine


def test_headers_keep_order_case_and_repetition() -> None:
    reader = ResponseReader(LIMITS)
    reader.begin("GET")
    lines = b"X-Empty:\r\nx-case: \t two  words \t \r\nX-Twice: 1\r\nX-Twice: 2\r\nX-Latin: caf\xe9\r\nContent-Length: 0\r\n"
    assert reader.feed(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n")
    assert reader.headers == [
        ("X-Empty", ""),
        ("x-case", "two  words"),
        ("X-Twice", "1"),
        ("X-Twice", "2"),
        ("X-Latin", "café"),
        ("Content-Length", "0"),
    ]


def test_one_reader_reads_answer_after_answer() -> None:
    reader = ResponseReader(LIMITS)
    for method, body in (("GET", b"one"), ("HEAD", b""), ("POST", b"three"), ("HEAD", b""), ("GET", b"")):
        reader.begin(method)
        assert reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        assert (reader.take_body(), reader.is_reusable) == (body, True)


PLAIN = b"HTTP/1.1 200 OK\r\nX-Case: Kept\r\nContent-Length: 3\r\n"
ONE_AFTER_ANOTHER = [
    ("GET", PLAIN + b"\r\none"),
    ("POST", PLAIN + b"\r\ntwo"),
    ("HEAD", PLAIN + b"\r\n"),
    ("HEAD", PLAIN + b"\r\none"),
    ("GET", PLAIN.replace(b"200 OK", b"404 No") + b"\r\nnot"),
    ("GET", PLAIN.replace(b"Kept", b"Held") + b"\r\none"),
    ("GET", PLAIN + b"Keep-Alive: timeout=30\r\n\r\none"),
    ("GET", PLAIN + b"Connection: close\r\n\r\none"),
    ("GET", PLAIN + b"\r\noneHTTP"),
    ("GET", b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN + b"\r\none"),
    ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
    ("GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n"),
    (
        "GET",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(gzip.compress(b"one", mtime=0))
        + gzip.compress(b"one", mtime=0),
    ),
]


def seen(reader: ResponseReader, method: str, data: bytes, cut: int) -> tuple[Any, ...]:
    """All that one answer shows, when it comes in two pieces."""
    reader.begin(method)
    is_complete = [reader.feed(piece) for piece in (data[:cut], data[cut:]) if piece]
    return (
        *is_complete, reader.status, reader.headers, reader.take_body(), reader.is_reusable, reader.keep_alive_seconds,
    )  # fmt: skip


@pytest.mark.parametrize("cut", [0, 5, 40])
@pytest.mark.parametrize(("method", "data"), ONE_AFTER_ANOTHER)
def test_an_answer_reads_the_same_whatever_came_before_it(method: str, data: bytes, cut: int) -> None:
    for earlier in itertools.product(ONE_AFTER_ANOTHER, repeat=2):
        used = ResponseReader(LIMITS)
        for before in (*earlier, ("GET", PLAIN + b"\r\none")):
            seen(used, *before, 0)
            if not used.is_reusable:
                break
        else:
            assert seen(used, method, data, cut) == seen(ResponseReader(LIMITS), method, data, cut)
            if used.is_reusable:
                assert seen(used, method, data, cut) == seen(ResponseReader(LIMITS), method, data, cut)


def test_a_header_that_looks_like_the_answer_before_is_a_header() -> None:
    reader = ResponseReader(LIMITS)
    plain = PLAIN + b"\r\none"
    seen(reader, "GET", plain, 0)
    begin = b"HTTP/1.1 200 OK\r\nX-Echo: "
    headers = seen(reader, "GET", begin + plain, len(begin))[3]
    assert headers == [("X-Echo", "HTTP/1.1 200 OK"), ("X-Case", "Kept"), ("Content-Length", "3")]


@pytest.mark.parametrize(("size", "is_fine"), [(1024 * 1024, True), (1024 * 1024 + 1, False)])
@pytest.mark.parametrize("framing", ["length", "chunks", "end"])
def test_a_body_may_have_one_mebibyte_and_not_a_byte_more(framing: str, size: int, is_fine: bool) -> None:
    body = b"a" * size
    reader = ResponseReader(LIMITS)
    reader.begin("GET")
    data = {
        "length": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (size, body),
        "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (size, body),
        "end": b"HTTP/1.1 200 OK\r\n\r\n" + body,
    }[framing]
    if not is_fine:
        with pytest.raises(ResponseTooLarge, match="1 MiB"):
            reader.feed(data)
        return
    if not reader.feed(data):
        reader.end(is_orderly=True)
    assert reader.take_body() == body


@pytest.mark.parametrize(
    ("head", "is_fine"),
    [
        (b"X: a\r\n" * 99, True),
        (b"X: a\r\n" * 100, False),
        (b"X: %b\r\n" % (b"a" * 8185), True),
        (b"X: %b\r\n" % (b"a" * 8186), False),
        (b"X: %b\r\n" % (b"a" * 8000) * 4, True),
        (b"X: %b\r\n" % (b"a" * 8185) * 4, False),
    ],
    ids=["100 headers", "101 headers", "a line of 8190 bytes", "8191 bytes", "32 KiB", "a little more"],
)
@pytest.mark.parametrize("is_whole", [True, False])
def test_a_head_has_limits(head: bytes, is_fine: bool, is_whole: bool) -> None:
    data = b"HTTP/1.1 200 OK\r\n%bContent-Length: 0\r\n\r\n" % head
    reader = ResponseReader(LIMITS)
    reader.begin("GET")
    pieces = [data] if is_whole else [data[:1000], data[1000:-2], data[-2:]]
    if is_fine:
        assert [reader.feed(piece) for piece in pieces][-1]
        return
    with pytest.raises(UpstreamBadResponse):
        any(reader.feed(piece) for piece in pieces)


def test_framing_has_a_limit_too() -> None:
    reader = ResponseReader(LIMITS)
    reader.begin("GET")
    reader.feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    with pytest.raises(UpstreamBadResponse, match="framing"):
        any(reader.feed(b"1\r\na\r\n" * 1000) for _ in range(1000))


def test_a_body_that_ends_with_the_connection_must_end_in_good_order() -> None:
    reader = ResponseReader(LIMITS)
    reader.begin("GET")
    reader.feed(b"HTTP/1.1 200 OK\r\n\r\n{}")
    with pytest.raises(CallBroken) as problem:
        reader.end(is_orderly=False)
    assert problem.value.code == "response_cut_off"
