"""A KEK in Vault: what is asked of it, what is made of its answers, and that each failure says what to do."""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from recado.credentials.kek import EnvKek, load_kek
from recado.credentials.kek_vault import VaultKek
from recado.errors import KekMismatch, KekUnavailable, SettingInvalid
from recado.settings import Settings
from servers.vault import TOKEN, TransitKey, VaultServer

AAD = b"recado/key/v1|wsp_1|55e3f24ca02b5534"
PRIVATE_KEY = bytes(range(32))


@pytest.fixture
def vault() -> Iterator[VaultServer]:
    with VaultServer() as server:
        yield server


@pytest.fixture
def kek(vault: VaultServer) -> VaultKek:
    return VaultKek(vault.address, TOKEN, "recado")


def test_vault_wraps_and_unwraps(vault: VaultServer, kek: VaultKek) -> None:
    wrapped = kek.wrap(PRIVATE_KEY, AAD)

    assert wrapped.startswith(b"\x02vault:v1:")
    assert PRIVATE_KEY not in wrapped
    assert kek.unwrap(wrapped, AAD) == PRIVATE_KEY
    assert [path for path, _ in vault.requests] == ["/v1/transit/encrypt/recado", "/v1/transit/decrypt/recado"]
    bound = base64.b64encode(AAD).decode()
    assert all(body["associated_data"] == body["context"] == bound for _, body in vault.requests)


@pytest.mark.parametrize("is_derived", [False, True])
def test_another_place_does_not_unwrap(vault: VaultServer, kek: VaultKek, is_derived: bool) -> None:
    vault.keys["recado"] = TransitKey(is_derived=is_derived)

    with pytest.raises(KekMismatch, match="message authentication failed"):
        kek.unwrap(kek.wrap(PRIVATE_KEY, AAD), AAD + b"0")


def test_a_rotated_transit_key_unwraps_the_old_and_wraps_anew(vault: VaultServer, kek: VaultKek) -> None:
    wrapped = kek.wrap(PRIVATE_KEY, AAD)
    vault.keys["recado"].rotate()

    rewrapped = kek.rewrap(wrapped, AAD)

    assert rewrapped.startswith(b"\x02vault:v2:")
    assert kek.unwrap(rewrapped, AAD) == kek.unwrap(wrapped, AAD) == PRIVATE_KEY


@pytest.mark.parametrize(
    "wrapped", [b"", b"\x02", b"\x02nonsense", b"\x02\xff", b"\x02vault:v1:" + base64.b64encode(b"x" * 60)]
)
def test_damage_does_not_unwrap(kek: VaultKek, wrapped: bytes) -> None:
    with pytest.raises((KekMismatch, KekUnavailable)):
        kek.unwrap(wrapped, AAD)


def test_what_a_file_key_wrapped_is_told_apart(vault: VaultServer, kek: VaultKek) -> None:
    other = EnvKek(base64.b64encode(PRIVATE_KEY).decode())

    with pytest.raises(KekMismatch, match="another kind of provider"):
        kek.unwrap(other.wrap(PRIVATE_KEY, AAD), AAD)
    with pytest.raises(KekMismatch, match="another kind of provider"):
        other.unwrap(kek.wrap(PRIVATE_KEY, AAD), AAD)


def test_a_refused_token_is_said_without_naming_it(vault: VaultServer) -> None:
    with pytest.raises(
        KekUnavailable, match=r"refused RECADO_VAULT_TOKEN: it must allow encrypt with recado"
    ) as refused:
        VaultKek(vault.address, "hvs.another", "recado").wrap(PRIVATE_KEY, AAD)
    assert "hvs." not in str(refused.value)


