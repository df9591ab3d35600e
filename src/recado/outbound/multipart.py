"""A body as multipart/form-data (RFC 7578): text fields, and files that go out piece by piece."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from recado.errors import HeaderReserved, InputNotAllowedInBody, Invalid
from recado.outbound.binding import Binder, Place
from recado.outbound.definition import Row
from recado.outbound.encoding import check_text
from recado.outbound.headers import Headers
from recado.outbound.slots import Auth, Inputs, Rows, RowTemplate, Slot, render_rows, row_of
from recado.outbound.upload import Upload

_TEXT: Final = Place(check_text, InputNotAllowedInBody)
_QUOTED: Final = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})  # HTML "multipart/form-data" §4.10.21.8
_FILE_RULE: Final = "A file is one text input and nothing else, as in {{inputs.document}}."
_SHOWN: Final = "(contents of the file)"

Files = Mapping[str, Upload]
"""The files that inputs name, by the input's key."""


@dataclass(frozen=True, slots=True)
class MultipartBody:
    """Text fields only; `boundary` occurs in none of the author's literals."""

    rows: Rows
    boundary: str

    def render(self, inputs: Inputs, auth: Auth) -> tuple[bytes, str]:
        """The fields that are sent, between boundaries that no value holds."""
        contents = [row.encode() for row in render_rows(self.rows, inputs, auth)]
        boundary = self.boundary.encode("ascii")
        while any(boundary in content for content in contents):
            boundary = _new_boundary()
        fields = b"".join(b"--%b\r\n%b\r\n" % (boundary, content) for content in contents)
        return b"%b--%b--\r\n" % (fields, boundary), _content_type(boundary)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A field that is a file."""

    name: str
    slot: Slot

    def is_sent(self, inputs: Inputs) -> bool:
        """Whether its input has a value. Raises InputMissing where it must have one."""
        if inputs.get(self.slot.key) is not None:
            return True
        if self.slot.is_required:
            raise self.slot.missing()
        return False

    def head(self, file: Upload | None) -> str:
        """The headers of the field, and the empty line."""
        filename, content_type = (
            ("file", "application/octet-stream") if file is None else (file.filename, file.content_type)
        )
        disposition = f'Content-Disposition: form-data; name="{self.name}"; filename="{filename.translate(_QUOTED)}"'
        return f"{disposition}\r\nContent-Type: {content_type}\r\n\r\n"


@dataclass(frozen=True, slots=True)
class UploadBody:
    """Fields with files among them."""

    rows: tuple[str | RowTemplate | FileRow, ...]
    input_keys: frozenset[str] = field(default=frozenset())
    """The inputs that name files."""

    def render(self, inputs: Inputs, auth: Auth) -> tuple[bytes, str]:
        """As it is shown where no file is at hand."""
        shown, _, content_type = self.render_files(inputs, auth, {})
        return shown, content_type

    def render_files(self, inputs: Inputs, auth: Auth, files: Files) -> tuple[bytes, tuple[bytes | Upload, ...], str]:
        """The body as it is shown, as it is sent, and its Content-Type. Nobody can guess the boundary, so no file holds it."""
        boundary = _new_boundary()
        shown, pieces = bytearray(), list[bytes | Upload]()
        for row in self.rows:
            file: Upload | None = None
            if isinstance(row, FileRow):
                if not row.is_sent(inputs):
                    continue
                file = files.get(row.slot.key)
                text = row.head(file)
            else:
                found = row if isinstance(row, str) else row.render(inputs, auth)
                if found is None:
                    continue
                text = found
            begin = b"--%b\r\n%b" % (boundary, text.encode())
            shown += begin + (_SHOWN.encode() if isinstance(row, FileRow) else b"") + b"\r\n"
            pieces += [begin, file, b"\r\n"] if file is not None else [begin, b"\r\n"]
        end = b"--%b--\r\n" % boundary
        return bytes(shown + end), (*pieces, end), _content_type(boundary)


def compile_multipart(fields: Sequence[Row], headers: Headers, binder: Binder) -> MultipartBody | UploadBody:
    """The body of these rows; reports below `body`."""
    if "content-type" in headers.names:
        path = headers.content_type_path.removesuffix(".value") + ".key"
        binder.report(path, HeaderReserved(name="Content-Type"))  # only the body knows its boundary
    rows = [_row(row, f"body.fields[{index}]", binder) for index, row in enumerate(fields)]
    files = [row for row in rows if isinstance(row, FileRow)]
    if files:
        return UploadBody(tuple(rows), frozenset(row.slot.key for row in files))
    digest = blake2b("\n".join(f"{row.key}\n{row.value}" for row in fields).encode(errors="replace"), digest_size=16)
    texts = tuple(row for row in rows if not isinstance(row, FileRow))
    return MultipartBody(texts, f"recado-{digest.hexdigest()}")


def _row(row: Row, path: str, binder: Binder) -> str | RowTemplate | FileRow:
    name = binder.key(row.key, f"{path}.key").translate(_QUOTED)
    head = f'Content-Disposition: form-data; name="{name}"\r\n\r\n'
    parts = binder.bind_row(row, path, _TEXT)
    if row.kind != "file":
        return row_of((head, *parts), head if row.send_empty else None)
    slot = parts[0] if len(parts) == 1 else None
    if isinstance(slot, Slot) and slot.is_input and binder.scope.inputs[slot.key].type == "string":
        return FileRow(name, slot)
    if parts or not row.value:  # else what is wrong with it is reported already
        binder.report(f"{path}.value", Invalid(reason=_FILE_RULE))
    return head


def _new_boundary() -> bytes:
    return b"recado-" + os.urandom(16).hex().encode("ascii")


def _content_type(boundary: bytes) -> str:
    return f"multipart/form-data; boundary={boundary.decode('ascii')}"
