"""One count against its book: the rules of spec 02, step 3, each as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks.stocktake.comparing import recount_lines
from tasks.stocktake.policy import CountLimits
from tests.stocktake.drawing import LENIENT, POLICY, SHEET, counted, frame, kinds, named, rows, said

FIGURES = "item frozen moved late book counted variance value"


def test_the_book_at_counting_is_the_frozen_one_and_what_moved_until_the_day_of_the_count() -> None:
    found = counted(
        lines="""
            item | frozen
            A1   | 100
            A2   | 100
            A3   | 100
            """,
        counts="""
            item | counted | counted_on
            A1   | 90      | 03
            A2   | 100     | 02
            A3   | 100     | -
            """,
        movements="""
            item | date | quantity
            A1   | 03   | -10
            A2   | 03   | -10
            A3   | 03   | -10
            A3   | 04   | -10
            """,
    )
    # A3 has no date of its own: the sheet's latest is 3 November.
    assert rows(found.variances, FIGURES) == [
        "A1 100 -10 0 90 90 0 0.00",
        "A2 100 0 0 100 100 0 0.00",
        "A3 100 -10 0 90 100 10 100.00",
    ]
    assert named(found.findings) == ["SURPLUS A3 90→100"]


def test_a_count_before_the_cut_off_undoes_what_moved_between() -> None:
    found = counted(
        "item | frozen | audited_before\nA1 | 90 | -10",
        "item | counted | counted_on\nA1 | 100 | 10-30",
        "item | date | quantity\nA1 | 10-31 | -10",
    )
    assert rows(found.variances, FIGURES) == ["A1 90 10 0 100 100 0 0.00"]


def test_a_late_document_corrects_the_book_and_both_figures_stay_visible() -> None:
    found = counted(
        "item | frozen\nA1 | 740",
        "item | counted | counted_on\nA1 | 95 | 02",
        """
        item | date  | quantity | document | received_at
        A1   | 10-28 | -630     | QTC-9    | 06 09:00
        """,
    )
    assert rows(found.variances, "book_before book counted variance_before variance") == ["740 110 95 -645 -15"]
    assert named(found.findings) == ["LATE_DOCUMENT A1 740→110", "SHORTAGE A1 110→95"]
    assert found.findings[0].refs == ("erp:QTC-9:1",)
    assert said(found.findings[0].message) == ("迟到的单据（QTC-9）更正了账面：由 740 变为 110，差异由 -645 变为 -15。")
    assert said(found.findings[1].message).endswith("迟到的单据把账面由 740 更正为 110，差异由 -645 变为 -15。")


@pytest.mark.parametrize(
    ("received", "late"),
    [("04 09:00", False), ("05 15:59", False), ("05 16:01", True)],
)
def test_a_document_between_cut_off_and_count_is_late_when_it_came_after_the_sheet(
    received: str, *, late: bool
) -> None:
    found = counted(
        "item | frozen\nA1 | 100",
        "item | counted | counted_on\nA1 | 90 | 03",
        f"item | date | quantity | received_at\nA1 | 02 | -10 | {received}",
    )
    assert rows(found.variances, "book variance") == ["90 0"]
    assert kinds(found.findings) == (["LATE_DOCUMENT"] if late else [])


def test_a_late_document_is_told_by_the_same_sum_at_the_opening_and_now() -> None:
    """A document that was there but not audited when the count was opened has an old file and is late all the same."""
    found = counted(
        "item | frozen | audited_before\nA1 | 95 | -5",
        "item | counted\nA1 | 92",
        """
        item | date  | quantity | document | received_at
        A1   | 10-20 | -5       | QTC-1    | 10-20 08:00
        A1   | 10-25 | -3       | QTC-2    | 06 09:00
        """,
    )
    assert rows(found.variances, "late book variance") == ["-3 92 0"]
    assert found.findings[0].refs == ("erp:QTC-2:1",)


def test_movements_after_the_count_never_change_the_variance() -> None:
    found = counted(
        "item | frozen\nA1 | 480",
        "item | counted | counted_on\nA1 | 466 | 02",
        "item | date | quantity\nA1 | 03 | -12\nA1 | 04 | 30",
    )
    assert rows(found.variances, "book counted variance") == ["480 466 -14"]


def test_blank_is_not_counted_and_zero_is() -> None:
    found = counted("item | frozen\nA1 | 5\nA2 | 5", "item | counted\nA1 | -\nA2 | 0")
    assert rows(found.variances, "item counted variance status") == ["A1 - - not_counted", "A2 0 -5 ready"]
    assert named(found.findings) == ["NOT_COUNTED A1 5→-", "SHORTAGE A2 5→0"]


def test_lines_of_a_sheet_that_did_not_come_back_are_told_with_their_sheet() -> None:
    found = counted("item | frozen\nA1 | 5", "item | counted")
    assert rows(found.variances, "item status") == ["A1 not_counted"]
    assert found.findings == ()


def test_what_is_not_on_the_sheet_is_a_surplus_or_an_unknown_item() -> None:
    found = counted(
        "item | frozen\nA1 | 5",
        "item | item_name | counted\nA1 | - | 5\nA2 | - | 3\nX9 | 螺栓 | 2",
        items="item | item_name | abc\nA1 | 轴承 | C\nA2 | 垫圈 | C",
    )
    assert rows(found.variances, "item item_name listed book counted status") == [
        "A1 - True 5 5 even",
        "A2 垫圈 False 0 3 recount",
        "X9 螺栓 False 0 2 unknown_item",
    ]
    assert named(found.findings) == ["RECOUNT_NEEDED A2 0→3", "SURPLUS A2 0→3", "UNKNOWN_ITEM X9 0→2"]


def test_a_sheet_that_lists_nothing_may_still_come_back_with_something() -> None:
    found = counted("item", "item | counted\nA1 | 2", items="item\nA1")
    assert rows(found.variances, "stocktake site item book counted") == ["2026-11 DF01 A1 0 2"]


def test_without_a_master_of_items_none_is_unknown() -> None:
    found = counted("item | frozen\nA1 | 5", "item | counted\nA1 | 5\nX9 | 2", items="item")
    assert kinds(found.findings) == ["RECOUNT_NEEDED", "SURPLUS"]


def test_an_item_found_in_two_places_is_added_up() -> None:
    found = counted(
        "item | frozen\nA1 | 5",
        "item | counted | damaged | counted_by\nA1 | 2 | - | 张工\nA1 | 3 | 1 | 李工",
    )
    assert rows(found.variances, "counted damaged counted_by variance") == ["5 1 张工,李工 0"]
    assert found.findings[0].refs == (f"count_sheets:{SHEET}:1", f"count_sheets:{SHEET}:2")


def test_a_row_on_the_sheet_of_another_place_counts_for_the_line_that_is_listed() -> None:
    found = counted(
        "item | frozen\nA1 | 5",
        "item | counted | number\nA1 | 2 | PD-2026-11-DF01\nA1 | 3 | PD-2026-11-DF02",
        sheets="number | site\nPD-2026-11-DF02 | DF02",
    )
    assert rows(found.variances, "number counted variance") == [f"{SHEET} 5 0"]


def test_damaged_stock_is_told_beside_the_count() -> None:
    found = counted("item | frozen\nA1 | 5", "item | counted | damaged\nA1 | 5 | 2")
    assert named(found.findings) == ["DAMAGED_STOCK A1 0→2"]


def test_a_variance_without_a_reason_goes_back() -> None:
    found = counted("item | frozen\nA1 | 5\nA2 | 5", "item | counted | cause\nA1 | 4 | -\nA2 | 4 | 丢失")
    assert rows(found.variances, "item status") == ["A1 no_reason", "A2 ready"]
    assert kinds(found.findings) == ["SHORTAGE", "SHORTAGE", "VARIANCE_NO_REASON"]


@pytest.mark.parametrize(
    ("book", "count", "inside"),
    [
        ("100", "104", True),
        ("100", "104.0001", False),
        ("100", "92", True),
        ("100", "91.9999", False),
        ("100", "106", False),
        ("100", "94", True),
        ("0", "0", True),
        ("0", "0.0001", False),
        ("-100", "-96", True),
        ("-100", "-95", False),
        ("0.0003", "0.0004", False),
    ],
)
def test_limits_differ_by_direction_and_exactly_on_one_is_inside(book: str, count: str, *, inside: bool) -> None:
    policy = replace(LENIENT, limits={"": CountLimits(plus_share=400, minus_share=800)})
    found = counted(f"item | frozen\nA1 | {book}", f"item | counted\nA1 | {count}", policy=policy)
    assert found.variances["within"].tolist() == [inside]
    assert ("RECOUNT_NEEDED" in kinds(found.findings)) is not inside


@pytest.mark.parametrize(("count", "inside"), [("10300", True), ("10301", False), ("9500", True), ("9499", False)])
def test_quantity_limits_stand_beside_shares(count: str, *, inside: bool) -> None:
    limits = CountLimits(plus_share=400, minus_share=800, plus_quantity=3_000_000, minus_quantity=5_000_000)
    found = counted(
        "item | frozen\nA1 | 10000", f"item | counted\nA1 | {count}", policy=replace(LENIENT, limits={"": limits})
    )
    assert found.variances["within"].tolist() == [inside]


@pytest.mark.parametrize(
    ("abc", "count", "price", "inside"),
    [
        ("A", "1000", "1", True),
        ("A", "999", "0.01", False),
        ("B", "990", "1", True),
        ("b", "989", "1", False),
        ("C", "970", "1", True),
        ("C", "969", "1", False),
        ("-", "970", "1", True),
        ("C", "980", "50", True),
        ("C", "979.9999", "50", False),
        ("C", "980", "-", True),
    ],
)
def test_the_tolerance_is_that_of_the_class_and_above_it_stands_the_value(
    abc: str, count: str, price: str, *, inside: bool
) -> None:
    found = counted(
        f"item | frozen | abc | unit_price\nA1 | 1000 | {abc} | {price}",
        f"item | counted\nA1 | {count}",
        policy=POLICY,
    )
    assert found.variances["within"].tolist() == [inside]


def test_values_are_rounded_half_up_once_a_line_and_stay_exact_when_large() -> None:
    found = counted(
        """
        item | frozen | unit_price
        A1   | 1      | 0.0050
        A2   | 1      | 0.0049
        A3   | 0      | 0.0050
        A4   | 0      | 99999999.9999
        A5   | 1      | -
        """,
        "item | counted\nA1 | 0\nA2 | 0\nA3 | 1\nA4 | 90000000\nA5 | 0",
    )
    assert rows(found.variances, "item value") == [
        "A1 -0.01", "A2 0.00", "A3 0.01", "A4 8999999999991000.00", "A5 -",
    ]  # fmt: skip


RECOUNT = f"{SHEET}-R1"
SHEETS = f"number | base | round\n{RECOUNT} | {SHEET} | 1\n{SHEET}-R2 | {SHEET} | 2"


@pytest.mark.parametrize(
    ("by", "figure", "stands"),
    [
        ("李工", "88", "88 -12 ready False"),
        ("李工", "100", "100 0 even False"),
        ("张工", "88", "90 -10 recount True"),
        ("张 工", "88", "90 -10 recount True"),
        ("-", "88", "90 -10 recount True"),
        ("李工", "-", "90 -10 recount False"),
    ],
)
def test_a_recount_by_another_person_stands(by: str, figure: str, stands: str) -> None:
    found = counted(
        "item | frozen\nA1 | 100",
        f"""
        number    | item | counted | counted_by
        {SHEET}   | A1   | 90      | 张工
        {RECOUNT} | A1   | {figure} | {by}
        """,
        sheets=SHEETS,
        policy=POLICY,
    )
    assert rows(found.variances, "counted variance status rejected first_counted") == [f"{stands} 90"]
    assert ("RECOUNT_NEEDED" in kinds(found.findings)) is ("recount" in stands)


def test_a_recount_has_the_book_of_its_own_day_and_keeps_the_reason_of_the_first_count() -> None:
    found = counted(
        "item | frozen\nA1 | 100\nA2 | 100",
        f"""
        number    | item | counted | counted_by | counted_on | cause
        {SHEET}   | A1   | 90      | 张工       | 02         | 丢失
        {SHEET}   | A2   | 90      | 张工       | 03         | 丢失
        {RECOUNT} | A1   | 70      | 李工       | 06         | -
        {RECOUNT} | A2   | 88      | 李工       | -          | 记错
        """,
        "item | date | quantity\nA1 | 05 | -20\nA2 | 05 | -20",
        sheets=SHEETS,
        policy=POLICY,
    )
    # The recount of A2 says no day, but its sheet does.
    assert rows(found.variances, "item book counted variance cause counted_on") == [
        "A1 80 70 -10 丢失 11-06",
        "A2 80 88 8 记错 11-06",
    ]


def test_a_recount_without_any_day_has_that_of_the_first_count() -> None:
    found = counted(
        "item | frozen\nA1 | 100",
        f"""
        number    | item | counted | counted_by | counted_on
        {SHEET}   | A1   | 60      | 张工       | 06
        {RECOUNT} | A1   | 70      | 李工       | -
        """,
        "item | date | quantity\nA1 | 05 | -20",
        sheets=SHEETS,
        policy=POLICY,
    )
    assert rows(found.variances, "book counted counted_on") == ["80 70 11-06"]


def test_a_second_recount_is_asked_for_when_the_first_was_by_the_same_person() -> None:
    drawn = {
        "lines": "item | frozen\nA1 | 100\nA2 | 100",
        "counts": f"""
            number    | item | counted | counted_by
            {SHEET}   | A1   | 90      | 张工
            {SHEET}   | A2   | 90      | 张工
            {RECOUNT} | A1   | 88      | 张工
            """,
    }
    issued = frame("sheets", SHEETS).iloc[:1]
    recounts = issued.merge(frame("lines", drawn["lines"])[["warehouse_key", "item_key"]], how="cross")
    found = counted(**drawn, sheets=SHEETS, policy=POLICY)
    again = recount_lines(found.variances, recounts)
    assert rows(again, "item round") == ["A1 2"]
    assert rows(recount_lines(found.variances, recounts[recounts["item_key"] == "A1"]), "item round") == [
        "A1 2",
        "A2 2",
    ]


def test_serial_numbers_are_compared_as_sets() -> None:
    found = counted(
        "item | frozen | serials\nA1 | 3 | SN-1, SN-2 SN-3\nA2 | 1 | -\nA3 | 1 | T1\nA4 | 1 | U1",
        "item | counted | serials\nA1 | 3 | sn1；SN-2、SN-4\nA2 | 1 | Z9\nA3 | - | -\nA4 | 1 | Ｕ１",
    )
    assert named(found.findings) == ["SERIAL_EXTRA A1 -→SN-4", "SERIAL_MISSING A1 SN-3→-", "NOT_COUNTED A3 1→-"]
    assert len({one.id for one in found.findings}) == 3


def test_a_shortage_and_a_surplus_of_similar_items_in_one_warehouse_are_suggested_as_a_mix_up() -> None:
    found = counted(
        """
        item | item_name | specification | frozen | warehouse
        A1   | 轴承      | 6205-2RS      | 10     | DF01A
        A2   | 轴承      | 6206-2RS      | 10     | DF01A
        A3   | 轴承      | 6207-2RS      | 10     | DF01B
        A4   | 润滑油    | 46#           | 10     | DF01A
        A5   | 轴承      | 6208-2RS      | 10     | DF01A
        """,
        """
        item | counted | warehouse
        A1   | 8       | DF01A
        A2   | 12      | DF01A
        A3   | 12      | DF01B
        A4   | 12      | DF01A
        A5   | 13      | DF01A
        """,
    )
    suggested = [one for one in found.findings if one.kind == "MIX_UP_SUGGESTED"]
    assert named(suggested) == ["MIX_UP_SUGGESTED A1 A1→A2"]
    # A suggestion only: all five variances stand.
    assert kinds(found.findings) == ["MIX_UP_SUGGESTED", "SHORTAGE", *["SURPLUS"] * 4]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("六角螺栓 M24×120", "六角螺栓 m24x130", True),
        ("軸承 6205-2RS", "轴承　6206 2RS", True),
        ("变频器 610400040", "变频器 610400045", False),
        ("液压油管 DN20", "偏航轴承 6205", False),
    ],
)
def test_items_are_alike_in_any_writing_and_look_alike_numbers_are_not(one: str, other: str, *, alike: bool) -> None:
    found = counted(f"item | item_name | frozen\nA1 | {one} | 10\nA2 | {other} | 10", "item | counted\nA1 | 8\nA2 | 12")
    assert ("MIX_UP_SUGGESTED" in kinds(found.findings)) is alike


def test_every_finding_stands_on_its_own_count() -> None:
    found = counted("item | frozen\nA1 | 5", "item | counted\nA1 | 4")
    assert {one.stands_on for one in found.findings} == {("2026-11",)}
    assert found.findings[0].refs == (f"count_sheets:{SHEET}:1",)
    assert found.findings[0].date.isoformat() == "2026-10-31"
