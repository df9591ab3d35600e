"""Puts the built web UI into wheels and source distributions, and builds it first where its sources changed.

RECADO_UI_BUILD=skip takes what is there. An editable install is left as it is unless RECADO_UI_BUILD=auto says otherwise:
who works on the sources runs `make ui`. A wheel without the web UI is refused.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _load_ui(root: Path) -> ModuleType:
    """scripts/ui.py, which the Makefile uses too."""
    spec = importlib.util.spec_from_file_location("recado_scripts_ui", root / "scripts" / "ui.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class UiBuildHook(BuildHookInterface[Any]):
    """Builds the web UI when that is needed, and asks for a Node only then."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs beside hatchling: Node, if it has to build and this machine has none."""
        ui = _load_ui(Path(self.root))
        tree = ui.Tree(Path(self.root))
        with self._told(ui):
            is_needed = not ui.is_skipped() and not tree.is_current()
        return [ui.NODE_PACKAGE] if is_needed and tree.find_node() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the files are gathered."""
        del build_data
        ui = _load_ui(Path(self.root))
        if version == "editable" and os.environ.get(ui.VARIABLE) != "auto":
            return
        tree = ui.Tree(Path(self.root))
        with self._told(ui):
            ui.build(tree)
            if not tree.has_ui():
                raise ui.UiError(
                    f"There is no built web UI in {tree.dist}, and no package is made without it.\n"
                    f"Unset {ui.VARIABLE} to have it built, or run `make ui` first."
                )

    @contextlib.contextmanager
    def _told(self, ui: ModuleType) -> Iterator[None]:
        """End with the words of the problem alone."""
        try:
            yield
        except ui.UiError as problem:
            self.app.abort(str(problem))
