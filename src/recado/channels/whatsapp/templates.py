"""The message templates of a channel's account, kept with the opened channel, which lives for a minute."""

from __future__ import annotations

from typing import Any, Final

from recado.channels.opened import OpenedChannel
from recado.channels.schemas import Template, Templates
from recado.channels.whatsapp.graph import Graph, GraphFailure, problem_of
from recado.db.columns import utc_now

_NOTES: Final = "templates"


async def list_templates(graph: Graph, channel: OpenedChannel, *, is_fresh: bool = False) -> Templates:
    """All of them, by name; asked for anew where they are to be fresh. Raises ChannelCallFailed."""
    kept = channel.notes.get(_NOTES)
    if isinstance(kept, Templates) and not is_fresh:
        return kept
    try:
        found = await graph.templates(channel)
    except GraphFailure as failure:
        raise problem_of(channel, failure) from None
    items = sorted(map(_template, found), key=lambda template: (template.name, template.language))
    made = channel.notes[_NOTES] = Templates(items, utc_now())
    return made


async def find_template(graph: Graph, channel: OpenedChannel, name: str, language: str) -> Template | None:
    """One that Meta has approved; asked for anew where it is not known yet. Raises ChannelCallFailed."""
    kept = isinstance(channel.notes.get(_NOTES), Templates)
    for is_fresh in (False, True) if kept else (False,):
        for template in (await list_templates(graph, channel, is_fresh=is_fresh)).items:
            if (template.name, template.language, template.status.upper()) == (name, language, "APPROVED"):
                return template
    return None


def _template(found: dict[str, Any]) -> Template:
    """Whatever Meta leaves out is empty."""
    texts = {name: str(found.get(name) or "") for name in ("id", "name", "language", "status", "category")}
    components = found.get("components")
    return Template(**texts, components=components if isinstance(components, list) else [])
