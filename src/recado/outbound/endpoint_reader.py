"""Reads an endpoint and its query rows when a request is saved: which part of the URL each reference stands in."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from recado.errors import (
    EndpointHostInvalid,
    EndpointRefused,
    FieldRequired,
    InputNotAllowedInPath,
    InputNotAllowedInQuery,
    InputRefused,
    RecadoError,
    ReferenceNotAllowed,
    ReferenceNotAllowedInHost,
    ReferenceNotWholeLabel,
)
from recado.outbound.binding import Binder, Place, unseen_mark
from recado.outbound.definition import Row
from recado.outbound.encoding import (
    check_label,
    check_port,
    count_breaks,
    encode_component,
    encode_path_value,
    encode_query_literal,
)
from recado.outbound.endpoint import Endpoint, Segment, request_target
from recado.outbound.slots import Parts, RowTemplate, Slot, merge_constants, row_of
from recado.outbound.url import Url, parse_url
from recado.template import Reference, Template

Tokens = list[str | Reference]

_AUTHORITY: Final = re.compile(r"([^/?#]*://)([^/?#]*)(.*)", re.DOTALL)
_OPEN_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]?\Z")
_ANY_PORT: Final = "65535"

_PATH: Final = Place(encode_path_value, InputNotAllowedInPath, url_part="path")
_LABEL: Final = Place(check_label, InputRefused, url_part="path")
_PORT: Final = Place(check_port, InputRefused, url_part="path")
_ENDPOINT_QUERY: Final = Place(encode_component, InputNotAllowedInQuery, url_part="query")
_QUERY_ROW: Final = Place(encode_component, InputNotAllowedInQuery, encode_query_literal, "query")


def compile_endpoint(text: str, rows: Sequence[Row], binder: Binder) -> Endpoint | None:
    """Read the endpoint and its query rows; None, and reports at `endpoint` and `query[n]`, where they cannot be used."""
    before = len(binder.problems)
    query_rows = [_query_row(row, f"query[{index}]", binder) for index, row in enumerate(rows)]
    if not text:
        binder.report("endpoint", FieldRequired())
    template = binder.parse(text, "endpoint")
    if not template.parts:
        return None
    try:
        endpoint = _Reader(template, binder).read(query_rows)
        return endpoint if len(binder.problems) == before else None
    except EndpointRefused as problem:
        binder.report("endpoint", problem)
        return None


def _query_row(row: Row, path: str, binder: Binder) -> str | RowTemplate:
    """One `key=value` pair; what the author typed and what the values hold both read back as they are."""
    name = f"{encode_query_literal(binder.key(row.key, f'{path}.key'))}="
    parts = binder.bind_row(row, path, _QUERY_ROW)
    return row_of((name, *parts), name if row.send_empty else None)


class _Reader:
    """Reads one endpoint: a mark stands for each reference while the URL grammar looks at it."""

    def __init__(self, template: Template, binder: Binder) -> None:
        self.binder = binder
        self.references = template.references
        self.mark = unseen_mark(template)
        self.probe = "".join(part if isinstance(part, str) else self.mark for part in template.parts)
        split = _AUTHORITY.fullmatch(self.probe)
        self.scheme, self.authority, self.rest = split.groups() if split else ("", "", self.probe)

    def read(self, query_rows: list[str | RowTemplate]) -> Endpoint:
        """The endpoint; raises EndpointRefused where its literals alone are not a URL."""
        before = len(self.binder.problems)
        host = self._host()
        if len(self.binder.problems) > before:
            self.authority = self.mark  # said already; any host will do to read the rest
        url = self._parse()
        path, *query = _split(self._target_tokens(url), "?", 1)
        segments = [self._segment(segment) for segment in _split(path, "/")]
        pairs = [self._pair(pair) for pair in _split(query[0], "&")] if query else []
        if pairs and pairs[-1] == "" and query_rows:
            pairs.pop()  # `?a=1&` and a row make `?a=1&b=2`
        has_host_slots = any(isinstance(part, Slot) for part in host)
        endpoint = Endpoint(
            method=self.binder.method,
            origin=None if has_host_slots else msgspec.structs.replace(url, target=url.target.partition(self.mark)[0]),
            host=host,
            path=_merge_segments(segments),
            query=merge_constants([*pairs, *query_rows], "&"),
            has_question_mark=bool(query),
        )
        return _with_constant(endpoint)

    def _host(self) -> Parts:
        """Scheme and authority with slots for whole labels or the whole port, `text` authentication fields alone."""
        tokens = _between(self.authority.split(self.mark), self.references)
        parts: list[str | Slot] = [self.scheme]
        for index, token in enumerate(tokens):
            part = token if isinstance(token, str) else self._host_slot(tokens, index, token)
            if part is not None:
                parts.append(part)
        return tuple(parts)

    def _host_slot(self, tokens: Tokens, index: int, reference: Reference) -> Slot | None:
        before, after = str(tokens[index - 1]), str(tokens[index + 1])
        is_last = index == len(tokens) - 2 and not after
        is_port = before.endswith(":") and is_last
        is_label = (before.endswith(".") or (index == 1 and not before)) and (is_last or after.startswith((".", ":")))
        problem: RecadoError | None = None
        if reference.kind == "inputs":
            problem = ReferenceNotAllowedInHost()
        elif not is_port and not is_label:
            problem = ReferenceNotWholeLabel()
        if problem is not None:
            self.binder.report("endpoint", problem)
            return None
        if is_port:
            self.authority = self.authority.removesuffix(self.mark) + _ANY_PORT
        return self.binder.slot(reference, "endpoint", _PORT if is_port else _LABEL)

    def _parse(self) -> Url:
        try:
            return parse_url(f"{self.scheme}{self.authority}{self.rest}")
        except EndpointHostInvalid as problem:
            problem.facts["host"] = str(problem.facts["host"]).replace(self.mark, "{{…}}")
            raise

    def _target_tokens(self, url: Url) -> Tokens:
        """The target's literals, in the form they are sent, and references; those in the fragment are never sent."""
        literals = url.target.split(self.mark)
        first = len(self.references) - self.rest.count(self.mark)
        references = self.references[first:]
        if len(references) >= len(literals):
            self.binder.report("endpoint", ReferenceNotAllowed())
        tokens = _between(literals, references)
        for literal, following in zip(tokens[::2], tokens[1::2], strict=False):
            if following and _OPEN_ESCAPE.search(str(literal)):
                self.binder.report("endpoint", ReferenceNotAllowed())  # a value would complete the `%4` before it
        return tokens

    def _segment(self, tokens: Tokens) -> str | Segment:
        parts = self.binder.bind_parts(tuple(tokens), "endpoint", _PATH)
        if not any(isinstance(part, Slot) for part in parts):
            return "".join(str(part) for part in parts)
        return Segment(parts, count_breaks("".join(part if isinstance(part, str) else "x" for part in parts)))

    def _pair(self, tokens: Tokens) -> str | RowTemplate:
        if any(isinstance(token, Reference) for token in _split(tokens, "=", 1)[0]):
            self.binder.report("endpoint", ReferenceNotAllowed())  # a name is the author's, only values are filled in
            return ""
        return row_of(self.binder.bind_parts(tuple(tokens), "endpoint", _ENDPOINT_QUERY))


