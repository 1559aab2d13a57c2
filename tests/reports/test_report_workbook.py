"""The workbook: texts stay texts, numbers are numbers, and its exception sheet is a form that can be read back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.datasets import load_datasets, load_words
from config.settings import load_settings
from config.wording import LANGUAGES
from tasks.adapters.report_workbook import workbook_bytes
from tasks.adapters.workbook import sheets_of
from tasks.adapters.workbook_cells import sheet_name
from tasks.domain.message import message
from tasks.domain.report import Column, Report, Table, Value
from tasks.intake.core import Lookups, read_delivery
from tests.reports.conftest import OWN
from tests.reports.sample import a_day, a_ledger_to_sign

STAYS_TEXT = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "-5.00", "+8613800138000", "12345678901234567890",
    "00040", "https://example.invalid/x", "internal:A1", "1e5", "TRUE", "2026-11-20", "{=1+1}", "<b>x</b>", "_x0041_",
)  # fmt: skip


def _opened(report: Report, language: str = "zh_CN") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(report, language)))


def _with_table(columns: tuple[Column, ...], rows: tuple[tuple[Value, ...], ...]) -> Report:
    table = Table("own", message("report.plain", text="测试"), columns, rows, message("sample.empty.sites"))
    return replace(a_day(), tables=(table,), charts=())


@pytest.mark.parametrize("text", STAYS_TEXT)
def test_a_text_stays_what_it_was(text: str) -> None:
    sheet = _opened(_with_table((Column("name", "sample.h.name"),), ((text,),)))["测试"]
    cell = sheet["A2"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_no_sheet_of_any_report_holds_a_formula_or_a_link(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(report, "zh_CN"))) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in package.read(name)
                assert b"<hyperlink" not in package.read(name)


@pytest.mark.parametrize(
    ("kind", "value", "stands_as", "looks"),
    [
        ("count", 1234, 1234, "#,##0"),
        ("quantity", 25000, 2.5, "#,##0.0###"),
        ("volume", Decimal("2.394000000000"), 2.394, "#,##0.0###########"),
        ("volume", Decimal("3.000"), 3, "#,##0"),
        ("quantity", -20000, -2, "#,##0"),
        ("money", Decimal("1234.505"), 1234.51, "#,##0.00"),
        ("rate", Decimal("0.984472"), 0.984472, "0.0%"),
        ("date", dt.date(2026, 11, 20), dt.datetime(2026, 11, 20), "yyyy-mm-dd"),  # noqa: DTZ001 - a workbook knows no zone
        ("count", 12345678901234567890, "12,345,678,901,234,567,890", "#,##0"),
        ("date", dt.date(1850, 1, 1), "1850-01-01", "yyyy-mm-dd"),
        ("count", None, None, "#,##0"),
    ],
)
def test_a_value_stands_as_what_it_is(kind: str, value: Value, stands_as: object, looks: str) -> None:
    columns = (Column("name", "sample.h.name", kind),)  # type: ignore[arg-type]  # kinds stand in the table above
    cell = _opened(_with_table(columns, ((value,),)))["测试"]["A2"]
    assert cell.value == stands_as
    if stands_as != "1850-01-01":
        assert cell.number_format == looks


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_rows_stand_in_the_workbook_under_a_frozen_filtered_heading(language: str) -> None:
    book = _opened(a_day(), language)
    for table, sheet in zip(a_day().tables, book.worksheets[1:6], strict=True):
        assert sheet.max_row == 1 + len(table.rows)
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_the_summary_holds_figures_definitions_and_a_native_chart() -> None:
    sheet = _opened(a_day())["汇总"]
    texts = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"已收流水账", 11, 48210.5, "数字口径", "出入库流水账核对"} <= texts
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(a_day(), "zh_CN"))) as package:
        assert "xl/charts/chart1.xml" in package.namelist()


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_filled_into_the_exception_sheet_are_read_as_answers(language: str) -> None:
    book = _opened(a_day(), language)
    sheet = book.worksheets[1]
    headings = [cell.value for cell in sheet[1]]
    if language == "zh_CN":
        assert headings[0] == "编号"
        assert headings[-4:] == ["处理", "原因", "经办人", "负责人"]
    assert len(set(headings)) == len(headings)
    (choices,) = sheet.data_validations.dataValidation
    words = choices.formula1.strip('"').split(",")
    answers = list(zip(words, ("explain", "assign", "write_off"), strict=True))
    for down, (word, _) in enumerate(answers, start=2):
        for back, text in ((3, word), (2, "已与现场核实"), (1, "李梅"), (0, "王建国")):
            sheet.cell(down, len(headings) - back).value = text
    filled = io.BytesIO()
    book.save(filled)
    sheets = sheets_of(filled.getvalue(), load_settings(OWN).limits)
    delivery = read_delivery(
        load_datasets()["exception_answers"], sheets, "answers.xlsx", Lookups(sites={}, warehouses={}), load_words()
    )
    read = delivery.rows[["break_id", "treatment", "reason", "answered_by", "owner"]].head(3)
    ids = [str(row[0]) for row in a_day().tables[0].rows[:3]]
    assert read.to_numpy().tolist() == [
        [one, code, "已与现场核实", "李梅", "王建国"] for one, (_, code) in zip(ids, answers, strict=True)
    ]


def test_a_ledger_to_sign_opens_first_upright_with_a_line_for_each_role() -> None:
    book = _opened(a_ledger_to_sign())
    sheet = book.active
    assert sheet is not None
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert texts[0] == "出入库流水账（签字备查）"
    assert sum("签字）：" in text for text in texts) == 2
    assert "010203000040" in texts
    assert sheet.page_setup.orientation != "landscape"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_report_gives_the_same_workbook(report: Report, language: str) -> None:
    assert workbook_bytes(report, language) == workbook_bytes(report, language)


@given(st.lists(st.text(max_size=40), max_size=12))
def test_sheet_names_are_accepted_by_excel_and_never_twice(titles: list[str]) -> None:
    taken: set[str] = set()
    names = [sheet_name(title, taken) for title in titles]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(1 <= len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert not any(name.startswith("'") or name.endswith("'") for name in names)
