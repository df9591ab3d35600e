"""Undoes the compression of a body while it streams in, never holding more than the limit."""

from __future__ import annotations

import zlib
from typing import Protocol

from recado.errors import ResponseEncoding, ResponseTooLarge
from recado.outbound.limits import size_text

_GZIP_WBITS = 31
_ZLIB_WBITS = 15
_RAW_WBITS = -15
_MAX_MEMBERS = 16  # gzip members in one body; each costs a new 32 KiB window


class Decoder(Protocol):
    """Takes pieces of an encoded body and gives the decoded one at its end."""

    def feed(self, data: bytes) -> None:
        """Take one piece; raises ResponseTooLarge or ResponseEncoding."""

    def finish(self) -> bytes:
        """The whole decoded body; raises ResponseEncoding when it was cut short."""


def make_decoder(content_encoding: str, limit: int) -> Decoder | None:
    """The decoder for a Content-Encoding (RFC 9110 §8.4.1); None for `identity`.

    A coding nobody asked for gives a decoder that refuses the first byte, as an empty body is fine under any coding.
    """
    match content_encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return _Gzip(limit)
        case "deflate":
            return _Deflate(limit)
        case _:
            return _Refusal()


class _Refusal:
    def feed(self, data: bytes) -> None:
        if data:
            raise ResponseEncoding

    def finish(self) -> bytes:
        return b""


class _Inflater:
    """Counted inflating; `feed` of the formats below ends here."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._output = bytearray()

    def _inflate(self, stream: zlib._Decompress, data: bytes) -> None:
        # one byte more than may come is enough to know that there is too much
        try:
            self._output += stream.decompress(data, self._limit - len(self._output) + 1)
        except zlib.error:
            raise ResponseEncoding from None
        if len(self._output) > self._limit:
            raise ResponseTooLarge(limit=size_text(self._limit))


class _Gzip(_Inflater):
    """RFC 1952, one member or several."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._stream: zlib._Decompress | None = None
        self._members = 0

    def feed(self, data: bytes) -> None:
        while data:
            if self._stream is None:
                self._stream = zlib.decompressobj(_GZIP_WBITS)
                self._members += 1
                if self._members > _MAX_MEMBERS:
                    raise ResponseEncoding
            self._inflate(self._stream, data)
            if not self._stream.eof:
                return
            data = self._stream.unused_data
            self._stream = None

    def finish(self) -> bytes:
        if self._stream is not None:
            raise ResponseEncoding
        return bytes(self._output)


class _Deflate(_Inflater):
    """RFC 9110 §8.4.1.2 means the zlib format; some servers send the bare stream, so the first two bytes decide."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._stream: zlib._Decompress | None = None
        self._start = b""

    def feed(self, data: bytes) -> None:
        if self._stream is None:
            data = self._start + data
            if len(data) < 2:
                self._start = data
                return
            is_zlib = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0  # RFC 1950 §2.2
            self._stream = zlib.decompressobj(_ZLIB_WBITS if is_zlib else _RAW_WBITS)
        elif self._stream.eof and data:
            raise ResponseEncoding
        self._inflate(self._stream, data)
        if self._stream.unused_data:
            raise ResponseEncoding

    def finish(self) -> bytes:
        if self._start and self._stream is None:
            raise ResponseEncoding
        if self._stream is not None and not self._stream.eof:
            raise ResponseEncoding
        return bytes(self._output)
