"""Rows of ledgers that are sent again, corrected or late: which of them count, and under which number."""

from __future__ import annotations

import pytest

from tasks.intake.tables import files, ledger_rows
from tests.keeping.company import DAY, EARLIER, IN, OUT, PERIOD, Company


def test_a_running_workbook_sent_again_brings_no_row_twice(company: Company) -> None:
    first = [(1, EARLIER, IN, "A1", 2), (2, EARLIER, IN, "A1", 2)]
    company.ledger("DF01", EARLIER, *first, name="DF01_month.csv")
    company.take_in()
    company.ledger("DF01", DAY, *first, (3, DAY, OUT, "A2", 1), name="DF01_month.csv")
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.repeated) == (3, 1, 2)
    assert company.live() == [("DF01", EARLIER, 1, "A1", 2), ("DF01", EARLIER, 2, "A1", 2), ("DF01", DAY, 3, "A2", 1)]


def test_a_changed_row_of_an_earlier_day_is_amended_and_its_heir_keeps_its_number(company: Company) -> None:
    company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A1", 2), (2, EARLIER, IN, "A2", 5))
    company.take_in()
    company.ledger("DF01", DAY, (1, EARLIER, IN, "A1", 3), (2, EARLIER, IN, "A2", 5), (3, DAY, OUT, "A2", 1))
    company.take_in()
    assert ("DF01", EARLIER, 1, "A1", 3) in company.live()
    (gone,) = [
        row for row in company.rows(ledger_rows, "item", "quantity", "amended", "withdrawn_by", "replaced_by") if row[3]
    ]
    assert gone[:3] == ("A1", 20_000, True)
    assert (gone[4], 30_000) in company.rows(ledger_rows, "id", "quantity")
    assert company.verified() == []


def test_a_row_that_vanished_from_an_earlier_day_is_amended_without_heir(company: Company) -> None:
    company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A1", 2), (2, EARLIER, IN, "A2", 5))
    company.take_in()
    company.ledger("DF01", DAY, (2, EARLIER, IN, "A2", 5), (3, DAY, OUT, "A2", 1))
    company.take_in()
    assert [row for row in company.rows(ledger_rows, "item", "amended", "replaced_by") if row[1]] == [
        ("A1", True, None)
    ]


def test_a_correction_on_the_same_evening_amends_nothing_until_the_day_was_reported(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 3))
    company.take_in()
    assert [row for row in company.rows(ledger_rows, "quantity", "amended") if row[1]] == []
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 4))
    company.take_in(reported={PERIOD})
    assert [row for row in company.rows(ledger_rows, "quantity", "amended") if row[1]] == [(30_000, True)]
    assert company.live() == [("DF01", DAY, 1, "A1", 4)]


def test_a_correction_that_waits_beside_its_ledger_counts(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 3), name="流水 更正.csv")
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), name="流水.csv")
    company.take_in()
    assert company.live() == [("DF01", DAY, 1, "A1", 3)]


def test_a_row_that_comes_back_counts_again(company: Company) -> None:
    for count in (2, 3):
        company.ledger("DF01", DAY, (1, DAY, IN, "A1", count))
        company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), (2, DAY, IN, "A2", 1))
    company.take_in()
    assert company.live() == [("DF01", DAY, 1, "A1", 2), ("DF01", DAY, 2, "A2", 1)]
    assert len(company.rows(ledger_rows, "id")) == 3
    assert company.verified() == []


def test_a_belated_row_in_a_days_ledger_withdraws_nothing_of_the_day_before(company: Company) -> None:
    company.ledger("DF01", EARLIER, (1, EARLIER, IN, "A1", 2), (2, EARLIER, IN, "A2", 5))
    company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A3", 1), (2, EARLIER, IN, "A9", 7))
    company.take_in()
    assert [row[3] for row in company.live() if row[1] == EARLIER] == ["A1", "A2", "A9"]


def test_the_ledger_of_one_site_leaves_the_other_alone(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2))
    company.ledger("DF02", DAY, (1, DAY, IN, "A1", 2))
    company.take_in()
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 9))
    company.take_in()
    assert company.live() == [("DF01", DAY, 1, "A1", 9), ("DF02", DAY, 1, "A1", 2)]


@pytest.mark.parametrize(
    ("written", "given"),
    [
        (["1", "2", "3"], [1, 2, 3]),
        (["", "", ""], [1, 2, 3]),
        (["2", "2", "1"], [2, 3, 1]),
        (["A", "0", "-1"], [1, 2, 3]),
        (["", "7", "1"], [2, 7, 1]),
    ],
)
def test_numbers_are_those_written_where_they_are_whole_and_alone(
    company: Company, written: list[str], given: list[int]
) -> None:
    company.ledger("DF01", DAY, *((no, DAY, IN, f"A{at}", 1) for at, no in enumerate(written)))
    company.take_in()
    assert [number for _, number in sorted(company.rows(ledger_rows, "item", "number"))] == given


def test_the_order_of_file_names_and_imports_gives_the_same_last_word(company: Company) -> None:
    company.ledger("DF01", DAY, (1, DAY, IN, "A1", 2), (2, EARLIER, IN, "A2", 5), name="a.csv")
    company.ledger("DF01", EARLIER, (2, EARLIER, IN, "A2", 5), name="b.csv")
    company.take_in()
    assert company.live() == [("DF01", EARLIER, 2, "A2", 5), ("DF01", DAY, 1, "A1", 2)]


def test_a_ledger_of_no_movement_is_received_and_has_no_rows(company: Company) -> None:
    company.drop("ledger", "DF01_20261120.csv", [["现场名称:DF01", "填报日期:2026-11-20"], ["本日无出入库"]])
    company.take_in()
    assert ("ledger", "DF01", DAY, True) in company.rows(files, "dataset", "site", "period", "no_movement")
    assert company.counts("ledger") == (0, 0, 0, 0)
