"""The interactive messages that the Graph API accepts: buttons, lists, a link, forms and the rest, with their limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from recado.emulator.whatsapp.checks import Checks, as_list, as_object
from recado.emulator.whatsapp.refusals import bad_value, invalid, missing

_MOST_BUTTONS: Final = 3
_MOST_ROWS: Final = 10
_MOST_SECTIONS: Final = 10
_CARDS: Final = (2, 10)
_ANY_HEADER: Final = frozenset({"text", "image", "video", "document"})
_TEXT_HEADER: Final = frozenset({"text"})
_EMOJI: Final = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")


def check_interactive(checks: Checks, value: Any) -> None:
    """Look at an interactive message. Raises Refusal."""
    message = as_object(value, "interactive")
    kind = message.get("type")
    if kind is None:
        raise missing("interactive['type']")
    check = _KINDS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise invalid(f"Param interactive['type'] must be one of {{{', '.join(sorted(_KINDS)).upper()}}}.")
    check(checks, message)


def _body(checks: Checks, message: Mapping[str, Any], most: int = 1024, *, is_needed: bool = True) -> None:
    if message.get("body") is None and not is_needed:
        return
    body = as_object(message.get("body"), "interactive['body']")
    checks.text(body, "text", most, "interactive['body']['text']")


def _frame(checks: Checks, message: Mapping[str, Any], headers: frozenset[str]) -> None:
    """The header and the footer."""
    if message.get("footer") is not None:
        footer = as_object(message["footer"], "interactive['footer']")
        checks.text(footer, "text", 60, "interactive['footer']['text']")
    if message.get("header") is None:
        return
    header = as_object(message["header"], "interactive['header']")
    kind = str(header.get("type"))
    if kind not in headers:
        raise bad_value(f"Header type {kind} is not allowed here. Allowed: {', '.join(sorted(headers))}")
    if kind == "text":
        checks.text(header, "text", 60, "interactive['header']['text']")
    else:
        checks.media(header.get(kind), kind)


def _action(message: Mapping[str, Any]) -> dict[str, Any]:
    return as_object(message.get("action"), "interactive['action']")


def _unique(values: list[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise bad_value(f"Duplicated {what}.")


def _buttons(checks: Checks, message: Mapping[str, Any]) -> None:
    _body(checks, message)
    _frame(checks, message, _ANY_HEADER)
    buttons = as_list(_action(message).get("buttons"), "interactive['action']['buttons']")
    if len(buttons) > _MOST_BUTTONS:
        raise bad_value(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {_MOST_BUTTONS}")
    ids, titles = [], []
    for at, button in enumerate(buttons):
        where = f"interactive['action']['buttons'][{at}]"
        if as_object(button, where).get("type") != "reply":
            raise invalid(f"Param {where}['type'] must be one of {{REPLY}}.")
        reply = as_object(button.get("reply"), f"{where}['reply']")
        ids.append(checks.text(reply, "id", 256, f"{where}['reply']['id']"))
        if ids[-1] != ids[-1].strip():
            raise bad_value("Button id must not begin or end with a space.")
        titles.append(checks.text(reply, "title", 20, "Button title"))
    _unique(ids, "button id")
    _unique(titles, "button title")


def _list(checks: Checks, message: Mapping[str, Any]) -> None:
    _body(checks, message, checks.body_limit_of_lists)
    _frame(checks, message, _TEXT_HEADER)
    action = _action(message)
    checks.text(action, "button", 20, "interactive['action']['button']")
    sections = as_list(action.get("sections"), "interactive['action']['sections']")
    if len(sections) > _MOST_SECTIONS:
        raise bad_value(f"Invalid sections count. Max allowed sections: {_MOST_SECTIONS}")
    ids: list[str] = []
    for at, section in enumerate(sections):
        where = f"interactive['action']['sections'][{at}]"
        as_object(section, where)
        if len(sections) > 1 or section.get("title") is not None:
            checks.text(section, "title", 24, "Section title")
        ids += [_row(checks, row, where) for row in as_list(section.get("rows"), f"{where}['rows']")]
    if len(ids) > _MOST_ROWS:
        raise bad_value(f"Total row count exceed max allowed count: {_MOST_ROWS}")
    _unique(ids, "row id")


def _row(checks: Checks, value: Any, where: str) -> str:
    row = as_object(value, f"{where}['rows']")
    checks.text(row, "title", 24, "Row title")
    checks.maybe_text(row, "description", 72, "Row description")
    return checks.text(row, "id", 200, "Row id")


def _link(checks: Checks, message: Mapping[str, Any]) -> None:
    _body(checks, message)
    _frame(checks, message, _ANY_HEADER)
    _link_action(checks, _action(message))


def _link_action(checks: Checks, action: Mapping[str, Any]) -> None:
    parameters = as_object(action.get("parameters"), "interactive['action']['parameters']")
    checks.text(parameters, "display_text", 20, "Button title")
    url = checks.text(parameters, "url", 2000, "Button url")
    if not url.startswith(("http://", "https://")):
        raise bad_value("Button url must begin with http:// or https://.")


def _location_request(checks: Checks, message: Mapping[str, Any]) -> None:
    _body(checks, message)
    if _action(message).get("name") != "send_location":
        raise bad_value("interactive['action']['name'] must be send_location.")


def _flow(checks: Checks, message: Mapping[str, Any]) -> None:
    _body(checks, message)
    _frame(checks, message, _ANY_HEADER)
    given = as_object(_action(message).get("parameters"), "interactive['action']['parameters']")
    if str(given.get("flow_message_version")) != "3":
        raise bad_value("flow_message_version must be 3.")
    if bool(given.get("flow_id")) == bool(given.get("flow_name")):
        raise invalid("Param interactive['action']['parameters'] must have one of flow_id and flow_name.")
    label = checks.text(given, "flow_cta", 30, "flow_cta")
    if _EMOJI.search(label):
        raise bad_value("flow_cta must not have emoji.")
    if str(given.get("mode", "published")) not in {"draft", "published"}:
        raise bad_value("mode must be draft or published.")
    action = str(given.get("flow_action", "navigate"))
    if action not in {"navigate", "data_exchange"}:
        raise bad_value("flow_action must be navigate or data_exchange.")
    payload = given.get("flow_action_payload")
    if action == "data_exchange" and payload is not None:
        raise bad_value("flow_action_payload must not be there when flow_action is data_exchange.")
    if payload is not None and not as_object(payload, "flow_action_payload").get("screen"):
        raise missing("flow_action_payload['screen']")


def _carousel(checks: Checks, message: Mapping[str, Any]) -> None:
    _body(checks, message)
    if message.get("header") is not None or message.get("footer") is not None:
        raise bad_value("A carousel has no header and no footer.")
    cards = as_list(_action(message).get("cards"), "interactive['action']['cards']")
    least, most = _CARDS
    if not least <= len(cards) <= most:
        raise bad_value(f"Invalid cards count. Min allowed cards: {least}, Max allowed cards: {most}")
    kinds = set()
    for card in cards:
        header = as_object(as_object(card, "card").get("header"), "card['header']")
        kind = str(header.get("type"))
        if kind not in {"image", "video"}:
            raise bad_value("The header of a card is an image or a video.")
        kinds.add(kind)
        checks.media(header.get(kind), kind)
        if card.get("body") is not None:
            checks.text(as_object(card["body"], "card['body']"), "text", 160, "Card body")
        _card_action(checks, as_object(card.get("action"), "card['action']"))
    if len(kinds) > 1:
        raise bad_value("All cards must have the same type of header.")


def _card_action(checks: Checks, action: Mapping[str, Any]) -> None:
    if action.get("buttons") is None:
        _link_action(checks, action)
        return
    for button in as_list(action["buttons"], "card['action']['buttons']"):
        reply = button.get("quick_reply") or button.get("reply")
        checks.text(as_object(reply, "card button"), "title", 20, "Button title")


def _shop(checks: Checks, message: Mapping[str, Any]) -> None:
    """Catalogues, products and addresses: what is not used here is looked at no closer."""
    _body(checks, message, is_needed=False)
    _frame(checks, message, _TEXT_HEADER)
    _action(message)


_KINDS: Final[dict[str, Callable[[Checks, Mapping[str, Any]], None]]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": _location_request,
    "flow": _flow,
    "carousel": _carousel,
    "catalog_message": _shop,
    "product": _shop,
    "product_list": _shop,
    "address_message": _shop,
    "call_permission_request": _shop,
    "request_contact_info": _shop,
}
