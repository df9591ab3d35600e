"""The `recado` command as people run it: a process of its own, with a terminal around it where one is wanted."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import pty
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog

from recado import cli
from recado.commands.demo_client import ApiClient, WorkedExample

SCRIPT = str(Path(sys.executable).parent / "recado")
PASSWORD = "four plain words here"
SECONDS = 240


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The JSON error on standard error."""
        return json.loads(self.err)


@dataclass
class Recado:
    """Runs the command with an environment of its own."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    def variables(self, more: Mapping[str, str]) -> dict[str, str]:
        own = {"RECADO_DATA_DIR": str(self.data_dir), "HOME": str(self.folder), "TERM": "xterm-256color"}
        own["RECADO_EXAMPLE_PORT"] = "0"  # two tests at once would want the same one
        return {**own, **self.environ, **more}

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RECADO_")}
        return {**kept, **self.variables(more)}

    def __call__(self, *args: str, text: str = "", **environ: str) -> Done:
        done = subprocess.run(
            [SCRIPT, *args],
            input=text, env=self.environment(environ), cwd=self.folder, capture_output=True, text=True, timeout=SECONDS,
            check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def running(self, *args: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
        """The command while it runs; killed afterwards if it is still there."""
        process = subprocess.Popen(
            [SCRIPT, *args],
            env=self.environment(environ), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def in_terminal(self, *args: str, talk: Sequence[tuple[str, str | signal.Signals]] = (), **environ: str) -> Done:
        """Run it in a terminal: whenever the next words appear, type the answer or send the signal."""
        own, its = pty.openpty()
        process = subprocess.Popen(
            [SCRIPT, *args],
            env=self.environment({"COLUMNS": "100", **environ}), cwd=self.folder, stdin=its, stdout=its, stderr=its,
            start_new_session=True,
        )  # fmt: skip
        os.close(its)
        try:
            screen = _talk(own, process, list(talk))
            return Done(process.wait(SECONDS), screen, "")
        finally:
            process.kill()
            process.wait()
            os.close(own)


def _talk(terminal: int, process: subprocess.Popen[bytes], talk: list[tuple[str, str | signal.Signals]]) -> str:
    seen, looked = b"", 0
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                chunk = os.read(terminal, 65_536)
            except OSError:  # the other end is closed
                break
            seen += chunk
        while talk and (found := seen.find(talk[0][0].encode(), looked)) >= 0:
            words, answer = talk.pop(0)
            looked = found + len(words.encode())
            if isinstance(answer, signal.Signals):
                process.send_signal(answer)
            else:
                os.write(terminal, answer.encode())
    assert not talk, f"never seen: {talk[0][0]!r} in {seen[-2000:].decode(errors='replace')}"
    return seen.decode(errors="replace")


@pytest.fixture
def recado(tmp_path: Path) -> Recado:
    """The command on a data folder of the test's own."""
    return Recado(tmp_path)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Runs the command in this process, from its entry point on: `here(recado, "user", "list")`. Starting Python costs 1 s."""

    def run(recado: Recado, *args: str, text: str = "", **environ: str) -> Done:
        with monkeypatch.context() as changed, _logs_kept():
            for name in [name for name in os.environ if name.startswith("RECADO_")]:
                changed.delenv(name)
            for name, value in recado.variables(environ).items():
                changed.setenv(name, value)
            changed.setattr(sys, "argv", ["recado", *args])
            changed.setattr(sys, "stdin", io.StringIO(text))
            changed.chdir(recado.folder)
            with pytest.raises(SystemExit) as ended:
                cli.main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return run


@contextlib.contextmanager
def _logs_kept() -> Iterator[None]:
    """A command sets up its process's logs; this process has its own."""
    handlers, level = logging.root.handlers[:], logging.root.level
    try:
        yield
    finally:
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
        structlog.reset_defaults()


# ── a server with the worked example, run by the command itself ──────────────────────────────────────────────────────


@dataclass
class Served:
    """A running `recado serve` with the worked example in it."""

    recado: Recado
    url: str
    setup_url: str
    key: str
    example: WorkedExample


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, emulator: Any) -> Iterator[Served]:
    """One for all tests that change nothing the others look at."""
    recado = Recado(tmp_path_factory.mktemp("served"), {"RECADO_EGRESS_ALLOW": "127.0.0.0/8"})
    with recado.running("serve", "--port", "0", "--json") as process:
        told = read_document(process)
        key = recado("api-key", "create", "--name", "tests", "--role", "owner").out.splitlines()[-1]
        example = WorkedExample(ApiClient(told["url"], key), emulator.url, emulator.api_key)
        example.define()
        yield Served(recado, told["url"], told["setup_url"], key, example)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0


def read_document(process: subprocess.Popen[str]) -> Any:
    """The JSON document that a running command printed so far."""
    assert process.stdout
    text = ""
    for line in process.stdout:
        text += line
        if line == "}\n":
            return json.loads(text)
    raise AssertionError(f"no document: {text} {process.stderr.read() if process.stderr else ''}")


@pytest.fixture
def document_of() -> Callable[[subprocess.Popen[str]], Any]:
    """Reads the JSON document that a running command prints."""
    return read_document


@pytest.fixture
def at_once() -> Callable[..., list[Done]]:
    """Runs several commands side by side: `at_once(lambda: recado(…), lambda: recado(…))`."""

    def run(*calls: Callable[[], Done]) -> list[Done]:
        results: dict[int, Done] = {}
        threads = [
            threading.Thread(target=lambda n=number, call=call: results.__setitem__(n, call()))
            for number, call in enumerate(calls)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [results[number] for number in range(len(calls))]

    return run
