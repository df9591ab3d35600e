"""`recado emulator`: the Validations API of the worked example, to try integrations against without the internet."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import json
import signal
from typing import Annotated

import typer

from recado.commands import show
from recado.commands.options import AsJson
from recado.emulator import example


def emulator(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 for a free one.")] = 8001,
    key: Annotated[str, typer.Option(help="The key that callers send as Truora-API-Key.")] = "emulator-key",
    is_json: AsJson = False,
) -> None:
    """Run the API of the worked example, emulated.

    Until Ctrl-C; every code it "mails" is printed.
    """
    import asyncio

    from recado.commands.server import check_port

    check_port("127.0.0.1", port)
    asyncio.run(_serve(port, key, is_json=is_json))


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
