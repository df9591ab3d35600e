"""What a server puts off is there when it is asked for, whole, and what it keeps out comes back afterwards."""

from __future__ import annotations

import subprocess
import sys

PUT_OFF = """
import sys, threading
from recado.unloaded import put_off
put_off("colorsys")
import colorsys
assert "rgb_to_hsv" not in vars(colorsys), "it is loaded already"
found = []
threads = [threading.Thread(target=lambda: found.append(colorsys.rgb_to_hsv(1.0, 0.0, 0.0))) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert found == [(0.0, 1.0, 1.0)] * 8, found
assert "__getattr__" not in vars(colorsys)
try:
    colorsys.no_such_thing
except AttributeError:
    pass
else:
    raise SystemExit("a name it does not have was found")
put_off("quopri")
sys.modules["quopri"].told = True
from quopri import told
assert "encodestring" not in vars(sys.modules["quopri"]), "what it was told is no reason to load it"
put_off("no_such_module_anywhere")
assert "no_such_module_anywhere" not in sys.modules
"""
KEPT_OUT = """
from recado.unloaded import without_extras
with without_extras():
    try:
        import rich
    except ImportError:
        pass
    else:
        raise SystemExit("rich was loaded")
import rich
assert rich.get_console
"""


def _run(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_module_that_is_put_off_loads_once_for_all_threads() -> None:
    _run(PUT_OFF)


def test_what_is_kept_out_comes_back() -> None:
    _run(KEPT_OUT)
