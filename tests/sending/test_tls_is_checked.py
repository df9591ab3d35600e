"""TLS: the right name, a trusted issuer, 1.2 or newer; the integration's own certificates take the place of the system's."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from recado.outbound.tls import TlsSettings, make_context
from recado.outbound.transport import Transport, TransportFailure
from sending.shapes import PUBLIC, Call, Send, Wire, until
from servers.nameserver import NameServer
from servers.raw import Answer, RawServer, response

HOST = "api.acme.com"


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """An issuer nobody but the tests trusts."""
    return trustme.CA()


@pytest.fixture
def trust(authority: trustme.CA, name_server: NameServer) -> TlsSettings:
    """Trusts that issuer; the host is known to the name server."""
    name_server.answers[HOST] = [[PUBLIC]]
    return TlsSettings(ca_pem=authority.cert_pem.bytes().decode())


def server_context(authority: trustme.CA, *names: str, expires: datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or (HOST,)), not_after=expires).configure_cert(context)
    return context


async def test_a_good_certificate_is_accepted_and_the_connection_kept(
    authority: trustme.CA, trust: TlsSettings, send: Send, wire: Wire
) -> None:
    async with RawServer(tls=server_context(authority)) as server:
        url = f"https://{HOST}:{server.port}/v1"
        first = await send(wire(url), tls=trust)
        second = await send(wire(url, "POST", {}, b"x" * 100_000), tls=trust)
        assert (first.body, second.body) == (b'{"ok":true}',) * 2
        assert first.timing.tls_ms is not None
        assert (second.is_connection_reused, server.accepts) == (True, 1)
        assert server.requests[0] == b"GET /v1 HTTP/1.1\r\nHost: api.acme.com:%d\r\n\r\n" % server.port


async def test_the_server_is_told_which_name_is_meant(
    authority: trustme.CA, trust: TlsSettings, send: Send, wire: Wire
) -> None:
    names: list[str | None] = []
    context = server_context(authority)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    async with RawServer(tls=context) as server:
        await send(wire(f"https://{HOST}:{server.port}"), tls=trust)
    assert names == [HOST]


async def test_an_address_may_have_a_certificate_of_its_own(
    authority: trustme.CA, trust: TlsSettings, send: Send, wire: Wire
) -> None:
    async with RawServer(tls=server_context(authority, PUBLIC)) as server:
        assert (await send(wire(server.url), tls=trust)).status == 200


@pytest.mark.parametrize(
    ("names", "is_expired", "is_trusted", "reason"),
    [
        (("other.acme.com",), False, True, "Hostname mismatch"),
        (("*.other.com",), False, True, "Hostname mismatch"),
        ((PUBLIC,), False, True, "Hostname mismatch"),
        ((HOST,), True, True, "certificate has expired"),
        ((HOST,), False, False, "unable to get local issuer certificate"),
    ],
    ids=["another name", "another domain", "an address", "expired", "issuer unknown"],
)
async def test_a_bad_certificate_is_refused_before_anything_is_sent(
    names: tuple[str, ...],
    is_expired: bool,
    is_trusted: bool,
    reason: str,
    authority: trustme.CA,
    trust: TlsSettings,
    make_call: Call,
    wire: Wire,
) -> None:
    expires = datetime.now(UTC) - timedelta(days=1) if is_expired else None
    async with RawServer(tls=server_context(authority, *names, expires=expires)) as server:
        tls = trust if is_trusted else TlsSettings()
        result = await make_call(wire(f"https://{HOST}:{server.port}", "POST", {}, b"secret"), tls=tls)
        assert result.error is not None
        assert (result.error.code, result.error.outcome) == ("endpoint_tls_failed", "network")
        assert reason in str(result.error)
        assert len(result.attempts) == 1
        assert server.requests == []


async def test_own_certificates_take_the_place_of_the_system(send: Send, wire: Wire, trust: TlsSettings) -> None:
    stranger = trustme.CA()
    async with RawServer(tls=server_context(stranger)) as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(f"https://{HOST}:{server.port}"), tls=trust)
        assert failure.value.error.code == "endpoint_tls_failed"


async def test_the_servers_own_certificate_may_be_trusted_alone(
    authority: trustme.CA, trust: TlsSettings, send: Send, wire: Wire
) -> None:
    leaf = authority.issue_cert(HOST)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    own = TlsSettings(ca_pem=leaf.cert_chain_pems[0].bytes().decode())
    async with RawServer(tls=context) as server:
        assert (await send(wire(f"https://{HOST}:{server.port}"), tls=own)).status == 200


async def test_different_trust_does_not_share_connections(
    authority: trustme.CA, trust: TlsSettings, send: Send, wire: Wire
) -> None:
    both = TlsSettings(ca_pem=f"{trust.ca_pem}{trustme.CA().cert_pem.bytes().decode()}")
    async with RawServer(tls=server_context(authority)) as server:
        for tls in (trust, both, trust, both):
            await send(wire(f"https://{HOST}:{server.port}"), tls=tls)
        assert server.accepts == 2


@pytest.mark.parametrize("pem", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
async def test_certificates_that_cannot_be_read_are_said(pem: str, send: Send, wire: Wire) -> None:
    async with RawServer() as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url.replace("http:", "https:")), tls=TlsSettings(ca_pem=pem))
        assert failure.value.error.code == "endpoint_tls_failed"
        assert "cannot be read" in str(failure.value.error)
        assert server.accepts == 0


async def test_tls_before_1_2_is_refused(authority: trustme.CA, trust: TlsSettings, send: Send, wire: Wire) -> None:
    context = server_context(authority)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the old version is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    async with RawServer(tls=context) as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(f"https://{HOST}:{server.port}"), tls=trust)
        # whether the server's alert arrives before its close is the server's affair
        assert failure.value.error.code in {"endpoint_tls_failed", "endpoint_connect_failed"}
        assert not failure.value.is_sent
        assert server.requests == []


class Impatient(RawServer):
    """Says something, or nothing, as soon as it is spoken to, and closes."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        await reader.read(1)
        writer.write(self.answers[0].data)
        await writer.drain()


