"""Writes a time of day as people give it after a date, such as 3pm, 15h30 or 3 de la tarde, in 24 hours  [pure]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from recado.flows.matching import fold

_WRITTEN: Final = re.compile(
    r"(?P<date>[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4})(?:,| )(?: ?(?:at|as|a|a las?) )? ?"
    r"(?P<hour>[0-9]{1,2})(?:(?:[:.]| ?h ?)(?P<minute>[0-9]{2}))? ?(?P<mark>[a-z. ]{0,20})"
)
_Hours = Mapping[int, int]
_PLAIN: Final[_Hours] = {hour: hour for hour in range(24)}
_MORNING: Final[_Hours] = {hour: hour for hour in range(1, 12)}
_NIGHT: Final[_Hours] = {hour: hour + 12 for hour in range(6, 12)}
_EVENING: Final[_Hours] = {12: 12, **{hour: hour + 12 for hour in range(1, 9)}}
_HOURS: Final[Mapping[str, _Hours]] = {
    "am": {12: 0, **_MORNING},
    "pm": {**_EVENING, **_NIGHT},
    **dict.fromkeys(("", "h", "hs", "hr", "hrs", "hora", "horas", "min"), _PLAIN),
    **dict.fromkeys(("inthemorning", "delamanana", "delamadrugada", "damanha", "damadrugada"), _MORNING),
    **dict.fromkeys(("intheafternoon", "delatarde", "datarde"), _EVENING),
    **dict.fromkeys(("intheevening", "delanoche", "danoite"), _NIGHT),
}
"""Which hour of 24 one is that was written, by the words behind it; midnight and noon are left out where words are unclear."""


def in_24_hours(text: str) -> str:
    """The text with its time as 15:30; as it is where it is no date with a time, or leaves open which one."""
    found = _WRITTEN.fullmatch(fold(text))
    if found is None:
        return text
    mark = re.sub(r"[. ]", "", found["mark"])
    hour = _HOURS.get(mark, {}).get(int(found["hour"]))
    if hour is None or not (mark or found["minute"]):
        return text
    return f"{found['date']} {hour:02}:{found['minute'] or '00'}"
