"""What the tests of this folder share: a stand-in Graph server and its driver, a channel, and what forms ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conftest import RunningServer, Workspace
from recado.channels.whatsapp.forms import service
from servers.background import Background
from servers.fixtures import background, process
from whatsapp.booking import BookingServer, FormDesk, Phone
from whatsapp.fixtures import graph, hook, start_graph
from whatsapp.meta import TALK, Channel, open_channel

__all__ = ["background", "graph", "hook", "process", "start_graph"]


@pytest.fixture
def channel(workspace: Workspace) -> Iterator[Channel]:
    """A channel where any message begins TALK."""
    with open_channel(workspace, *TALK) as channel:
        yield channel


@pytest.fixture
def api(background: Background) -> Iterator[BookingServer]:
    """The API that handlers of forms call."""
    with background.serving(BookingServer()) as running:
        yield running


@pytest.fixture
def send(server: RunningServer) -> Callable[..., str]:
    """Sends a form, to be tried; its token."""

    def send(form: dict[str, Any], **given: Any) -> str:
        with server.database.begin() as connection:
            return service.send_form(connection, form["id"], None, given)

    return send


@pytest.fixture
def desk(workspace: Workspace, api: BookingServer) -> FormDesk:
    """A channel whose forms have a key."""
    made = FormDesk(workspace, api.url)
    made.make_key()
    return made


@pytest.fixture
def opened(desk: FormDesk, send: Callable[..., str]) -> Phone:
    """A phone with the appointment form open."""
    return Phone(desk, send(desk.make_appointment(), name="Ana"))
