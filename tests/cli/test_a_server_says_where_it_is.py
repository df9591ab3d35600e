"""`recado serve` and `recado emulator`: where to go, what stands in the way, and an orderly end."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from recado.cli import plain_serve
from recado.commands.server import check_port
from recado.errors import PortInUse, SettingInvalid

PASSWORD = "four plain words here"


def test_programs_read_one_log_line(recado: Any) -> None:
    with recado.running("serve", "--port", "0") as process:
        told = json.loads(process.stderr.readline())
        assert (told["event"], told["data_dir"], told["database"]) == ("serving", str(recado.data_dir), "SQLite")
        assert httpx.get(told["docs_url"], trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=40)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_people_see_a_panel(recado: Any) -> None:
    done = recado.in_terminal("serve", "--port", "0", talk=[("Ctrl-C", signal.SIGTERM)], NO_COLOR="1")
    assert done.code == 0
    for words in ("http://127.0.0.1:", "/api/docs", "data (SQLite)", "/setup#", "recado user create"):
        assert words in done.out


def test_the_set_up_link_makes_the_first_owner(recado: Any, document_of: Callable[..., Any]) -> None:
    with recado.running("serve", "--port", "0", "--json") as process:
        told = document_of(process)
        token = told["setup_url"].partition("#")[2]
        person = {"token": token, "email": "ana@acme.example", "password": PASSWORD}
        made = httpx.post(f"{told['url']}/api/v1/setup", json=person, trust_env=False)
        assert made.status_code == 201
        needed = httpx.get(f"{told['url']}/api/v1/setup", trust_env=False)
        assert needed.json() == {"is_needed": False}


def test_a_port_in_use_is_said(served: Any, recado: Any) -> None:
    port = served.url.rpartition(":")[2]
    done = recado("serve", "--port", port)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"Error: Port {port} of 127.0.0.1 is in use already")
    assert done.err.endswith("[port_in_use]\n")


def test_a_second_server_on_the_same_folder_is_refused(served: Any) -> None:
    done = served.recado("serve", "--port", "0", "--json")
    assert (done.code, done.error["code"]) == (1, "data_folder_locked")


def test_an_address_of_another_machine_is_a_wrong_setting() -> None:
    with pytest.raises(SettingInvalid):
        check_port("192.0.2.1", 8000)
    with pytest.raises(SettingInvalid):
        check_port("no such host", 8000)


def test_a_port_somebody_listens_on_is_refused() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(PortInUse):
            check_port("127.0.0.1", listener.getsockname()[1])


def test_the_emulator_prints_what_it_mails(recado: Any, document_of: Callable[..., Any]) -> None:
    with recado.running("emulator", "--port", "0", "--key", "k", "--json") as process:
        told = document_of(process)
        form = {"type": "email-verification", "user_authorized": "true", "account_id": told["account_id"]}
        answer = httpx.post(
            f"{told['url']}/v1/validations", data=form, headers={"truora-api-key": "k"}, trust_env=False
        )
        mailed = json.loads(process.stderr.readline())
        assert (mailed["validation_id"], mailed["account_id"]) == (answer.json()["validation_id"], "ana.demo")
        assert len(mailed["code"]) == 6
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_the_emulator_says_how_to_call_it(recado: Any) -> None:
    done = recado.in_terminal("emulator", "--port", "0", talk=[("Ctrl-C", signal.SIGINT)])
    assert done.code == 0
    assert "curl http://127.0.0.1:" in done.out


def test_the_stand_in_for_whatsapp_says_how_to_connect(recado: Any, document_of: Callable[..., Any]) -> None:
    with recado.running("emulator", "--whatsapp", "--port", "0", "--json") as process:
        told = document_of(process)
        headers = {"authorization": f"Bearer {told['token']}"}
        url = f"{told['base_url']}/{told['version']}/{told['phone_number_id']}"
        assert httpx.get(url, headers=headers, trust_env=False).json()["verified_name"] == "Recado"
        people = httpx.get(f"{told['base_url']}/_standin/people", trust_env=False).json()["people"]
        assert [person["name"] for person in people] == ["Ana", "Beto"]
        assert "text/html" in httpx.get(told["base_url"], trust_env=False).headers["content-type"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_the_stand_in_for_whatsapp_keeps_a_secret_that_is_given(recado: Any, tmp_path: Path) -> None:
    secret = tmp_path / "app-secret"
    secret.write_text("not-to-be-told\n")
    given = ("--app-secret-file", str(secret), "--callback", "http://127.0.0.1:1/wa/abc")
    done = recado.in_terminal("emulator", "--whatsapp", "--port", "0", *given, talk=[("Ctrl-C", signal.SIGINT)])
    assert done.code == 0
    assert "Phone number id" in done.out
    assert "not-to-be-told" not in done.out
    assert "did not prove to be yours" in done.out + done.err
    assert recado("emulator", "--whatsapp", "--app-secret-file", str(tmp_path / "none")).code == 2


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("serve", {}),
        ("serve --json", {"is_json": True}),
        ("serve --port 0 --host ::1 --json", {"port": 0, "host": "::1", "is_json": True}),
        ("serve --port 65536", None),
        ("serve --port -1", None),
        ("serve --port", None),
        ("serve --host --json", None),
        ("serve --help", None),
        ("serve more", None),
        ("doctor", None),
        ("", None),
    ],
)
def test_a_plain_serve_is_known_and_all_else_left_alone(line: str, options: dict[str, Any] | None) -> None:
    assert plain_serve(line.split()) == options
