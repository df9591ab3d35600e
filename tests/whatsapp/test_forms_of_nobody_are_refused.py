"""Who asks for a form's screens is Meta, for somebody who was sent the form, while their conversation lasts; all others are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from conftest import RunningServer, Workspace
from conversations.shapes import Desk, asks
from recado.channels.whatsapp.forms import client, service
from recado.channels.whatsapp.forms.tokens import sign as sign_token
from recado.channels.whatsapp.signature import sign
from whatsapp.booking import SECRET, BookingServer, FormDesk, Phone

Json = dict[str, Any]
OVER = "This form has expired. Please ask for it again in the chat."


def test_a_token_of_nobody_or_of_another_channel_is_over(
    workspace: Workspace, desk: FormDesk, send: Callable[..., str], api: BookingServer
) -> None:
    other = FormDesk(workspace, api.url)
    other.make_key()
    elsewhere = send(other.make_form([]))
    for token in ("made-up", elsewhere, "x" * 2000, "ü"):
        phone = Phone(desk, token)
        answer = phone.send(phone.request("INIT"))
        assert answer.status_code == 427
        assert answer.json() == {"error_msg": "Este formulario ya no es válido. Pídalo de nuevo en el chat."}
    without = Phone(desk)
    assert without.send(without.request("INIT")).status_code == 427


def test_a_form_ends_with_its_conversation(
    server: RunningServer, workspace: Workspace, desk: FormDesk, api: BookingServer
) -> None:
    talk = Desk(workspace.client()).talk(asks("q", "name", "q"))
    form = desk.make_appointment()
    with server.database.begin() as connection:
        token = service.send_form(connection, form["id"], talk.id, {"name": "Ana"})
    phone = Phone(desk, token)
    assert phone.asks("INIT")["data"]["greeting"] == "Good morning, Ana"
    answer = workspace.client().post(f"/conversations/{talk.id}/cancel")
    assert answer.status_code in {200, 201, 204}, answer.text

    over = phone.send(phone.request("data_exchange", "DAY", {"day": "2026-12-01"}))

    assert (over.status_code, over.json()) == (427, {"error_msg": OVER})
    assert api.calls["details"] == 0


def test_a_signature_that_does_not_fit_is_told_as_432(opened: Phone) -> None:
    request = opened.request("INIT")
    for signature in ("", "sha256=" + "0" * 64, "sha256=", "nonsense"):
        answer = opened.send(request, signature=signature)
        assert (answer.status_code, answer.json()["code"]) == (432, "form_signature_invalid")
    assert opened.send(request, body=request.body + b" ").status_code == 432


def test_a_token_that_meta_has_not_signed_is_told_as_432(opened: Phone) -> None:
    secret = SECRET.encode()
    for signature in ("no.jwt.here", sign_token("another", secret), sign_token(opened.token, b"not the secret")):
        asked = {"action": "INIT", "flow_token": opened.token, "flow_token_signature": signature}
        assert opened.send(client.ask(opened.public_key, secret, asked)).status_code == 432
    # Older forms come without one.
    request = client.ask(opened.public_key, secret, {"action": "INIT", "flow_token": opened.token})
    assert opened.send(request).status_code == 200


def test_what_cannot_be_decrypted_is_told_as_421(opened: Phone, desk: FormDesk) -> None:
    request = opened.request("INIT")
    for field in ("encrypted_flow_data", "encrypted_aes_key", "initial_vector"):
        body = json.loads(request.body)
        body[field] = body[field][:-4] + ("AAA=" if body[field].endswith("=") else "AAAA")
        raw = json.dumps(body).encode()
        answer = opened.send(request, body=raw, signature=sign(raw, SECRET.encode()))
        assert (answer.status_code, answer.json()["code"]) == (421, "form_cannot_decrypt"), field
    for raw in (b"", b"{}", b"\xff", b"[1]"):
        answer = opened.send(request, body=raw, signature=sign(raw, SECRET.encode()))
        assert (answer.status_code, answer.json()["code"]) == (400, "form_request_invalid")


@pytest.mark.parametrize("plain", [b"", b"[]", b"nonsense", b"\xff", b"1", b"[" * 5000, b'{"action": "dance"}', b"{}"])
def test_what_makes_no_sense_in_plain_is_a_bad_request(opened: Phone, plain: bytes, monkeypatch: Any) -> None:
    class Fixed:
        def encode(self, _: Any) -> bytes:
            return plain

    monkeypatch.setattr(client, "_ENCODER", Fixed())
    answer = opened.send(opened.request("INIT"))
    assert (answer.status_code, answer.json()["code"]) == (400, "form_request_invalid")


def test_a_channel_that_is_not_there_or_has_no_key(workspace: Workspace, desk: FormDesk, api: BookingServer) -> None:
    phone = Phone(desk)
    request = phone.request("ping")
    path, phone.path = phone.path, "/api/v1/channels/whatsapp/nothing/flows"
    assert phone.send(request).status_code == 404
    keyless = FormDesk(workspace, api.url)
    shown = keyless.client.get(f"/channels/{keyless.channel_id}/flow-key").json()
    assert (shown["is_set"], shown["public_key"]) == (False, None)
    phone.path = "/api/v1" + shown["endpoint_url"].partition("/api/v1")[2]
    assert phone.send(request).status_code == 421
    phone.path = path
    assert phone.send(request).status_code == 200
