from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.due import due_dates

ZONE = ZoneInfo("Asia/Shanghai")
DAILY = ("30 21 * * *", "30 9 * * *")
WORKDAYS = ("30 21 * * 1-5",)
# Business dates are days of November 2026 (the 20th is a Friday); moments are written "day hour:minute".
STORIES = {
    "an ordinary evening": (DAILY, "20 21:30", {19: "20 09:40"}, 31, (20,)),
    "the morning after sees what came late": (DAILY, "21 09:30", {20: "20 21:40"}, 31, (20,)),
    "the very first run": (DAILY, "20 21:30", {}, 31, (20,)),
    "the evening's run waited for the ERP until the morning": (DAILY, "21 09:30", {20: "21 09:31"}, 31, ()),
    "a night off, the evening's run starts late": (DAILY, "20 21:30", {19: "20 09:40"}, 31, (20,)),
    "a night off, the morning's run starts after it": (DAILY, "21 09:30", {20: "21 10:02"}, 31, ()),
    "three nights off": (DAILY, "20 21:30", {17: "18 09:40"}, 31, (18, 19, 20)),
    "a late run of a date that another one caught up": (DAILY, "18 21:30", {17: "18 09:40", 18: "20 21:35"}, 31, ()),
    "a date in between failed": (DAILY, "20 21:30", {17: "17 21:40", 19: "19 21:40"}, 31, (18, 20)),
    "its own was done by hand, an earlier one is missing": (
        DAILY,
        "20 21:30",
        {17: "17 21:40", 18: "18 21:40", 20: "20 23:00"},
        31,
        (19,),
    ),
    "no runs are planned at the weekend": (WORKDAYS, "23 21:30", {20: "20 21:40"}, 31, (23,)),
    "a week off with a weekend in it": (WORKDAYS, "24 21:30", {18: "18 21:40"}, 31, (19, 20, 23, 24)),
    "a date that was run by hand ahead of time": (DAILY, "20 21:30", {19: "19 21:40", 25: "20 08:00"}, 31, (20,)),
    "longer off than the bound": (DAILY, "20 21:30", {2: "2 21:40"}, 3, (17, 18, 19, 20)),
    "nothing is caught up": (DAILY, "20 21:30", {18: "18 21:40"}, 0, (20,)),
}


def moment(text: str) -> dt.datetime:
    day, time = text.split()
    return dt.datetime.combine(date(int(day)), dt.time.fromisoformat(time), ZONE)


def date(day: int) -> dt.date:
    return dt.date(2026, 11, day)


def date_of(at: dt.datetime) -> dt.date:
    return at.date() - dt.timedelta(days=at.hour < 12)


@pytest.mark.parametrize("story", STORIES)
def test_missed_dates_are_done_once_and_in_order(story: str) -> None:
    schedules, scheduled, ended, bound, wanted = STORIES[story]
    reported = {date(day): moment(at) for day, at in ended.items()}
    due = due_dates(moment(scheduled), date_of, schedules, reported, bound)
    assert due.dates == tuple(date(day) for day in wanted)


@pytest.mark.parametrize(
    ("last", "passed_over"),
    [(15, None), (16, None), (14, (15, 15)), (2, (3, 15))],
)
def test_dates_longer_ago_than_the_bound_are_named(last: int, passed_over: tuple[int, int] | None) -> None:
    due = due_dates(moment("20 21:30"), date_of, DAILY, {date(last): moment(f"{last} 21:40")}, 4)
    assert due.passed_over == (passed_over and (date(passed_over[0]), date(passed_over[1])))


@given(st.permutations(range(12)), st.integers(0, 12), st.integers(0, 5))
def test_late_runs_in_any_order_do_each_date_once_in_order(order: list[int], started: int, done_before: int) -> None:
    """Six dates with two runs each; the first dates were done in time, then all the others start in any order."""
    first = moment("10 21:30")
    plans = [first + dt.timedelta(hours=12) * number for number in range(12)]
    reported = {date(9): moment("9 21:40")}
    reported |= {date_of(plans[2 * number]): plans[2 * number] for number in range(done_before)}
    done: list[dt.date] = []
    now = plans[-1] + dt.timedelta(minutes=started + 1)
    for number in order:
        if number < 2 * done_before:
            continue
        for one in due_dates(plans[number], date_of, DAILY, reported, 31).dates:
            done.append(one)
            reported[one] = now
    wanted = [date_of(plans[2 * number]) for number in range(done_before, 6)]
    assert done == wanted
