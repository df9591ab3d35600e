"""Every problem that a flow can have is found where it stands: a table of definitions, and the same over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import msgspec
import pytest

from flows.shapes import Flows, block, calling, hello
from recado.executions.judge import Outcome
from recado.flows.catalog import (
    Catalog,
    KnownAction,
    KnownCredential,
    KnownFlow,
    KnownForm,
    KnownInput,
    KnownIntegration,
)
from recado.flows.definition import Definition, Variable
from recado.flows.problems import PROBLEMS
from recado.flows.validation import validate
from recado.flows.ways import OUTCOMES

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("problems.json").read_text(encoding="utf-8"))
NUMBER = {"number": KnownInput("integer", is_required=True), "note": KnownInput("string", is_required=False)}
THERE = Catalog(
    "flw_own",
    {"int_shop": KnownIntegration("Shop", ("api_key",)), "int_open": KnownIntegration("Open")},
    {
        "act_get": KnownAction("Get order", "int_shop", True, NUMBER, {"total": "number", "items": "json"}),
        "act_other": KnownAction("Other", "int_open", True, {}, {}),
        "act_blank": KnownAction("Blank", "int_shop", False, {}, {}),
        "act_damaged": KnownAction("Damaged", "int_shop"),
    },
    {
        "crd_one": KnownCredential("One", "int_shop", frozenset({"api_key"})),
        "crd_other": KnownCredential("Other", "int_open"),
        "crd_blank": KnownCredential("Blank", "int_shop"),
    },
    {
        "flw_own": KnownFlow("Own"),
        "flw_draft": KnownFlow("Draft"),
        "flw_sub": KnownFlow("Sub", 2, {2: {"total": Variable(key="total", type="integer")}}, {2: frozenset()}, {2: 1}),
        "flw_detour": KnownFlow("Detour", 1, {1: {}}, {1: frozenset({"flw_own"})}, {1: 2}),
        "flw_deep": KnownFlow("Deep", 1, {1: {}}, {1: frozenset()}, {1: 10}),
    },
    {
        "frm_visit": KnownForm("Visit", screens=frozenset({"DAY"})),
        "frm_new": KnownForm("New", has_id=False),
    },
)
"""What the definitions of the table may refer to."""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_is_found_where_it_stands(case: dict[str, Any]) -> None:
    definition = msgspec.convert(case["definition"], Definition)
    found = validate(definition, THERE)
    assert sorted((p.path, p.code) for p in found) == sorted((path, code) for path, code, *_ in case["problems"])
    for problem in found:
        wanted = next(row for row in case["problems"] if row[:2] == [problem.path, problem.code])
        kind = PROBLEMS.get(problem.code)
        usual = kind.severity if kind else "error"
        assert problem.severity == (wanted[2] if len(wanted) > 2 else usual)
        index = problem.path.removeprefix("blocks[").partition("]")[0]
        assert problem.block_id == (definition.blocks[int(index)].id if index.isdecimal() else None)
        assert "{" not in problem.message.replace("{{", "").replace("}}", "")


def test_the_table_holds_every_problem() -> None:
    tried = {code for case in CASES for _, code, *_ in case["problems"]}
    assert set(PROBLEMS) - tried == set()


def test_every_fact_of_a_sentence_is_told_to_who_translates_it() -> None:
    for case in CASES:
        for problem in validate(msgspec.convert(case["definition"], Definition), THERE):
            if problem.code in PROBLEMS:
                named = {name for _, name, _, _ in Formatter().parse(PROBLEMS[problem.code].message) if name}
                assert named == set(problem.params), problem.code


def test_the_outcomes_are_those_of_executions() -> None:
    assert set(OUTCOMES) == set(get_args(Outcome)) - {"ok"}


def test_a_thousand_blocks_are_looked_over_at_once() -> None:
    drawn = [
        {
            "id": f"q{n}", "type": "question", "answer": f"a{n}", "text": f"{{{{answers.a{max(0, n - 1)}}}}}?",
            "edges": {"next": f"q{n + 1}", "no_match": f"q{n // 2}"},
        }
        for n in range(1000)
    ]  # fmt: skip
    found = validate(msgspec.convert({"start": "q0", "blocks": drawn}, Definition), Catalog())
    assert {problem.code for problem in found} <= {"value_never_filled", "value_sometimes_empty", "edge_target_unknown"}


# ── over HTTP ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shop(client: Any) -> dict[str, str]:
    """An integration with an action, a credential with its secret, and one without."""
    integration = client.post("/integrations", json={"name": "Shop"}).json()["id"]
    field = {"identifier": "api_key", "type": "password", "required": True}
    client.patch(f"/integrations/{integration}", json={"auth": {"fields": [field]}})
    action = {
        "name": "Get order",
        "inputs": [{"key": "number", "name": "Number", "type": "integer", "required": True}],
        "request": {"endpoint": "https://api.acme.com/", "query": [{"key": "n", "value": "{{inputs.number}}"}]},
        "outputs": [{"key": "total", "name": "Total", "type": "number", "required": True}],
    }
    given = {"name": "One", "values": {"api_key": "a-key-of-the-tests"}, "hosts": ["api.acme.com"]}
    path = f"/integrations/{integration}"
    return {
        "integration_id": integration,
        "action_id": client.post(f"{path}/actions", json=action).json()["id"],
        "credential_id": client.post(f"{path}/credentials", json=given).json()["id"],
        "blank": client.post(f"{path}/credentials", json={"name": "Blank"}).json()["id"],
    }


def order(shop: dict[str, str], **changed: Any) -> dict[str, Any]:
    ids = {name: value for name, value in shop.items() if name != "blank"}
    settings = {"key": "order", "inputs": {"number": "12"}, **ids, **changed}
    run = block("r", "custom_integration", edges={"success": "z", "failed": "z"}, **settings)
    return {"start": "r", "blocks": [run, block("z", "end", text="{{outputs.order.total}} {{calls.order.error}}")]}


def codes(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.text
    return [(problem["block_id"], problem["code"]) for problem in answer.json()["problems"]]


def test_what_there_is_is_known(client: Any, flows: Flows, shop: dict[str, str], workspace: Any, server: Any) -> None:
    path = f"/flows/{flows.make()['id']}/validate"

    def look(definition: dict[str, Any]) -> list[tuple[str, str]]:
        return codes(client.post(path, json={"definition": definition}))

    usual = [("z", "value_sometimes_empty")]
    assert look(order(shop)) == usual
    assert look(order(shop, inputs={"number": "x", "colour": "red"})) == [
        ("r", "value_invalid"),
        ("r", "input_unknown"),
        *usual,
    ]
    assert look(order(shop, credential_id=shop["blank"])) == [("r", "credential_without_values"), *usual]
    other = server.new_workspace()
    foreign = other.client().post("/integrations", json={"name": "Theirs"}).json()["id"]
    assert ("r", "integration_unknown") in look(order(shop, integration_id=foreign))
    other.close()
    client.delete(f"/credentials/{shop['credential_id']}")
    assert look(order(shop)) == [("r", "credential_unknown"), *usual]


def test_a_flow_with_errors_is_not_published(client: Any, flows: Flows) -> None:
    flow = flows.make(saying("{{answers.gone}}"))
    listed = client.post(f"/flows/{flow['id']}/validate", json={}).json()["problems"]
    refused = client.post(f"/flows/{flow['id']}/publish", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "flow_has_problems")
    assert refused.json()["problems"] == listed
    assert refused.json()["params"] == {"count": "1"}
    assert [problem["severity"] for problem in listed] == ["warning", "error"]
    assert client.get(f"/flows/{flow['id']}/versions").json()["items"] == []
    flows.save(flow["id"], saying("Hi."))
    answer = client.post(f"/flows/{flow['id']}/publish", json={})
    assert [problem["code"] for problem in answer.json()["problems"]] == ["edge_missing_ends"]


def saying(text: str) -> dict[str, Any]:
    return {"start": "a", "blocks": [block("a", "message", content={"kind": "text", "text": text})]}


def test_flows_do_not_call_each_other_in_a_circle(client: Any, flows: Flows) -> None:
    first, second, third = (flows.make(hello(), name=name) for name in ("First", "Second", "Third"))
    assert codes(client.post(f"/flows/{second['id']}/validate", json={"definition": calling(first["id"])})) == [
        ("c", "flow_not_published")
    ]
    flows.publish(first["id"])
    for called, caller in ((first, second), (second, third)):
        flows.save(caller["id"], calling(called["id"]))
        flows.publish(caller["id"])
    path = f"/flows/{first['id']}/validate"
    assert codes(client.post(path, json={"definition": calling(third["id"])})) == [("c", "flow_calls_itself")]
    assert codes(client.post(path, json={"definition": calling(first["id"])})) == [("c", "flow_calls_itself")]
    assert codes(client.post(path, json={"definition": calling(third["id"], 9)})) == [("c", "flow_version_unknown")]
