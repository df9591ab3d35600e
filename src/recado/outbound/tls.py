"""TLS for outbound calls: who is trusted, and what is told when a certificate is not."""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from recado.errors import EndpointTlsFailed

_MAX_CONTEXTS: Final = 64  # a context with the system's roots holds about 1 MiB


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """How one integration speaks TLS. `ca_pem`: the certificates it trusts, in place of the system's."""

    ca_pem: str | None = None


SYSTEM_TRUST: Final = TlsSettings()


class TlsContexts:
    """Makes an SSL context for each set of trusted certificates and keeps the latest ones."""

    def __init__(self) -> None:
        self._contexts: OrderedDict[str | None, ssl.SSLContext] = OrderedDict()

    async def get(self, tls: TlsSettings) -> ssl.SSLContext:
        """The context for these settings; raises EndpointTlsFailed when the certificates cannot be read."""
        context = self._contexts.get(tls.ca_pem)
        if context is None:
            # reading the system's roots takes about 10 ms, too long for the loop
            context = await asyncio.get_running_loop().run_in_executor(None, make_context, tls.ca_pem)
            self._contexts[tls.ca_pem] = context
            if len(self._contexts) > _MAX_CONTEXTS:
                self._contexts.popitem(last=False)
        else:
            self._contexts.move_to_end(tls.ca_pem)
        return context


def make_context(ca_pem: str | None) -> ssl.SSLContext:
    """A client context: host names checked, TLS 1.2 or newer, HTTP/1.1 only.

    Made by hand, as `ssl.create_default_context` writes session keys to the file named by SSLKEYLOGFILE.
    Raises EndpointTlsFailed when `ca_pem` cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    if ca_pem is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
        return context
    try:
        context.load_verify_locations(cadata=ca_pem)
    except (ssl.SSLError, ValueError):
        raise EndpointTlsFailed(reason="the integration's own certificates cannot be read") from None
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # an intermediate or the server's own certificate will do
    return context


def tls_failure(problem: ssl.SSLError) -> EndpointTlsFailed:
    """What went wrong in a handshake, in OpenSSL's words, which name no address."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return EndpointTlsFailed(reason=problem.verify_message.rstrip("."))
    if problem.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}:
        return EndpointTlsFailed(reason="the server does not speak TLS on this port")
    return EndpointTlsFailed(reason=(problem.reason or "the handshake failed").lower().replace("_", " "))
