"""The days a report is about, in the shop's time zone, cut into days or weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from knowledge.errors import EntryInvalid, Problem

By = Literal["day", "week"]
LONGEST = 366  # days
_DAILY = 31  # days up to which a trend is read by the day
_USUAL = 7  # days of a report that says nothing else
_YEARS = 1990, 2100


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both counted; `by` is how a trend over it is cut."""

    first: date
    last: date
    zone: ZoneInfo
    by: By

    @classmethod
    def of(cls, since: date | None, until: date | None, zone: ZoneInfo, now: datetime, by: By | None = None) -> Period:
        """The days asked for; the last seven where nothing is said. Raises EntryInvalid for days in a wrong order."""
        for field, day in (("since", since), ("until", until)):
            if day and not _YEARS[0] <= day.year <= _YEARS[1]:
                raise EntryInvalid([Problem(field, f"{day} 不像是真的日期", "请检查年份")])
        last = until or (since + timedelta(_USUAL - 1) if since else now.astimezone(zone).date())
        first = since or last - timedelta(_USUAL - 1)
        if first > last:
            raise EntryInvalid([Problem("since", f"{first} 在 {last} 之后", "请让开始日期不晚于结束日期")])
        if (last - first).days >= LONGEST:
            raise EntryInvalid([Problem("since", "日期跨度超过一年", f"请一次最多看 {LONGEST} 天")])
        return cls(first, last, zone, by or ("day" if (last - first).days < _DAILY else "week"))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """The first moment."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The moment after the last."""
        return _midnight(self.last + timedelta(1), self.zone)

    def before(self) -> Period:
        """As many days, up to the day before the first."""
        return Period(self.first - timedelta(self.days), self.first - timedelta(1), self.zone, self.by)

    @cached_property
    def buckets(self) -> tuple[tuple[date, date], ...]:
        """First and last day of every part; weeks begin on Monday, so those at the ends may be shorter."""
        parts: list[tuple[date, date]] = []
        day = self.first
        while day <= self.last:
            end = day if self.by == "day" else min(day + timedelta(6 - day.weekday()), self.last)
            parts.append((day, end))
            day = end + timedelta(1)
        return tuple(parts)

    def bucket_of(self, moment: datetime) -> int:
        """The number of the part that a moment of the period lies in."""
        day = moment.astimezone(self.zone).date()
        if self.by == "day":
            return (day - self.first).days
        return (day - self.first + timedelta(self.first.weekday())).days // 7


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
