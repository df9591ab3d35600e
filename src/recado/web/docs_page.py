"""Shows the OpenAPI document to people: one page, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import Any, Final

STYLE_PATH: Final = "docs.css"
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_FIRST_GROUPS: Final = ("integrations", "credentials", "actions", "executions")
"""What the product is about; the other groups follow in the order of the document."""
_ACRONYMS: Final = {"api": "API", "id": "id"}
_NO_PERMISSIONS: Final[Mapping[str, str | None]] = MappingProxyType({})
_BOILERPLATE: Final = re.compile(r"(?:Request fulfilled|Document created).*")
_PAGE: Final = re.compile(r"Page_.*?(\w+)_")
_CODE: Final = re.compile(r"`([^`]+)`")
_PARAMETER: Final = re.compile(r"(\{[a-z_]+\})")
_WORD_BREAK: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|_")

_Json = dict[str, Any]
_Operation = tuple[str, str, _Json]


def render_docs(document: _Json, permissions: Mapping[str, str | None] = _NO_PERMISSIONS) -> str:
    """The page for an OpenAPI 3.1 document; `permissions` says what a route asks of its caller (`GET /api/v1/actions`)."""
    groups = _group(document)
    schemas = document.get("components", {}).get("schemas", {})
    parts = [
        _head(document["info"]),
        '<div class="page"><nav aria-label="Contents">',
        *_contents(groups, schemas),
        "</nav><main>",
    ]
    for tag, operations in groups.items():
        parts.append(f'<h2 id="{escape(tag)}">{_title(tag)}</h2>')
        parts += [
            _operation(method, path, operation, permissions.get(f"{method.upper()} {path}"))
            for method, path, operation in operations
        ]
    parts.append('<h2 id="shapes">Shapes</h2>')
    parts += [_schema(name, schema) for name, schema in sorted(schemas.items())]
    return "\n".join([*parts, "</main></div></body></html>"])


def _group(document: _Json) -> dict[str, list[_Operation]]:
    """The operations by tag, or by the first word of the path where there is none."""
    found: dict[str, list[_Operation]] = defaultdict(list)
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                tag = (item[method].get("tags") or [_first_word(path)])[0]
                found[tag].append((method, path, item[method]))
    first = {tag: found[tag] for tag in _FIRST_GROUPS if tag in found}
    return first | {tag: operations for tag, operations in found.items() if tag not in first}


def _first_word(path: str) -> str:
    return next((part for part in path.removeprefix("/api/v1").split("/") if part), "operation")


def _title(words: str) -> str:
    """`api_keys` as `API keys`, `GetHealth` as `Get health`."""
    parts = [_ACRONYMS.get(word.lower(), word.lower()) for word in _WORD_BREAK.split(words) if word]
    text = " ".join(parts)
    return escape(text[:1].upper() + text[1:])


def _name(operation: _Json, path: str) -> str:
    named = str(operation.get("operationId", ""))
    return _title(named if "_" in named else operation.get("summary") or path)


def _prose(text: str) -> str:
    """A sentence, its code set off."""
    return _CODE.sub(r"<code>\1</code>", escape(" ".join(text.split())))


# ── head and contents ────────────────────────────────────────────────────────────────────────────────────────────────


def _head(info: _Json) -> str:
    title = f"{escape(info['title'])} HTTP API {escape(info['version'])}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{STYLE_PATH}"></head><body><header><h1>{title}</h1>'
        "<p>Bodies and answers are JSON. Send an API key, made with <code>recado api-key create</code>, with each call:</p>"
        "<pre>curl -H 'Authorization: Bearer &lt;key&gt;' &lt;this server&gt;/api/v1/integrations</pre>"
        '<p>An error is <code>application/problem+json</code> (<a href="#Problem">Problem</a>) with a stable'
        " <code>code</code>. A list comes in pages: <code>next_cursor</code> of one page is <code>cursor</code> of the next."
        ' Machines read <a href="v1/openapi.json">openapi.json</a>.</p></header>'
    )


def _contents(groups: Mapping[str, list[_Operation]], schemas: _Json) -> Iterator[str]:
    for tag, operations in groups.items():
        yield f'<h2><a href="#{escape(tag)}">{_title(tag)}</a></h2><ul>'
        for method, path, operation in operations:
            yield f'<li><a href="#{_anchor(method, path)}">{_name(operation, path)}</a></li>'
        yield "</ul>"
    yield '<h2><a href="#shapes">Shapes</a></h2><ul>'
    for name in sorted(schemas):
        yield f'<li><a href="#{escape(name)}">{_shape_name(name)}</a></li>'
    yield "</ul>"


def _anchor(method: str, path: str) -> str:
    return escape(method + path.replace("/", "-").replace("{", "").replace("}", ""))


# ── one operation ────────────────────────────────────────────────────────────────────────────────────────────────────


def _operation(method: str, path: str, operation: _Json, permission: str | None) -> str:
    shown_path = _PARAMETER.sub(r"<i>\1</i>", escape(path))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    lines = [
        ("Needs", _permission(permission) if permission else ""),
        ("Body", _type(body) if body else ""),
        ("Answer", "<br>".join(_answers(operation))),
        ("Errors", " ".join(_errors(operation))),
    ]
    return (
        f'<section id="{_anchor(method, path)}"><h3>{_name(operation, path)}</h3>'
        f'<p class="route"><span class="method {method}">{method.upper()}</span> <code>{shown_path}</code></p>'
        f"<p>{_prose(operation.get('description') or '')}</p>{_parameters(operation)}"
        f"<dl>{''.join(f'<dt>{name}</dt><dd>{text}</dd>' for name, text in lines if text)}</dl></section>"
    )


def _permission(permission: str) -> str:
    return "nothing: anybody may call this" if permission == "public" else f"<code>{escape(permission)}</code>"


def _parameters(operation: _Json) -> str:
    """A table of the query; what stands in the path says itself what it is."""
    rows = [
        f"<tr><td><code>{escape(item['name'])}</code></td><td>{_type(item.get('schema', {}))}"
        f"{_default(item.get('schema', {}))}{' <b>required</b>' if item.get('required') else ''}</td>"
        f"<td>{_prose(item.get('description', ''))}</td></tr>"
        for item in operation.get("parameters", [])
        if item["in"] == "query"
    ]
    return f"<table><tr><th>Query</th><th>Type</th><th>Meaning</th></tr>{''.join(rows)}</table>" if rows else ""


def _answers(operation: _Json) -> Iterator[str]:
    for status, answer in sorted(operation.get("responses", {}).items()):
        if status < "400":
            words = _BOILERPLATE.sub("", answer.get("description", ""))
            yield f"<code>{escape(status)}</code> {_content(answer) or 'nothing'} {_prose(words)}".rstrip()


def _errors(operation: _Json) -> Iterator[str]:
    """The statuses; what each means is shown to who points at it, and is the same everywhere."""
    for status, answer in sorted(operation.get("responses", {}).items()):
        if status >= "400":
            yield f'<abbr title="{escape(answer.get("description", ""))}">{escape(status)}</abbr>'


def _content(answer: _Json) -> str:
    for media_type, content in answer.get("content", {}).items():
        if content.get("schema"):
            other = "" if media_type.endswith("json") else f" ({escape(media_type)})"
            return _type(content["schema"]) + other
    return ""


# ── shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _schema(name: str, schema: _Json) -> str:
    fields = schema.get("properties", {})
    needed = set(schema.get("required", []))
    has_meanings = any("description" in field for field in fields.values())
    rows = [
        f"<tr><td><code>{escape(key)}</code></td>"
        f"<td>{_type(field)}{_default(field)}{'' if key in needed else ' <b>optional</b>'}</td>"
        f"{'<td>' + _prose(field.get('description', '')) + '</td>' if has_meanings else ''}</tr>"
        for key, field in fields.items()
    ]
    head = f"<tr><th>Field</th><th>Type</th>{'<th>Meaning</th>' if has_meanings else ''}</tr>"
    table = f"<table>{head}{''.join(rows)}</table>" if rows else _type(schema)
    about = f"<p>{_prose(schema['description'])}</p>" if schema.get("description") else ""
    return f'<section id="{escape(name)}"><h3>{_shape_name(name)}</h3>{about}{table}</section>'


def _shape_name(name: str) -> str:
    """A page of a list goes by the name of its items."""
    found = _PAGE.fullmatch(name)
    return f"Page of {escape(found[1])}" if found else escape(name)


def _default(schema: _Json) -> str:
    value = schema.get("default")
    is_said = isinstance(value, bool | int | str) and value not in {"", schema.get("const")}
    return f" = <code>{escape(str(value).lower() if isinstance(value, bool) else str(value))}</code>" if is_said else ""


def _type(schema: _Json) -> str:
    """A schema in one line, references linked, null last."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f'<a href="#{escape(name)}">{_shape_name(name)}</a>'
    for key in ("oneOf", "anyOf"):
        if key in schema:
            limits = {word: schema[word] for word, _ in _LIMITS if word in schema}
            options = sorted(schema[key], key=lambda option: option.get("type") == "null")
            return " or ".join(_type(option if option.get("type") == "null" else option | limits) for option in options)
    if "enum" in schema:
        return " · ".join(f"<code>{_literal(value)}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{_literal(schema['const'])}</code>"
    kind = schema.get("type", "any JSON")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])}"
    limits = {words: schema[key] for key, words in _LIMITS if key in schema}
    said = ", ".join(
        f"{words} {f'{value:g}' if isinstance(value, float) else value}" for words, value in limits.items()
    )
    return escape((kind if isinstance(kind, str) else " or ".join(kind)) + (f" ({said})" if said else ""))


