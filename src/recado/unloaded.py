"""Keeps out of a server's memory what its libraries would load and it does not use."""

from __future__ import annotations

import contextlib
import gc
import inspect
import opcode
import sys
import threading
from collections.abc import Iterator
from importlib import import_module, machinery, util
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, cast

_EXTRAS: Final = (
    "rich",  # 4.3 MB: structlog draws tracebacks with it; ours are JSON, or plain
    "pygments",  # 4.4 MB: Mako, by which Alembic writes new steps, colours its own errors with it
    "pydantic",  # 8 MB: Litestar takes its models for bodies; ours are msgspec's
    "greenlet",  # 1.1 MB: SQLAlchemy can wait in coroutines with it; ours waits in threads
    "attr",  # 1 MB: the same
    "attrs",
    "bz2",  # 0.3 MB with the next one: shutil can pack with them
    "lzma",
)
_LATER: Final = (
    "uvicorn",  # 1.7 MB: beside the modules of it that we use, its command line, with click and multiprocessing
    "yaml",  # 1.0 MB: Litestar can write the OpenAPI document in it; ours is JSON
    "argon2",  # 0.4 MB: for passwords
    "idna",  # 0.5 MB: for hosts that are not ASCII
    "http.client",  # 0.2 MB: for a key that is kept in Vault
    "difflib",  # 0.1 MB: for the nearest of the names that there are
    "pickle",  # 0.3 MB: SQLAlchemy has a column type of pickled values
    "importlib.metadata",  # 1 MB: Litestar asks for its own version, which is found by the rules of email
    "recado.channels.whatsapp.flow_crypto",  # 0.6 MB: RSA, for who has forms
    "recado.channels.whatsapp.forms.client",  # 0.3 MB: for who tries one
    "recado.actions.hostile",  # this and what follows is for who writes actions and flows and tries them
    "recado.actions.preview",
    "recado.actions.transfer",
    "recado.conversations.agents",
    "recado.conversations.simulator",
    "recado.conversations.statistics",
    "recado.conversations.worked_example",
    "recado.executions.statistics",
    "recado.flows.document",
    "recado.flows.transfer",
    "recado.flows.validation",
    "logging.config",  # 0.9 MB: uvicorn can set up logs with it; we do that ourselves
    "pdb",  # 0.4 MB: Litestar can stop in it at an error
)
_UNREAD: Final = (
    "sqlalchemy.", "litestar.", "structlog.", "anyio.", "uvicorn.", "cryptography.", "msgspec.", "asyncio.", "email.", "importlib.",
)  # fmt: skip
"""Libraries whose functions bring texts of documentation that no server shows: 1.4 MB."""
_DESCRIBED: Final = ("routes", ".operation")
_FUNCTION: Final = inspect.CO_OPTIMIZED | inspect.CO_NEWLOCALS
_LOAD_FIRST: Final = bytes([opcode.opmap["LOAD_CONST"], 0])
_ELSEWHERE: Final = {
    ("uvicorn", "Config"): "uvicorn.config",
    ("uvicorn", "Server"): "uvicorn.server",
    ("pickle", "PicklingError"): "_pickle",
}
"""What modules give on from others, and can be had there without loading them."""
_TOLD: Final[dict[tuple[str, str], Any]] = {
    ("importlib.metadata", "version"): lambda _package: "0.0.0",  # nobody asks Litestar which one it is
    ("pickle", "HIGHEST_PROTOCOL"): 5,  # a default of SQLAlchemy's
}
"""What libraries ask of modules while they are imported; told them then, so that these need not be loaded for it."""


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
    with without_extras(), without_texts(), _telling():
        yield
    _drop_texts_of_classes()
    sys.path_importer_cache.clear()  # 0.2 MB: what is in each folder of a library; who imports more looks again


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """Meanwhile have the modules that are put off know what they are asked for."""
    waiting = [(vars(sys.modules[name]), fact, told) for (name, fact), told in _TOLD.items() if _is_put_off(name)]
    for known, fact, told in waiting:
        known[fact] = told
    try:
        yield
    finally:
        for known, fact, _ in waiting:
            if "__getattr__" in known:  # else it has its own by now
                del known[fact]


def _is_put_off(name: str) -> bool:
    return "__getattr__" in vars(sys.modules.get(name, sys))


@contextlib.contextmanager
def without_texts() -> Iterator[None]:
    """Have functions imported meanwhile without their texts, as `-OO` does for all there are; some of libraries, ours of all.

    Those of our routes stay: the page of the HTTP API is made of them, and of the texts of our classes.
    """
    real = machinery.SourceFileLoader.get_code

    def get_code(loader: machinery.SourceFileLoader, name: str) -> CodeType | None:
        code = real(loader, name)
        is_unread = name.startswith(_UNREAD) or (name.startswith("recado.") and not name.endswith(_DESCRIBED))
        return _without_texts(code) if code is not None and is_unread else code

    def exec_module(loader: machinery.SourceFileLoader, module: ModuleType) -> None:
        real_exec(loader, module)
        if module.__name__.startswith(_UNREAD) and not module.__name__.startswith("litestar."):
            _drop_annotations(module)

    patched = cast("Any", machinery.SourceFileLoader)
    patched.get_code = get_code
    real_exec = patched.exec_module
    patched.exec_module = exec_module
    try:
        yield
    finally:
        patched.get_code = real
        patched.exec_module = real_exec


def _drop_texts_of_classes() -> None:
    """The same for classes and modules, whose texts nothing else holds: 0.7 MB."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_UNREAD):
            module.__doc__ = None
    for each in gc.get_objects():
        if isinstance(each, type) and str(vars(each).get("__module__")).startswith(_UNREAD):
            with contextlib.suppress(AttributeError, TypeError):  # of a class that does not change
                each.__doc__ = None


def _drop_annotations(module: ModuleType) -> None:
    """Forget what functions say of their parameters; classes keep theirs, since fields are made of them."""
    for each in vars(module).values():
        own = vars(each).values() if isinstance(each, type) else (each,)
        for function in own:
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                del function.__annotations__


def _without_texts(code: CodeType) -> CodeType:
    """The same code; the first constant of a function is its text, or None, and nothing else unless its code loads it."""
    constants = [_without_texts(each) if isinstance(each, CodeType) else each for each in code.co_consts]
    is_function = code.co_flags & _FUNCTION == _FUNCTION and not code.co_name.startswith("<")
    if is_function and isinstance(constants[0], str) and not _is_first_loaded(code.co_code):
        constants[0] = None
    return code.replace(co_consts=tuple(constants))


def _is_first_loaded(instructions: bytes) -> bool:
    """Whether the first constant is ever loaded; an instruction and its argument are two bytes."""
    at = instructions.find(_LOAD_FIRST)
    while at > 0 and at % 2:
        at = instructions.find(_LOAD_FIRST, at + 1)
    return at >= 0


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
        if attribute == "__path__":  # asked by each `from … import`; a package has one already
            raise AttributeError(f"module {name!r} has no attribute {attribute!r}")
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
