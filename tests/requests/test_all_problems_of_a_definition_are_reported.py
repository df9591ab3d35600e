"""A definition that cannot be sent is refused when it is saved, with every problem and its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from recado.errors import RecadoError, ValidationFailed
from recado.outbound.definition import Request
from recado.outbound.request import AuthSpec, InputSpec, RequestTemplate, Scope, compile_request

TABLE = json.loads((Path(__file__).parent.parent / "testdata" / "request_problems.json").read_text(encoding="utf-8"))

Compile = Callable[..., RequestTemplate]


def problems_of(compile_definition: Compile, definition: dict[str, Any], **options: Any) -> list[RecadoError]:
    with pytest.raises(ValidationFailed) as caught:
        compile_definition(definition, **options)
    return caught.value.problems


@pytest.mark.parametrize("case", [pytest.param(case, id=case["about"]) for case in TABLE])
def test_a_problem_is_reported_with_its_place(compile_definition: Compile, case: dict[str, Any]) -> None:
    options = {"is_key_in_url_allowed": case.get("is_key_in_url_allowed", False)}
    problems = problems_of(compile_definition, case["request"], **options)

    assert [[problem.path, problem.code] for problem in problems] == case["problems"]
    assert all(str(problem) for problem in problems), "each has its sentence"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{{inputs.accountid}}", "{{inputs.account_id}}"),
        ("{{inputs.api_key}}", "{{auth.api_key}}"),
        ("{{auth.apikey}}", "{{auth.api_key}}"),
        ("{{account_id}}", "{{inputs.account_id}}"),
        ("{{ Inputs.Account_Id }}", "{{inputs.account_id}}"),
        ("{{input.account_id}}", "{{inputs.account_id}}"),
    ],
)
def test_the_nearest_known_name_is_hinted_at(written: str, meant: str) -> None:
    inputs = {"account_id": InputSpec("account_id", "string", is_required=True)}
    scope = Scope(inputs, {"api_key": AuthSpec("api_key", "password", is_required=True)})
    with pytest.raises(ValidationFailed) as caught:
        compile_request(Request(endpoint=f"https://api.acme.com/{written}"), scope, user_agent="Recado/0")

    assert str(caught.value.problems[0]).endswith(f" Did you mean {meant}?")


def test_a_name_like_no_other_gets_no_hint(compile_definition: Compile) -> None:
    problem = problems_of(compile_definition, {"endpoint": "https://api.acme.com/{{inputs.quarterly_report}}"})[0]

    assert str(problem) == 'There is no input named "quarterly_report".'


def test_a_number_that_json_does_not_have_is_refused() -> None:
    definition = msgspec.convert(
        {"method": "POST", "endpoint": "https://api.acme.com/", "body": {"type": "json", "json": [float("inf")]}},
        Request,
    )
    with pytest.raises(ValidationFailed) as caught:
        compile_request(definition, Scope({}, {}), user_agent="Recado/0")

    assert caught.value.problems[0].path == "body.json[0]"


def test_literal_numbers_keep_their_digits() -> None:
    body = {"type": "json", "json": {"price": Decimal("12.10"), "big": 2**70, "whole": 1.0, "none": None, "yes": True}}
    definition = msgspec.convert({"method": "POST", "endpoint": "https://api.acme.com/", "body": body}, Request)

    wire = compile_request(definition, Scope({}, {}), user_agent="Recado/0").render({}, {})

    assert wire.body == b'{"price":12.10,"big":1180591620717411303424,"whole":1.0,"none":null,"yes":true}'


def test_a_method_that_is_none_is_refused() -> None:
    definition = Request(method="BREW", endpoint="https://api.acme.com/")  # type: ignore[arg-type]  # what an importer could pass
    with pytest.raises(ValidationFailed) as caught:
        compile_request(definition, Scope({}, {}), user_agent="Recado/0")

    assert caught.value.problems[0].path == "method"
