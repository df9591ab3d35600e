"""The `environment` cases: what other programs read from the environment is not read here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sending.shapes import MakeTransport, Send, Wire
from servers.raw import RawServer


def test_every_case_of_the_corpus_is_here_or_with_the_methods() -> None:
    cases = json.loads((Path(__file__).parents[1] / "testdata/ssrf_cases.json").read_text())
    assert {case["id"] for case in cases["environment"]} == {
        "env-proxy-ignored",
        "netrc-ignored",
        "method-connect",  # test_each_method_is_sent_byte_for_byte
        "method-trace",
    }


async def test_proxies_and_passwords_of_the_environment_are_ignored(
    make_transport: MakeTransport, send: Send, wire: Wire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password secret\ndefault login user password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text(netrc.read_text())
    async with RawServer() as proxy, RawServer() as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        await send(wire(server.url), over=make_transport())
        assert server.requests == [b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % server.port]
        assert proxy.accepts == 0
