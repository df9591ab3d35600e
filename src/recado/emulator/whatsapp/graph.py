"""The Graph API's own routes: `/v{version}/{object}` and what hangs on it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from recado.emulator.asgi import Answer, Call, json_answer
from recado.emulator.whatsapp.accounts import Accounts, form_shown
from recado.emulator.whatsapp.media import MediaShelf, file_answer
from recado.emulator.whatsapp.refusals import Refusal, invalid, no_such_object
from recado.emulator.whatsapp.sending import Sending
from recado.emulator.whatsapp.world import Number, Token, Waba, World

_VERSIONED: Final = re.compile(r"/v(\d{1,2})\.\d{1,2}/(.*)")
_OLDEST: Final = 19
_APP_SCOPED_ONLY: Final = "subscriptions"


class Graph:
    """Answers the calls a business makes."""

    def __init__(self, world: World, sending: Sending, accounts: Accounts, shelf: MediaShelf) -> None:
        self._world = world
        self._sending = sending
        self._accounts = accounts
        self._shelf = shelf

    async def answer(self, call: Call) -> Answer:
        """The answer, in Meta's envelope when it is an error."""
        try:
            return await self._route(call)
        except Refusal as refusal:
            shown = refusal.shown(self._world.ids.fbtrace())
            return json_answer(refusal.status, shown, *refusal.headers)

    async def _route(self, call: Call) -> Answer:
        if call.path.startswith("/media/"):
            self._accounts.token_of(call)
            return file_answer(self._shelf.of_ticket(call.path.removeprefix("/media/")), call)
        found = _VERSIONED.fullmatch(call.path)
        if found is None:
            raise Refusal(2500, message="Unknown path components", status=400)
        if int(found.group(1)) < _OLDEST:
            raise Refusal(2635)
        token = self._accounts.token_of(call)
        parts = found.group(2).strip("/").split("/")
        value = await self._object(call, token, parts)
        if value is None:
            raise Refusal(
                100, message=f"Unsupported {call.method.lower()} request. There is no '{'/'.join(parts)}'.", subcode=33
            )
        if "next" in value.get("paging", {}):
            value["paging"]["next"] = f"{self._world.base_url}{call.path}{value['paging']['next']}"
        return json_answer(200, value)

    async def _object(self, call: Call, token: Token, parts: list[str]) -> dict[str, Any] | None:
        """What an object answers; None where it has no such edge. Raises Refusal."""
        world, query = self._world, dict(call.query)
        head, edge = parts[0], "/".join(parts[1:])
        if head == "debug_token":
            return self._accounts.debug_token(query.get("input_token", "")) if call.method == "GET" else None
        if head == world.app.id:
            return await self._accounts.subscribe_app(_body(call)) if edge == _APP_SCOPED_ONLY else None
        if head in world.numbers:
            return await self._number(call, self._accounts.number(head, token), edge)
        if head in world.wabas:
            return await self._waba(call, self._accounts.waba(head, token), edge, query)
        if head in world.forms and not edge:
            form = world.forms[head]
            return form_shown(form) if call.method == "GET" else self._accounts.set_form(form, _body(call))
        if head in world.media and not edge:
            media = self._shelf.find(head, query.get("phone_number_id"))
            self._accounts.number(media.number_id, token)
            return {"GET": self._shelf.described, "DELETE": self._shelf.delete}.get(call.method, _nothing)(media)
        for waba in world.wabas.values():
            for template in waba.templates.values():
                if template["id"] == head and not edge:
                    return template
        raise no_such_object(head)

    async def _number(self, call: Call, number: Number, edge: str) -> dict[str, Any] | None:
        accounts = self._accounts
        match call.method, edge:
            case "GET", "":
                return accounts.number_shown(number, dict(call.query).get("fields", ""))
            case "POST", "":
                return await accounts.set_number(number, _body(call))
            case "POST", "messages":
                return self._sending.take(number, _body(call))
            case "POST", "media":
                return self._shelf.upload(number, call)
            case "GET", "whatsapp_business_encryption":
                return accounts.key_shown(number)
            case "POST", "whatsapp_business_encryption":
                return accounts.set_key(number, _body(call))
            case "POST", "register":
                return accounts.register(number, _body(call))
            case "POST", "deregister":
                return accounts.deregister(number)
        return None

    async def _waba(self, call: Call, waba: Waba, edge: str, query: Mapping[str, str]) -> dict[str, Any] | None:
        accounts = self._accounts
        match call.method, edge:
            case "GET", "":
                return {"id": waba.id, "name": waba.name, "currency": "USD", "timezone_id": "1"}
            case "GET", "phone_numbers":
                return accounts.numbers_shown(waba, query)
            case "GET", "message_templates":
                return accounts.templates_shown(waba, query)
            case "POST", "message_templates":
                return accounts.add_template(waba, _body(call))
            case "GET", "subscribed_apps":
                return accounts.subscribed(waba)
            case "POST", "subscribed_apps":
                return await accounts.subscribe(waba, _body(call))
            case "DELETE", "subscribed_apps":
                return accounts.unsubscribe(waba)
            case "GET", "flows":
                return accounts.forms_shown(waba, query)
            case "POST", "flows":
                return accounts.add_form(waba, _body(call))
        return None


def _nothing(_: object) -> None:
    return None


def _body(call: Call) -> dict[str, Any]:
    """The parameters: JSON, a form, or the query. Raises Refusal."""
    kind = call.header(b"content-type").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return {**dict(call.query), **dict(parse_qsl(call.body.decode("utf-8", "replace")))}
    if not call.body:
        return dict(call.query)
    try:
        value = json.loads(call.body)
    except (ValueError, RecursionError) as problem:
        raise invalid("The body is not valid JSON.") from problem
    if not isinstance(value, dict):
        raise invalid("The body must be a JSON object.")
    return value
