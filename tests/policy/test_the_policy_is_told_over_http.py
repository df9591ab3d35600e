"""Which addresses a server calls is told over HTTP: each rule with a code, and the operator's own entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

DEFAULT = ["public_only", "local_names", "metadata", "ports", "https"]


def policy(workspace: Any, role: str = "viewer") -> Any:
    answer = workspace.client(role).get("/address-policy")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_rules_have_codes_and_sentences(workspace: Any) -> None:
    told = policy(workspace)
    assert [rule["code"] for rule in told["rules"]] == [*DEFAULT, "allowed"]
    assert all(rule["text"].endswith("." if not rule["values"] else ":") for rule in told["rules"])
    assert told["rules"][-1]["values"] == ["127.0.0.0/8"]
    assert told["is_proxied"] is False


def test_what_the_operator_wrote_is_told(start_server: Callable[..., Any]) -> None:
    server = start_server(
        "sqlite",
        egress_allow=("10.1.0.0/16:8080",),
        egress_deny=("8.8.8.8/32", "203.0.113.0/24"),
        egress_nat64_prefix="64:ff9b::/96",
        egress_proxy="http://user:a-password-4711@127.0.0.1:3128",
        public_url="https://recado.acme.example",
    )
    workspace = server.new_workspace()
    told = policy(workspace)
    values = {rule["code"]: rule["values"] for rule in told["rules"] if rule["values"]}
    assert values["allowed"] == ["10.1.0.0/16:8080"]
    assert values["denied"][:2] == ["8.8.8.8/32", "203.0.113.0/24"]
    assert values["nat64"] == ["64:ff9b::/96"]
    assert told["is_proxied"] is True
    assert "a-password" not in str(told)
    workspace.close()


def test_where_reasons_are_hidden_administrators_alone_see_the_entries(start_server: Callable[..., Any]) -> None:
    workspace = start_server("sqlite", egress_allow=("10.1.0.0/16",), egress_hide_reason=True).new_workspace()
    assert "10.1" not in str(policy(workspace, "editor"))
    assert [rule["code"] for rule in policy(workspace, "editor")["rules"]] == [*DEFAULT, "allowed"]
    assert policy(workspace, "owner")["rules"][-1]["values"] == ["10.1.0.0/16"]
    workspace.close()
