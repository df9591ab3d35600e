"""Finds what a person names on the command line: by its id, or by its name where only one has it."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from recado.errors import NameAmbiguous, NameUnknown
from recado.ids import is_id

if TYPE_CHECKING:
    import sqlalchemy as sa

    from recado.accounts.caller import Caller
    from recado.actions.schemas import Action
    from recado.integrations.schemas import Integration
    from recado.web.pages import Page

_MOST: Final = 200


class Named(Protocol):
    """What has an id and a name."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...


T = TypeVar("T")
N = TypeVar("N", bound=Named)


def integration(connection: sa.Connection, caller: Caller, wanted: str) -> Integration:
    """The integration with this id or name. Raises NotFound, NameUnknown, NameAmbiguous."""
    from recado.integrations import service

    if is_id(wanted, "int"):
        return service.get_integration(connection, caller, wanted)
    return _one("integration", wanted, _integrations(connection, caller, wanted))


def action(connection: sa.Connection, caller: Caller, wanted: str) -> Action:
    """The action with this id or name. Raises NotFound, NameUnknown, NameAmbiguous."""
    from recado.actions import service

    if is_id(wanted, "act"):
        return service.get_action(connection, caller, wanted)
    holders = [holder.id for holder in _integrations(connection, caller, None)]
    found = (item for holder in holders for item in _actions(connection, caller, holder, wanted))
    return _one("action", wanted, found)


def flow(connection: sa.Connection, caller: Caller, wanted: str) -> Named:
    """The flow with this id or name. Raises NotFound, NameUnknown, NameAmbiguous."""
    from recado.flows import service

    if is_id(wanted, "flw"):
        return service.find_row(connection, caller, wanted)
    return _one("flow", wanted, _pages(lambda cursor: service.list_flows(connection, caller, wanted, _MOST, cursor)))


def credential_id(connection: sa.Connection, caller: Caller, integration_id: str, wanted: str) -> str:
    """The id of the integration's credential with this id or name. Raises NameUnknown, NameAmbiguous."""
    from recado.credentials import service

    if is_id(wanted, "crd"):
        return wanted  # the run itself refuses what is not there
    found = _pages(lambda c: service.list_credentials(connection, caller, integration_id, wanted, _MOST, c))
    return _one("credential", wanted, found).id


def _integrations(connection: sa.Connection, caller: Caller, search: str | None) -> Iterator[Integration]:
    from recado.integrations import service

    return _pages(lambda cursor: service.list_integrations(connection, caller, search, _MOST, cursor))


def _actions(connection: sa.Connection, caller: Caller, holder: str, search: str) -> Iterator[Action]:
    from recado.actions import service

    return _pages(lambda cursor: service.list_actions(connection, caller, holder, search, _MOST, cursor))


def _pages(read: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """Everything a list holds, page after page."""
    cursor: str | None = None
    while True:
        page = read(cursor)
        yield from page.items
        if (cursor := page.next_cursor) is None:
            return


def _one(kind: str, wanted: str, candidates: Iterable[N]) -> N:
    """The only one called so; letters that differ in case only count where nothing fits exactly."""
    similar = [item for item in candidates if item.name.casefold() == wanted.casefold()]
    found: Sequence[N] = [item for item in similar if item.name == wanted] or similar
    if not found:
        raise NameUnknown(kind=kind, name=wanted, hint="")
    if len(found) > 1:
        raise NameAmbiguous(kind=kind, name=wanted, ids=", ".join(item.id for item in found))
    return found[0]
