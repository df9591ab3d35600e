"""`recado user`: the people who may sign in, without a browser."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from recado.accounts.caller import Role
from recado.commands import show
from recado.commands.help import add, new_group
from recado.commands.opened import begin
from recado.commands.options import AsJson

if TYPE_CHECKING:
    import sqlalchemy as sa

    from recado.accounts.caller import Caller
    from recado.accounts.schemas import Member

_PASSWORD: Final = "RECADO_PASSWORD"  # noqa: S105  # the name of a variable, not a password
_MOST: Final = 200

Email = Annotated[str, typer.Argument(help="The person's e-mail address.", metavar="EMAIL")]

app = new_group("Make, list and change the people who may sign in.")


def create_user(
    email: Annotated[str, typer.Option(help="The person's e-mail address.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")],
    name: Annotated[str, typer.Option(help="The person's name; without one, what stands before the @.")] = "",
    is_json: AsJson = False,
) -> None:
    """Make an account. The password is asked twice, or taken from RECADO_PASSWORD."""
    from recado.accounts import service

    email, name = service.clean_person(email, name)
    password_hash = _hash(_ask_password(), [email, name])
    with begin() as (connection, caller):
        member = service.create_user(connection, caller, email, password_hash, role, name)
    _tell(member, f"{member.email} may sign in as {member.role}.", is_json=is_json)


def list_users(is_json: AsJson = False) -> None:
    """List the people who may sign in."""
    from recado.accounts import service

    members: list[Member] = []
    with begin() as (connection, caller):
        cursor: str | None = None
        while True:
            page = service.list_members(connection, caller, _MOST, cursor, None)
            members += page.items
            if (cursor := page.next_cursor) is None:
                break
    if is_json:
        show.document({"items": members})
        return
    rows = [(m.email, m.name, m.role, "disabled" if m.is_disabled else "active", m.created_at, m.id) for m in members]
    show.table(
        ["E-mail", "Name", "Role", "State", "Made", "Id"],
        rows,
        "Nobody has an account yet. Make one with: recado user create --email you@example.com --role owner",
    )


def set_password(email: Email, is_json: AsJson = False) -> None:
    """Give a person a new password, asked twice or taken from RECADO_PASSWORD. Their sessions end."""
    from recado.accounts import service
    from recado.accounts.schemas import UpdateMember

    with begin() as (connection, caller):
        member = _find(connection, caller, email)
    password_hash = _hash(_ask_password(), [member.email, member.name])
    with begin() as (connection, caller):
        member = service.update_member(connection, caller, member.id, UpdateMember(), password_hash)
    _tell(member, f"{member.email} has a new password; every session of theirs ended.", is_json=is_json)


def disable_user(email: Email, is_json: AsJson = False) -> None:
    """Let a person sign in no more. Their sessions end; what they made stays."""
    _switch(email, is_disabled=True, is_json=is_json)


def enable_user(email: Email, is_json: AsJson = False) -> None:
    """Let a disabled person sign in again."""
    _switch(email, is_disabled=False, is_json=is_json)


def _switch(email: str, *, is_disabled: bool, is_json: bool) -> None:
    from recado.accounts import service
    from recado.accounts.schemas import UpdateMember

    with begin() as (connection, caller):
        member = _find(connection, caller, email)
        member = service.update_member(connection, caller, member.id, UpdateMember(is_disabled=is_disabled), None)
    _tell(member, f"{member.email} may {'not sign in any more' if is_disabled else 'sign in again'}.", is_json=is_json)


def _find(connection: sa.Connection, caller: Caller, email: str) -> Member:
    """The member with this address. Raises NameUnknown."""
    from recado.accounts import service, words
    from recado.errors import NameUnknown

    email = words.clean_email(email)
    for member in service.list_members(connection, caller, _MOST, None, email).items:
        if member.email == email:
            return member
    raise NameUnknown(kind="user", name=email, hint=" See: recado user list")


def _tell(member: Member, sentence: str, *, is_json: bool) -> None:
    if is_json:
        show.document(member)
    else:
        show.line(sentence)


def _ask_password() -> str:
    """The password from RECADO_PASSWORD, or asked twice without being shown."""
    if (given := os.environ.get(_PASSWORD)) is not None:
        return given
    if not sys.stdin.isatty():
        raise typer.BadParameter(f"Run this in a terminal, or set {_PASSWORD}.", param_hint="password")
    while True:
        password = getpass.getpass("Password (at least 12 characters): ")
        if password == getpass.getpass("The same again: "):
            return password
        show.note("These were not the same.")


def _hash(password: str, personal: list[str]) -> str:
    """Raises PasswordTooWeak, PasswordTooLong."""
    from recado.accounts import passwords

    passwords.check_password(password, personal)
    return passwords.hash_password(password)


add(
    app,
    "create",
    create_user,
    "recado user create --email ana@acme.example --role owner",
    "RECADO_PASSWORD=… recado user create --email ben@acme.example --role editor --json",
)
add(app, "list", list_users, "recado user list", "recado user list --json | jq -r '.items[].email'")
add(app, "set-password", set_password, "recado user set-password ana@acme.example")
add(app, "disable", disable_user, "recado user disable ben@acme.example")
add(app, "enable", enable_user, "recado user enable ben@acme.example")
