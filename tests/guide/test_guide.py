"""The whole guide over HTTP: an integration, its authentication, a tested credential, and two actions that log a user in."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


class Guide:
    """What the steps of the guide make, one after the other."""

    def __init__(self, client: httpx.Client, base: str, api_key: str, codes: dict[str, str]) -> None:
        self.client = client
        self.base = base
        self.api_key = api_key
        self.codes = codes

    def post(self, path: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
        return self._checked(self.client.post(path, json=body), status)

    def patch(self, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        return self._checked(self.client.patch(path, json=body), status)

    @staticmethod
    def _checked(answer: httpx.Response, status: int) -> dict[str, Any]:
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    def make_integration(self) -> dict[str, Any]:
        made = self.post("/integrations", {"name": "Validations", "description": "Mails a code and checks it."})
        return self.patch(
            f"/integrations/{made['id']}",
            {
                "auth": {
                    "scheme": "api_key",
                    "name": "Validations key",
                    "fields": [{"identifier": "api_key", "type": "password", "required": True}],
                },
                "test_request": {
                    "method": "GET",
                    "endpoint": f"{self.base}/v1/validations",
                    "headers": [{"key": "Truora-API-Key", "value": "{{auth.api_key}}"}],
                },
            },
        )

    def make_credential(self, integration_id: str, key: str | None = None) -> dict[str, Any]:
        values = {"api_key": key or self.api_key}
        return self.post(f"/integrations/{integration_id}/credentials", {"name": "Test account", "values": values})

    def make_create_action(self, integration_id: str, outputs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        made = self.post(f"/integrations/{integration_id}/actions", {"name": "Create user validation"})
        inputs = [{"key": "account_id", "name": "Username", "type": "string", "required": True}]
        self.patch(f"/actions/{made['id']}", {"inputs": inputs})
        self.patch(
            f"/actions/{made['id']}",
            {
                "request": {
                    "method": "POST",
                    "endpoint": f"{self.base}/v1/validations",
                    "headers": [{"key": "Truora-API-Key", "value": "{{auth.api_key}}"}],
                    "body": {
                        "type": "form",
                        "fields": [
                            {"key": "type", "value": "email-verification"},
                            {"key": "user_authorized", "value": "true"},
                            {"key": "account_id", "value": "{{inputs.account_id}}"},
                        ],
                    },
                }
            },
        )
        outputs = outputs or [{"key": "validation_id", "name": "Validation", "type": "string", "required": True}]
        return self.patch(f"/actions/{made['id']}", {"outputs": outputs})

    def make_validate_action(self, integration_id: str) -> dict[str, Any]:
        return self.post(
            f"/integrations/{integration_id}/actions",
            {
                "name": "Validate code",
                "inputs": [
                    {"key": "validation_id", "name": "Validation", "type": "string", "required": True},
                    {"key": "code", "name": "Code", "type": "string", "required": True},
                ],
                "request": {
                    "method": "POST",
                    "endpoint": self.base + "/v1/validations/{{inputs.validation_id}}",
                    "headers": [{"key": "Truora-API-Key", "value": "{{auth.api_key}}"}],
                    "body": {
                        "type": "form",
                        "fields": [
                            {"key": "type", "value": "email-verification"},
                            {"key": "token", "value": "{{inputs.code}}"},
                        ],
                    },
                },
                "outputs": [{"key": "validation_status", "name": "Status", "type": "string", "required": True}],
            },
        )

    def run(self, action: dict[str, Any], credential: dict[str, Any], **inputs: Any) -> dict[str, Any]:
        body = {"credential_id": credential["id"], "inputs": inputs}
        return self.post(f"/actions/{action['id']}/executions", body, 200)

    def test(self, action: dict[str, Any], credential: dict[str, Any], **inputs: Any) -> dict[str, Any]:
        body = {"credential_id": credential["id"], "inputs": inputs}
        return self.post(f"/actions/{action['id']}/test", body, 200)


@pytest.fixture
def guide(client: httpx.Client, emulator: Any) -> Guide:
    return Guide(client, emulator.url, emulator.api_key, emulator.codes)


def test_a_user_logs_in_with_a_mailed_code(guide: Guide) -> None:
    integration = guide.make_integration()
    credential = guide.make_credential(integration["id"])
    tested = guide.post(f"/credentials/{credential['id']}/test", {}, 200)
    assert (tested["kind"], tested["verdict"], tested["outcome"]) == ("credential_test", "accepted", "ok")
    assert tested["response"]["status"] == 200

    create = guide.make_create_action(integration["id"])
    tried = guide.test(create, credential, account_id="ana.demo")
    assert "validation_id" in {candidate["key"] for candidate in tried["candidates"]}

    created = guide.run(create, credential, account_id="ana.demo")
    assert created["outcome"] == "ok"
    validation_id = created["outputs"]["validation_id"]
    assert validation_id.startswith("VLD")

    validate = guide.make_validate_action(integration["id"])
    wrong = guide.run(validate, credential, validation_id=validation_id, code="000000")
    assert wrong["outputs"] == {"validation_status": "pending"}
    right = guide.run(validate, credential, validation_id=validation_id, code=guide.codes[validation_id])
    assert right["outputs"] == {"validation_status": "success"}

    listed = guide.client.get("/integrations").json()["items"]
    assert [item["name"] for item in listed] == ["Validations"]


def test_a_wrong_key_is_rejected_with_status_and_body(guide: Guide) -> None:
    integration = guide.make_integration()
    credential = guide.make_credential(integration["id"], "not-the-right-key")
    tested = guide.post(f"/credentials/{credential['id']}/test", {}, 200)
    assert (tested["verdict"], tested["outcome"]) == ("rejected", "auth_failed")
    assert tested["response"]["status"] == 401
    assert "Unauthorized" in tested["response"]["body"]
    shown = guide.client.get(f"/credentials/{credential['id']}").json()
    assert shown["last_test"]["verdict"] == "rejected"
    assert shown["last_test"]["status"] == 401


def test_a_credential_is_tested_as_it_is_created(guide: Guide) -> None:
    integration = guide.make_integration()
    path = f"/integrations/{integration['id']}/credentials?test=true"
    accepted = guide.post(path, {"name": "Right", "values": {"api_key": guide.api_key}})
    assert (accepted["last_test"]["verdict"], accepted["last_test"]["status"]) == ("accepted", 200)
    rejected = guide.post(path, {"name": "Wrong", "values": {"api_key": "not-the-right-key"}})
    assert (rejected["last_test"]["verdict"], rejected["last_test"]["status"]) == ("rejected", 401)
    found = guide.client.get("/executions", params={"credential_id": rejected["id"], "kind": "credential_test"}).json()
    shown = guide.client.get(f"/executions/{found['items'][0]['id']}").json()
    assert "Unauthorized" in shown["response"]["body"]


def test_credentials_are_renamed_retested_and_removed(guide: Guide) -> None:
    integration = guide.make_integration()
    wrong = guide.make_credential(integration["id"], "not-the-right-key")
    guide.patch(f"/credentials/{wrong['id']}", {"name": "Production"})
    answer = guide.client.put(f"/credentials/{wrong['id']}/values", json={"values": {"api_key": guide.api_key}})
    assert answer.status_code == 200, answer.text
    assert guide.post(f"/credentials/{wrong['id']}/test", {}, 200)["verdict"] == "accepted"
    names = [
        item["name"] for item in guide.client.get(f"/integrations/{integration['id']}/credentials").json()["items"]
    ]
    assert names == ["Production"]
    assert guide.client.delete(f"/credentials/{wrong['id']}").status_code == 204
    assert guide.client.get(f"/credentials/{wrong['id']}").status_code == 404


def test_a_required_output_that_is_left_out_fails_and_an_optional_one_does_not(guide: Guide) -> None:
    integration = guide.make_integration()
    credential = guide.make_credential(integration["id"])
    required = {"key": "validation_id", "name": "Validation", "type": "string", "required": True}
    extra = {"key": "favourite_colour", "name": "Colour", "type": "string", "required": True}
    failing = guide.make_create_action(integration["id"], [required, extra])
    failed = guide.run(failing, credential, account_id="ana.demo")
    assert (failed["outcome"], failed["error"]["code"]) == ("output_missing", "output_missing")
    assert "favourite_colour" in failed["error"]["message"]

    lenient = guide.make_create_action(integration["id"], [required, {**extra, "required": False}])
    passed = guide.run(lenient, credential, account_id="ana.demo")
    assert passed["outcome"] == "ok"
    assert "favourite_colour" not in passed["outputs"]
    assert {r["identifier"]: r["result"] for r in passed["output_results"]}["favourite_colour"] == "missing"


def test_an_unknown_user_is_an_outcome_not_an_error_of_ours(guide: Guide) -> None:
    integration = guide.make_integration()
    credential = guide.make_credential(integration["id"])
    created = guide.run(guide.make_create_action(integration["id"]), credential, account_id="nobody")
    assert (created["outcome"], created["response"]["status"]) == ("http_4xx", 400)
    assert "Validation account not found" in created["response"]["body"]


def test_a_missing_required_input_fails_before_anything_is_sent(guide: Guide) -> None:
    integration = guide.make_integration()
    credential = guide.make_credential(integration["id"])
    failed = guide.run(guide.make_create_action(integration["id"]), credential)
    assert (failed["outcome"], failed["error"]["code"]) == ("input_invalid", "input_missing")
    assert failed["response"] is None
    assert failed["attempts"] == []


def test_the_preview_shows_the_exact_request_with_its_secret_as_blocks(guide: Guide) -> None:
    integration = guide.make_integration()
    guide.make_credential(integration["id"])
    create = guide.make_create_action(integration["id"])
    shown = guide.post(f"/actions/{create['id']}/preview", {"inputs": {"account_id": "ana demo&x=1"}}, 200)["request"]
    assert shown.startswith("POST /v1/validations HTTP/1.1\r\n")
    assert "Truora-API-Key: ██████\r\n" in shown
    assert shown.endswith("\r\n\r\ntype=email-verification&user_authorized=true&account_id=ana+demo%26x%3D1")


def test_executions_are_kept_and_found_again(guide: Guide) -> None:
    integration = guide.make_integration()
    credential = guide.make_credential(integration["id"])
    create = guide.make_create_action(integration["id"])
    created = guide.run(create, credential, account_id="ana.demo")
    kept = guide.client.get(f"/executions/{created['id']}").json()
    assert kept == created
    assert guide.api_key not in str(kept)
    found = guide.client.get("/executions", params={"action_id": create["id"], "outcome": "ok"}).json()["items"]
    assert [item["id"] for item in found] == [created["id"]]
