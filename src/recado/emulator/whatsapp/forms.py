"""WhatsApp's client for forms: seals what it asks an endpoint with the key of the number, and plays the form of a person."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from recado.emulator.whatsapp.client import CallFailed, Fetched, fetch
from recado.emulator.whatsapp.envelopes import as_sent, signature
from recado.emulator.whatsapp.world import Number, World

_VERSION: Final = "3.0"
_KEY_BYTES: Final = 16
_VECTOR_BYTES: Final = 16
_CANNOT_DECRYPT: Final = 421
_OAEP: Final = OAEP(mgf=MGF1(algorithm=SHA256()), algorithm=SHA256(), label=None)
_WAYS_TO_BREAK: Final = frozenset({"signature", "no_signature", "tag", "key", "json", "base64"})


@dataclass(frozen=True, slots=True)
class Sealed:
    """A request, and what opens its answer."""

    body: bytes
    key: bytes
    vector: bytes

    def open(self, text: bytes) -> Any:
        """The answer's JSON. Raises ValueError."""
        turned = bytes(byte ^ 0xFF for byte in self.vector)
        try:
            raw = base64.b64decode(text, validate=True)
            return json.loads(AESGCM(self.key).decrypt(turned, raw, None))
        except (binascii.Error, InvalidTag, ValueError) as problem:
            raise ValueError("the answer cannot be opened") from problem


def seal(plain: Mapping[str, Any], public_key: RSAPublicKey, breaking: str = "") -> Sealed:
    """Encrypt a request with a key of its own; broken in some way when that is wanted."""
    key, vector = os.urandom(_KEY_BYTES), os.urandom(_VECTOR_BYTES)
    text = b"{not json" if breaking == "json" else json.dumps(plain).encode()
    data = AESGCM(key).encrypt(vector, text, None)
    if breaking == "tag":
        data = data[:-1] + bytes([data[-1] ^ 1])
    sealed_key = os.urandom(256) if breaking == "key" else public_key.encrypt(key, _OAEP)
    encoded = {
        "encrypted_flow_data": base64.b64encode(data).decode(),
        "encrypted_aes_key": base64.b64encode(sealed_key).decode(),
        "initial_vector": "%%%" if breaking == "base64" else base64.b64encode(vector).decode(),
    }
    return Sealed(as_sent(encoded), key, vector)


class Forms:
    """Asks endpoints as phones do."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._keys: dict[str, RSAPublicKey] = {}

    async def exchange(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Ask once what the order says, twice after a 421; what came of it. Raises ValueError with a sentence."""
        number = self._world.numbers.get(str(order.get("number") or next(iter(self._world.numbers))))
        if number is None:
            raise ValueError(f"There is no number {order.get('number')!r}.")
        breaking = str(order.get("breaking") or "")
        if breaking and breaking not in _WAYS_TO_BREAK:
            raise ValueError(f"breaking is one of: {', '.join(sorted(_WAYS_TO_BREAK))}.")
        plain, url = _plain(order), self._endpoint(order)
        loop = asyncio.get_running_loop()
        began = loop.time()
        result: dict[str, Any] = {"asked": plain, "tries": []}
        for is_second in (False, True):
            if is_second or not number.known_key:
                number.known_key = number.public_key
            if not number.known_key:
                raise ValueError("The number has no public key: upload one first.")
            sealed = await self._seal(number, plain, breaking)
            answer, problem = await self._ask(url, sealed, breaking)
            result["tries"].append(problem or answer.status)
            result |= _outcome(sealed, answer, problem)
            if answer.status != _CANNOT_DECRYPT:
                break
        result["seconds"] = round(loop.time() - began, 3)
        return result

    def _endpoint(self, order: Mapping[str, Any]) -> str:
        if order.get("endpoint"):
            return str(order["endpoint"])
        wanted = str(order.get("flow") or "")
        for form in self._world.forms.values():
            if form.endpoint and wanted in {form.id, form.name, ""}:
                return form.endpoint
        raise ValueError("No endpoint is known: name one, or a form that has one.")

    async def _seal(self, number: Number, plain: Mapping[str, Any], breaking: str) -> Sealed:
        pem = number.known_key
        if pem not in self._keys:
            key = await asyncio.to_thread(load_pem_public_key, pem.encode())
            if not isinstance(key, RSAPublicKey):
                raise ValueError("The number's key is no RSA key.")
            self._keys[pem] = key
        return seal(plain, self._keys[pem], breaking)

    async def _ask(self, url: str, sealed: Sealed, breaking: str) -> tuple[Fetched, str]:
        headers = {"Content-Type": "application/json"}
        if breaking != "no_signature":
            secret = self._world.app.secrets[0]
            headers["X-Hub-Signature-256"] = signature(
                sealed.body, f"not {secret}" if breaking == "signature" else secret
            )
        try:
            return await fetch("POST", url, headers, sealed.body, self._world.options.flow_timeout), ""
        except CallFailed as problem:
            return Fetched(), str(problem)


def _plain(order: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked: `ping`, `INIT`, `data_exchange` or `BACK`."""
    plain: dict[str, Any] = {"version": str(order.get("version") or _VERSION), "action": order.get("action", "ping")}
    for name in ("screen", "data", "flow_token", "flow_token_signature"):
        if order.get(name) is not None:
            plain[name] = order[name]
    return plain


def _outcome(sealed: Sealed, answer: Fetched, problem: str) -> dict[str, Any]:
    """What the phone makes of an answer."""
    shown: dict[str, Any] = {
        "status": answer.status,
        "content_type": answer.headers.get("content-type", ""),
        "error": "",
        "answer": None,
    }
    if problem:
        return shown | {"error": "timeout_error" if "within" in problem else "public_endpoint_unavailable"}
    if answer.status != 200:
        kinds = {_CANNOT_DECRYPT: "cannot_decrypt", 427: "flow_token_no_longer_valid", 432: "signature_failed"}
        text = answer.body.decode("utf-8", "replace")
        return shown | {"error": kinds.get(answer.status, f"http_{answer.status}"), "text": text}
    try:
        return shown | {"answer": sealed.open(answer.body)}
    except ValueError:
        return shown | {"error": "response_decryption_error"}


def reply_of(answer: Any, flow_token: str | None) -> dict[str, Any] | None:
    """What a finished form says in the chat; None while it is not finished."""
    if not isinstance(answer, dict) or answer.get("screen") != "SUCCESS":
        return None
    data = answer.get("data") or {}
    given = (data.get("extension_message_response") or {}).get("params") or {}
    return {**({"flow_token": flow_token} if flow_token else {}), **given}
