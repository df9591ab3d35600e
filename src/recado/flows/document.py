"""The content of a flow's file: everything is named by what people call it; no id of ours and no secret is in it.

Blocks say `integration`, `action`, `credential`, `flow` and `form` in place of ids. What is called the same is told apart by a
number behind it, in the order of the file: `Shop`, `Shop (2)`. The flow itself is the first of the flows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from recado.actions.schemas import CreateAction
from recado.db.columns import JSON_ENCODER
from recado.errors import DocumentInvalid, RecadoError, ReferenceUnknown, TooMany, UnknownField, ValidationFailed
from recado.flows.definition import Block, CallFlowBlock, CustomIntegrationBlock, Definition, FormBlock
from recado.integrations.checks import raise_if_any
from recado.integrations.definition import AuthIn
from recado.integrations.document import read_document
from recado.outbound.definition import Request
from recado.web.body import decode_body

MAX_PARTS: Final = 100
_IDS: Final = {
    "integration_id": "integration",
    "action_id": "action",
    "credential_id": "credential",
    "flow_id": "flow",
    "form_id": "form",
}
_NOT_WRITTEN: Final = frozenset({"version"})  # of a called flow: the file holds one version of it


class IntegrationPart(msgspec.Struct, forbid_unknown_fields=True):
    """An integration as far as the flow uses it; of credentials the names."""

    name: str
    description: str = ""
    logo_url: str | None = None
    auth: AuthIn = AuthIn()
    test_request: Request | None = None
    ca_certificates: str | None = None
    actions: list[CreateAction] = []
    credentials: list[str] = []


class FlowPart(msgspec.Struct, forbid_unknown_fields=True):
    """A flow that is called."""

    name: str
    description: str = ""
    definition: Definition = msgspec.field(default_factory=Definition)


class FlowDocument(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file; read back, ids in definitions are places in it: `0` an integration or flow, `0.1` something of it; forms stay names."""

    recado: Literal[1]
    kind: Literal["flow"]
    name: str
    description: str = ""
    definition: Definition = msgspec.field(default_factory=Definition)
    integrations: list[IntegrationPart] = []
    flows: list[FlowPart] = []


def label(names: Iterable[str]) -> list[str]:
    """A name for each that none of the others has."""
    found: dict[str, None] = {}
    for name in names:
        wanted, number = name, 1
        while wanted in found:
            number += 1
            wanted = f"{name} ({number})"
        found[wanted] = None
    return list(found)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_definition(definition: Definition, names: Mapping[str, str]) -> dict[str, Any]:
    """The tree of a definition; what is as it would be anyhow is left out.

    `names` gives what is written for each id (`<integration>/<id>` of an action or a credential).
    """
    tree = _tree_of(definition)
    tree["blocks"] = [_write_block(block, names) for block in definition.blocks]
    return {name: tree[name] for name in ("start", "blocks", "variables", "settings") if name in tree}


def _write_block(block: Block, names: Mapping[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {"id": block.id, "type": block.__struct_config__.tag} | _tree_of(block)
    if not isinstance(block, CustomIntegrationBlock | CallFlowBlock | FormBlock):
        return tree
    written = {}
    for name, value in tree.items():
        if name in _IDS:
            if (key := _key_of(block, name, value)) in names:
                written[_IDS[name]] = names[key]
        elif name not in _NOT_WRITTEN:
            written[name] = value
    return written


def _key_of(block: CustomIntegrationBlock | CallFlowBlock | FormBlock, name: str, value: str) -> str:
    """What `names` knows an id by: actions and credentials within their integration."""
    if isinstance(block, CustomIntegrationBlock) and name != "integration_id":
        return f"{block.integration_id}/{value}"
    return value


def _tree_of(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        config = value.__struct_config__
        tree = {config.tag_field: config.tag} if config.tag_field else {}
        fields = ((field, getattr(value, field.name)) for field in msgspec.structs.fields(value))
        return tree | {field.name: _tree_of(item) for field, item in fields if not _is_default(field, item)}
    if isinstance(value, list):
        return [_tree_of(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _is_default(field: Any, value: Any) -> bool:
    if field.default is not msgspec.NODEFAULT:
        return bool(value == field.default)
    return bool(field.default_factory is not msgspec.NODEFAULT and value == field.default_factory())


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_flow(text: str) -> FlowDocument:
    """The content of a file. Raises ValidationFailed, its paths those of the file (`definition.blocks[2].action`), or `yaml`."""
    try:
        tree = read_document(text)
    except DocumentInvalid as problem:
        raise ValidationFailed([problem.at("yaml")]) from problem
    problems: list[RecadoError] = []
    if isinstance(tree, dict):
        places = _Places(tree)
        for path, flow in [("", tree), *((f"flows[{n}].", flow) for n, flow in enumerate(_parts(tree, "flows")))]:
            places.put(f"{path}definition", flow.get("definition"), problems)
    raise_if_any(problems)
    document = decode_body(FlowDocument, JSON_ENCODER.encode(tree))
    for name in ("integrations", "flows"):
        if len(getattr(document, name)) > MAX_PARTS:
            raise ValidationFailed([TooMany(name, limit=MAX_PARTS)])
    return document


class _Places:
    """Where in the file each name leads; what is not of the right shape is refused when the whole is decoded."""

    def __init__(self, tree: dict[str, Any]) -> None:
        integrations = _parts(tree, "integrations")
        self.integrations = _numbered(_names(integrations))
        self.flows = _numbered([str(tree.get("name")), *_names(_parts(tree, "flows"))])
        self.actions = [_numbered(_names(_parts(each, "actions"))) for each in integrations]
        self.credentials = [_numbered(_listed(each.get("credentials"))) for each in integrations]

    def put(self, path: str, definition: Any, problems: list[RecadoError]) -> None:
        """Put places where a definition's blocks name something."""
        blocks = definition.get("blocks") if isinstance(definition, dict) else None
        for index, block in enumerate(blocks if isinstance(blocks, list) else []):
            if isinstance(block, dict):
                self._put_in(f"{path}.blocks[{index}]", block, problems)

    def _put_in(self, path: str, block: dict[str, Any], problems: list[RecadoError]) -> None:
        problems += [UnknownField(f"{path}.{name}", name=name) for name in _IDS if name in block]
        if "form" in block and block.get("type") == "form":
            block["form_id"] = block.pop("form")
        for name, known in (("integration", self.integrations), ("flow", self.flows)):
            place = _place(path, block, name, known, problems)
            if place is not None:
                block[f"{name}_id"] = str(place)
            if name == "integration":
                for part, lists in (("action", self.actions), ("credential", self.credentials)):
                    inner = _place(path, block, part, {} if place is None else lists[place], problems)
                    if inner is not None:
                        block[f"{part}_id"] = f"{place}.{inner}"


def _place(
    path: str, block: dict[str, Any], name: str, known: Mapping[str, int], problems: list[RecadoError]
) -> int | None:
    if name not in block:
        return None
    wanted = block.pop(name)
    found = known.get(wanted) if isinstance(wanted, str) else None
    if found is None:
        problems.append(ReferenceUnknown(f"{path}.{name}", kind=name, name=str(wanted)[:200], hint=""))
    return found


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(label(names))}


def _parts(tree: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = tree.get(name)
    return [part if isinstance(part, dict) else {} for part in (found if isinstance(found, list) else [])]


def _names(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(part.get("name")) for part in parts]


def _listed(value: Any) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list) else [])]
