"""Nothing that WhatsApp would refuse goes out: a table of changes to good payloads, each with what is found."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recado.channels.whatsapp.limits import MEDIA, check_file, check_payload
from recado.channels.whatsapp.payload_problems import PROBLEMS
from recado.flows.problems import PROBLEMS as FLOW_PROBLEMS

TABLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "testdata" / "whatsapp" / "limits.json").read_text(encoding="utf-8")
)
BASES: dict[str, Any] = TABLE["bases"]
CASES: list[dict[str, Any]] = TABLE["cases"]


def put(payload: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at `a.b[0].c`; None takes it away, `x*9` is nine letters, and what is not there yet is made."""
    if isinstance(value, str) and (letters := re.fullmatch(r"x\*(\d+)", value)):
        value = "x" * int(letters[1])
    steps: list[Any] = [int(step) if step.isdecimal() else step for step in re.findall(r"[^.\[\]]+", path)]
    here: Any = payload
    for step in steps[:-1]:
        here = here.setdefault(step, {}) if isinstance(step, str) else here[step]
    if isinstance(here, list) and steps[-1] == len(here):
        here.append(value)
    elif value is None:
        here.pop(steps[-1])
    else:
        here[steps[-1]] = value


@pytest.mark.parametrize("base", BASES)
def test_good_payloads_are_good(base: str) -> None:
    assert check_payload(BASES[base]) == []


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_is_found_where_it_stands(case: dict[str, Any]) -> None:
    payload = copy.deepcopy(BASES[case["base"]])
    for path, value in case["set"].items():
        put(payload, path, value)
    found = check_payload(payload)
    assert [[problem.path, problem.code, problem.params] for problem in found] == case["problems"]
    for problem in found:
        assert all(fact in problem.message for fact in problem.params.values())
        assert "{" not in problem.message


@pytest.mark.parametrize(
    ("kind", "mime_type", "size", "codes"),
    [
        ("image", "image/jpeg", 5 * 2**20, []),
        ("image", "image/jpeg", 5 * 2**20 + 1, ["file_too_big"]),
        ("image", "image/gif", 1, ["file_type_unknown"]),
        ("video", "video/mp4", 16 * 2**20 + 1, ["file_too_big"]),
        ("audio", "audio/ogg; codecs=opus", 1, []),
        ("audio", "audio/wav", 16 * 2**20 + 1, ["file_type_unknown", "file_too_big"]),
        ("document", "application/x-anything", 100 * 2**20, []),
        ("document", "application/pdf", 100 * 2**20 + 1, ["file_too_big"]),
        ("sticker", "image/webp", 100 * 2**10 + 1, ["file_too_big"]),
        ("hologram", "image/webp", 1, ["type_unknown"]),
    ],
)
def test_files_have_their_sizes_and_types(kind: str, mime_type: str, size: int, codes: list[str]) -> None:
    assert [problem.code for problem in check_file(kind, mime_type, size)] == codes


def test_a_moving_sticker_may_be_bigger() -> None:
    assert check_file("sticker", "image/webp", 500 * 2**10, is_animated=True) == []
    assert check_file("sticker", "image/webp", 500 * 2**10 + 1, is_animated=True) != []


def test_the_table_holds_every_problem() -> None:
    tried = {code for case in CASES for _, code, _ in case["problems"]} | {"file_too_big", "file_type_unknown"}
    assert set(PROBLEMS) - tried == set()
    assert all(PROBLEMS[code] == FLOW_PROBLEMS[code].message for code in PROBLEMS.keys() & FLOW_PROBLEMS)
    assert set(MEDIA) == {"image", "video", "audio", "document", "sticker"}


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_a_payload_with_anything_in_it_is_checked(data: st.DataObject) -> None:
    payload = copy.deepcopy(BASES[data.draw(st.sampled_from(sorted(BASES)))])
    anything: st.SearchStrategy[Any] = (
        st.none()
        | st.integers()
        | st.text(max_size=3)
        | st.just([])
        | st.just({})
        | st.just([None, "x"])
        | st.just(["x"] * 20)
    )
    here: Any = payload
    while isinstance(here, (dict, list)) and here:
        key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[key], (dict, list)) or data.draw(st.booleans()):
            here[key] = data.draw(anything)
            break
        here = here[key]
    assert isinstance(check_payload(payload), list)
