"""Every change of an integration is in the audit log, with what was before and after, and no literal of a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import trustme

from recado.db.columns import JSON_DECODER


def entries(server: Any, object_id: str) -> list[tuple[str, Any]]:
    with server.database.begin() as connection:
        rows = connection.exec_driver_sql(
            f"select action, details from audit_log where object_id = '{object_id}' order by sequence"
        ).all()
    return [(row[0], JSON_DECODER.decode(row[1])) for row in rows]


def test_create_update_and_delete_are_noted(
    client: httpx.Client, server: Any, new_integration: Callable[..., Any]
) -> None:
    made = new_integration()
    path = f"/integrations/{made['id']}"
    request = {"endpoint": "https://api.acme.com/me?literal_key=hunter2"}
    pem = trustme.CA().cert_pem.bytes().decode()
    client.patch(path, json={"name": "New", "test_request": request, "ca_certificates": pem})
    client.patch(path, json={"name": "New"})
    client.delete(path)
    noted = entries(server, made["id"])
    assert [action for action, _ in noted] == ["integration.create", "integration.update", "integration.delete"]
    changes = noted[1][1]
    assert changes["name"] == {"before": "Acme", "after": "New"}
    assert changes["test_request"] == {"before": None, "after": "GET https://api.acme.com/me"}
    assert changes["ca_certificates"]["after"].startswith("sha256:")
    assert "hunter2" not in str(noted)


def test_every_change_raises_the_configurations_revision(
    client: httpx.Client, server: Any, new_integration: Callable[..., Any]
) -> None:
    def revision() -> int:
        with server.database.begin() as connection:
            found = connection.exec_driver_sql("select value from revisions where name = 'configuration'").scalar()
        return int(found or 0)

    before = revision()
    made = new_integration()
    after_create = revision()
    client.patch(f"/integrations/{made['id']}", json={"name": "Acme"})  # nothing changes
    assert revision() == after_create > before
    client.delete(f"/integrations/{made['id']}")
    assert revision() > after_create
