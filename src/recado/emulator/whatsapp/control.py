"""The stand-in's own API under `/_standin/`: people act, time passes, things go wrong, and what happened is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec

from recado.emulator.asgi import Answer, Call, json_answer
from recado.emulator.trouble import Rules, read_rule
from recado.emulator.whatsapp.deliveries import Deliveries, verify
from recado.emulator.whatsapp.envelopes import as_sent
from recado.emulator.whatsapp.failures import Failures
from recado.emulator.whatsapp.forms import Forms, reply_of
from recado.emulator.whatsapp.ids import user_id_of
from recado.emulator.whatsapp.options import changed
from recado.emulator.whatsapp.people import People
from recado.emulator.whatsapp.phones import chat_shown, is_seen, shown
from recado.emulator.whatsapp.refusals import Refusal
from recado.emulator.whatsapp.setting_up import VERIFY_TOKEN, add_number, add_template, add_waba
from recado.emulator.whatsapp.world import WA_ID_FORMS, Callback, Form, MetaApp, Person, Token, Waba, World

PREFIX: Final = "/_standin"
_MOST_WAIT: Final = 60.0
_VERSION: Final = "v26.0"


class NoSuchThing(Exception):
    """There is nothing of that name."""


class Control:
    """Answers what a test, a demo or the page asks of the stand-in itself."""

    def __init__(
        self, world: World, deliveries: Deliveries, people: People, forms: Forms, failures: Failures, rules: Rules
    ) -> None:
        self._world = world
        self._deliveries = deliveries
        self._people = people
        self._forms = forms
        self._failures = failures
        self._rules = rules

    async def answer(self, call: Call) -> Answer:
        """The answer to one call."""
        parts = call.path.removeprefix(PREFIX).strip("/").split("/")
        try:
            body = json.loads(call.body) if call.body else {}
            if not isinstance(body, dict):
                return json_answer(400, {"message": "Send a JSON object."})
            value = await self._route(call.method, parts, body, dict(call.query))
        except NoSuchThing as problem:
            return json_answer(404, {"message": str(problem)})
        except Refusal as problem:
            return json_answer(400, {"message": str(problem)})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            return json_answer(400, {"message": str(problem) or type(problem).__name__})
        return json_answer(200, value)

    async def _route(self, method: str, parts: list[str], body: dict[str, Any], query: dict[str, str]) -> Any:
        match method, parts:
            case _, ["people", *rest]:
                return await self._of_people(method, rest, body, query)
            case "POST", ["messages"]:
                return {"messages": [shown(self._world, one) for one in self._people.act(_acts(body))]}
            case _, ["webhooks", *rest]:
                return self._of_webhooks(method, rest, body)
            case _, ["clock" | "failures" | "trouble" | "tokens", *_]:
                return self._of_rules(method, parts, body)
            case "POST", ["flows", "exchange"]:
                return await self._exchange(body)
            case "POST", _:
                return await self._add(parts, body)
        return await self._tell(method, parts, body, query)

    async def _tell(self, method: str, parts: list[str], body: dict[str, Any], query: dict[str, str]) -> Any:
        match method, parts:
            case "GET", [""]:
                return self.connection()
            case "PATCH", ["settings"]:
                self._world.set_options(changed(self._world.options, body))
                return msgspec.to_builtins(self._world.options)
            case "GET", ["settings"]:
                return msgspec.to_builtins(self._world.options)
            case "GET", ["idle"]:
                return {"is_idle": await self._idle(query)}
            case "GET", ["calls"]:
                return {"calls": list(self._world.calls)}
        raise NoSuchThing(f"There is no {method} {PREFIX}/{'/'.join(parts)}.")

    # ── the account ──────────────────────────────────────────────────────────────────────────────────────────────────

    def connection(self) -> dict[str, Any]:
        """All that somebody needs who wants to connect to it."""
        world = self._world
        callback = world.app.callback
        return {
            "base_url": world.base_url,
            "version": _VERSION,
            "token": next(iter(world.tokens), ""),
            "app_id": world.app.id,
            "app_secret": world.app.secrets[0],
            "verify_token": callback.verify_token if callback else VERIFY_TOKEN,
            "callback": callback.url if callback else None,
            "waba_id": next(iter(world.wabas)),
            "phone_number_id": next(iter(world.numbers)),
            "wabas": [
                {"id": waba.id, "name": waba.name, "is_subscribed": waba.is_subscribed} for waba in world.wabas.values()
            ],
            "numbers": [
                {
                    "id": number.id,
                    "waba_id": number.waba_id,
                    "display_phone_number": number.display,
                    "verified_name": number.verified_name,
                    "has_key": bool(number.public_key),
                    "callback": number.callback.url if number.callback else None,
                }
                for number in world.numbers.values()
            ],
        }

    async def _add(self, parts: list[str], body: dict[str, Any]) -> Any:
        world = self._world
        match parts:
            case ["app"]:
                return await self._set_app(body)
            case ["wabas"]:
                return {"id": add_waba(world, str(body.get("name") or "Another business")).id}
            case ["wabas", waba_id]:
                self._waba(waba_id).is_subscribed = bool(body["is_subscribed"])
                return {"id": waba_id}
            case ["wabas", waba_id, "templates"]:
                return add_template(world, self._waba(waba_id), body)
            case ["numbers"]:
                waba = self._waba(str(body.get("waba_id") or next(iter(world.wabas))))
                digits = str(body.get("phone") or f"1555{world.ids.digits('phone', 7)}").lstrip("+")
                return {"id": add_number(world, waba.id, digits, str(body.get("verified_name") or "Recado")).id}
            case ["numbers", number_id]:
                world.numbers[number_id] = replace(world.numbers[number_id], **body)
                return {"id": number_id}
            case ["flows"]:
                form = Form(
                    str(body.get("id") or world.ids.digits("form")),
                    str(body.get("name") or "form"),
                    str(body["endpoint"]),
                    next(iter(world.wabas)),
                )
                world.forms[form.id] = form
                return {"id": form.id, "name": form.name}
        raise NoSuchThing(f"There is no POST {PREFIX}/{'/'.join(parts)}.")

    def _waba(self, waba_id: str) -> Waba:
        return self._world.wabas[waba_id]

    async def _set_app(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The app's secrets (the first signs) and its callback, which is asked first whether it is ours."""
        app: MetaApp = self._world.app
        if "secrets" in body:
            app.secrets = [str(secret) for secret in body["secrets"]]
        if "callback" in body:
            url = body["callback"]
            callback = Callback(str(url), str(body.get("verify_token") or VERIFY_TOKEN)) if url else None
            if callback and body.get("is_verified", True):
                await verify(callback)
            app.callback = callback
        return {"id": app.id, "callback": app.callback.url if app.callback else None}

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _of_people(self, method: str, parts: list[str], body: dict[str, Any], query: dict[str, str]) -> Any:
        world = self._world
        match method, parts:
            case "GET", []:
                return {"people": [_person(one) for one in world.people.values()]}
            case "POST", []:
                return _person(self._new_person(body))
        person = world.people.get(parts[0])
        if person is None:
            raise NoSuchThing(f"There is no person {parts[0]!r}.")
        match method, parts[1:]:
            case "GET", []:
                return _person(person)
            case "PATCH", []:
                changes = {key: value for key, value in body.items() if key != "id"}
                changes |= {"phone": str(body["phone"]).lstrip("+")} if "phone" in body else {}
                return _person(world.change_person(_checked(replace(person, **changes))))
            case "GET", ["chat"]:
                return await self._chat(person, query)
            case "POST", ["messages"]:
                message = self._people.act([{**body, "person": person.id}])[0]
                return shown(world, message)
            case "POST", ["reads"]:
                return {"read": self._people.read(person, body.get("number"))}
        raise NoSuchThing(f"There is no {method} {PREFIX}/people/{'/'.join(parts)}.")

    def _new_person(self, body: Mapping[str, Any]) -> Person:
        """Somebody gets WhatsApp, or a number that was written to gets its somebody."""
        world = self._world
        phone = str(body.get("phone") or self._free_phone()).lstrip("+")
        known = world.person_of_address(phone)
        if known is not None and known.is_stranger:
            world.remove_person(known.id)
        person = Person(
            id=known.id if known else str(body.get("id") or f"p{phone}"),
            name=str(body.get("name") or f"+{phone}"),
            phone=phone,
            user_id=str(body.get("user_id") or user_id_of(phone)),
            parent_user_id=str(body.get("parent_user_id") or ""),
            username=str(body.get("username") or ""),
            wa_id_form=body.get("wa_id_form", "present"),
            also=tuple(str(one).lstrip("+") for one in body.get("also", ())),
        )
        return world.add_person(_checked(person))

    def _free_phone(self) -> str:
        numbers = (f"1555010{number:04}" for number in range(2000, 10_000))
        return next(number for number in numbers if self._world.person_of_address(number) is None)

    async def _chat(self, person: Person, query: Mapping[str, str]) -> dict[str, Any]:
        """A chat; with `wait`, once something of the business's is there, or with `any` of theirs."""
        after, number_id, is_any = int(query.get("after", 0)), query.get("number"), "any" in query

        def is_there() -> bool:
            return any(
                (is_any or not one.is_from_person) and is_seen(one)
                for one in self._world.chat(person.id, number_id, after)
            )

        if wait := min(float(query.get("wait", 0)), _MOST_WAIT):
            await self._world.pulse.until(is_there, wait)
        return chat_shown(self._world, person, number_id, after)

    # ── webhooks ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _of_webhooks(self, method: str, parts: list[str], body: dict[str, Any]) -> Any:
        deliveries = self._deliveries
        match method, parts:
            case "GET", []:
                shown_log = [delivery.shown() for delivery in deliveries.log]
                return {"deliveries": shown_log, "undelivered": deliveries.undelivered}
            case "POST", ["hold"]:
                deliveries.hold()
                return {"is_held": True}
            case "POST", ["release"]:
                return {"updates": deliveries.release(int(body.get("size", 1000)))}
            case "POST", ["again"]:
                for delivery in list(deliveries.log):
                    if body.get("id") in {None, delivery.id}:
                        deliveries.send(delivery.url, delivery.body)
                return {"is_idle": deliveries.is_idle}
            case "POST", ["raw"]:
                return {"id": self._send_raw(body).id}
        raise NoSuchThing(f"There is no {method} {PREFIX}/webhooks/{'/'.join(parts)}.")

    def _send_raw(self, body: Mapping[str, Any]) -> Any:
        """Any payload at all, signed and sent as it is; `text` stands for bytes that are no JSON."""
        callbacks = [number.callback for number in self._world.numbers.values()]
        callbacks += [waba.callback for waba in self._world.wabas.values()] + [self._world.app.callback]
        url = body.get("url") or next((callback.url for callback in callbacks if callback), None)
        if url is None:
            raise ValueError("No callback is set.")
        raw = str(body["text"]).encode() if "text" in body else as_sent(body["payload"])
        return self._deliveries.send(str(url), raw)

    async def _idle(self, query: Mapping[str, str]) -> bool:
        """Wait until all that is due was done and told."""
        world, deliveries = self._world, self._deliveries
        soon = float(query.get("soon", 1.0))

        def is_idle() -> bool:
            waits = world.agenda.waits()
            is_due = bool(waits) and waits[0] <= (soon if world.clock.is_running else 0)
            return deliveries.is_idle and not is_due

        return await world.pulse.until(is_idle, min(float(query.get("wait", 10)), _MOST_WAIT))

    # ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _of_rules(self, method: str, parts: list[str], body: dict[str, Any]) -> Any:
        match method, parts:
            case "POST", ["clock"]:
                return self._set_clock(body)
            case "GET", ["clock"]:
                return {"now": self._world.clock.now(), "is_running": self._world.clock.is_running}
            case "POST", ["failures"]:
                self._failures.add(body)
            case "DELETE", ["failures"]:
                self._failures.clear()
            case "POST", ["trouble"]:
                self._rules.add(read_rule(body))
            case "DELETE", ["trouble"]:
                self._rules.clear()
            case "POST", ["tokens"]:
                return self._add_token(body)
            case "DELETE", ["tokens", value]:
                self._world.tokens.pop(value, None)
                return {"is_deleted": True}
            case "GET", ["failures" | "trouble"]:
                pass
            case _:
                raise NoSuchThing(f"There is no {method} {PREFIX}/{'/'.join(parts)}.")
        return {"failures": self._failures.shown(), "trouble": self._rules.shown()}

    def _set_clock(self, body: Mapping[str, Any]) -> dict[str, Any]:
        clock = self._world.clock
        if "is_running" in body:
            (clock.run if body["is_running"] else clock.stop)()
        clock.forward(float(body.get("forward", 0)))
        self._world.agenda.look()
        return {"now": clock.now(), "is_running": clock.is_running}

    def _add_token(self, body: Mapping[str, Any]) -> dict[str, Any]:
        value = str(body.get("token") or f"EAA{self._world.ids.word('token', 40)}")
        lasts = body.get("seconds")
        ends = None if lasts is None else self._world.clock.now() + float(lasts)
        wabas = frozenset(body["wabas"]) if body.get("wabas") is not None else None
        self._world.tokens[value] = Token(value, ends, wabas)
        return {"token": value, "expires_at": ends}

    # ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _exchange(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask an endpoint; when that ends the form and a person is named, the answer goes into their chat."""
        result = await self._forms.exchange(body)
        reply = reply_of(result["answer"], body.get("flow_token"))
        result["reply"] = None
        if reply is not None and body.get("person"):
            deed = {"person": body["person"], "number": body.get("number"), "flow_reply": reply, "of": body.get("of")}
            result["reply"] = shown(self._world, self._people.act([deed])[0])
        return result


def _acts(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    acts = body.get("acts")
    if not isinstance(acts, list) or not acts or not all(isinstance(one, dict) for one in acts):
        raise ValueError('Send {"acts": [{"person": …, "text": …}, …]}.')
    return acts


def _checked(person: Person) -> Person:
    if person.wa_id_form not in WA_ID_FORMS:
        raise ValueError(f"wa_id_form is one of: {', '.join(WA_ID_FORMS)}.")
    return person


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "phone": person.phone,
        "user_id": person.user_id,
        "parent_user_id": person.parent_user_id,
        "username": person.username,
        "wa_id_form": person.wa_id_form,
        "also": list(person.also),
    }
