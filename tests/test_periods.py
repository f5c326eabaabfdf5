"""Named periods: the one that is running or comes next, by the shop's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.periods import Period, default_periods

SHANGHAI = ZoneInfo("Asia/Shanghai")
DOUBLE_11 = Period(name="双11", first="10-15", last="11-14", opens="20:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "since", "until"),
    [
        ("2026-06-01T10:00", "2026-10-15T20:00", "2026-11-15T00:00"),
        ("2026-11-11T10:00", "2026-10-15T20:00", "2026-11-15T00:00"),
        ("2026-11-15T00:00", "2027-10-15T20:00", "2027-11-15T00:00"),
    ],
)
def test_the_running_or_the_next_one_is_offered(now: str, since: str, until: str) -> None:
    assert DOUBLE_11.next(at(now), SHANGHAI) == (at(since), at(until))


def test_a_period_over_the_turn_of_the_year() -> None:
    new_year = Period(name="元旦", first="12-30", last="01-03")
    assert new_year.next(at("2027-01-02T10:00"), SHANGHAI) == (at("2026-12-30T00:00"), at("2027-01-04T00:00"))
    assert new_year.next(at("2027-01-04T00:00"), SHANGHAI)[0] == at("2027-12-30T00:00")


def test_days_with_a_year_are_offered_as_they_are() -> None:
    once = Period(name="店庆", first="2026-03-01", last="2026-03-02", opens="10:00", closes="18:30")
    assert once.next(at("2027-01-01T00:00"), SHANGHAI) == (at("2026-03-01T10:00"), at("2026-03-02T18:30"))


def test_the_clock_is_the_shops() -> None:
    urumqi = ZoneInfo("Asia/Urumqi")
    since, _ = DOUBLE_11.next(datetime(2026, 1, 1, tzinfo=UTC), urumqi)
    assert since.isoformat() == "2026-10-15T20:00:00+06:00"


days = st.dates().map(lambda day: f"{day:%m-%d}")
moments = st.datetimes(datetime(2020, 1, 1), datetime(2900, 1, 1), timezones=st.just(SHANGHAI))


@given(days, days, moments)
def test_what_is_offered_is_never_over_and_never_longer_than_a_year(first: str, last: str, now: datetime) -> None:
    since, until = Period(name="任何", first=first, last=last).next(now, SHANGHAI)
    assert since < until
    assert now < until
    assert until - since <= timedelta(days=367)
    assert since - now <= timedelta(days=367)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"first": "13-01"}, "不是日期"),
        ({"first": "02-30"}, "不是日期"),
        ({"first": "9999-01-01", "last": "9999-01-02"}, "不是日期"),
        ({"last": "2026-11-14"}, "要么都带年份"),
        ({"opens": "25:00"}, "不是钟点"),
        ({"opens": "24:00", "first": "11-14"}, "结束不晚于开始"),
        ({"first": "2026-11-14", "last": "2026-11-01"}, "结束不晚于开始"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_no_period_is_refused_with_the_reason(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Period.model_validate({**DOUBLE_11.model_dump(), **fields})


def test_the_usual_periods_have_names_of_their_own() -> None:
    names = [period.name for period in default_periods()]
    assert {"双11", "618", "年货节"} <= set(names)
    assert len(set(names)) == len(names)
