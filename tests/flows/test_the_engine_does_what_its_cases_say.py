"""Every block, every way out of it and every limit, as data: `cases/*.yaml`; `engine_cases.py` says how they read."""

from __future__ import annotations

import datetime as dt
import typing
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows.engine_cases import AT, compile_case, read_cases, read_event, read_table, show, walk_case
from recado.actions.paths import MISSING
from recado.flows.conditions import compare
from recado.flows.definition import AnswerType, Block, Operator
from recado.flows.engine import is_exit_word, start_state, step
from recado.flows.events import ENDED, Noted, Received, Started, TimerFired
from recado.flows.limits import cut, length_of
from recado.flows.matching import fold
from recado.flows.notes import NOTES

CASES = dict(read_cases())
ANSWERS = read_table("table_answers.yaml")
TESTS = read_table("table_conditions.yaml")
LIMITS = read_table("table_limits.yaml")
WORDS = read_table("table_words.yaml")


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_a_case(case: dict[str, Any]) -> None:
    walk_case(case)


def test_every_note_has_a_case() -> None:
    noted = {
        code
        for case in CASES.values()
        for given in (case.get("start", {}), *case["steps"])
        for code in given.get("notes", [])
    }
    assert noted == set(NOTES) - {"pattern_unusable", "text_cut"}  # these are noted in the tests of tables


def test_a_text_that_was_cut_is_noted() -> None:
    flow = {"blocks": [{"id": "m", "type": "message", "content": {"kind": "text", "text": "x" * 4097}}]}
    _, effects = step(compile_case({"flow": flow}), start_state("main"), Started(at=AT))

    assert Noted(code="text_cut", block_id="m", params={"limit": 4096}) in effects


def test_a_pattern_that_cannot_be_used_is_noted() -> None:
    _, effects = ask({"expects": "text", "checks": {"pattern": "["}}, "anything")

    assert Noted(code="pattern_unusable", block_id="q") in effects


def test_every_kind_of_block_has_cases() -> None:
    written = {block["type"] for case in CASES.values() for block in case["flow"]["blocks"]}
    assert written == {block.__struct_config__.tag for block in typing.get_args(Block)}


def rows(table: list[dict[str, Any]], name: str) -> list[Any]:
    """Each pair of a table as a case of its own."""
    return [
        pytest.param(row, typed, found, id=f"{row['expects']} {row.get('checks', '')}: {str(typed)[:40]!r}")
        for row in table
        for typed, found in row.get(name, {}).items()
    ]


def ask(row: dict[str, Any], typed: Any) -> Any:
    """The state after one answer to a question of a table, and what is said then."""
    question = {"id": "q", "type": "question", "text": "?", "answer": "it", "expects": row["expects"]}
    flow = {"blocks": [{**question, "checks": row.get("checks", {})}], "settings": row.get("settings", {})}
    program = compile_case({"flow": flow})
    state, _ = step(program, start_state("main"), Started(at=AT))
    return step(program, state, read_event({"text": str(typed)}, state, AT))


@pytest.mark.parametrize(("row", "typed", "kept"), rows(ANSWERS, "keeps"))
def test_an_answer_that_fits_is_kept(row: dict[str, Any], typed: Any, kept: Any) -> None:
    state, _ = ask(row, typed)

    assert state.frames[0].answers == {"it": kept}
    assert type(state.frames[0].answers["it"]) is type(kept)
    assert state.status == "finished"


@pytest.mark.parametrize(("row", "typed", "words"), rows(ANSWERS, "refuses"))
def test_an_answer_that_does_not_fit_is_asked_for_again(row: dict[str, Any], typed: Any, words: str) -> None:
    state, effects = ask(row, typed)

    assert state.frames[0].answers == {}
    assert state.status == "waiting"
    assert show(effects)[0] == words


def test_every_type_of_answer_has_cases() -> None:
    chosen = {"choice", "file", "location"}  # in question.yaml
    assert {row["expects"] for row in ANSWERS} == set(typing.get_args(AnswerType)) - chosen


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['left']!r} {row['is']} {row.get('right')!r}") for row in TESTS]
)
def test_a_comparison(row: dict[str, Any]) -> None:
    left = MISSING if row["left"] == "(nothing)" else row["left"]

    assert compare(row["is"], left, row.get("right", ""), ZoneInfo("America/Bogota")) is row["holds"]


def test_every_operator_has_cases_that_hold_and_that_do_not() -> None:
    assert {(row["is"], row["holds"]) for row in TESTS} == {
        (name, holds) for name in typing.get_args(Operator) for holds in (True, False)
    }


