"""A text of a flow is read once into words and references; what it may not name is refused with its place."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.errors import FlowReferenceSyntax, PatternInvalid, RecadoError, SecretNotNameable, TooManyReferences
from recado.flows.patterns import MAX_PATTERN, check_pattern, fits
from recado.flows.references import parse_leniently, parse_text, references_in


@pytest.mark.parametrize(
    ("written", "root", "key", "field"),
    [
        ("{{answers.name}}", "answers", "name", ""),
        ("{{ answers.order.total }}", "answers", "order", "total"),
        ("{{outputs.order.id}}", "outputs", "order", "id"),
        ("{{calls.order.status}}", "calls", "order", "status"),
        ("{{calls.order.outcome}}", "calls", "order", "outcome"),
        ("{{calls.order.error}}", "calls", "order", "error"),
        ("{{calls.order.body}}", "calls", "order", "body"),
        ("{{calls.order.headers.retry-after}}", "calls", "order", "headers.retry-after"),
        ("{{variables.plan}}", "variables", "plan", ""),
        ("{{contact.name}}", "contact", "name", ""),
        ("{{\tcontact.phone }}", "contact", "phone", ""),
    ],
)
def test_a_reference_is_read(written: str, root: str, key: str, field: str) -> None:
    parts = parse_text(f"Hi {written}!")
    (found,) = references_in(parts)

    assert parts == ("Hi ", found, "!")
    assert (found.root, found.key, found.field, found.position) == (root, key, field, 3)
    assert str(found).replace("{", "").replace("}", "") == written.strip("{} \t")


@pytest.mark.parametrize(
    "written",
    ["{{name}}", "{{answers}}", "{{answers.Name}}", "{{answers.a.b.c}}", "{{outputs.order}}", "{{calls.order}}",
     "{{calls.order.colour}}", "{{variables.a.b}}", "{{contact.email}}", "{{inputs.a}}", "{{answers.a}", "{{}}", "{{", "{{ answers . a }}"],
)  # fmt: skip
def test_anything_else_is_refused_with_its_place(written: str) -> None:
    with pytest.raises(FlowReferenceSyntax) as caught:
        parse_text(f"Hi {written}")

    assert caught.value.facts == {"position": 4}
    assert parse_leniently(f"Hi {written}") == (f"Hi {written}",)


@pytest.mark.parametrize("written", ["{{auth.api_key}}", "{{ auth .x", "{{auth.anything at all}}"])
def test_a_secret_cannot_be_named(written: str) -> None:
    with pytest.raises(SecretNotNameable) as caught:
        parse_text(f"Key: {written}")

    assert caught.value.facts == {"position": 6}


def test_braces_can_be_said() -> None:
    assert parse_text(r"a \{{answers.a}} b") == ("a {{answers.a}} b",)
    assert parse_text("") == ()


def test_a_text_has_at_most_64_references() -> None:
    assert len(parse_text("{{answers.a}}" * 64)) == 64
    with pytest.raises(TooManyReferences):
        parse_text("{{answers.a}}" * 65)


@given(st.text(alphabet="{}\\ answerouptc.x", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        parts = parse_text(text)
    except RecadoError:
        parts = parse_leniently(text)
        assert parts == (text,)
    assert "".join(str(part) for part in parts).count("{") <= text.count("{")


@pytest.mark.parametrize("pattern", ["[", "(", "a{1001}", r"(a)\1", "(?=a)", "*", "x" * (MAX_PATTERN + 1), "\ud800"])
def test_a_pattern_that_cannot_be_used_is_refused(pattern: str) -> None:
    with pytest.raises(RecadoError) as caught:
        check_pattern(pattern)

    assert isinstance(caught.value, PatternInvalid) == (len(pattern) <= MAX_PATTERN)
    assert fits(pattern, "a") is None


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*a){20}", "(x+x+)+y", "a{0,500}a{0,500}$"])
def test_no_pattern_takes_its_time(pattern: str) -> None:
    assert fits(pattern, "a" * 50_000 + "!") is False


def test_patterns_know_letters_of_all_languages() -> None:
    assert fits(r"\p{L}+", "Ñandú") is True
    assert fits("(?i)é+", "É") is True
    assert fits(".", "🙂") is True
    assert fits("a", "\ud800") is None


def test_patterns_cost_nothing_until_one_is_used() -> None:
    program = "import sys, recado.flows.engine; raise SystemExit('re2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
