"""Holds what a flow says to what WhatsApp takes; the numbers are written here once more, from its pages."""

from __future__ import annotations

from recado.channels.whatsapp.limits import check_payload
from recado.channels.whatsapp.payloads import Address, build
from recado.flows.events import Outgoing


def units(text: str) -> int:
    """UTF-16 units, the stricter way to count."""
    return len(text.encode("utf-16-le")) // 2


def check_limits(message: Outgoing) -> None:
    """Raises AssertionError for a message that WhatsApp would refuse."""
    body = {"text": 4096, "location": 0}.get(message.type, 1024)
    assert units(message.text) <= body, message
    if message.type in {"text", "buttons", "list", "link_button", "location_request"}:
        assert message.text.strip(), message
    assert units(message.header) <= 60
    assert units(message.footer) <= 60
    assert units(message.label) <= 20
    if message.type in {"image", "video", "document", "link_button"}:
        assert message.url.startswith(("http://", "https://"))
    if message.type in {"list", "link_button"}:
        assert message.label.strip()
    if message.type == "buttons":
        titles = [button.title for button in message.buttons]
        assert 1 <= len(titles) <= 3
        assert len(set(titles)) == len(titles), titles
        assert all(title.strip() and units(title) <= 20 for title in titles), titles
        assert all(button.id == button.id.strip() and 0 < len(button.id) <= 256 for button in message.buttons)
        assert len({button.id for button in message.buttons}) == len(titles)
    if message.type == "list":
        check_list(message)
    if message.type == "location":
        assert message.location is not None
        assert -90 <= message.location.latitude <= 90
        assert -180 <= message.location.longitude <= 180
    assert check_payload(build(message, Address(wa_id="15550100001"))) == [], message


def check_list(message: Outgoing) -> None:
    """The rows of a list."""
    assert 1 <= len(message.sections) <= 10
    rows = [row for section in message.sections for row in section.rows]
    assert all(section.rows for section in message.sections)
    assert all(units(section.title) <= 24 for section in message.sections)
    assert len(message.sections) == 1 or all(section.title.strip() for section in message.sections)
    assert 1 <= len(rows) <= 10
    assert all(row.title.strip() and units(row.title) <= 24 and units(row.description) <= 72 for row in rows)
    assert all(row.id == row.id.strip() and 0 < len(row.id) <= 200 for row in rows)
    assert len({row.id for row in rows}) == len(rows), rows
