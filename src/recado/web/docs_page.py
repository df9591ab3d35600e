"""Shows the OpenAPI document to people: one page, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from html import escape
from typing import Any, Final

STYLE_PATH: Final = "docs.css"
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_Json = dict[str, Any]


def render_docs(document: _Json) -> str:
    """The page for an OpenAPI 3.1 document."""
    groups: dict[str, list[tuple[str, str, _Json]]] = defaultdict(list)
    for path, item in sorted(document.get("paths", {}).items()):
        for method in _METHODS:
            if method in item:
                tag = (item[method].get("tags") or [_first_word(path)])[0]
                groups[tag].append((method, path, item[method]))
    schemas = document.get("components", {}).get("schemas", {})
    parts = [
        _head(document["info"]),
        '<div class="page"><nav aria-label="Contents">',
        *_contents(groups, schemas),
        "</nav><main>",
    ]
    for tag in sorted(groups):
        parts.append(f"<h2>{escape(tag.capitalize())}</h2>")
        parts += [_operation(method, path, operation) for method, path, operation in groups[tag]]
    parts.append("<h2>Shapes</h2>")
    parts += [_schema(name, schema) for name, schema in sorted(schemas.items())]
    return "\n".join([*parts, "</main></div></body></html>"])


def _first_word(path: str) -> str:
    return next((part for part in path.removeprefix("/api/v1").split("/") if part), "operation")


def _head(info: _Json) -> str:
    title = f"{escape(info['title'])} HTTP API {escape(info['version'])}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{STYLE_PATH}"></head><body><header><h1>{title}</h1>'
        "<p>Base <code>/api/v1</code>. Send an API key as <code>Authorization: Bearer …</code>. Bodies and answers are JSON;"
        " errors are <code>application/problem+json</code> with a stable <code>code</code>."
        ' Machines read <a href="v1/openapi.json">openapi.json</a>.</p></header>'
    )


def _contents(groups: dict[str, list[tuple[str, str, _Json]]], schemas: _Json) -> Iterator[str]:
    for tag in sorted(groups):
        yield f"<h2>{escape(tag.capitalize())}</h2><ul>"
        for method, path, operation in groups[tag]:
            name = operation.get("summary") or path
            yield f'<li><a href="#{_anchor(method, path)}">{escape(name)}</a></li>'
        yield "</ul>"
    yield "<h2>Shapes</h2><ul>"
    for name in sorted(schemas):
        yield f'<li><a href="#{escape(name)}">{escape(name)}</a></li>'
    yield "</ul>"


def _anchor(method: str, path: str) -> str:
    return escape(method + path.replace("/", "-").replace("{", "").replace("}", ""))


def _operation(method: str, path: str, operation: _Json) -> str:
    rows = [
        f"<tr><td><code>{escape(item['name'])}</code></td><td>{escape(item['in'])}</td><td>{_type(item.get('schema', {}))}"
        f"{' <b>required</b>' if item.get('required') else ''}</td><td>{escape(item.get('description', ''))}</td></tr>"
        for item in operation.get("parameters", [])
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        f"<li><code>{escape(status)}</code> {escape(answer.get('description', ''))} {_content(answer)}</li>"
        for status, answer in sorted(operation.get("responses", {}).items())
    ]
    table = (
        f"<table><tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr>{''.join(rows)}</table>" if rows else ""
    )
    return (
        f'<section id="{_anchor(method, path)}"><h3><span class="method {method}">{method.upper()}</span>'
        f" <code>{escape(path)}</code></h3><p>{escape(operation.get('description') or operation.get('summary') or '')}</p>"
        f"{table}{f'<p>Body: {_type(body)}</p>' if body else ''}<ul class=answers>{''.join(answers)}</ul></section>"
    )


def _content(answer: _Json) -> str:
    schemas = [content.get("schema") for content in answer.get("content", {}).values() if content.get("schema")]
    return _type(schemas[0]) if schemas else ""


def _schema(name: str, schema: _Json) -> str:
    required = set(schema.get("required", []))
    rows = [
        f"<tr><td><code>{escape(key)}</code></td><td>{_type(value)}{' <b>required</b>' if key in required else ''}</td>"
        f"<td>{escape(value.get('description', ''))}</td></tr>"
        for key, value in schema.get("properties", {}).items()
    ]
    table = (
        f"<table><tr><th>Field</th><th>Type</th><th>Meaning</th></tr>{''.join(rows)}</table>" if rows else _type(schema)
    )
    return f'<section id="{escape(name)}"><h3>{escape(name)}</h3><p>{escape(schema.get("description", ""))}</p>{table}</section>'


def _type(schema: _Json) -> str:
    """A schema in one line, references linked."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " or ".join(_type(option) for option in schema[key])
    if "enum" in schema:
        return " · ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])}"
    limits = [f"{word} {schema[key]}" for key, word in _LIMITS if key in schema]
    words = kind if isinstance(kind, str) else " or ".join(kind)
    return escape(words + (f" ({', '.join(limits)})" if limits else ""))


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
header { padding: 2rem 1.5rem 1rem; border-bottom: 1px solid var(--line) }
h1 { margin: 0 0 .5rem; font-size: 1.6rem } header p { margin: 0; color: var(--soft); max-width: 70ch }
a { color: var(--link) } code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere }
.page { display: grid; grid-template-columns: 17rem minmax(0, 60rem); gap: 2.5rem; padding: 0 1.5rem 4rem }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 1rem 0; font-size: .9rem }
nav h2 { font-size: .8rem; margin: 1rem 0 .25rem; color: var(--soft) }
nav ul { list-style: none; margin: 0; padding: 0 } nav a { text-decoration: none } nav a:hover { text-decoration: underline }
main h2 { margin: 2.5rem 0 0; padding-bottom: .25rem; border-bottom: 1px solid var(--line) }
section { padding: 1.25rem 0 .25rem; border-bottom: 1px solid var(--line); scroll-margin-top: .5rem }
h3 { margin: 0; font-size: 1.05rem; font-weight: 600 } section p { margin: .4rem 0; color: var(--soft) }
.method { display: inline-block; min-width: 4.2rem; text-align: center; border-radius: .35rem; padding: .1rem .5rem;
  font-size: .8rem; color: #fff; background: #47546a } .get { background: #1a6b3c } .post { background: #0b5cad }
.put, .patch { background: #8a5200 } .delete { background: #a3262e }
table { width: 100%; border-collapse: collapse; margin: .5rem 0; font-size: .92rem; display: block; overflow-x: auto }
th { text-align: left; color: var(--soft); font-weight: 600 } th, td { padding: .35rem .75rem .35rem 0; vertical-align: top }
tr + tr td { border-top: 1px solid var(--line) } b { font-size: .8em; color: var(--soft) }
.answers { margin: .5rem 0; padding-left: 1.1rem; font-size: .92rem; color: var(--soft) }
@media (max-width: 50rem) { .page { display: block } nav { position: static; max-height: none } }
"""
