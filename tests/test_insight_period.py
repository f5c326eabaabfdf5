"""The days of a report in the shop's time zone: none is lost or counted twice, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.insight.period import By, Period
from knowledge.errors import EntryInvalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    SHANGHAI,
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("UTC"),
]
NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # half past one the next morning in Shanghai

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(days)
    last = first + timedelta(draw(st.integers(0, 120)))
    by: By = draw(st.sampled_from(["day", "week"]))
    return Period.of(first, last, draw(st.sampled_from(ZONES)), NOW, by)


def test_without_dates_it_is_the_last_seven_days_of_the_shop() -> None:
    assert Period.of(None, None, SHANGHAI, NOW) == Period(date(2026, 11, 17), date(2026, 11, 23), SHANGHAI, "day")
    assert Period.of(None, None, ZoneInfo("UTC"), NOW).last == date(2026, 11, 22)


def test_one_date_gives_a_week_from_or_up_to_it() -> None:
    assert Period.of(date(2026, 5, 1), None, SHANGHAI, NOW).last == date(2026, 5, 7)
    assert Period.of(None, date(2026, 5, 7), SHANGHAI, NOW).first == date(2026, 5, 1)


def test_a_day_begins_at_the_shops_midnight() -> None:
    period = Period.of(date(2026, 5, 20), date(2026, 5, 20), SHANGHAI, NOW)
    assert period.start == datetime(2026, 5, 19, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 5, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25)])
def test_a_day_on_which_the_clocks_change_is_shorter_or_longer(day: date, hours: int) -> None:
    period = Period.of(day, day, ZoneInfo("America/New_York"), NOW)
    assert period.end.astimezone(UTC) - period.start.astimezone(UTC) == timedelta(hours=hours)


@given(periods())
def test_parts_cover_every_day_once_in_order(period: Period) -> None:
    covered = [first + timedelta(n) for first, last in period.buckets for n in range((last - first).days + 1)]
    assert covered == [period.first + timedelta(n) for n in range(period.days)]


@given(periods())
def test_weeks_begin_on_monday_but_for_the_first(period: Period) -> None:
    if period.by == "week":
        assert all(first.weekday() == 0 for first, _ in period.buckets[1:])


@given(periods(), st.floats(0, 1, exclude_max=True))
def test_a_moment_lies_in_the_part_that_has_its_day(period: Period, part: float) -> None:
    start, end = period.start.astimezone(UTC), period.end.astimezone(UTC)
    moment = min(start + (end - start) * part, end - timedelta(microseconds=1))
    first, last = period.buckets[period.bucket_of(moment)]
    assert first <= moment.astimezone(period.zone).date() <= last


@given(periods())
def test_the_period_before_has_as_many_days_and_ends_where_this_one_begins(period: Period) -> None:
    assert (period.before().days, period.before().end) == (period.days, period.start)


@pytest.mark.parametrize(
    ("since", "until", "reason"),
    [
        (date(2026, 5, 2), date(2026, 5, 1), "之后"),
        (date(2024, 1, 1), date(2026, 5, 1), "超过一年"),
        (date(1, 1, 1), None, "不像"),
        (None, date(9999, 12, 31), "不像"),
        (date(9999, 12, 31), None, "不像"),
    ],
)
def test_dates_that_make_no_sense_are_refused_with_the_reason(
    since: date | None, until: date | None, reason: str
) -> None:
    with pytest.raises(EntryInvalid, match=reason):
        Period.of(since, until, SHANGHAI, NOW)


@pytest.mark.parametrize("field", ["since", "until"])
def test_an_impossible_year_is_told_of_the_day_that_has_it(field: str) -> None:
    days = {"since": date(2026, 11, 1), "until": date(2026, 11, 7), field: date(1066, 10, 14)}
    with pytest.raises(EntryInvalid) as told:
        Period.of(days["since"], days["until"], SHANGHAI, NOW)
    assert [each.field for each in told.value.problems] == [field]
