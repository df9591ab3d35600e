"""Accounts and API keys by the command line, also beside a running server, on both databases."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

PASSWORD = "four plain words here"


@pytest.fixture
def placed(recado: Any, database_kind: str, request: pytest.FixtureRequest) -> Any:
    """The command on either database."""
    if database_kind == "postgresql":
        recado.environ["RECADO_DATABASE_URL"] = request.getfixturevalue("new_postgresql_database")()
    return recado


def test_a_first_owner_is_made_and_listed_without_a_server(placed: Any, here: Callable[..., Any]) -> None:
    made = here(placed, "user", "create", "--email", "Ana@Acme.example", "--role", "owner", RECADO_PASSWORD=PASSWORD)
    assert (made.code, made.out) == (0, "ana@acme.example may sign in as owner.\n")
    listed = here(placed, "user", "list", "--json").document["items"]
    assert [(user["email"], user["name"], user["role"], user["is_disabled"]) for user in listed] == [
        ("ana@acme.example", "ana", "owner", False)
    ]
    assert "ana@acme.example   ana    owner   active" in here(placed, "user", "list").out
    command = ("user", "create", "--email", "ana@acme.example", "--role", "viewer", "--json")
    again = here(placed, *command, RECADO_PASSWORD=PASSWORD)
    assert (again.code, again.error["code"]) == (1, "name_taken")


def test_an_empty_list_says_what_to_do(recado: Any, here: Callable[..., Any]) -> None:
    assert "recado user create" in here(recado, "user", "list").out
    assert "recado api-key create" in here(recado, "api-key", "list").out


def test_a_weak_password_is_refused_with_advice(recado: Any, here: Callable[..., Any]) -> None:
    done = here(recado, "user", "create", "--email", "ana@acme.example", "--role", "owner", RECADO_PASSWORD="short")
    assert done.code == 1
    assert "at least 12 characters" in done.err
    assert done.err.endswith("[password_too_weak]\n")


def test_the_password_is_asked_twice_and_never_shown(recado: Any) -> None:
    command = ("user", "create", "--email", "ana@acme.example", "--role", "owner")
    talk = [
        ("Password", f"{PASSWORD}\n"), ("The same again", "something else\n"),
        ("not the same", ""), ("Password", f"{PASSWORD}\n"), ("The same again", f"{PASSWORD}\n"),
    ]  # fmt: skip
    done = recado.in_terminal(*command, talk=talk)
    assert done.code == 0
    assert PASSWORD not in done.out
    assert "ana@acme.example may sign in as owner." in done.out


def test_nobody_to_ask_is_wrong_usage(recado: Any, here: Callable[..., Any]) -> None:
    done = here(recado, "user", "create", "--email", "ana@acme.example", "--role", "owner")
    assert done.code == 2
    assert "RECADO_PASSWORD" in done.err


def test_people_are_changed_beside_a_running_server(
    served: Any, at_once: Callable[..., Any], here: Callable[..., Any]
) -> None:
    recado = served.recado
    sign_in = {"email": "ben@acme.example", "password": PASSWORD}

    def signs_in(**other: str) -> int:
        return httpx.post(f"{served.url}/api/v1/sessions", json=sign_in | other, trust_env=False).status_code

    made = at_once(
        lambda: recado(
            "user",
            "create",
            "--email",
            "ben@acme.example",
            "--role",
            "editor",
            "--name",
            "Ben",
            RECADO_PASSWORD=PASSWORD,
        ),
        lambda: recado("user", "create", "--email", "owner@acme.example", "--role", "owner", RECADO_PASSWORD=PASSWORD),
    )
    assert [done.code for done in made] == [0, 0]
    assert signs_in() == 201
    changed = here(recado, "user", "set-password", "BEN@acme.example", RECADO_PASSWORD="another five plain words here")
    assert (changed.code, signs_in()) == (0, 401)
    assert signs_in(password="another five plain words here") == 201
    assert here(recado, "user", "disable", "ben@acme.example", "--json").document["is_disabled"] is True
    assert signs_in(password="another five plain words here") == 401
    assert here(recado, "user", "enable", "ben@acme.example").out == "ben@acme.example may sign in again.\n"
    assert signs_in(password="another five plain words here") == 201


def test_who_is_not_there_cannot_be_changed(recado: Any, here: Callable[..., Any]) -> None:
    done = here(recado, "user", "disable", "nobody@acme.example")
    assert done.code == 1
    assert done.err == 'Error: There is no user called "nobody@acme.example". See: recado user list [name_unknown]\n'


def test_the_last_owner_stays(recado: Any, here: Callable[..., Any]) -> None:
    here(recado, "user", "create", "--email", "ana@acme.example", "--role", "owner", RECADO_PASSWORD=PASSWORD)
    assert here(recado, "user", "disable", "ana@acme.example", "--json").error["code"] == "last_owner"


def test_a_key_is_printed_alone_and_works_at_once_until_it_is_revoked(served: Any, here: Callable[..., Any]) -> None:
    recado = served.recado
    made = recado("api-key", "create", "--name", "website", "--role", "runner", "--expires-in-days", "30")
    key = made.out.splitlines()[-1]
    assert made.out == f"{key}\n"
    assert "website" in made.err
    assert key not in made.err

    def call() -> int:
        headers = {"authorization": f"Bearer {key}"}
        return httpx.get(f"{served.url}/api/v1/session", headers=headers, trust_env=False).status_code

    assert call() == 200
    (listed,) = [
        item for item in here(recado, "api-key", "list", "--json").document["items"] if item["name"] == "website"
    ]
    assert (listed["role"], key.startswith(listed["prefix"])) == ("runner", True)
    assert key not in here(recado, "api-key", "list").out
    assert here(recado, "api-key", "revoke", listed["id"], "--json").document["revoked_at"]
    deadline = time.monotonic() + 10
    while (status := call()) == 200 and time.monotonic() < deadline:
        pass
    assert status == 401
    assert here(recado, "api-key", "revoke", listed["id"]).code == 1
    assert any(
        item["id"] == listed["id"] for item in here(recado, "api-key", "list", "--all", "--json").document["items"]
    )


def test_a_key_in_json_carries_its_text(recado: Any, here: Callable[..., Any]) -> None:
    made = here(recado, "api-key", "create", "--name", "k", "--role", "viewer", "--json").document
    assert made["key"].startswith(made["prefix"])


def test_migrate_says_from_where_to_where(placed: Any, here: Callable[..., Any]) -> None:
    first, again = here(placed, "migrate", "--json").document, here(placed, "migrate", "--json").document
    assert (first["before"], first["is_changed"]) == (None, True)
    assert again == {"before": first["after"], "after": first["after"], "is_changed": False}
    assert here(placed, "migrate").out == f"The database is up to date (schema {first['after']}).\n"


def test_an_unsafe_sqlite_refuses_to_work_beside_a_server(recado: Any, document_of: Callable[..., Any]) -> None:
    """Without the bundled library, Python's own may be one that loses writes of two connections."""
    hidden = recado.folder / "hidden"
    hidden.mkdir()
    (hidden / "pysqlite3.py").write_text("raise ImportError")
    recado.environ["PYTHONPATH"] = str(hidden)
    probe = "import recado.db.sqlite as s; print(s.has_safe_library())"
    if _python(recado, probe) == "True":
        pytest.skip("this Python's own SQLite is safe")
    with recado.running("serve", "--port", "0", "--json") as process:
        document_of(process)
        done = recado("user", "list", "--json")
        assert (done.code, done.error["code"]) == (1, "data_folder_locked")
        looked_over = recado("doctor", "--resolve", "localhost", "--json").document
        assert {check["state"] for check in looked_over["checks"] if check["name"] in {"library", "database"}} == {
            "warn"
        }


def _python(recado: Any, code: str) -> str:
    return subprocess.check_output([sys.executable, "-c", code], env=recado.environment({}), text=True).strip()
