"""Moments as the records keep them: ISO 8601 in UTC with milliseconds, which sorts as text as it does in time."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """A timezone-aware moment as it is stored."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def moment(stored: str | None) -> datetime | None:
    """A stored moment; None stays None."""
    return datetime.fromisoformat(stored) if stored else None


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
