"""What every rule of a flow's validation is given: the definition, what there is outside it, and a place for findings."""

from __future__ import annotations

from typing import Final

from recado.errors import TemplateRefused
from recado.flows.catalog import Catalog
from recado.flows.definition import (
    Asking,
    Block,
    CallFlowBlock,
    CustomIntegrationBlock,
    Definition,
    Variable,
)
from recado.flows.filled import Filled, find_filled
from recado.flows.limits import length_of
from recado.flows.outgoing import is_link
from recado.flows.problems import Findings
from recado.flows.references import FlowReference, FlowText, parse_text, references_in
from recado.flows.scope import Kind, Names

MAX_ANY_TEXT: Final = 10_000
"""Of texts that no limit of WhatsApp's holds for."""


class Rules:
    """The definition looked over, indexed once."""

    def __init__(self, definition: Definition, catalog: Catalog, findings: Findings) -> None:
        self.definition = definition
        self.catalog = catalog
        self.findings = findings
        self.blocks: dict[str, Block] = {}
        self.answers: dict[str, list[Asking]] = {}
        self.bringers: dict[str, list[CustomIntegrationBlock | CallFlowBlock]] = {}
        self.variables: dict[str, Variable] = {variable.key: variable for variable in definition.variables}
        for block in definition.blocks:
            self.blocks.setdefault(block.id, block)
            if isinstance(block, Asking) and block.answer:
                self.answers.setdefault(block.answer, []).append(block)
            elif isinstance(block, CustomIntegrationBlock | CallFlowBlock) and block.key:
                self.bringers.setdefault(block.key, []).append(block)
        self.names = Names(self.answers, self.bringers, self.variables, catalog)
        self.filled: dict[str, Filled] = find_filled(definition.start, self.blocks)

    # ── noting ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, code: str, path: str, block: Block | None = None, **facts: object) -> None:
        """Note a problem."""
        self.findings.add(code, path, None if block is None else block.id, **facts)

    def number(self, value: int, path: str, block: Block | None, minimum: int, maximum: int) -> None:
        """Hold a number to its bounds."""
        if not minimum <= value <= maximum:
            self.add("number_out_of_range", path, block, minimum=minimum, maximum=maximum)

    # ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def text(
        self, text: str, path: str, block: Block | None, limit: int, *, missing: str | None = None
    ) -> FlowText | None:
        """Read a text, hold what is written in it to `limit`, and look its references up; None where it cannot be read.

        `missing` is the code of the problem that a blank one is.
        """
        try:
            parts = parse_text(text)
        except TemplateRefused as error:
            self.findings.add_error(error, path, None if block is None else block.id)
            return None
        if missing is not None and not text.strip():
            self.add(missing, path, block)
        length = sum(length_of(part) for part in parts if isinstance(part, str))
        if length > limit:
            self.add("text_too_long", path, block, limit=limit, length=length)
        for reference in references_in(parts):
            self._look_up(reference, path, block)
        return parts

    def link(self, url: str, path: str, block: Block | None, limit: int) -> None:
        """The same for an address, which has to be one."""
        parts = self.text(url, path, block, limit, missing="required")
        if parts is None or not url.strip():
            return
        if all(isinstance(part, str) for part in parts):
            if not is_link(url):
                self.add("url_invalid", path, block)
        elif isinstance(parts[0], str) and not parts[0].lstrip().lower().startswith(("https://", "http://")):
            self.add("url_invalid", path, block)

    def kind_of(self, reference: FlowReference) -> Kind:
        """What a reference stands for, as far as it can be known."""
        return self.names.kind_of(reference)

    def _look_up(self, reference: FlowReference, path: str, block: Block | None) -> None:
        problem = self.names.problem_of(reference)
        if problem is not None:
            code, facts = problem
            self.add(code, path, block, **facts)
        elif block is not None and (filled := self.filled.get(block.id)) is not None:
            if not filled.may_be(reference):
                self.add("value_never_filled", path, block, name=str(reference)[2:-2])
            elif not filled.must_be(reference):
                self.add("value_sometimes_empty", path, block, name=str(reference)[2:-2])
