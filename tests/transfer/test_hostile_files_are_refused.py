"""What YAML can do to a reader is refused with the line, quickly, and without building anything large."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from recado.errors import DocumentInvalid
from recado.integrations.document import MAX_BYTES, read_document

CASES = json.loads((Path(__file__).parent / "hostile_documents.json").read_text())

BOMBS = {
    "deep lists": ("[" * 500_000, "nests deeper"),
    "deep maps": ("{a: " * 200_000, "nests deeper"),
    "deep blocks": ("- " * 500_000, "nests deeper"),
    "deep lines": ("\n".join(" " * depth + "a:" for depth in range(200)), "nests deeper"),
    "many values": ("[" + "a," * 500_000 + "]", "more than 100,000 values"),
    "many digits": ("a: " + "1" * 5000, "more than 4300 digits"),
    "many bytes": ("a" * (MAX_BYTES + 1), "larger than 1 MiB"),
    "many wide characters": ("é" * (MAX_BYTES // 2 + 1), "larger than 1 MiB"),
    "laughs": ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "anchors and aliases"),
    "merges": ("a: &a {x: 1}\nb:\n  <<: *a\n", "anchors and aliases"),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["text"][:20]))
def test_a_hostile_file_is_refused_with_its_line(case: Any) -> None:
    with pytest.raises(DocumentInvalid) as refused:
        read_document(case["text"])
    assert str(refused.value).startswith(f"This is not a file that can be imported: {case['reason']}")


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_soon(name: str) -> None:
    text, reason = BOMBS[name]
    began = time.thread_time()
    with pytest.raises(DocumentInvalid, match=reason):
        read_document(text)
    assert time.thread_time() - began < 60  # 2.2 s for the widest, on an idle machine


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("True", "True"),
        ("true", True),
        ("~", None),
        ("null", None),
        ("Null", "Null"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("017", "017"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2026-11-22", "2026-11-22"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("+1", "+1"),
        ("-1", -1),
        ("=", "="),
        ("'1'", "1"),
        ("|-\n  1", "1"),
        ("[]", []),
        ("{}", {}),
        ("{1: 2, true: 3}", {"1": 2, "true": 3}),
        ("{<<: {a: 1}}", {"<<": {"a": 1}}),
    ],
)
def test_plain_words_mean_what_json_means(text: str, value: Any) -> None:
    assert repr(read_document(f"a: {text}\n")) == repr({"a": value})


def test_the_answer_names_the_field_and_not_the_file(import_file: Callable[[str], httpx.Response]) -> None:
    response = import_file("a: &secret-word 1")
    assert response.status_code == 422
    assert [(problem["path"], problem["code"]) for problem in response.json()["errors"]] == [
        ("yaml", "document_invalid")
    ]
    assert "secret-word" not in response.text
    for text in ("- 1", "5", "'text'"):
        assert import_file(text).status_code == 422
