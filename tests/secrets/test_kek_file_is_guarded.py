"""The key file: made once and whole, read only where nobody else can read it, replaced without a moment without a key."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from recado.credentials.kek import FileKek, keys_folder, load_kek
from recado.errors import KekMismatch, KekUnavailable
from recado.settings import Settings

AAD = b"recado/key/v1|wsp_1|55e3f24ca02b5534"


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in [folder, *folder.iterdir()]}


@pytest.fixture(autouse=True)
def careless_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_new_key_is_32_random_bytes_for_the_owner_alone(folder: Path) -> None:
    FileKek.create(folder)

    assert modes(folder) == {"keys": 0o700, "master.key": 0o600}
    text = (folder / "master.key").read_text(encoding="ascii")
    assert len(base64.b64decode(text, validate=False)) == 32
    assert text.endswith("\n")


def test_two_folders_hold_two_keys(tmp_path: Path) -> None:
    assert FileKek.create(tmp_path / "a").key_id != FileKek.create(tmp_path / "b").key_id


def test_an_existing_folder_is_closed_to_others(folder: Path) -> None:
    folder.mkdir(mode=0o755, parents=True)

    FileKek.create(folder)

    assert modes(folder)["keys"] == 0o700


def test_a_key_is_never_overwritten(folder: Path) -> None:
    wrapped = FileKek.create(folder).wrap(b"private", AAD)

    with pytest.raises(KekUnavailable, match="exists already"):
        FileKek.create(folder)

    assert FileKek.load(folder).unwrap(wrapped, AAD) == b"private"
    assert [path.name for path in folder.iterdir()] == ["master.key"]


def test_loading_never_makes_a_key(folder: Path) -> None:
    with pytest.raises(KekUnavailable, match=r"master\.key is missing; restore it from the backup"):
        FileKek.load(folder)

    assert not folder.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o777])
@pytest.mark.parametrize("name", ["master.key", "master.key.previous"])
def test_a_key_that_others_can_touch_is_refused(folder: Path, name: str, mode: int) -> None:
    FileKek.create(folder)
    FileKek.begin_rotation(folder)
    (folder / name).chmod(mode)

    with pytest.raises(KekUnavailable, match=f"{name} is open to other users .mode {mode:04o}.; run: chmod 600"):
        FileKek.load(folder)


def test_a_key_the_owner_can_only_read_is_fine(folder: Path) -> None:
    FileKek.create(folder)
    (folder / "master.key").chmod(0o400)

    FileKek.load(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"AAAA\n", b"not base64", b"\xff\xfe", base64.b64encode(b"x" * 31), base64.b64encode(b"x" * 33),
     base64.b64encode(b"x" * 32)[:-1], b"x" * 32],
)  # fmt: skip
def test_a_damaged_key_is_said_to_be_damaged(folder: Path, content: bytes) -> None:
    FileKek.create(folder)
    (folder / "master.key").write_bytes(content)

    with pytest.raises(KekUnavailable, match="does not hold 32 bytes as base64"):
        FileKek.load(folder)


def test_a_folder_in_place_of_the_key_is_refused(folder: Path) -> None:
    (folder / "master.key").mkdir(parents=True)

    with pytest.raises(KekUnavailable, match="cannot be read"):
        FileKek.load(folder)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")

    with pytest.raises(KekUnavailable, match="cannot be written"):
        FileKek.create(tmp_path / "file" / "keys")


def test_the_settings_lead_to_the_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    made = FileKek.create(keys_folder(settings))

    loaded = load_kek(settings)

    assert (loaded.name, loaded.key_id) == ("file", made.key_id)


def test_during_a_rotation_both_keys_unwrap_and_the_new_one_wraps(folder: Path) -> None:
    old = FileKek.create(folder)
    wrapped = old.wrap(b"private", AAD)

    both = FileKek.begin_rotation(folder)

    assert both.has_previous
    assert both.key_id != old.key_id
    assert modes(folder) == {"keys": 0o700, "master.key": 0o600, "master.key.previous": 0o600}
    assert both.unwrap(wrapped, AAD) == b"private"
    with pytest.raises(KekMismatch):
        old.unwrap(both.wrap(b"private", AAD), AAD)


def test_after_a_rotation_the_previous_key_is_gone(folder: Path) -> None:
    wrapped = FileKek.create(folder).wrap(b"private", AAD)
    rewrapped = FileKek.begin_rotation(folder).rewrap(wrapped, AAD)

    FileKek.end_rotation(folder)
    FileKek.end_rotation(folder)

    new = FileKek.load(folder)
    assert modes(folder) == {"keys": 0o700, "master.key": 0o600}
    assert new.unwrap(rewrapped, AAD) == b"private"
    with pytest.raises(KekMismatch, match="was wrapped with the key"):
        new.unwrap(wrapped, AAD)


def test_a_rotation_that_was_begun_is_taken_up_again(folder: Path) -> None:
    wrapped = FileKek.create(folder).wrap(b"private", AAD)
    begun = FileKek.begin_rotation(folder)

    again = FileKek.begin_rotation(folder)

    assert again.key_id == begun.key_id
    assert again.unwrap(wrapped, AAD) == b"private"


def test_a_rotation_cut_off_after_its_first_step_is_taken_up_again(folder: Path) -> None:
    old = FileKek.create(folder)
    wrapped = old.wrap(b"private", AAD)
    (folder / "master.key.previous").hardlink_to(folder / "master.key")
    assert FileKek.load(folder).key_id == old.key_id

    both = FileKek.begin_rotation(folder)

    assert both.key_id != old.key_id
    assert both.unwrap(wrapped, AAD) == b"private"


def test_a_rotation_without_a_key_makes_none(folder: Path) -> None:
    with pytest.raises(KekUnavailable, match="is missing"):
        FileKek.begin_rotation(folder)
    with pytest.raises(KekUnavailable, match="cannot be written"):
        FileKek.end_rotation(folder)


def test_a_rotation_keeps_the_key_where_it_could_not_be_set_aside(folder: Path) -> None:
    wrapped = FileKek.create(folder).wrap(b"private", AAD)
    (folder / "master.key.previous").symlink_to("nowhere")

    with pytest.raises(KekUnavailable, match=r"master\.key\.previous is missing"):
        FileKek.begin_rotation(folder)

    assert FileKek.load(folder).unwrap(wrapped, AAD) == b"private"
