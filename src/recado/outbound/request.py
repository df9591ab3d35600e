"""A request template and values make the exact bytes of one request; whatever can be settled when it is saved, is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from recado.errors import InputNotAllowedInHeader, Invalid, RequestTooLarge, ValidationFailed
from recado.outbound.binding import Binder
from recado.outbound.body import BodyTemplate, compile_body
from recado.outbound.definition import METHODS, Request
from recado.outbound.encoding import check_header
from recado.outbound.endpoint import Endpoint, connect_authority
from recado.outbound.endpoint_reader import compile_endpoint
from recado.outbound.headers import Headers, check_header_name, compile_headers
from recado.outbound.multipart import Files, UploadBody
from recado.outbound.scope import AuthSpec, InputSpec, Scope
from recado.outbound.slots import Auth, Inputs
from recado.outbound.upload import Upload
from recado.outbound.url import Url
from recado.outbound.wire import WireRequest

__all__ = ["AuthSpec", "InputSpec", "RequestTemplate", "Scope", "WireRequest", "compile_request"]

MAX_BODY_BYTES: Final = 256 * 1024
MAX_TIMEOUT_SECONDS: Final = 60.0
BLOCKS: Final = "██████"
_MOST_NOTES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTemplate:
    """A request whose definition holds; each run only fills it.

    `constant_url` is the URL up to its first reference, for the checks of its origin; None when the host has one.
    """

    method: str
    timeout_seconds: float | None
    is_following_redirects: bool
    idempotency_header: str | None
    secret_identifiers: frozenset[str]
    auth_identifiers: frozenset[str]
    input_keys: frozenset[str]
    constant_url: Url | None
    host_line: str | None
    """The Host header of a constant origin."""
    endpoint: Endpoint
    headers: Headers
    has_inputs_in_headers: bool
    body: BodyTemplate

    def render(
        self,
        inputs: Inputs,
        auth: Auth,
        *,
        idempotency_key: str | None = None,
        extra_headers: bytes = b"",
        notes: dict[Any, Any] | None = None,
        files: Files | None = None,
    ) -> WireRequest:
        """The request of one run; a missing optional input is absent from `inputs`, and `files` has what `file_keys` name.

        `notes` belong to `auth` and to nothing else: header lines that only depend on it are kept there for the next run.

        Raises InputRefused (also for what is too large), AuthValueNotAllowed, CredentialIncomplete, EndpointRefused.
        """
        url, target = self.endpoint.render(inputs, auth)
        body: bytes | None
        pieces: tuple[bytes | Upload, ...] | None = None
        if files is not None and isinstance(self.body, UploadBody):
            body, pieces, content_type = self.body.render_files(inputs, auth, files)
        else:
            body, content_type = self.body.render(inputs, auth)
        if body is not None and len(body) > MAX_BODY_BYTES:
            raise RequestTooLarge(limit="256 KiB")
        lines = [self.host_line or _host_line(self.method, url), self._header_lines(inputs, auth, notes)]
        if content_type and "content-type" not in self.headers.names:
            lines.append(f"Content-Type: {content_type}\r\n")
        if body is not None:
            size = len(body) if pieces is None else sum(_size_of(piece) for piece in pieces)
            lines.append(f"Content-Length: {size}\r\n")
        if self.idempotency_header is not None and idempotency_key is not None:
            lines.append(self._idempotency_line(idempotency_key))
        headers = "".join(lines).encode() + extra_headers
        return WireRequest(self.method, url, target, headers, body or b"", pieces)

    @property
    def file_keys(self) -> frozenset[str]:
        """The inputs whose values name files."""
        return self.body.input_keys if isinstance(self.body, UploadBody) else frozenset()

    def _header_lines(self, inputs: Inputs, auth: Auth, notes: dict[Any, Any] | None) -> str:
        if notes is None or self.has_inputs_in_headers:
            return self.headers.render(inputs, auth)
        lines: str | None = notes.get(self.headers)
        if lines is None:
            if len(notes) >= _MOST_NOTES:
                notes.clear()
            notes[self.headers] = lines = self.headers.render(inputs, auth)
        return lines

    def _idempotency_line(self, key: str) -> str:
        try:
            return f"{self.idempotency_header}: {check_header(key)}\r\n"
        except ValueError:
            raise InputNotAllowedInHeader("idempotency_key", key="idempotency_key") from None

    def preview(self, inputs: Inputs, auth_texts: Auth) -> bytes:
        """The bytes of the request for people: request line, headers, body.

        A word nobody types goes through the very rendering of a run in place of each password, and is then shown as
        blocks; a `text` field without a value is shown as its reference. Raises what `render` raises.
        """
        stand_ins = {name: _unseen_word() for name in self.auth_identifiers if name not in auth_texts}
        stand_ins |= {name: _unseen_word() for name in self.secret_identifiers}
        auth = {**auth_texts, **stand_ins}
        wire = self.render(inputs, auth, idempotency_key="(made for each execution)")
        shown = {
            word: BLOCKS if name in self.secret_identifiers else f"{{{{auth.{name}}}}}"
            for name, word in stand_ins.items()
        }
        return _show(wire, shown, is_length_known=not self.file_keys)


def _host_line(method: str, url: Url) -> str:
    host = connect_authority(url) if method == "CONNECT" else url.authority
    return f"Host: {host}\r\n"


def _unseen_word() -> str:
    """A word that stands unchanged in every place a value may have, a DNS label among them."""
    return f"r{os.urandom(16).hex()}"


def _size_of(piece: bytes | Upload) -> int:
    return piece.size if isinstance(piece, Upload) else len(piece)


def _show(wire: WireRequest, shown: Mapping[str, str], *, is_length_known: bool) -> bytes:
    headers = wire.headers
    if not is_length_known or any(word.encode() in wire.body for word in shown):
        length = b"Content-Length: %d\r\n" % len(wire.body)
        # known only with the value or the file
        headers = headers.replace(length, f"Content-Length: {BLOCKS}\r\n".encode())
    text = b"%b %b HTTP/1.1\r\n%b\r\n%b" % (wire.method.encode(), wire.target, headers, wire.body)
    for word, replacement in shown.items():
        text = text.replace(word.encode(), replacement.encode())
    return text


def compile_request(definition: Request, scope: Scope, *, user_agent: str) -> RequestTemplate:
    """Check a definition against what it may refer to, and make ready what every run of it shares.

    Raises ValidationFailed with all problems, their paths such as `endpoint`, `query[0].value`, `headers[1].key`,
    `body.fields[0].value`, `body.json.a.b[0]`.
    """
    binder = Binder(scope, definition.method)
    _check_options(definition, binder)
    endpoint = compile_endpoint(definition.endpoint, definition.query, binder)
    headers = compile_headers(definition.headers, user_agent, binder)
    if definition.idempotency_header is not None:
        check_header_name(definition.idempotency_header, "idempotency_header", set(headers.names), binder)
    body = compile_body(definition.body, headers, binder)
    if binder.problems or endpoint is None:
        raise ValidationFailed(binder.problems)
    return RequestTemplate(
        method=definition.method,
        timeout_seconds=definition.timeout_seconds,
        is_following_redirects=definition.follow_redirects,
        idempotency_header=definition.idempotency_header,
        secret_identifiers=frozenset(binder.secret_identifiers),
        auth_identifiers=frozenset(binder.auth_identifiers),
        input_keys=frozenset(binder.input_keys),
        constant_url=endpoint.origin,
        host_line=_host_line(definition.method, endpoint.origin) if endpoint.origin else None,
        endpoint=endpoint,
        headers=headers,
        has_inputs_in_headers=headers.has_inputs,
        body=body,
    )


def _check_options(definition: Request, binder: Binder) -> None:
    if definition.method not in METHODS:
        binder.report("method", Invalid(reason=f"Choose one of {', '.join(sorted(METHODS))}."))
    timeout = definition.timeout_seconds
    fields = None if definition.body.type == "multipart" else definition.body.fields
    for path, rows in (("query", definition.query), ("headers", definition.headers), ("body.fields", fields)):
        for index, row in enumerate(rows or ()):
            if row.kind == "file":
                binder.report(f"{path}[{index}].kind", Invalid(reason="Only a multipart body carries files."))
    if timeout is not None and not 0 < timeout <= MAX_TIMEOUT_SECONDS:
        binder.report("timeout_seconds", Invalid(reason=f"Choose a time of at most {MAX_TIMEOUT_SECONDS:g} seconds."))
