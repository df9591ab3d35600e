"""Signing in opens a session, signing out ends it, and sessions end by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.accounts import service
from recado.accounts.tokens import digest
from recado.db.columns import utc_now
from recado.db.tables import login_attempts, sessions, users


def token_of(browser: httpx.Client) -> str:
    return browser.cookies["session"]


def move(server: Any, person: Any, **columns: dt.timedelta) -> None:
    """Make a person's sessions older."""
    with server.database.begin() as connection:
        for row in connection.execute(sa.select(sessions).where(sessions.c.user_id == person.id)).mappings().all():
            older = {name: row[name] - span for name, span in columns.items()}
            connection.execute(sa.update(sessions).where(sessions.c.id == row["id"]).values(older))


def test_signing_in_answers_who_one_is_and_sets_the_cookie(new_person: Any, workspace: Any) -> None:
    person = new_person("editor", is_signed_in=False)
    answer = person.sign_in()
    assert answer.status_code == 201
    assert answer.json() == {
        "user": {"id": person.id, "email": person.email, "name": person.email.split("@")[0], "language": None},
        "workspace": {"id": workspace.id, "name": "Test"},
        "role": "editor",
    }
    cookie = answer.headers["set-cookie"]
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "httponly", "max-age=604800", "path=/", "samesite=lax",
    }  # fmt: skip
    seen = person.browser.get("/session").json()
    assert seen["kind"] == "user"
    assert seen["user"]["email"] == person.email
    assert seen["role"] == "editor"
    assert "integrations:write" in seen["permissions"]
    assert "credentials:write" not in seen["permissions"]


def test_over_https_the_cookie_is_bound_to_the_host(
    start_server: Callable[..., Any], new_browser: Callable[..., httpx.Client], password_hash: str, new_workspace: Any
) -> None:
    server = start_server(public_url="https://recado.acme.example")
    made = new_workspace(server)
    with server.database.begin() as connection:
        service.create_user(connection, service.system_caller(made.id), "ana@acme.example", password_hash, "viewer")
    browser = new_browser(url=server.url, origin="https://recado.acme.example")
    body = {"email": "ana@acme.example", "password": "anchors-weigh-94-lemons"}
    cookie = browser.post("/sessions", json=body).headers["set-cookie"]
    name, _, token = cookie.partition(";")[0].partition("=")
    assert name == "__Host-session"
    assert "secure" in cookie.lower()
    assert "domain" not in cookie.lower()
    signed_in = browser.get("/session", headers={"cookie": f"__Host-session={token}"})
    assert signed_in.status_code == 200
    planted = browser.get("/session", headers={"cookie": f"session={token}"})
    assert planted.status_code == 401


def test_the_address_is_taken_in_any_case_and_the_password_exactly(new_person: Any) -> None:
    person = new_person(is_signed_in=False)
    person.email = f"  {person.email.upper()} "
    assert person.sign_in().status_code == 201
    person.password += " "
    assert person.sign_in().status_code == 401


def test_wrong_unknown_and_disabled_are_answered_alike(server: Any, new_person: Any) -> None:
    wrong, disabled, unknown = (new_person(is_signed_in=False) for _ in range(3))
    wrong.password = "not-the-password-at-all"
    unknown.email = "nobody@acme.example"
    with server.database.begin() as connection:
        connection.execute(sa.update(users).where(users.c.id == disabled.id).values(is_disabled=True))
    answers = [person.sign_in() for person in (wrong, disabled, unknown)]
    assert {answer.status_code for answer in answers} == {401}
    bodies = [{**answer.json(), "request_id": ""} for answer in answers]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["code"] == "login_failed"
    assert all("set-cookie" not in answer.headers for answer in answers)


