"""What a kept file is called and of which type, whether it may be kept, and the links that lead to it  [pure]."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from recado.ids import is_id

MediaStatus = Literal["waiting", "kept", "refused", "gone"]

CHUNK_BYTES: Final = 256 * 1024
KEY_BYTES: Final = 32
UNKNOWN_TYPE: Final = "application/octet-stream"
_PATH: Final = "/api/v1/media/"
_ID: Final = "med_[0-9a-hjkmnp-tv-z]{26}"
_NAMED: Final = re.compile(rf"(?<![\w/.:%?#=-]){_PATH}({_ID})(?![\w/?#%-])")
_LINK: Final = re.compile(rf"(?:https?://[^\s/?#]+(?:/[^\s?#]*)?)?{_PATH}({_ID})(?:/content\?[^\s#]*)?")
_TYPE: Final = re.compile(r"[\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,80}(?: ?; ?[\w-]{1,20}=[\w.+-]{1,40}){0,2}", re.ASCII)
_NOT_IN_NAMES: Final = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
_MOST_NAME: Final = 120
_ENDINGS: Final = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "video/mp4": ".mp4",
    "video/3gpp": ".3gp", "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac",
    "audio/amr": ".amr", "application/pdf": ".pdf", "text/plain": ".txt",
}  # fmt: skip


def clean_type(content_type: str) -> str:
    """A type as it may stand in a header; one that may not is unknown."""
    text = content_type.strip()
    return text.lower() if _TYPE.fullmatch(text) else UNKNOWN_TYPE


def clean_name(filename: str, content_type: str) -> str:
    """A name without folders and control characters; one by the type where a file has none, as photos do not."""
    name = _NOT_IN_NAMES.sub("", filename).strip(" .")
    if len(name) > _MOST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: _MOST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 12 else name[:_MOST_NAME]
    return name or f"file{_ENDINGS.get(bare_type(content_type), '')}"


def hex_of(sha256: str) -> str:
    """A checksum in hex, given so or in base64; empty where it is neither, as what nobody can read proves nothing."""
    text = sha256.strip()
    if _HEX.fullmatch(text):
        return text.lower()
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        return ""
    return found.hex() if len(found) == 32 else ""


def bare_type(content_type: str) -> str:
    """A type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def is_type_allowed(content_type: str, allowed: Sequence[str]) -> bool:
    """Whether one of the operator's types fits."""
    found = bare_type(content_type)
    return any(found.startswith(rule[:-1].lower()) if rule.endswith("*") else found == rule.lower() for rule in allowed)


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def path_of(media_id: str) -> str:
    """What stands for a file in a conversation's values: where who is signed in finds it."""
    return f"{_PATH}{media_id}"


def files_in(text: str) -> list[str]:
    """The ids of the files whose paths stand in a text."""
    return _NAMED.findall(text) if _PATH in text else []


def file_in(value: str) -> str | None:
    """The id of the file that a whole value names: by its id, its path or a link that was made of it."""
    text = value.strip()
    if is_id(text, "med"):
        return text
    found = _LINK.fullmatch(text)
    return found[1] if found else None


def put_links(text: str, links: Mapping[str, str]) -> str:
    """The text with links in place of paths, as far as there are any."""
    return _NAMED.sub(lambda found: links.get(found[1], found[0]), text)


def make_link(base_url: str, media_id: str, key: bytes, expires: int) -> str:
    """A link that anybody can open until `expires`, in seconds since 1970."""
    return f"{base_url}{path_of(media_id)}/content?expires={expires}&signature={sign(key, media_id, expires)}"


def sign(key: bytes, media_id: str, expires: int) -> str:
    """What proves that a link is ours."""
    return hmac.new(key, f"recado media {media_id} {expires}".encode(), hashlib.sha256).hexdigest()


def is_signed(key: bytes, media_id: str, expires: int, signature: str) -> bool:
    """Whether a link is ours, in constant time."""
    return hmac.compare_digest(sign(key, media_id, expires).encode(), signature.encode(errors="replace"))
