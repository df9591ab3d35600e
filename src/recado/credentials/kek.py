"""The key-encryption key (KEK): wraps the private sealing keys, and is itself kept outside the database.

Three places to keep it: a file in the data folder, an environment variable, or Vault's transit engine. The first two wrap
here with AES-256-GCM:

    wrapped = 0x01 | key id (8 bytes) | nonce (12 bytes) | ciphertext and tag        bound to the first 9 bytes and the aad

While the key is being replaced, the one before still unwraps and only the new one wraps.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recado.credentials.kek_vault import VaultKek
from recado.errors import KekMismatch, KekUnavailable, KekUnsafe, SettingInvalid
from recado.settings import Settings

_VERSION: Final = b"\x01"
_KEY_BYTES: Final = 32
_KEY_ID_BYTES: Final = 8
_HEADER_BYTES: Final = len(_VERSION) + _KEY_ID_BYTES
_NONCE_BYTES: Final = 12
_OTHERS: Final = 0o077


class KekProvider(Protocol):
    """Where a KEK is kept; `aad` names the place a wrapped key belongs to (`sealing.private_key_aad`)."""

    @property
    def name(self) -> str:
        """What the settings call it: file, env or vault."""
        ...

    @property
    def key_id(self) -> str:
        """Names the key that wraps now; tells nothing about it."""
        ...

    def wrap(self, private_key: bytes, aad: bytes) -> bytes:
        """Encrypt a private key, bound to `aad`. Raises KekUnavailable."""
        ...

    def unwrap(self, wrapped: bytes, aad: bytes) -> bytes:
        """Decrypt it. Raises KekMismatch for another key, another `aad` or damage, KekUnavailable where no key answers."""
        ...

    def rewrap(self, wrapped: bytes, aad: bytes) -> bytes:
        """The same private key under the key that wraps now; the same bytes where that is known to be so already."""
        ...

    def refresh(self) -> None:
        """Take up a key that was replaced by another process, where that can be. Raises KekUnavailable."""
        ...


class AesKek:
    """AES-256-GCM with a key held in memory, and the one before it while keys are being replaced."""

    def __init__(self, name: str, current: bytes, previous: bytes | None = None) -> None:
        """Take keys of 32 bytes."""
        self.name = name
        self._ciphers: dict[bytes, AESGCM] = {}
        self._hold(current, previous)

    @property
    def key_id(self) -> str:
        """The first 16 hex digits of a hash of the key."""
        return self._current.hex()

    @property
    def has_previous(self) -> bool:
        """Whether a key before the current one is at hand."""
        return len(self._ciphers) > 1

    def wrap(self, private_key: bytes, aad: bytes) -> bytes:
        """Encrypt under the current key with a random nonce (96 bits; a KEK wraps a handful of keys in its life)."""
        header = _VERSION + self._current
        nonce = os.urandom(_NONCE_BYTES)
        return header + nonce + self._ciphers[self._current].encrypt(nonce, private_key, header + aad)

    def unwrap(self, wrapped: bytes, aad: bytes) -> bytes:
        """Decrypt with whichever of the keys wrapped it. Raises KekMismatch."""
        header, nonce = wrapped[:_HEADER_BYTES], wrapped[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES]
        if not header.startswith(_VERSION) or len(nonce) < _NONCE_BYTES:
            raise KekMismatch(key_id=self.key_id, reason="it was wrapped by another kind of provider, or is damaged")
        wrapped_by = header[len(_VERSION) :]
        cipher = self._ciphers.get(wrapped_by)
        if cipher is None:
            raise KekMismatch(key_id=self.key_id, reason=f"it was wrapped with the key {wrapped_by.hex()}")
        try:
            return cipher.decrypt(nonce, wrapped[_HEADER_BYTES + _NONCE_BYTES :], header + aad)
        except InvalidTag:
            raise KekMismatch(key_id=self.key_id, reason="it is damaged or belongs to another place") from None

    def rewrap(self, wrapped: bytes, aad: bytes) -> bytes:
        """Wrap anew what the key before wrapped; what the current key wrapped stays as it is."""
        private_key = self.unwrap(wrapped, aad)
        return wrapped if wrapped[len(_VERSION) : _HEADER_BYTES] == self._current else self.wrap(private_key, aad)

    def refresh(self) -> None:
        """Nothing to do: a key held in memory alone stays what it is."""

    def _hold(self, current: bytes, previous: bytes | None) -> None:
        found = {_key_id(key): AESGCM(key) for key in (previous, current) if key is not None}
        self._ciphers = {**self._ciphers, **found}  # before the id: another thread may be wrapping
        self._current = _key_id(current)


class EnvKek(AesKek):
    """A KEK handed over in `RECADO_KEK`, the one before in `RECADO_KEK_PREVIOUS`: 32 bytes as base64 each."""

    def __init__(self, current: str, previous: str = "") -> None:
        """Raises SettingInvalid, which never quotes the text."""
        super().__init__(
            "env",
            _setting_key("RECADO_KEK", current),
            _setting_key("RECADO_KEK_PREVIOUS", previous) if previous else None,
        )


class FileKek(AesKek):
    """A KEK in `master.key` of a folder only the server may enter; `master.key.previous` beside it during a rotation.

    Nothing here makes a key unasked: `create` is called once, at a first start that finds no sealed secret.
    """

    def __init__(self, folder: Path, current: bytes, previous: bytes | None = None) -> None:
        """Take the keys that `create` or `load` have read in `folder`."""
        super().__init__("file", current, previous)
        self._folder = folder

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make the folder (0700) and a new random key (0600). Raises KekUnavailable where a key exists or disk refuses."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            _install(folder, _current_path(folder), is_replacing=False)
            _sync_folder(folder.parent)
        except FileExistsError:
            raise KekUnavailable(reason=f"{_current_path(folder)} exists already and is never replaced") from None
        except OSError as problem:
            raise KekUnavailable(reason=f"{folder} cannot be written ({problem.strerror})") from problem
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the key, and the one before where there is one. Raises KekUnavailable: missing, damaged, or open to others."""
        return cls(folder, *_read_keys(folder))

    def refresh(self) -> None:
        """Take up what the folder holds now; keys known before still unwrap what was read a moment ago."""
        self._hold(*_read_keys(self._folder))

    @classmethod
    def begin_rotation(cls, folder: Path) -> Self:
        """Set the key aside as the previous one and put a new one in its place; safe to repeat after a crash at any point.

        Raises KekUnavailable as `load` does.
        """
        current, previous = _current_path(folder), _previous_path(folder)
        before = cls.load(folder)
        try:
            if not before.has_previous:  # or a crash came between these two steps: both names, one key
                with suppress(FileExistsError):
                    previous.hardlink_to(current)
                _sync_folder(folder)
                _read_key(previous)  # whatever stands there, the key is not replaced before it can be read back
                _install(folder, current, is_replacing=True)
        except OSError as problem:
            raise KekUnavailable(reason=f"{folder} cannot be written ({problem.strerror})") from problem
        return cls.load(folder)

    @classmethod
    def end_rotation(cls, folder: Path) -> None:
        """Remove the previous key, once nothing is wrapped with it. Raises KekUnavailable where disk refuses."""
        try:
            _previous_path(folder).unlink(missing_ok=True)
            _sync_folder(folder)
        except OSError as problem:
            raise KekUnavailable(reason=f"{folder} cannot be written ({problem.strerror})") from problem


