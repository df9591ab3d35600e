"""Sends files to be imported, and asks for them again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest


@pytest.fixture
def import_file(client: httpx.Client) -> Callable[[str], httpx.Response]:
    """Imports a file; gives the answer, whatever it is."""
    return lambda text: client.post("/integrations/import", json={"yaml": text})


@pytest.fixture
def imported(import_file: Callable[[str], httpx.Response]) -> Callable[[str], Any]:
    """Imports a file that is right; gives the integration."""

    def run(text: str) -> Any:
        response = import_file(text)
        assert response.status_code == 201, response.text
        return response.json()

    return run


@pytest.fixture
def exported(client: httpx.Client) -> Callable[[str], str]:
    """Exports an integration; gives the file."""

    def run(integration_id: str) -> str:
        response = client.get(f"/integrations/{integration_id}/export")
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].partition(";")[0] == "application/yaml"
        return response.content.decode()

    return run