async def test_a_server_without_tls_is_said(send: Send, wire: Wire) -> None:
    async with Impatient(response(400)) as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url.replace("http:", "https:")))
        assert failure.value.error.code == "endpoint_tls_failed"
        assert "does not speak TLS" in str(failure.value.error)


async def test_a_server_that_closes_in_the_handshake_is_tried_again(make_call: Call, wire: Wire) -> None:
    async with Impatient(b"") as server:
        result = await make_call(wire(server.url.replace("http:", "https:"), "POST", {}, b"{}"))
        assert [attempt.error_code for attempt in result.attempts] == ["endpoint_connect_failed"] * 3


async def test_an_answer_cut_off_in_tls_is_cut_off(
    authority: trustme.CA, trust: TlsSettings, send: Send, wire: Wire, transport: Transport
) -> None:
    answer = Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "reset")
    async with RawServer(answer, tls=server_context(authority)) as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(f"https://{HOST}:{server.port}"), tls=trust)
        assert failure.value.error.code == "response_cut_off"
        await until(lambda: transport.open_connections == 0)


async def test_a_redirect_from_https_to_http_is_refused(
    authority: trustme.CA, trust: TlsSettings, make_call: Call, wire: Wire
) -> None:
    async with RawServer() as plain:
        moved = response(302, b"", [f"Location: {plain.url}/"])
        async with RawServer(moved, tls=server_context(authority)) as server:
            result = await make_call(wire(f"https://{HOST}:{server.port}"), tls=trust, is_following_redirects=True)
        assert result.error is not None
        assert (result.error.code, result.error.outcome) == ("redirect_downgrade", "blocked")
        assert plain.accepts == 0


async def test_session_keys_are_written_nowhere(
    authority: trustme.CA,
    trust: TlsSettings,
    send: Send,
    wire: Wire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key_log = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(key_log))
    async with RawServer(tls=server_context(authority)) as server:
        await send(wire(f"https://{HOST}:{server.port}"), tls=trust)
    assert not key_log.exists()


def test_a_context_checks_names_and_trusts_the_system() -> None:
    context = make_context(None)
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.keylog_filename is None