def keys_folder(settings: Settings) -> Path:
    """Where the file provider keeps its keys; this folder is what an operator backs up apart from the database."""
    return settings.data_dir / "keys"


def load_kek(settings: Settings) -> KekProvider:
    """The provider the settings name. Raises SettingInvalid, or KekUnavailable where the file is missing or unsafe.

    Vault is not called here: a server that only seals starts without it.
    """
    if settings.kek_provider == "env":
        return EnvKek(settings.kek, settings.kek_previous)
    if settings.kek_provider == "vault":
        return VaultKek(settings.vault_address, settings.vault_token, settings.vault_key)
    return FileKek.load(keys_folder(settings))


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"recado/kek/v1" + key).digest()[:_KEY_ID_BYTES]


def _decode_key(text: str | bytes) -> bytes | None:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == _KEY_BYTES else None


def _setting_key(name: str, text: str) -> bytes:
    key = _decode_key(text)
    if key is None:
        raise SettingInvalid(name=name, reason="must be 32 bytes as base64; make one with: openssl rand -base64 32")
    return key


def _current_path(folder: Path) -> Path:
    return folder / "master.key"


def _previous_path(folder: Path) -> Path:
    return folder / "master.key.previous"


def _read_key(path: Path) -> bytes:
    """The mode is read from the open file, so that no other file can be put there between the check and the reading."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            text = file.read(256)
    except FileNotFoundError:
        raise KekUnavailable(reason=f"{path} is missing; restore it from the backup") from None
    except OSError as problem:
        raise KekUnavailable(reason=f"{path} cannot be read ({problem.strerror})") from problem
    if mode & _OTHERS:
        raise KekUnsafe(reason=f"{path} is open to other users (mode {mode:04o}); run: chmod 600 {path}")
    key = _decode_key(text)
    if key is None:
        raise KekUnavailable(reason=f"{path} does not hold 32 bytes as base64; restore it from the backup")
    return key


def _read_keys(folder: Path) -> tuple[bytes, bytes | None]:
    return _read_key(_current_path(folder)), _read_previous(_previous_path(folder))


def _read_previous(path: Path) -> bytes | None:
    """None where there is none; a rotation may end, and remove it, just before it is opened."""
    try:
        return _read_key(path) if path.exists() else None
    except KekUnavailable:
        if path.exists():
            raise
        return None


def _install(folder: Path, path: Path, *, is_replacing: bool) -> None:
    """Write a new key beside `path` and move it there whole: a crash leaves the old state or the new, never half a key."""
    draft = folder / f".{path.name}.{os.urandom(8).hex()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(os.urandom(_KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        if is_replacing:
            draft.replace(path)
        else:
            path.hardlink_to(draft)  # unlike a rename, fails where the name is taken
    finally:
        draft.unlink(missing_ok=True)
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """A new name is on disk only once its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
