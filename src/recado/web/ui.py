"""Serves the web UI as it was built: files with hashed names, and the page itself for every address of the app."""

from __future__ import annotations

import asyncio
import html
import mimetypes
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from recado.errors import NotFound
from recado.web.answers import App, RawHeaders, Receive, Scope, Send, answer_problem
from recado.web.envelope import security_policy

DIST: Final = Path(__file__).parent / "dist"
"""Where `scripts/ui.py build` puts the app, in a clone and in the wheel."""

_SAFE: Final = frozenset({"GET", "HEAD"})
_INDEX: Final = "index.html"
_ASSETS: Final = "assets/"
_BASE: Final = re.compile(r'<base href="/"\s*/?>')
_WEIGHT: Final = re.compile(r"[01](?:\.[0-9]{0,3})?")
_NONCE: Final = re.compile(r'<meta name="csp-nonce" content=""\s*/?>')
_FOREVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")
_AN_HOUR: Final = (b"cache-control", b"public, max-age=3600")
_HTML: Final = (b"content-type", b"text/html; charset=utf-8")
_COMPRESSED: Final = {"br": ".br", "gzip": ".gz"}
"""What the build compresses beforehand, by the name of the encoding; the first that a browser takes is sent."""
_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""Said by us: what a machine's own list of types says differs."""

_NOT_BUILT: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Recado: the web UI is not built</title>
<style nonce="{nonce}">
:root {{ color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif }}
main {{ max-width: 34rem; margin: 15vh auto 0; padding: 0 1.5rem }}
code {{ font-size: 1rem }}
</style>
</head>
<body>
<main>
<h1>The web UI is not built</h1>
<p>This server runs from a source tree whose web UI was not built yet. In that folder, run</p>
<pre><code>make ui</code></pre>
<p>and load this page again; the server need not be restarted. It takes about half a minute.</p>
<p>Everything else works meanwhile: the <a href="{root_path}/api/docs">HTTP API</a> and the command <code>recado</code>.</p>
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the build, and its compressed forms by the name of their encoding."""

    path: str
    headers: RawHeaders
    encoded: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Build:
    """What a build left: the page in the pieces between which path and nonce come, and the files by their names.

    Both are empty when there is none. `mark` tells it from the next one.
    """

    mark: tuple[int, ...] | None = None
    page: tuple[str, str, str] | None = None
    files: dict[str, _File] = field(default_factory=dict)


class Ui:
    """Answers GET and HEAD for what is no route's: files of the build, and the app's page for whoever asks for HTML.

    `taken` are the first segments of the routes' paths. `root_path` is the path below which a proxy shows this server
    ("" or "/recado"); requests come without it. A build made while the server runs is noticed with the next page.
    """

    def __init__(self, inner: App, taken: frozenset[str], root_path: str = "", folder: Path = DIST) -> None:
        self._inner = inner
        self._taken = taken
        self._root_path = html.escape(root_path) if root_path else ""
        self._folder = folder
        self._build = _read_build(folder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] not in _SAFE or self._is_taken(scope["path"]):
            await self._inner(scope, receive, send)
            return
        name, is_head = scope["path"].removeprefix("/"), scope["method"] == "HEAD"
        if file := self._build.files.get(name):
            if await _send_file(send, file, _header(scope, b"accept-encoding"), is_head=is_head):
                return
        elif not name.startswith(_ASSETS) and _wants_html(_header(scope, b"accept"), by_name=bool(name)):
            await self._send_page(send, is_head=is_head)
            return
        await answer_problem(send, NotFound(), scope["state"]["request_id"])

    def _is_taken(self, path: str) -> bool:
        return path.removeprefix("/").partition("/")[0] in self._taken

    async def _send_page(self, send: Send, *, is_head: bool) -> None:
        if _mark_of(self._folder) != self._build.mark:
            self._build = await asyncio.to_thread(_read_build, self._folder)
        nonce = secrets.token_urlsafe(16)
        if self._build.page is None:
            status, text = 503, _NOT_BUILT.format(nonce=nonce, root_path=self._root_path)
        else:
            before, between, after = self._build.page
            status = 200
            text = f'{before}<base href="{self._root_path}/">{between}<meta name="csp-nonce" content="{nonce}">{after}'
        headers = [_HTML, (b"cache-control", b"no-store"), (b"content-security-policy", security_policy(nonce))]
        await _send(send, status, text.encode(), headers, is_head=is_head)


# ── what the build left ──────────────────────────────────────────────────────────────────────────────────────────────


def _mark_of(folder: Path) -> tuple[int, ...] | None:
    """Tells one build from the next, also one that is not finished; None when there is none."""
    try:
        page, assets = (folder / _INDEX).stat(), (folder / _ASSETS).stat()
    except OSError:
        return None
    return page.st_ino, page.st_size, page.st_mtime_ns, assets.st_ino, assets.st_mtime_ns


def _read_build(folder: Path) -> _Build:
    """Look at every file's name, and read the page. Without the places for path and nonce it is no page of ours."""
    mark = _mark_of(folder)
    try:
        text = (folder / _INDEX).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return _Build(mark)
    base, nonce = _BASE.search(text), _NONCE.search(text)
    if not base or not nonce or base.end() > nonce.start():
        return _Build(mark)
    page = (text[: base.start()], text[base.end() : nonce.start()], text[nonce.end() :])
    return _Build(mark, page, _list_files(folder))


