"""What a form is: its JSON as Meta has it, and for each screen that asks for data what answers it  [pure]."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

Ask = Literal["INIT", "data_exchange", "BACK"]
"""When a screen asks: as the form opens, as it is sent off or a field of it changes, as somebody comes back to it."""
Language = Literal["en", "es", "pt"]

END: Final = "SUCCESS"
"""Meta's name for the screen behind the last one; no screen of a form may be called so."""
FAILED: Final = "failed"
"""The way that every failure without a way of its own takes."""


class Fill(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a value is filled with: any JSON, the texts in it with references; or, with `each`, a list made of a list.

    `item` says what is kept of each entry, as `{"id": "{{item.code}}", "title": "{{item.name}}"}`; without it, the entry.
    """

    value: Any = None
    each: str = ""
    item: dict[str, str] = {}


class Step(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What is shown next: a screen with its data, the same one again (no `screen`), or the end (`SUCCESS`).

    At the end the data are what the conversation gets. `message` is shown above the screen.
    """

    screen: str = ""
    data: dict[str, Fill] = {}
    message: str = ""


class FormBranch(msgspec.Struct, forbid_unknown_fields=True):
    """Another step where a value is this text; the first that fits counts."""

    value: str
    equals: str
    step: Step


class Handler(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What answers one screen: an action or none, and the steps that follow.

    A handler of `INIT` has no screen. `failures` are steps by the outcome of the action, `failed` for any other.
    """

    ask: Ask
    screen: str = ""
    action_id: str = ""
    credential_id: str = ""
    inputs: dict[str, str] = {}
    next: Step = msgspec.field(default_factory=Step)
    branches: list[FormBranch] = []
    failures: dict[str, Step] = {}


class FormDefinition(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A form. `error_message` is said where a screen cannot be answered and nobody wrote anything else."""

    flow_json: dict[str, Any] = {}
    handlers: list[Handler] = []
    language: Language = "es"
    error_message: str = ""

    def handler_of(self, ask: str, screen: str) -> Handler | None:
        """What answers a screen; the one for all screens (no `screen`) where it has none of its own."""
        own = None if ask == "INIT" else next((h for h in self.handlers if (h.ask, h.screen) == (ask, screen)), None)
        return own or next((h for h in self.handlers if h.ask == ask and not h.screen), None)
