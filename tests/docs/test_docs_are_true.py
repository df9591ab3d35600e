"""What the pages say is so: links lead somewhere, the reference is whole and fresh, names exist, the quickstart works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from typer.main import get_command

from recado.commands import tree
from recado.errors import every_error
from recado.executions.judge import Outcome
from recado.settings import Settings

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "bench" / "README.md"])
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_QUICKSTART = (ROOT / "docs" / "quickstart-http.md").read_text()


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors_of(page: Path) -> set[str]:
    """The anchors that headings get on the usual hosts: lower case, blanks as hyphens, signs dropped."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def words_in_code(text: str) -> set[str]:
    """What stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


# ── links and names ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_to_a_file_of_ours_leads_there(page: Path) -> None:
    broken = []
    for link in _LINK.findall(_FENCE.sub("", page.read_text())):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_setting_that_is_named_exists(page: Path) -> None:
    known = {f"RECADO_{field.name.upper()}" for field in fields(Settings)} | {"RECADO_PASSWORD", "RECADO_UI_BUILD"}
    named = set(re.findall(r"\bRECADO_[A-Z0-9_]*[A-Z0-9]\b", page.read_text()))
    assert {name for name in named if name not in known and name.removesuffix("_FILE") not in known} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    |^\S*=\S+ )make ([a-z]+)", page.read_text(), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_is_named_exists(page: Path) -> None:
    known = set(commands())
    groups = {command.split(" ")[0] for command in known if " " in command}
    for line in words_in_code(page.read_text()):
        if found := re.match(r"recado ([a-z-]+)(?: ([a-z-]+))?", line):
            name = f"{found[1]} {found[2]}" if found[1] in groups and found[2] else found[1]
            assert name in known, line


def commands(group: Any = None, before: str = "") -> Iterator[str]:
    """Every command and group, such as `serve`, `keys` and `keys verify`."""
    top: Any = get_command(tree.app)
    for name, command in (group or top).commands.items():
        yield f"{before}{name}"
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")


def test_the_picture_of_the_tree_names_files_that_are_there() -> None:
    text = (ROOT / "docs" / "design" / "architecture.md").read_text()
    tree = text[text.index("```text") :].split("```")[1]
    sources = {path.name for path in (ROOT / "src" / "recado").rglob("*.py")}
    named = set(re.findall(r"\b([a-z_]+\.py)\b", tree)) - {path.name for path in (ROOT / "scripts").iterdir()}
    assert named <= sources
    packages = {path.parent.name for path in (ROOT / "src" / "recado").glob("*/*.py")}
    assert packages - set(re.findall(r"^  ([a-z]+)/", tree, re.MULTILINE)) <= {"jobs"}
    for path in re.findall(r"`([a-z_]+/[a-z_]+\.py)`", text):
        assert (ROOT / "src" / "recado" / path).exists(), path


# ── the reference ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_reference_is_fresh() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_error_setting_and_command_is_in_the_reference() -> None:
    assert {error.code for error in every_error()} <= words_in_code((REFERENCE / "errors.md").read_text())
    settings = {f"RECADO_{field.name.upper()}" for field in fields(Settings)}
    assert settings <= words_in_code((REFERENCE / "settings.md").read_text())
    headings = re.findall(r"^## recado (.+)$", (REFERENCE / "cli.md").read_text(), re.MULTILINE)
    assert set(commands()) == set(headings)


def test_every_outcome_is_explained_and_no_other() -> None:
    text = (ROOT / "docs" / "guide" / "executions.md").read_text()
    table = text[text.index("## Outcomes") : text.index("## Time limits")]
    explained = re.findall(r"^\| `([a-z0-9_]+)` \|", table, re.MULTILINE)
    assert sorted(explained) == sorted(get_args(Outcome))


def test_the_metrics_that_are_explained_are_those_of_a_server(start_server: Callable[..., Any]) -> None:
    text = (ROOT / "docs" / "operate" / "monitoring.md").read_text()
    explained = set(re.findall(r"^\| `(recado_[a-z_]+)", text, re.MULTILINE))
    answer = httpx.get(f"{start_server().url}/metrics", trust_env=False).text
    found = set(re.findall(r"^# TYPE (recado_[a-z_]+) ", answer, re.MULTILINE))
    assert {name for name in found if not name.endswith("_created")} == explained


# ── the quickstart ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_quickstart_works_as_it_stands(start_server: Callable[..., Any], emulator: Any, tmp_path: Path) -> None:
    """All its `bash` blocks, one after the other in one shell, against a server and the emulator on other ports."""
    server = start_server()
    places = {
        "http://127.0.0.1:8000": server.url,
        "http://127.0.0.1:8001": emulator.url,
        "emulator-key": emulator.api_key,
    }
    script = "\n".join(re.findall(r"^```bash\n(.*?)^```$", _QUICKSTART, re.MULTILINE | re.DOTALL))
    for written, real in places.items():
        assert written in script
        script = script.replace(written, real)
    environ = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "NO_PROXY": "127.0.0.1",
        "RECADO_DATA_DIR": str(server.settings.data_dir),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = done.stdout.splitlines()
    tested, previewed, tried, run, failed, listed = answers
    assert '"verdict":"accepted"' in tested
    assert "POST /v1/validations HTTP/1.1" in previewed
    assert "██████" in previewed
    assert '"candidates":[' in tried
    assert '"outcome":"ok"' in run
    assert '"outputs":{"validation_id":"VLD' in run
    assert '"outcome":"http_4xx"' in failed
    assert listed.count('"outcome":"http_4xx"') == 1
    assert emulator.api_key not in done.stdout
