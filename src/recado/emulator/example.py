"""The worked example as data: log a user in by a code mailed to them, with the Validations API.

Each value is the body of one call of the HTTP API, so whoever has a client can build the example with it.
"""

from __future__ import annotations

from typing import Any, Final

ACCOUNT_ID: Final = "ana.demo"
CREDENTIAL_NAME: Final = "Demo"
VALIDATION_TYPE: Final = "email-verification"
FLOW_NAME: Final = "Log in"
_KEY_HEADER: Final = {"key": "Truora-API-Key", "value": "{{auth.api_key}}"}


def integration(base_url: str) -> dict[str, Any]:
    """`POST /integrations`: one secret field, and a harmless request that proves a key works."""
    return {
        "name": "Validations",
        "description": "Proves that a person owns an e-mail address, with a code sent to it.",
        "auth": {
            "scheme": "api_key",
            "fields": [{"identifier": "api_key", "name": "API key", "type": "password", "required": True}],
        },
        "test_request": {"method": "GET", "endpoint": f"{base_url}/v1/validations", "headers": [_KEY_HEADER]},
    }


def credential(api_key: str) -> dict[str, Any]:
    """`POST /integrations/{id}/credentials`: the key, bound to the hosts of the test request."""
    return {"name": CREDENTIAL_NAME, "values": {"api_key": api_key}}


def create_validation(base_url: str) -> dict[str, Any]:
    """`POST /integrations/{id}/actions`: have a code mailed to an account."""
    return {
        "name": "Create user validation",
        "description": "Mails a code to the account's address.",
        "inputs": [{"key": "account_id", "name": "Account", "type": "string", "required": True}],
        "request": _post(
            f"{base_url}/v1/validations",
            {"type": VALIDATION_TYPE, "user_authorized": "true", "account_id": "{{inputs.account_id}}"},
        ),
        "outputs": [_output("validation_id", "Validation")],
    }


def validate_code(base_url: str) -> dict[str, Any]:
    """`POST /integrations/{id}/actions`: check the code a person typed."""
    return {
        "name": "Validate code",
        "description": "Checks the code that the person typed.",
        "inputs": [
            {"key": "validation_id", "name": "Validation", "type": "string", "required": True},
            {"key": "code", "name": "Code", "type": "string", "required": True},
        ],
        "request": _post(
            f"{base_url}/v1/validations/{{{{inputs.validation_id}}}}",
            {"type": VALIDATION_TYPE, "token": "{{inputs.code}}"},
        ),
        "outputs": [_output("validation_status", "Status")],
    }


def log_in(integration_id: str, credential_id: str, create_id: str, validate_id: str) -> dict[str, Any]:
    """`POST /flows`: ask who it is, have a code mailed, and ask for the code until it is right."""
    called = {"integration_id": integration_id, "credential_id": credential_id, "wait_text": "One moment, please…"}
    blocks = [
        _block("ask_user", "question", (0, 120), {"next": "mail_code", "no_match": "unknown"}, name="Ask the user name",
               answer="user_name",
               text=f"Hello! Let us log you in. What is your user name? (In this example: {ACCOUNT_ID})"),
        _block("mail_code", "custom_integration", (360, 120), {"success": "ask_code", "http_4xx": "unknown", "failed": "sorry"},
               name="Create user validation", key="created", action_id=create_id, inputs={"account_id": "{{answers.user_name}}"},
               ask_again=[{"input": "account_id", "outcomes": ["http_4xx"], "contains": "account", "at_most": 2,
                           "text": "We found no account with that user name. Try again."}], **called),
        _block("ask_code", "question", (720, 120), {"next": "check_code", "no_match": "sorry"}, name="Ask the code", answer="code",
               text="We have mailed you a code of six digits. What is it?", checks={"pattern": "[0-9]{6}"},
               retry_text="The code has six digits."),
        _block("check_code", "custom_integration", (1080, 120), {"success": "is_right", "failed": "sorry"}, name="Validate code",
               key="checked", action_id=validate_id,
               inputs={"validation_id": "{{outputs.created.validation_id}}", "code": "{{answers.code}}"}, **called),
        _block("is_right", "condition", (1440, 120), {"branch:right": "welcome", "branch:wrong": "wrong", "else": "declined"},
               name="Is it right?", branches=[_status_is("right", "success"), _status_is("wrong", "pending")]),
        _block("welcome", "end", (1800, 0), {}, name="Welcome", text="Welcome, {{answers.user_name}}! You are logged in."),
        _block("wrong", "message", (1440, 340), {"next": "ask_code"}, name="Wrong code",
               content={"kind": "text", "text": "That code is wrong."}),
        _block("declined", "end", (1800, 240), {}, name="Too often",
               text="The code was wrong too often, or is too old. Write to us again for a new one."),
        _block("unknown", "end", (720, 340), {}, name="Account not found",
               text="We found no account with that user name. Please check it and write to us again."),
        _block("sorry", "end", (1080, 340), {}, name="Sorry", text="We cannot log you in just now. Please try again later."),
    ]  # fmt: skip
    return {
        "name": FLOW_NAME,
        "description": "Logs a person in with a code mailed to them.",
        "definition": {"start": "ask_user", "blocks": blocks},
    }


def _block(block_id: str, kind: str, place: tuple[int, int], edges: dict[str, str], **settings: Any) -> dict[str, Any]:
    position = {"x": place[0], "y": place[1]}
    return {"id": block_id, "type": kind, "edges": edges, "position": position, **settings}


def _status_is(branch_id: str, status: str) -> dict[str, Any]:
    test = {"left": "{{outputs.checked.validation_status}}", "operator": "equals", "right": status}
    return {"id": branch_id, "name": status, "groups": [{"tests": [test]}]}


def _post(endpoint: str, form: dict[str, str]) -> dict[str, Any]:
    rows = [{"key": key, "value": value} for key, value in form.items()]
    return {
        "method": "POST",
        "endpoint": endpoint,
        "headers": [_KEY_HEADER],
        "body": {"type": "form", "fields": rows},
    }


def _output(key: str, name: str) -> dict[str, Any]:
    return {"key": key, "name": name, "identifier": key, "type": "string", "required": True}
