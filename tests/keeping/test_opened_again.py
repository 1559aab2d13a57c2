"""What was settled is open again where a row of its site and day changed, and nowhere else."""

from __future__ import annotations

from sqlalchemy import update

from tasks.intake.tables import erp_lines, ledger_rows, warehouses
from tests.keeping.company import DAY, EARLIER, IN, Company


def _settle(company: Company) -> None:
    with company.store.writing() as connection:
        connection.execute(update(ledger_rows).values(matched_by="exact"))
        connection.execute(update(erp_lines).values(matched_by="exact"))


def _open_again(company: Company) -> tuple[list[object], list[object]]:
    ledger = [item for item, by in company.rows(ledger_rows, "item", "matched_by") if by is None]
    erp = [line for line, by in company.rows(erp_lines, "line", "matched_by") if by is None]
    return ledger, erp


def _two_settled_days(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A2", 2))
    company.ledger("DF02", DAY, (1, DAY, IN, "A3", 2))
    company.erp("1.csv", {}, {"行号": 2, "单据日期": EARLIER}, {"行号": 3, "仓库编码": "DF02A"})
    company.take_in()
    _settle(company)


def test_a_changed_ledger_opens_its_site_and_day_again_and_no_other(company: Company) -> None:
    _two_settled_days(company)
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), (2, DAY, IN, "A4", 1))
    company.take_in()
    assert _open_again(company) == (["A1", "A4"], ["1"])


def test_a_changed_erp_line_opens_the_days_it_was_and_is_on(company: Company) -> None:
    _two_settled_days(company)
    company.erp("2.csv", {"单据日期": EARLIER})
    company.take_in()
    assert _open_again(company) == (["A1", "A2"], ["1", "2"])


def test_an_audit_opens_nothing_again(company: Company) -> None:
    _two_settled_days(company)
    company.erp("2.csv", {"审核人": "李", "审核日期": DAY})
    company.take_in()
    assert _open_again(company) == ([], [])


def test_a_warehouse_of_another_site_opens_its_days_again(company: Company) -> None:
    _two_settled_days(company)
    company.drop(
        "warehouses",
        "w2.csv",
        [["仓库编码", "仓库名称", "现场编码", "品质"], ["DF02A", "DF02完好品库", "DF01", "完好"]],
    )
    company.take_in()
    assert _open_again(company)[1] == ["1", "3"]
    assert ("DF02A", "DF01") in company.rows(warehouses, "warehouse", "site")
