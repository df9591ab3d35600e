"""The OpenAPI document tells the truth: generated requests, good and bad, are answered as it says, and never with a 5xx."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.shapes import everything_there

LEFT_OUT = [
    # What a text must say (the grammar of endpoints, templates and hosts, which identifiers there are) is beyond JSON
    # Schema; so a body that fits the schema may still be refused.
    "positive_data_acceptance",
]
NOWHERE = {"egress_allow": (), "egress_deny": ("0.0.0.0/0", "::/0")}
"""No generated request may leave the machine."""


@pytest.fixture
def new_caller(start_server: Callable[..., Any]) -> Iterator[Callable[[str], Any]]:
    """Makes a workspace on a server of its own that calls nobody."""
    made = []

    def make(kind: str) -> Any:
        made.append(start_server(kind, **NOWHERE).new_workspace())
        return made[-1]

    yield make
    for workspace in made:
        workspace.close()


def generate(workspace: Any, folder: Path, *options: str, parameters: dict[str, str] | None = None) -> str:
    """Run Schemathesis as people run it; its report. Fails with the report when any answer breaks the contract."""
    workspace.client().get("/openapi.json").raise_for_status()  # made at the first asking, which may take its time
    config = folder / "schemathesis.toml"
    lines = [f"{json.dumps(f'path.{name}')} = {json.dumps(value)}" for name, value in (parameters or {}).items()]
    config.write_text("\n".join(["[parameters]", *lines, ""]))
    command = [
        str(Path(sys.executable).with_name("st")), "--config-file", str(config), "run", f"{workspace.url}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {workspace.keys['owner']}",
        "--checks", "all", "--exclude-checks", ",".join(LEFT_OUT),
        "--continue-on-failure", "--no-color", "--request-timeout", "120", *options,
    ]  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}  # not to be measured
    environ = {**kept, "NO_PROXY": "*", "PYTHONIOENCODING": "utf-8"}
    ended = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    report = ended.stdout + ended.stderr
    print(report)
    _, _, failures = report.partition("= FAILURES =")
    assert ended.returncode == 0, failures or report
    return report


ALL = ("--phases", "examples,coverage,fuzzing,stateful")
BUT_ONE_FAULT_EACH = ("--phases", "examples,fuzzing,stateful")
EXISTING = (
    "--phases", "coverage,fuzzing", "--exclude-method", "DELETE",
    "--exclude-operation-id", "watch_sim_conversation",  # an answer without an end
    "--exclude-operation-id", "check_channel",  # these ask Meta's servers, which are not to be found here
    "--exclude-operation-id", "list_templates",
    "--exclude-operation-id", "make_flow_key",
)  # fmt: skip
SHORT = ("-n", "4", "--generation-deterministic")
LONG = ("-n", "500", "--generation-database", "none")


@pytest.mark.timeout(1200)
def test_answers_are_as_described(new_caller: Callable[[str], Any], tmp_path: Path) -> None:
    """The thousands of requests with one fault each are sent below, where there is something they could harm."""
    generate(new_caller("sqlite"), tmp_path, *BUT_ONE_FAULT_EACH, *SHORT)


@pytest.mark.timeout(1800)  # some ten thousand requests
def test_answers_about_what_exists_are_as_described(new_caller: Callable[[str], Any], tmp_path: Path) -> None:
    """The same with ids of things that are there; DELETE is left out, since all that follows would be 404."""
    workspace = new_caller("postgresql")
    report = generate(workspace, tmp_path, *EXISTING, *SHORT, parameters=everything_there(workspace))
    assert re.search(r"Tested: [0-9]{2}", report)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_answers_are_as_described_at_length(kind: str, new_caller: Callable[[str], Any], tmp_path: Path) -> None:
    workspace = new_caller(kind)
    generate(workspace, tmp_path, *ALL, *LONG)
    existing = everything_there(workspace)
    generate(workspace, tmp_path, *EXISTING, *LONG, parameters=existing)


# ── the document itself ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def operations(client: Any) -> dict[str, dict[str, Any]]:
    """Each operation by `METHOD /path`."""
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_every_operation_has_a_name_of_its_own_and_a_sentence(operations: dict[str, dict[str, Any]]) -> None:
    names = [operation["operationId"] for operation in operations.values()]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+(?:_[a-z]+)*", name)] == []
    assert [where for where, operation in operations.items() if not operation.get("description")] == []
    assert [where for where, operation in operations.items() if not operation.get("tags")] == []


_METAS_OWN = "427"
"""What Meta's client wants to hear of a token that is over, in its own words."""


def test_every_error_is_a_problem(operations: dict[str, dict[str, Any]]) -> None:
    for where, operation in operations.items():
        for status, response in operation["responses"].items():
            kinds = set(response.get("content", {}))
            if status >= "400" and status != _METAS_OWN:
                assert kinds == {"application/problem+json"}, (where, status)
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= set(operation["responses"]), where
        if "{" in where:
            assert "404" in operation["responses"], where
        if any(parameter["in"] == "query" for parameter in operation.get("parameters", [])):
            assert "422" in operation["responses"], where


def test_every_operation_but_the_open_ones_asks_for_a_caller(operations: dict[str, dict[str, Any]]) -> None:
    is_open = {where for where, operation in operations.items() if {} in operation.get("security", [{}])}
    ours = {"setup", "sessions", "health", "ready"}
    metas = {"webhook", "flows"}  # signed, or asked with a word that both know
    links = {"content"}  # signed by us
    assert {where.rpartition("/")[2] for where in is_open} == ours | metas | links
