"""Calls of a stand-in's number: a client for them, a message, and what an error is made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from whatsapp.driver import Graph

Json = dict[str, Any]
KEYS_OF_ERRORS = {"message", "type", "code", "error_data", "error_subcode", "fbtrace_id"}


@contextmanager
def calls(graph: Graph) -> Iterator[httpx.Client]:
    """Calls below the number, with the token."""
    headers = {"authorization": f"Bearer {graph.token}"}
    url = f"{graph.url}/v26.0/{graph.phone_number_id}"
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=120, verify=False) as client:
        yield client


def text(body: str = "hola", to: str = "+15550102000", **more: Any) -> Json:
    """A message of text, as a call sends it."""
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}, **more}


def error_of(answer: httpx.Response) -> Json:
    """The error, which has the shape of the documented ones."""
    value: Json = answer.json()
    assert set(value) == {"error"}
    error: Json = value["error"]
    assert set(error) <= KEYS_OF_ERRORS
    assert {"message", "type", "code", "fbtrace_id"} <= set(error)
    assert error["type"] == "OAuthException"
    if "error_data" in error:
        assert set(error["error_data"]) == {"messaging_product", "details"}
    return error
