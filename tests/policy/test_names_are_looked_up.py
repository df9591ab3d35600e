"""Names are looked up once for each use, within three seconds, against a real name server."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import uvloop

from recado.errors import EndpointAddressBlocked, EndpointDnsFailed, EndpointDnsTimeout, SettingInvalid
from recado.outbound import resolver as module
from recado.outbound.policy import EgressPolicy
from recado.outbound.resolver import Resolver
from servers.nameserver import NameServer
from servers.pace import slowness


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    server = NameServer()
    await server.start()
    yield server
    await server.close()


@pytest.fixture
def no_hosts(tmp_path: Path) -> Path:
    return tmp_path / "hosts"


@pytest.fixture
async def resolver(names: NameServer, no_hosts: Path) -> AsyncIterator[Resolver]:
    made = Resolver([names.address], hosts_file=no_hosts)
    yield made
    made.close()


def in_seconds(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_all_addresses_come_ipv4_first_from_one_query_of_each_type(names: NameServer, resolver: Resolver) -> None:
    names.answers["api.acme.com"] = [["2606:4700::1", "1.1.1.1", "::ffff:10.0.0.1", "1.0.0.1"]]
    assert await resolver.resolve("api.acme.com", in_seconds(5)) == [
        "1.1.1.1",
        "1.0.0.1",
        "2606:4700::1",
        "::ffff:10.0.0.1",
    ]
    assert sorted(names.queries) == [("api.acme.com", "A"), ("api.acme.com", "AAAA")]


async def test_a_name_with_one_family_has_these_addresses(names: NameServer, resolver: Resolver) -> None:
    names.answers = {
        "four.acme.com": [["1.1.1.1"]],
        "six.acme.com": [["2606:4700::1"]],
        "my_host.acme.com": [["1.1.1.2"]],
    }
    assert await resolver.resolve("four.acme.com", in_seconds(5)) == ["1.1.1.1"]
    assert await resolver.resolve("six.acme.com", in_seconds(5)) == ["2606:4700::1"]
    assert await resolver.resolve("my_host.acme.com", in_seconds(5)) == ["1.1.1.2"]


async def test_each_look_up_asks_again_and_gets_the_answer_of_the_moment(names: NameServer, resolver: Resolver) -> None:
    names.answers["rr.attacker.net"] = [["93.184.216.34"], ["169.254.169.254"]]
    policy = EgressPolicy()
    (first,) = await resolver.resolve("rr.attacker.net", in_seconds(5))
    policy.check_address("rr.attacker.net", first, 443)
    (second,) = await resolver.resolve("rr.attacker.net", in_seconds(5))
    with pytest.raises(EndpointAddressBlocked):
        policy.check_address("rr.attacker.net", second, 443)
    assert names.count("rr.attacker.net") == 2


async def test_every_one_of_many_answers_is_handed_over_for_judging(names: NameServer, resolver: Resolver) -> None:
    many = [f"93.184.216.{number}" for number in range(50)]
    names.answers["mixed.attacker.net"] = [[*many, "10.0.0.1", "::1"]]
    found = await resolver.resolve("mixed.attacker.net", in_seconds(5))
    assert set(found) == {*many, "10.0.0.1", "::1"}


async def test_a_hundred_answers_come_over_tcp_and_are_capped(names: NameServer, resolver: Resolver) -> None:
    names.answers["many.attacker.net"] = [[f"93.184.{number}.1" for number in range(100)]]
    assert len(await resolver.resolve("many.attacker.net", in_seconds(5))) == 64


async def test_a_name_that_does_not_exist_or_has_no_address_fails(names: NameServer, resolver: Resolver) -> None:
    names.answers["empty.attacker.net"] = [[]]
    for name in ("nx.attacker.net", "empty.attacker.net"):
        with pytest.raises(EndpointDnsFailed):
            await resolver.resolve(name, in_seconds(5))
        assert names.count(name) == 1


async def test_a_server_that_fails_or_is_not_there_fails_the_look_up(
    names: NameServer, no_hosts: Path, resolver: Resolver
) -> None:
    names.failing.add("api.acme.com")
    with pytest.raises(EndpointDnsFailed):
        await resolver.resolve("api.acme.com", in_seconds(5))
    assert names.count("api.acme.com") <= 5
    await names.close()
    nobody = Resolver([names.address], hosts_file=no_hosts)
    with pytest.raises(EndpointDnsFailed):
        await nobody.resolve("api.acme.com", in_seconds(5))
    nobody.close()


async def test_the_search_list_of_the_system_is_not_used(names: NameServer, resolver: Resolver) -> None:
    with pytest.raises(EndpointDnsFailed):
        await resolver.resolve("api.acme", in_seconds(5))
    assert {name for name, _ in names.queries} == {"api.acme"}


# ── silence ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_silent_server_is_given_three_seconds_and_two_tries(names: NameServer, resolver: Resolver) -> None:
    names.silent.add("slow.attacker.net")
    began = asyncio.get_running_loop().time()
    with pytest.raises(EndpointDnsTimeout):
        await resolver.resolve("slow.attacker.net", in_seconds(10))
    assert 2.9 < asyncio.get_running_loop().time() - began < 5.5 * slowness()
    assert names.count("slow.attacker.net") == 2


async def test_the_deadline_of_the_call_ends_a_look_up_earlier(names: NameServer, resolver: Resolver) -> None:
    names.silent.add("slow.attacker.net")
    began = asyncio.get_running_loop().time()
    with pytest.raises(EndpointDnsTimeout):
        await resolver.resolve("slow.attacker.net", in_seconds(0.2))
    assert asyncio.get_running_loop().time() - began < 2.5 * slowness()


@pytest.mark.parametrize(
    ("silent", "address"), [("half.acme.com AAAA", "1.1.1.1"), ("half.acme.com A", "2606:4700::1")]
)
async def test_a_family_that_is_never_answered_holds_the_other_up_only_shortly(
    names: NameServer, resolver: Resolver, silent: str, address: str
) -> None:
    names.answers["half.acme.com"] = [["1.1.1.1", "2606:4700::1"]]
    names.silent.add(silent)
    began = asyncio.get_running_loop().time()
    assert await resolver.resolve("half.acme.com", in_seconds(5)) == [address]
    assert asyncio.get_running_loop().time() - began < 2.5 * slowness()


async def test_a_missing_name_is_missing_though_its_other_family_is_silent(
    names: NameServer, resolver: Resolver
) -> None:
    names.silent.add("nx.acme.com AAAA")
    began = asyncio.get_running_loop().time()
    with pytest.raises(EndpointDnsFailed):
        await resolver.resolve("nx.acme.com", in_seconds(5))
    assert asyncio.get_running_loop().time() - began < 2.5 * slowness()


async def test_a_slow_answer_is_still_taken_after_the_server_was_fast(names: NameServer, resolver: Resolver) -> None:
    names.answers = {"fast.acme.com": [["1.1.1.1"]], "slow.acme.com": [["1.1.1.2"]]}
    for _ in range(50):
        await resolver.resolve("fast.acme.com", in_seconds(5))
    names.delays["slow.acme.com"] = 1.5
    assert await resolver.resolve("slow.acme.com", in_seconds(5)) == ["1.1.1.2"]


@pytest.mark.parametrize("hanging", [50, 400])
async def test_hanging_names_hold_nobody_else_up(names: NameServer, resolver: Resolver, hanging: int) -> None:
    hosts = [f"h{number}.attacker.net" for number in range(hanging)]
    names.silent.update(hosts)
    names.answers["api.acme.com"] = [["1.1.1.1"]]
    stuck = [asyncio.create_task(resolver.resolve(host, in_seconds(1.5))) for host in hosts]
    loop = asyncio.get_running_loop()
    times = []
    while not all(task.done() for task in stuck):
        began = loop.time()
        assert await resolver.resolve("api.acme.com", in_seconds(5)) == ["1.1.1.1"]
        times.append(loop.time() - began)
        await asyncio.sleep(0.02)
    outcomes = await asyncio.gather(*stuck, return_exceptions=True)
    assert all(isinstance(outcome, EndpointDnsTimeout) for outcome in outcomes)
    assert sorted(times)[len(times) // 2] < 0.5 * slowness()  # who is held up waits 1.5 s


async def test_beyond_the_bound_of_one_process_a_look_up_waits_its_turn(
    names: NameServer, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolver, "_slots", asyncio.Semaphore(1))
    names.silent.add("slow.attacker.net")
    names.answers["api.acme.com"] = [["1.1.1.1"]]
    stuck = asyncio.create_task(resolver.resolve("slow.attacker.net", in_seconds(0.3)))
    await asyncio.sleep(0)
    assert await resolver.resolve("api.acme.com", in_seconds(5)) == ["1.1.1.1"]
    assert stuck.done()
    with pytest.raises(EndpointDnsTimeout):
        await stuck


# ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_answers_are_kept_for_their_time_to_live_until_the_channel_is_replaced(
    names: NameServer, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_LOOK_UPS", 3)
    names.answers["api.acme.com"] = [["1.1.1.1"]]
    names.time_to_live = 300
    for _ in range(3):
        await resolver.resolve("api.acme.com", in_seconds(5))
    assert names.count("api.acme.com") == 1
    await resolver.resolve("api.acme.com", in_seconds(5))
    assert names.count("api.acme.com") == 2


async def test_replacing_the_channel_leaves_look_ups_under_way_alone(
    names: NameServer, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_LOOK_UPS", 1)
    names.answers = {"slow.acme.com": [["1.1.1.2"]], "api.acme.com": [["1.1.1.1"]]}
    names.delays["slow.acme.com"] = 0.3
    slow = asyncio.create_task(resolver.resolve("slow.acme.com", in_seconds(5)))
    await asyncio.sleep(0)
    for _ in range(3):
        assert await resolver.resolve("api.acme.com", in_seconds(5)) == ["1.1.1.1"]
    assert not slow.done()
    assert await slow == ["1.1.1.2"]


async def test_closing_ends_look_ups_under_way(names: NameServer, resolver: Resolver) -> None:
    names.silent.add("slow.attacker.net")
    stuck = asyncio.create_task(resolver.resolve("slow.attacker.net", in_seconds(5)))
    await names.asked.wait()
    resolver.close()
    with pytest.raises(EndpointDnsFailed):
        await stuck
    resolver.close()


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_both_event_loops_look_up_and_shut_down_in_silence(
    new_loop: Callable[[], asyncio.AbstractEventLoop], no_hosts: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def scenario() -> list[str]:
        names = NameServer()
        await names.start()
        names.answers["api.acme.com"] = [["1.1.1.1", "2606:4700::1"]]
        names.silent.add("slow.attacker.net")
        resolver = Resolver([names.address], hosts_file=no_hosts)
        with pytest.raises(EndpointDnsTimeout):
            await resolver.resolve("slow.attacker.net", in_seconds(0.05))
        found = await resolver.resolve("api.acme.com", in_seconds(5))
        resolver.close()
        await names.close()
        return found

    with warnings.catch_warnings(record=True) as caught, asyncio.Runner(loop_factory=new_loop, debug=True) as runner:
        assert runner.run(scenario()) == ["1.1.1.1", "2606:4700::1"]
    gc.collect()
    assert not caught
    assert capfd.readouterr() == ("", "")


def write(path: Path, text: str) -> None:
    path.write_text(text)


def remove(path: Path) -> None:
    path.unlink()


# ── settings and the hosts file ──────────────────────────────────────────────────────────────────────────────────────


async def test_the_hosts_file_answers_for_the_names_it_holds(
    names: NameServer, no_hosts: Path, resolver: Resolver
) -> None:
    write(
        no_hosts,
        "# made by hand\n::1 localhost\n127.0.0.1\tlocalhost  API.acme.com. # ours\n10.0.0.7 api.acme.com api.acme.com\n\nnonsense x.acme.com\n",
    )
    assert await resolver.resolve("localhost", in_seconds(5)) == ["127.0.0.1", "::1"]
    assert await resolver.resolve("api.acme.com", in_seconds(5)) == ["127.0.0.1", "10.0.0.7"]
    assert names.queries == []
    with pytest.raises(EndpointDnsFailed):
        await resolver.resolve("x.acme.com", in_seconds(5))


async def test_a_changed_hosts_file_is_read_again(names: NameServer, no_hosts: Path, resolver: Resolver) -> None:
    names.answers["api.acme.com"] = [["1.1.1.1"]]
    write(no_hosts, "10.0.0.7 api.acme.com\n")
    assert await resolver.resolve("api.acme.com", in_seconds(5)) == ["10.0.0.7"]
    write(no_hosts, "10.0.0.77 api.acme.com\n")
    assert await resolver.resolve("api.acme.com", in_seconds(5)) == ["10.0.0.77"]
    remove(no_hosts)
    assert await resolver.resolve("api.acme.com", in_seconds(5)) == ["1.1.1.1"]


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("9.9.9.9", "9.9.9.9:53"),
        (" 9.9.9.9:5353 ", "9.9.9.9:5353"),
        ("2620:fe::fe", "[2620:fe::fe]:53"),
        ("[2620:fe::fe]", "[2620:fe::fe]:53"),
        ("[2620:fe::fe]:5353", "[2620:fe::fe]:5353"),
    ],
)
def test_name_servers_are_addresses_with_a_port_or_without(text: str, server: str) -> None:
    assert Resolver([text])._servers == [server]


@pytest.mark.parametrize(
    "text", ["", "dns.acme.com", "9.9.9", "9.9.9.9:0", "9.9.9.9:65536", "9.9.9.9:x", "[9.9.9.9]:53", "[::1", "::1]:53"]
)
def test_what_is_no_name_server_is_refused(text: str) -> None:
    with pytest.raises(SettingInvalid, match="RECADO_DNS_SERVERS"):
        Resolver([text])
