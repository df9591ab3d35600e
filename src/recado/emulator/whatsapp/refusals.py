"""What the Graph API refuses, in its own envelope: its codes, their words and their HTTP statuses."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

HREF: Final = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"

_BAD: Final = 400
TITLES: Final[Mapping[int, tuple[int, str]]] = {
    0: (401, "AuthException"),
    1: (500, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (429, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    33: (_BAD, "Parameter value is not valid"),
    100: (_BAD, "Invalid parameter"),
    190: (401, "Access token has expired"),
    200: (403, "API Permission"),
    368: (403, "Temporarily blocked for policies violations"),
    2200: (_BAD, "Callback verification failed"),
    2635: (_BAD, "You are calling a deprecated version of the Graph API"),
    80007: (429, "Rate limit issues"),
    130429: (429, "Rate limit hit"),
    130472: (_BAD, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (_BAD, "Required parameter is missing"),
    131009: (_BAD, "Parameter value is not valid"),
    131016: (503, "Service unavailable"),
    131021: (_BAD, "Recipient cannot be sender"),
    131026: (_BAD, "Message undeliverable"),
    131030: (_BAD, "Recipient phone number not in allowed list"),
    131031: (403, "Business account has been locked"),
    131037: (_BAD, "WhatsApp provided number needs display name approval before message can be sent"),
    131042: (_BAD, "Business eligibility payment issue"),
    131045: (_BAD, "Incorrect certificate"),
    131047: (_BAD, "Re-engagement message"),
    131048: (429, "Spam rate limit hit"),
    131049: (_BAD, "This message was not delivered to maintain healthy ecosystem engagement."),
    131050: (_BAD, "User has stopped marketing messages from this business"),
    131051: (_BAD, "Unsupported message type"),
    131052: (_BAD, "Media download error"),
    131053: (_BAD, "Media upload error"),
    131056: (429, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (503, "Account in maintenance mode"),
    131062: (_BAD, "Business-scoped user ids are not supported for this message"),
    132000: (_BAD, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (_BAD, "Translated text too long"),
    132007: (_BAD, "Template format character policy violated"),
    132012: (_BAD, "Parameter format does not match format in the created template"),
    132015: (_BAD, "Template is paused"),
    132016: (_BAD, "Template is disabled"),
    132018: (_BAD, "There is an issue with the parameters in your template"),
    132068: (_BAD, "Flow is blocked"),
    132069: (_BAD, "Flow is throttled"),
    133004: (503, "Server temporarily unavailable"),
    133010: (_BAD, "Phone number not registered"),
}
_DETAILS: Final = {
    130429: "Cloud API message throughput has been reached.",
    131026: "Message Undeliverable.",
    131030: "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    131048: "Message failed to send because there are restrictions on how many messages can be sent from this phone number.",
    131049: "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    131050: "The recipient has opted out of marketing messages from your business.",
    131056: "Too many messages sent from this phone number to the same phone number in a short period of time.",
    131057: "The business phone number is currently in maintenance mode.",
}
SUBCODES: Final = {130429: 2494055}
_WITHOUT_NUMBER: Final = frozenset({190})
"""Codes whose message does not begin with them."""


class Refusal(Exception):
    """A call that is refused."""

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        message: str = "",
        subcode: int | None = None,
        status: int | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        known_status, title = TITLES.get(code, (_BAD, "Generic user error"))
        said = message or title
        super().__init__(said if code in _WITHOUT_NUMBER else f"(#{code}) {said}")
        self.code = code
        self.status = status or known_status
        self.details = details or _DETAILS.get(code, "")
        self.subcode = SUBCODES.get(code) if subcode is None else subcode
        self.headers = headers

    def shown(self, fbtrace: str) -> dict[str, Any]:
        """The envelope."""
        error: dict[str, Any] = {"message": str(self), "type": "OAuthException", "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": {**error, "fbtrace_id": fbtrace}}


def status_error(code: int, details: str = "") -> dict[str, Any]:
    """An error as the `failed` status of a message carries it."""
    title = TITLES.get(code, (0, "Generic user error"))[1]
    said = details or _DETAILS.get(code, title)
    return {"code": code, "title": title, "message": title, "error_data": {"details": said}, "href": HREF}


def no_such_object(object_id: str) -> Refusal:
    """What an id that is unknown, or that the token may not see, is answered."""
    return Refusal(
        100,
        subcode=33,
        message=f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing"
        " permissions, or does not support this operation",
    )


def invalid(sentence: str) -> Refusal:
    """A parameter that is wrong, in a sentence of its own."""
    return Refusal(100, message=sentence)


def bad_value(details: str) -> Refusal:
    """A value that is not allowed."""
    return Refusal(131009, details)


def missing(name: str) -> Refusal:
    """A parameter that has to be there."""
    return Refusal(131008, f"Parameter '{name}' is missing.")


def slow_down(code: int, wait_seconds: float, waba_id: str) -> Refusal:
    """Too much at once; the headers say how long to wait, one of them in minutes."""
    minutes = int(wait_seconds // 60)
    usage = {
        waba_id: [
            {
                "type": "whatsapp_business_messaging",
                "call_count": 100,
                "total_cputime": 25,
                "total_time": 25,
                "estimated_time_to_regain_access": minutes,
            }
        ]
    }
    return Refusal(
        code,
        headers=(
            (b"retry-after", str(max(1, math.ceil(wait_seconds))).encode()),
            (b"x-business-use-case-usage", json.dumps(usage).encode()),
        ),
    )
