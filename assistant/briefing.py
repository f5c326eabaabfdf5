"""The briefing of a shift: what the shop's knowledge says now that it did not say when the last shift ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from knowledge.entries import Entry
from knowledge.entry_diff import FieldChange, entry_diff, summary
from knowledge.entry_history import EntryChange
from knowledge.snapshot import Snapshot

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the briefing; `by` and `at` where it was changed, `changes` where there was something before."""

    entry: Entry
    by: str | None = None
    at: datetime | None = None
    changes: tuple[FieldChange, ...] = ()

    @property
    def summary(self) -> str | None:
        """The changes in a line."""
        return summary(self.changes) if self.changes else None


@dataclass(frozen=True, slots=True)
class Briefing:
    """What agents can say since then, what reads differently, what they may not say any more, and what ends soon."""

    new: tuple[Line, ...]
    changed: tuple[Line, ...]
    withdrawn: tuple[Line, ...]
    expiring: tuple[Line, ...]
    emergency: tuple[Line, ...]


def brief(snapshot: Snapshot, changes: Sequence[EntryChange], shop_id: str, now: datetime) -> Briefing:
    """The briefing from the knowledge as it is and its changes since the last shift, the latest first."""
    new, changed, withdrawn = [], [], []
    for change in changes:
        before, after = _said(change.before), _said(change.after)
        if before and after:
            differences = tuple(entry_diff(before, after))
            changed += [Line(after, change.by, change.saved_at, differences)] if differences else []
        elif after:
            new.append(Line(after, change.by, change.saved_at))
        elif before:
            withdrawn.append(Line(before, change.by, change.saved_at))
    own = [entry for entry in snapshot.entries.values() if entry.shop_id in (None, shop_id)]
    return Briefing(
        new=tuple(new),
        changed=tuple(changed),
        withdrawn=tuple(withdrawn),
        expiring=tuple(Line(entry) for entry in _expiring(own, now)),
        emergency=tuple(Line(entry) for entry in own if entry.is_emergency and _in_effect(entry, now)),
    )


def _said(entry: Entry | None) -> Entry | None:
    """The entry as agents know it: only what is published."""
    return entry if entry and entry.status == "published" else None


def _expiring(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """What ends within a week, the first to end first."""
    ends = [(entry.effective_until, entry.id, entry) for entry in entries if entry.effective_until]
    return [entry for until, _, entry in sorted(ends, key=lambda end: end[:2]) if now < until <= now + SOON]


def _in_effect(entry: Entry, now: datetime) -> bool:
    since, until = entry.effective_from, entry.effective_until
    return (since is None or since <= now) and (until is None or now < until)
