"""Whatever can be stored comes back from a file as it was, and is written with the same bytes again."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from recado.db.columns import JSON_DECODER, JSON_ENCODER
from recado.integrations.document import read_document, write_document

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text("ab :#-?{}[]&*!|>'\"%@`,\n\t \r\\~=<.0123456789eE+xnulyos\u2028\u0085\ufeff\u00a0é", max_size=30),
    st.lists(st.text("ab #:-  \t", max_size=8), max_size=5).map("\n".join),
    st.sampled_from(["null", "true", "Yes", "on", "---", "...", "- a", "? a", "a: b", "a #b", "1e3", "{{inputs.a}}"]),
    st.sampled_from(["x" * 1500, "a b " * 400, "-----BEGIN X-----\nabc=\n-----END X-----\n", "|", ">", "<<", "="]),
)
NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=-(10**60), max_value=10**60),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from([Decimal("12.10"), Decimal("1E+400"), Decimal("-0.0"), Decimal("0E-7"), Decimal("1E-9999")]),
    st.floats(allow_nan=False, allow_infinity=False),
)
TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=20,
)


def exact(tree: Any) -> bytes:
    """JSON to the letter, as it is stored."""
    return JSON_ENCODER.encode(tree)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(TEXTS, TREES, min_size=1, max_size=5))
def test_a_tree_is_read_back_to_the_letter(tree: dict[str, Any]) -> None:
    text = write_document(tree)
    read = read_document(text)
    assert exact(read) == exact(JSON_DECODER.decode(exact(tree)))
    assert write_document(read) == text


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(TEXTS, st.one_of(TEXTS, st.lists(TEXTS, max_size=3)), min_size=1, max_size=5))
def test_other_readers_of_yaml_see_the_same_texts(tree: dict[str, Any]) -> None:
    other: Any = YAML(typ="safe", pure=True)
    assert other.load(io.StringIO(write_document(tree))) == tree


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_digits(number: Decimal) -> None:
    text = write_document({"n": number})
    assert str(read_document(text)["n"]) == str(number)


def test_what_can_be_read_by_people_is_not_quoted() -> None:
    tree = {"a": "São Paulo (BR)", "b": "https://a.io/x?y=1", "c": "two\nlines", "d": "one\n", "e": "{{inputs.a}}"}
    assert write_document(tree) == (
        'a: São Paulo (BR)\nb: https://a.io/x?y=1\nc: |-\n  two\n  lines\nd: |\n  one\ne: "{{inputs.a}}"\n'
    )
