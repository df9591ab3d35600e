"""What the stand-in knows: an app, its business accounts with their numbers, people with phones, and what was said."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from recado.emulator.whatsapp.buckets import Buckets
from recado.emulator.whatsapp.clock import Agenda, Clock, Pulse
from recado.emulator.whatsapp.ids import Ids, user_id_of
from recado.emulator.whatsapp.options import Options

MAX_MESSAGES: Final = 100_000
_BURST_SECONDS: Final = 1.0

WaIdForm = Literal["present", "absent", "empty"]
WA_ID_FORMS: Final[tuple[WaIdForm, ...]] = get_args(WaIdForm)


@dataclass(frozen=True, slots=True)
class Callback:
    """Where webhooks go."""

    url: str
    verify_token: str


@dataclass(slots=True)
class MetaApp:
    """The Meta app: its secrets sign (the first one does), its callback is used where nothing else says."""

    id: str
    name: str
    secrets: list[str]
    callback: Callback | None = None


@dataclass(slots=True)
class Number:
    """A business phone number."""

    id: str
    digits: str
    verified_name: str
    waba_id: str
    quality_rating: str = "GREEN"
    code_verification_status: str = "VERIFIED"
    name_status: str = "APPROVED"
    status: str = "CONNECTED"
    throughput: str = "STANDARD"
    callback: Callback | None = None
    public_key: str = ""
    known_key: str = ""
    """The key that phones have; they look for another one when this one does not open (421)."""

    @property
    def display(self) -> str:
        """The number as people read it."""
        rest = self.digits[1:]
        return f"+{self.digits[0]} {rest[:3]}-{rest[3:6]}-{rest[6:]}"


@dataclass(slots=True)
class Waba:
    """A WhatsApp business account."""

    id: str
    name: str
    is_subscribed: bool = True
    callback: Callback | None = None
    templates: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Token:
    """An access token; with `wabas` it sees no others."""

    value: str
    expires_at: float | None = None
    wabas: frozenset[str] | None = None


@dataclass(slots=True)
class Person:
    """Somebody with a phone. Businesses know them by number, by user id, or by both."""

    id: str
    name: str
    phone: str
    """Digits with the country code. The stand-in knows it of everybody; `wa_id_form` says whether a business does."""
    user_id: str
    parent_user_id: str = ""
    username: str = ""
    wa_id_form: WaIdForm = "present"
    also: tuple[str, ...] = ()
    """Other ways to write the number, as there are in Argentina, Brazil and Mexico."""
    is_stranger: bool = False
    """Whether they are only there because somebody wrote to their number."""

    @property
    def wa_id(self) -> str | None:
        """What payloads carry: the number, nothing, or an empty text."""
        return {"present": self.phone, "absent": None, "empty": ""}[self.wa_id_form]


@dataclass(slots=True)
class Message:
    """One message in the chat of a person with a number."""

    sequence: int
    id: str
    number_id: str
    person_id: str
    is_from_person: bool
    type: str
    content: dict[str, Any]
    at: float
    text: str = ""
    context_id: str = ""
    opaque: str | None = None
    status: str = ""
    is_template: bool = False
    category: str = "service"
    errors: list[dict[str, Any]] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Media:
    """A file."""

    id: str
    data: bytes = field(repr=False)
    mime_type: str
    sha256: str
    number_id: str
    expires_at: float
    filename: str = ""


@dataclass(slots=True)
class Form:
    """A WhatsApp Flow, as far as its endpoint goes."""

    id: str
    name: str
    endpoint: str
    waba_id: str
    status: str = "PUBLISHED"


class World:
    """All of it, with the clock, the ids and the options."""

    def __init__(self, seed: str, clock: Clock, options: Options, app: MetaApp) -> None:
        self.seed = seed
        self.clock = clock
        self.agenda = Agenda(clock)
        self.pulse = Pulse()
        self.ids = Ids(f"{seed}/later")
        self.options = options
        self.app = app
        self.base_url = ""
        self.wabas: dict[str, Waba] = {}
        self.numbers: dict[str, Number] = {}
        self.people: dict[str, Person] = {}
        self._addresses: dict[str, str] = {}
        self.tokens: dict[str, Token] = {}
        self.media: dict[str, Media] = {}
        self.forms: dict[str, Form] = {}
        self.messages: dict[str, Message] = {}
        self.calls: deque[dict[str, Any]] = deque(maxlen=1000)
        self.typing: dict[tuple[str, str], float] = {}
        self.number_buckets = Buckets(options.per_second * _BURST_SECONDS, options.per_second)
        self.pair_buckets = Buckets(options.pair_burst, 1 / options.pair_seconds)
        self._windows: dict[tuple[str, str], float] = {}
        self._sequence = 0

    def set_options(self, options: Options) -> None:
        """Behave otherwise from now on."""
        self.options = options
        self.number_buckets.set_rate(options.per_second * _BURST_SECONDS, options.per_second)
        self.pair_buckets.set_rate(options.pair_burst, 1 / options.pair_seconds)

    def numbers_of(self, waba_id: str) -> list[Number]:
        """The numbers of an account."""
        return [number for number in self.numbers.values() if number.waba_id == waba_id]

    def add_person(self, person: Person) -> Person:
        """Somebody gets WhatsApp. Raises ValueError when an id or a number is taken."""
        for address in (person.phone, *person.also, person.user_id):
            if address in self._addresses:
                raise ValueError("Somebody has this number or user id already.")
        if person.id in self.people:
            raise ValueError(f"There is a person {person.id!r} already.")
        self._keep(person)
        return person

    def change_person(self, person: Person) -> Person:
        """Somebody has another number, name or id. Raises ValueError when it is somebody else's."""
        for address in (person.phone, *person.also, person.user_id):
            if self._addresses.get(address, person.id) != person.id:
                raise ValueError("Somebody has this number or user id already.")
        self.remove_person(person.id)
        self._keep(person)
        return person

    def remove_person(self, person_id: str) -> None:
        """Somebody is gone; what they said is not."""
        del self.people[person_id]
        self._addresses = {address: owner for address, owner in self._addresses.items() if owner != person_id}

    def _keep(self, person: Person) -> None:
        self.people[person.id] = person
        for address in (person.phone, *person.also, person.user_id, person.parent_user_id):
            if address:
                self._addresses.setdefault(address, person.id)
        self.pulse.beat()

    def person_of_address(self, address: str) -> Person | None:
        """Whose number, in digits, or whose user id that is."""
        return self.people.get(self._addresses.get(address, ""))

    def stranger(self, digits: str) -> Person:
        """The person of a number nobody has yet."""
        return self.add_person(Person(f"p{digits}", f"+{digits}", digits, user_id_of(digits), is_stranger=True))

    def say(self, message: Message) -> Message:
        """Put a message into its chat."""
        self._sequence += 1
        message.sequence = self._sequence
        self.messages[message.id] = message
        while len(self.messages) > MAX_MESSAGES:
            del self.messages[next(iter(self.messages))]
        self.typing.pop((message.number_id, message.person_id), None)
        self.pulse.beat()
        return message

    def chat(self, person_id: str, number_id: str | None, after: int = 0) -> list[Message]:
        """What was said, the oldest first."""
        newest: Iterable[Message] = reversed(self.messages.values())
        found: list[Message] = []
        for message in newest:
            if message.sequence <= after:
                break
            if message.person_id == person_id and number_id in {None, message.number_id}:
                found.append(message)
        return found[::-1]

    def open_window(self, number_id: str, person_id: str, at: float) -> None:
        """The person wrote: for 24 hours a business may write whatever it likes."""
        key = (number_id, person_id)
        self._windows[key] = max(at, self._windows.get(key, at))

    def is_window_open(self, number_id: str, person_id: str) -> bool:
        """Whether it may."""
        last = self._windows.get((number_id, person_id))
        return last is not None and self.clock.now() < last + self.options.window_seconds
