"""What the tests of sealed secrets share: a place, a key pair for it, and a folder for keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from recado.credentials.sealing import KeyPair, generate_key_pair, secret_info


@pytest.fixture(scope="session")
def pair() -> KeyPair:
    return generate_key_pair()


@pytest.fixture(scope="session")
def info() -> bytes:
    return secret_info("wsp_1", "int_1", "crd_1", "fld_1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys"
