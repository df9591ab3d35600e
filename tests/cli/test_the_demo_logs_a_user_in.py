"""`recado demo`: the worked example from end to end, with a person, without one, and as a check."""

from __future__ import annotations

import re
import signal
import tempfile
from pathlib import Path
from typing import Any

import httpx


def _left_behind(recado: Any) -> list[Path]:
    return list(Path(recado.environ["TMPDIR"]).iterdir())


def _in_own_folder(recado: Any) -> Any:
    recado.environ["TMPDIR"] = tempfile.mkdtemp(dir=recado.folder)
    return recado


def test_it_checks_itself(recado: Any) -> None:
    done = _in_own_folder(recado)("demo", "--check", "--json", RECADO_PORT="not even a number")
    told = done.document
    assert (done.code, told["validation_status"], told["account_id"]) == (0, "success", "ana.demo")
    statuses = [run["outputs"].get("validation_status") for run in told["executions"]]
    assert statuses == [None, "pending", "success"]
    assert told["chat_status"] == "finished"
    assert _left_behind(recado) == []


def test_without_a_terminal_it_shows_every_step_and_ends(recado: Any) -> None:
    done = _in_own_folder(recado)("demo")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("validation_status: success\n")
    assert "POST /v1/validations HTTP/1.1" in done.out
    assert "Truora-API-Key: ██████" in done.out
    assert "demo-key-of-the-validations-api" not in done.out
    assert "\x1b" not in done.out
    assert "What to do next" in done.out
    assert _left_behind(recado) == []


def test_a_person_types_and_the_server_stays_until_ctrl_c(recado: Any) -> None:
    talk: list[tuple[str, str | signal.Signals]] = [
        ("User name", "nobody\n"),
        ("not found. Try again.", ""),
        ("User name", "\n"),
        ("Code", "12\n"),
        ("pending", ""),
        ("Code", "\n"),
        ("The server runs until Ctrl-C", signal.SIGINT),
    ]
    done = _in_own_folder(recado).in_terminal("demo", talk=talk, NO_COLOR="1")
    assert done.code == 0
    assert "validation_status: success" in done.out
    assert re.search(r"http://127\.0\.0\.1:\d+/setup#\S{20,}", done.out)
    assert re.search(r"http://127\.0\.0\.1:\d+/flows/flw_\w{26}/simulator", done.out)
    assert "curl -s http://127.0.0.1:" in done.out
    assert "Authorization: Bearer rck_" in done.out
    assert "Traceback" not in done.out
    assert _left_behind(recado) == []


def test_it_can_be_kept_and_called(recado: Any) -> None:
    kept = recado.folder / "kept"
    with recado.running("demo", "--keep-running", "--data-dir", str(kept), "--port", "0") as process:
        lines: list[str] = []
        while not lines or "The server runs until Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], process.stderr.read()
        facts = dict(line.split(maxsplit=1) for line in lines if line.startswith(("Address", "Key", "Chat")))
        headers = {"authorization": f"Bearer {facts['Key'].strip()}"}
        found = httpx.get(f"{facts['Address'].strip()}/api/v1/integrations", headers=headers, trust_env=False).json()
        assert [item["name"] for item in found["items"]] == ["Validations"]
        flows = httpx.get(f"{facts['Address'].strip()}/api/v1/flows", headers=headers, trust_env=False).json()
        assert [(item["name"], item["published_version"]) for item in flows["items"]] == [("Log in", 1)]
        assert facts["Chat"].strip() == f"{facts['Address'].strip()}/flows/{flows['items'][0]['id']}/simulator"
        example = httpx.get(f"{facts['Address'].strip()}/api/v1/example", headers=headers, trust_env=False).json()
        assert (example["is_available"], example["flow_id"]) == (True, flows["items"][0]["id"])
        assert example["codes"][0]["account_id"] == "ana.demo", "the chat shows what was mailed"
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    assert (kept / "recado.db").exists()
    again = recado("demo", "--data-dir", str(kept))
    assert again.code == 2
    assert "is not an empty folder" in again.err
