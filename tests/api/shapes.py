"""What the tests of this folder share: a workspace with one thing of every kind in it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from recado.channels.whatsapp.signature import sign


def everything_there(workspace: Any) -> dict[str, str]:
    """One thing of every kind, with its id (or number) under the name that paths give it."""
    client = workspace.client()

    def make(path: str, body: dict[str, Any], status: int = 201) -> str:
        answer = client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return str(answer.json()["id"])

    integration = make("/integrations", {"name": "Acme"})
    field = {"identifier": "api_key", "type": "password", "required": True}
    request = {"endpoint": "https://api.acme.com/", "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}]}
    changed = client.patch(f"/integrations/{integration}", json={"auth": {"fields": [field]}, "test_request": request})
    assert changed.status_code == 200, changed.text
    action = make(f"/integrations/{integration}/actions", {"name": "Look", "request": request})
    credential = make(f"/integrations/{integration}/credentials", {"name": "One", "values": {"api_key": "a-key-7391"}})
    flow = make("/flows", {"name": "Welcome", "definition": {"start": "z", "blocks": [{"id": "z", "type": "end"}]}})
    assert client.post(f"/flows/{flow}/publish", json={}).status_code == 200
    number = {"phone_number_id": "100200300400500", "waba_id": "500400300200100"}
    channel = make("/channels", {"name": "Shop", "settings": number, "secrets": {"app_secret": "app-secret-7391"}})
    question = {"id": "z", "type": "question", "answer": "name", "text": "Who are you?"}
    asking = make("/flows", {"name": "Ask", "definition": {"start": "z", "blocks": [question]}})
    hook = make("/webhooks", {"name": "CRM", "url": "https://crm.acme.com/hooks", "events": ["conversation.started"]})
    batch = make("/batches", {"flow_id": flow, "channel_id": channel, "contacts": [{"phone": "7"}]})
    _wait_for(lambda: client.get(f"/batches/{batch}").json()["status"] == "done")
    talk = make("/simulator/conversations", {"flow_id": asking, "contact": {"name": f"Ana {asking}"}})
    note = {"content-type": "text/plain"}
    file = client.post(f"/simulator/conversations/{talk}/media", content=b"a note", headers=note)
    assert file.status_code == 201, file.text
    return {
        "batch_id": batch,
        "webhook_id": hook,
        "event_id": make(f"/webhooks/{hook}/test", {}),
        "conversation_id": talk,
        "media_id": str(file.json()["id"]),
        "flow_id": flow,
        "channel_id": channel,
        "form_id": make(f"/channels/{channel}/forms", {"name": "Order"}),
        "contact_id": _write_on(client, channel, number),
        "key": "no-key-of-anybody",
        "number": "1",
        "before": "1",
        "after": "draft",
        "integration_id": integration,
        "action_id": action,
        "credential_id": credential,
        "execution_id": make(f"/actions/{action}/executions", {"credential_id": credential}, 200),
        "user_id": make(
            "/members",
            {"email": f"{integration}@acme.example", "password": "anchors-weigh-94-lemons", "role": "viewer"},
        ),
        "key_id": make("/api-keys", {"name": "Reports", "role": "viewer"}),
    }


def _wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline, "it never came to be so"
        time.sleep(0.02)


def _write_on(client: httpx.Client, channel_id: str, number: dict[str, str]) -> str:
    """The id of somebody who writes on a channel."""
    address = urlsplit(client.get(f"/channels/{channel_id}").json()["callback_url"])
    message = {"id": f"wamid.{channel_id}", "from": "15550100042", "type": "text", "text": {"body": "hi"}}
    value = {"metadata": {"phone_number_id": number["phone_number_id"]}, "messages": [message]}
    change = {"field": "messages", "value": value}
    body = json.dumps({"entry": [{"id": number["waba_id"], "changes": [change]}]}).encode()
    url = client.base_url.copy_with(path=address.path)
    headers = {"x-hub-signature-256": sign(body, b"app-secret-7391")}
    assert client.post(url, content=body, headers=headers).status_code == 200
    deadline = time.monotonic() + 120
    while not (found := client.get("/contacts", params={"channel_id": channel_id}).json()["items"]):
        assert time.monotonic() < deadline, "nobody was met"
        time.sleep(0.02)
    return str(found[0]["id"])


def ids_of(there: dict[str, str]) -> set[str]:
    """The ids among what `everything_there` gives."""
    return {value for value in there.values() if "_" in value}
