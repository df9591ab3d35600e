"""A stored definition that cannot be read is an error of its own record, and of no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest


@pytest.mark.parametrize("damage", ['{"fields": [', '{"fields": 5}', '{"scheme":"\xff"}', ""])
def test_lists_and_other_records_go_on(
    client: httpx.Client, server: Any, new_integration: Callable[..., Any], new_action: Callable[..., Any], damage: str
) -> None:
    made, other = new_integration(name="Damaged"), new_integration(name="Whole")
    action = new_action(made["id"])
    with server.database.begin() as connection:
        for table, column, row_id in (("integrations", "auth", made["id"]), ("actions", "inputs", action["id"])):
            marker = "?" if server.database.is_sqlite else "%s"
            connection.exec_driver_sql(f"update {table} set {column} = {marker} where id = '{row_id}'", (damage,))
    for path in (f"/integrations/{made['id']}", f"/actions/{action['id']}"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (500, "record_corrupt")
    listed = {item["name"]: item for item in client.get("/integrations").json()["items"]}
    assert listed["Whole"] == other
    assert listed["Damaged"]["is_damaged"] is True
    assert [item["is_damaged"] for item in client.get(f"/integrations/{made['id']}/actions").json()["items"]] == [True]
    assert client.delete(f"/integrations/{made['id']}", params={"force": True}).status_code == 204
