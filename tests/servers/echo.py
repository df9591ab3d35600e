"""An upstream that sends back all it was sent, in many encodings, in its headers and in its body; or goes wrong while it does."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import re
from urllib.parse import quote, quote_plus, unquote

from servers.raw import RawServer, response

_STATUS = re.compile(rb"/status/([0-9]{3})")
_MOST_HEADER_BYTES = 2_000


def encodings(text: str) -> dict[str, str]:
    """The text as other programs write it."""
    data = text.encode()
    return {
        "raw": text,
        **{f"base64_{shift}": base64.b64encode(b"#" * shift + data).decode() for shift in range(3)},
        **{f"base64url_{shift}": base64.urlsafe_b64encode(b"#" * shift + data).decode() for shift in range(3)},
        "hex": data.hex(),
        "HEX": data.hex().upper(),
        "percent": quote(text, safe=""),
        "percent_small": re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), quote(text, safe="")),
        "percent_twice": quote(quote(text, safe=""), safe=""),
        "plus": quote_plus(text),
        "json": json.dumps(text),
        "html": html.escape(text),
        "python": repr(text),
    }


class EchoServer(RawServer):
    """Answers by path, for any method.

    `/status/401` answers 401; `/headers` echoes in headers too; `/secret` answers the X-Key header as one JSON string;
    `/moved` redirects to a URL with the request's own query; `/plain` answers the request as text; `/cut` stops half-way.
    """

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Request after request."""
        while await self._record(reader):
            writer.write(_answer(self.requests[-1]))
            await writer.drain()
            if b" /cut" in self.requests[-1].split(b"\r\n", 1)[0]:
                return


def _answer(request: bytes) -> bytes:
    text = request.decode(errors="replace")
    target = text.split(" ", 2)[1]
    head, _, body = text.partition("\r\n\r\n")
    values = [line.partition(": ")[2] for line in head.split("\r\n")[1:]]
    if target.startswith("/plain") or text.startswith("TRACE"):
        return response(200, request, ["Content-Type: message/http"])
    if target.startswith("/secret"):
        found = re.search(r"\r\nX-Key: (.*)\r\n", head + "\r\n")
        return response(
            200, json.dumps({"id": found[1] if found else None}).encode(), ["Content-Type: application/json"]
        )
    if target.startswith("/moved"):
        return response(302, b"", [f"Location: https://elsewhere.acme.com/?{target.partition('?')[2]}"])
    status = _STATUS.search(request)
    echoed = {"request": encodings(text), "values": [encodings(value) for value in [*values, body, unquote(target)]]}
    lines = ["Content-Type: application/json"]
    if target.startswith("/headers"):
        lines += [
            f"X-Echo-{number}-{name}: {encoded}"
            for number, value in enumerate(values)
            for name, encoded in encodings(value).items()
            if len(encoded) < _MOST_HEADER_BYTES and encoded.isascii() and encoded.isprintable()
        ][:90]
    whole = response(int(status[1]) if status else 200, json.dumps(echoed, ensure_ascii=False).encode(), lines)
    return whole[: len(whole) // 2] if target.startswith("/cut") else whole
