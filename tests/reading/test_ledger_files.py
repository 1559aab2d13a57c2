"""Ledgers in every kind of file, whole and broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import pandas as pd
import pytest
import xlwt

from tasks.domain.sheet import RefusedFile
from tests.reading.files import (
    Failed,
    Written,
    csv,
    ledger,
    ledger_rows,
    ods,
    ods_rows,
    read,
    reasons,
    row,
    xls,
    xlsb,
    xlsx,
)

Maker = Callable[[Sequence[Sequence[Written]]], bytes]


@pytest.mark.parametrize(
    "make", [xlsx, xls, csv, lambda rows: csv(rows, "gb18030", "\t"), lambda rows: csv(rows, "utf-16")]
)
def test_the_same_ledger_reads_the_same_from_every_kind_of_file(make: Maker) -> None:
    rows = ledger_rows(row(), row(sequence=2, item_name="螺栓 M16×80", date=dt.date(2026, 11, 19)), row(quantity="abc"))
    found, expected = read(make(rows), name="无关.bin"), ledger(*rows[3:])
    assert reasons(found) == [("数量", "not_a_number")]
    columns = ["date", "category", "item_key", "item_name", "quantity", "warehouse", "content_key", "row", "site"]
    pd.testing.assert_frame_equal(found.rows[columns], expected.rows[columns])


@pytest.mark.parametrize(
    "make",
    [
        xlsx,
        xls,
        lambda rows: ods(ods_rows(rows)),
        xlsb,
        lambda rows: xlsb(rows, formula=True),
        lambda rows: xlsb(rows, short=True),
    ],
    ids=["xlsx", "xls", "ods", "xlsb", "formula in xlsb", "short records of xlsb"],
)
@pytest.mark.parametrize(
    ("column", "heading", "error"),
    [
        ("date", "日期", "#REF!"),
        ("item", "物资编码", "#N/A"),
        ("quantity", "数量", "#VALUE!"),
        ("warehouse", "仓库", "#NAME?"),
        ("stated_balance", "结存", "#DIV/0!"),
        ("remark", "备注", "#NUM!"),
    ],
)
def test_a_cell_whose_formula_failed_is_not_blank(make: Maker, column: str, heading: str, error: str) -> None:
    found = read(make(ledger_rows(row(**{column: Failed(error)}), row(sequence=2), (None, None, None, Failed("#N/A")))))
    assert reasons(found) == [(heading, "formula_error")]
    assert list(found.quarantined["value"]) == [error]
    assert (found.read, len(found.rows)) == (2, 1)


@pytest.mark.parametrize("short", [False, True])
def test_a_binary_workbook_is_read_whole(*, short: bool) -> None:
    rows = ledger_rows(row(), row(sequence=2, quantity=2.5, remark="x" * 200))
    plain, binary = read(xlsx(rows)), read(xlsb(rows, short=short))
    pd.testing.assert_frame_equal(plain.rows.drop(columns="sheet"), binary.rows.drop(columns="sheet"))


def test_a_binary_workbook_cut_short_is_refused() -> None:
    for end in (6, 9, 30):
        with pytest.raises(RefusedFile) as refusal:
            read(xlsb(ledger_rows(row()), cut=end))
        assert refusal.value.reason.key == "intake.refused.damaged_file"


def test_a_formula_that_failed_in_an_old_workbook_is_not_blank() -> None:
    formula = xls(ledger_rows(row(stated_balance=xlwt.Formula("1/0"))))
    failed = formula.replace(b"\x03\x00\x00\x00\x00\x00\xff\xff", b"\x02\x00\x07\x00\x00\x00\xff\xff")
    assert failed != formula
    assert (reasons(read(failed)), list(read(failed).quarantined["value"])) == (
        [("结存", "formula_error")],
        ["#DIV/0!"],
    )
