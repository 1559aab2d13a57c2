"""Damaged parts as they are kept: three cells are enough, a later list updates by the serial, and nothing is lost."""

from __future__ import annotations

from tasks.intake.return_tables import boxes, damaged_parts, shipments
from tasks.intake.tables import changes
from tests.keeping.company import Company

HEADS = ["现场", "登记日期", "物资编码", "物资名称", "数量", "旧件编号", "箱号"]
SHIPPED = ["运单号", "日期", "现场", "起点", "终点", "方式", "费用", "批次号"]


def test_site_item_and_serial_are_enough_to_take_a_row_in(company: Company) -> None:
    company.drop(
        "damaged_parts", "a.csv", [HEADS, ["DF01", "", "A1", "", "", "XL-001", ""], ["DF01", "", "A1", "", "", "", ""]]
    )
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.quarantined) == (2, 1, 1)
    kept = company.rows(damaged_parts, "serial", "serial_key", "registered_on", "quantity", "by_person", "sealed_in")
    assert kept == [("XL-001", "XL001", "NaT", None, "no", None)]


def test_a_later_list_updates_by_the_serial_however_it_is_written(company: Company) -> None:
    company.drop("damaged_parts", "a.csv", [HEADS, ["DF01", "2026-11-01", "A1", "轴承", 1, "XL-001", "X1"]])
    company.take_in()
    company.drop("damaged_parts", "b.csv", [HEADS, ["DF01", "2026-11-01", "A1", "轴承", 1, "ＸＬ００１", ""]])
    company.take_in()
    assert company.rows(damaged_parts, "serial", "box") == [("XL-001", "")]
    assert company.rows(changes, "key", "field", "before", "after") == [("XL-001", "box", "X1", "")]


def test_a_box_without_a_side_is_taken_in_and_one_below_nothing_is_not(company: Company) -> None:
    heads = ["箱号", "现场", "长", "宽", "高", "包装", "六面塑料隔离", "件间隔板"]
    rows = [["X1", "DF01", "1.2", "", "0.8", "木箱", "是", "是"], ["X2", "DF01", "1", "-1", "1", "木箱", "是", "是"]]
    company.drop("boxes", "a.csv", [heads, *rows])
    assert (company.take_in().datasets[0].accepted, company.rows(boxes, "box", "width", "packing")) == (
        1,
        [("X1", None, "wooden_box")],
    )


def test_a_shipment_is_known_by_its_waybill_and_its_freight_is_exact(company: Company) -> None:
    row = ["YD1", "2026-11-17", "DF01", "大丰", "无锡", "包车", "1,100.05", "RB-DF01-20261116-01"]
    company.drop("shipments", "a.csv", [SHIPPED, row])
    company.take_in()
    kept = company.rows(shipments, "number", "mode", "freight", "cost", "batch_key")
    assert kept == [("YD1", "hired", "1100.05", 110_005, "RBDF012026111601")]
    assert company.verified() == []


def test_a_freight_may_say_who_bears_it_and_anything_else_is_set_aside(company: Company) -> None:
    freights = ["1000", "见运单 YD1", "运费已含在货款中", "另行开票", "面议", "-5"]
    rows = [
        [f"YD{at}", "2026-11-17", "DF01", "大丰", "无锡", "包车", text, ""] for at, text in enumerate(freights, start=1)
    ]
    company.drop("shipments", "a.csv", [SHIPPED, *rows])
    assert company.take_in().datasets[0].quarantined == 2
    company.drop("shipments", "b.csv", [SHIPPED, [*rows[1][:6], "88", ""]])
    company.take_in()
    assert sorted(company.rows(shipments, "number", "freight", "cost")) == [
        ("YD1", "1000.00", 100_000),
        ("YD2", "88.00", 8_800),
        ("YD3", "运费已含在货款中", None),
        ("YD4", "另行开票", None),
    ]
    assert company.rows(changes, "key", "field", "before", "after") == [("YD2", "freight", "见运单 YD1", "88.00")]
