"""Logs: JSON lines (or text for people), one shape for our own events and for those of the libraries."""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.tracebacks import ExceptionDictTransformer

from recado.settings import Settings

_CONTROL: Final = {code: f"\\x{code:02x}" for code in [*range(32), 127] if code not in {9, 10}}


def configure(settings: Settings) -> None:
    """Send every log line to standard error in the chosen format."""
    level = getattr(logging, settings.log_level.upper())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    # Tracebacks never show the values of variables: requests and secrets are among them.
    if settings.log_format == "json":
        tracebacks = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        last: list[Any] = [tracebacks, structlog.processors.JSONRenderer(sort_keys=False)]
    else:
        last = [ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain_traceback)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Bridge()], force=True)


class _Bridge(logging.Handler):
    """Hands the libraries' own lines on, control characters escaped so that nobody can forge a line."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line of a library."""
        text = record.getMessage().translate(_CONTROL)
        structlog.get_logger(record.name).log(record.levelno, text, exc_info=record.exc_info or None)
