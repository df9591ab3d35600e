"""Rules about blocks that send a form."""

from __future__ import annotations

from recado.actions.paths import compile_path
from recado.errors import FieldTooLong, OutputKeyInvalid
from recado.fields import is_identifier
from recado.flows.definition import FormBlock
from recado.flows.limits import MAX_FOOTER, MAX_FORM_LABEL, MAX_HEADER
from recado.flows.rules import MAX_ANY_TEXT, Rules


def check_form(rules: Rules, path: str, block: FormBlock) -> None:
    """A form that can be sent, words within their limits, and names for what is kept of it."""
    _check_target(rules, path, block)
    rules.text(block.label, f"{path}.label", block, MAX_FORM_LABEL)
    rules.text(block.header, f"{path}.header", block, MAX_HEADER)
    rules.text(block.footer, f"{path}.footer", block, MAX_FOOTER)
    for name in ("given", "data"):
        for key, template in getattr(block, name).items():
            rules.text(template, f"{path}.{name}.{key}", block, MAX_ANY_TEXT)
    if not block.answer:
        rules.add("form_answer_not_kept", f"{path}.answer", block)
    seen: set[str] = set()
    for index, value in enumerate(block.values):
        place = f"{path}.values[{index}]"
        if not is_identifier(value.identifier):
            rules.add("key_invalid" if value.identifier else "required", f"{place}.identifier", block)
        elif value.identifier in seen:
            rules.add("choice_id_duplicate", f"{place}.identifier", block, id=value.identifier)
        seen.add(value.identifier)
        if value.key:
            try:
                compile_path(value.key)
            except (OutputKeyInvalid, FieldTooLong) as error:
                rules.findings.add_error(error, f"{place}.key", block.id)


def _check_target(rules: Rules, path: str, block: FormBlock) -> None:
    form = rules.catalog.forms.get(block.form_id)
    if not block.form_id:
        rules.add("form_missing", f"{path}.form_id", block)
    elif form is None:
        rules.add("form_unknown", f"{path}.form_id", block)
    elif not form.has_id:
        rules.add("form_without_id", f"{path}.form_id", block, name=form.name)
    elif block.screen and block.screen not in form.screens:
        rules.add("form_first_screen_unknown", f"{path}.screen", block, name=form.name, screen=block.screen[:64])
