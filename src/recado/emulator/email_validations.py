"""What the emulated Validations API remembers, and its rules: accounts, codes, tries and time."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

EMAIL: Final = "email-verification"
TYPES: Final = frozenset({EMAIL, "phone-verification", "face-recognition", "voice-recognition", "document-validation"})
ALLOWED_RETRIES: Final = 2
DEFAULT_TIMEOUT_SECONDS: Final = 300
MAX_TIMEOUT_SECONDS: Final = 600
MAX_KEPT: Final = 10_000  # of accounts and of validations; beyond it the oldest is forgotten
MAX_LISTED: Final = 100
MAX_CODES: Final = 200

_ACCOUNT_ID: Final = re.compile(r"[a-zA-Z0-9_.-]{1,128}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_SECOND: Final = 1_000_000_000

OnCode = Callable[[str, str, str], None]


class Refusal(Exception):
    """A call the API refuses, as its envelope says it."""

    def __init__(self, http_code: int, code: int, message: str) -> None:
        super().__init__(message)
        self.http_code = http_code
        self.code = code

    def shown(self) -> dict[str, Any]:
        """The envelope."""
        return {"code": self.code, "http_code": self.http_code, "message": str(self)}


def _invalid(reason: str) -> Refusal:
    return Refusal(400, 10400, f"Invalid request: {reason}")


@dataclass(slots=True)
class Validation:
    """One code that was mailed; times are nanoseconds since 1970."""

    validation_id: str
    account_id: str
    code: str
    created_at: int
    expires_at: int
    ip_address: str
    remaining_retries: int = ALLOWED_RETRIES
    status: Literal["pending", "success", "failure"] = "pending"
    failure: dict[str, str] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """The validation as the API answers it."""
        return {
            "account_id": self.account_id,
            "creation_date": date_text(self.created_at),
            "ip_address": self.ip_address,
            "remaining_retries": self.remaining_retries,
            "allowed_retries": ALLOWED_RETRIES,
            "type": EMAIL,
            "validation_id": self.validation_id,
            "validation_status": self.status,
            **self.failure,
        }

    def expire(self, now: int) -> None:
        """Fail when the time is over and nobody has given the code."""
        if self.status == "pending" and now >= self.expires_at:
            self.status = "failure"
            self.failure = {"failure_status": "expired", "expired_reason": "validation_not_performed"}

    def give(self, token: str) -> None:
        """Compare a code; the last wrong one declines the validation."""
        if secrets.compare_digest(token.encode(), self.code.encode()):
            self.status = "success"
            return
        self.remaining_retries -= 1
        if self.remaining_retries == 0:
            self.status = "failure"
            self.failure = {"failure_status": "declined", "declined_reason": "max_retries_reached"}


class EmailValidations:
    """The API's memory. `clock` gives nanoseconds since 1970, `make_code` the six digits, `on_code` hears what is mailed."""

    def __init__(
        self,
        accounts: Iterable[str],
        on_code: OnCode | None = None,
        clock: Callable[[], int] = time.time_ns,
        make_code: Callable[[], str] | None = None,
        max_kept: int = MAX_KEPT,
    ) -> None:
        self._clock = clock
        self._make_code = make_code or _six_digits
        self._on_code = on_code
        self._max_kept = max_kept
        self._always_enrolled = frozenset(accounts)
        self._enrolled: dict[str, set[str]] = {}
        self._validations: dict[str, Validation] = {}
        self._codes: deque[dict[str, str]] = deque(maxlen=MAX_CODES)

    def enroll(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Enrol an account, which is made when none is named. Raises Refusal."""
        kind = _checked_type(form, TYPES)
        if kind == EMAIL and not form.get("email"):
            raise _invalid("missing email")
        if kind == EMAIL and not _EMAIL.fullmatch(form["email"]):
            raise _invalid("invalid email")
        account_id = form.get("account_id") or _new_id("ACC")
        if not _ACCOUNT_ID.fullmatch(account_id):
            raise _invalid("invalid account id")
        self._enrolled.setdefault(account_id, set()).add(kind)
        _forget_oldest(self._enrolled, self._max_kept)
        now = date_text(self._clock())
        return {
            "account_id": account_id,
            "creation_date": now,
            "enrollment_id": _new_id("ENR"),
            "status": "success",
            "update_date": now,
            "validation_type": kind,
        }

    def create(self, form: Mapping[str, str], ip_address: str) -> dict[str, Any]:
        """Make a validation and "mail" its code. Raises Refusal."""
        _checked_type(form, {EMAIL})
        account_id = form.get("account_id")
        if not account_id:
            raise _invalid("missing account id parameter")
        seconds = _checked_options(form)
        if account_id not in self._always_enrolled and EMAIL not in self._enrolled.get(account_id, ()):
            raise Refusal(400, 10400, "Validation account not found")
        now = self._clock()
        made = Validation(_new_id("VLD"), account_id, self._make_code(), now, now + seconds * _SECOND, ip_address)
        self._validations[made.validation_id] = made
        _forget_oldest(self._validations, self._max_kept)
        self._mail(made)
        return made.shown()

    def perform(self, validation_id: str, form: Mapping[str, str]) -> dict[str, Any]:
        """Take a code. Raises Refusal."""
        validation = self._find(validation_id)
        _checked_type(form, {EMAIL}, needs_consent=False)
        if not form.get("token"):
            raise _invalid("missing token")
        if validation.status != "pending":
            raise Refusal(400, 10404, "Invalid request: requested validation is no longer available")
        validation.expire(self._clock())
        if validation.status == "pending":
            validation.give(form["token"])
        return validation.shown()

    def get(self, validation_id: str) -> dict[str, Any]:
        """One validation. Raises Refusal."""
        validation = self._find(validation_id)
        validation.expire(self._clock())
        return validation.shown()

    def list_validations(self) -> dict[str, Any]:
        """The latest validations, newest first, at most 100."""
        now = self._clock()
        latest = [
            validation for _, validation in zip(range(MAX_LISTED), reversed(self._validations.values()), strict=False)
        ]
        for validation in latest:
            validation.expire(now)
        return {"validations": [validation.shown() for validation in latest], "self": "/v1/validations"}

    def list_codes(self, wanted: Mapping[str, str]) -> list[dict[str, str]]:
        """What was "mailed", newest first, at most 200; `wanted` may name an account_id or validation_id."""
        names = [name for name in ("account_id", "validation_id") if name in wanted]
        return [mail for mail in reversed(self._codes) if all(mail[name] == wanted[name] for name in names)]

    def _find(self, validation_id: str) -> Validation:
        found = self._validations.get(validation_id)
        if found is None:
            raise Refusal(404, 10404, "Validation not found")
        return found

    def _mail(self, made: Validation) -> None:
        self._codes.append({
            "account_id": made.account_id,
            "validation_id": made.validation_id,
            "code": made.code,
            "creation_date": date_text(made.created_at),
        })  # fmt: skip
        if self._on_code is not None:
            self._on_code(made.account_id, made.validation_id, made.code)


def date_text(nanoseconds: int) -> str:
    """RFC 3339 in UTC, to the nanosecond."""
    seconds, rest = divmod(nanoseconds, _SECOND)
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"


def _checked_type(form: Mapping[str, str], known: Iterable[str], *, needs_consent: bool = True) -> str:
    kind = form.get("type")
    if not kind:
        raise _invalid("missing validation type")
    if kind not in known:
        raise _invalid("invalid validation type")
    if needs_consent and form.get("user_authorized") != "true":
        raise _invalid("request was not authorized by end user")
    return kind


def _checked_options(form: Mapping[str, str]) -> int:
    """The seconds a validation lives; its other options are only checked."""
    if form.get("language", "es") not in {"es", "en"}:
        raise _invalid("invalid language")
    if len(form.get("custom_input", "")) > 128:
        raise _invalid("custom input is longer than 128 characters")
    text = form.get("timeout") or str(DEFAULT_TIMEOUT_SECONDS)
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_TIMEOUT_SECONDS:
        raise _invalid("invalid timeout")
    return int(text)


def _new_id(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def _six_digits() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


def _forget_oldest(kept: dict[str, Any], most: int) -> None:
    if len(kept) > most:
        del kept[next(iter(kept))]
