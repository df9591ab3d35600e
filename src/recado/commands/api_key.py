"""`recado api-key`: the keys that programs call with."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Final

import typer

from recado.accounts.caller import Role
from recado.commands import show
from recado.commands.help import add, new_group
from recado.commands.opened import begin
from recado.commands.options import AsJson

if TYPE_CHECKING:
    from recado.accounts.schemas import ApiKey

_MOST: Final = 200
_DEFAULT_DAYS: Final = 90
_MOST_DAYS: Final = 365

app = new_group("Make, list and revoke the keys that programs call with.")


def create_api_key(
    name: Annotated[str, typer.Option(help="What the key is for; shown in lists and in the audit log.")],
    role: Annotated[Role, typer.Option(help="What the key may do.")],
    expires_in_days: Annotated[
        int, typer.Option(min=1, max=_MOST_DAYS, help="Days until it expires.", show_default=True)
    ] = _DEFAULT_DAYS,
    is_json: AsJson = False,
) -> None:
    """Make a key. Its text is printed once, alone on the last line, and kept nowhere."""
    from recado.accounts import service
    from recado.db.columns import utc_now

    expires_at = utc_now() + dt.timedelta(days=expires_in_days)
    with begin() as (connection, caller):
        key, text = service.create_api_key(connection, caller, name, role, expires_at)
    if is_json:
        show.document(service.show_new_key(key, text))
        return
    show.note(
        f"{key.name} ({key.id}) may act as {key.role} until {show.words(key.expires_at)}. Keep it; it is not shown again:"
    )
    show.line(text)


def list_api_keys(
    is_with_revoked: Annotated[bool, typer.Option("--all", help="Revoked keys too.")] = False,
    is_json: AsJson = False,
) -> None:
    """List the keys; their texts are never shown again."""
    from recado.accounts import service

    keys: list[ApiKey] = []
    with begin() as (connection, caller):
        cursor: str | None = None
        while True:
            page = service.list_api_keys(connection, caller, _MOST, cursor, None, is_with_revoked=is_with_revoked)
            keys += page.items
            if (cursor := page.next_cursor) is None:
                break
    if is_json:
        show.document({"items": keys})
        return
    rows = [(k.name, k.role, f"{k.prefix}…", k.expires_at, k.last_used_at, k.revoked_at, k.id) for k in keys]
    show.table(
        ["Name", "Role", "Begins", "Expires", "Last used", "Revoked", "Id"],
        rows,
        "There are no keys yet. Make one with: recado api-key create --name … --role editor",
    )


def revoke_api_key(
    key_id: Annotated[str, typer.Argument(help="The key's id, such as key_01k….", metavar="ID")],
    is_json: AsJson = False,
) -> None:
    """End a key for good. Running servers refuse it within a second."""
    from recado.accounts import service

    with begin() as (connection, caller):
        service.revoke_api_key(connection, caller, key_id)
        key = service.get_api_key(connection, caller, key_id)
    if is_json:
        show.document(key)
    else:
        show.line(f"{key.name} ({key.id}) is revoked.")


add(
    app,
    "create",
    create_api_key,
    "recado api-key create --name website --role runner",
    "KEY=$(recado api-key create --name deploy --role admin --expires-in-days 30)",
)
add(app, "list", list_api_keys, "recado api-key list --all")
add(app, "revoke", revoke_api_key, "recado api-key revoke key_01k4…")
