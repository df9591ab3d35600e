"""Turns an error into `application/problem+json` (RFC 9457) with our stable code; the only place that speaks HTTP of errors."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    SerializationException,
    ValidationException,
)
from litestar.openapi import ResponseSpec

from recado.errors import (
    BadRequest,
    BodyNotJson,
    BodyTooLarge,
    FlowHasProblems,
    InUse,
    Invalid,
    LoginRequired,
    MethodNotAllowed,
    NotFound,
    RecadoError,
    UnknownField,
    ValidationFailed,
)
from recado.web.body import MOST_BYTES

MEDIA_TYPE: Final = "application/problem+json"
_log: Final = structlog.get_logger("recado.web")
_WORDS: Final = {
    400: "The request cannot be read.",
    401: "Nobody is signed in.",
    403: "The role does not allow this.",
    404: "There is nothing here.",
    405: "Another method is meant.",
    409: "This does not go with what is there.",
    410: "It was there and is no more.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    421: "Cannot be decrypted; the client takes the public key anew and tries again.",
    422: "Some fields need to be corrected.",
    427: "The form is over; the client is told why.",
    429: "Too many requests; try again later.",
    432: "The signature does not fit.",
    502: "The executor broke off before it answered; only where a server is split into two processes.",
    503: "The server cannot serve this now; try again shortly.",
    507: "The disk of the server is full.",
}


class FieldProblem(msgspec.Struct, omit_defaults=True):
    """One wrong field: where, the stable code, the sentence, and the facts in it for who says it in another language."""

    path: str
    code: str
    message: str
    params: dict[str, str] = {}


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457 with `code` and the facts of its sentence; `errors` names each wrong field, `used_by` what uses a thing.

    `problems` are those of a flow that cannot be published, in the shape of its validation.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = []
    used_by: list[dict[str, str]] = []
    problems: list[dict[str, Any]] = []
    params: dict[str, str] = {}
    request_id: str = ""


def problem_of(error: RecadoError, request_id: str = "") -> Problem:
    """What the caller is shown; a lone field problem gives its own code to the whole."""
    fields = error.problems if isinstance(error, ValidationFailed) else [error] if isinstance(error, Invalid) else []
    shown = fields[0] if len(fields) == 1 else error
    return Problem(
        type=f"urn:recado:error:{shown.code}",
        title=shown.code.replace("_", " ").capitalize(),
        status=error.status,
        detail=str(shown),
        code=shown.code,
        errors=[FieldProblem(field.path, field.code, str(field), field.params) for field in fields],
        used_by=error.facts.get("used_by", []) if isinstance(error, InUse) else [],  # type: ignore[arg-type]  # its class says so
        problems=error.facts.get("problems", []) if isinstance(error, FlowHasProblems) else [],  # type: ignore[arg-type]  # the same
        params=shown.params,
        request_id=request_id,
    )


def headers_of(error: RecadoError) -> dict[str, str]:
    """`Retry-After` where trying again helps, `WWW-Authenticate` where signing in does."""
    headers = {"cache-control": "no-store"}
    if error.is_retryable:
        headers["retry-after"] = str(error.facts.get("seconds", 1))
    if isinstance(error, LoginRequired):
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed) and error.facts.get("allow"):
        headers["allow"] = str(error.facts["allow"])
    return headers


def translate(problem: Exception, most_bytes: int) -> RecadoError:
    """The error of ours that an exception of the framework stands for; anything unknown is an `internal_error`."""
    if isinstance(problem, RecadoError):
        return problem
    if isinstance(problem, MethodNotAllowedException):
        headers = problem.headers or {}
        return MethodNotAllowed(method="this method", allow=headers.get("allow") or headers.get("Allow") or "")
    if isinstance(problem, NotFoundException):
        return NotFound()
    if isinstance(problem, ValidationException):
        fields = _fields_of(problem)
        if any(field.path == "data" for field in fields):  # the framework's word for a body that is not there
            return BodyNotJson(reason="it is empty")
        return ValidationFailed(fields) if fields else BadRequest(reason="The request cannot be read.")
    if isinstance(problem, SerializationException):
        return BodyNotJson(reason="it cannot be read")
    if isinstance(problem, ClientException):
        if problem.status_code == BodyTooLarge.status:
            return BodyTooLarge(limit=f"{most_bytes // 1024} KiB")
        return BadRequest(reason="The request cannot be read.")
    return RecadoError()


def _fields_of(problem: ValidationException) -> list[RecadoError]:
    """The wrong query and path parameters the framework found."""
    extra: Any = problem.extra
    return [
        UnknownField(str(item.get("key", "")), name=str(item.get("key", "")))
        if "nexpected" in str(item.get("message", ""))
        else Invalid(str(item.get("key", "")), reason=f"{str(item.get('message', '')).replace('`', '')}.")
        for item in (extra if isinstance(extra, list) else [])
        if isinstance(item, dict)
    ]


def handle(request: Request[Any, Any, Any], problem: Exception) -> Response[Problem]:
    """The exception handler of the whole application."""
    request_id = request.scope.get("state", {}).get("request_id", "")
    handler: Any = request.scope.get("route_handler")  # there is none where no route is
    error = translate(problem, handler.opt.get("most_bytes", MOST_BYTES) if handler else MOST_BYTES)
    if error.status >= 500 and (not isinstance(problem, RecadoError | HTTPException) or type(error) is RecadoError):
        _log.error("unexpected_error", request_id=request_id, exc_info=problem)
    return Response(
        problem_of(error, request_id), status_code=error.status, media_type=MEDIA_TYPE, headers=headers_of(error)
    )


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The error answers of a route, for its OpenAPI description; what every route can answer is added."""
    return {status: problem_spec(status) for status in sorted({400, 401, 403, 429, 503, 507, *statuses})}


@cache
def problem_spec(status: int) -> ResponseSpec:
    """One of them."""
    return ResponseSpec(Problem, description=_WORDS[status], media_type=MEDIA_TYPE, generate_examples=False)
