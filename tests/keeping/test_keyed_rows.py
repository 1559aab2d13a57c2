"""Rows that are known by a key: a later one updates, what stood before is kept, a contradiction is set aside."""

from __future__ import annotations

import pytest

from tasks.intake.steps import quarantined_of_period
from tasks.intake.tables import changes, departments, erp_lines, items, on_hand, quarantined_cells, sites
from tests.keeping.company import DAY, EARLIER, PERIOD, Company


def test_a_later_erp_line_updates_by_its_key_and_the_value_before_is_kept(company: Company) -> None:
    company.erp("1.csv", {})
    company.take_in()
    company.erp("2.csv", {"审核人": "李", "审核日期": DAY}, {"行号": 2, "存货编码": "A2"})
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.repeated) == (2, 2, 0)
    assert company.rows(erp_lines, "document", "line", "audited_by", "audited_on")[0] == ("Q1", "1", "李", DAY)
    assert company.rows(changes, "dataset", "key", "field", "before", "after") == [
        ("erp_documents", "Q1:1", "audited_by", "", "李"),
        ("erp_documents", "Q1:1", "audited_on", "", DAY),
    ]


@pytest.mark.parametrize(
    ("document", "line", "same"),
    [
        ("pad/01", "1", True),
        ("ＰＡＤ／０１", "１", True),
        (" PAD / 01 ", "01", True),
        ("P-AD/01", "1.0", True),
        ("PAD/1", "1", False),
        ("PAD/01", "10", False),
        ("PAD/010", "1", False),
    ],
)
def test_an_erp_line_is_known_however_its_number_is_written(
    company: Company, document: str, line: str, *, same: bool
) -> None:
    company.erp("1.csv", {"单据号": "PAD/01", "行号": 1})
    company.take_in()
    company.erp("2.csv", {"单据号": document, "行号": line, "数量": 5})
    company.take_in()
    kept = company.rows(erp_lines, "document", "line", "quantity")
    if same:
        assert kept == [("PAD/01", "1", 50_000)]
        assert company.rows(changes, "key", "field", "before", "after") == [("PAD/01:1", "quantity", "2", "5")]
    else:
        assert len(kept) == 2
    assert company.verified() == []


def test_numbers_that_merely_look_alike_stay_two_lines(company: Company) -> None:
    company.erp("1.csv", {"单据号": "QTR-00040"}, {"单据号": "QTR-00045"}, {"单据号": "QTR-0040"})
    company.take_in()
    assert len(company.rows(erp_lines, "document")) == 3


def test_one_line_in_two_spellings_of_one_file_repeats_or_contradicts_itself(company: Company) -> None:
    company.erp("1.csv", {"单据号": "PAD/01"}, {"单据号": "pad/01"}, {"单据号": "Pad/01", "数量": 3}, {"单据号": "-"})
    taken = company.take_in().datasets[0]
    assert (taken.accepted, taken.repeated, taken.quarantined) == (1, 1, 2)
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, PERIOD)
    assert cells[["row", "value"]].to_numpy().tolist() == [[4, "Pad/01:1"], [5, "-"]]


def test_a_site_keeps_the_code_by_which_everything_else_knows_it(company: Company) -> None:
    company.drop("sites", "new.csv", [["现场编码", "现场名称", "业务部"], ["df-01", "大丰新一期", "一部"]])
    company.take_in()
    assert [row for row in company.rows(sites, "site", "site_name") if row[0] in ("DF01", "df-01")] == [
        ("DF01", "大丰新一期")
    ]


def test_a_department_is_one_however_its_name_is_written(company: Company) -> None:
    before = company.rows(departments, "department")
    company.drop("departments", "again.csv", [["业务部", "经理"], ["第 １ 業務部", "钱"], ["第2业务部", "孙"]])
    company.drop("sites", "new.csv", [["现场编码", "现场名称", "业务部"], ["DF09", "新场", "第1　业务部"]])
    company.take_in()
    assert company.rows(departments, "department") == sorted([*before, ("第2业务部",)], key=repr)
    assert ("第1业务部", "钱") in company.rows(departments, "department", "manager")
    assert ("DF09", "第1业务部") in company.rows(sites, "site", "department")


def test_a_line_sent_again_unchanged_is_a_repeat(company: Company) -> None:
    company.erp("1.csv", {}, {"行号": 2})
    company.take_in()
    company.erp("2.csv", {}, {"行号": 2}, {"行号": 3})
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.repeated) == (3, 1, 2)
    assert company.rows(changes, "id") == []


def test_a_key_that_contradicts_itself_in_one_file_is_quarantined_where_it_stands(company: Company) -> None:
    company.erp("1.csv", {"数量": 2}, {"数量": 2}, {"数量": 3})
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.quarantined, taken.repeated) == (3, 1, 1, 1)
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, PERIOD)
    assert cells[["file", "row", "column", "value"]].to_numpy().tolist() == [
        ["1.csv", 4, "单据号/Document + 行号/Line", "Q1:1"]
    ]
    assert company.verified() == []


def test_a_text_longer_than_its_column_quarantines_its_row_by_the_limit(company: Company) -> None:
    company.erp("1.csv", {"单据号": "Q" * 81}, {"单据号": "Q" * 80})
    taken = company.take_in().datasets[0]
    assert (taken.accepted, taken.quarantined) == (1, 1)
    assert "80" in str(company.rows(quarantined_cells, "reason")[0][0])


def test_quantities_in_changes_are_written_as_people_write_them(company: Company) -> None:
    head = ["存货编码", "存货名称", "单价"]
    company.drop("items", "1.csv", [head, ["A1", "轴承", "12.50"]])
    company.take_in()
    company.drop("items", "2.csv", [head, ["A1", "轴承", "100"]])
    company.take_in()
    assert company.rows(changes, "key", "field", "before", "after") == [("A1", "unit_price", "12.5", "100")]
    assert company.rows(items, "unit_price") == [(1_000_000,)]


def test_on_hand_of_a_day_is_known_by_day_warehouse_and_item(company: Company) -> None:
    head = ["日期", "仓库编码", "存货编码", "现存数量"]
    company.drop("on_hand", "1.csv", [head, [EARLIER, "DF01A", "A1", 5], [DAY, "DF01A", "A1", 6]])
    company.take_in()
    company.drop("on_hand", "2.csv", [head, [DAY, "DF01A", "A1", 7]])
    company.take_in()
    assert company.rows(on_hand, "date", "quantity") == [(EARLIER, 50_000), (DAY, 70_000)]
    assert company.counts("on_hand") == (2, 2, 0, 0)
