"""`recado emulator --whatsapp`: WhatsApp's Graph API and the people on it, for whoever has no account with Meta."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import secrets
import signal
from pathlib import Path
from typing import Any, Final

import typer

from recado.commands import show

_PEOPLE: Final = (("ana", "Ana", "15550102001"), ("beto", "Beto", "15550102002"))


def read_secret(path: Path | None) -> str:
    """The app secret in a file; "" when there is none."""
    if path is None:
        return ""
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise typer.BadParameter(f"{path} cannot be read.", param_hint="--app-secret-file") from problem
    if not found:
        raise typer.BadParameter(f"{path} is empty.", param_hint="--app-secret-file")
    return found


async def serve(port: int, callback: str | None, verify_token: str | None, secret: str, *, is_json: bool) -> None:
    """Serve until a signal; say first how to connect to it."""
    import asyncio

    from recado.emulator.whatsapp.app import WhatsAppServer
    from recado.emulator.whatsapp.ids import user_id_of
    from recado.emulator.whatsapp.setting_up import VERIFY_TOKEN, new_world
    from recado.emulator.whatsapp.world import Callback, Person

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    world = new_world(seed=secrets.token_hex(8), secret=secret)
    if callback:
        world.app.callback = Callback(callback, verify_token or VERIFY_TOKEN)
    for person_id, name, phone in _PEOPLE:
        world.add_person(Person(person_id, name, phone, user_id_of(phone)))
    async with WhatsAppServer(world, port=port) as server:
        connection = server.app.control.connection()
        _announce(connection, is_secret_ours=not secret, is_json=is_json)
        if world.app.callback:
            await _check(world.app.callback)
        await stop.wait()


async def _check(callback: Any) -> None:
    """Say whether the callback is ours; webhooks go to it in any case."""
    from recado.emulator.whatsapp.deliveries import verify
    from recado.emulator.whatsapp.refusals import Refusal

    try:
        await verify(callback)
    except Refusal as problem:
        show.note(
            f"{callback.url} did not prove to be yours: {str(problem).rstrip('.')}. Webhooks go there all the same."
        )


def _announce(connection: dict[str, Any], *, is_secret_ours: bool, is_json: bool) -> None:
    if not is_secret_ours:
        connection = {**connection, "app_secret": None}
    if is_json:
        show.document(connection)
        return
    show.line(f"WhatsApp's Graph API (a stand-in) is at {connection['base_url']}. Connect a channel with:")
    rows = (
        ("Graph API address", connection["base_url"]),
        ("Phone number id", connection["phone_number_id"]),
        ("Business account id", connection["waba_id"]),
        ("App id", connection["app_id"]),
        ("Access token", connection["token"]),
        ("App secret", connection["app_secret"] or "the one in your file"),
        ("Verify token", connection["verify_token"]),
        ("Webhooks go to", connection["callback"] or "wherever the channel has them sent"),
    )
    for name, value in rows:
        show.line(f"  {name:<20} {value}")
    show.line(f"Then open {connection['base_url']}/ and chat as Ana or Beto. Stop with Ctrl-C.")
