"""Reads back an action's stored inputs and outputs; damage raises RecordCorrupt."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from recado.actions.definition import Input, Output
from recado.integrations.stored import read_json

_INPUTS: Final = msgspec.json.Decoder(list[Input])
_OUTPUTS: Final = msgspec.json.Decoder(list[Output])


def read_inputs(row: Any) -> list[Input]:
    """The inputs of an action's row."""
    return read_json(_INPUTS, row.inputs)


def read_outputs(row: Any) -> list[Output]:
    """The outputs of an action's row."""
    return read_json(_OUTPUTS, row.outputs)
