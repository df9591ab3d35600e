"""A flow goes out as one readable file with all that it uses, and a new flow is made of it; no secret and no id is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.shapes import Flows, block, calling, hello
from flows.test_drafts_are_kept import EVERYTHING
from recado.db.columns import JSON_ENCODER
from recado.flows.definition import Definition, FlowSettings, HandOverBlock, MessageBlock, QuestionBlock
from recado.flows.document import label, read_flow, write_definition
from recado.integrations.document import write_document

SECRET = "a-key-of-the-tests"


class House:
    """Two integrations of one name, with actions and credentials of one name."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.ids = [self._integration() for _ in range(2)]

    def _integration(self) -> dict[str, list[str] | str]:
        integration = self._make("/integrations", {"name": "Shop", "description": "Sells."})
        field = {"identifier": "api_key", "type": "password", "required": True}
        changed = self.client.patch(f"/integrations/{integration}", json={"auth": {"fields": [field]}})
        assert changed.status_code == 200
        path = f"/integrations/{integration}"
        action = {
            "name": "Look",
            "inputs": [{"key": "number", "name": "Number", "type": "integer", "required": True}],
            "request": {
                "endpoint": "https://api.acme.com/{{inputs.number}}",
                "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}],
            },
            "outputs": [{"key": "total", "name": "Total", "type": "number"}],
        }
        given = {"name": "One", "values": {"api_key": SECRET}, "hosts": ["api.acme.com"]}
        return {
            "id": integration,
            "actions": [self._make(f"{path}/actions", action), self._make(f"{path}/actions", {"name": "Look"})],
            "unused": self._make(f"{path}/actions", {"name": "Unused"}),
            "credentials": [self._make(f"{path}/credentials", given)],
        }

    def _make(self, path: str, body: dict[str, Any]) -> str:
        answer = self.client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def running(self) -> dict[str, Any]:
        """A flow that uses the second integration first, and both actions of the first one."""
        first, second = self.ids
        uses = [(second, 0), (first, 1), (first, 0)]
        blocks = [
            block(
                f"r{n}", "custom_integration", key=f"look_{n}", integration_id=there["id"],
                action_id=there["actions"][at], credential_id=there["credentials"][0],
                inputs={"number": "12"}, edges={"success": f"r{n + 1}", "failed": "z"},
            )
            for n, (there, at) in enumerate(uses)
        ]  # fmt: skip
        return {"start": "r0", "blocks": [*blocks, block("r3", "end"), block("z", "end", text="Sorry.")]}


@pytest.fixture
def house(client: httpx.Client) -> House:
    return House(client)


def export(client: httpx.Client, flow_id: str, version: str = "draft") -> str:
    answer = client.get(f"/flows/{flow_id}/export", params={"version": version})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == "application/yaml"
    return answer.content.decode()


def imported(client: httpx.Client, text: str, **options: Any) -> Any:
    answer = client.post("/flows/import", json={"yaml": text, **options})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_what_was_imported_is_exported_with_the_same_bytes(client: Any, flows: Flows, house: House) -> None:
    flow = flows.make(house.running(), name="Look")
    text = export(client, flow["id"])
    made = imported(client, text)
    assert made["flow"]["id"] != flow["id"]
    assert export(client, made["flow"]["id"]) == text
    assert [each["is_new"] for each in made["integrations"]] == [True, True]
    for shown, before in zip(made["flow"]["draft"]["blocks"], flow["draft"]["blocks"], strict=True):
        assert {**shown, "integration_id": "", "action_id": "", "credential_id": ""} == {
            **before, "integration_id": "", "action_id": "", "credential_id": "",
        } or shown["type"] == "end"  # fmt: skip
    problems = client.post(f"/flows/{made['flow']['id']}/validate", json={}).json()["problems"]
    assert {problem["code"] for problem in problems} == {
        "credential_without_values",
        "action_without_request",
        "input_unknown",
    }


def test_credentials_are_named_and_have_to_be_filled(client: Any, flows: Flows, house: House) -> None:
    text = export(client, flows.make(house.running())["id"])
    made = imported(client, text)
    assert [(each["name"], each["integration_name"]) for each in made["credentials"]] == [("One", "Shop")] * 2
    shown = client.get(f"/credentials/{made['credentials'][0]['credential_id']}").json()
    assert (shown["name"], shown["fields"]["api_key"]["is_set"]) == ("One", False)
    assert [use["id"] for use in shown["used_by"]] == [made["flow"]["id"]]


