"""One command shows the life of a serial on one page (spec 03: tracking, exchange links)."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.adapters.pages import html_page, text_page
from tasks.adapters.speech import shown, spoken
from tasks.damaged_returns.steps.life import life_of
from tasks.domain.report import Report, figure_values
from tasks.register.breaks import UnableToAct
from tests.keeping import returning
from tests.keeping.company import Company

BATCH = "RB-DF01-20261116-01"
TODAY = dt.date(2026, 12, 31)
TAKEN_DOWN = "风机 F07，更换人 张工，原因：轴承磨损（非人为）；换上新件 N-XL-1"


def went(company: Company) -> None:
    """Two parts in boxes of their own go in one batch and are shipped together; one is repaired, one exchanged."""
    returning.listed(company, returning.part("XL-1", box="X1"), returning.part("XL-2", box="X2", by_person="是"))
    company.drop("boxes", "b.csv", [returning.BOXES, returning.box("X1"), returning.box("X2", sides="1 1 0.5")])
    company.take_in()
    assert returning.sealed(company, dt.date(2026, 11, 16)) == [BATCH]
    shipment = ["YD-1", "2026-11-17", "DF01", "大丰", "北京", "包车", "1000", BATCH, ""]
    company.drop("shipments", "s.csv", [returning.SHIPMENTS, shipment])
    returning.happened(
        company,
        ["XL-1", "2026-11-20", "收货"],
        ["XL-1", "2026-11-21", "送修", "甲厂"],
        ["XL-1", "2026-12-01", "修复", "甲厂", "350.50"],
        ["XL-2", "2026-11-20", "收货"],
        ["XL-2", "2026-11-22", "送修", "甲厂"],
        ["XL-2", "2026-12-05", "修复", "甲厂", "", "ZZ-9"],
    )
    company.take_in()


def page_of(company: Company, serial: str, as_of: dt.date = TODAY) -> Report:
    with company.store.reading() as connection:
        return life_of(connection, serial, as_of, "volume")


def lines(report: Report, table: str = "life") -> list[str]:
    [one] = [drawn for drawn in report.tables if drawn.name == table]
    return [
        " | ".join(shown(column.kind, value, "zh_CN") for column, value in zip(one.columns, row, strict=True))
        for row in one.rows
    ]


def test_a_part_is_followed_from_turbine_to_repair(company: Company) -> None:
    went(company)
    report = page_of(company, "xl1")
    assert lines(report) == [
        f"2026-10-31 | 拆下 | {TAKEN_DOWN} | damaged_parts:DF01:XL-1",
        "2026-11-01 | 登记 | 登记在 DF01 的返修损坏备件清单 | damaged_parts:DF01:XL-1",
        f"2026-11-16 | 已装箱 | 批次 {BATCH}，箱 X1，同批 2 件 | batch:{BATCH}:1",
        "2026-11-17 | 已发运 | 运单 YD-1（包车），大丰 至 北京，运费 1000.00 | shipments:YD-1",
        "2026-11-20 | 收货 | — | repair_events:XL-1:2026-11-20:received",
        "2026-11-21 | 送修 | 甲厂 | repair_events:XL-1:2026-11-21:sent",
        "2026-12-01 | 修复 | 甲厂 · 350.50 | repair_events:XL-1:2026-12-01:repaired",
    ]
    assert lines(report, "repairs") == ["2026-11-21 | 2026-12-01 | 10 | 甲厂 | 修复 | 350.50"]
    assert spoken(report.headline, "zh_CN") == "修复入库（自 2026-12-01）"
    assert figure_values(report.figures) == {
        "life": {"repaired": 1, "sent": 1, "repair_cost": "350.50", "freight": "666.67"}
    }


def test_an_exchanged_serial_leads_to_the_new_one_and_back(company: Company) -> None:
    went(company)
    old, new = page_of(company, "XL-2"), page_of(company, "ZZ-9")
    assert spoken(old.headline, "zh_CN").startswith("已换新")
    assert "换回的新件：daybook serial ZZ-9" in [spoken(one, "zh_CN") for one in old.next_steps]
    assert [spoken(one, "zh_CN") for one in new.next_steps] == ["换走的旧件：daybook serial XL-2"]
    assert spoken(new.headline, "zh_CN") == "换新得来（自 2026-12-05）"
    assert lines(new) == [
        "2026-12-05 | 换新得来 | 厂家 甲厂 以此件换回旧件 XL-2 | repair_events:XL-2:2026-12-05:repaired"
    ]


def test_the_part_that_was_put_in_knows_which_it_replaced(company: Company) -> None:
    went(company)
    new = page_of(company, "nxl1")
    assert lines(new) == ["2026-10-31 | 装机 | 在 DF01 的 F07 装上，换下旧件 XL-1 | damaged_parts:DF01:XL-1"]
    assert spoken(new.headline, "zh_CN") == "在用（换上的新件）（自 2026-10-31）"
    assert spoken(new.title, "zh_CN") == "编号 N-XL-1 的来龙去脉"


def test_the_page_of_an_earlier_day_knows_nothing_of_later_ones(company: Company) -> None:
    went(company)
    assert len(lines(page_of(company, "XL-1", dt.date(2026, 11, 16)))) == 3
    assert spoken(page_of(company, "XL-1", dt.date(2026, 11, 16)).headline, "zh_CN") == "已装箱（自 2026-11-16）"


def test_a_part_that_waits_is_said_to_wait(company: Company) -> None:
    returning.listed(company, returning.part("XL-7"))
    company.take_in()
    assert spoken(page_of(company, "XL-7").headline, "zh_CN") == "待返（自 2026-11-01）"


def test_a_serial_that_nobody_knows_is_said_so(company: Company) -> None:
    with pytest.raises(UnableToAct) as told:
        page_of(company, "NIEMAND")
    assert "NIEMAND" in spoken(told.value.message, "zh_CN")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_page_has_its_words_in_both_languages(company: Company, language: str) -> None:
    went(company)
    for serial in ("XL-1", "XL-2", "ZZ-9", "N-XL-1"):
        report = page_of(company, serial)
        assert "damaged_returns." not in html_page(report, language) + text_page(report, language)
