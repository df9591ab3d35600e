"""Calls Meta's Graph API for a channel: one request a call, which is never repeated here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from recado.channels.opened import OpenedChannel
from recado.channels.whatsapp.graph_errors import GraphError, read_error
from recado.errors import ChannelCallFailed, EndpointRefused, RecadoError, ResponseNotJson
from recado.ids import new_id
from recado.integrations.requests import USER_AGENT
from recado.outbound.intake import Intake
from recado.outbound.limits import Limits
from recado.outbound.response import Response
from recado.outbound.transport import Transport, TransportFailure
from recado.outbound.url import Url, parse_url
from recado.outbound.wire import WireRequest

T = TypeVar("T")

SEND_SECONDS: Final = 15.0
FILE_SECONDS: Final = 60.0
MAX_FILE_BYTES: Final = 100 * 1024 * 1024
"""The largest document that WhatsApp takes."""
FILE_LIMITS: Final = Limits(max_body_bytes=MAX_FILE_BYTES)
_MOST_PAGES: Final = 20
_NUMBER_FIELDS: Final = "display_phone_number,verified_name,quality_rating,platform_type,throughput,status"
_TEMPLATE_FIELDS: Final = "name,language,status,category,components"
_NOTES: Final = "graph"
_JSON: Final = "application/json"


class GraphFailure(Exception):
    """A call that did not do what it was to do."""


class GraphRefused(GraphFailure):
    """The Graph API answered with an error."""

    def __init__(self, error: GraphError) -> None:
        super().__init__(error.code, error.subcode)
        self.error = error


class GraphUnreachable(GraphFailure):
    """Nothing was sent, for sure: the name, the address, the policy or the connection stood in the way."""

    def __init__(self, error: RecadoError) -> None:
        super().__init__(error.code)
        self.error = error


class GraphUnknown(GraphFailure):
    """It was sent, or part of it, and no answer came that can be read: it may have been done."""

    def __init__(self, error: RecadoError) -> None:
        super().__init__(error.code)
        self.error = error


class Sent(msgspec.Struct, frozen=True):
    """A message that was accepted: its id at Meta, and the number it goes to as Meta writes it."""

    message_id: str
    wa_id: str | None


class MediaInfo(msgspec.Struct, frozen=True):
    """Where a file can be fetched for five minutes, and what it is."""

    url: str
    mime_type: str = ""
    sha256: str = ""
    file_size: int | None = None


class _Id(msgspec.Struct):
    id: str


class _Contact(msgspec.Struct):
    wa_id: str | None = None


class _Accepted(msgspec.Struct):
    messages: list[_Id]
    contacts: list[_Contact] = []


_ACCEPTED: Final = msgspec.json.Decoder(_Accepted)
_OBJECT: Final[msgspec.json.Decoder[dict[str, Any]]] = msgspec.json.Decoder(dict[str, Any])
_MEDIA: Final = msgspec.json.Decoder(MediaInfo, strict=False)  # some write the size as text
_ID: Final = msgspec.json.Decoder(_Id)


@dataclass(frozen=True, slots=True)
class _Way:
    """What all requests of a channel have in common; made once, as a number may send 80 messages a second."""

    url: Url
    root: str
    """The path up to the version."""
    head: bytes = field(repr=False)
    messages: bytes

    def target(self, path: str) -> bytes:
        return f"{self.root}{path}".encode()


class Graph:
    """The Graph API, for all channels of a process; `files` is a transport that takes large answers."""

    def __init__(self, transport: Transport, files: Transport) -> None:
        self._transport = transport
        self._files = files

    # ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, channel: OpenedChannel, payload: Mapping[str, Any]) -> Sent:
        """Send a message. Raises GraphRefused, GraphUnreachable, GraphUnknown."""
        response = await self._post_message(channel, payload)
        try:
            accepted = _ACCEPTED.decode(response.body)
            wa_id = accepted.contacts[0].wa_id if accepted.contacts else None
            return Sent(accepted.messages[0].id, wa_id)
        except (msgspec.MsgspecError, UnicodeDecodeError, IndexError):
            raise _unreadable(response) from None

    async def mark_read(self, channel: OpenedChannel, payload: Mapping[str, Any]) -> None:
        """Tell that a message was read, or that an answer is being written. Raises what `send` raises."""
        await self._post_message(channel, payload)

    async def _post_message(self, channel: OpenedChannel, payload: Mapping[str, Any]) -> Response:
        way = self._way(channel)
        return await self._call(way, "POST", way.messages, msgspec.json.encode(payload), _JSON)

    # ── the number and its account ───────────────────────────────────────────────────────────────────────────────────

    async def phone_number(self, channel: OpenedChannel) -> dict[str, Any]:
        """What Meta says of the number. Raises what `send` raises."""
        return await self._get(channel, f"/{channel.settings.phone_number_id}?fields={_NUMBER_FIELDS}")

    async def phone_number_ids(self, channel: OpenedChannel) -> list[str]:
        """The numbers of the account. Raises what `send` raises."""
        found = await self._pages(channel, f"/{channel.settings.waba_id}/phone_numbers?fields=id")
        return [item["id"] for item in found if isinstance(item.get("id"), str)]

    async def templates(self, channel: OpenedChannel) -> list[dict[str, Any]]:
        """The message templates of the account. Raises what `send` raises."""
        return await self._pages(channel, f"/{channel.settings.waba_id}/message_templates?fields={_TEMPLATE_FIELDS}")

    async def subscribed_apps(self, channel: OpenedChannel) -> list[dict[str, Any]]:
        """Which apps hear of what happens in the account. Raises what `send` raises."""
        return await self._pages(channel, f"/{channel.settings.waba_id}/subscribed_apps?")

    async def subscribe(self, channel: OpenedChannel) -> None:
        """Have the token's app hear of what happens in the account. Raises what `send` raises."""
        await self._post(channel, f"/{channel.settings.waba_id}/subscribed_apps", b"{}", _JSON)

    async def set_flow_key(self, channel: OpenedChannel, public_pem: str) -> None:
        """Tell Meta the public key that forms are encrypted to. Raises what `send` raises."""
        body = urlencode({"business_public_key": public_pem}).encode()
        path = f"/{channel.settings.phone_number_id}/whatsapp_business_encryption"
        await self._post(channel, path, body, "application/x-www-form-urlencoded")

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def upload_media(self, channel: OpenedChannel, content: bytes, media_type: str, filename: str) -> str:
        """Hand a file over; the id it can be sent by for 30 days. Raises what `send` raises."""
        boundary = new_id("req")
        fields = {"messaging_product": "whatsapp", "type": media_type}
        parts = [_part(boundary, f'name="{name}"', value.encode()) for name, value in fields.items()]
        disposition = f'name="file"; filename="{_quoted(filename)}"\r\nContent-Type: {_quoted(media_type)}'
        body = b"".join([*parts, _part(boundary, disposition, content), f"--{boundary}--\r\n".encode()])
        way = self._way(channel)
        target = way.target(f"/{channel.settings.phone_number_id}/media")
        kind = f"multipart/form-data; boundary={boundary}"
        response = await self._call(way, "POST", target, body, kind, FILE_SECONDS)
        return _decoded(_ID, response).id

    async def media_url(self, channel: OpenedChannel, media_id: str) -> MediaInfo:
        """Where a file can be fetched. Raises what `send` raises."""
        way = self._way(channel)
        query = f"?phone_number_id={channel.settings.phone_number_id}"
        return _decoded(_MEDIA, await self._call(way, "GET", way.target(f"/{quote(media_id, safe='')}{query}")))

    async def download(self, channel: OpenedChannel, url: str, into: Intake) -> None:
        """Fetch a file from where `media_url` said, with the token, which goes to no other hosts than its own.

        It goes `into` as it arrives. Raises what `send` raises.
        """
        try:
            place = parse_url(url)
            self._transport.policy.check_url(place, has_secret=True)
        except EndpointRefused as problem:
            raise GraphUnreachable(problem) from None
        if not channel.may_get_token(place):
            raise GraphRefused(GraphError(code=200, message=f"The access token is not for {place.host}."))
        way = _Way(place, "", _head(place, channel.access_token, coding="identity"), b"")
        await self._call(way, "GET", place.target.encode(), seconds=FILE_SECONDS, into=into)

    # ── one call ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _get(self, channel: OpenedChannel, path: str) -> dict[str, Any]:
        way = self._way(channel)
        return _decoded(_OBJECT, await self._call(way, "GET", way.target(path)))

    async def _post(self, channel: OpenedChannel, path: str, body: bytes, kind: str) -> Response:
        way = self._way(channel)
        return await self._call(way, "POST", way.target(path), body, kind)

    async def _pages(self, channel: OpenedChannel, path: str) -> list[dict[str, Any]]:
        """All objects of a list."""
        found: list[dict[str, Any]] = []
        after = ""
        for _ in range(_MOST_PAGES):
            page = await self._get(channel, f"{path}&limit=100{after}")
            data, paging = page.get("data"), page.get("paging")
            found += [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
            cursors = paging.get("cursors") if isinstance(paging, dict) and paging.get("next") else None
            cursor = cursors.get("after") if isinstance(cursors, dict) else None
            if not isinstance(cursor, str):
                break
            after = f"&after={quote(cursor, safe='')}"
        return found

    def _way(self, channel: OpenedChannel) -> _Way:
        """Raises GraphUnreachable where the policy forbids it, GraphRefused without a token for this host."""
        found = channel.notes.get(_NOTES)
        if isinstance(found, _Way):
            return found
        try:
            url = parse_url(channel.settings.base_url)
            self._transport.policy.check_url(url, has_secret=True)
        except EndpointRefused as problem:
            raise GraphUnreachable(problem) from None
        if not channel.access_token:
            raise GraphRefused(GraphError(code=190, message="The channel has no access token."))
        if not channel.may_get_token(url):
            raise GraphRefused(GraphError(code=200, message=f"The access token is not for {url.host}."))
        root = f"{url.target.rstrip('/')}/{channel.settings.graph_version}"
        messages = f"{root}/{channel.settings.phone_number_id}/messages".encode()
        made = channel.notes[_NOTES] = _Way(url, root, _head(url, channel.access_token), messages)
        return made

    async def _call(
        self,
        way: _Way,
        method: str,
        target: bytes,
        body: bytes = b"",
        kind: str = "",
        seconds: float = SEND_SECONDS,
        *,
        into: Intake | None = None,
    ) -> Response:
        headers = way.head
        if method == "POST":
            headers += b"Content-Type: %b\r\nContent-Length: %d\r\n" % (kind.encode(), len(body))
        request = WireRequest(method, way.url, target, headers, body)
        transport = self._transport if into is None else self._files
        deadline = transport.now() + seconds
        try:
            response = await transport.send(request, deadline=deadline, into=into)
        except TransportFailure as failure:
            if failure.is_sent:
                raise GraphUnknown(failure.error) from None
            raise GraphUnreachable(failure.error) from None
        if 200 <= response.status < 300:
            return response
        raise GraphRefused(read_error(response.status, dict(response.headers), response.body))


def _head(url: Url, token: str, coding: str = "gzip, deflate") -> bytes:
    lines = f"Host: {url.authority}\r\nUser-Agent: {USER_AGENT}\r\nAccept: */*\r\nAccept-Encoding: {coding}\r\n"
    return f"{lines}Authorization: Bearer {token}\r\n".encode()


def _part(boundary: str, disposition: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def _quoted(filename: str) -> str:
    """As browsers write it (the WHATWG's multipart/form-data encoding)."""
    return filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _decoded(decoder: msgspec.json.Decoder[T], response: Response) -> T:
    try:
        return decoder.decode(response.body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _unreadable(response) from None


def _unreadable(response: Response) -> GraphFailure:
    """An answer that says it is well and holds nothing we know: an error after all, or nobody can tell."""
    if b'"error"' in response.body:
        return GraphRefused(read_error(response.status, dict(response.headers), response.body))
    return GraphUnknown(ResponseNotJson())


def reason_of(channel: OpenedChannel, failure: GraphFailure) -> str:
    """What went wrong, for people, without any secret of the channel."""
    if isinstance(failure, GraphRefused):
        error = failure.error
        words = ". ".join(
            dict.fromkeys(text.rstrip(".") for text in (error.message or error.title, error.details) if text)
        )
        code = f" (code {error.code})" if error.code is not None else f" (status {error.status})"
        return channel.masker.mask_text(f"{words or 'no reason given'}{code}")
    assert isinstance(failure, GraphUnreachable | GraphUnknown)
    return channel.masker.mask_text(str(failure.error).rstrip("."))


def problem_of(channel: OpenedChannel, failure: GraphFailure) -> ChannelCallFailed:
    """The same as an error of our own API."""
    return ChannelCallFailed(reason=reason_of(channel, failure))
