"""The complaints of a year in figures for the management review (spec 05)."""

from __future__ import annotations

from typing import Any

from tasks.survey.yearly import yearly_statistics
from tests.survey.drawn_forms import day, drawn_cases

CASES = drawn_cases("""
case | form | question | department | sort  | state     | opened_on  | due_on     | closed_on
1    | W-1  | 质量     | 一部       | valid | closed    | 02         | 09         | 09
2    | W-2  | 质量     | 一部       | valid | closed    | 02         | 09         | 10
3    | W-3  | overall  | 二部       | help  | open      | 16         | 23         | -
4    | W-4  | 外观     | 二部       |       | handled   | 10-12      | 10-19      | -
5    | W-5  | 外观     | 二部       | help  | withdrawn | 16         | 23         | 17
6    | W-6  | 外观     | 二部       | help  | closed    | 2025-12-30 | 2026-01-07 | 2026-01-05
7    | W-7  | 外观     | 二部       | help  | closed    | 16         | 23         | 12
""")


def line(by: str, value: str) -> dict[str, Any]:
    found = yearly_statistics(CASES, 2026, day("20"))
    (row,) = found[(found["by"] == by) & (found["value"] == value)].to_dict("records")
    figures = {str(name): cell for name, cell in row.items() if name not in {"by", "value"}}
    return figures | {"days": str(figures["days"])}


def counted(opened: int, still: int, closed: int, in_time: int, overdue: int, days: str) -> dict[str, Any]:
    return {"opened": opened, "open": still, "closed": closed, "in_time": in_time, "overdue": overdue, "days": days}


def test_the_year_counts_what_was_opened_in_it_and_not_withdrawn() -> None:
    # 5, 6 and 0 working days; what was settled before it was counted took none.
    assert line("total", "") == counted(5, 2, 3, 2, 2, "3.7")


def test_it_is_told_by_sort_department_question_and_month() -> None:
    assert line("sort", "valid") == counted(2, 0, 2, 1, 1, "5.5")
    assert line("sort", "") == counted(1, 1, 0, 0, 1, "None")
    assert line("department", "二部") == counted(3, 2, 1, 1, 1, "0.0")
    assert line("question", "overall") == counted(1, 1, 0, 0, 0, "None")
    assert line("month", "2026-10") == counted(1, 1, 0, 0, 1, "None")


def test_every_way_adds_up_to_the_total() -> None:
    sums = (
        yearly_statistics(CASES, 2026, day("20"))
        .groupby("by")[["opened", "open", "closed", "in_time", "overdue"]]
        .sum()
    )
    assert (sums == sums.loc["total"]).all(axis=None)


def test_a_year_without_complaints_has_no_lines() -> None:
    assert yearly_statistics(CASES, 2020, day("20")).empty
    assert yearly_statistics(drawn_cases("case"), 2026, day("20")).empty
