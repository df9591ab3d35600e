"""Inputs and outputs are held to their rules; an output without an identifier gets one from its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

A = {"key": "a", "name": "A", "type": "string"}


def problems(response: httpx.Response) -> list[tuple[str, str]]:
    assert response.status_code == 422, response.text
    return [(problem["path"], problem["code"]) for problem in response.json()["errors"]]


@pytest.mark.parametrize("type_", ["string", "integer", "number", "boolean", "datetime"])
def test_the_five_types_are_taken(new_action: Callable[..., Any], type_: str) -> None:
    made = new_action(inputs=[A | {"type": type_}], outputs=[A | {"type": type_}])
    assert made["inputs"] == [A | {"type": type_, "required": False}]
    assert made["outputs"] == [A | {"type": type_, "identifier": "a", "required": False}]


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ([A, A], [("inputs[1].key", "duplicate")]),
        ([A | {"key": "A"}], [("inputs[0].key", "identifier_invalid")]),
        ([A | {"key": "a_"}], [("inputs[0].key", "identifier_invalid")]),
        ([A | {"key": ""}], [("inputs[0].key", "required")]),
        ([A | {"key": "1", "name": " "}], [("inputs[0].key", "identifier_invalid"), ("inputs[0].name", "required")]),
        ([A | {"name": "a\u0001"}], [("inputs[0].name", "invalid_value")]),
        ([A, A | {"key": "b", "type": "json"}], [("inputs[1].type", "invalid_value")]),
        ([{"key": "a", "name": "A"}], [("inputs[0].type", "required")]),
        ([{"key": "a", "type": "string"}], [("inputs[0].name", "required")]),
        ([A | {"default": 1}], [("inputs[0].default", "unknown_field")]),
        ([A | {"key": f"a{n}"} for n in range(101)], [("inputs", "too_many")]),
    ],
)
def test_inputs_are_held_to_the_rules(
    post_action: Callable[..., httpx.Response], inputs: Any, expected: list[tuple[str, str]]
) -> None:
    assert problems(post_action(inputs=inputs)) == expected


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        ([A | {"key": ""}], [("outputs[0].key", "required")]),
        ([A | {"key": "a["}], [("outputs[0].key", "output_key_invalid")]),
        ([A | {"key": "$..a"}], [("outputs[0].key", "output_key_invalid")]),
        ([A | {"key": "a[*]"}], [("outputs[0].key", "output_key_invalid")]),
        ([A | {"key": "a" * 600}], [("outputs[0].key", "too_long")]),
        ([A | {"identifier": "A"}], [("outputs[0].identifier", "identifier_invalid")]),
        ([A | {"identifier": "x"}, A | {"identifier": "x"}], [("outputs[1].identifier", "duplicate")]),
        ([A | {"name": ""}], [("outputs[0].name", "required")]),
        ([A | {"type": "date"}], [("outputs[0].type", "invalid_value")]),
        ([A] * 101, [("outputs", "too_many")]),
    ],
)
def test_outputs_are_held_to_the_rules(
    post_action: Callable[..., httpx.Response], outputs: Any, expected: list[tuple[str, str]]
) -> None:
    assert problems(post_action(outputs=outputs)) == expected


@pytest.mark.parametrize(
    ("keys", "identifiers"),
    [
        (["validation_id"], ["validation_id"]),
        (["data.userId", "$.items[0].name", "['a.b']"], ["user_id", "name", "a_b"]),
        (["$status", "$headers.x-request-id", "$body"], ["status", "x_request_id", "body"]),
        (["a.id", "b.id", "c.id"], ["id", "id_2", "id_3"]),
        ([("x.id", None), ("y", "id")], ["id_2", "id"]),
        (["a" * 64, "b." + "a" * 64], ["a" * 64, "a" * 62 + "_2"]),
    ],
)
def test_an_output_without_an_identifier_gets_its_keys_last_name(
    new_action: Callable[..., Any], keys: list[Any], identifiers: list[str]
) -> None:
    pairs = [key if isinstance(key, tuple) else (key, None) for key in keys]
    made = new_action(outputs=[A | {"key": key, "identifier": identifier} for key, identifier in pairs])
    assert [output["identifier"] for output in made["outputs"]] == identifiers


def test_lists_can_be_picked_whole_as_json(new_action: Callable[..., Any]) -> None:
    output = A | {"key": "items", "identifier": "all_items", "type": "json", "required": True}
    assert new_action(outputs=[output])["outputs"] == [output]


def test_all_problems_of_an_action_come_at_once(post_action: Callable[..., httpx.Response]) -> None:
    response = post_action(
        name="", description="\0", inputs=[A, A], outputs=[A | {"key": "["}], request={"endpoint": ""}
    )
    assert [path for path, _ in problems(response)] == ["name", "description", "inputs[1].key", "outputs[0].key"]
    response = post_action(name="", inputs=[A], request={"endpoint": "", "headers": [{"key": "", "value": "{{x}}"}]})
    paths = [path for path, _ in problems(response)]
    assert paths[0] == "name"
    assert set(paths[1:]) == {"request.endpoint", "request.headers[0].key", "request.headers[0].value"}
