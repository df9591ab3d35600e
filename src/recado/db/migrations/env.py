"""Runs the migrations on the connection that `db/migrate.py` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from recado.db.tables import metadata


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    name = type(item).__name__
    return f"{name}()" if kind == "type" and name in {"Json", "UtcTime"} else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_render,
    transactional_ddl=True,
)
context.run_migrations()
