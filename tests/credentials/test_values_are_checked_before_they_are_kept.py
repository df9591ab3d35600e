"""Which values a field takes, and that a refusal names the field and holds nothing of the value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recado.credentials.definition import check_value
from recado.errors import Invalid
from recado.integrations.definition import AuthField

CASES = json.loads(Path(__file__).with_name("values.json").read_text(encoding="utf-8"))


def judge(field: AuthField, value: str) -> Invalid | None:
    try:
        check_value(field, value)
    except Invalid as problem:
        return problem
    return None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_value_is_taken_or_refused(case: dict[str, Any]) -> None:
    field = AuthField("fld_1", "api_key", None, case["type"], not case.get("is_optional", False))
    value = case["value"] * case.get("repeat", 1)

    problem = judge(field, value)

    assert (problem and problem.code) == case["code"]
    if problem and value.strip():
        assert value not in str(problem)
        assert value.strip() not in repr(problem.facts)


@pytest.mark.parametrize("value", ["sk_live_canary\n", "sk_live\u0000canary", "canary" * 2000])
def test_a_refusal_over_http_names_the_field_and_not_the_value(acme: Any, codes: Any, value: str) -> None:
    answer = acme.create({"api_key": value})

    assert answer.status_code == 422
    assert list(codes(answer)) == ["values.api_key"]
    assert "canary" not in answer.text


def test_every_problem_is_reported_at_once(acme: Any, codes: Any) -> None:
    answer = acme.create({"signing_key": " x", "nothing": "y", "region": "\u0000"}, name=" ", hosts=["*"])

    assert answer.status_code == 422
    assert codes(answer) == {"name": "required"}

    answer = acme.create({"signing_key": " x", "nothing": "y", "region": "\u0000"}, hosts=["api.acme.com", "*"])

    assert codes(answer) == {
        "values.signing_key": "invalid_value",
        "values.nothing": "unknown_field",
        "values.region": "auth_value_not_allowed",
        "values.api_key": "credential_incomplete",
        "hosts[1]": "host_entry_invalid",
    }


@pytest.mark.parametrize("value", [4711, True, ["a"], {"text": "a"}, {"kid": "a", "alg": "b"}])
def test_a_value_of_another_shape_is_refused(acme: Any, value: object) -> None:
    answer = acme.create({"api_key": value})

    assert answer.status_code == 422
    assert "4711" not in answer.text
