"""`recado demo`: log a user in by a mailed code, with a server, an emulated API and the worked example, all on this machine."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from recado.commands import show
from recado.commands.options import AsJson
from recado.emulator import example
from recado.errors import DemoFailed, PortInUse
from recado.settings import Settings, load

if TYPE_CHECKING:
    from recado.commands.demo_client import WorkedExample
    from recado.commands.demo_house import House
    from recado.commands.demo_screen import Screen

_HOST: Final = "127.0.0.1"
_PORT: Final = 8000
_EMULATOR_PORT: Final = 8001
_LOOPBACK: Final = ("127.0.0.0/8",)
_MOST_TRIES: Final = 3
_LOG_LEVEL: Final = "error"

Port = Annotated[int | None, typer.Option(min=0, max=65535, help="The server's port; 8000 or a free one.")]
EmulatorPort = Annotated[int | None, typer.Option(min=0, max=65535, help="The emulator's port; 8001 or a free one.")]
DataDir = Annotated[Path | None, typer.Option(help="An empty folder to work in and keep; else a temporary one.")]
KeepRunning = Annotated[
    bool | None,
    typer.Option("--keep-running/--no-keep-running", help="Whether to go on serving afterwards; in a terminal, yes."),
]


def demo(
    is_check: Annotated[bool, typer.Option("--check", help="Do everything without a person, quietly.")] = False,
    port: Port = None,
    emulator_port: EmulatorPort = None,
    data_dir: DataDir = None,
    is_kept_running: KeepRunning = None,
    is_json: AsJson = False,
) -> None:
    """Log a user in by a mailed code, step by step.

    The worked example from end to end, on this machine alone: starts a server and an emulator of the Validations API on an empty data folder, defines the integration over the
    HTTP API, tests its credential and runs its two actions, showing each request and answer. It also makes the flow Log in, to chat with in the browser; --check chats with it.
    """
    from recado.commands.demo_house import House
    from recado.commands.demo_screen import Screen
    from recado.web import log

    screen = Screen(is_quiet=is_check or is_json)
    is_staying = (screen.is_asking and not is_check) if is_kept_running is None else is_kept_running
    with (
        _stopped_by_signals(),
        _folder(data_dir) as folder,
        contextlib.closing(_listen(port, _PORT)) as listener,
        contextlib.closing(_listen(emulator_port, _EMULATOR_PORT)) as emulator_listener,
    ):
        settings = _settings(folder, listener.getsockname()[1])
        log.configure(settings)
        with House(settings, listener, emulator_listener) as house:
            story = Story(house, screen)
            told = story.tell(is_wrong_code_tried=is_check, is_staying=is_staying)
            if is_check:
                told["chat_status"] = story.chat()
            if is_json:
                show.document(told)
            elif is_check:
                show.line(f"validation_status: {told['validation_status']}")
                show.line(f"chat_status: {told['chat_status']}")
            if is_staying:
                _stay(screen, f"The server runs until Ctrl-C; {_remains(data_dir)}")
    if told["validation_status"] != "success" or told.get("chat_status", "finished") != "finished":
        raise typer.Exit(1)


# ── the house ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _settings(folder: Path, port: int) -> Settings:
    """Settings of the demonstration's own, whatever the environment says; this machine may be called, for the emulator."""
    return load(
        {},
        data_dir=folder,
        port=port,
        egress_allow=_LOOPBACK,
        example_port=0,  # the demonstration has an emulator of its own
        log_level=_LOG_LEVEL,
        log_format="text",
    )


def _listen(port: int | None, usual: int) -> socket.socket:
    """Listen on the port that was asked for, else on the usual one, else on any that is free. Raises PortInUse.

    The socket stays open until it is served, so that nobody else gets the port meanwhile.
    """
    from recado.commands.server import check_port

    if port is not None:
        check_port(_HOST, port)
    for wanted in (usual, 0) if port is None else (port,):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, wanted))
            listener.listen()
        except OSError:
            listener.close()
        else:
            return listener
    raise PortInUse(host=_HOST, port=port)


