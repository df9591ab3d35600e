"""Rules about what is offered: buttons, rows, sections, options, and rows that come out of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from recado.actions.paths import compile_path
from recado.errors import FieldTooLong, OutputKeyInvalid
from recado.fields import is_identifier
from recado.flows.definition import ButtonsBlock, ListBlock, QuestionBlock, RowSource
from recado.flows.limits import (
    MAX_BUTTON_TITLE,
    MAX_BUTTONS,
    MAX_FOOTER,
    MAX_HEADER,
    MAX_LABEL,
    MAX_ROW_DESCRIPTION,
    MAX_ROW_TITLE,
    MAX_ROWS,
    MAX_SECTION_TITLE,
    MAX_SECTIONS,
    MAX_TEXT,
    length_of,
)
from recado.flows.matching import fold
from recado.flows.references import FlowReference
from recado.flows.rules import Rules

_EXAMPLE: Final = "{{outputs.orders.items}}"
Titled = list[tuple[str, str]]
"""Where each title stands, and the title."""


def check_choices(rules: Rules, path: str, block: QuestionBlock | ButtonsBlock | ListBlock) -> Titled:
    """Look over what a block offers; the titles that its author wrote out."""
    match block:
        case ButtonsBlock():
            return _check_buttons(rules, path, block)
        case ListBlock():
            return _check_list(rules, path, block)
        case QuestionBlock() if block.expects == "choice":
            return _check_options(rules, path, block)
        case _:
            return []


def _check_buttons(rules: Rules, path: str, block: ButtonsBlock) -> Titled:
    _check_around(rules, path, block)
    if block.source is not None:
        _check_source(rules, f"{path}.source", block, block.source)
        return []
    if not block.buttons:
        rules.add("choices_missing", f"{path}.buttons", block)
    if len(block.buttons) > MAX_BUTTONS:
        rules.add("too_many_buttons", f"{path}.buttons", block, limit=MAX_BUTTONS)
    offered = []
    for index, button in enumerate(block.buttons):
        place = f"{path}.buttons[{index}]"
        rules.text(button.title, f"{place}.title", block, MAX_BUTTON_TITLE, missing="required")
        offered.append((place, button.id, button.title))
    return _check_names(rules, block, offered)


def _check_list(rules: Rules, path: str, block: ListBlock) -> Titled:
    _check_around(rules, path, block)
    rules.text(block.label, f"{path}.label", block, MAX_LABEL)
    rules.text(block.more_label, f"{path}.more_label", block, MAX_ROW_TITLE)
    if block.source is not None:
        _check_source(rules, f"{path}.source", block, block.source)
        return []
    count = sum(len(section.rows) for section in block.sections)
    if not count:
        rules.add("choices_missing", f"{path}.sections", block)
    elif count > MAX_ROWS:
        rules.add("rows_paged", f"{path}.sections", block, limit=MAX_ROWS, count=count)
    if len(block.sections) > MAX_SECTIONS:
        rules.add("too_many_sections", f"{path}.sections", block, limit=MAX_SECTIONS)
    offered = []
    for index, section in enumerate(block.sections):
        place = f"{path}.sections[{index}]"
        missing = "section_title_missing" if len(block.sections) > 1 else None
        rules.text(section.title, f"{place}.title", block, MAX_SECTION_TITLE, missing=missing)
        if not section.rows and count:
            rules.add("section_empty", f"{place}.rows", block)
        for number, row in enumerate(section.rows):
            rules.text(row.title, f"{place}.rows[{number}].title", block, MAX_ROW_TITLE, missing="required")
            rules.text(row.description, f"{place}.rows[{number}].description", block, MAX_ROW_DESCRIPTION)
            offered.append((f"{place}.rows[{number}]", row.id, row.title))
    return _check_names(rules, block, offered)


def _check_options(rules: Rules, path: str, block: QuestionBlock) -> Titled:
    path = f"{path}.checks.options"
    options = block.checks.options
    if not options:
        rules.add("choices_missing", path, block)
    if len(options) > MAX_ROWS:
        rules.add("rows_paged", path, block, limit=MAX_ROWS, count=len(options))
    offered = []
    for index, option in enumerate(options):
        place = f"{path}[{index}]"
        rules.text(option.label, f"{place}.label", block, MAX_ROW_TITLE)
        if not option.label.strip() and (length := length_of(option.value)) > MAX_ROW_TITLE:  # its title then
            rules.add("text_too_long", f"{place}.value", block, limit=MAX_ROW_TITLE, length=length)
        offered.append((place, option.value, option.label or option.value))
    return _check_names(rules, block, offered, "value", "label")


def _check_around(rules: Rules, path: str, block: ButtonsBlock | ListBlock) -> None:
    rules.text(block.header, f"{path}.header", block, MAX_HEADER)
    rules.text(block.footer, f"{path}.footer", block, MAX_FOOTER)


def _check_names(
    rules: Rules,
    block: ButtonsBlock | ListBlock | QuestionBlock,
    offered: Iterable[tuple[str, str, str]],
    id_name: str = "id",
    title_name: str = "title",
) -> Titled:
    """Ids and titles that stand twice; titles with references may differ when they are shown."""
    ids: set[str] = set()
    titles: set[str] = set()
    written: Titled = []
    for place, identifier, title in offered:
        if not identifier:
            rules.add("required", f"{place}.{id_name}", block)
        elif identifier in ids:
            rules.add("choice_id_duplicate", f"{place}.{id_name}", block, id=identifier)
        ids.add(identifier)
        if not title.strip() or "{{" in title:
            continue
        if fold(title) in titles:
            rules.add("title_duplicate", f"{place}.{title_name}", block, title=title)
        titles.add(fold(title))
        written.append((f"{place}.{title_name}", title))
    return written


# ── rows that come out of an answer ──────────────────────────────────────────────────────────────────────────────────


def _check_source(rules: Rules, path: str, block: ButtonsBlock | ListBlock, source: RowSource) -> None:
    parts = rules.text(source.rows, f"{path}.rows", block, MAX_TEXT)
    if parts is not None:
        if len(parts) != 1 or not isinstance(parts[0], FlowReference):
            rules.add("source_invalid", f"{path}.rows", block, example=_EXAMPLE)
        elif rules.kind_of(parts[0]) not in {"json", "any", "string"}:
            rules.add("source_not_list", f"{path}.rows", block)
    for name in ("id", "title", "description"):
        _check_row_key(rules, f"{path}.{name}", block, getattr(source, name))
    seen: set[str] = set()
    for index, value in enumerate(source.values):
        place = f"{path}.values[{index}]"
        _check_row_key(rules, f"{place}.key", block, value.key)
        if not is_identifier(value.identifier):
            rules.add("key_invalid" if value.identifier else "required", f"{place}.identifier", block)
        elif value.identifier in seen:
            rules.add("choice_id_duplicate", f"{place}.identifier", block, id=value.identifier)
        seen.add(value.identifier)


def _check_row_key(rules: Rules, path: str, block: ButtonsBlock | ListBlock, key: str) -> None:
    """Where something stands in an entry of the list; nothing means the entry itself."""
    if key:
        try:
            compile_path(key)
        except (OutputKeyInvalid, FieldTooLong) as error:
            rules.findings.add_error(error, path, block.id)
