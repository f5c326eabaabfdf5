"""Named periods of the trade (双11, 618, 年货节 …), which editors pick effective times from."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from models.data_files import read_data

_DAY = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_LEAP_YEAR = 2000  # a year in which every day of a calendar exists
MAX_PERIODS = 100


def _is_a_day(text: str) -> str:
    found = _DAY.fullmatch(text)
    try:
        year = int(found[1] or _LEAP_YEAR) if found else 0
        if not found or not 2000 <= year < 3000:
            raise ValueError
        date(year, int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"{text} 不是日期，请写成 11-11（每年）或 2026-11-11（只此一次）") from None
    return text


def _is_a_clock(text: str) -> str:
    if text != "24:00" and not _CLOCK.fullmatch(text):
        raise ValueError(f"{text} 不是钟点，请写成 20:00 这样，到当天结束写 24:00")
    return text


Day = Annotated[str, AfterValidator(_is_a_day)]
Clock = Annotated[str, AfterValidator(_is_a_clock)]


class Period(BaseModel):
    """From `opens` on the first day to `closes` on the last; every year, or once where the days have a year."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=30)
    first: Day
    last: Day
    opens: Clock = "00:00"
    closes: Clock = "24:00"

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if (len(self.first) == len("11-11")) != (len(self.last) == len("11-11")):
            raise ValueError(f"“{self.name}”的两个日期要么都带年份，要么都不带")
        if self._is_once and (self.last, self.closes) <= (self.first, self.opens):
            raise ValueError(f"“{self.name}”的结束不晚于开始")
        if self.first == self.last and self.closes <= self.opens:
            raise ValueError(f"“{self.name}”的结束不晚于开始")
        return self

    @property
    def _is_once(self) -> bool:
        return len(self.first) > len("11-11")

    def next(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Begin and end of the one that is running, or of the next; of a single one, its own even when it is over."""
        if self._is_once:
            return self._within(None, None, zone)
        year = now.astimezone(zone).year
        wraps = self.last < self.first
        spans = [self._within(each, each + wraps, zone) for each in (year - 1, year, year + 1)]
        return next((span for span in spans if span[1] > now), spans[-1])

    def _within(self, first_year: int | None, last_year: int | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
        return _moment(self.first, first_year, self.opens, zone), _moment(self.last, last_year, self.closes, zone)


@cache
def default_periods() -> tuple[Period, ...]:
    """What a shop has that has not written its own."""
    rows = read_data("knowledge", "periods.yaml")
    return tuple(Period.model_validate(row) for row in rows)


def _moment(day: str, year: int | None, clock: str, zone: ZoneInfo) -> datetime:
    *own, month, number = map(int, day.split("-"))
    hour, minute = map(int, clock.split(":"))
    # The 29th of February is the 1st of March in other years; 24:00 is the next day's midnight.
    on = date(own[0] if own else year or _LEAP_YEAR, month, 1) + timedelta(days=number - 1 + hour // 24)
    return datetime.combine(on, time(hour % 24, minute), zone)
