"""`recado emulator`: the API of the worked example, or WhatsApp's, to try things against without the internet."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Annotated, Final

import typer

from recado.commands import show
from recado.commands.options import AsJson
from recado.emulator import example

_EXAMPLE_PORT: Final = 8001
_WHATSAPP_PORT: Final = 9010


def emulator(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port to listen on; 0 for a free one. 8001, or 9010 for WhatsApp."),
    ] = None,
    key: Annotated[str, typer.Option(help="The key that callers send as Truora-API-Key.")] = "emulator-key",
    is_whatsapp: Annotated[
        bool, typer.Option("--whatsapp", help="Stand in for WhatsApp's Graph API, with a phone in the browser.")
    ] = False,
    callback: Annotated[
        str | None, typer.Option(help="WhatsApp: where webhooks go, until the caller sets an address itself.")
    ] = None,
    verify_token: Annotated[
        str | None, typer.Option(help="WhatsApp: what the callback is asked with, to see that it is yours.")
    ] = None,
    app_secret_file: Annotated[
        Path | None,
        typer.Option(help="WhatsApp: a file with the secret that signs webhooks; without it, one is made up."),
    ] = None,
    is_json: AsJson = False,
) -> None:
    """Run the worked example's API, or WhatsApp's, emulated.

    Until Ctrl-C. The example's API prints every code it "mails"; WhatsApp's prints how to connect a channel to it.
    """
    import asyncio

    from recado.commands.server import check_port

    wanted = (_WHATSAPP_PORT if is_whatsapp else _EXAMPLE_PORT) if port is None else port
    check_port("127.0.0.1", wanted)
    if is_whatsapp:
        from recado.commands import whatsapp_stand_in

        secret = whatsapp_stand_in.read_secret(app_secret_file)
        asyncio.run(whatsapp_stand_in.serve(wanted, callback, verify_token, secret, is_json=is_json))
    else:
        asyncio.run(_serve(wanted, key, is_json=is_json))


async def _serve(port: int, key: str, *, is_json: bool) -> None:
    import asyncio

    from recado.emulator.validations import EmulatorServer, ValidationsApp

    def mailed(account_id: str, validation_id: str, code: str) -> None:
        told = {"account_id": account_id, "validation_id": validation_id, "code": code}
        text = json.dumps(told) if is_json else f"mailed to {account_id}: {code}  ({validation_id})"
        (show.note if is_json else show.line)(text)

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with EmulatorServer(ValidationsApp(keys=[key], on_code=mailed), port=port) as server:
        _announce(server.url, key, is_json=is_json)
        await stop.wait()


def _announce(url: str, key: str, *, is_json: bool) -> None:
    if is_json:
        show.document({"url": url, "key": key, "account_id": example.ACCOUNT_ID})
        return
    show.line(f"The Validations API (emulated) is at {url}. Its key is {key}, its account {example.ACCOUNT_ID}.")
    show.line("Have a code mailed:")
    show.line(
        f"  curl {url}/v1/validations -H 'Truora-API-Key: {key}'"
        f" -d type={example.VALIDATION_TYPE} -d user_authorized=true -d account_id={example.ACCOUNT_ID}"
    )
    show.line(
        "Trouble on request, such as ?_trouble=delay:2 or ?_trouble=status:503. Codes appear here. Stop with Ctrl-C."
    )