@pytest.mark.parametrize("email", ["", "no-at-sign", "a@b@c", "a\u0000b@acme.example", "a b@acme.example", "x" * 300])
def test_what_is_no_address_is_nobody(new_browser: Any, email: str) -> None:
    answer = new_browser().post("/sessions", json={"email": email, "password": "x"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "login_failed"


def test_every_login_has_a_token_of_its_own_and_none_is_stored(server: Any, new_person: Any) -> None:
    person = new_person()
    first = token_of(person.browser)
    person.sign_in()
    second = token_of(person.browser)
    assert first != second
    with server.database.begin() as connection:
        rows = connection.execute(sa.select(sessions).where(sessions.c.user_id == person.id)).mappings().all()
    assert {row["token_hash"] for row in rows} == {digest(first), digest(second)}
    assert first not in repr(rows)


def test_signing_out_ends_the_session_for_good(new_person: Any, new_browser: Any) -> None:
    person = new_person()
    token = token_of(person.browser)
    answer = person.browser.delete("/session")
    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert "session" not in person.browser.cookies
    assert new_browser().get("/session", headers={"cookie": f"session={token}"}).status_code == 401


@pytest.mark.parametrize(
    ("columns", "is_over"),
    [
        ({"last_seen_at": dt.timedelta(hours=11, minutes=59)}, False),
        ({"last_seen_at": dt.timedelta(hours=12, minutes=1)}, True),
        ({"expires_at": dt.timedelta(days=6, hours=23)}, False),
        ({"expires_at": dt.timedelta(days=7, minutes=1)}, True),
    ],
)
def test_a_session_ends_idle_after_12_hours_and_at_last_after_7_days(
    server: Any, new_person: Any, columns: dict[str, dt.timedelta], is_over: bool
) -> None:
    person = new_person()
    move(server, person, **columns)
    assert person.browser.get("/session").status_code == (401 if is_over else 200)


def test_using_a_session_keeps_it_from_becoming_idle(server: Any, new_person: Any) -> None:
    person = new_person()
    move(server, person, last_seen_at=dt.timedelta(hours=11))
    person.browser.get("/session")
    deadline = utc_now() + dt.timedelta(seconds=5)
    seen = None
    while utc_now() < deadline and (seen is None or utc_now() - seen > dt.timedelta(minutes=1)):
        with server.database.begin() as connection:  # noted beside the request, so shortly after it
            seen = connection.scalar(sa.select(sessions.c.last_seen_at).where(sessions.c.user_id == person.id))
    assert seen is not None
    assert utc_now() - seen < dt.timedelta(minutes=1)


def test_signing_in_clears_away_what_is_over(server: Any, new_person: Any) -> None:
    person = new_person()
    move(server, person, last_seen_at=dt.timedelta(hours=13))
    with server.database.begin() as connection:
        long_ago = utc_now() - dt.timedelta(hours=2)
        connection.execute(
            login_attempts.insert().values(
                subject=person.id, failures=3, window_started_at=long_ago, blocked_until=None
            )
        )
    person.sign_in()
    with server.database.begin() as connection:
        left = connection.scalar(sa.select(sa.func.count()).where(sessions.c.user_id == person.id))
        attempts = connection.scalar(sa.select(sa.func.count()).where(login_attempts.c.subject == person.id))
    assert (left, attempts) == (1, 0)


def test_two_cookies_of_the_same_name_are_nobody(new_person: Any, new_browser: Any) -> None:
    token = token_of(new_person().browser)
    both = {"cookie": f"session=planted; session={token}"}
    assert new_browser().get("/session", headers=both).status_code == 401


def test_people_change_their_own_name_and_language(new_person: Any) -> None:
    browser = new_person("viewer").browser
    answer = browser.patch("/session", json={"name": "  Ana  ", "language": "pt"})
    assert answer.json()["user"] | {"id": "", "email": ""} == {"id": "", "email": "", "name": "Ana", "language": "pt"}
    assert browser.patch("/session", json={"language": None}).json()["user"]["language"] is None
    assert browser.patch("/session", json={"role": "owner"}).json()["code"] == "unknown_field"
    assert browser.patch("/session", json={"name": "a\u0000b"}).status_code == 422


def test_changing_the_password_ends_the_other_sessions_and_keeps_ones_own(new_person: Any, new_browser: Any) -> None:
    person, elsewhere = new_person("viewer"), new_browser()
    person.sign_in(elsewhere)
    before = token_of(person.browser)
    body = {"current_password": person.password, "new_password": "seven-otters-paint-31"}
    assert person.browser.put("/session/password", json=body).status_code == 200
    assert elsewhere.get("/session").status_code == 401
    assert person.browser.get("/session").status_code == 200
    assert token_of(person.browser) != before
    assert person.sign_in().status_code == 401
    person.password = body["new_password"]
    assert person.sign_in().status_code == 201


@pytest.mark.parametrize(
    ("current", "new", "path", "code"),
    [
        ("not-my-password-1", "seven-otters-paint-31", "current_password", "password_wrong"),
        (None, "short", "new_password", "password_too_weak"),
        (None, "aaaaaaaaaaaaaaaa", "new_password", "password_too_weak"),
        (None, "ab" * 200, "new_password", "password_too_long"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    new_person: Any, current: str | None, new: str, path: str, code: str
) -> None:
    person = new_person("viewer")
    body = {"current_password": current or person.password, "new_password": new}
    answer = person.browser.put("/session/password", json=body)
    assert answer.status_code == 422
    assert [(problem["path"], problem["code"]) for problem in answer.json()["errors"]] == [(path, code)]
    assert person.browser.get("/session").status_code == 200


def test_guessing_the_present_password_of_an_open_session_is_limited(new_person: Any) -> None:
    browser = new_person("viewer").browser
    body = {"current_password": "a-guess-at-random", "new_password": "seven-otters-paint-31"}
    answers = [browser.put("/session/password", json=body).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_key_has_no_session_to_end_or_password_to_change(workspace: Any) -> None:
    client = workspace.client("viewer")
    seen = client.get("/session").json()
    assert seen["kind"] == "api_key"
    assert seen["user"] is None
    assert seen["api_key"]["name"] == "viewer key"
    assert seen["role"] == "viewer"
    assert client.delete("/session").status_code == 404
    assert client.patch("/session", json={"name": "x"}).status_code == 404
    passwords = {"current_password": "x", "new_password": "seven-otters-paint-31"}
    assert client.put("/session/password", json=passwords).status_code == 404
