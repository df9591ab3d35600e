"""Files: uploaded by a business or sent by a person, told of with an address for five minutes, and fetched with the token."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from email.message import Message as Headers
from typing import Any, Final

from recado.emulator.asgi import Answer, Call
from recado.emulator.whatsapp.refusals import Refusal, invalid, no_such_object
from recado.emulator.whatsapp.world import Media, Number, World

_DAY: Final = 86_400.0
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")
_MB: Final = 1 << 20
_LIMITS: Final = {
    "image/jpeg": 5 * _MB,
    "image/png": 5 * _MB,
    "image/webp": 500 * 1024,
    "video/mp4": 16 * _MB,
    "video/3gpp": 16 * _MB,
    "audio/aac": 16 * _MB,
    "audio/amr": 16 * _MB,
    "audio/mpeg": 16 * _MB,
    "audio/mp4": 16 * _MB,
    "audio/ogg": 16 * _MB,
}
_DOCUMENTS: Final = ("application/", "text/")
MAX_UPLOAD_BYTES: Final = 101 * _MB
MAX_SHELF_BYTES: Final = 512 * _MB
MAX_FILES: Final = 2000
_MOST_OF_DOCUMENTS: Final = 100 * _MB


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form."""

    name: str
    filename: str
    mime_type: str
    data: bytes


def parts_of(call: Call) -> list[Part]:
    """The parts of a multipart form; none when it is not one."""
    kind, found = _header(call.header(b"content-type"))
    boundary = found.get("boundary", "")
    if kind != "multipart/form-data" or not boundary:
        return []
    parts = []
    for piece in (b"\r\n" + call.body).split(b"\r\n--" + boundary.encode())[1:]:
        head, is_there, data = piece.partition(b"\r\n\r\n")
        if not is_there:
            continue
        lines = [line.partition(":") for line in head.decode("utf-8", "replace").strip().split("\r\n")]
        headers = {name.strip().lower(): value.strip() for name, _, value in lines}
        _, given = _header(headers.get("content-disposition", ""))
        parts.append(Part(given.get("name", ""), given.get("filename", ""), headers.get("content-type", ""), data))
    return parts


def _header(text: str) -> tuple[str, dict[str, str]]:
    """A header's value and its parameters."""
    headers = Headers()
    headers["content-type"] = text
    pairs = headers.get_params(failobj=[])
    if not pairs:
        return "", {}
    return pairs[0][0].lower(), {name.lower(): str(value) for name, value in pairs[1:]}


class MediaShelf:
    """Keeps the files and gives them out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: dict[str, tuple[str, float]] = {}

    def upload(self, number: Number, call: Call) -> dict[str, Any]:
        """`POST /{phone_number_id}/media`. Raises Refusal."""
        parts = {part.name: part for part in parts_of(call)}
        if "messaging_product" not in parts or parts["messaging_product"].data != b"whatsapp":
            raise invalid("The parameter messaging_product is required.")
        file = parts.get("file")
        if file is None:
            raise invalid("The parameter file is required.")
        mime_type = file.mime_type or (parts["type"].data.decode("latin-1") if "type" in parts else "")
        self._check(mime_type.partition(";")[0].strip().lower(), len(file.data))
        return {"id": self.keep(file.data, mime_type, number.id, file.filename).id}

    @staticmethod
    def _check(mime_type: str, size: int) -> None:
        most = _LIMITS.get(mime_type, _MOST_OF_DOCUMENTS if mime_type.startswith(_DOCUMENTS) else 0)
        if mime_type == "application/octet-stream" or not most:
            raise invalid(
                f"Param file must be a file with one of the allowed types. Received file of type '{mime_type}'."
            )
        if not size:
            raise Refusal(131053, "The file is empty.")
        if size > most:
            raise Refusal(131053, f"The file has {size} bytes; {most} are allowed.")

    def keep(self, data: bytes, mime_type: str, number_id: str, filename: str = "", days: float | None = None) -> Media:
        """Put a file on the shelf."""
        world = self._world
        lasts = (world.options.media_days if days is None else days) * _DAY
        sha256 = base64.b64encode(hashlib.sha256(data).digest()).decode()
        media = Media(
            world.ids.digits("media"), data, mime_type, sha256, number_id, world.clock.now() + lasts, filename
        )
        world.media[media.id] = media
        self._tidy()
        return media

    def _tidy(self) -> None:
        """Forget the oldest files when there are too many."""
        shelf = self._world.media
        size = sum(len(media.data) for media in shelf.values())
        while len(shelf) > 1 and (size > MAX_SHELF_BYTES or len(shelf) > MAX_FILES):
            size -= len(shelf.pop(next(iter(shelf))).data)

    def find(self, media_id: str, number_id: str | None = None) -> Media:
        """A file that is still kept, and is that number's when one is named. Raises Refusal."""
        media = self._world.media.get(media_id)
        if media is None or media.expires_at <= self._world.clock.now() or number_id not in {None, media.number_id}:
            raise no_such_object(media_id)
        return media

    def url(self, media: Media) -> str:
        """An address for the file, good for five minutes."""
        now = self._world.clock.now()
        self._tickets = {word: ticket for word, ticket in self._tickets.items() if ticket[1] > now}
        ticket = self._world.ids.word("ticket", 32)
        self._tickets[ticket] = (media.id, now + self._world.options.media_url_seconds)
        return f"{self._world.base_url}/media/{ticket}"

    def described(self, media: Media) -> dict[str, Any]:
        """`GET /{media_id}`."""
        return {
            "messaging_product": "whatsapp",
            "url": self.url(media),
            "mime_type": media.mime_type,
            "sha256": media.sha256,
            "file_size": len(media.data),
            "id": media.id,
        }

    def delete(self, media: Media) -> dict[str, Any]:
        """`DELETE /{media_id}`."""
        del self._world.media[media.id]
        return {"success": True}

    def of_ticket(self, ticket: str) -> Media:
        """The file behind an address. Raises Refusal."""
        media_id, ends = self._tickets.get(ticket, ("", 0.0))
        if ends <= self._world.clock.now():
            raise Refusal(131052, "The media's address has expired.", status=404)
        return self.find(media_id)


def file_answer(media: Media, call: Call) -> Answer:
    """The bytes, or the part of them that `Range` asks for."""
    headers = [(b"content-type", media.mime_type.encode("latin-1")), (b"accept-ranges", b"bytes")]
    size = len(media.data)
    found = _RANGE.fullmatch(call.header(b"range").strip())
    if found is None or found.groups() == ("", ""):
        return Answer(200, media.data, headers)
    first, last = found.groups()
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if begin > end:
        return Answer(416, b"", [(b"content-range", b"bytes */%d" % size)])
    headers.append((b"content-range", b"bytes %d-%d/%d" % (begin, end, size)))
    return Answer(206, media.data[begin : end + 1], headers)
