"""gzip and deflate are undone while they stream in, and never beyond the limit."""

from __future__ import annotations

import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recado.errors import ResponseEncoding, ResponseTooLarge
from recado.outbound.decoding import make_decoder

LIMIT = 100_000
FORMATS = ["gzip", "x-gzip", "GZIP", "deflate", "deflate without header"]


def pack(coding: str, data: bytes) -> bytes:
    if coding == "deflate":
        return zlib.compress(data)
    if coding == "deflate without header":
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(data) + packer.flush()
    return gzip.compress(data)


def unpack(coding: str, *pieces: bytes) -> bytes:
    decoder = make_decoder(coding.partition(" ")[0], LIMIT)
    assert decoder is not None
    for piece in pieces:
        decoder.feed(piece)
    return decoder.finish()


@given(coding=st.sampled_from(FORMATS), data=st.binary(max_size=3000), cuts=st.lists(st.integers(0, 4000), max_size=5))
@settings(deadline=None)
def test_what_was_packed_comes_out_in_whatever_pieces(coding: str, data: bytes, cuts: list[int]) -> None:
    packed = pack(coding, data)
    marks = [0, *sorted(min(cut, len(packed)) for cut in cuts), len(packed)]
    pieces = [packed[begin:end] for begin, end in pairwise(marks)]
    assert unpack(coding, *pieces) == data


@pytest.mark.parametrize("coding", FORMATS)
def test_the_limit_is_met_to_the_byte(coding: str) -> None:
    assert unpack(coding, pack(coding, bytes(LIMIT))) == bytes(LIMIT)
    with pytest.raises(ResponseTooLarge):
        unpack(coding, pack(coding, bytes(LIMIT + 1)))


@pytest.mark.parametrize("coding", FORMATS)
def test_a_bomb_is_stopped_at_the_limit(coding: str) -> None:
    bomb = pack(coding, bytes(50_000_000))
    with pytest.raises(ResponseTooLarge):
        unpack(coding, *(bomb[begin : begin + 1000] for begin in range(0, len(bomb), 1000)))


@pytest.mark.parametrize("coding", FORMATS)
def test_nothing_unpacks_to_nothing(coding: str) -> None:
    assert unpack(coding) == b""


@pytest.mark.parametrize("coding", FORMATS)
def test_a_stream_that_stops_early_is_an_error(coding: str) -> None:
    packed = pack(coding, b"abc" * 100)
    for end in range(1, len(packed)):
        with pytest.raises(ResponseEncoding):
            unpack(coding, packed[:end])


@pytest.mark.parametrize("coding", FORMATS)
def test_bytes_behind_the_stream_are_an_error(coding: str) -> None:
    with pytest.raises(ResponseEncoding):
        unpack(coding, pack(coding, b"abc") + b"x" * 20)
    with pytest.raises(ResponseEncoding):
        unpack(coding, pack(coding, b"abc"), b"x" * 20)


def test_gzip_may_have_several_members_but_not_very_many() -> None:
    assert unpack("gzip", gzip.compress(b"a") + gzip.compress(b"b"), gzip.compress(b"c")) == b"abc"
    with pytest.raises(ResponseEncoding):
        unpack("gzip", gzip.compress(b"") * 17)


def test_damage_is_an_error() -> None:
    packed = bytearray(gzip.compress(b"abc" * 100))
    packed[-5] ^= 1  # the checksum
    with pytest.raises(ResponseEncoding):
        unpack("gzip", bytes(packed))


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "aes128gcm", "gzip;q=1"])
def test_other_codings_are_refused_with_their_first_byte(coding: str) -> None:
    assert unpack(coding) == b""
    with pytest.raises(ResponseEncoding):
        unpack(coding, b"x")


def test_identity_needs_no_decoder() -> None:
    assert make_decoder(" Identity ", LIMIT) is None
    assert make_decoder("", LIMIT) is None
