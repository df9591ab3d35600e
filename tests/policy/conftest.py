"""The case tables of hostile endpoints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def cases() -> dict[str, list[dict[str, Any]]]:
    """Addresses, URLs, redirects and host entries, each with its verdict."""
    loaded: dict[str, list[dict[str, Any]]] = json.loads((REPOSITORY / "tests/testdata/ssrf_cases.json").read_text())
    return loaded


@pytest.fixture(scope="session")
def whatwg_cases() -> list[dict[str, Any]]:
    """Inputs of the WHATWG URL test suite with the host browsers read; they stay outside the repository."""
    path = REPOSITORY.parent / "shared/data/ssrf_cases_wpt.json"
    if not path.exists():
        pytest.skip("the WHATWG cases are not beside this repository (../shared/data/ssrf_cases_wpt.json)")
    loaded: list[dict[str, Any]] = json.loads(path.read_text())["cases"]
    return loaded
