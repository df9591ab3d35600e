"""What a definition refers to outside itself: integrations, actions, credentials, forms and other flows."""

from __future__ import annotations

from typing import Literal

from recado.flows.definition import CallFlowBlock, CustomIntegrationBlock, Definition, FormBlock
from recado.ids import is_id

UsedKind = Literal["integration", "action", "credential", "flow", "form"]
Use = tuple[UsedKind, str]


def list_uses(definition: Definition) -> list[Use]:
    """Each thing once, in the order of the blocks; what has not the shape of an id is left out."""
    found: dict[Use, None] = {}
    for block in definition.blocks:
        if isinstance(block, CustomIntegrationBlock):
            if is_id(block.integration_id, "int"):
                found["integration", block.integration_id] = None
            if is_id(block.action_id, "act"):
                found["action", block.action_id] = None
            if is_id(block.credential_id, "crd"):
                found["credential", block.credential_id] = None
        elif isinstance(block, CallFlowBlock) and is_id(block.flow_id, "flw"):
            found["flow", block.flow_id] = None
        elif isinstance(block, FormBlock) and is_id(block.form_id, "frm"):
            found["form", block.form_id] = None
    return list(found)
