"""Hides secret values, in every form they come back in, before anything is kept, shown or passed on."""

from __future__ import annotations

import base64
import binascii
import functools
import re
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html.entities import codepoint2name
from typing import Any, Final
from urllib.parse import quote

MASK: Final = "***"
MIN_SECRET_CHARACTERS: Final = 8  # a shorter one stands in ordinary text by chance, so only whole values are hidden

_MASK_BYTES: Final = MASK.encode()
_SCHEME: Final = re.compile(r"(bearer|basic|token|apikey|api-key|key|digest)[ \t]+(\S.*)", re.IGNORECASE | re.DOTALL)
_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]+")
_RUN: Final = re.compile(rb"[A-Za-z0-9]+")
_DIGITS: Final = re.compile(rb"[0-9]+")
_MIN_DIGITS: Final = 8  # fewer stand in ordinary text by chance
_SHORT_BYTES: Final = 200  # up to here one pattern beats a search for each mark, four times at 30 bytes
_NUMBER: Final = re.compile(rb"[0-9.eE+-]+")
_PIECES: Final = re.compile(r"\\+|.", re.DOTALL)
_TO_URL_ALPHABET: Final = bytes.maketrans(b"+/", b"-_")
_NAMED_ESCAPES: Final = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_ENTITIES: Final = {**codepoint2name, 0x27: "apos"}


