"""Reads a delivery of WhatsApp's webhook, whatever it holds: what is unknown is kept, and nothing is ever raised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from recado.channels.whatsapp.graph_errors import read_error_objects
from recado.channels.whatsapp.inbound_messages import Book, read_content, read_ids, read_person
from recado.channels.whatsapp.lenient import id_of, object_of, objects_of, read_json, seconds_of, text_of
from recado.channels.whatsapp.statuses import rank_of
from recado.channels.whatsapp.updates import (
    AccountProblem,
    Delivery,
    Echo,
    InboundMessage,
    OtherUpdate,
    StatusUpdate,
    Unsupported,
    Update,
)

_MAX_OPAQUE: Final = 512
_MESSAGES: Final = frozenset({"messages", "statuses"})
_MESSAGES_TOO: Final = frozenset({None, "history"})
"""Some providers leave the field's name out; files of old messages come one by one under `history`."""


class _Change(msgspec.Struct, frozen=True):
    """One change of a delivery, and where it stands."""

    place: str
    waba_id: str | None
    field: str | None
    at: int | None
    value: dict[str, Any]
    problems: list[str]

    @property
    def phone_number_id(self) -> str | None:
        """The number of the business that it is about."""
        return id_of(object_of(self.value, "metadata"), "phone_number_id")

    def listed(self, key: str) -> Iterator[dict[str, Any]]:
        """The objects of a list of the value; what is none is noted."""
        yield from _objects(self.value, key, f"{self.place}.value", self.problems)


def read_delivery(body: bytes) -> Delivery:
    """Everything in a request's body, in its order. Never raises."""
    try:
        found = read_json(body)
    except ValueError:
        return Delivery(object=None, updates=[], problems=["body: JSON expected"])
    if not isinstance(found, dict):
        return Delivery(object=None, updates=[], problems=["body: object expected"])
    problems: list[str] = []
    updates: list[Update] = []
    for change in _changes(found, problems):
        updates += _read_change(change)
    return Delivery(object=id_of(found, "object"), updates=updates, problems=problems)


def _changes(body: dict[str, Any], problems: list[str]) -> Iterator[_Change]:
    for number, entry in enumerate(_objects(body, "entry", "", problems)):
        waba_id, place = id_of(entry, "id"), f"entry[{number}]"
        for index, change in enumerate(_objects(entry, "changes", place, problems)):
            here = f"{place}.changes[{index}]"
            value = change.get("value")
            if not isinstance(value, dict):
                problems.append(f"{here}.value: object expected")
                value = {}
            field = id_of(change, "field") or id_of(entry, "field")  # a sample of Meta's has it there
            yield _Change(here, waba_id, field, seconds_of(entry, "time"), value, problems)


def _objects(source: dict[str, Any], key: str, place: str, problems: list[str]) -> Iterator[dict[str, Any]]:
    value = source.get(key)
    if value is None:
        return
    here = f"{place}.{key}".lstrip(".")
    if not isinstance(value, list):
        problems.append(f"{here}: list expected")
        value = [value]
    for index, item in enumerate(value):
        if isinstance(item, dict):
            yield item
        else:
            problems.append(f"{here}[{index}]: object expected")


def _read_change(change: _Change) -> list[Update]:
    if change.field == "smb_message_echoes":
        found: list[Update] = [_read_echo(change, echo) for echo in change.listed("message_echoes")]
    elif change.field == "messages" or (change.field in _MESSAGES_TOO and _MESSAGES & change.value.keys()):
        found = _read_messages(change)
    else:
        found = []
    if found or change.field == "messages":
        return found
    return [
        OtherUpdate(
            waba_id=change.waba_id,
            phone_number_id=change.phone_number_id,
            field=change.field,
            at=change.at,
            raw=change.value,
        )
    ]


def _read_messages(change: _Change) -> list[Update]:
    book = Book(objects_of(change.value, "contacts"))
    number = change.phone_number_id
    found: list[Update] = [_read_message(change, number, message, book) for message in change.listed("messages")]
    found += [_read_status(change, number, status) for status in change.listed("statuses")]
    errors = read_error_objects(change.value)
    if errors and not any(isinstance(item, InboundMessage) and isinstance(item.content, Unsupported) for item in found):
        found.append(AccountProblem(waba_id=change.waba_id, phone_number_id=number, errors=errors, raw=change.value))
    return found


def _read_message(change: _Change, number: str | None, message: dict[str, Any], book: Book) -> InboundMessage:
    content = read_content(message)
    if isinstance(content, Unsupported) and not content.errors:  # they stand beside the message then
        errors = read_error_objects(change.value)
        content = Unsupported(type=content.type, code=errors[0].code if errors else None, errors=errors)
    referral = message.get("referral")
    return InboundMessage(
        waba_id=change.waba_id,
        phone_number_id=number,
        message_id=id_of(message, "id"),
        type=id_of(message, "type"),
        sender=read_person(message, "from", book),
        at=seconds_of(message, "timestamp"),
        content=content,
        raw=message,
        context_id=id_of(object_of(message, "context"), "id"),
        referral=referral if isinstance(referral, dict) else None,
        group_id=id_of(message, "group_id"),
        is_history=change.field == "history",
    )


def _read_status(change: _Change, number: str | None, status: dict[str, Any]) -> StatusUpdate:
    word = text_of(status, "status")
    recipient_id, recipient_user_id = read_ids(status, "recipient_id", "recipient_user_id")
    is_group = status.get("recipient_type") == "group"
    return StatusUpdate(
        waba_id=change.waba_id,
        phone_number_id=number,
        message_id=id_of(status, "id"),
        status=word,
        rank=rank_of(word),
        at=seconds_of(status, "timestamp"),
        recipient_id=recipient_id,
        recipient_user_id=recipient_user_id,
        opaque=id_of(status, "biz_opaque_callback_data", _MAX_OPAQUE),
        errors=read_error_objects(status),
        raw=status,
        group_id=id_of(status, "recipient_id") if is_group else None,
    )


def _read_echo(change: _Change, echo: dict[str, Any]) -> Echo:
    return Echo(
        waba_id=change.waba_id,
        phone_number_id=change.phone_number_id,
        message_id=id_of(echo, "id"),
        type=id_of(echo, "type"),
        recipient=read_person(echo, "to", Book(objects_of(change.value, "contacts"))),
        at=seconds_of(echo, "timestamp"),
        content=read_content(echo),
        raw=echo,
    )
