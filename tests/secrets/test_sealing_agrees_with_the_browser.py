"""What Python and the browser's library seal, the other opens: pinned by vectors, and live where Node has the library."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from recado.credentials.sealing import (
    ALG,
    SEAL_PURPOSE,
    KeyPair,
    kid_of,
    open_secret,
    public_key_of,
    seal_secret,
    secret_info,
)
from recado.errors import SecretUnreadable

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/testdata/sealing_vectors.json").read_text(encoding="utf-8"))
PLACE = ("wsp_1", "int_1", "crd_1", "fld_ü")


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: f"{vector['made_by']}: {vector['name']}")
def test_a_vector_opens_in_its_place_only(vector: dict[str, Any]) -> None:
    private_key, place = bytes.fromhex(VECTORS["private_key"]), VECTORS["place"]

    opened = open_secret(private_key, vector["sealed"], secret_info(*place), name="Acme")

    assert (opened.value, list(opened.hosts)) == (vector["value"], vector["hosts"])
    with pytest.raises(SecretUnreadable):
        open_secret(private_key, vector["sealed"], secret_info(*place[::-1]), name="Acme")


def test_the_vectors_pin_the_names_too() -> None:
    public_key = bytes.fromhex(VECTORS["public_key"])

    assert VECTORS["alg"] == ALG
    assert public_key_of(bytes.fromhex(VECTORS["private_key"])) == public_key
    assert kid_of(public_key) == VECTORS["kid"]
    assert secret_info(*VECTORS["place"]).hex() == VECTORS["info"]


def test_python_seals_and_node_opens(pair: KeyPair) -> None:
    sealed = seal_secret(pair.public_key, "contraseña 🔑", ["https://api.acme.com"], secret_info(*PLACE))

    answer = run_node(action="open", private_key=pair.private_key.hex(), info=[SEAL_PURPOSE, *PLACE], sealed=sealed)

    assert json.loads(answer["plaintext"]) == {"value": "contraseña 🔑", "hosts": ["https://api.acme.com"]}


def test_node_seals_and_python_opens(pair: KeyPair) -> None:
    task = {"value": "contraseña 🔑", "hosts": ["https://api.acme.com"], "info": [SEAL_PURPOSE, *PLACE]}

    answer = run_node(action="seal", public_key=pair.public_key.hex(), **task)

    opened = open_secret(pair.private_key, answer["sealed"], secret_info(*PLACE), name="Acme")
    assert (opened.value, opened.hosts) == ("contraseña 🔑", ("https://api.acme.com",))


def run_node(**task: Any) -> dict[str, str]:
    """Run `hpke.cjs` with the library the UI uses; skips where Node or the library is not installed."""
    node = shutil.which("node")
    folders = [ROOT / "ui/node_modules", *map(Path, filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)))]
    if node is None or not any((folder / "@hpke/core").is_dir() for folder in folders):
        pytest.skip("needs node and @hpke/core (make ui installs it)")
    environment = {**os.environ, "NODE_PATH": os.pathsep.join(map(str, folders))}
    script = Path(__file__).with_name("hpke.cjs")
    done = subprocess.run(
        [node, script], input=json.dumps(task), env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, str] = json.loads(done.stdout)
    return answer