class Masker:
    """Knows the secrets of one credential and replaces every form of each by `***`.

    Hidden: as it is, without blanks around it, without its scheme (`Bearer x`), the password inside `Basic`; in any mixture
    of URL-encoding, JSON and HTML escapes, also twice; as a Python literal; in hexadecimal; in base64 and base64url
    wherever it stands in what was encoded; in UTF-16. Not hidden: a secret cut in two, reversed or transformed otherwise.
    One Masker is made for a credential (20 to 100 µs a secret) and used for many calls (1 to 3 µs a KB).
    """

    __slots__ = (
        "_any_mark",
        "_foreign_forms",
        "_forms",
        "_has_numeric_form",
        "_marks",
        "_patterns",
        "_short",
        "_shortest_mark",
        "_small_marks",
        "_wide_forms",
        "_zero_marks",
        "has_short_secret",
        "is_empty",
    )

    def __init__(self, secrets: Iterable[str]) -> None:
        forms: set[bytes] = set()
        marks: set[bytes] = set()
        self._short: set[bytes] = set()
        self._patterns: list[_Pattern] = []
        self._wide_forms: list[tuple[bytes, bytes]] = []
        self._foreign_forms: list[tuple[bytes, bytes]] = []
        for core in sorted({core for secret in secrets for core in _cores(secret)}, key=len, reverse=True):
            raw = _bytes(core)
            if len(core) < MIN_SECRET_CHARACTERS:
                self._short |= {raw, *_hex_forms(raw), *_whole_base64_forms(raw)}
            else:
                forms |= {raw, *_hex_forms(raw)} | _base64_forms(raw)
                marks |= {*_hex_marks(raw), *_base64_marks(raw), *self._learn(core, raw)}
        self._forms = sorted(forms, key=len, reverse=True)
        all_marks = _without_supersets(marks)
        self._marks = tuple(mark for mark in all_marks if b"\0" not in mark)
        self._zero_marks = tuple(mark for mark in all_marks if b"\0" in mark)
        """UTF-16: a look for the zero byte, which hardly any answer has, spares a look for each."""
        self._any_mark: re.Pattern[bytes] | None = None
        self._shortest_mark = min(map(len, all_marks), default=sys.maxsize)
        self._small_marks = tuple(mark.lower() for mark in all_marks)
        self._has_numeric_form = any(_NUMBER.fullmatch(form) for form in forms | self._short)
        self.has_short_secret = bool(self._short)
        """Whether a secret is too short to be found inside text; bodies of such a call should not be kept."""
        self.is_empty = not forms and not self._short

    def _learn(self, core: str, raw: bytes) -> set[bytes]:
        """Take in the forms that are not looked for as they stand; gives the marks of these and of `raw`."""
        little, big = core.encode("utf-16-le", "surrogatepass"), core.encode("utf-16-be", "surrogatepass")
        wide = [(little, MASK.encode("utf-16-le")), (big, MASK.encode("utf-16-be"))]
        if core.isascii():
            self._wide_forms += wide
        else:  # in UTF-8 the same bytes would be parts of letters
            self._foreign_forms += wide
            if max(core) <= "\xff":
                self._foreign_forms.append((core.encode("latin-1"), _MASK_BYTES))
        marks = {little[:-1], big[1:]}  # of ASCII, the same
        if _PLAIN.fullmatch(core):
            return marks | {raw}
        self._patterns.append(_Pattern(core))
        return marks | {self._patterns[-1].mark}

    def mask_bytes(self, data: bytes) -> bytes:
        """`data` with every form of every secret replaced; UTF-8 stays UTF-8."""
        if self._is_marked(data):
            data = self._replace(data)
        if self._short and data in self._short:
            return _MASK_BYTES
        return data

    def mask_text(self, text: str) -> str:
        """`text` with every form of every secret replaced."""
        data = text.encode("utf-8", "surrogatepass")
        masked = self.mask_bytes(data)
        return text if masked is data else masked.decode("utf-8", "surrogatepass")

    def mask_headers(self, headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Headers with names and values masked; a name is hidden whole, in any case, since servers change its case."""
        if not self._short:  # one look at all of them, which is the rule: nothing found
            names = _bytes("\n".join([name for name, _ in headers]).lower())
            values = _bytes("\n".join([value for _, value in headers]))
            if not self._is_marked(values) and not any(mark in names for mark in self._small_marks):
                return list(headers)
        return [(self._mask_header_name(name), self.mask_text(value)) for name, value in headers]

    def mask_tree(self, value: Any) -> Any:
        """A JSON value with its strings, keys and numbers masked (a number that shows a secret becomes `***`)."""
        if isinstance(value, str):
            return self.mask_text(value)
        if isinstance(value, dict):
            return {self.mask_tree(key): self.mask_tree(member) for key, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.mask_tree(member) for member in value]
        if isinstance(value, bytes):
            return self.mask_bytes(value)
        if self._has_numeric_form and isinstance(value, (int, float, Decimal)) and self.contains(str(value)):
            return MASK
        return value

    def contains(self, text: str) -> bool:
        """Whether any form of any secret stands in `text` (a short secret: whether it is the whole text)."""
        data = text.encode("utf-8", "surrogatepass")
        if data in self._short:
            return True
        if not self._is_marked(data):
            return False
        return any(form in data for form in self._forms) or any(pattern.is_in(data) for pattern in self._patterns)

    def contains_in_tree(self, value: Any) -> bool:
        """Whether any string, key or number of a JSON value shows a secret."""
        if isinstance(value, str):
            return self.contains(value)
        if isinstance(value, dict):
            return any(self.contains_in_tree(key) or self.contains_in_tree(member) for key, member in value.items())
        if isinstance(value, (list, tuple)):
            return any(self.contains_in_tree(member) for member in value)
        return self._has_numeric_form and isinstance(value, (int, float, Decimal)) and self.contains(str(value))

    def _is_marked(self, data: bytes) -> bool:
        """Whether a form of a secret may stand in `data`: no is the rule and sure, yes wants a closer look."""
        size = len(data)
        if size < self._shortest_mark:
            return False
        if size < _SHORT_BYTES:
            pattern = self._any_mark or self._compile_marks()
            return pattern.search(data) is not None
        find = data.find  # `in` tries each mark as a number first, and makes an error of it
        for mark in self._marks:
            if find(mark) >= 0:
                return True
        return find(b"\0") >= 0 and any(mark in data for mark in self._zero_marks)

    def _compile_marks(self) -> re.Pattern[bytes]:
        marks = (*self._marks, *self._zero_marks)
        self._any_mark = pattern = re.compile(b"|".join([re.escape(mark) for mark in marks]))
        return pattern

    def _replace(self, data: bytes) -> bytes:
        for pattern in self._patterns:
            data = pattern.replace(data)
        for form in self._forms:
            if form in data:
                data = data.replace(form, _MASK_BYTES)
        return self._replace_foreign(data)

    def _replace_foreign(self, data: bytes) -> bytes:
        """Hide secrets in a body of another charset."""
        for form, mask in self._wide_forms:
            if form in data:
                data = data.replace(form, mask)
        if self._foreign_forms and not _is_utf8(data):
            for form, mask in self._foreign_forms:
                data = data.replace(form, mask)
        return data

    def _mask_header_name(self, name: str) -> str:
        small = _bytes(name.lower())
        if any(form.lower() in small for form in self._forms) or any(form.lower() == small for form in self._short):
            return MASK
        return name


class _Pattern:
    """Finds one secret with each of its characters bare or escaped in any way.

    No encoder touches letters and digits, so the longest run of them, the `mark`, stands wherever the secret stands; the
    pattern is made (about 1 ms) and used only where it does.
    """

    __slots__ = ("_core", "_regex", "mark")

    def __init__(self, core: str) -> None:
        self._core = core
        self._regex: re.Pattern[bytes] | None = None
        self.mark = max(_RUN.findall(_bytes(core)), key=len, default=b"")

    def is_in(self, data: bytes) -> bool:
        return self.mark in data and self._compiled().search(data) is not None

    def replace(self, data: bytes) -> bytes:
        return self._compiled().sub(_MASK_BYTES, data) if self.mark in data else data

    def _compiled(self) -> re.Pattern[bytes]:
        if self._regex is None:
            self._regex = re.compile(b"".join([_any_form_of(piece) for piece in _PIECES.findall(self._core)]))
        return self._regex


@functools.lru_cache(maxsize=512)
def _any_form_of(piece: str) -> bytes:
    """A pattern for one character, or several backslashes, as URL-, JSON-, HTML- and Python-encoders write it, once or twice."""
    if piece.isascii() and piece.isalnum():
        return piece.encode()
    escaped = b"|".join([form.encode() for form in _escapes_of(piece[0])])
    if piece[0] == "\\":  # together, so that a long row of them in an answer is read in one way only
        return rb"(?:\\{%d,%d}|(?:%s){%d})" % (len(piece), 8 * len(piece), escaped, len(piece))
    raw = _bytes(piece)
    if piece.isascii():
        return rb"(?:%s|\\{0,4}%s)" % (escaped, re.escape(raw))
    as_latin1 = _bytes(raw.decode("latin-1"))  # UTF-8 read as Latin-1, as header values are
    return rb"(?:%s|%s|%s)" % (escaped, raw, re.escape(as_latin1))


def _escapes_of(character: str) -> list[str]:
    number = ord(character)
    utf8 = [_hex(f"{byte:02x}") for byte in _bytes(character)]
    utf16 = [_hex(unit) for unit in re.findall("....", character.encode("utf-16-be", "surrogatepass").hex())]
    entity = rf"#0*{number}|#[xX]0*{_hex(f'{number:x}')}" + (f"|{_ENTITIES[number]}" if number in _ENTITIES else "")
    escapes = [
        "".join(f"%(?:25){{0,2}}{digits}" for digits in utf8),
        "".join(rf"\\{{1,4}}u{digits}" for digits in utf16),
        "".join(rf"\\{{1,4}}x{digits}" for digits in utf8),
        rf"\\{{1,4}}(?:x{_hex(f'{number:02x}')}|U{_hex(f'{number:08x}')}|u\{{0*{_hex(f'{number:x}')}\}})",
        f"&(?:amp;){{0,2}}(?:{entity});",
    ]
    if character in _NAMED_ESCAPES:
        escapes.append(rf"\\{{1,4}}{_NAMED_ESCAPES[character]}")
    if character == " ":
        escapes += [r"\+", "%(?:25){0,2}2[bB]"]
    return escapes


def _hex(digits: str) -> str:
    """A pattern for hexadecimal digits in capitals and small."""
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _cores(secret: str) -> set[str]:
    """The secret, and what of it may come back alone: without blanks, without its scheme, the password inside `Basic`."""
    trimmed = secret.strip()
    cores = {secret, trimmed}
    found = _SCHEME.fullmatch(trimmed)
    if found:
        cores.add(found.group(2))
        if found.group(1).lower() == "basic":
            cores |= _basic_parts(found.group(2))
    return cores - {""}


def _basic_parts(token: str) -> set[str]:
    try:
        pair = base64.b64decode(token, validate=True).decode()
    except (binascii.Error, ValueError):
        return set()
    return {pair, pair.partition(":")[2]}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _hex_forms(raw: bytes) -> tuple[bytes, bytes]:
    small = raw.hex().encode()
    return small, small.upper()


def _hex_marks(raw: bytes) -> set[bytes]:
    """A long run of decimal digits stands in both hexadecimal forms, and one mark costs a call less than two."""
    small, large = _hex_forms(raw)
    digits = max(_DIGITS.findall(small), key=len, default=b"")
    return {digits} if len(digits) >= _MIN_DIGITS else {small, large}


def _whole_base64_forms(raw: bytes) -> set[bytes]:
    whole = base64.b64encode(raw)
    forms = {whole, whole.rstrip(b"=")}
    return forms | {form.translate(_TO_URL_ALPHABET) for form in forms}


def _inner_base64(raw: bytes) -> list[bytes]:
    """Base64 of `raw` at each of the three places it can begin in, without the characters it shares with its neighbours.

    RFC 4648 section 4: four characters for three bytes.
    """
    found = []
    for shift, begin in ((0, 0), (1, 2), (2, 3)):
        encoded = base64.b64encode(bytes(shift) + raw).rstrip(b"=")
        found.append(encoded[begin : len(encoded) - (1 if (shift + len(raw)) % 3 else 0)])
    return found


def _base64_forms(raw: bytes) -> set[bytes]:
    """Base64 in both alphabets; and URL- and JSON-encoded, where it holds a character those change."""
    inner = _inner_base64(raw)
    forms = _whole_base64_forms(raw) | set(inner) | {form.translate(_TO_URL_ALPHABET) for form in inner}
    for form in [form for form in forms if not form.replace(b"-", b"").replace(b"_", b"").isalnum()]:
        escaped = quote(form, safe="").encode()
        forms |= {escaped, escaped.replace(b"%2F", b"%2f").replace(b"%2B", b"%2b").replace(b"%3D", b"%3d")}
        forms |= {form.replace(b"/", b"\\/"), form.replace(b"+", b"\\u002B"), form.replace(b"+", b"\\u002b")}
    return forms


def _base64_marks(raw: bytes) -> list[bytes]:
    """The longest run of letters and digits at each place: it is the same in both alphabets and however it is escaped."""
    return [max(_RUN.findall(form), key=len, default=b"") for form in _inner_base64(raw)]


def _without_supersets(marks: set[bytes]) -> tuple[bytes, ...]:
    """The marks that hold no other mark: where none of them stands, none of all does."""
    found: list[bytes] = []
    for mark in sorted(marks, key=len):
        if not any(other in mark for other in found):
            found.append(mark)
    return tuple(found)