def fill(value: Any, text: str) -> Any:
    """`<text>` replaced wherever it stands."""
    if isinstance(value, dict):
        return {key: fill(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, text) for item in value]
    return value.replace("<text>", text) if isinstance(value, str) else value


def said(block: dict[str, Any], text: str, path: list[Any]) -> str:
    """What is said in one place of the first message of a block."""
    program = compile_case({"flow": {"blocks": [{"id": "b", **fill(block, text)}]}})
    _, effects = step(program, start_state("main"), Started(at=AT))
    found = show(effects)[0]
    for name in path:
        found = next(iter(found["rows"])) if name == "headings" else found[name]
    return str(found)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["about"]) for row in LIMITS])
@pytest.mark.parametrize("letter", ["x", "ñ", "🙂"])
def test_a_text_is_cut_to_its_limit(row: dict[str, Any], letter: str) -> None:
    limit, size = row["limit"], length_of(letter)
    before, _, after = row.get("shown", "<text>").partition("<text>")
    fitting = letter * (limit // size)

    assert said(row["block"], fitting, row["path"]) == f"{before}{fitting}{after}"
    shortened = said(row["block"], fitting + letter, row["path"])
    shortened = shortened.removeprefix(before).removesuffix(after)
    assert shortened.endswith("…")
    assert limit - 2 <= length_of(shortened) <= limit


@pytest.mark.parametrize(("left", "right", "is_same"), WORDS["folded"])
def test_texts_are_compared_folded(left: str, right: str, is_same: bool) -> None:
    assert (fold(left) == fold(right)) is is_same


@pytest.mark.parametrize(("text", "limit", "left"), WORDS["cut"])
def test_no_character_is_torn(text: str, limit: int, left: str) -> None:
    assert cut(text, limit) == left
    assert length_of(left) <= limit


@pytest.mark.parametrize(("words", "text", "is_exit"), WORDS["exit"])
def test_exit_words_are_known(words: list[str], text: str, is_exit: bool) -> None:
    flow = compile_case({"flow": {"blocks": [{"id": "e", "type": "end"}], "settings": {"exit_words": words}}})["main"]

    assert is_exit_word(flow, text) is is_exit


@pytest.mark.parametrize("zone", ["UTC", "America/Bogota", "Asia/Kolkata"])
@pytest.mark.parametrize("hour", range(0, 168, 5))
def test_a_reminder_comes_in_business_hours_alone(zone: str, hour: int) -> None:
    reminder = {"after_seconds": 600, "hours": {"days": [1, 2, 3, 4, 5], "begins": "09:00", "ends": "18:00"}}
    settings = {"timezone": zone, "reminder": reminder, "expires_after_seconds": 30 * 86_400}
    flow = {"blocks": [{"id": "q", "type": "question", "text": "?"}], "settings": settings}
    at = AT + dt.timedelta(hours=hour)
    state, _ = step(compile_case({"flow": flow}), start_state("main"), Started(at=at))

    due = next(timer.due_at for timer in state.timers if timer.kind == "reminder")
    local = due.astimezone(ZoneInfo(zone))
    assert due >= at + dt.timedelta(seconds=600)
    assert local.isoweekday() < 6
    assert "09:00" <= f"{local:%H:%M}" < "18:00"
    earlier = (due - dt.timedelta(minutes=1)).astimezone(ZoneInfo(zone))
    is_opening = f"{local:%H:%M}" == "09:00"
    assert is_opening or due == at + dt.timedelta(seconds=600), earlier


def test_two_hundred_rows_are_taken_out_of_an_answer() -> None:
    flow = {
        "variables": [{"key": "rows", "type": "json"}],
        "blocks": [{"id": "l", "type": "list", "text": "?", "source": {"rows": "{{variables.rows}}"}}],
    }
    started = Started(at=AT, variables={"rows": [f"Row {number}" for number in range(250)]})
    state, _ = step(compile_case({"flow": flow}), start_state("main"), started)

    assert state.waiting is not None
    assert [row["title"] for row in state.waiting.rows] == [f"Row {number}" for number in range(200)]


def test_an_event_after_the_end_changes_nothing() -> None:
    program = compile_case({"flow": {"blocks": [{"id": "e", "type": "end", "text": "Bye"}]}})
    state, _ = step(program, start_state("main"), Started(at=AT))
    assert state.status in ENDED

    for event in (Started(at=AT), TimerFired(at=AT, kind="expiry")):
        assert step(program, state, event) == (state, [])
    after, effects = step(program, state, read_event({"text": "hello?"}, state, AT))
    assert after == state
    assert show(effects) == []
    assert isinstance(read_event({"text": "x"}, state, AT), Received)