@contextlib.contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    """The folder to work in: a temporary one that goes afterwards, or an empty one that stays. Raises BadParameter."""
    if wanted is not None:
        if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
            raise typer.BadParameter(f"{wanted} is not an empty folder.", param_hint="--data-dir")
        yield wanted
        return
    folder = Path(tempfile.mkdtemp(prefix="recado-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM, and a terminal that is closed, unwind everything as Ctrl-C does."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _remains(data_dir: Path | None) -> str:
    return f"its data stays in {data_dir}." if data_dir else "nothing of the demonstration stays behind."


def _stay(screen: Screen, text: str) -> None:
    """Say that, and go on serving until Ctrl-C or SIGTERM, which are then no failure."""
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        screen.say(text)
        threading.Event().wait()
    sys.stdout.write("\n")


# ── the story ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Story:
    """The example, step by step."""

    def __init__(self, house: House, screen: Screen) -> None:
        from recado.commands.demo_client import ApiClient, WorkedExample

        self._house = house
        self._screen = screen
        self._example: WorkedExample = WorkedExample(
            ApiClient(house.url, house.api_key), house.emulator_url, house.emulator_key
        )
        self._executions: list[dict[str, Any]] = []

    def tell(self, *, is_wrong_code_tried: bool, is_staying: bool) -> dict[str, Any]:
        """All of it; what came of it. Raises DemoFailed."""
        self._define()
        account_id, validation_id = self._create()
        status = self._validate(account_id, validation_id, is_wrong_code_tried=is_wrong_code_tried)
        self._end(status, is_staying=is_staying)
        return {
            "account_id": account_id,
            "validation_id": validation_id,
            "validation_status": status,
            "executions": self._executions,
        }

    def chat(self) -> str:
        """Log in by a chat: as nobody, with a wrong code, with the right one; how it ended. Raises DemoFailed."""
        from recado.commands.demo_client import Chat

        chat = Chat(self._example.client, self._example.flow["id"])
        _expect(chat.say("nobody"), "no account")
        before = set(self._house.codes)
        _expect(chat.say(example.ACCOUNT_ID), "code")
        (mailed,) = (self._house.codes[made] for made in self._house.codes.keys() - before)
        _expect(chat.say("000000" if mailed != "000000" else "111111"), "wrong")
        _expect(chat.say(mailed), "logged in")
        return chat.status

    def _end(self, status: str, *, is_staying: bool) -> None:
        screen, house, worked = self._screen, self._house, self._example
        if is_staying:
            screen.result(status)
            flow_id = worked.flow["id"]
            screen.next_steps(
                house.url, house.setup_token, house.api_key, worked.create["id"], worked.credential["id"], flow_id
            )
            house.when_mailed = screen.mailed
        else:
            screen.title("What to do next")
            screen.say("In a terminal the demonstration asks for account and code, and goes on serving: recado demo")
            screen.say("A server of your own: recado serve")
            screen.result(status)

    def _define(self) -> None:
        screen, house = self._screen, self._house
        screen.title("The servers")
        screen.facts({"Recado": house.url, "Validations API (emulated)": house.emulator_url})
        tested = self._example.define()
        screen.title("The integration, over the HTTP API")
        screen.facts({
            "Integration": f"Validations ({self._example.integration['id']})",
            "Credential": f"{example.CREDENTIAL_NAME}, bound to {', '.join(self._example.credential['hosts'])}",
            "Its test": f"{tested['verdict']}, status {tested['response']['status']}, {tested['timing']['total_ms']:.1f} ms",
            "Actions": f"{self._example.create['name']}, {self._example.validate['name']}",
            "Flow": f"{self._example.flow['name']}, published",
        })  # fmt: skip

    def _create(self) -> tuple[str, str]:
        """The account that is there and the validation made for it."""
        self._screen.title(f"Step 1 · {self._example.create['name']}")
        for _ in range(_MOST_TRIES):
            account_id = self._screen.ask("User name", example.ACCOUNT_ID)
            execution = self._step(self._example.create, {"account_id": account_id})
            if execution["outcome"] == "ok":
                return account_id, str(execution["outputs"]["validation_id"])
            if not self._screen.is_asking:
                break
            self._screen.say("That account was not found. Try again.")
        raise DemoFailed(reason="no validation was made")

    def _validate(self, account_id: str, validation_id: str, *, is_wrong_code_tried: bool) -> str:
        """The status after the code was right, or wrong too often."""
        self._screen.title(f"Step 2 · {self._example.validate['name']}")
        mailed = self._house.codes[validation_id]
        self._screen.mailed(account_id, mailed)
        if is_wrong_code_tried:
            wrong = "000000" if mailed != "000000" else "111111"
            if (status := self._status_of(validation_id, wrong)) != "pending":
                raise DemoFailed(reason=f"a wrong code made the validation {status}")
        status = "pending"
        while status == "pending":
            status = self._status_of(validation_id, self._screen.ask("Code", mailed))
        return status

    def _status_of(self, validation_id: str, code: str) -> str:
        execution = self._step(self._example.validate, {"validation_id": validation_id, "code": code})
        if execution["outcome"] != "ok":
            raise DemoFailed(reason=f"the code could not be checked ({execution['outcome']})")
        return str(execution["outputs"]["validation_status"])

    def _step(self, action: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
        """Show the request, run it, show the answer."""
        self._screen.request(self._example.preview(action, inputs))
        execution = self._example.run(action, inputs)
        self._executions.append(execution)
        self._screen.response(execution)
        self._screen.outputs(execution)
        return execution


def _expect(said: list[str], word: str) -> None:
    if not any(word in text for text in said):
        raise DemoFailed(reason=f"the chat answered: {' '.join(said) or 'nothing'}")
