"""Gives each shape of the OpenAPI document its meaning: the docstring of its struct."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition


class DescribedStructs(OpenAPISchemaPlugin):
    """Stands before the framework's own plugin for structs and adds to what that makes."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Structs, and pages of them."""
        return not field_definition.is_union and field_definition.is_subclass_of(msgspec.Struct)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        """The schema with a description."""
        others = (one for one in schema_creator.plugins if one is not self and isinstance(one, OpenAPISchemaPlugin))
        own = next(one for one in others if one.is_plugin_supported_field(field_definition))
        schema = own.to_openapi_schema(field_definition=field_definition, schema_creator=schema_creator)
        kind = field_definition.origin or field_definition.annotation
        schema.description = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
        return schema
