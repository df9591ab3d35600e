"""The phone in the browser: three files, and a policy that lets them load nothing else."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from recado.emulator.asgi import Answer, Call, json_answer

_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self';"
    b" base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILES: Final = {
    "/": ("phone.html", b"text/html; charset=utf-8"),
    "/phone.js": ("phone.js", b"text/javascript; charset=utf-8"),
    "/phone.css": ("phone.css", b"text/css; charset=utf-8"),
}


def page_answer(call: Call) -> Answer:
    """One of the files."""
    found = _FILES.get(call.path)
    if found is None or call.method not in {"GET", "HEAD"}:
        return json_answer(404, {"message": "There is nothing here."})
    name, kind = found
    data = (files("recado.emulator.whatsapp") / "phone" / name).read_bytes()
    headers = [(b"content-type", kind), (b"content-security-policy", _POLICY), (b"x-content-type-options", b"nosniff")]
    return Answer(200, data, [*headers, (b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer")])
