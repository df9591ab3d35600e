"""After a full life of a credential, nothing that is stored, answered or logged holds the secret in any form."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import sqlalchemy as sa

from recado.db.tables import metadata
from recado.ids import new_id

CANARY = "canary/Zm9v+4711=&x yz"


def forms(secret: str) -> Iterator[bytes]:
    """As it is, in URLs, in JSON, in hexadecimal, and in base64 at each of the three alignments."""
    raw = secret.encode()
    yield from (raw, quote(secret, safe="").encode(), quote(secret).encode(), quote_plus(secret).encode())
    yield from (raw.hex().encode(), raw.hex().upper().encode(), secret.encode("utf-16-le"), secret[::-1].encode())
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * shift + raw + b"\0" * (-(shift + len(raw)) % 3))
            yield encoded[-(-shift * 8 // 6) + 1 : -4]


def hits(data: bytes) -> list[bytes]:
    return [form for form in forms(CANARY) if form in data]


def test_the_forms_are_found_where_they_are() -> None:
    for shift in range(6):
        assert hits(base64.b64encode(b"x" * shift + CANARY.encode() + b"y"))
    assert hits(f'{{"key": "{CANARY}"}}'.encode())
    assert not hits(b"canary")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_secret_is_stored_answered_or_logged(
    start_server: Any, make_acme_for: Any, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    server = start_server(kind, log_level="debug")
    workspace = server.new_workspace()
    acme = make_acme_for(workspace)
    own = new_id("crd")
    sealed = acme.seal(own, "api_key", CANARY, ["api.acme.com"])

    answers = [
        acme.create({"api_key": CANARY, "region": CANARY}),
        acme.create({"api_key": CANARY + "\n"}),
        acme.create({"api_key": CANARY, "nothing": CANARY}),
        acme.create({"api_key": CANARY}, hosts=["*"]),
        acme.create({"api_key": {"kid": CANARY, "alg": CANARY, "sealed": CANARY}}),
        acme.create({"api_key": [CANARY]}),
        acme.create({"api_key": sealed, "signing_key": CANARY}, id=own),
        acme.put(own, {"signing_key": CANARY, "region": CANARY}),
        acme.put(own, {}, hosts=["other.acme.com"]),
        acme.client.get(f"/credentials/{own}"),
        acme.client.get(f"/integrations/{acme.integration_id}/credentials"),
        acme.client.get("/audit-log"),
    ]
    credential = server.run(server.parts.vault.open_credential(workspace.id, own))
    assert credential.values["api_key"] == CANARY
    acme.client.delete(f"/credentials/{own}")

    assert [answer.status_code for answer in answers] == [201, 422, 422, 422, 422, 422, 201, 200, 422, 200, 200, 200]
    assert not hits(b"".join(answer.content for answer in answers))
    assert not hits(repr(credential).encode())
    assert not hits(stored(server))
    shown = capfd.readouterr()
    assert not hits((shown.out + shown.err).encode())
    workspace.close()


def stored(server: Any) -> bytes:
    """Every file of the data folder, and every cell of the database."""
    folder: Path = server.settings.data_dir
    files = b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with server.database.begin() as connection:
        cells = b"\n".join(
            bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(*(sa.type_coerce(c, sa.Text) if str(c.type) == "TEXT" else c for c in table.c)))
            for cell in row
        )  # fmt: skip
    assert b"credential.set_values" in cells
    return files + cells
