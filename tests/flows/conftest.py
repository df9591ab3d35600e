"""What the tests of this folder share: a way to make flows."""

from __future__ import annotations

import httpx
import pytest

from flows.shapes import Flows


@pytest.fixture
def flows(client: httpx.Client) -> Flows:
    return Flows(client)
