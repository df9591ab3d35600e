"""Reads the JSON of a form as Meta defines it: its screens, the data each shows, and which leads to which  [pure]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from recado.channels.whatsapp.forms.definition import END
from recado.errors import FormJsonInvalid

MOST_SCREENS: Final = 100
_DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: `data` are the JSON schemas of what it shows, by name."""

    id: str
    title: str = ""
    data: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    is_asking: bool = False
    """Whether something on it asks for data."""
    is_refreshed: bool = False
    """Whether it asks when somebody comes back to it."""


@dataclass(frozen=True, slots=True)
class FlowJson:
    """The screens in their order, and by screen those it leads to; None where no routing model says so."""

    screens: Mapping[str, Screen]
    routes: Mapping[str, frozenset[str]] | None = None

    @property
    def first(self) -> str:
        """The screen that a form opens with: the one nothing leads to, or else the first."""
        led_to = frozenset().union(*self.routes.values()) if self.routes else frozenset()
        return next((screen for screen in self.screens if screen not in led_to), next(iter(self.screens), ""))

    def leads(self, screen: str, following: str) -> bool:
        """Whether one screen may follow another, as WhatsApp allows it: some way forward, or the same again."""
        if self.routes is None or following in {screen, END}:
            return True
        return following in self.routes.get(screen, frozenset())


def read_flow_json(given: Mapping[str, Any]) -> FlowJson:
    """The form of its JSON. Raises FormJsonInvalid with the place; unknown properties are of no account."""
    listed = given.get("screens")
    if not isinstance(listed, list) or not listed:
        raise FormJsonInvalid("screens", reason='it has no list "screens"')
    if len(listed) > MOST_SCREENS:
        raise FormJsonInvalid("screens", reason=f"it has more than {MOST_SCREENS} screens")
    screens: dict[str, Screen] = {}
    for index, found in enumerate(listed):
        screen = _read_screen(found, f"screens[{index}]")
        if screen.id in screens:
            raise FormJsonInvalid(f"screens[{index}].id", reason=f'two screens are called "{screen.id[:80]}"')
        screens[screen.id] = screen
    return FlowJson(screens, _read_routes(given.get("routing_model"), screens))


def _read_screen(found: Any, path: str) -> Screen:
    if not isinstance(found, dict) or not isinstance(found.get("id"), str) or not found["id"]:
        raise FormJsonInvalid(f"{path}.id", reason="a screen has no id")
    if found["id"] == END:
        raise FormJsonInvalid(f"{path}.id", reason=f'a screen is called "{END}", which stands for the end')
    data = found.get("data", {})
    if not isinstance(data, dict) or not all(isinstance(schema, dict) for schema in data.values()):
        raise FormJsonInvalid(f"{path}.data", reason="the data of a screen are not schemas by name")
    title = found.get("title")
    return Screen(
        found["id"],
        title if isinstance(title, str) else "",
        data,
        any(name == "data_exchange" for name in _actions_of(found.get("layout"))),
        found.get("refresh_on_back") is True,
    )


def _actions_of(node: Any, depth: int = 0) -> Iterator[str]:
    """The names of all actions in a layout (`on-click-action` and its kind)."""
    if depth > _DEEPEST:
        return
    if isinstance(node, dict):
        for key, value in node.items():
            if key.endswith("-action") and isinstance(value, dict) and isinstance(value.get("name"), str):
                yield value["name"]
            yield from _actions_of(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from _actions_of(value, depth + 1)


def _read_routes(given: Any, screens: Mapping[str, Screen]) -> Mapping[str, frozenset[str]] | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise FormJsonInvalid("routing_model", reason="the routing model is not lists of screens by screen")
    for screen, following in given.items():
        path = f"routing_model.{screen}"
        if not isinstance(following, list) or not all(isinstance(name, str) for name in following):
            raise FormJsonInvalid(path, reason="the routing model is not lists of screens by screen")
        if unknown := next((name for name in (screen, *following) if name not in screens), None):
            raise FormJsonInvalid(path, reason=f'the routing model names "{unknown[:80]}", which is no screen')
    return {screen: frozenset(following) for screen, following in given.items()}
