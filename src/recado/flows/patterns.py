"""The patterns of checks and conditions: regular expressions of RE2, which match in linear time whatever they say.

Python's own can take years for thirty characters; RE2 has no look-around and no back-references instead.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from recado.errors import FieldTooLong, PatternInvalid

MAX_PATTERN: Final = 500
MAX_MATCHED: Final = 65_536
_MAX_MEMORY: Final = 1 << 20  # of one compiled pattern, in bytes


def check_pattern(pattern: str) -> None:
    """Raises PatternInvalid, FieldTooLong for a pattern that cannot be used."""
    if len(pattern) > MAX_PATTERN:
        raise FieldTooLong(limit=MAX_PATTERN)
    _compile(pattern)


def fits(pattern: str, text: str) -> bool | None:
    """Whether the whole text fits the pattern; None where that is no pattern."""
    try:
        check_pattern(pattern)
        return _compile(pattern).fullmatch(text[:MAX_MATCHED]) is not None
    except (PatternInvalid, FieldTooLong, UnicodeEncodeError):
        return None


@lru_cache(maxsize=256)
def _compile(pattern: str) -> Any:
    import re2  # noqa: PLC0415  # few flows have patterns, and what is not loaded costs nothing

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0] if error.args else ""
        raise PatternInvalid(
            reason=reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        ) from None
