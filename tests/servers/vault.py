"""A real HTTP server on 127.0.0.1 that speaks as much of Vault's transit API as a KEK needs: encrypt and decrypt."""

from __future__ import annotations

import base64
import os
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN: Final = "hvs.a-token-for-tests"


class TransitKey:
    """A named key: its versions, and whether each context makes a key of its own."""

    def __init__(self, *, is_derived: bool = False) -> None:
        self.is_derived = is_derived
        self.versions = [os.urandom(32)]

    def rotate(self) -> None:
        """Add a version, which encrypts from now on; the older ones still decrypt."""
        self.versions.append(os.urandom(32))

    def cipher(self, version: int, context: bytes) -> AESGCM:
        """The cipher of a version, from 1; derived keys need a context."""
        key = self.versions[version - 1]
        if self.is_derived:
            key = HKDF(hashes.SHA256(), 32, salt=None, info=context).derive(key)
        return AESGCM(key)


class VaultServer:
    """`with VaultServer() as vault:`; `keys` are the transit keys, `requests` the (path, body) pairs that came.

    `answers` holds (status, body) pairs to give instead of the true answer, first come first served.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.keys = {"recado": TransitKey()}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.answers: list[tuple[int, bytes]] = []
        self._scheme = "http" if tls is None else "https"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if tls is not None:
            # The handshake belongs in the connection's own thread: a client that refuses it must not end the server.
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def address(self) -> str:
        """What `RECADO_VAULT_ADDRESS` would hold."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, path: str, token: str | None, body: dict[str, str]) -> tuple[int, bytes]:
        """The status and body Vault gives."""
        self.requests.append((path, body))
        if self.answers:
            return self.answers.pop(0)
        if token != TOKEN:
            return _errors(403, "permission denied")
        mount, _, name = path.removeprefix("/v1/transit/").partition("/")
        if not path.startswith("/v1/transit/") or mount not in {"encrypt", "decrypt"}:
            return _errors(404, "no handler for route")
        key = self.keys.get(name)
        if key is None:
            return _errors(400, "encryption key not found")
        if key.is_derived and not body.get("context"):
            return _errors(400, "missing 'context' for key derivation; the key was created using a derived key")
        return _encrypt(key, body) if mount == "encrypt" else _decrypt(key, body)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        vault = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                body = msgspec.json.decode(raw, type=dict[str, str])
                status, answer = vault.answer(self.path, self.headers["X-Vault-Token"], body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def handle(self) -> None:
                try:
                    super().handle()
                except (ssl.SSLError, ConnectionError):
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name it has in BaseHTTPRequestHandler)
                """Keep the test's output clean."""

        return Handler


def _encrypt(key: TransitKey, body: dict[str, str]) -> tuple[int, bytes]:
    nonce, version = os.urandom(12), len(key.versions)
    plaintext = base64.b64decode(body["plaintext"], validate=True)
    sealed = nonce + key.cipher(version, _bytes(body, "context")).encrypt(
        nonce, plaintext, _bytes(body, "associated_data")
    )
    return _data(ciphertext=f"vault:v{version}:{base64.b64encode(sealed).decode()}")


def _decrypt(key: TransitKey, body: dict[str, str]) -> tuple[int, bytes]:
    prefix, _, text = body["ciphertext"].rpartition(":")
    if not prefix.startswith("vault:v"):
        return _errors(400, "invalid ciphertext: no prefix")
    sealed = base64.b64decode(text)
    cipher = key.cipher(int(prefix.removeprefix("vault:v")), _bytes(body, "context"))
    try:
        plaintext = cipher.decrypt(sealed[:12], sealed[12:], _bytes(body, "associated_data"))
    except InvalidTag:
        return _errors(400, "cipher: message authentication failed")
    return _data(plaintext=base64.b64encode(plaintext).decode())


def _bytes(body: dict[str, str], name: str) -> bytes:
    return base64.b64decode(body.get(name, ""), validate=True)


def _data(**data: str) -> tuple[int, bytes]:
    return 200, msgspec.json.encode({"request_id": "0", "data": data})


def _errors(status: int, text: str) -> tuple[int, bytes]:
    return status, msgspec.json.encode({"errors": [text]})