def _literal(value: object) -> str:
    return "null" if value is None else escape(str(value))


_LIMITS: Final = (
    ("format", "format"),
    ("minLength", "from"),
    ("maxLength", "up to"),
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("exclusiveMinimum", "more than"),
)

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #55606e; --paper: #fff; --line: #dfe4ea; --tint: #f4f6f8; --link: #0b5cad }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --soft: #a7b1be; --paper: #14181d; --line: #2c343d; --tint: #1c2229; --link: #7db8f5 }
}
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
header { padding: 2rem 1.5rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--tint) }
h1 { margin: 0 0 .5rem; font-size: 1.6rem } header p { margin: .5rem 0; color: var(--soft); max-width: 80ch }
a { color: var(--link); text-underline-offset: .15em } code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere }
pre { margin: .5rem 0; font: .9rem ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
.page { display: grid; grid-template-columns: 15rem minmax(0, 56rem); gap: 2.5rem; padding: 0 1.5rem 6rem }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 1rem 0 2rem;
  font-size: .9rem; scrollbar-width: thin }
nav h2 { font-size: .95rem; margin: 1rem 0 .25rem } nav h2 a { color: var(--ink) }
nav ul { list-style: none; margin: 0; padding: 0 } nav a { text-decoration: none } nav a:hover { text-decoration: underline }
main h2 { margin: 2.5rem 0 0; padding-bottom: .25rem; border-bottom: 1px solid var(--line); scroll-margin-top: .5rem }
section { padding: 1.5rem 0 1rem; border-bottom: 1px solid var(--line); scroll-margin-top: .5rem }
section:target h3 { text-decoration: underline; text-decoration-color: var(--link); text-underline-offset: .3em }
h3 { margin: 0 0 .4rem; font-size: 1.1rem } section p { margin: .4rem 0 } i { font-style: normal; color: var(--soft) }
.method { display: inline-block; min-width: 4.2rem; text-align: center; border-radius: .35rem; padding: .05rem .5rem;
  font-size: .8rem; font-weight: 600; color: #fff; background: #47546a; margin-right: .35rem }
.get { background: #1a6b3c } .post { background: #0b5cad } .put, .patch { background: #8a5200 } .delete { background: #a3262e }
dl { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr); gap: .2rem .75rem; margin: .6rem 0 0; font-size: .92rem }
dt { color: var(--soft) } dd { margin: 0 } abbr { margin-right: .35rem; cursor: help; text-underline-offset: .2em }
table { border-collapse: collapse; margin: .6rem 0; font-size: .92rem; display: block; overflow-x: auto }
td:first-child code { white-space: nowrap } th { text-align: left; color: var(--soft); font-weight: 600 } th, td { padding: .35rem 1.25rem .35rem 0; vertical-align: top }
tr + tr td { border-top: 1px solid var(--line) } b { font-size: .8em; font-weight: 600; color: var(--soft) }
@media (max-width: 50rem) {
  .page { display: block } nav { position: static; max-height: none; border-bottom: 1px solid var(--line) }
  nav ul { display: flex; flex-wrap: wrap; gap: .1rem 1rem }
}
"""
