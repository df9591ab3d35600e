"""What the Graph API looks at before it accepts a message: what must be there, and how long it may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from recado.emulator.whatsapp.refusals import Refusal, bad_value, invalid, missing

MEDIA: Final = ("image", "video", "audio", "document", "sticker")
_CAPTIONED: Final = frozenset({"image", "video", "document"})
_LINK: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_MOST_CONTACTS: Final = 5


class Checks:
    """Reads a message and refuses what Meta would; lengths count code points or UTF-16."""

    def __init__(self, unit: str, body_limit_of_lists: int, has_media: Callable[[str], bool]) -> None:
        self._unit = unit
        self.body_limit_of_lists = body_limit_of_lists
        self._has_media = has_media

    def length(self, text: str) -> int:
        """How long a text is."""
        return len(text) if self._unit == "code_points" else len(text.encode("utf-16-le", "surrogatepass")) // 2

    def text(self, owner: Mapping[str, Any], key: str, most: int, where: str) -> str:
        """A text that must be there, of 1 to `most` characters. Raises Refusal."""
        value = owner.get(key)
        if value is None:
            raise missing(where)
        if not isinstance(value, str):
            raise invalid(f"Param {where} must be a string.")
        if not value or not value.strip():
            raise bad_value(f"{where} must not be empty. Min length: 1, Max length: {most}")
        if self.length(value) > most:
            raise bad_value(f"{where} length invalid. Min length: 1, Max length: {most}")
        return value

    def maybe_text(self, owner: Mapping[str, Any], key: str, most: int, where: str) -> str:
        """A text that may be left out. Raises Refusal."""
        return self.text(owner, key, most, where) if owner.get(key) is not None else ""

    def media(self, value: Any, kind: str) -> None:
        """A file, by id or by link and not by both. Raises Refusal."""
        media = as_object(value, kind)
        has_id, has_link = bool(media.get("id")), bool(media.get("link"))
        if has_id == has_link:
            raise invalid(f"Param {kind} must have one of id and link.")
        if has_id and not self._has_media(str(media["id"])):
            raise Refusal(131053, f"Media with id {media['id']} was not found, or has expired.", status=400)
        if has_link and not _LINK.fullmatch(str(media["link"])):
            raise invalid(f"Param {kind}['link'] is not a valid URL.")
        if media.get("caption") is not None and kind not in _CAPTIONED:
            raise invalid(f"Param {kind}['caption'] is not allowed.")
        self.maybe_text(media, "caption", 1024, f"{kind}['caption']")
        self.maybe_text(media, "filename", 240, f"{kind}['filename']")

    def plain_text(self, value: Any) -> None:
        """The `text` of a message. Raises Refusal."""
        text = as_object(value, "text")
        body = text.get("body")
        if not isinstance(body, str) or not body.strip():
            raise invalid("The parameter text['body'] is required.")
        if self.length(body) > 4096:
            raise invalid("Param text['body'] must be at most 4096 characters long.")
        if not isinstance(text.get("preview_url", False), bool):
            raise invalid("Param text['preview_url'] must be a boolean.")

    def location(self, value: Any) -> None:
        """A place. Raises Refusal."""
        place = as_object(value, "location")
        for name, most in (("latitude", 90), ("longitude", 180)):
            degrees = place.get(name)
            if degrees is None:
                raise missing(f"location['{name}']")
            try:
                is_on_earth = not isinstance(degrees, bool) and abs(float(degrees)) <= most
            except (TypeError, ValueError):
                is_on_earth = False
            if not is_on_earth:
                raise invalid(f"Param location['{name}'] must be a number of degrees.")
        self.maybe_text(place, "name", 1000, "location['name']")
        self.maybe_text(place, "address", 1000, "location['address']")

    def contacts(self, value: Any) -> None:
        """One to five contacts, each with a name. Raises Refusal."""
        if not isinstance(value, list) or not value:
            raise invalid("Param contacts must be a non-empty array.")
        if len(value) > _MOST_CONTACTS:
            raise bad_value(f"contacts: at most {_MOST_CONTACTS} are allowed.")
        for at, contact in enumerate(value):
            where = f"contacts[{at}]"
            name = as_object(as_object(contact, where).get("name"), f"{where}['name']")
            if not name.get("formatted_name"):
                raise missing(f"{where}['name']['formatted_name']")
            if not any(name.get(part) for part in ("first_name", "last_name", "middle_name", "suffix", "prefix")):
                raise invalid(f"Param {where}['name'] must have another part of the name beside formatted_name.")

    def reaction(self, value: Any) -> None:
        """An emoji put to a message; an empty one takes it away. Raises Refusal."""
        reaction = as_object(value, "reaction")
        if not isinstance(reaction.get("message_id"), str) or not reaction["message_id"]:
            raise missing("reaction['message_id']")
        if not isinstance(reaction.get("emoji"), str):
            raise missing("reaction['emoji']")


def as_object(value: Any, where: str) -> dict[str, Any]:
    """An object that must be there. Raises Refusal."""
    if value is None:
        raise missing(where)
    if not isinstance(value, dict):
        raise invalid(f"Param {where} must be a JSON object.")
    return value


def as_list(value: Any, where: str) -> list[Any]:
    """A list that must be there and not be empty. Raises Refusal."""
    if value is None:
        raise missing(where)
    if not isinstance(value, list) or not value:
        raise invalid(f"Param {where} must be a non-empty array.")
    return value
