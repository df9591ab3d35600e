"""Picks the outputs of an action out of an answer: found, null, missing or of another type, and nothing in between."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

import msgspec

from recado.actions.content import Content
from recado.actions.paths import MISSING, Path, compile_path, walk
from recado.actions.shape import Shape
from recado.errors import OutputMissing, OutputNull, OutputType, ResponseJsonLimit, ResponseNotJson
from recado.fields import MAX_DIGITS, TYPE_WORDS, FieldType, Moment, parse_moment, whole_of, write_decimal
from recado.outbound.response import Response, first_header

OutputFieldType = FieldType | Literal["json"]
"""The five types of a field, and `json`: an object, a list or any value picked whole."""

PickResult = Literal["found", "null", "missing", "wrong_type"]
PickError = OutputMissing | OutputNull | OutputType | ResponseJsonLimit | ResponseNotJson

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EXACT_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]*")
_EXACT_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,6})?")  # RFC 8259 section 6
_EPOCH_DIGITS: Final = re.compile(r"-?[1-9][0-9]{8,18}")
_WORDS: Final = {"true": True, "false": False}
_WORD_BREAK: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")
_NOT_IDENTIFIER: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One output as its author wrote it: where it stands, what flows call it, its type, and whether it must be there."""

    key: str
    identifier: str
    type: OutputFieldType
    is_required: bool = False


class CompiledOutput(NamedTuple):
    """An output ready to be picked."""

    spec: OutputSpec
    path: Path


class OutputSet(tuple[CompiledOutput, ...]):  # noqa: SLOT001 - a tuple can have no slots, and `shape` is kept
    """The outputs of one action, which are picked again and again."""

    @cached_property
    def shape(self) -> Shape | None:
        """Reads just what the outputs want; None where one of them wants the whole body, or none wants any of it."""
        paths = [path.segments for _, path in self if path.source == "json"]
        if not paths or any(path.source == "body" for _, path in self):
            return None
        try:
            return Shape(paths)
        except ValueError:
            return None


class OutputResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one output; `value` is there when it was found (and None when it was null)."""

    identifier: str
    key: str
    result: PickResult
    value: Any = msgspec.UNSET


class Picked(NamedTuple):
    """The outputs by identifier, what became of each, and the first failure among the required ones.

    An output that was null is in `outputs` as None; one that was missing or of another type is not in it.
    """

    outputs: dict[str, Any]
    results: list[OutputResult]
    error: PickError | None


class ResponseView:
    """An answer as outputs see it; its body is read once, whoever asks first."""

    __slots__ = ("content", "headers", "status")

    def __init__(self, status: int, headers: Sequence[tuple[str, str]], body: bytes, content_type: str = "") -> None:
        self.status = status
        self.headers = headers
        self.content = Content(body, content_type or first_header(headers, "content-type") or "")

    @classmethod
    def of(cls, response: Response) -> ResponseView:
        """The view of a response we received."""
        return cls(response.status, response.headers, response.body)

    def header(self, name: str) -> str | None:
        """The first header of this lower-case name; None when absent."""
        return first_header(self.headers, name)


def compile_output(spec: OutputSpec) -> CompiledOutput:
    """Make an output ready to be picked. Raises OutputKeyInvalid, FieldTooLong."""
    path = compile_path(spec.key)
    if path.source == "body" and spec.type == "json":
        path = Path(spec.key, "json")  # the whole body as JSON is the root of every path
    return CompiledOutput(spec, path)


def pick_outputs(outputs: Iterable[CompiledOutput], view: ResponseView) -> Picked:
    """Pick every output; never raises.

    The values are str, int, Decimal (digits kept), bool, RFC 3339 text for `datetime`, and JSON values whole for `json`.
    The error is the first required output's that failed, or ResponseNotJson and ResponseJsonLimit when the body cannot be
    read and an output needs it.
    """
    values: dict[str, Any] = {}
    results: list[OutputResult] = []
    failure: PickError | None = None
    root: Any = MISSING
    shape = outputs.shape if isinstance(outputs, OutputSet) else None
    found = None if shape is None else view.content.read_shape(shape)
    has_read = False
    for spec, path in outputs:
        if path.source != "json":
            raw = _built_in(path, view)
        elif found is not None:
            raw = next(found)
        else:
            if not has_read:
                has_read = True
                root, failure = _read_root(view.content)
            raw = MISSING if root is MISSING else walk(root, path.segments)
        value = raw if raw is None or raw is MISSING else _CONVERT[spec.type](raw)
        result = _name_result(raw, value)
        if value is MISSING:
            results.append(OutputResult(spec.identifier, spec.key, result))
        else:
            values[spec.identifier] = value
            results.append(OutputResult(spec.identifier, spec.key, result, value))
        if spec.is_required and failure is None and result != "found":
            failure = _error_of(spec, result)
    return Picked(values, results, failure)


def suggest_identifier(key: str) -> str:
    """The identifier an output gets when its author gives none: the key's last name made to fit the identifier rule.

    `data.userId` -> `user_id`, `items[0]` -> `items`, `['2FA code']` -> `value_2fa_code`, `$` -> `output`.
    Raises OutputKeyInvalid, FieldTooLong.
    """
    name = _WORD_BREAK.sub("_", compile_path(key).last_name)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    identifier = _NOT_IDENTIFIER.sub("_", plain).strip("_")
    if identifier[:1].isdigit():
        identifier = f"value_{identifier}"
    return identifier[:64].rstrip("_") or "output"


def _name_result(raw: Any, value: Any) -> PickResult:
    if raw is None:
        return "null"
    if value is MISSING:
        return "missing" if raw is MISSING else "wrong_type"
    return "found"


def _error_of(spec: OutputSpec, result: PickResult) -> PickError:
    """The error of an output that is required and was not found."""
    if result == "missing":
        return OutputMissing(key=spec.key)
    return OutputNull(key=spec.key) if result == "null" else OutputType(key=spec.key, type=TYPE_WORDS[spec.type])


def _read_root(content: Content) -> tuple[Any, PickError | None]:
    try:
        return content.json, None
    except (ResponseNotJson, ResponseJsonLimit) as error:
        return MISSING, error
    except LookupError:
        return MISSING, None


def _built_in(path: Path, view: ResponseView) -> Any:
    if path.source == "status":
        return view.status
    if path.source == "header":
        value = view.header(path.header)
        return MISSING if value is None else value
    text = view.content.text
    return MISSING if text is None else text


# Each conversion takes a JSON value that is not null and gives MISSING where something would be lost.


def _to_string(raw: Any) -> Any:
    if type(raw) is str:
        return raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Decimal):
        return write_decimal(raw)
    return str(raw) if isinstance(raw, int) else MISSING


def _to_integer(raw: Any) -> Any:
    if type(raw) is int:
        return raw
    if isinstance(raw, Decimal):
        whole = whole_of(raw)
        return MISSING if whole is None else whole
    if isinstance(raw, str) and len(raw) <= MAX_DIGITS and _EXACT_INTEGER.fullmatch(raw):
        return int(raw)
    return MISSING


def _to_number(raw: Any) -> Any:
    if type(raw) is Decimal:
        return raw
    if type(raw) is int or (isinstance(raw, str) and len(raw) <= MAX_DIGITS and _EXACT_NUMBER.fullmatch(raw)):
        return Decimal(raw)
    return MISSING


def _to_boolean(raw: Any) -> Any:
    if isinstance(raw, bool):
        return raw
    return _WORDS.get(raw.lower(), MISSING) if isinstance(raw, str) else MISSING


def _to_datetime(raw: Any) -> Any:
    if isinstance(raw, str) and not _EPOCH_DIGITS.fullmatch(raw):
        moment = parse_moment(raw) if raw[4:5] == "-" else None  # ISO only: 02/03/2026 would be a guess
    elif isinstance(raw, bool) or not isinstance(raw, (int, str, Decimal)):
        return MISSING
    else:
        moment = _from_epoch(Decimal(raw))
    return MISSING if moment is None else moment.text()


def _from_epoch(number: Decimal) -> Moment | None:
    """Seconds since 1970, or milli-, micro- or nanoseconds, told apart by size: seconds reach to the year 5138."""
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or not -18 <= exponent <= 0 or number.adjusted() > 19:
        return None
    size = number.adjusted() + 1  # digits before the point
    places = (0 if size <= 11 else 3 if size <= 14 else 6 if size <= 17 else 9) - exponent
    whole = int("".join(map(str, digits)))
    seconds, rest = divmod(-whole if sign else whole, 10**places)  # integers: a Decimal division would round
    fraction = f"{rest:0{places}d}".rstrip("0") if rest else ""
    try:
        return Moment(_EPOCH + dt.timedelta(seconds=seconds), fraction)
    except OverflowError:
        return None


def _to_json(raw: Any) -> Any:
    return raw


_CONVERT: Final = {
    "string": _to_string,
    "integer": _to_integer,
    "number": _to_number,
    "boolean": _to_boolean,
    "datetime": _to_datetime,
    "json": _to_json,
}
