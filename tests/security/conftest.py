"""What the tests of this folder share: a loop for servers beside the test, and a way in over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from recado.ids import new_id
from security.shapes import Door
from servers.fixtures import background
from servers.split import Split

__all__ = ["background"]

SPLIT_PAGE = Path(__file__).parents[2] / "docs" / "operate" / "split.md"


@pytest.fixture
def door(client: httpx.Client) -> Door:
    """The owner of the test's workspace."""
    return Door(client)


@pytest.fixture(scope="session")
def grants() -> str:
    """The SQL that makes a database user for api processes, as the page for operators has it."""
    found = re.search(r"^```sql\n(.*?)^```$", SPLIT_PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def new_split(
    tmp_path_factory: pytest.TempPathFactory,
    new_postgresql_database: Callable[[], str],
    unused_port: Callable[[], int],
    grants: str,
) -> Iterator[Callable[..., Split]]:
    """Makes pairs of an api process and its executor, not started; the api process has a database user of its own."""
    made: list[Split] = []

    def make(**environ: str) -> Split:
        url, user = new_postgresql_database(), f"recado_api_{new_id('req')[-12:]}"
        api_url = url.replace("//recado@", f"//{user}@")
        assert api_url != url
        split = Split(tmp_path_factory.mktemp("split"), url, unused_port, api_database_url=api_url, **environ)
        made.append(split)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(grants.replace("recado_api", user).encode())
        return split

    yield make
    for split in made:
        split.close()


@pytest.fixture(scope="module")
def split(new_split: Callable[..., Split]) -> Split:
    """An api process and its executor, started."""
    made = new_split()
    made.start()
    return made
