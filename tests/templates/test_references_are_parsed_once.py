"""A text is read once into literals and references; what is filled in is never read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.errors import TemplateSyntax, TooManyReferences
from recado.fields import IDENTIFIER
from recado.template import Reference, Template, parse_template

TABLE = json.loads((Path(__file__).parent.parent / "testdata" / "template_cases.json").read_text(encoding="utf-8"))

LITERALS = st.text(max_size=20).filter(lambda text: "{{" not in text and not text.endswith(("{", "\\")))
REFERENCES = st.builds(
    "{{{{{}{}.{}{}}}}}".format,
    st.sampled_from(["", " ", "\t", "  "]),
    st.sampled_from(["inputs", "auth"]),
    st.from_regex(IDENTIFIER, fullmatch=True),
    st.sampled_from(["", " ", "\t"]),
)


def shape(template: Template) -> list[Any]:
    """Literals as strings, references as [kind, name, position]."""
    return [part if isinstance(part, str) else [part.kind, part.name, part.position] for part in template.parts]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["about"]) for case in TABLE["read"]])
def test_a_text_is_read_into_parts(case: dict[str, Any]) -> None:
    assert shape(parse_template(case["text"])) == case["parts"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["about"]) for case in TABLE["refused"]])
def test_anything_else_in_double_braces_is_refused_with_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(TemplateSyntax) as caught:
        parse_template(case["text"])

    assert caught.value.facts["position"] == case["position"]
    assert str(caught.value) == (
        f"Only {{{{inputs.key}}}} and {{{{auth.identifier}}}} are understood, at position {case['position']}."
    )


def test_64_references_are_the_most_a_field_may_hold() -> None:
    assert len(parse_template("{{inputs.a}}" * 64).references) == 64
    with pytest.raises(TooManyReferences):
        parse_template("{{inputs.a}}" * 65)


def test_a_template_knows_whether_it_is_constant() -> None:
    assert parse_template(r"a\{{b}}").literal == "a{{b}}"
    assert parse_template("").literal == ""
    assert parse_template("{{inputs.a}}").literal is None


def test_a_reference_is_written_as_it_is_read() -> None:
    assert str(Reference("auth", "api_key", 7)) == "{{auth.api_key}}"


@given(st.text())
def test_text_without_double_braces_is_its_own_literal(text: str) -> None:
    if "{{" not in text:
        assert "".join(map(str, parse_template(text).parts)) == text


@given(st.text(alphabet="{}\\ ainputs.b\t"))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        parts = parse_template(text).parts
    except TemplateSyntax:
        return
    assert "" not in parts
    assert all(text[part.position :].startswith("{{") for part in parts if isinstance(part, Reference))


@given(st.lists(st.tuples(LITERALS, REFERENCES), max_size=10), LITERALS)
def test_literals_and_references_come_back_in_order(pairs: list[tuple[str, str]], last: str) -> None:
    text = "".join(literal + reference for literal, reference in pairs) + last

    template = parse_template(text)

    for found, (_, written) in zip(template.references, pairs, strict=True):
        assert text.startswith(written, found.position)
    literals = [part for part in template.parts if isinstance(part, str)]
    assert "".join(literals) == "".join(literal for literal, _ in pairs) + last
