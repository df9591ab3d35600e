"""Everything that WhatsApp would refuse of a message, on one page: its code and its sentence."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from recado.flows.limits import length_of
from recado.flows.outgoing import visible
from recado.flows.problems import PROBLEMS as FLOW_PROBLEMS

PROBLEMS: Final[dict[str, str]] = {
    **{
        code: FLOW_PROBLEMS[code].message
        for code in (
            "required", "text_too_long", "url_invalid", "degrees_invalid", "choices_missing", "choice_id_duplicate",
            "title_duplicate", "too_many_buttons", "too_many_sections", "section_title_missing",
        )
    },
    "type_unknown": "WhatsApp has no message of this type.",
    "recipient_missing": "A message needs a phone number with + and its country code, or the id of a person.",
    "recipient_twice": "A message goes to a phone number or to the id of a person, not to both.",
    "file_missing": "A file needs the id of an upload or an address, not both.",
    "id_invalid": "An id has 1 to {limit} characters and no blanks around it.",
    "too_many_rows": "WhatsApp shows at most {limit} rows; these are {count}.",
    "too_many_contacts": "WhatsApp takes 1 to {limit} contacts; these are {count}.",
    "card_count": "A carousel has {minimum} to {maximum} cards; these are {count}.",
    "card_headers_differ": "The cards of a carousel all have the same kind of header.",
    "header_unknown": "This cannot stand above a message of this kind.",
    "form_unnamed": "A form is named by its id or by its name, one of both.",
    "template_name_invalid": "The name of a template has lowercase letters, digits and underscores.",
    "emoji_not_allowed": "There can be no emoji here.",
    "parameter_invalid": "A value of a template has no line breaks, no tabs and no more than 4 blanks in a row.",
    "file_too_big": "This file has {size} bytes; WhatsApp takes at most {limit}.",
    "file_type_unknown": 'WhatsApp does not take "{type}" here.',
}  # fmt: skip
"""English sentences by code; the facts in braces are the problem's `params`."""


class Problem(msgspec.Struct, frozen=True):
    """What WhatsApp would refuse, where it stands, and its sentence."""

    path: str
    code: str
    message: str
    params: dict[str, str] = {}


class Findings:
    """Gathers problems while a payload is looked over, whose values may be anything."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, path: str, code: str, **facts: object) -> None:
        """Note a problem."""
        params = {name: str(fact) for name, fact in facts.items()}
        self.problems.append(Problem(path, code, PROBLEMS[code].format_map(params), params))

    def text(self, source: dict[str, Any], key: str, path: str, limit: int, *, is_required: bool = True) -> str:
        """Hold a text to its limit; the text, empty for anything else."""
        value = source.get(key)
        text = value if isinstance(value, str) else ""
        if not visible(text):
            if is_required:
                self.add(f"{path}.{key}".lstrip("."), "required")
        elif (length := length_of(text)) > limit:
            self.add(f"{path}.{key}".lstrip("."), "text_too_long", length=length, limit=limit)
        return text

    def identifier(self, source: dict[str, Any], path: str, limit: int, taken: set[str]) -> None:
        """Hold an id to its limit, and to being the only one of its name."""
        value = source.get("id")
        if not isinstance(value, str) or not value or value != value.strip() or length_of(value) > limit:
            self.add(f"{path}.id", "id_invalid", limit=limit)
        elif value in taken:
            self.add(f"{path}.id", "choice_id_duplicate", id=value)
        else:
            taken.add(value)
