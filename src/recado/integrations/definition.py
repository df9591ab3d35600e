"""What an integration's authentication is made of, and how an edit of it keeps each field's identity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from recado.errors import Invalid, RecadoError, TooMany
from recado.ids import new_id
from recado.integrations.checks import check_identifiers, clean_optional_name, collecting, raise_if_any
from recado.outbound.scope import AuthFieldType, AuthSpec

MAX_AUTH_FIELDS: Final = 50


class AuthField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field that credentials hold a value for; `id` binds the values to it, `identifier` is its name in requests."""

    id: str
    identifier: str
    name: str | None
    type: AuthFieldType
    required: bool


class Auth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an integration's requests prove who calls; `key_in_url` lets password fields stand in the query."""

    scheme: Literal["api_key"] = "api_key"
    name: str | None = None
    key_in_url: bool = False
    fields: list[AuthField] = []


class AuthFieldIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An authentication field as a client sends it; `id` says which field this was, if it is not new."""

    identifier: str
    type: AuthFieldType
    id: str | None = None
    name: str | None = None
    required: bool = False


class AuthIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The authentication as a client sends it; what is absent stays as it was."""

    scheme: Literal["api_key"] = "api_key"
    name: str | msgspec.UnsetType | None = msgspec.UNSET
    key_in_url: bool | msgspec.UnsetType = msgspec.UNSET
    fields: list[AuthFieldIn] | msgspec.UnsetType = msgspec.UNSET


def edit_auth(current: Auth, edit: AuthIn) -> Auth:
    """`current` with `edit` applied. Raises ValidationFailed with every problem, paths below `fields[n]`."""
    problems: list[RecadoError] = []
    name = current.name
    with collecting(problems, "name"):
        name = current.name if edit.name is msgspec.UNSET else clean_optional_name(edit.name)
    fields = current.fields
    with collecting(problems):
        fields = current.fields if edit.fields is msgspec.UNSET else _edit_fields(current.fields, edit.fields)
    raise_if_any(problems)
    key_in_url = current.key_in_url if edit.key_in_url is msgspec.UNSET else edit.key_in_url
    return Auth(edit.scheme, name, key_in_url, fields)


def _edit_fields(current: Sequence[AuthField], edits: Sequence[AuthFieldIn]) -> list[AuthField]:
    problems: list[RecadoError] = []
    if len(edits) > MAX_AUTH_FIELDS:
        raise TooMany("fields", limit=MAX_AUTH_FIELDS)
    _check_ids(current, edits, problems)
    check_identifiers([(f"fields[{i}].identifier", edit.identifier) for i, edit in enumerate(edits)], problems)
    claimed = {edit.id for edit in edits if edit.id}
    unclaimed = {field.identifier: field for field in current if field.id not in claimed}
    fields = []
    for index, edit in enumerate(edits):
        name = None
        with collecting(problems, f"fields[{index}].name"):
            name = clean_optional_name(edit.name)
        field_id = edit.id or _id_of_same(unclaimed.get(edit.identifier), edit)
        fields.append(AuthField(field_id, edit.identifier, name, edit.type, edit.required))
    raise_if_any(problems)
    return fields


def _check_ids(current: Sequence[AuthField], edits: Sequence[AuthFieldIn], problems: list[RecadoError]) -> None:
    """An id names a field of this integration, once; ids are never taken from a client."""
    left = {field.id for field in current}
    for index, edit in enumerate(edits):
        if edit.id and edit.id not in left:
            reason = "There is no authentication field with this id, or it is listed twice. Leave the id out for a new field."
            problems.append(Invalid(f"fields[{index}].id", reason=reason))
        left.discard(edit.id or "")


def _id_of_same(same_name: AuthField | None, edit: AuthFieldIn) -> str:
    """A client that does not know ids edits the field of this identifier, unless its type differs: that is a new field."""
    return same_name.id if same_name and same_name.type == edit.type else new_id("fld")


def auth_scope(auth: Auth) -> dict[str, AuthSpec]:
    """The authentication fields as a request's templates see them, by identifier."""
    return {field.identifier: AuthSpec(field.identifier, field.type, field.required) for field in auth.fields}


def retyped_fields(before: Auth, after: Auth) -> list[tuple[AuthField, int]]:
    """The old fields that come back with another type, under their id or under their identifier, and where they stand."""
    by_id = {field.id: field for field in before.fields}
    by_identifier = {field.identifier: field for field in before.fields}
    found = []
    for index, field in enumerate(after.fields):
        old = by_id.get(field.id) or by_identifier.get(field.identifier)
        if old and old.type != field.type:
            found.append((old, index))
    return found


def removed_fields(before: Auth, after: Auth) -> list[AuthField]:
    """The old fields whose ids are gone."""
    kept = {field.id for field in after.fields}
    return [field for field in before.fields if field.id not in kept]
