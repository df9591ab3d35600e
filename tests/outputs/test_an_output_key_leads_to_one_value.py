"""An output's key is the singular path of RFC 9535, read once, and says where it is wrong."""

from __future__ import annotations

import json
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recado.actions.outputs import suggest_identifier
from recado.actions.paths import MISSING, Segment, compile_path, walk, write_key
from recado.errors import FieldTooLong, OutputKeyInvalid
from recado.fields import is_identifier

CASES: dict[str, list[dict[str, Any]]] = json.loads((File(__file__).parent / "keys.json").read_bytes())
BODY: dict[str, Any] = {
    "id": 7,
    "name": "Ana",
    "none": None,
    "items": [{"name": "first"}, {"name": "last"}],
    "a.b": {"": "deep"},
}


@pytest.mark.parametrize("case", CASES["read"], ids=lambda case: case["key"])
def test_a_key_is_read(case: dict[str, Any]) -> None:
    path = compile_path(case["key"])
    assert (path.source, list(path.segments)) == ("json", case["segments"])


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["key"] or "nothing")
def test_a_key_that_is_no_path_is_refused_with_its_position(case: dict[str, Any]) -> None:
    with pytest.raises(OutputKeyInvalid) as caught:
        compile_path(case["key"])
    assert caught.value.facts["position"] == case["position"]


def test_a_key_has_at_most_512_characters() -> None:
    assert compile_path("a" * 512).segments == ("a" * 512,)
    with pytest.raises(FieldTooLong):
        compile_path("a" * 513)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", 7),
        ("$", BODY),
        ("items[0].name", "first"),
        ("items[-1].name", "last"),
        ("items[-2].name", "first"),
        ("['a.b']['']", "deep"),
        ("none", None),
        ("missing", MISSING),
        ("items[2]", MISSING),
        ("items[-3]", MISSING),
        ("items.name", MISSING),
        ("items['0']", MISSING),
        ("name[0]", MISSING),
        ("id.x", MISSING),
        ("none.x", MISSING),
        ("none[0]", MISSING),
        ("[0]", MISSING),
    ],
)
def test_walking_a_body(key: str, value: Any) -> None:
    assert walk(BODY, compile_path(key).segments) == value


@pytest.mark.parametrize(
    ("key", "source", "header"),
    [
        ("$status", "status", ""),
        ("$body", "body", ""),
        ("$headers.date", "header", "date"),
        ("$headers.X-Request-ID", "header", "x-request-id"),
        ("$headers['X-Request-ID']", "header", "x-request-id"),
        ('$headers["date"]', "header", "date"),
    ],
)
def test_the_built_in_keys(key: str, source: str, header: str) -> None:
    path = compile_path(key)
    assert (path.source, path.header) == (source, header)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(NAMES | st.integers(-(2**53) + 1, 2**53 - 1), max_size=6).map(tuple))
@example(("$status",))
@example(("a", "b.c", 0, -1, "'", '"', "\\", "\n", "\x7f", "é", "", "1"))
def test_a_written_key_is_read_back(segments: tuple[Segment, ...]) -> None:
    key = write_key(segments)
    if len(key) <= 512:
        assert compile_path(key).segments == segments


@given(st.text(max_size=40) | st.text("$.[]'\"\\ u09-ab*", max_size=24))
def test_any_text_is_read_or_refused_within_itself(key: str) -> None:
    try:
        path = compile_path(key)
    except OutputKeyInvalid as error:
        assert 1 <= error.facts["position"] <= len(key) + 1  # type: ignore[operator]  # noqa: PT017  # an int; see where
        return
    if path.source == "json":
        assert compile_path(write_key(path.segments)).segments == path.segments


@pytest.mark.parametrize(
    ("key", "identifier"),
    [
        ("validation_id", "validation_id"),
        ("data.user.id", "id"),
        ("data.userId", "user_id"),
        ("data.userID", "user_id"),
        ("HTTPStatus", "http_status"),
        ("address2Line", "address2_line"),
        ("items[0]", "items"),
        ("items[0].name", "name"),
        ("['user-id']", "user_id"),
        ("['a.b']", "a_b"),
        ("['2FA code']", "value_2fa_code"),
        ("_private_", "private"),
        ("código", "codigo"),
        ("['名前']", "output"),
        ("['']", "output"),
        ("$", "output"),
        ("[0]", "output"),
        ("$status", "status"),
        ("$body", "body"),
        ("$headers.x-request-id", "x_request_id"),
        ("a" * 63 + "-b", None),
    ],
)
def test_an_identifier_is_suggested(key: str, identifier: str | None) -> None:
    if identifier is None:
        key, identifier = f"['{key}']", "a" * 63
    assert suggest_identifier(key) == identifier


@given(NAMES)
def test_a_suggested_identifier_keeps_the_rule(name: str) -> None:
    assert is_identifier(suggest_identifier(write_key((name,))))
