"""Keeps passwords as argon2id hashes, checks them without telling who exists, and refuses the easily guessed ones.

Argon2 needs 19 MiB and 20 to 260 ms of one core a hash, so the server hashes in two threads and lets 20 more wait
(`PasswordPool`); the command line uses the plain functions.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Final, TypeVar

import argon2

from recado.errors import ExecutorBusy, PasswordTooLong, PasswordTooWeak, RecordCorrupt

MIN_CHARACTERS: Final = 12
MAX_BYTES: Final = 256
MIN_SCORE: Final = 3  # of 4 in zxcvbn: "safely unguessable" from a stolen slow hash, 10^8 guesses and more

# zxcvbn takes 72 characters and more than 2 s of Python for a hostile 72; 32 take 0.06 s and score no weak password higher.
_SCORED_CHARACTERS: Final = 32
_MAX_PERSONAL_WORDS: Final = 50

# The hash of 256 random bits nobody kept; checked in place of the hash of a user who does not exist.
_NOBODY: Final = "$argon2id$v=19$m=19456,t=2,p=1$8UH3eZQOAlOmNwp4zzp70w$dA38JScTMXQmEmuNsqvtwvCKXgPH8m+/X+9yearS6rk"

_SCORING: Final = threading.Lock()  # zxcvbn keeps the personal words of a call in a module variable

_T = TypeVar("_T")


@cache
def _hasher() -> argon2.PasswordHasher:
    """Made with the first password: a server that knows its callers by keys needs none.

    By ASVS 5.0 appendix C. The library's defaults (64 MiB, 4 lanes) took 1.3 s on two busy cores.
    """
    return argon2.PasswordHasher(
        time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=argon2.Type.ID
    )


def check_password(password: str, personal: Sequence[str] = ()) -> None:
    """Whether a new password will do; `personal` are words near its owner (e-mail, name), which make it easier to guess.

    Length and how hard it is to guess are all that counts: no rule asks for digits or signs (ASVS 5.0, 6.2). Takes up to 0.1 s.
    Raises PasswordTooWeak (its `hint` says what to change) or PasswordTooLong, both for the path `password`.
    """
    encoded = _encode(password)
    if encoded is None:
        raise PasswordTooWeak("password", hint=" It holds a character that is not text.")
    if len(encoded) > MAX_BYTES:
        raise PasswordTooLong("password", limit=MAX_BYTES)
    if len(password) < MIN_CHARACTERS:
        raise PasswordTooWeak("password", hint=f" This one has {len(password)}.")
    score, hint = _score(password[:_SCORED_CHARACTERS], _personal_words(personal))
    if score < MIN_SCORE:
        raise PasswordTooWeak("password", hint=f" {hint}")


def hash_password(password: str) -> str:
    """The hash to keep, with its salt and parameters inside; does not judge the password. Takes 20 to 260 ms."""
    return _hasher().hash(password.encode())


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password is the one, exactly as typed; `stored` None (no such user) takes the same time and is never true.

    Raises RecordCorrupt where what is stored is not a hash.
    """
    encoded = _encode(password)
    if encoded is None or len(encoded) > MAX_BYTES:
        return False
    try:
        _hasher().verify(_NOBODY if stored is None else stored, encoded)
    except argon2.exceptions.VerifyMismatchError:
        return False
    except (argon2.exceptions.InvalidHashError, argon2.exceptions.VerificationError):
        raise RecordCorrupt from None
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether it was hashed with other parameters than today's; hash anew at the next login, when the password is at hand."""
    return _hasher().check_needs_rehash(stored)


class PasswordPool:
    """The same functions for the server: two threads, and at most 20 calls that wait for one."""

    def __init__(self, threads: int = 2, waiting: int = 20) -> None:
        """Threads start with their first call."""
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(threads + waiting)

    async def check_password(self, password: str, personal: Sequence[str] = ()) -> None:
        """`check_password` in a thread. Raises ExecutorBusy too."""
        await self._run(check_password, password, personal)

    async def hash_password(self, password: str) -> str:
        """`hash_password` in a thread. Raises ExecutorBusy."""
        return await self._run(hash_password, password)

    async def verify_password(self, stored: str | None, password: str) -> bool:
        """`verify_password` in a thread. Raises ExecutorBusy too."""
        return await self._run(verify_password, stored, password)

    def close(self) -> None:
        """Drop what waits and end the threads."""
        self._threads.shutdown(cancel_futures=True)

    async def _run(self, work: Callable[..., _T], *arguments: object) -> _T:
        if not self._places.acquire(blocking=False):
            raise ExecutorBusy(seconds=2)
        future: Future[_T] = self._threads.submit(work, *arguments)
        # The place is free when the thread is, not when a caller who hung up stops waiting.
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def _encode(password: str) -> bytes | None:
    try:
        return password.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which a terminal can hand over
        return None


def _personal_words(personal: Sequence[str]) -> list[str]:
    """Each text and its parts: `ana@acme.example` is guessed as ana, acme, example and whole."""
    words = dict.fromkeys(word for text in personal for word in [text, *re.split(r"\W+|_", text)] if len(word) > 1)
    return [word[:100] for word in words][:_MAX_PERSONAL_WORDS]


def _score(password: str, personal: list[str]) -> tuple[int, str]:
    """Zxcvbn's score, 0 to 4, and its advice."""
    # Imported here: it reads 94,000 words in 45 ms, of which a server start or a `recado --help` needs none.
    from zxcvbn import zxcvbn  # noqa: PLC0415 (see above)
    from zxcvbn.matching import RANKED_DICTIONARIES  # noqa: PLC0415 (see above)

    with _SCORING:
        try:
            result = zxcvbn(password, user_inputs=personal)
        finally:
            RANKED_DICTIONARIES.pop("user_inputs", None)  # nobody's e-mail stays in memory
    feedback = result["feedback"]
    advice = [feedback["warning"].rstrip("."), *(text.rstrip(".") for text in feedback["suggestions"][:1])]
    return result["score"], ". ".join(part for part in advice if part) + "."
