"""The newest schema is told by the names of files, without Alembic, and is what Alembic would say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from recado.db import migrate

MIGRATES = """
import sys
from pathlib import Path
from recado.db.engine import Database
from recado.settings import load

database = Database(load({}, data_dir=Path(sys.argv[1])))
print(database.migrate()[0], "alembic" in sys.modules)
database.close()
"""


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
    return ScriptDirectory.from_config(config)


def test_the_last_step_is_alembics_head() -> None:
    assert migrate.newest_revision() == _scripts().get_current_head()


def test_every_step_is_named_by_its_number() -> None:
    for step in _scripts().walk_revisions():
        assert Path(step.path).name.startswith(f"{step.revision}_")


def test_a_database_that_is_up_to_date_needs_no_alembic(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MIGRATES, str(tmp_path)]
    told = [subprocess.check_output(command, text=True).split() for _ in range(2)]
    assert told == [["None", "True"], [migrate.newest_revision(), "False"]]