def test_no_secret_and_no_id_is_in_the_file(client: Any, flows: Flows, house: House) -> None:
    text = export(client, flows.make(house.running())["id"])
    for forbidden in (SECRET, "int_", "act_", "crd_", "flw_", "fld_", "created_at", "Unused", "position"):
        assert forbidden not in text


def test_who_may_not_enter_secrets_imports_all_the_same(workspace: Any, flows: Flows, house: House) -> None:
    text = export(flows.client, flows.make(house.running())["id"])
    made = imported(workspace.client("editor"), text)
    assert [each["credential_id"] for each in made["credentials"]] == [None, None]
    assert {each.get("credential_id", "") for each in made["flow"]["draft"]["blocks"]} == {""}
    assert workspace.client("viewer").post("/flows/import", json={"yaml": text}).status_code == 403


def test_what_is_there_already_can_be_used(client: Any, flows: Flows, house: House) -> None:
    flow = flows.make(house.running())
    text = export(client, flow["id"])
    made = imported(client, text, use_existing=True)
    assert [each["is_new"] for each in made["integrations"]] == [False, False]
    assert made["credentials"] == []
    assert len(client.get("/integrations").json()["items"]) == 2
    assert export(client, made["flow"]["id"]) == text
    problems = client.post(f"/flows/{made['flow']['id']}/validate", json={}).json()["problems"]
    assert "credential_without_values" not in {problem["code"] for problem in problems}
    for there in house.ids:
        client.patch(f"/actions/{there['actions'][0]}", json={"outputs": []})
    assert {each["is_new"] for each in imported(client, text, use_existing=True)["integrations"]} == {True}


def test_called_flows_come_along(client: Any, flows: Flows) -> None:
    inner = flows.make(hello("Published."), name="Inner")
    flows.publish(inner["id"])
    flows.save(inner["id"], hello("Draft."))
    middle = flows.make(calling(inner["id"]), name="Inner")
    outer = flows.make(calling(middle["id"]), name="Outer")
    text = export(client, outer["id"])
    made = imported(client, text)
    assert [each["name"] for each in made["flows"]] == ["Inner", "Inner"]
    assert made["flow"]["draft"]["blocks"][0]["flow_id"] == made["flows"][0]["id"]
    drafts = [client.get(f"/flows/{each['id']}").json()["draft"] for each in made["flows"]]
    assert drafts[0]["blocks"][0]["flow_id"] == made["flows"][1]["id"]
    assert drafts[1]["blocks"][0]["content"]["text"] == "Published."
    assert export(client, made["flow"]["id"]) == text


def test_a_version_takes_along_what_it_was_published_with(client: Any, flows: Flows) -> None:
    inner = flows.make(hello("First."), name="Inner")
    flows.publish(inner["id"])
    middle = flows.make(calling(inner["id"]), name="Middle")
    flows.publish(middle["id"])
    outer = flows.make(calling(middle["id"]), name="Outer")
    flows.publish(outer["id"])
    flows.save(inner["id"], hello("Second."))
    flows.publish(inner["id"])
    twice = calling(inner["id"])
    twice["blocks"].append(block("m", "call_flow", flow_id=middle["id"], edges={"next": "z"}))
    flows.save(outer["id"], twice)
    texts = {version: export(client, outer["id"], version) for version in ("1", "draft")}
    assert ("First." in texts["1"], "Second." in texts["1"]) == (True, False)
    assert [each["name"] for each in imported(client, texts["draft"])["flows"]] == ["Inner", "Middle", "Inner"]
    for text in texts.values():
        assert export(client, imported(client, text)["flow"]["id"]) == text


def test_a_form_is_named_and_found_by_its_name(client: Any, flows: Flows) -> None:
    settings = {"phone_number_id": "106540352242922", "waba_id": "102290129340398"}
    channel = client.post("/channels", json={"name": "Shop", "settings": settings}).json()["id"]
    given = {"name": "Visit", "definition": {"flow_json": {}}}
    ids = [client.post(f"/channels/{channel}/forms", json=given).json()["id"] for _ in range(2)]
    sends = [block(f"f{n}", "form", form_id=form_id, text="Book") for n, form_id in enumerate(reversed(ids))]
    text = export(client, flows.make({"start": "f0", "blocks": sends})["id"])
    assert "frm_" not in text
    made = imported(client, text)["flow"]["draft"]
    assert [each["form_id"] for each in made["blocks"]] == [ids[1], ids[0]]
    client.delete(f"/forms/{ids[0]}", params={"force": "true"})
    assert [each.get("form_id", "") for each in imported(client, text)["flow"]["draft"]["blocks"]] == ["", ids[1]]


