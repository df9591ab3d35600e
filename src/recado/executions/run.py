"""One execution on its way: what is run, with whose secrets, and what of its inputs is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recado.actions.compiled import CompiledAction
from recado.credentials.vault import OpenedCredential
from recado.db.columns import JSON_ENCODER
from recado.errors import RecadoError
from recado.executions.call import NO_SECRETS
from recado.executions.schemas import Kind, RequestShown
from recado.outbound.masking import Masker
from recado.outbound.multipart import Files


@dataclass(slots=True)
class Run:
    """One execution on its way."""

    id: str
    kind: Kind
    workspace_id: str
    action: CompiledAction
    credential_id: str | None
    raw_inputs: Mapping[str, Any]
    created_at: str
    hops: int = 0
    idempotency_key: str | None = None
    is_open: bool = False
    most_seconds: float | None = None
    """Who waits for it waits no longer."""
    request: RequestShown | None = None
    credential: OpenedCredential | None = None
    masker: Masker = NO_SECRETS
    notes: dict[Any, Any] = field(default_factory=dict)
    refusal: RecadoError | None = None
    files: Files | None = None
    """Those that are uploaded, where the request carries any."""
    inputs: Mapping[str, Any] | None = None
    """The inputs as they are kept and shown; None where they are not."""

    def use(self, credential: OpenedCredential) -> None:
        """Run with this credential: hide its secrets, and share what was found out about it before."""
        self.credential = credential
        self.masker = credential.masker
        self.notes = credential.notes

    def kept_inputs(self) -> str | None:
        """The inputs as JSON, secrets masked; None where shapes only are kept or a secret is too short to be masked."""
        if self.action.is_private or self.masker.has_short_secret:
            return None
        self.inputs = self.raw_inputs
        encoded = JSON_ENCODER.encode(self.raw_inputs)
        if self.masker.mask_bytes(encoded) is not encoded:  # hardly ever; by value, so that a number stays no torn JSON
            self.inputs = self.masker.mask_tree(self.raw_inputs)
            encoded = JSON_ENCODER.encode(self.inputs)
            if self.masker.mask_bytes(encoded) != encoded:  # across two values
                self.inputs = None
                return None
        return encoded.decode()


class KeyHeld(Exception):
    """Another execution holds the idempotency key; no error, it is the answer."""

    def __init__(self, execution_id: str) -> None:
        super().__init__()
        self.execution_id = execution_id
