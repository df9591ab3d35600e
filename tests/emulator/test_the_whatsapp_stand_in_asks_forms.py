"""The stand-in asks the endpoint of a form as WhatsApp does: sealed, signed, within ten seconds, and twice after a 421."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from servers.quiet import Quiet, QuietServer
from whatsapp.corpus import read
from whatsapp.driver import Graph

Json = dict[str, Any]
VECTORS = read("flow_endpoint_crypto")[0]


class Endpoint:
    """Opens what it is asked with the key of the vectors, and answers what `answer` makes of it."""

    def __init__(self) -> None:
        loaded = load_pem_private_key(VECTORS["private_key_pem_pkcs8"].encode(), None)
        assert isinstance(loaded, rsa.RSAPrivateKey)
        self.key = loaded
        self.asked: list[Json] = []
        self.statuses: deque[int] = deque()
        self.signatures: list[bool] = []
        self.secret = ""
        self.seconds = 0.0
        self.answer: Callable[[Json], Any] = lambda _: {"data": {"status": "active"}}
        endpoint = self

        class Handler(Quiet, BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                made = hmac.new(endpoint.secret.encode(), body, hashlib.sha256).hexdigest()
                endpoint.signatures.append(self.headers.get("x-hub-signature-256") == f"sha256={made}")
                time.sleep(endpoint.seconds)
                status = endpoint.statuses.popleft() if endpoint.statuses else 200
                sealed = endpoint.seal(json.loads(body)) if status == 200 else b'{"error_msg":"over"}'
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(sealed)))
                self.end_headers()
                self.wfile.write(sealed)

        self._server = QuietServer(Handler)
        self.url = f"{self._server.url}/form"

    def seal(self, envelope: Json) -> bytes:
        raw = {name: base64.b64decode(text, validate=True) for name, text in envelope.items()}
        assert set(raw) == {"encrypted_flow_data", "encrypted_aes_key", "initial_vector"}
        key = self.key.decrypt(raw["encrypted_aes_key"], OAEP(MGF1(SHA256()), SHA256(), None))
        assert (len(key), len(raw["initial_vector"])) == (16, 16)
        plain = json.loads(AESGCM(key).decrypt(raw["initial_vector"], raw["encrypted_flow_data"], None))
        self.asked.append(plain)
        turned = bytes(255 - byte for byte in raw["initial_vector"])
        return base64.b64encode(AESGCM(key).encrypt(turned, json.dumps(self.answer(plain)).encode(), None))

    def close(self) -> None:
        self._server.end()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.close()


@pytest.fixture
def form(graph: Graph, endpoint: Endpoint) -> str:
    """A form with that endpoint, and the number's key."""
    endpoint.secret = graph.app_secret
    upload(graph, VECTORS["public_key_pem"])
    return graph.new_form(endpoint.url)


def upload(graph: Graph, pem: str) -> None:
    url = f"{graph.url}/v26.0/{graph.phone_number_id}/whatsapp_business_encryption"
    headers = {"authorization": f"Bearer {graph.token}"}
    assert httpx.post(url, json={"business_public_key": pem}, headers=headers, trust_env=False).status_code == 200


def test_everything_a_phone_asks_is_sealed_and_signed(graph: Graph, endpoint: Endpoint, form: str) -> None:
    asked: list[Json] = [
        {"action": "ping"},
        {"action": "INIT", "flow_token": "tok"},
        {"action": "data_exchange", "screen": "A", "data": {"city": "São Paulo 😀"}, "flow_token": "tok"},
        {"action": "BACK", "screen": "B", "data": {}, "flow_token": "tok"},
        {"action": "data_exchange", "screen": "A", "data": {"error": "e", "error_message": "m"}, "flow_token": "tok"},
    ]
    for request in asked:
        result = graph.exchange(flow=form, **request)
        assert (result["status"], result["error"], result["tries"]) == (200, "", [200])
        assert result["answer"] == {"data": {"status": "active"}}
    assert endpoint.asked == [{"version": "3.0", **request} for request in asked]
    assert endpoint.signatures == [True] * len(asked)


def test_a_421_has_the_key_fetched_again_once(graph: Graph, endpoint: Endpoint, form: str) -> None:
    endpoint.statuses.extend([421])
    assert graph.exchange(flow=form)["tries"] == [421, 200]
    endpoint.statuses.extend([421, 421])
    result = graph.exchange(flow=form)
    assert (result["tries"], result["error"]) == ([421, 421], "cannot_decrypt")


def test_phones_keep_the_key_they_have_until_it_does_not_fit(graph: Graph, endpoint: Endpoint, form: str) -> None:
    assert graph.exchange(flow=form)["tries"] == [200]
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    upload(graph, other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
    assert graph.exchange(flow=form)["tries"] == [200]


@pytest.mark.parametrize(
    ("status", "error"), [(427, "flow_token_no_longer_valid"), (432, "signature_failed"), (500, "http_500")]
)
def test_other_statuses_end_it(graph: Graph, endpoint: Endpoint, form: str, status: int, error: str) -> None:
    endpoint.statuses.append(status)
    result = graph.exchange(flow=form)
    assert (result["tries"], result["error"], result["text"]) == ([status], error, '{"error_msg":"over"}')


def test_an_answer_that_takes_too_long_is_a_timeout(graph: Graph, endpoint: Endpoint, form: str) -> None:
    assert graph.ask("GET", "/settings")["flow_timeout"] == 10
    graph.set(flow_timeout=0.2)
    endpoint.seconds = 1.0
    assert graph.exchange(flow=form)["error"] == "timeout_error"


def test_an_answer_that_cannot_be_opened_is_an_error(graph: Graph, hook: Any, form: str) -> None:
    assert graph.exchange(endpoint=hook.url)["error"] == "response_decryption_error"


@pytest.mark.parametrize("breaking", ["signature", "no_signature"])
def test_what_is_asked_can_be_badly_signed(graph: Graph, endpoint: Endpoint, form: str, breaking: str) -> None:
    graph.exchange(flow=form, breaking=breaking)
    assert endpoint.signatures == [False]


@pytest.mark.parametrize("breaking", ["tag", "key", "json", "base64"])
def test_what_is_asked_can_be_broken(graph: Graph, hook: Any, form: str, breaking: str) -> None:
    graph.exchange(endpoint=hook.url, breaking=breaking)
    assert set(hook.came[0].json) == {"encrypted_flow_data", "encrypted_aes_key", "initial_vector"}
    assert hook.came[0].is_signed_with(graph.app_secret)


def test_a_form_that_ends_is_answered_in_the_chat(graph: Graph, endpoint: Endpoint, form: str) -> None:
    params = {"flow_token": "tok", "city": "Lima"}
    done = {"screen": "SUCCESS", "data": {"extension_message_response": {"params": params}}}
    endpoint.answer = lambda plain: done if plain["screen"] == "B" else {"screen": "B", "data": {}}
    ana = graph.person()
    step: Json = {
        "flow": form,
        "action": "data_exchange",
        "data": {},
        "flow_token": "tok",
        "person": ana.id,
        "of": "wamid.x",
    }
    assert graph.exchange(**{**step, "screen": "A"})["reply"] is None
    reply = graph.exchange(**{**step, "screen": "B"})["reply"]
    assert json.loads(reply["content"]["nfm_reply"]["response_json"]) == params
    assert (ana.chat()[-1]["id"], ana.chat()[-1]["reply_to"]) == (reply["id"], "wamid.x")
