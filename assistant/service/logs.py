"""Logs: one line an event on standard error, so that standard output holds only what a command gives."""

from __future__ import annotations

import logging
import sys

import structlog

from assistant.masking import mask_all


def masked(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Mask whatever a log line says about people, also inside the text of an error."""
    return {name: mask_all(value) for name, value in event.items()}


def configure_logs(level: str) -> None:
    """Log from `level` up, as text for people on a terminal and as JSON for programs elsewhere."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.format_exc_info,
            masked,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
