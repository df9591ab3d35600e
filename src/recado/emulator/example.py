"""The worked example as data: log a user in by a code mailed to them, with the Validations API.

Each value is the body of one call of the HTTP API, so whoever has a client can build the example with it.
"""

from __future__ import annotations

from typing import Any, Final

ACCOUNT_ID: Final = "ana.demo"
CREDENTIAL_NAME: Final = "Demo"
VALIDATION_TYPE: Final = "email-verification"
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
