"""What is said, within the limits: texts are cut, what WhatsApp would refuse is said in another way."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from recado.flows.events import Outgoing, OutgoingButton, OutgoingForm, OutgoingRow, OutgoingSection, Place
from recado.flows.limits import (
    MAX_BODY,
    MAX_BUTTON_TITLE,
    MAX_CAPTION,
    MAX_FILENAME,
    MAX_FOOTER,
    MAX_FORM_LABEL,
    MAX_HEADER,
    MAX_LABEL,
    MAX_PLACE_WORDS,
    MAX_TEXT,
    MAX_URL,
    cut,
    length_of,
)

_TORN: Final = 32  # what an emoji that does not fit takes along
_UNSEEN: Final = frozenset({"Cf", "Cc", "Mn", "Me"})  # joiners, control characters, marks without a letter


def text_message(text: str) -> Outgoing | None:
    """A text; None where there is nothing to say: WhatsApp refuses an empty one."""
    return Outgoing(type="text", text=cut(text, MAX_TEXT)) if visible(text) else None


def media_message(kind: str, url: str, caption: str, filename: str = "") -> Outgoing | None:
    """An `image`, `video` or `document`; its caption alone where the address cannot be fetched."""
    if not is_link(url):
        return text_message(caption)
    return Outgoing(
        type=kind,  # type: ignore[arg-type]  # one of the three, by the content's class
        url=url.strip(),
        text=cut(caption, MAX_CAPTION),
        filename=cut(filename, MAX_FILENAME),
    )


def location_message(latitude: str, longitude: str, name: str, address: str) -> Outgoing | None:
    """A place; its words alone where the degrees are none."""
    try:
        place = Place(
            latitude=float(latitude.strip().replace(",", ".")),
            longitude=float(longitude.strip().replace(",", ".")),
            name=cut(name, MAX_PLACE_WORDS),
            address=cut(address, MAX_PLACE_WORDS),
        )
    except ValueError:
        return text_message("\n".join(word for word in (name, address) if word))
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        return text_message("\n".join(word for word in (name, address) if word))
    return Outgoing(type="location", location=place)


def link_message(text: str, label: str, url: str) -> Outgoing | None:
    """Text with a button that opens `url`; text alone where that is no link, or there is nothing to write on the button."""
    if not is_link(url) or not visible(label):
        return text_message("\n".join(part for part in (text, url.strip()) if part.strip()))
    return Outgoing(
        type="link_button",
        text=cut(text if visible(text) else label, MAX_BODY),
        label=cut(label, MAX_LABEL),
        url=url.strip(),
    )


def location_request(text: str) -> Outgoing:
    """A request for the person's location; `text` is not empty."""
    return Outgoing(type="location_request", text=cut(text, MAX_BODY))


def buttons_message(body: str, buttons: Sequence[tuple[str, str]], header: str = "", footer: str = "") -> Outgoing:
    """Reply buttons out of ids and titles; titles that would be the same are told apart by a number."""
    shown: list[OutgoingButton] = []
    taken: set[str] = set()
    for number, (identifier, title) in enumerate(buttons, 1):
        fitting = cut(visible(title) or str(number), MAX_BUTTON_TITLE)
        if fitting in taken:
            fitting = f"{cut(fitting, MAX_BUTTON_TITLE - 2)} {number}"
        taken.add(fitting)
        shown.append(OutgoingButton(id=identifier, title=fitting))
    return Outgoing(
        type="buttons",
        text=cut(body, MAX_BODY),
        header=cut(header, MAX_HEADER),
        footer=cut(footer, MAX_FOOTER),
        buttons=shown,
    )


def list_message(
    body: str, sections: Sequence[tuple[str, Sequence[OutgoingRow]]], label: str, header: str = "", footer: str = ""
) -> Outgoing:
    """A list; its rows are within the limits already."""
    return Outgoing(
        type="list",
        text=cut(body, MAX_BODY),
        header=cut(header, MAX_HEADER),
        footer=cut(footer, MAX_FOOTER),
        label=cut(label, MAX_LABEL),
        sections=[OutgoingSection(title=title, rows=list(rows)) for title, rows in sections],
    )


def form_message(text: str, label: str, form: OutgoingForm, header: str = "", footer: str = "") -> Outgoing:
    """Words with a button that opens a form."""
    return Outgoing(
        type="form",
        text=cut(text, MAX_BODY),
        label=cut(label, MAX_FORM_LABEL),
        header=cut(header, MAX_HEADER),
        footer=cut(footer, MAX_FOOTER),
        form=form,
    )


def is_link(url: str) -> bool:
    """Whether WhatsApp can fetch or open this address."""
    address = url.strip()
    if not address or len(address) > MAX_URL or any(character <= " " for character in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def limit_cut_to(message: Outgoing) -> int | None:
    """The limit that the text of a message was cut to; None where it was said whole."""
    limit = MAX_TEXT if message.type == "text" else MAX_BODY  # captions have the limit of bodies
    return limit if message.text.endswith("…") and length_of(message.text) > limit - _TORN else None


def visible(text: str) -> str:
    """The text without blanks around it; empty where nothing of it is seen, which WhatsApp refuses."""
    stripped = text.strip()
    if stripped and not stripped[0].isalnum():
        is_seen = any(
            not character.isspace() and unicodedata.category(character) not in _UNSEEN for character in stripped
        )
        return stripped if is_seen else ""
    return stripped
