"""What is said where the author wrote nothing: whole in every language, and within the limits."""

from __future__ import annotations

import typing

import msgspec
import pytest

from recado.flows.answers import read_yes_or_no
from recado.flows.definition import AnswerType, FlowSettings
from recado.flows.limits import MAX_BODY, MAX_BUTTON_TITLE, MAX_LABEL, MAX_ROW_TITLE
from recado.flows.matching import fold
from recado.flows.texts import NO_WORDS, TEXTS, YES_WORDS

LANGUAGES = typing.get_args(typing.get_type_hints(FlowSettings)["language"])


def test_every_language_of_a_flow_has_words() -> None:
    assert set(TEXTS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_whole(language: str) -> None:
    texts, english = TEXTS[language], TEXTS["en"]

    assert all(msgspec.structs.astuple(texts))
    assert texts.retry.keys() == english.retry.keys()
    assert set(typing.get_args(AnswerType)) <= texts.retry.keys()
    for reason, words in texts.retry.items():
        assert 0 < len(words) <= MAX_BODY
        assert ("{limit}" in words) == ("{limit}" in english.retry[reason]), reason
    assert max(len(texts.yes), len(texts.no)) <= MAX_BUTTON_TITLE
    assert len(texts.label) <= MAX_LABEL
    assert len(texts.more) <= MAX_ROW_TITLE


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_and_no_are_understood_as_they_are_written(language: str) -> None:
    texts = TEXTS[language]

    assert read_yes_or_no(texts.yes) is True
    assert read_yes_or_no(texts.no) is False
    assert all(read_yes_or_no(word.upper()) is True for word in texts.yes_words)
    assert all(read_yes_or_no(f" {word}! ") is False for word in texts.no_words)


def test_no_word_means_both() -> None:
    assert not YES_WORDS & NO_WORDS
    assert all(fold(word) == word for word in YES_WORDS | NO_WORDS)
