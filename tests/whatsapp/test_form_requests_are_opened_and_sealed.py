"""What WhatsApp encrypts for a form's endpoint is opened, what we answer is sealed, and damage is told as 421 and never else."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recado.channels.whatsapp.flow_crypto import FlowKey
from recado.channels.whatsapp.forms.exchange import ACTIVE, read_asked
from recado.errors import FormCannotDecrypt, FormRequestInvalid

DATA = Path(__file__).parent.parent / "testdata" / "whatsapp" / "flow_endpoint_crypto"
GIVEN: dict[str, Any] = json.loads((DATA / "meta-sample-server-vectors.json").read_text())
VECTORS: list[dict[str, Any]] = GIVEN["vectors"]
FIELDS = ("encrypted_flow_data", "encrypted_aes_key", "initial_vector")


@pytest.fixture(scope="module")
def key() -> FlowKey:
    return FlowKey.load(GIVEN["private_key_pem_pkcs8"])


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_what_metas_own_server_was_asked_is_opened_and_answered_alike(key: FlowKey, vector: dict[str, Any]) -> None:
    opened = key.open(json.dumps(vector["request_encrypted"]).encode())
    assert json.loads(opened.plain) == vector["request_plain"]
    assert opened.key == base64.b64decode(vector["aes_key_b64"])
    sealed = base64.b64decode(vector["response_encrypted"])
    flipped = bytes(255 - byte for byte in opened.vector)
    answer = AESGCM(opened.key).decrypt(flipped, sealed, None)
    assert json.loads(answer) == vector["response_plain"]
    assert opened.seal(answer) == vector["response_encrypted"]  # the very same bytes as Meta's own server sent


def test_a_key_with_a_passphrase_is_the_same_key(key: FlowKey) -> None:
    opened = FlowKey.load(GIVEN["private_key_pem_encrypted"], GIVEN["passphrase"])
    assert opened.public_pem() == key.public_pem() == GIVEN["public_key_pem"]


def test_a_new_key_survives_being_written_down() -> None:
    made = FlowKey.generate()
    again = FlowKey.load(made.private_pem())
    assert again.public_pem() == made.public_pem()
    public: Any = serialization.load_pem_public_key(made.public_pem().encode())
    assert public.key_size == 2048
    assert "PRIVATE" not in repr(made)


@pytest.mark.parametrize("pem", ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused(pem: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        FlowKey.load(pem)


def test_keys_of_another_size_or_without_their_passphrase_are_refused() -> None:
    short = rsa.generate_private_key(65537, 1024)
    pem = short.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    with pytest.raises(ValueError, match="2048"):
        FlowKey.load(pem)
    with pytest.raises(ValueError, match=r".+"):
        FlowKey.load(GIVEN["private_key_pem_encrypted"])


def body_of(request: dict[str, str], **changed: str) -> bytes:
    return json.dumps({**request, **changed}).encode()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_changed_bit_anywhere_is_told_as_not_decryptable(key: FlowKey, field: str, place: str) -> None:
    request = VECTORS[3]["request_encrypted"]
    raw = bytearray(base64.b64decode(request[field]))
    at = {"first": 0, "middle": len(raw) // 2, "last": len(raw) - 1}[place]  # the last bytes of the data are its tag
    raw[at] ^= 1
    with pytest.raises(FormCannotDecrypt):
        key.open(body_of(request, **{field: base64.b64encode(raw).decode()}))


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "change",
    [
        lambda _: "",
        lambda text: text[:-4],
        lambda text: text + "AAAA",
        lambda text: "!" + text[1:],
        lambda text: "é" + text[1:],
        lambda text: base64.b64encode(base64.b64decode(text)[:12]).decode(),
        lambda text: base64.b64encode(base64.b64decode(text)[:-1]).decode(),
        lambda text: base64.b64encode(b"\0" * len(base64.b64decode(text))).decode(),
    ],
    ids=["empty", "shorter", "longer", "no base64", "no ascii", "12 bytes", "a byte less", "zeros"],
)
def test_any_other_damage_is_told_alike(key: FlowKey, field: str, change: Any) -> None:
    request = VECTORS[1]["request_encrypted"]
    with pytest.raises(FormCannotDecrypt):
        key.open(body_of(request, **{field: change(request[field])}))


def test_another_numbers_key_opens_nothing() -> None:
    with pytest.raises(FormCannotDecrypt):
        FlowKey.generate().open(body_of(VECTORS[0]["request_encrypted"]))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b"\xff\xfe", b"{", b'{"encrypted_flow_data":1}', b"[" * 100_000,
        b'{"encrypted_flow_data":"","encrypted_aes_key":""}', b'{"encrypted_flow_data":"","encrypted_aes_key":"","initial_vector":null}',
    ],
)  # fmt: skip
def test_what_is_no_envelope_is_a_bad_request(key: FlowKey, body: bytes) -> None:
    with pytest.raises(FormRequestInvalid):
        key.open(body)


def test_an_aes_key_of_another_size_is_refused(key: FlowKey) -> None:
    public: Any = serialization.load_pem_public_key(key.public_pem().encode())
    secret, vector = os.urandom(32), os.urandom(16)
    request = {
        "encrypted_aes_key": public.encrypt(secret, OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), None)),
        "encrypted_flow_data": AESGCM(secret).encrypt(vector, b"{}", None),
        "initial_vector": vector,
    }
    with pytest.raises(FormCannotDecrypt):
        key.open(json.dumps({name: base64.b64encode(raw).decode() for name, raw in request.items()}).encode())


@given(plain=st.binary(max_size=300), answer=st.binary(max_size=300), secret=st.binary(min_size=16, max_size=16))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_and_answered_comes_through(key: FlowKey, plain: bytes, answer: bytes, secret: bytes) -> None:
    public: Any = serialization.load_pem_public_key(key.public_pem().encode())
    vector = os.urandom(16)
    request = {
        "encrypted_aes_key": public.encrypt(secret, OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), None)),
        "encrypted_flow_data": AESGCM(secret).encrypt(vector, plain, None),
        "initial_vector": vector,
    }
    body = json.dumps({name: base64.b64encode(raw).decode() for name, raw in request.items()} | {"more": 1}).encode()
    opened = key.open(body)
    assert opened.plain == plain
    sealed = base64.b64decode(opened.seal(answer))
    assert AESGCM(secret).decrypt(bytes(byte ^ 0xFF for byte in vector), sealed, None) == answer


@given(body=st.binary(max_size=200))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_raise_anything_else(key: FlowKey, body: bytes) -> None:
    with pytest.raises((FormRequestInvalid, FormCannotDecrypt)):
        key.open(body)


def test_metas_documented_health_check_is_answered_as_documented() -> None:
    asked, answer = (
        json.loads((DATA.parent / "flow_endpoint" / f"flow_endpoint-{number}.json").read_text())["payload"]
        for number in ("02", "03")
    )
    assert read_asked(json.dumps(asked).encode()).is_ping
    assert answer == ACTIVE
