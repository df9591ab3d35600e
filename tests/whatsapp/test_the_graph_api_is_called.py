"""Our calls to the Graph API: what is sent, what an answer means, and where the token may go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from recado.channels.definition import ChannelSettings
from recado.channels.opened import OpenedChannel
from recado.channels.whatsapp.graph import (
    FILE_LIMITS,
    Graph,
    GraphRefused,
    GraphUnknown,
    GraphUnreachable,
    reason_of,
)
from recado.outbound.hosts import parse_host_entry
from recado.outbound.intake import Intake
from recado.outbound.masking import Masker
from recado.outbound.policy import EgressPolicy
from recado.outbound.resolver import Resolver
from recado.outbound.transport import Transport

TEXT = {"messaging_product": "whatsapp", "to": "+15550100077", "type": "text", "text": {"body": "Olá ☂"}}


def channel_of(graph: Any, **settings: Any) -> OpenedChannel:
    """The stand-in's number as an opened channel."""
    token = settings.pop("token", graph.token)
    hosts = settings.pop("hosts", [graph.url])
    given = {"phone_number_id": graph.phone_number_id, "waba_id": graph.waba_id, "base_url": graph.url, **settings}
    return OpenedChannel(
        id="chn_1",
        workspace_id="wsp_1",
        kind="whatsapp",
        key="key",
        name="Shop",
        settings=ChannelSettings(**given),
        parked=None,
        access_token=token,
        hosts=tuple(map(parse_host_entry, hosts)),
        masker=Masker([token]),
    )


@pytest.fixture
def run() -> Callable[..., Any]:
    """Runs calls, each with transports of its own, under a policy that lets loopback through."""

    def run(do: Callable[[Graph], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            resolver = Resolver(())
            policy = EgressPolicy(("127.0.0.0/8",))
            transport, files = Transport(policy, resolver), Transport(policy, resolver, limits=FILE_LIMITS)
            try:
                return await do(Graph(transport, files))
            finally:
                await transport.close()
                await files.close()
                resolver.close()

        return asyncio.run(main())

    return run


def test_a_message_arrives_as_it_was_given(graph: Any, run: Any) -> None:
    ana = graph.person(phone="+15550100077")
    ana.says("hola")
    channel = channel_of(graph)

    sent = run(lambda ours: ours.send(channel, TEXT))

    assert sent.message_id.startswith("wamid.")
    assert sent.wa_id == "15550100077"
    assert ana.sees("Olá ☂")
    [call] = graph.calls("/messages")
    assert call["path"] == f"/v26.0/{graph.phone_number_id}/messages"


def test_what_is_refused_says_why_and_no_secret(graph: Any, run: Any) -> None:
    graph.person(phone="+15550100077").says("hola")
    expired = graph.new_token(seconds=0)
    cases: list[tuple[OpenedChannel, int, int | None]] = [
        (channel_of(graph, token=expired), 190, 463),
        (channel_of(graph, token="EAAG-not-a-token-7391"), 190, None),
        (channel_of(graph, token=""), 190, None),
        (channel_of(graph, phone_number_id="999999999999999"), 100, 33),
        (channel_of(graph, hosts=["graph.facebook.com"]), 200, None),
    ]
    for channel, code, subcode in cases:
        with pytest.raises(GraphRefused) as refused:
            run(lambda ours, channel=channel: ours.send(channel, TEXT))
        assert (refused.value.error.code, refused.value.error.subcode) == (code, subcode)
        reason = reason_of(channel, refused.value)
        assert f"code {code}" in reason
        assert not channel.access_token or channel.access_token not in reason
    graph.fails(130429, retry_after=120)
    with pytest.raises(GraphRefused) as slow:
        run(lambda ours: ours.send(channel_of(graph), TEXT))
    assert slow.value.error.retry_after_seconds == 120


def test_a_lost_answer_is_told_from_what_was_never_sent(graph: Any, run: Any, unused_port: Any) -> None:
    graph.person(phone="+15550100077").says("hola")
    graph.trouble("hangup")
    with pytest.raises(GraphUnknown):
        run(lambda ours: ours.send(channel_of(graph), TEXT))
    graph.is_well()
    graph.trouble("html:502")
    with pytest.raises(GraphRefused) as refused:
        run(lambda ours: ours.send(channel_of(graph), TEXT))
    assert refused.value.error.status == 502
    graph.is_well()

    nowhere = f"http://127.0.0.1:{unused_port()}"
    for base_url in (nowhere, "http://10.0.0.1:8943"):
        channel = channel_of(graph, base_url=base_url, hosts=[base_url])
        with pytest.raises(GraphUnreachable):
            run(lambda ours, channel=channel: ours.send(channel, TEXT))


def test_files_go_and_come_and_the_token_goes_nowhere_else(graph: Any, run: Any) -> None:
    channel = channel_of(graph)

    async def there_and_back(ours: Graph) -> bytes:
        media_id = await ours.upload_media(channel, b"\x89PNG a file", "image/png", 'a "file".png')
        found = await ours.media_url(channel, media_id)
        assert found.mime_type == "image/png"
        into = Intake()
        await ours.download(channel, found.url, into)
        into.end()
        return b"".join([piece async for piece in into.pieces()])

    assert run(there_and_back) == b"\x89PNG a file"
    for url, kind in (("http://127.0.0.2:8943/x", GraphRefused), ("http://media.example.net/x", GraphUnreachable)):
        with pytest.raises(kind):
            run(lambda ours, url=url: ours.download(channel, url, Intake()))


def test_lists_are_read_to_their_end(graph: Any, run: Any) -> None:
    channel = channel_of(graph)
    body = [{"type": "BODY", "text": "Hello"}]
    for number in range(103):
        graph.new_template(f"offer_{number:03}", "en", body)

    templates = run(lambda ours: ours.templates(channel))

    assert {"offer_000", "offer_102"} <= {template["name"] for template in templates}
    assert run(lambda ours: ours.phone_number_ids(channel)) == [graph.phone_number_id]
    number = run(lambda ours: ours.phone_number(channel))
    assert number["throughput"] == {"level": "STANDARD"}


def test_a_key_for_forms_is_told(graph: Any, run: Any) -> None:
    from recado.channels.whatsapp.flow_crypto import FlowKey  # noqa: PLC0415  # an RSA key is made only here

    pem = FlowKey.generate().public_pem()
    run(lambda ours: ours.set_flow_key(channel_of(graph), pem))
    [call] = graph.calls("/whatsapp_business_encryption")
    assert call["status"] == 200
