"""Who is asked what, who may not answer, and what an answer is still worth (spec 02, steps 4 and 5)."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tasks.stocktake.adjusting import adjustments
from tasks.stocktake.deciding import groups_to_decide, lapsed_approvals, standing_approvals
from tasks.stocktake.limits import values_of
from tests.stocktake.drawing import COUNT, POLICY, SHEET, frame, named, rows, said

MANAGERS = {"第一业务部": "王经理", "第二业务部": "赵经理", "业务管理部": "孙总"}
NONE_POSTED = frame("variances", "item").iloc[:0]


def variances(table: str) -> pd.DataFrame:
    """Drawn variances with their values."""
    drawn = frame("variances", table)
    return drawn.assign(value=values_of(drawn["variance"], drawn["unit_price"]))


def test_lines_are_grouped_by_department_and_by_who_may_approve_them() -> None:
    drawn = variances(
        """
        site | department | warehouse | item | variance | unit_price | status
        DF01 | 第一业务部 | DF01A     | A1   | -5       | 1000       | ready
        DF01 | 第一业务部 | DF01A     | A2   | 1        | 5000.01    | ready
        DF01 | 第一业务部 | DF01A     | A3   | 1        | -          | ready
        DF01 | 第一业务部 | DF01A     | A4   | 3        | 10         | ready
        DF01 | 第一业务部 | DF01A     | A5   | 3        | 10         | no_reason
        DF01 | 第一业务部 | DF01A     | A6   | 3        | 10         | recount
        DF01 | 第一业务部 | DF01A     | A7   | 3        | 10         | unknown_item
        -    | 第二业务部 | D2A       | A1   | -3       | 10         | ready
        """
    )
    groups = groups_to_decide(COUNT, drawn, MANAGERS, POLICY, NONE_POSTED)
    told = [(one.subject_id, list(one.lines["label"]), one.approvers) for one in groups]
    assert told == [
        ("2026-11/第一业务部/department", ["DF01/DF01A/A1", "DF01/DF01A/A4"], ("王经理",)),
        ("2026-11/第一业务部/management", ["DF01/DF01A/A2", "DF01/DF01A/A3"], ("钱总",)),
        ("2026-11/第二业务部/department", ["第二业务部/D2A/A1"], ("赵经理",)),
    ]
    assert [(one.surplus, one.shortage, one.unpriced) for one in groups] == [
        (3_000, 500_000, 0), (500_001, 0, 1), (0, 3_000, 0),
    ]  # fmt: skip


def test_what_is_posted_is_not_asked_again() -> None:
    drawn = variances("item | variance\nA1 | -5\nA2 | -5")
    groups = groups_to_decide(COUNT, drawn, MANAGERS, POLICY, drawn.iloc[[0]])
    assert [list(one.lines["item"]) for one in groups] == [["A2"]]
    assert groups_to_decide(COUNT, drawn, MANAGERS, POLICY, drawn) == ()


@pytest.mark.parametrize(
    ("counters", "approvers"),
    [("张工", ("王经理",)), ("王 经理", ("钱总",)), ("张工,王经理", ("钱总",)), ("张工\n王经理", ("钱总",))],
)
def test_nobody_approves_what_they_counted_or_supervised(counters: str, approvers: tuple[str, ...]) -> None:
    drawn = variances("item | variance | status\nA1 | -5 | ready\nA2 | 0 | even")
    # Another line of the same sheet is enough.
    drawn = drawn.assign(counters=pd.Series(["张工", counters], dtype="str"))
    (group,) = groups_to_decide(COUNT, drawn, MANAGERS, POLICY, NONE_POSTED)
    assert group.approvers == approvers
    assert "张工" in group.barred


def test_without_approvers_of_its_own_management_is_the_manager_of_the_management_department() -> None:
    drawn = variances("item | variance | unit_price\nA1 | -5 | 9000")
    policy = replace(POLICY, management_approvers=())
    (group,) = groups_to_decide(COUNT, drawn, MANAGERS, policy, NONE_POSTED)
    assert (group.level, group.approvers) == ("management", ("孙总",))
    (unknown,) = groups_to_decide(COUNT, variances("item | variance\nA1 | -5"), {}, POLICY, NONE_POSTED)
    assert (unknown.level, unknown.approvers) == ("department", ("钱总",))


@pytest.mark.parametrize(
    ("managers", "counters", "approvers"),
    [
        # No master of departments was ever delivered: who may is not checked.
        (None, "张工", None),
        ({}, "张工", ()),
        ({"第一业务部": "王经理"}, "张工", ("王经理",)),
        ({"第一业务部": "王经理"}, "王经理", ()),
        ({"第一业务部": "王经理", "业务管理部": "孙总"}, "王经理,孙总", ()),
    ],
)
def test_where_the_masters_name_nobody_who_may_approve_nobody_may(
    managers: dict[str, str] | None, counters: str, approvers: tuple[str, ...] | None
) -> None:
    drawn = variances("item | variance | status\nA1 | -5 | ready").assign(counters=pd.Series([counters], dtype="str"))
    policy = replace(POLICY, management_approvers=())
    (group,) = groups_to_decide(COUNT, drawn, managers, policy, NONE_POSTED)
    assert group.approvers == approvers


def test_an_approval_of_other_figures_lapses() -> None:
    approved = frame("approved", "item | variance\nA1 | -645\nA2 | -3\nA3 | -4\nA4 | 2")
    now = variances(
        "item | variance | status\nA1 | -15 | ready\nA2 | -3 | ready\nA3 | - | not_counted\nA4 | 2 | recount"
    )
    found = lapsed_approvals(COUNT, approved, now)
    assert named(found) == ["APPROVAL_LAPSED A1 -645→-15", "APPROVAL_LAPSED A3 -4→-"]
    assert said(found[0].message) == "批准时的差异为 -645，现在为 -15；王经理 的批准已失效，须重新审批。"
    assert rows(standing_approvals(approved, now), "item_key variance") == ["A2 -3"]


def test_approved_lines_become_documents_by_warehouse_and_direction() -> None:
    now = variances(
        """
        warehouse | item | variance | unit_price | cause
        DF01A     | A1   | -14      | 2.5        | 丢失
        DF01A     | A2   | 3        | 10         | 记错
        DF01A     | A3   | -1       | -          | 丢失
        DF01B     | A1   | -2       | 2.5        | 丢失
        """
    )
    approved = frame(
        "approved",
        "warehouse | item | variance\nDF01A | A1 | -14\nDF01A | A2 | 3\nDF01A | A3 | -1\nDF01B | A1 | -2",
    )
    found = adjustments(COUNT, approved, now, {("DF01", "out"): 2})
    columns = "document direction sequence line warehouse item quantity value cause approved_by number"
    assert rows(found, columns) == [
        f"PD-2026-11-DF01-RI1 in 1 1 DF01A A2 3 30.00 记错 王经理 {SHEET}",
        f"PD-2026-11-DF01-IS3 out 3 1 DF01A A1 14 35.00 丢失 王经理 {SHEET}",
        f"PD-2026-11-DF01-IS3 out 3 2 DF01A A3 1 - 丢失 王经理 {SHEET}",
        f"PD-2026-11-DF01-IS4 out 4 1 DF01B A1 2 5.00 丢失 王经理 {SHEET}",
    ]
    assert adjustments(COUNT, approved.iloc[:0], now, {}).empty
