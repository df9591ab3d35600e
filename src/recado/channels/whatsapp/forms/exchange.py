"""What a form's client asks once it is decrypted, and the shapes of what it is answered  [pure]."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any, Final

import msgspec

from recado.channels.whatsapp.forms.definition import END, Ask
from recado.errors import FormRequestInvalid

Answer = dict[str, Any]

_ASKS: Final[dict[str, Ask]] = {"INIT": "INIT", "data_exchange": "data_exchange", "BACK": "BACK"}
_ANY: Final = msgspec.json.Decoder(float_hook=Decimal)
_SORTED: Final = msgspec.json.Encoder(order="sorted", decimal_format="number")

ACTIVE: Final[Answer] = {"data": {"status": "active"}}
ACKNOWLEDGED: Final[Answer] = {"data": {"acknowledged": True}}


class Asked(msgspec.Struct, frozen=True):
    """One request of a client; what is not of its type counts as absent."""

    action: str
    screen: str = ""
    data: dict[str, Any] = {}
    flow_token: str = ""
    flow_token_signature: str = ""

    @property
    def is_ping(self) -> bool:
        """Whether Meta looks if somebody is there."""
        return self.action == "ping"

    @property
    def is_notice(self) -> bool:
        """Whether the client complains of our last answer."""
        return "error" in self.data or "error_key" in self.data

    @property
    def ask(self) -> Ask:
        """When the screen asks. Raises FormRequestInvalid for a word nobody knows."""
        if self.action not in _ASKS:
            raise FormRequestInvalid(reason="it asks for what nobody knows")
        return _ASKS[self.action]

    @property
    def fingerprint(self) -> str:
        """The same for the same data on the same screen."""
        told = _SORTED.encode([self.action, self.screen, self.data])
        return hashlib.sha256(told).hexdigest()


def read_asked(plain: bytes) -> Asked:
    """The request in its plain text. Raises FormRequestInvalid where it is no JSON object."""
    try:
        given = _ANY.decode(plain)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError):
        raise FormRequestInvalid(reason="it is not JSON") from None
    if not isinstance(given, dict):
        raise FormRequestInvalid(reason="it is not an object")
    texts = {name: given[name] for name in ("action", "screen", "flow_token", "flow_token_signature") if name in given}
    data = given.get("data")
    return Asked(
        data=data if isinstance(data, dict) else {},
        **{"action": "", **{name: text for name, text in texts.items() if isinstance(text, str)}},
    )


def show(screen: str, data: dict[str, Any], message: str = "") -> Answer:
    """Show a screen, with words above it where something went wrong."""
    return {"screen": screen, "data": {**data, "error_message": message} if message else data}


def finish(token: str, params: dict[str, Any]) -> Answer:
    """Close the form; the conversation gets the parameters."""
    return {"screen": END, "data": {"extension_message_response": {"params": {**params, "flow_token": token}}}}
