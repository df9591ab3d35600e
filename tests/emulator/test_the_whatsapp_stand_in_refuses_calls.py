"""The stand-in refuses calls as Meta does: of strangers, too many of them, after 24 hours, and whenever trouble is ordered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from emulator.messages import calls, error_of, text
from whatsapp.driver import Graph


@pytest.fixture
def api(graph: Graph) -> Iterator[httpx.Client]:
    with calls(graph) as client:
        yield client


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_call_needs_a_token_that_is_known(graph: Graph, api: httpx.Client) -> None:
    for authorization in ("", "Bearer", "Bearer nonsense", "Basic abc"):
        answer = api.get("", headers={"authorization": authorization})
        assert answer.status_code == 401
        error = error_of(answer)
        assert error["code"] == 190
        assert "error_subcode" not in error
    graph.drop_token(graph.token)
    assert api.get("").status_code == 401


def test_a_token_expires(graph: Graph, api: httpx.Client) -> None:
    token = graph.new_token(seconds=100)
    headers = {"authorization": f"Bearer {token}"}
    assert api.post("/messages", json=text(), headers=headers).status_code == 200
    graph.forward(101)
    answer = api.post("/messages", json=text(), headers=headers)
    error = error_of(answer)
    assert (answer.status_code, error["code"], error["error_subcode"]) == (401, 190, 463)


def test_a_token_sees_only_its_accounts(graph: Graph, api: httpx.Client) -> None:
    other = graph.new_waba()
    theirs = {"authorization": f"Bearer {graph.new_token(wabas=[other])}"}
    error = error_of(api.get("", headers=theirs))
    assert (error["code"], error["error_subcode"]) == (100, 33)
    url = f"{graph.url}/v26.0/{other}/phone_numbers"
    assert httpx.get(url, headers=theirs, trust_env=False).json() == {"data": []}


@pytest.mark.parametrize(("version", "is_taken"), [("v19.0", True), ("v26.0", True), ("v31.1", True), ("v18.0", False)])
def test_versions_from_19_on_are_taken(graph: Graph, api: httpx.Client, version: str, is_taken: bool) -> None:
    answer = api.get(f"{graph.url}/{version}/{graph.phone_number_id}")
    assert (answer.status_code == 200) == is_taken


@pytest.mark.parametrize("path", ["999999999999999", "999999999999999/messages", "me/accounts"])
def test_an_object_nobody_knows_is_100_33(graph: Graph, api: httpx.Client, path: str) -> None:
    answer = api.get(f"{graph.url}/v26.0/{path}")
    error = error_of(answer)
    assert (answer.status_code, error["code"], error["error_subcode"]) == (400, 100, 33)


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "null"])
def test_a_body_that_is_no_object_is_refused(api: httpx.Client, body: str) -> None:
    answer = api.post("/messages", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, error_of(answer)["code"]) == (400, 100)


# ── how much, and when ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_number_sends_80_in_a_second(graph: Graph, api: httpx.Client) -> None:
    graph.stop_clock()
    graph.set(window="off")
    for at in range(80):
        assert api.post("/messages", json=text(to=f"+1555010{at:04}")).status_code == 200
    answer = api.post("/messages", json=text())
    assert error_of(answer)["code"] == 130429
    assert answer.headers["retry-after"] == "1"
    assert graph.waba_id in json.loads(answer.headers["x-business-use-case-usage"])
    graph.forward(0.5)
    sent = [api.post("/messages", json=text(to=f"+1555020{at:04}")).status_code for at in range(41)]
    assert sent == [200] * 40 + [429]


def test_a_person_is_sent_45_and_then_one_in_six_seconds(graph: Graph, api: httpx.Client) -> None:
    graph.stop_clock()
    graph.set(window="off")
    assert {api.post("/messages", json=text()).status_code for _ in range(45)} == {200}
    answer = api.post("/messages", json=text())
    assert error_of(answer)["code"] == 131056
    assert answer.headers["retry-after"] == "6"
    assert api.post("/messages", json=text(to="+15550102009")).status_code == 200
    graph.forward(6)
    assert [api.post("/messages", json=text()).status_code for _ in range(2)] == [200, 429]


def test_rates_can_be_set(graph: Graph, api: httpx.Client) -> None:
    graph.stop_clock()
    graph.set(window="off", per_second=2, pair_burst=100)
    assert [api.post("/messages", json=text()).status_code for _ in range(3)] == [200, 200, 429]


def test_a_window_shuts_after_24_hours(graph: Graph, api: httpx.Client) -> None:
    graph.set(window="answer")
    ana = graph.person(phone="15550102000")
    assert error_of(api.post("/messages", json=text()))["code"] == 131047
    template = {"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}}
    assert api.post("/messages", json={**text(), **template}).status_code == 200
    ana.says("hola")
    assert api.post("/messages", json=text()).status_code == 200
    graph.forward(86_399)
    assert api.post("/messages", json=text()).status_code == 200
    graph.forward(2)
    assert error_of(api.post("/messages", json=text()))["code"] == 131047


def test_ids_are_never_used_twice(graph: Graph, api: httpx.Client) -> None:
    graph.set(per_second=1000, pair_burst=1000)

    def send(_: int) -> str:
        return str(api.post("/messages", json=text()).json()["messages"][0]["id"])

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(send, range(100)))
    assert len(set(ids)) == 100


def test_the_same_seed_makes_the_same_ids(start_graph: Callable[..., Graph]) -> None:
    one, two = [start_graph(identity="one").person().says("hola")["id"] for _ in range(2)]
    assert one == two
    other = start_graph(identity="one", seed="other")
    assert other.person().says("hola")["id"] != one
    assert other.phone_number_id == start_graph(identity="one").phone_number_id


# ── trouble ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_errors_are_ordered_for_some(graph: Graph, api: httpx.Client) -> None:
    graph.fails(131026, to="+15550102001", times=2)
    graph.fails(130429, type="image", times=None, retry_after=7)
    assert api.post("/messages", json=text()).status_code == 200
    to_them = [api.post("/messages", json=text(to="+15550102001")) for _ in range(3)]
    assert [answer.status_code for answer in to_them] == [400, 400, 200]
    picture = {**text(), "type": "image", "image": {"link": "https://shop.example/a.png"}}
    for _ in range(3):
        answer = api.post("/messages", json=picture)
        assert (error_of(answer)["code"], answer.headers["retry-after"]) == (130429, "7")
    graph.is_well()
    assert api.post("/messages", json=picture).status_code == 200


def test_an_answer_can_be_lost_after_the_message_was_taken(graph: Graph, api: httpx.Client) -> None:
    ana = graph.person(phone="15550102000")
    ana.says("hola")
    graph.trouble("hangup")
    with pytest.raises(httpx.HTTPError):
        api.post("/messages", json=text("once", biz_opaque_callback_data="out_1"))
    assert ana.sees("once")["opaque"] == "out_1"
    assert api.post("/messages", json=text("twice")).status_code == 200


def test_a_page_can_come_where_json_should(graph: Graph, api: httpx.Client) -> None:
    graph.trouble("html:502")
    answer = api.post("/messages", json=text())
    assert (answer.status_code, answer.headers["content-type"][:9]) == (502, "text/html")
    graph.trouble("delay:0.3")
    assert api.post("/messages", json=text()).elapsed.total_seconds() >= 0.3
