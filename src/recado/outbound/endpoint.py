"""An endpoint ready to be filled: the URL and the request target of one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from recado.errors import EndpointTooLong
from recado.outbound.encoding import count_breaks, is_misleading_segment
from recado.outbound.slots import Auth, Inputs, Parts, Rows, Slot, fill, render_rows
from recado.outbound.url import MAX_URL_BYTES, Url, parse_url

_LONGEST_ORIGIN: Final = len("https://") + 253 + len(":65535")


@dataclass(frozen=True, slots=True)
class Segment:
    """A path segment with references in it; `breaks` are the slashes the author wrote encoded (`group%2Fproject`)."""

    parts: Parts
    breaks: tuple[int, ...]

    def render(self, inputs: Inputs, auth: Auth) -> str:
        """The segment as sent.

        Refused when it would be empty, or to anybody on the way a dot segment or more than one segment: also where
        only a value and the literal beside it together make the escape (`%25` and `2F`).
        """
        text = fill(self.parts, inputs, auth) or ""
        if is_misleading_segment(text) or ("%" in text and count_breaks(text) != self.breaks):
            raise next(part for part in self.parts if isinstance(part, Slot)).refused()
        return text


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`origin` is None when the host has references; scheme and authority are then made from `host`.

    `path` joins with "/", `query` with "&". `constant` is the answer itself when nothing is to be filled.
    """

    method: str
    origin: Url | None
    host: Parts
    path: tuple[str | Segment, ...]
    query: Rows
    has_question_mark: bool
    constant: tuple[Url, bytes] | None = None

    def render(self, inputs: Inputs, auth: Auth) -> tuple[Url, bytes]:
        """The URL and the request target of one run.

        Raises InputRefused, AuthValueNotAllowed, or EndpointRefused where the filled-in text is not a URL.
        """
        if self.constant is not None:
            return self.constant
        target = self._target(inputs, auth)
        origin = self.origin
        if origin is None:
            url = parse_url(f"{fill(self.host, inputs, auth)}{target}")
        else:
            url = Url(origin.scheme, origin.host, origin.port, target)
        if len(target) > MAX_URL_BYTES - _LONGEST_ORIGIN and len(url.text) > MAX_URL_BYTES:
            raise EndpointTooLong
        return url, request_target(self.method, url)

    def _target(self, inputs: Inputs, auth: Auth) -> str:
        path = "/".join([part if isinstance(part, str) else part.render(inputs, auth) for part in self.path])
        query = "&".join(render_rows(self.query, inputs, auth))
        return f"{path}?{query}" if query or self.has_question_mark else path


def request_target(method: str, url: Url) -> bytes:
    """What stands on the request line (RFC 9112 §3.2).

    The path and query; for CONNECT `host:port`, the path set aside; for OPTIONS on the path `/*` (`https://host/*`)
    the asterisk form, which asks about the server as a whole.
    """
    if method == "CONNECT":
        return connect_authority(url).encode("ascii")
    if method == "OPTIONS" and url.target == "/*":
        return b"*"
    return url.target.encode("ascii")


def connect_authority(url: Url) -> str:
    """`host:port`, the port always written (RFC 9110 §9.3.6)."""
    return f"[{url.host}]:{url.port}" if ":" in url.host else f"{url.host}:{url.port}"
