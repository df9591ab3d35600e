"""`recado migrate`: bring the database to the schema of this release, before the server does it at its start."""

from __future__ import annotations

from recado.commands import show
from recado.commands.opened import open_unmigrated
from recado.commands.options import AsJson


def migrate(is_json: AsJson = False) -> None:
    """Bring the database up to date.

    A server does the same when it starts; run this first where several servers share one PostgreSQL database.
    """
    with open_unmigrated() as database:
        before, after = database.migrate()
    if is_json:
        show.document({"before": before, "after": after, "is_changed": before != after})
    elif before == after:
        show.line(f"The database is up to date (schema {after}).")
    else:
        show.line(f"The database went from {f'schema {before}' if before else 'empty'} to schema {after}.")
