"""The command line of a server in two processes: how each starts, what it says, and what the doctor finds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servers.process import RecadoProcess
from servers.split import TOKEN, Split


def recado(*arguments: str, **environ: str) -> tuple[int, Any]:
    """The exit code of a command, and the JSON document it printed, on either stream."""
    done = subprocess.run(
        [sys.executable, "-m", "recado", *arguments, "--json"],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, json.loads(done.stdout or done.stderr.splitlines()[-1])


def doctor(process: RecadoProcess, **environ: str) -> tuple[int, dict[str, Any]]:
    """What the doctor finds with the settings of a process, by the name of the check."""
    code, told = recado(
        "doctor", "--resolve", "localhost", **{**process._environ, "RECADO_LOG_LEVEL": "error", **environ}
    )
    return code, {check["name"]: check for check in told["checks"]}


def serving_line(process: RecadoProcess) -> dict[str, Any]:
    """What a process said when it was up, a moment after it first answered."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for line in process.log().splitlines():
            if '"serving"' in line:
                return dict(json.loads(line))
        threading.Event().wait(0.02)
    raise AssertionError(process.log())


def test_each_says_its_role_and_only_the_one_for_people_makes_a_set_up_link(split: Split) -> None:
    api, executor = serving_line(split.api), serving_line(split.executor)
    assert (api["role"], executor["role"]) == ("api", "executor")
    assert api["setup_url"].startswith(f"{split.api.url}/setup#")
    assert api["docs_url"] == f"{split.api.url}/api/docs"
    assert (executor["setup_url"], executor["docs_url"]) == (None, None)
    assert TOKEN not in split.api.log() + split.executor.log()


def test_the_doctor_looks_for_the_executor_and_not_for_keys(split: Split, unused_port: Callable[[], int]) -> None:
    code, checks = doctor(split.api)
    assert (code, checks["executor"]["state"], "keys" in checks) == (0, "ok", False)
    code, checks = doctor(split.executor)
    assert (code, checks["keys"]["state"], "executor" in checks) == (0, "ok", False)
    nowhere = f"http://127.0.0.1:{unused_port()}"
    for environ, words in (
        ({"RECADO_EXECUTOR_TOKEN": "another-text-of-some-forty-characters-42"}, "RECADO_EXECUTOR_TOKEN"),
        ({"RECADO_EXECUTOR_URL": nowhere}, "recado serve --role executor"),
        ({"RECADO_EXECUTOR_URL": split.api.url}, "RECADO_EXECUTOR_URL"),
        ({"RECADO_EXECUTOR_URL": "http://a b"}, "Correct the setting"),
    ):
        code, checks = doctor(split.api, **environ)
        assert (code, checks["executor"]["state"]) == (1, "fail")
        assert words in checks["executor"]["mend"]


@pytest.mark.parametrize("role", ["api", "executor"])
def test_two_processes_on_sqlite_are_refused_with_a_way_out(role: str, tmp_path: Path) -> None:
    code, told = recado("serve", "--role", role, "--port", "0", RECADO_DATA_DIR=str(tmp_path))
    assert (code, told["code"]) == (2, "setting_invalid")
    assert "RECADO_DATABASE_URL" in json.dumps(told)
    assert list(tmp_path.iterdir()) == []


def test_the_option_wins_over_the_environment(split: Split, tmp_path: Path) -> None:
    environ = {**split.api._environ, "RECADO_KEK": "k", "RECADO_DATA_DIR": str(tmp_path)}
    code, told = recado("serve", "--role", "api", "--port", "0", **{**environ, "RECADO_ROLE": "executor"})
    assert (code, told["code"]) == (2, "setting_invalid")
    assert "RECADO_KEK: " in json.dumps(told)
