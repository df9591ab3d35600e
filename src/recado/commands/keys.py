"""`recado keys`: the keys that protect stored secrets. A server may run meanwhile; no secret is ever printed."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from recado.commands import show
from recado.commands.help import add, new_group
from recado.commands.opened import load_settings, open_database
from recado.commands.options import AsJson

if TYPE_CHECKING:
    from recado.credentials.rotation import Failure, Progress, SealRotation
    from recado.db.engine import Database

app = new_group("Replace, check and show the keys that protect stored secrets.")


def rotate_kek(is_json: AsJson = False) -> None:
    """Wrap every sealing key anew.

    With a key file, a new one takes its place; with RECADO_KEK, set the new key and RECADO_KEK_PREVIOUS first; with
    Vault, rotate the transit key first. No secret is touched. Cut off, run it again.
    """
    from recado.credentials import keys, rotation

    settings = load_settings()
    with open_database(settings) as database:
        done = rotation.rotate_kek(database, settings)
    if is_json:
        show.document(done)
        return
    wrapped = (
        f"{_count(done.keys, 'sealing key')} {'is' if done.keys == 1 else 'are'} wrapped with the key {done.key_id}"
    )
    show.line(f"{wrapped} ({done.provider}). Back up {keys.place_of_keys(settings)} now.")


def rotate_seal(is_json: AsJson = False) -> None:
    """Seal every stored secret to a new key.

    The old key goes when nothing is sealed to it any more. Cut off, run it again and it goes on.
    """
    from recado.credentials import rotation
    from recado.credentials.kek import load_kek

    settings = load_settings()
    with open_database(settings) as database:
        kek = load_kek(settings)
        with _progress(is_shown=not is_json) as progress:
            done = [rotation.rotate_seal(database, holder, kek, progress) for holder in _workspaces(database)]
    failures = [failure for one in done for failure in one.failures]
    if is_json:
        show.document({"workspaces": done})
    else:
        for one in done:
            _tell_rotation(one)
        _tell_failures(failures)
    if failures:
        raise typer.Exit(1)


def verify(is_json: AsJson = False) -> None:
    """Open every stored secret, and say which do not open.

    Nothing is changed and no value is printed. The exit code is 1 when one does not open.
    """
    from recado.credentials import rotation
    from recado.credentials.kek import load_kek

    settings = load_settings()
    with open_database(settings) as database:
        found = rotation.verify(database, load_kek(settings))
    if is_json:
        show.document(found)
    else:
        show.line(f"{found.opened} of {_count(found.values, 'stored value')} can be opened.")
        _tell_failures(found.failures)
    if found.failures:
        raise typer.Exit(1)


def export_public(is_json: AsJson = False) -> None:
    """Show the public keys, for clients that pin them."""
    from recado.credentials import rotation

    with open_database() as database, database.begin() as connection:
        found = rotation.export_public(connection)
    if is_json:
        show.document({"items": found})
        return
    rows = [(key.kid, key.public_key, key.fingerprint, key.values, key.retired_at) for key in found]
    empty = "There is no key yet; it is made when the first secret is entered."
    show.table(["Kid", "Public key", "SHA-256", "Values", "Retired"], rows, empty)


def discard_lost(
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    is_json: AsJson = False,
) -> None:
    """Give up keys that are lost for good.

    The secrets sealed to them are deleted and must be entered again. The last resort, when no backup of the key that
    wraps them exists.
    """
    from recado.credentials import rotation
    from recado.credentials.kek import load_kek
    from recado.errors import KekUnavailable

    settings = load_settings()
    if not is_sure:
        typer.confirm("Delete every secret that cannot be opened now?", abort=True, err=True)
    with open_database(settings) as database:
        try:
            kek = load_kek(settings)
        except KekUnavailable:
            kek = None
        done = rotation.discard_lost(database, kek)
    if is_json:
        show.document(done)
    else:
        show.line(f"{_count(len(done.kids), 'sealing key')} with {_count(done.values, 'stored value')} given up.")


def _workspaces(database: Database) -> list[str]:
    """Those that have a key; the first one where none has."""
    from recado.accounts import service
    from recado.credentials import rotation

    with database.begin() as connection:
        holders = {key.workspace_id for key in rotation.export_public(connection)}
        return sorted(holders) or [service.ensure_workspace(connection)]


@contextlib.contextmanager
def _progress(*, is_shown: bool) -> Iterator[Callable[[Progress], None]]:
    """A bar on standard error, where somebody looks at it."""
    if not is_shown or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("Sealing anew"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=show.console(sys.stderr)) as bar:
        task = bar.add_task("", total=None)
        yield lambda now: bar.update(task, completed=now.resealed, total=now.resealed + now.left)


def _tell_rotation(done: SealRotation) -> None:
    show.line(f"{_count(done.resealed, 'stored value')} sealed to the new key {done.kid}.")
    if done.deleted:
        show.line(f"Old keys that nothing needs are gone: {', '.join(done.deleted)}.")
    if done.left:
        show.line(f"{_count(done.left, 'stored value')} left on an old key.")


def _tell_failures(failures: list[Failure]) -> None:
    if not failures:
        return
    rows = [(found.credential_name, found.identifier, found.code, found.credential_id) for found in failures]
    show.table(["Credential", "Field", "Why it does not open", "Id"], rows, "")
    show.line("Restore the key from its backup, or enter these values again.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


add(app, "rotate-kek", rotate_kek, "recado keys rotate-kek")
add(app, "rotate-seal", rotate_seal, "recado keys rotate-seal")
add(app, "verify", verify, "recado keys verify")
add(app, "export-public", export_public, "recado keys export-public --json")
add(app, "discard-lost", discard_lost, "recado keys discard-lost")
