"""Rules about what every block that asks has, and about the checks of questions."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from recado.errors import FieldTooLong, PatternInvalid
from recado.flows.definition import ButtonsBlock, Checks, FormBlock, ListBlock, QuestionBlock
from recado.flows.limits import MAX_BODY, MAX_TEXT, MAX_WAIT_SECONDS
from recado.flows.patterns import check_pattern
from recado.flows.rules import Rules
from recado.flows.values import moment_of, number_of

_MAX_ATTEMPTS: Final = 100
_MEDIA_WORDS: Final = frozenset({"image", "video", "audio", "document"})
_MIME: Final = re.compile(r"[a-z0-9!#$&^_.+-]+/(?:[a-z0-9!#$&^_.+-]+|\*)", re.IGNORECASE)
_MAX_LENGTH: Final = 65_536


def check_asking(rules: Rules, path: str, block: QuestionBlock | ButtonsBlock | ListBlock | FormBlock) -> None:
    """What every block that asks has, and the checks of a question."""
    is_text = isinstance(block, QuestionBlock) and block.expects not in {"boolean", "choice", "location"}
    limit = MAX_TEXT if is_text else MAX_BODY
    rules.text(block.text, f"{path}.text", block, limit, missing="text_missing")
    rules.text(block.retry_text, f"{path}.retry_text", block, MAX_TEXT)
    rules.number(block.attempts, f"{path}.attempts", block, 1, _MAX_ATTEMPTS)
    if block.timeout_seconds is not None:
        rules.number(block.timeout_seconds, f"{path}.timeout_seconds", block, 1, MAX_WAIT_SECONDS)
        if block.timeout_seconds >= rules.definition.settings.expires_after_seconds:
            rules.add("timeout_after_expiry", f"{path}.timeout_seconds", block)
    if isinstance(block, QuestionBlock):
        _check_question(rules, path, block)


def _check_question(rules: Rules, path: str, block: QuestionBlock) -> None:
    """What its answer must be."""
    if not block.answer:
        rules.add("answer_not_kept", f"{path}.answer", block)
    checks, path = block.checks, f"{path}.checks"
    least = _check_bound(rules, path, block, "minimum")
    most = _check_bound(rules, path, block, "maximum")
    if least is not None and most is not None and least > most:
        rules.add("bounds_crossed", f"{path}.maximum", block)
    _check_lengths(rules, path, block, checks)
    if checks.pattern:
        try:
            check_pattern(checks.pattern)
        except (PatternInvalid, FieldTooLong) as error:
            rules.findings.add_error(error, f"{path}.pattern", block.id)
    for index, kind in enumerate(checks.media_types if block.expects == "file" else ()):
        if kind not in _MEDIA_WORDS and not _MIME.fullmatch(kind):
            rules.add("media_type_invalid", f"{path}.media_types[{index}]", block, kind=kind[:64])
    if checks.max_bytes is not None:
        rules.number(checks.max_bytes, f"{path}.max_bytes", block, 1, 2**31)


def _check_lengths(rules: Rules, path: str, block: QuestionBlock, checks: Checks) -> None:
    for name in ("min_length", "max_length"):
        value = getattr(checks, name)
        if value is not None:
            rules.number(value, f"{path}.{name}", block, 0, _MAX_LENGTH)
    if checks.min_length is not None and checks.max_length is not None and checks.min_length > checks.max_length:
        rules.add("bounds_crossed", f"{path}.max_length", block)


def _check_bound(rules: Rules, path: str, block: QuestionBlock, name: str) -> Any:
    """The bound, where it is written out; it is only looked at by questions for numbers and dates."""
    text: str = getattr(block.checks, name)
    if not text.strip() or block.expects not in {"number", "integer", "datetime"}:
        return None
    parts = rules.text(text, f"{path}.{name}", block, 100)
    if parts is None or not all(isinstance(part, str) for part in parts):
        return None
    is_date = block.expects == "datetime"
    value = moment_of(text, dt.UTC) if is_date else number_of(text.strip())
    if value is None:
        rules.add("bound_invalid", f"{path}.{name}", block, type="datetime" if is_date else "number")
    return value
