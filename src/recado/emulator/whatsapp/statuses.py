"""What becomes of a message that a business sent: the statuses it comes to, and how each is told."""

from __future__ import annotations

from typing import Any, Final

from recado.emulator.whatsapp.deliveries import Deliveries
from recado.emulator.whatsapp.envelopes import Update, contact_of
from recado.emulator.whatsapp.refusals import status_error
from recado.emulator.whatsapp.world import Message, World

RANK: Final = {"": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 5}


class Statuses:
    """Brings messages up the ladder and tells of it."""

    def __init__(self, world: World, deliveries: Deliveries) -> None:
        self._world = world
        self._deliveries = deliveries

    def climb(self, message: Message) -> None:
        """Let a message come to every status of the ladder, each in its time."""
        for rung in self._world.options.ladder:
            self._world.agenda.after(rung.delay, lambda status=rung.status: self.come(message, status))  # type: ignore[misc]

    def come(self, message: Message, status: str) -> None:
        """A message comes to a status, be it the first time or not."""
        if message.status == "failed":
            return
        if RANK[status] > RANK[message.status]:
            message.status = status
        self._tell(message, status)

    def fail(self, message: Message, code: int, details: str = "", delay: float = 0.0) -> None:
        """A message fails, after so many seconds."""
        message.status = "failed"  # so that no phone shows it, even before it is told
        message.errors = [status_error(code, details)]
        self._world.agenda.after(delay, lambda: self._tell(message, "failed", message.errors))

    def _tell(self, message: Message, status: str, errors: list[dict[str, Any]] | None = None) -> None:
        world = self._world
        person = world.people[message.person_id]
        number = world.numbers[message.number_id]
        told: dict[str, Any] = {"id": message.id, "status": status, "timestamp": str(int(world.clock.now()))}
        if person.wa_id is not None:
            told["recipient_id"] = person.wa_id
        if world.options.has_user_ids or not person.wa_id:
            told["recipient_user_id"] = person.user_id
        if status in {"sent", "delivered"}:
            told["pricing"] = self._price(message)
        if errors:
            told["errors"] = errors
        if message.opaque is not None:
            told["biz_opaque_callback_data"] = message.opaque
        contacts = [contact_of(world, person)] if world.options.has_user_ids else []
        self._deliveries.tell([Update(number.waba_id, number.id, statuses=[told], contacts=contacts)])
        world.pulse.beat()

    @staticmethod
    def _price(message: Message) -> dict[str, Any]:
        is_paid = message.category != "service"
        kind = "regular" if is_paid else "free_customer_service"
        return {"billable": is_paid, "pricing_model": "PMP", "category": message.category, "type": kind}