def _between(literals: Sequence[str], references: Sequence[Reference]) -> Tokens:
    """`literals` with one reference after each but the last."""
    tokens: Tokens = [literals[0]]
    for literal, reference in zip(literals[1:], references, strict=False):
        tokens += [reference, literal]
    return tokens


def _split(tokens: Sequence[str | Reference], separator: str, limit: int = -1) -> list[Tokens]:
    """`str.split` for literals with references between them."""
    groups: list[Tokens] = [[]]
    for token in tokens:
        if isinstance(token, Reference):
            groups[-1].append(token)
            continue
        left = limit - len(groups) + 1 if limit >= 0 else -1
        head, *others = token.split(separator, left)
        groups[-1].append(head)
        groups.extend([other] for other in others)
    return groups


def _merge_segments(segments: Sequence[str | Segment]) -> tuple[str | Segment, ...]:
    merged: list[str | Segment] = []
    for segment in segments:
        if isinstance(segment, str) and merged and isinstance(merged[-1], str):
            merged[-1] = f"{merged[-1]}/{segment}"
        else:
            merged.append(segment)
    return tuple(merged)


def _with_constant(endpoint: Endpoint) -> Endpoint:
    """The same, its URL made once when there is nothing to fill."""
    origin = endpoint.origin
    has_slots = any(not isinstance(part, str) for part in (*endpoint.path, *endpoint.query))
    if origin is None or has_slots:
        return endpoint
    url, _ = endpoint.render({}, {})
    return dataclasses.replace(endpoint, origin=url, constant=(url, request_target(endpoint.method, url)))
