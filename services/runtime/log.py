"""Logs: a constant message and fields, as JSON lines on stderr where no terminal is attached."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

# aiokafka logs every retry as an error with a stack; what matters of it is decided and logged by the runner.
NOISY = {
    "aiokafka": logging.CRITICAL,
    "asyncio": logging.CRITICAL,
    "httpx": logging.WARNING,
    "uvicorn": logging.WARNING,
}


def configure_logging(level: str = "info", *, service: str | None = None) -> None:
    """Set up structlog and the standard library's logging for this process."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if sys.stderr.isatty():
        ends: list[Processor] = [structlog.dev.ConsoleRenderer()]
    else:
        ends = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[*shared, *ends],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    if service:
        structlog.contextvars.bind_contextvars(service=service)
    _route_standard_library(shared, ends, level)


def _route_standard_library(shared: list[Processor], ends: list[Processor], level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove_meta, *ends])
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name, least in NOISY.items():
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else least)
