"""A KEK that never leaves Vault: its transit engine wraps and unwraps the private sealing keys.

Small synchronous calls, made at start-up and by the key commands only: `POST /v1/transit/encrypt/<key>` and `/decrypt/<key>`.
The aad goes along twice: as `associated_data`, which keys of an AEAD type bind, and as `context`, from which a derived key
makes a key of its own. Vault's own `rewrap` takes no `associated_data` (hashicorp/vault issue 31791), so rewrapping is
decrypt and encrypt. What is stored is 0x02 and Vault's text (`vault:v1:…`).
"""

from __future__ import annotations

import base64
import binascii
import http.client
import ipaddress
import re
import ssl
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

import msgspec

from recado.errors import KekMismatch, KekUnavailable, SettingInvalid

_VERSION: Final = b"\x02"
_KEY_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_TOKEN: Final = re.compile(r"[!-~]{1,4096}")
_TIMEOUT_SECONDS: Final = 5.0
_MAX_ANSWER_BYTES: Final = 64 * 1024

_Verb = Literal["encrypt", "decrypt"]


class _Data(msgspec.Struct):
    ciphertext: str = ""
    plaintext: str = ""


class _Answer(msgspec.Struct):
    data: _Data | None = None
    errors: list[str] = []


class VaultKek:
    """The transit key of a Vault (or another server that speaks its API)."""

    name: Final = "vault"

    def __init__(self, address: str, token: str, key: str) -> None:
        """Check the settings; nothing is called. Raises SettingInvalid, which never quotes the token."""
        self._url = _check_address(address)
        if not _TOKEN.fullmatch(token):
            raise SettingInvalid(name="RECADO_VAULT_TOKEN", reason="must be given, without spaces")
        if not _KEY_NAME.fullmatch(key):
            raise SettingInvalid(name="RECADO_VAULT_KEY", reason="must be the name of a transit key")
        self._token = token
        self._key = key

    @property
    def key_id(self) -> str:
        """The name of the transit key; its versions are Vault's own affair."""
        return f"vault:{self._key}"

    def wrap(self, private_key: bytes, aad: bytes) -> bytes:
        """Have Vault encrypt it under the newest version of the key. Raises KekUnavailable."""
        answer = self._ask("encrypt", {"plaintext": _encode(private_key), **_binding(aad)})
        if not answer.ciphertext.startswith("vault:") or not answer.ciphertext.isascii():
            raise KekUnavailable(reason="Vault's answer holds no ciphertext")
        return _VERSION + answer.ciphertext.encode()

    def unwrap(self, wrapped: bytes, aad: bytes) -> bytes:
        """Have Vault decrypt it. Raises KekMismatch where Vault will not, KekUnavailable where Vault cannot be asked."""
        if not wrapped.startswith(_VERSION) or not wrapped.isascii():
            raise KekMismatch(key_id=self.key_id, reason="it was wrapped by another kind of provider, or is damaged")
        ciphertext = wrapped[len(_VERSION) :].decode()
        answer = self._ask("decrypt", {"ciphertext": ciphertext, **_binding(aad)})
        try:
            private_key = base64.b64decode(answer.plaintext, validate=True)
        except (binascii.Error, ValueError):
            private_key = b""
        if not private_key:
            raise KekUnavailable(reason="Vault's answer holds no plaintext")
        return private_key

    def rewrap(self, wrapped: bytes, aad: bytes) -> bytes:
        """Wrap it anew under the newest version of the key."""
        return self.wrap(self.unwrap(wrapped, aad), aad)

    def refresh(self) -> None:
        """Nothing to do: Vault itself knows the versions of its key."""

    def _ask(self, verb: _Verb, body: dict[str, str]) -> _Data:
        status, raw = self._post(f"/v1/transit/{verb}/{self._key}", msgspec.json.encode(body))
        try:
            answer = msgspec.json.decode(raw, type=_Answer) if raw else _Answer()
        except msgspec.MsgspecError:
            answer = _Answer()
        if status != http.client.OK:
            raise self._failure(verb, status, answer.errors)
        if answer.data is None:
            raise KekUnavailable(reason="the answer is not one of Vault's transit engine")
        return answer.data

    def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        connection = self._connect()
        headers = {"X-Vault-Token": self._token, "X-Vault-Request": "true", "Content-Type": "application/json"}
        try:
            connection.request("POST", self._url.path.rstrip("/") + path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(_MAX_ANSWER_BYTES)
        except ssl.SSLCertVerificationError as problem:
            reason = f"Vault's certificate was not accepted ({problem.verify_message})"
            raise KekUnavailable(reason=reason) from problem
        except (OSError, http.client.HTTPException) as problem:
            raise KekUnavailable(reason=f"Vault cannot be reached ({type(problem).__name__})") from problem
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        host = self._url.hostname or ""
        if self._url.scheme == "http":
            return http.client.HTTPConnection(host, self._url.port, timeout=_TIMEOUT_SECONDS)
        # Made by hand: ssl.create_default_context would write session keys where SSLKEYLOGFILE says.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_default_certs()
        return http.client.HTTPSConnection(host, self._url.port, timeout=_TIMEOUT_SECONDS, context=context)

    def _failure(self, verb: _Verb, status: int, errors: list[str]) -> KekUnavailable:
        said = "; ".join(errors)[:200]
        if status == http.client.FORBIDDEN:
            return KekUnavailable(
                reason=f"Vault refused RECADO_VAULT_TOKEN: it must allow {verb} with {self._key} (403)"
            )
        if status == http.client.NOT_FOUND or "key not found" in said:
            return KekUnavailable(reason=f'Vault has no transit key "{self._key}", or no transit engine ({status})')
        if status == http.client.SERVICE_UNAVAILABLE:
            return KekUnavailable(reason="Vault is sealed or under maintenance (503)")
        if status == http.client.BAD_REQUEST and verb == "decrypt":
            return KekMismatch(key_id=self.key_id, reason=f"Vault says: {said}")
        return KekUnavailable(reason=f"Vault answered with status {status}{': ' if said else ''}{said}")


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _binding(aad: bytes) -> dict[str, str]:
    return {"associated_data": _encode(aad), "context": _encode(aad)}


def _check_address(address: str) -> SplitResult:
    """An https address, or http to this very machine, where an agent may listen: the token and the keys travel in it."""
    try:
        url = urlsplit(address)
        is_whole = bool(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        raise SettingInvalid(name="RECADO_VAULT_ADDRESS", reason="must be a URL such as https://vault:8200") from None
    if url.scheme not in {"https", "http"} or not is_whole or url.query or url.fragment or url.username is not None:
        raise SettingInvalid(name="RECADO_VAULT_ADDRESS", reason="must be a URL such as https://vault:8200")
    if url.scheme == "http" and not _is_this_machine(url.hostname or ""):
        raise SettingInvalid(
            name="RECADO_VAULT_ADDRESS", reason="must begin with https:// unless Vault is on this machine"
        )
    return url


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