def test_a_missing_transit_key_is_said(vault: VaultServer) -> None:
    kek = VaultKek(vault.address, TOKEN, "other")

    with pytest.raises(KekUnavailable, match='no transit key "other"'):
        kek.wrap(PRIVATE_KEY, AAD)
    with pytest.raises(KekUnavailable, match='no transit key "other"') as refused:
        kek.unwrap(b"\x02vault:v1:AAAA", AAD)
    assert not isinstance(refused.value, KekMismatch)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (404, b'{"errors":[]}', "no transit engine"),
        (503, b'{"errors":["Vault is sealed"]}', "sealed or under maintenance"),
        (500, b'{"errors":["1 error occurred"]}', "status 500: 1 error occurred"),
        (307, b"", "status 307"),
        (400, b"<html>", "status 400"),
        (200, b"", "not one of Vault"),
        (200, b"<html>", "not one of Vault"),
        (200, b'{"data":null}', "not one of Vault"),
        (200, b'{"data":{}}', "holds no ciphertext"),
        (200, b'{"data":{"ciphertext":"vault\\u00e9:"}}', "holds no ciphertext"),
    ],
)
def test_an_answer_that_will_not_do_is_said(
    vault: VaultServer, kek: VaultKek, status: int, body: bytes, says: str
) -> None:
    vault.answers.append((status, body))

    with pytest.raises(KekUnavailable, match=says):
        kek.wrap(PRIVATE_KEY, AAD)


@pytest.mark.parametrize("body", [b'{"data":{}}', b'{"data":{"plaintext":"***"}}', b'{"data":{"plaintext":"\\u00e9"}}'])
def test_a_plaintext_that_is_none_is_said(vault: VaultServer, kek: VaultKek, body: bytes) -> None:
    vault.answers.append((200, body))

    with pytest.raises(KekUnavailable, match="holds no plaintext"):
        kek.unwrap(b"\x02vault:v1:AAAA", AAD)


def test_a_vault_that_is_away_is_said_without_its_address() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: dialling is refused and nobody else gets the port
        port = unused.getsockname()[1]

        with pytest.raises(KekUnavailable, match=r"cannot be reached .ConnectionRefusedError") as refused:
            VaultKek(f"http://127.0.0.1:{port}", TOKEN, "recado").wrap(PRIVATE_KEY, AAD)

    assert str(port) not in str(refused.value)


def test_the_certificate_of_vault_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with VaultServer(tls) as vault:
        kek = VaultKek(vault.address, TOKEN, "recado")

        with pytest.raises(KekUnavailable, match="certificate was not accepted"):
            kek.wrap(PRIVATE_KEY, AAD)
        assert vault.requests == []

        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert kek.unwrap(kek.wrap(PRIVATE_KEY, AAD), AAD) == PRIVATE_KEY


def test_an_address_below_a_path_is_kept(vault: VaultServer) -> None:
    with pytest.raises(KekUnavailable):
        VaultKek(f"{vault.address}/below/", TOKEN, "recado").wrap(PRIVATE_KEY, AAD)

    assert vault.requests[0][0] == "/below/v1/transit/encrypt/recado"


@pytest.mark.parametrize(
    "address",
    ["", "vault:8200", "https://", "ftp://vault", "https://vault:0", "https://vault:99999", "https://vault:x", "https://[::1",
     "https://vault/?a=1", "https://vault/#a", "https://me:pw@vault", "http://vault:8200", "http://10.0.0.7:8200",
     "http://localhost.example"],
)  # fmt: skip
def test_an_address_the_keys_would_not_be_safe_at_is_refused(address: str) -> None:
    with pytest.raises(SettingInvalid, match="RECADO_VAULT_ADDRESS"):
        VaultKek(address, TOKEN, "recado")


@pytest.mark.parametrize(
    "address", ["https://vault", "http://localhost:8200", "http://127.0.0.1:8200", "http://[::1]:8200"]
)
def test_an_address_the_keys_are_safe_at_is_taken(address: str) -> None:
    VaultKek(address, TOKEN, "recado")


def test_a_token_or_key_name_that_cannot_be_sent_is_refused() -> None:
    for token in ("", "two words", "line\nbreak", "é"):
        with pytest.raises(SettingInvalid, match="RECADO_VAULT_TOKEN"):
            VaultKek("https://vault", token, "recado")
    for key in ("", "../sys", "a/b", "a?b", "a b"):
        with pytest.raises(SettingInvalid, match="RECADO_VAULT_KEY"):
            VaultKek("https://vault", TOKEN, key)


def test_the_settings_lead_to_vault_without_a_call(vault: VaultServer) -> None:
    kek = load_kek(Settings(kek_provider="vault", vault_address=vault.address, vault_token=TOKEN, vault_key="recado"))

    assert (kek.name, kek.key_id) == ("vault", "vault:recado")
    assert vault.requests == []
