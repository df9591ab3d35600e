"""Takes the messages of a business: looks at them, counts them, answers with an id and lets them come to their statuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from recado.emulator.whatsapp.checks import MEDIA, Checks
from recado.emulator.whatsapp.failures import Failure, Failures, Send
from recado.emulator.whatsapp.interactive import check_interactive
from recado.emulator.whatsapp.refusals import Refusal, bad_value, invalid, missing, no_such_object, slow_down
from recado.emulator.whatsapp.statuses import Statuses
from recado.emulator.whatsapp.templates import check_template
from recado.emulator.whatsapp.world import Message, Number, Person, World

_USER_ID: Final = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}")
_DIGITS: Final = re.compile(r"\d{5,20}")
_LOCAL_DIGITS: Final = 10
_MOST_OPAQUE: Final = 512
_TYPING_SECONDS: Final = 25.0
_PRODUCT: Final = "whatsapp"


class Sending:
    """`POST /{phone_number_id}/messages`."""

    def __init__(self, world: World, statuses: Statuses, failures: Failures) -> None:
        self._world = world
        self._statuses = statuses
        self._failures = failures

    def take(self, number: Number, body: Mapping[str, Any]) -> dict[str, Any]:
        """Take a message or a read mark; the answer. Raises Refusal."""
        if body.get("messaging_product") != _PRODUCT:
            raise invalid("The parameter messaging_product is required.")
        if "status" in body:
            return self._mark_read(number, body)
        if number.status != "CONNECTED":
            raise Refusal(133010)
        kind = body.get("type", "text")
        if not isinstance(kind, str):
            raise invalid("Param type must be a string.")
        address, person = self._recipient(number, body)
        checks = self._checks()
        category, text = self._check(checks, kind, body, number)
        opaque = body.get("biz_opaque_callback_data")
        if opaque is not None and (not isinstance(opaque, str) or len(opaque) > _MOST_OPAQUE):
            raise invalid(f"Param biz_opaque_callback_data must be at most {_MOST_OPAQUE} characters long.")
        failure = self._failures.take(Send(number.id, kind, self._addresses(person, address)))
        if failure is not None and failure.at == "answer":
            raise self._refusal(failure, number)
        self._count(number, person)
        is_late = kind != "template" and not self._is_open(number, person)
        if is_late and self._world.options.window == "answer":
            raise Refusal(131047)
        message = self._say(number, person, kind, body, text, category)
        self._let_become(message, person, failure, is_late=is_late)
        return {
            "messaging_product": _PRODUCT,
            "contacts": [
                {"input": address, "wa_id": person.phone} if "to" in body else self._by_user_id(address, person)
            ],
            "messages": [{"id": message.id, "message_status": "accepted"}],
        }

    def _let_become(self, message: Message, person: Person, failure: Failure | None, *, is_late: bool) -> None:
        """Let it fail, or come to its statuses."""
        if failure is not None:
            self._statuses.fail(message, failure.code, failure.details, failure.delay)
        elif self._is_nobody(person):
            self._statuses.fail(message, 131026)
        elif is_late:
            self._statuses.fail(message, 131047)
        else:
            self._statuses.climb(message)

    @staticmethod
    def _by_user_id(address: str, person: Person) -> dict[str, str]:
        shown = {"input": address, "user_id": person.user_id}
        return shown | ({"wa_id": person.wa_id} if person.wa_id else {})

    def _checks(self) -> Checks:
        options, world = self._world.options, self._world

        def has_media(media_id: str) -> bool:
            found = world.media.get(media_id)
            return found is not None and found.expires_at > world.clock.now()

        return Checks(options.text_unit, options.body_limit_of_lists, has_media)

    # ── to whom ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _recipient(self, number: Number, body: Mapping[str, Any]) -> tuple[str, Person]:
        if body.get("recipient_type", "individual") != "individual":
            raise invalid("Param recipient_type must be one of {INDIVIDUAL}.")
        if body.get("to") is None and body.get("recipient") is not None:
            return self._user(str(body["recipient"]))
        to = body.get("to")
        if to is None:
            raise invalid("The parameter to is required.")
        if not isinstance(to, str | int) or isinstance(to, bool):
            raise invalid("Param to must be a string.")
        digits = self._digits_of(str(to), number)
        if digits == number.digits:
            raise Refusal(131021, "Sender and recipient phone number is the same.")
        allowed = self._world.options.allowed_recipients
        if allowed is not None and digits not in {one.lstrip("+") for one in allowed}:
            raise Refusal(131030)
        return str(to), self._world.person_of_address(digits) or self._world.stranger(digits)

    def _user(self, user_id: str) -> tuple[str, Person]:
        if not _USER_ID.fullmatch(user_id):
            raise bad_value("recipient is not a valid business-scoped user id.")
        person = self._world.person_of_address(user_id)
        if person is None:
            raise no_such_object(user_id)
        return user_id, person

    def _digits_of(self, to: str, number: Number) -> str:
        """The number meant; without + and too short to have a country code, the business's own is put before it."""
        digits = re.sub(r"[\s().-]", "", to)
        is_whole = digits.startswith("+")
        digits = digits.removeprefix("+")
        if not _DIGITS.fullmatch(digits):
            raise Refusal(131009, "The recipient's phone number is not valid.")
        if not is_whole and len(digits) <= _LOCAL_DIGITS and self._world.person_of_address(digits) is None:
            return number.digits[: len(number.digits) - _LOCAL_DIGITS] + digits
        return digits

    @staticmethod
    def _addresses(person: Person, address: str) -> frozenset[str]:
        return frozenset({person.phone, *person.also, person.user_id, person.id, address.lstrip("+")})

    def _is_nobody(self, person: Person) -> bool:
        return self._world.options.strangers == "failed" and person.is_stranger

    # ── what ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _check(self, checks: Checks, kind: str, body: Mapping[str, Any], number: Number) -> tuple[str, str]:
        """Look at what is sent; its category and its text. Raises Refusal."""
        context = body.get("context")
        if context is not None and not (isinstance(context, dict) and context.get("message_id")):
            raise missing("context['message_id']")
        if kind == "template":
            known = self._world.wabas[number.waba_id].templates
            template, text = check_template(checks, body.get("template"), known)
            return str(template["category"]).lower(), text
        if kind == "interactive":
            check_interactive(checks, body.get("interactive"))
            return "service", _body_text(body["interactive"])
        if kind in MEDIA:
            checks.media(body.get(kind), kind)
            return "service", str(body[kind].get("caption") or "")
        simple: dict[str, Callable[[Any], None]] = {
            "text": checks.plain_text,
            "location": checks.location,
            "contacts": checks.contacts,
            "reaction": checks.reaction,
        }
        if kind not in simple:
            known_kinds = sorted({*simple, *MEDIA, "interactive", "template"})
            raise invalid(f"Param type must be one of {{{', '.join(known_kinds).upper()}}} - got {kind!r}.")
        simple[kind](body.get(kind))
        return "service", str(body["text"]["body"]) if kind == "text" else ""

    # ── how much, and when ───────────────────────────────────────────────────────────────────────────────────────────

    def _count(self, number: Number, person: Person) -> None:
        world, now = self._world, self._world.clock.now()
        mine = world.number_buckets.of(number.id, now)
        if wait := mine.wait(now):
            raise slow_down(130429, wait, number.waba_id)
        pair = world.pair_buckets.of(f"{number.id}/{person.id}", now)
        if wait := pair.wait(now):
            raise slow_down(131056, wait, number.waba_id)
        mine.take(now)
        pair.take(now)

    def _is_open(self, number: Number, person: Person) -> bool:
        return self._world.options.window == "off" or self._world.is_window_open(number.id, person.id)

    @staticmethod
    def _refusal(failure: Failure, number: Number) -> Refusal:
        known = slow_down(failure.code, failure.retry_after or 0.0, number.waba_id)
        return Refusal(
            failure.code,
            failure.details,
            subcode=failure.subcode,
            headers=known.headers if failure.retry_after is not None else (),
        )

    # ── said ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _say(
        self, number: Number, person: Person, kind: str, body: Mapping[str, Any], text: str, category: str
    ) -> Message:
        content = dict(body[kind]) if isinstance(body[kind], dict) else {kind: body[kind]}
        message = Message(
            sequence=0,
            id=self._world.ids.wamid(person.phone, is_from_person=False),
            number_id=number.id,
            person_id=person.id,
            is_from_person=False,
            type=kind,
            content=content,
            at=self._world.clock.now(),
            text=text,
            context_id=str((body.get("context") or {}).get("message_id") or ""),
            opaque=body.get("biz_opaque_callback_data"),
            is_template=kind == "template",
            category=category,
        )
        if kind == "reaction":
            target = self._world.messages.get(content["message_id"])
            if target is not None:
                target.reactions["business"] = content["emoji"]
        return self._world.say(message)

    def _mark_read(self, number: Number, body: Mapping[str, Any]) -> dict[str, Any]:
        """A message of theirs, and all before it, was read; perhaps somebody is typing an answer."""
        world = self._world
        if body["status"] != "read":
            raise invalid("Param status must be one of {READ}.")
        message = world.messages.get(str(body.get("message_id")))
        if message is None or not message.is_from_person or message.number_id != number.id:
            raise Refusal(131009, "The message id is not valid.")
        for earlier in world.chat(message.person_id, number.id):
            if earlier.is_from_person and earlier.sequence <= message.sequence:
                earlier.status = "read"
        typing = body.get("typing_indicator")
        if typing is not None:
            if not isinstance(typing, dict) or typing.get("type") != "text":
                raise invalid("Param typing_indicator['type'] must be one of {TEXT}.")
            world.typing[number.id, message.person_id] = world.clock.now() + _TYPING_SECONDS
        world.pulse.beat()
        return {"success": True}


def _body_text(interactive: Mapping[str, Any]) -> str:
    body = interactive.get("body")
    return str(body.get("text") or "") if isinstance(body, dict) else ""
