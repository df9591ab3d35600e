"""Whoever picks outputs sees every value of the answer with its key, a sample and a type."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from recado.actions.candidates import Candidate, list_candidates
from recado.actions.content import Content
from recado.actions.outputs import OutputSpec, ResponseView, compile_output, pick_outputs, suggest_identifier
from recado.actions.paths import compile_path, walk
from recado.outbound.masking import Masker

JSON = "application/json"


def candidates(value: object) -> list[Candidate]:
    return list_candidates(Content(json.dumps(value).encode(), JSON))


def test_every_scalar_object_and_list_is_shown_in_order() -> None:
    body = b"""{"validation_id": "VLD1", "allowed": 2, "score": 0.50, "done": false, "reason": null,
               "at": "2026-04-01T10:00:00.123456789Z", "user": {"a.b": "x"}, "tags": ["t"], "big": 18446744073709551617}"""
    assert list_candidates(Content(body, JSON)) == [
        Candidate("$", "json", None, 9),
        Candidate("validation_id", "string", "VLD1"),
        Candidate("allowed", "integer", 2),
        Candidate("score", "number", Decimal("0.50")),
        Candidate("done", "boolean", sample=False),
        Candidate("reason", "string", None),
        Candidate("at", "datetime", "2026-04-01T10:00:00.123456789Z"),
        Candidate("user", "json", None, 1),
        Candidate("user['a.b']", "string", "x"),
        Candidate("tags", "json", None, 1),
        Candidate("tags[0]", "string", "t"),
        Candidate("big", "integer", 2**64 + 1),
    ]


def test_a_list_shows_at_most_100_scalars() -> None:
    keys = [one.key for one in candidates({"rows": [{"a": 1, "b": [2, 3]}] * 200, "after": 1}) if one.type != "json"]
    assert len(keys) == 101
    assert keys[-2:] == ["rows[33].a", "after"]


def test_an_answer_shows_at_most_500() -> None:
    assert len(candidates({f"k{number}": number for number in range(1000)})) == 500
    assert len(candidates([{}] * 1000)) == 500


def test_a_name_too_long_for_a_key_is_not_offered() -> None:
    assert [one.key for one in candidates({"n" * 600: {"x": 1}, "short": 1})] == ["$", "short"]


def test_long_text_is_cut() -> None:
    assert candidates(["x" * 300])[1].sample == "x" * 200 + "…"


def test_secrets_are_masked_before_text_is_cut() -> None:
    key = "sk_live_9f8e7d6c5b4a"
    body = json.dumps({"long": "x" * 190 + key, key: key}).encode()
    assert list_candidates(Content(body, JSON), Masker([key])) == [
        Candidate("$", "json", None, 2),
        Candidate("long", "string", "x" * 190 + "***"),
        Candidate("['***']", "string", "***"),
    ]
    assert list_candidates(Content(body, "text/csv"), Masker([key]))[1].sample == "x" * 190 + "***"
    text = Content(f"{'x' * 190}{key}".encode(), "text/plain")
    assert list_candidates(text, Masker([key])) == [Candidate("$body", "string", "x" * 190 + "***")]


def test_text_offers_itself_and_nothing_offers_nothing() -> None:
    assert list_candidates(Content(b"<a/>", "application/xml")) == [Candidate("$body", "string", "<a/>")]
    assert list_candidates(Content(b"<html>", JSON)) == [Candidate("$body", "string", "<html>")]
    assert list_candidates(Content(b"", JSON)) == []
    assert list_candidates(Content(b"\x89PNG\r\n\x1a\n", "image/png")) == []
    assert [one.key for one in list_candidates(Content(b"[" * 65 + b"]" * 65, JSON))] == ["$body"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(ANY_JSON)
def test_every_candidate_can_be_picked_as_it_is_shown(value: Any) -> None:
    content = Content(msgspec.json.encode(value), JSON)
    view = ResponseView(200, [("content-type", JSON)], msgspec.json.encode(value))
    for one in list_candidates(content):
        found = walk(value, compile_path(one.key).segments)
        picked = pick_outputs(
            [compile_output(OutputSpec(one.key, suggest_identifier(one.key), one.type, is_required=True))], view
        )
        if found is None:
            assert picked.results[0].result == "null"
        else:
            assert picked.error is None
            assert one.type in {"json", "datetime"} or picked.results[0].value == found
