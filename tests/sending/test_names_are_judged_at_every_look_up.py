"""The `dns` cases of the hostile endpoints, over a real name server: nothing ever arrives at the private address."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recado.outbound.policy import EgressPolicy
from recado.outbound.transport import Transport, TransportFailure
from sending.shapes import PRIVATE, PUBLIC, Call, MakeTransport, Send, Wire, until
from servers.nameserver import NameServer
from servers.pace import slowness
from servers.raw import HANG_UP, OK, RawServer, response

CLOSING = response(200, b"{}", ["Connection: close"])


@pytest.fixture
async def public() -> AsyncIterator[RawServer]:
    """What may be called."""
    async with RawServer(CLOSING) as server:
        yield server


@pytest.fixture
async def private(public: RawServer) -> AsyncIterator[RawServer]:
    """What may not, on the same port; it must never see a connection."""
    async with RawServer(host=PRIVATE, port=public.port) as server:
        yield server
        assert server.accepts == 0


def test_every_case_of_the_corpus_is_here() -> None:
    cases = json.loads((Path(__file__).parents[1] / "testdata/ssrf_cases.json").read_text())
    assert {case["id"] for case in cases["dns"]} == {
        "rebind-ttl0-alternate",
        "rebind-keepalive",
        "rebind-on-retry",
        "dns-timeout",
        "dns-nxdomain",
        "policy-change-pooled",
    }


async def test_rebind_ttl0_alternate(
    send: Send, wire: Wire, name_server: NameServer, public: RawServer, private: RawServer
) -> None:
    name_server.answers["rr.attacker.net"] = [[PUBLIC], [PRIVATE], [PUBLIC], [PRIVATE]]
    request = wire(f"http://rr.attacker.net:{public.port}")
    for _ in range(2):
        assert (await send(request)).status == 200
        with pytest.raises(TransportFailure) as failure:
            await send(request)
        assert (failure.value.error.code, failure.value.is_sent) == ("endpoint_address_blocked", False)
    assert name_server.count("rr.attacker.net") == 4
    assert public.accepts == 2


async def test_rebind_keepalive(
    send: Send, wire: Wire, name_server: NameServer, public: RawServer, private: RawServer
) -> None:
    name_server.answers["ka.attacker.net"] = [[PUBLIC], [PRIVATE]]
    public.answers = [OK]
    request = wire(f"http://ka.attacker.net:{public.port}")
    await send(request)
    assert (await send(request)).is_connection_reused
    await public.hang_up()
    with pytest.raises(TransportFailure) as failure:
        await send(request)
    assert failure.value.error.code == "endpoint_address_blocked"


async def test_rebind_on_retry(
    make_call: Call, wire: Wire, name_server: NameServer, public: RawServer, private: RawServer
) -> None:
    name_server.answers["retry.attacker.net"] = [[PUBLIC], [PRIVATE]]
    public.answers = [HANG_UP]
    result = await make_call(wire(f"http://retry.attacker.net:{public.port}"))
    assert [attempt.error_code for attempt in result.attempts] == ["connection_lost", "endpoint_address_blocked"]
    assert result.error is not None
    assert (result.error.code, result.error.outcome) == ("endpoint_address_blocked", "blocked")


async def test_dns_timeout_delays_nobody_else(
    send: Send, wire: Wire, name_server: NameServer, public: RawServer
) -> None:
    name_server.answers["api.acme.com"] = [[PUBLIC]]
    name_server.silent.update(f"slow{i}.attacker.net" for i in range(50))
    hanging = [asyncio.create_task(send(wire(f"http://slow{i}.attacker.net"))) for i in range(50)]
    await until(lambda: len(name_server.queries) >= 50)
    honest = await send(wire(f"http://api.acme.com:{public.port}"))
    assert honest.timing.total_ms < 2000 * slowness()
    failures = await asyncio.gather(*hanging, return_exceptions=True)
    assert {failure.error.code for failure in failures if isinstance(failure, TransportFailure)} == {
        "endpoint_dns_timeout"
    }


async def test_dns_nxdomain_is_tried_again(make_call: Call, wire: Wire) -> None:
    result = await make_call(wire("http://nx.attacker.net", "POST"))
    assert [attempt.error_code for attempt in result.attempts] == ["endpoint_dns_failed"] * 3
    assert result.error is not None
    assert result.error.is_retryable


async def test_policy_change_pooled(
    make_transport: MakeTransport, send: Send, wire: Wire, name_server: NameServer, public: RawServer
) -> None:
    name_server.answers["p.attacker.net"] = [[PUBLIC]]
    public.answers = [OK]
    transport = make_transport()
    request = wire(f"http://p.attacker.net:{public.port}")
    await send(request, over=transport)
    transport.set_policy(EgressPolicy(allow=[f"{PUBLIC}/32"], deny=[f"{PUBLIC}/32"]))
    with pytest.raises(TransportFailure) as failure:
        await send(request, over=transport)
    assert failure.value.error.code == "endpoint_address_blocked"
    assert len(public.requests) == 1


@pytest.mark.parametrize(
    "addresses",
    [
        [PRIVATE],
        [PUBLIC, PRIVATE],
        [PRIVATE, PUBLIC],
        [PUBLIC, "::1"],
        [PUBLIC, "::ffff:127.0.0.2"],
        [PUBLIC, "10.0.0.1"],
    ],
    ids=" ".join,
)
async def test_one_bad_answer_refuses_the_whole_name(
    addresses: list[str], send: Send, wire: Wire, name_server: NameServer, public: RawServer, private: RawServer
) -> None:
    name_server.answers["mixed.attacker.net"] = [addresses]
    with pytest.raises(TransportFailure) as failure:
        await send(wire(f"http://mixed.attacker.net:{public.port}"))
    assert failure.value.error.code == "endpoint_address_blocked"
    assert not any(address in str(failure.value.error) for address in addresses)
    assert public.accepts == 0


@pytest.mark.parametrize("host", [PRIVATE, "[::1]", "[::ffff:127.0.0.2]", "169.254.169.254", "10.0.0.1"])
async def test_a_literal_address_is_judged_like_a_name(
    host: str, send: Send, wire: Wire, public: RawServer, private: RawServer
) -> None:
    with pytest.raises(TransportFailure) as failure:
        await send(wire(f"http://{host}:{public.port}"))
    assert failure.value.error.code == "endpoint_address_blocked"
    assert failure.value.timing.total_ms < 2500 * slowness()  # a dial would be given 3 s


async def test_an_address_is_judged_again_at_the_moment_it_is_dialled(
    make_transport: MakeTransport, send: Send, wire: Wire, name_server: NameServer, public: RawServer
) -> None:
    """A policy that changes its mind between the look-up and the dial stands for anything that slips in between."""

    class Hesitant(EgressPolicy):
        asked = 0

        def check_address(self, host: str, address: str, port: int) -> None:
            self.asked += 1
            (LENIENT if self.asked == 1 else STRICT).check_address(host, address, port)

    name_server.answers["api.acme.com"] = [[PUBLIC]]
    transport = make_transport()
    transport.set_policy(Hesitant(allow=[f"{PUBLIC}/32"]))
    with pytest.raises(TransportFailure) as failure:
        await send(wire(f"http://api.acme.com:{public.port}"), over=transport)
    assert failure.value.error.code == "endpoint_address_blocked"
    assert public.accepts == 0


LENIENT = EgressPolicy(allow=[f"{PUBLIC}/32"])
STRICT = EgressPolicy()


async def test_each_connection_costs_one_look_up(
    send: Send, wire: Wire, name_server: NameServer, public: RawServer, transport: Transport
) -> None:
    name_server.answers["api.acme.com"] = [[PUBLIC]]
    for _ in range(3):
        await send(wire(f"http://api.acme.com:{public.port}"))
    assert name_server.count("api.acme.com") == public.accepts == 3
    assert transport.idle_connections == 0
