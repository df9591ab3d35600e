"""Who calls, in which workspace, with which role; and the one table of what each role may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from recado.errors import Forbidden

Role = Literal["owner", "admin", "editor", "credential_manager", "runner", "viewer"]
Permission = Literal[
    "integrations:read",
    "integrations:write",
    "credentials:read",
    "credentials:write",
    "credentials:test",
    "actions:read",
    "actions:write",
    "actions:test",
    "executions:read",
    "executions:run",
    "flows:read",
    "flows:write",
    "flows:publish",
    "conversations:read",
    "conversations:write",
    "channels:read",
    "channels:write",
    "webhooks:write",
    "members:read",
    "members:write",
    "owners:write",
    "api_keys:read",
    "api_keys:write",
    "settings:read",
    "settings:write",
    "audit:read",
    "self",
]

_READ: Final[frozenset[Permission]] = frozenset(
    {
        "integrations:read",
        "credentials:read",
        "actions:read",
        "executions:read",
        "flows:read",
        "channels:read",
        "settings:read",
        "members:read",
        "self",
    }
)
_EVERYTHING: Final[frozenset[Permission]] = frozenset(get_args(Permission))

PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    "owner": _EVERYTHING,
    "admin": _EVERYTHING - {"owners:write"},
    # May change what is called and try it, but never where a secret may go.
    "editor": _READ
    | {
        "integrations:write",
        "actions:write",
        "actions:test",
        "credentials:test",
        "executions:run",
        "flows:write",
        "flows:publish",
        "conversations:read",
        "conversations:write",
    },
    # May enter secrets and bind them to hosts, but not change what is called.
    "credential_manager": _READ | {"credentials:write", "credentials:test"},
    # A program that runs actions and sees their answers, nothing else.
    "runner": frozenset({"executions:run", "self"}),
    "viewer": _READ | {"conversations:read"},
}


@dataclass(frozen=True, slots=True)
class Caller:
    """One authenticated caller; every query is limited to `workspace_id`."""

    workspace_id: str
    kind: Literal["user", "api_key", "cli", "system"]
    id: str | None
    role: Role
    address: str | None = None
    session_id: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the role holds the permission."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless the role holds the permission."""
        if not self.may(permission):
            raise Forbidden(role=self.role, permission=permission)
