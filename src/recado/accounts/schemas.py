"""What goes in and comes out over HTTP: accounts, sessions, members, API keys and the audit log's report."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from recado.accounts.audit import Finding
from recado.accounts.caller import Role

DEFAULT_KEY_DAYS: Final = 90
MAX_KEY_DAYS: Final = 365

Language = Literal["en", "es", "pt"]
Email = Annotated[
    str, Meta(max_length=320, description="Compared without regard to case.", examples=["ana@acme.example"])
]
Name = Annotated[str, Meta(max_length=400, description="1 to 200 characters after trimming.")]
Password = Annotated[str, Meta(description="At least 12 characters that are not easy to guess, at most 256 bytes.")]
KeyDays = Annotated[int, Meta(ge=1, le=MAX_KEY_DAYS, description="Days until the key expires.")]


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class SetupState(Struct):
    """Whether the first owner is still to be made."""

    is_needed: bool


class CreateOwner(Struct, forbid_unknown_fields=True):
    """The first account, made with the link printed at the first start."""

    token: str
    email: Email
    password: Password
    name: Name = ""


class CreateSession(Struct, forbid_unknown_fields=True):
    """E-mail and password of who signs in."""

    email: Email
    password: str


class UpdateSession(Struct, forbid_unknown_fields=True):
    """What people change about themselves; null for the browser's language."""

    name: Name | UnsetType = UNSET
    language: Language | UnsetType | None = UNSET


class ChangePassword(Struct, forbid_unknown_fields=True):
    """The password that holds now, and the next one."""

    current_password: str
    new_password: Password


class User(Struct):
    """A person with an account."""

    id: str
    email: str
    name: str
    language: str | None


class Workspace(Struct):
    """Where everything lives; no answer crosses from one to another."""

    id: str
    name: str


class SignedIn(Struct):
    """Who signed in, where, and as what; the session itself travels in the cookie."""

    user: User
    workspace: Workspace
    role: Role


class Session(Struct):
    """Who calls: a person (`user`) or a program (`api_key`), and what the role allows."""

    kind: Literal["user", "api_key"]
    user: User | None
    api_key: ApiKey | None
    workspace: Workspace
    role: Role
    permissions: list[str]


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Member(Struct):
    """A person of the workspace and their role in it."""

    id: str
    email: str
    name: str
    role: Role
    is_disabled: bool
    created_at: dt.datetime


class CreateMember(Struct, forbid_unknown_fields=True):
    """A new account; its first password is handed over by whoever makes it, and changed by its owner."""

    email: Email
    password: Password
    role: Role
    name: Name = ""


class UpdateMember(Struct, forbid_unknown_fields=True):
    """What changes about a member. A new role, a new password and disabling end the member's sessions."""

    name: Name | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    is_disabled: bool | UnsetType = UNSET
    password: Password | UnsetType = UNSET


# ── API keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class ApiKey(Struct):
    """A program's key; `prefix` is how its text begins, the rest was shown once."""

    id: str
    name: str
    role: Role
    prefix: str
    created_by: str | None
    created_at: dt.datetime
    expires_at: dt.datetime | None
    last_used_at: dt.datetime | None
    revoked_at: dt.datetime | None


class NewApiKey(ApiKey, kw_only=True):
    """The same with the key's whole text, which is shown this once."""

    key: str


class CreateApiKey(Struct, forbid_unknown_fields=True):
    """A key whose role may not do more than its maker's."""

    name: Name
    role: Role
    expires_in_days: KeyDays = DEFAULT_KEY_DAYS


# ── audit log ────────────────────────────────────────────────────────────────────────────────────────────────────────


class AuditReport(Struct):
    """Whether the log is as it was written; keep `sequence` and `hash` of the newest row elsewhere to prove it later."""

    is_intact: bool
    sequence: int
    hash: str
    findings: list[Finding] = msgspec.field(default_factory=list)
