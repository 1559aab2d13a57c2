"""A supervised count has a supervisor from another site (spec 02)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from tasks.stocktake.supervising import is_supervised, supervision
from tests.stocktake.drawing import COUNT, POLICY, SHEET, frame

SITES = pd.DataFrame(
    [("DF01", "张工", "赵代表"), ("DF02", "王工", "冯代表")], columns=["site", "custodian", "representative"]
)


def told(by: str, *, supervised: bool = True) -> list[tuple[str, tuple[str, ...]]]:
    """What is said of a sheet of DF01 whose two counted lines were supervised by the first and the second of `by`."""
    first, second = by.split("|")
    lines = frame(
        "variances",
        f"""
        item | counted | counted_by | supervised_by
        A1   | 5       | 张工       | {first}
        A2   | 5       | 李工       | {second}
        A3   | -       | -          | -
        """,
    )
    found = supervision(lines, SITES, supervised=supervised)
    assert {one.number for one in found} <= {SHEET}
    return [(one.fault, one.people) for one in found]


@pytest.mark.parametrize(
    ("by", "faults"),
    [
        ("冯代表|冯代表", []),
        ("冯 代表|王工", []),
        ("冯代表|-", [("nobody", ())]),
        ("赵代表|冯代表", [("own", ("赵代表",))]),
        ("冯代表|李工", [("own", ("李工",))]),
        ("冯代表|外聘审计", [("unknown", ("外聘审计",))]),
        ("-|-", [("nobody", ())]),
        ("张工|外聘审计", [("own", ("张工",)), ("unknown", ("外聘审计",))]),
    ],
)
def test_a_supervisor_comes_from_another_site(by: str, faults: list[tuple[str, tuple[str, ...]]]) -> None:
    assert told(by) == faults


@pytest.mark.parametrize(("by", "faults"), [("-|-", []), ("外聘审计|-", []), ("赵代表|-", [("own", ("赵代表",))])])
def test_in_a_month_of_self_counts_only_a_supervisor_of_the_site_itself_is_told(
    by: str, faults: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert told(by, supervised=False) == faults


@pytest.mark.parametrize(
    ("number", "month", "supervised"), [("2026-12", 12, True), ("2026-11", 11, False), ("2026-12-S1", 12, False)]
)
def test_the_month_s_own_count_is_supervised_once_a_quarter(number: str, month: int, *, supervised: bool) -> None:
    count = replace(COUNT, number=number, period=dt.date(2026, month, 30))
    assert is_supervised(count, replace(POLICY, supervised_months=(3, 6, 9, 12))) is supervised
