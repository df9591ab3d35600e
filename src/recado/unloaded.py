"""Keeps out of a server's memory what its libraries would load and it does not use."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from importlib import import_module, util
from types import ModuleType
from typing import Any, Final, cast

_EXTRAS: Final = (
    "rich",  # 4.3 MB: structlog draws tracebacks with it; ours are JSON, or plain
    "pygments",  # 4.4 MB: Mako, by which Alembic writes new steps, colours its own errors with it
    "pydantic",  # 8 MB: Litestar takes its models for bodies; ours are msgspec's
    "attr",  # 1 MB: the same
    "attrs",
)
_LATER: Final = (
    "uvicorn",  # 1.7 MB: beside the modules of it that we use, its command line, with click and multiprocessing
    "yaml",  # 1.0 MB: Litestar can write the OpenAPI document in it; ours is JSON
    "logging.config",  # 0.9 MB: uvicorn can set up logs with it; we do that ourselves
    "pdb",  # 0.4 MB: Litestar can stop in it at an error
)
_ELSEWHERE: Final = {("uvicorn", "Config"): "uvicorn.config", ("uvicorn", "Server"): "uvicorn.server"}
"""What modules give on from others, and can be had there without loading them."""


@contextlib.contextmanager
def without_extras() -> Iterator[None]:
    """Have the libraries imported meanwhile believe that these are not installed, as they are made for.

    A name that stands for None in `sys.modules` cannot be imported (docs.python.org, "The module cache"). Afterwards,
    who really wants one of them gets it.
    """
    absent = [name for name in _EXTRAS if name not in sys.modules]
    cache = cast("dict[str, object]", sys.modules)
    cache.update(dict.fromkeys(absent))
    try:
        yield
    finally:
        for name in absent:
            del cache[name]


@contextlib.contextmanager
def sparing_memory() -> Iterator[None]:
    """Around the first imports of a process that only serves: without extras, and without what can wait for its use."""
    for name in _LATER:
        put_off(name)
    with without_extras():
        yield


def put_off(name: str) -> None:
    """Have a module there that runs its file when something is asked of it that only the file gives (PEP 562).

    The standard library's LazyLoader does it too, but not for a package some of whose modules are used, nor in threads.
    """
    spec = None if name in sys.modules else util.find_spec(name)
    if spec is None or spec.loader is None:
        return
    module, loader = util.module_from_spec(spec), spec.loader
    is_begun, lock = False, threading.RLock()

    def load(attribute: str) -> Any:
        nonlocal is_begun
        if other := _ELSEWHERE.get((name, attribute)):
            return getattr(import_module(other), attribute)
        with lock:  # other threads wait here until it is loaded
            if not is_begun:
                is_begun = True
                try:
                    loader.exec_module(module)
                except BaseException:
                    is_begun = False
                    raise
                if vars(module).get("__getattr__") is load:
                    del vars(module)["__getattr__"]
            elif vars(module).get("__getattr__") is load:  # its own file asks on the way
                raise AttributeError(f"module {name!r} has no attribute {attribute!r}")
        return getattr(module, attribute)

    vars(module)["__getattr__"] = load
    _place(name, module)


def _place(name: str, module: ModuleType) -> None:
    """Where an import would have put it: in the cache, and in the package that holds it."""
    sys.modules[name] = module
    package, _, own = name.rpartition(".")
    if package:
        setattr(sys.modules[package], own, module)
