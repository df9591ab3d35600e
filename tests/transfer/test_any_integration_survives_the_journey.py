"""Import and export, again and again, of whatever can be saved: the same bytes, the same rows."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from recado.accounts.caller import Caller
from recado.actions.transfer import export_integration, import_integration, read_integration
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import workspaces
from recado.errors import ValidationFailed
from recado.ids import new_id
from recado.integrations.document import write_document
from recado.integrations.requests import SendingRules
from recado.outbound.policy import EgressPolicy
from recado.settings import Settings

RULES = SendingRules(EgressPolicy())

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="{}"), max_size=30)
TEXTS = st.one_of(WORDS, st.lists(WORDS, max_size=4).map("\n".join), st.text("a {}\\\r\n\t:#'\"", max_size=12)).map(
    lambda text: text.replace("{{", "{ {")
)
NAMES = WORDS.filter(lambda text: text.strip())
KEYS = st.from_regex(r"[a-z]([a-z0-9_]{0,8}[a-z0-9])?", fullmatch=True)
HEADER_VALUES = st.text(string.ascii_letters + " :{}\\\"'", max_size=20).map(
    lambda text: text.strip().replace("{{", "{ {")
)
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**40), 10**40),
        st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False),
        TEXTS,
        st.just("{{inputs.first}}"),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"key": NAMES, "value": TEXTS | st.just("{{inputs.first}}")},
        optional={"send_empty": st.booleans(), "datetime_format": st.sampled_from(["date", "%d/%m/%Y", None])},
    ),
    max_size=3,
)
BODIES = st.one_of(
    st.just({"type": "none"}),
    st.fixed_dictionaries({"type": st.sampled_from(["form", "json", "multipart"]), "fields": ROWS}),
    st.fixed_dictionaries({"type": st.just("json"), "json": JSON}),
    st.fixed_dictionaries({"type": st.just("raw"), "content_type": st.just("text/plain"), "text": TEXTS}),
)
REQUESTS = st.fixed_dictionaries(
    {"method": st.sampled_from(["POST", "PUT", "PATCH"]), "endpoint": st.just("https://api.acme.com/v1?a=b%20c")},
    optional={
        "query": ROWS,
        "headers": st.lists(st.fixed_dictionaries({"key": st.just("X-Any"), "value": HEADER_VALUES}), max_size=1),
        "body": BODIES,
        "timeout_seconds": st.floats(0.001, 60) | st.integers(1, 60),
        "follow_redirects": st.booleans(),
        "idempotency_header": st.sampled_from(["Idempotency-Key", None]),
    },
)
FIRST = {"key": "first", "name": "First", "type": "string", "required": True}
ACTIONS = st.fixed_dictionaries(
    {"name": NAMES, "inputs": st.just([FIRST])},
    optional={
        "description": TEXTS,
        "request": REQUESTS | st.none(),
        "outputs": st.lists(
            st.fixed_dictionaries({"key": KEYS, "name": NAMES, "type": st.sampled_from(["string", "json"])}), max_size=3
        ),
        "is_private": st.booleans(),
    },
)
FIELDS = st.lists(
    st.fixed_dictionaries(
        {"identifier": KEYS, "type": st.sampled_from(["text", "password"])},
        optional={"name": NAMES | st.none(), "required": st.booleans()},
    ),
    max_size=3,
    unique_by=lambda field: str(field["identifier"]),
)
DOCUMENTS = st.fixed_dictionaries(
    {"recado": st.just(1), "kind": st.just("integration"), "name": NAMES},
    optional={
        "description": TEXTS,
        "logo_url": st.sampled_from(["https://a.io/é.png", None]),
        "auth": st.fixed_dictionaries({"key_in_url": st.booleans(), "name": NAMES | st.none(), "fields": FIELDS}),
        "actions": st.lists(ACTIONS, max_size=3),
    },
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(Settings(data_dir=tmp_path_factory.mktemp("data")))
    made.migrate()
    yield made
    made.close()


@pytest.fixture(scope="module")
def caller(database: Database) -> Caller:
    workspace_id = new_id("wsp")
    with database.begin() as connection:
        connection.execute(workspaces.insert().values(id=workspace_id, name="Test", created_at=utc_now()))
    return Caller(workspace_id, "cli", None, "owner")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=DOCUMENTS)
def test_an_export_of_an_import_is_the_import(database: Database, caller: Caller, tree: dict[str, Any]) -> None:
    with database.begin() as connection:
        try:
            made = import_integration(connection, caller, read_integration(write_document(tree)), RULES)
        except ValidationFailed:
            connection.rollback()
            assume(False)  # its only argument
        text, _ = export_integration(connection, caller, made.id)
        again = import_integration(connection, caller, read_integration(text), RULES)
        assert export_integration(connection, caller, again.id)[0] == text
        assert (again.name, again.description, again.test_request) == (made.name, made.description, made.test_request)
        connection.rollback()