def test_a_circle_of_flows_ends(client: Any, flows: Flows) -> None:
    one = flows.make(name="One")
    two = flows.make(calling(one["id"]), name="Two")
    flows.save(one["id"], calling(two["id"]))
    text = export(client, one["id"])
    made = imported(client, text)
    assert len(made["flows"]) == 1
    assert export(client, made["flow"]["id"]) == text


def test_a_version_is_exported_as_it_was(client: Any, flows: Flows) -> None:
    flow = flows.make(hello("One."), name='A "b"/../é')
    flows.publish(flow["id"])
    flows.save(flow["id"], hello("Two."))
    assert "One." in export(client, flow["id"], "1")
    assert "Two." in export(client, flow["id"])
    answer = client.get(f"/flows/{flow['id']}/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="a-b.yaml"'
    assert client.get(f"/flows/{flow['id']}/export", params={"version": "2"}).status_code == 404


FILE = """\
recado: 1
kind: flow
name: Log in
definition:
  start: r
  blocks:
    - id: r
      type: custom_integration
      integration: Shop
      action: Look
integrations:
  - name: Shop
    actions:
      - name: Look
"""


@pytest.mark.parametrize(
    ("before", "after", "path", "code"),
    [
        ("kind: flow", "kind: integration", "kind", "invalid_value"),
        ("action: Look", "action: Buy", "definition.blocks[0].action", "reference_unknown"),
        ("integration: Shop", "integration: 5", "definition.blocks[0].integration", "reference_unknown"),
        ("integration: Shop", "flow: Other", "definition.blocks[0].flow", "reference_unknown"),
        ("integration: Shop", "integration_id: '0'", "definition.blocks[0].integration_id", "unknown_field"),
        ("type: custom_integration", "type: dance", "definition.blocks[0].type", "invalid_value"),
        ("name: Log in", "name: ' '", "name", "required"),
        ("      - name: Look", "      - name: Look\n        colour: red", "integrations[0].actions[0].colour", "unknown_field"),
        ("recado: 1", "recado: &a 1", "yaml", "document_invalid"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_with_the_place(
    client: Any, before: str, after: str, path: str, code: str
) -> None:
    answer = client.post("/flows/import", json={"yaml": FILE.replace(before, after)})
    assert answer.status_code == 422, answer.text
    assert (path, code) in [(error["path"], error["code"]) for error in answer.json()["errors"]]
    assert client.get("/flows").json()["items"] == []
    assert client.get("/integrations").json()["items"] == []


def test_the_file_as_it_stands_is_fine(client: Any) -> None:
    assert imported(client, FILE)["flow"]["draft"]["blocks"][0]["action_id"].startswith("act_")


# ── any definition ───────────────────────────────────────────────────────────────────────────────────────────────────


def journey(definition: Definition) -> Definition:
    tree = {"recado": 1, "kind": "flow", "name": "Any", "definition": write_definition(definition, {})}
    return read_flow(write_document(tree)).definition


def test_every_kind_of_block_survives_the_journey() -> None:
    drawn = [each for each in EVERYTHING if each["type"] != "call_flow"]
    definition = msgspec.convert({"start": "q", "blocks": drawn}, Definition)
    assert JSON_ENCODER.encode(journey(definition)) == JSON_ENCODER.encode(definition)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(TEXTS, min_size=4, max_size=4), words=st.lists(TEXTS, max_size=3), number=st.integers(-9, 10**20))
def test_whatever_is_written_survives_the_journey(texts: list[str], words: list[str], number: int) -> None:
    said, asked, note, edge = texts
    definition = Definition(
        start=said,
        blocks=[
            MessageBlock(id=said, name=note, edges={edge: asked}),
            QuestionBlock(id=asked, text=said, attempts=number, timeout_seconds=number),
            HandOverBlock(id="h", note=note),
        ],
        settings=FlowSettings(exit_words=words, failure_message=said),
    )
    assert journey(definition) == definition


@given(st.lists(st.sampled_from(["a", "a (2)", "a (2) (2)", "b"]), max_size=6))
def test_labels_are_different_and_always_the_same(names: list[str]) -> None:
    labels = label(names)
    assert len(set(labels)) == len(names)
    assert label(names) == labels


def test_the_file_of_the_guide_can_be_imported(client: Any) -> None:
    guide = (Path(__file__).parents[2] / "docs/guide/flows.md").read_text(encoding="utf-8")
    text = guide.partition("```yaml\n")[2].partition("```")[0]
    made = imported(client, text)
    problems = client.post(f"/flows/{made['flow']['id']}/validate", json={}).json()["problems"]
    assert [problem["code"] for problem in problems] == ["credential_without_values"]
