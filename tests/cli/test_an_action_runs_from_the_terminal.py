"""`recado run`, `export` and `import`: an action by its name, an integration or a flow as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import typer

from recado.actions.definition import Input
from recado.actions.schemas import Action
from recado.commands.run import read_inputs
from recado.errors import InputType


def test_an_action_is_run_by_its_name(served: Any, emulator: Any) -> None:
    done = served.recado("run", "create user validation", "account_id=ana.demo", "--credential", "demo", "--json")
    execution = done.document
    assert (done.code, execution["outcome"], execution["kind"]) == (0, "ok", "live")
    assert emulator.codes[execution["outputs"]["validation_id"]]
    assert emulator.api_key not in done.out
    kept = served.example.client.get(f"/executions/{execution['id']}")
    assert kept["outputs"] == execution["outputs"]


def test_what_came_of_it_is_told_to_people(served: Any, at_once: Callable[..., Any], here: Callable[..., Any]) -> None:
    recado, action, credential = served.recado, served.example.create["id"], served.example.credential["id"]
    ok, failed = at_once(
        lambda: recado("run", action, "account_id=ana.demo", "--credential", credential, "--test"),
        lambda: recado("run", action, "account_id=nobody", "--credential", "Demo"),
    )
    unknown = here(recado, "run", action, "acount=ana.demo")
    bare = here(recado, "run", action, "account_id=ana.demo")
    assert ok.code == 0
    assert ok.out.startswith("ok  status 200  ")
    for words in ("validation_id", "Could become an output", "(8 members)"):
        assert words in ok.out
    assert failed.code == 1
    assert failed.out.startswith("http_4xx  status 400  ")
    assert "[http_client_error]" in failed.out
    assert unknown.code == 2
    assert "Its inputs: account_id." in unknown.err
    assert bare.code == 1
    assert "--credential" in bare.out


@pytest.mark.parametrize(
    ("command", "kind", "name"),
    [
        (("run", "Send rain"), "action", "Send rain"),
        (("run", "Validate code", "--credential", "Live"), "credential", "Live"),
        (("export", "Weather"), "integration", "Weather"),
        (("export", "--flow", "Weather"), "flow", "Weather"),
    ],
)
def test_a_name_nobody_has_is_said(
    served: Any, here: Callable[..., Any], command: tuple[str, ...], kind: str, name: str
) -> None:
    done = here(served.recado, *command, "--json")
    assert (done.code, done.out) == (1, "")
    assert done.error == {"code": "name_unknown", "message": f'There is no {kind} called "{name}".'}


def test_an_integration_travels_as_a_file(served: Any, recado: Any, here: Callable[..., Any]) -> None:
    file = recado.folder / "validations.yaml"
    done = served.recado("export", "Validations", "-o", str(file))
    assert (done.code, done.out) == (0, f"Validations is in {file}.\n")
    assert "Demo" not in file.read_text()
    made = here(recado, "import", str(file), "--json", RECADO_EGRESS_ALLOW="127.0.0.0/8")
    assert (made.code, made.document["name"], made.document["actions_count"]) == (0, "Validations", 2)
    again = here(recado, "export", made.document["id"])
    assert again.out == file.read_text()
    typed = here(recado, "import", "-", text=again.out, RECADO_EGRESS_ALLOW="127.0.0.0/8")
    assert typed.code == 0
    assert "was made, with 2 actions" in typed.out
    twice = here(recado, "export", "Validations", "--json")
    assert (twice.code, twice.error["code"]) == (1, "name_ambiguous")
    assert made.document["id"] in twice.error["message"]


def test_a_flow_travels_as_a_file(recado: Any, here: Callable[..., Any]) -> None:
    file = recado.folder / "flow.yaml"
    file.write_text(
        "recado: 1\nkind: flow\nname: Log in\ndefinition:\n  start: r\n  blocks:\n    - id: r\n      type: custom_integration\n"
        "      integration: Shop\n      action: Look\n      credential: Live\n"
        "integrations:\n  - name: Shop\n    auth:\n      scheme: api_key\n      fields: []\n    actions:\n      - name: Look\n"
        "        inputs: []\n        outputs: []\n    credentials:\n      - Live\n"
    )
    made = here(recado, "import", str(file), "--json")
    assert (made.code, made.document["flow"]["name"]) == (0, "Log in")
    assert here(recado, "export", "--flow", "log in").out == file.read_text()
    told = here(recado, "import", "--use-existing", str(file))
    assert (told.code, "Shop (int_" in told.out, "was there already" in told.out) == (0, True, True)
    assert 'Enter the values of the credential "Live" of Shop.' in told.out
    twice = here(recado, "export", made.document["flow"]["id"], "--json")
    assert twice.document["yaml"] == file.read_text()
    nowhere = here(recado, "export", made.document["flow"]["id"], "--version", "7", "--json")
    assert (nowhere.code, nowhere.error["code"]) == (1, "not_found")


def test_a_file_that_cannot_be_imported_makes_nothing(recado: Any, here: Callable[..., Any]) -> None:
    file = recado.folder / "bad.yaml"
    file.write_text("recado: 1\nkind: integration\nname: x\nactions:\n  - name: ''\n")
    done = here(recado, "import", str(file), "--json")
    assert (done.code, done.out) == (1, "")
    assert done.error["code"] == "validation_failed"
    assert done.error["errors"] == [
        {"path": "actions[0].name", "code": "required", "message": "This field is required."}
    ]
    missing = here(recado, "import", "nowhere.yaml")
    assert (missing.code, missing.err) == (1, "Error: nowhere.yaml: No such file or directory. [system_error]\n")


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _action(**types: str) -> Action:
    inputs = [Input(key, key, kind) for key, kind in types.items()]  # type: ignore[arg-type]  # words of the type
    made: Any = {"id": "act_1", "integration_id": "int_1", "name": "Order", "description": "", "request": None}
    return Action(**made, inputs=inputs, outputs=[], is_private=False, created_at=None, updated_at=None)  # type: ignore[arg-type]  # no times needed


@pytest.mark.parametrize(
    ("kind", "text", "is_exact", "value"),
    [
        ("string", "007", False, "007"),
        ("string", "true", False, "true"),
        ("integer", "12", False, 12),
        ("integer", "123456789012345678901234567890", False, 123456789012345678901234567890),
        ("number", "12,10", False, "12.10"),
        ("number", "12.10", True, "12.10"),
        ("boolean", "sí", False, True),
        ("boolean", "0", False, False),
        ("boolean", "true", True, True),
        ("datetime", "2026-11-22T10:00:00Z", False, "2026-11-22 10:00:00+00:00"),
        ("string", "null", True, None),
    ],
)
def test_a_value_is_read_in_its_inputs_type(kind: str, text: str, is_exact: bool, value: object) -> None:
    read = read_inputs(_action(field=kind), [("field", text, is_exact)])["field"]
    assert (str(read) if isinstance(value, str) else read) == value


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(InputType):
        read_inputs(_action(count="integer"), [("count", "many", False)])


@pytest.mark.parametrize(
    "given",
    [[("other", "1", False)], [("count", "1", False), ("count", "2", False)], [("count", "{", True)]],
    ids=json.dumps,
)
def test_inputs_that_cannot_be_meant_are_wrong_usage(given: list[tuple[str, str, bool]]) -> None:
    with pytest.raises(typer.BadParameter):
        read_inputs(_action(count="integer"), given)