def _list_files(folder: Path) -> dict[str, _File]:
    """The files by the path that asks for them; the page, compressed forms and hidden files are none."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and path.name[0] != ".")
    paths = {path.relative_to(folder).as_posix(): str(path) for path in found}
    return {
        name: _File(path, _headers_of(name, encoded), encoded)
        for name, path in paths.items()
        if name != _INDEX and not name.endswith(tuple(_COMPRESSED.values()))
        for encoded in [{kind: paths[name + end] for kind, end in _COMPRESSED.items() if name + end in paths}]
    }


def _headers_of(name: str, encoded: dict[str, str]) -> RawHeaders:
    kind = _TYPES.get(Path(name).suffix.lower()) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = [(b"content-type", kind.encode()), _FOREVER if name.startswith(_ASSETS) else _AN_HOUR]
    return [*headers, (b"vary", b"accept-encoding")] if encoded else headers


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _send_file(send: Send, file: _File, accepted: str, *, is_head: bool) -> bool:
    """Send a file as the browser takes it; False when it is not there any more."""
    weights = _weights(accepted)
    kind = next((kind for kind in file.encoded if weights.get(kind, weights.get("*", 0.0)) > 0), None)
    try:
        body = await asyncio.to_thread(Path(file.encoded[kind] if kind else file.path).read_bytes)
    except OSError:
        return False
    headers = [*file.headers, (b"content-encoding", kind.encode())] if kind else file.headers
    await _send(send, 200, body, headers, is_head=is_head)
    return True


async def _send(send: Send, status: int, body: bytes, headers: RawHeaders, *, is_head: bool) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": b"" if is_head else body})


def _header(scope: Scope, name: bytes) -> str:
    """A header's value; repeated ones are joined (RFC 9110 section 5.3)."""
    return b",".join(value for key, value in scope["headers"] if key == name).decode("latin-1")


def _wants_html(accept: str, *, by_name: bool) -> bool:
    """Whether HTML will do; `by_name` for browsers that open a page and name it, not for programs that take anything."""
    weights = _weights(accept or "*/*")
    others = 0.0 if by_name else weights.get("text/*", weights.get("*/*", 0.0))
    return weights.get("text/html", others) > 0


def _weights(value: str) -> dict[str, float]:
    """How much each thing of an Accept header is wanted, 0 to 1 (RFC 9110 section 12.4.2)."""
    weights: dict[str, float] = {}
    for part in value.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights[name] = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                weights[name] = _number(parameter[2:])
    return weights


def _number(text: str) -> float:
    return float(text) if _WEIGHT.fullmatch(text) else 0.0
