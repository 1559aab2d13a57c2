"""Count sheets handed out: only what is to be filled in is open, they print on A4, and what is filled in reads back."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from config.datasets import load_datasets, load_words
from tasks.adapters.count_sheet import BLANK_ROWS, HEADINGS_ROW, SheetForm, SheetHead, count_sheet
from tests.keeping.counting import filled
from tests.reading.files import TWO_SITES, read

HEAD = SheetHead(
    "PD-2026-11-DF01", "DF01", "大丰一期", "2026-11", dt.date(2026, 10, 31), dt.date(2026, 11, 6), blind=False
)
FORMS = {
    language: SheetForm(load_datasets()["count_sheets"], load_words().lists["causes"], language)
    for language in ("zh_CN", "en")
}
BLIND, RECOUNT = replace(HEAD, blind=True), replace(HEAD, number="PD-2026-11-DF01-R1", recount=1)
FIRST = HEADINGS_ROW + 2


def lines(count: int = 3) -> pd.DataFrame:
    """The lines of a sheet: items A0, A1, … with books 0, 1.5, 3, …"""
    return pd.DataFrame(
        {
            "warehouse": "DF01A", "warehouse_name": "大丰一期完好品库", "item": [f"A{at}" for at in range(count)],
            "item_name": "=SUM(1)", "specification": "M16×80", "unit": "件",
            "frozen": [at * 15_000 for at in range(count)],
        }
    )  # fmt: skip


def opened(head: SheetHead = HEAD, language: str = "zh_CN", count: int = 3) -> Worksheet:
    """The sheet as a spreadsheet program opens it."""
    return openpyxl.load_workbook(io.BytesIO(count_sheet(head, lines(count), FORMS[language]))).worksheets[0]


def headings(sheet: Worksheet) -> dict[str, int]:
    """The columns by their headings."""
    return {str(cell.value): cell.column for cell in sheet[HEADINGS_ROW + 1]}


@pytest.mark.parametrize(
    ("head", "book"),
    [(HEAD, True), (BLIND, False), (RECOUNT, False), (replace(RECOUNT, blind=True), False)],
    ids=["open", "blind", "recount", "blind recount"],
)
def test_a_blind_sheet_and_every_recount_show_no_book(head: SheetHead, book: bool) -> None:  # noqa: FBT001 - of the table
    sheet = opened(head)
    assert ("账面数量" in headings(sheet)) is book
    if book:
        assert [sheet.cell(FIRST + at, headings(sheet)["账面数量"]).value for at in range(3)] == [0, 1.5, 3]
    assert not {cell.value for row in sheet.iter_rows(min_row=FIRST) for cell in row} & {1.5} or book


def test_equal_sheets_are_equal_to_the_byte_and_another_number_is_another_sheet() -> None:
    first = count_sheet(HEAD, lines(), FORMS["zh_CN"])
    assert first == count_sheet(HEAD, lines(), FORMS["zh_CN"])
    assert first != count_sheet(RECOUNT, lines(), FORMS["zh_CN"])


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_sheet_prints_on_a4_with_its_head_on_every_page(language: str) -> None:
    sheet = opened(language=language)
    page = sheet.page_setup
    assert (page.paperSize, page.orientation, page.fitToWidth, page.fitToHeight) == (9, "landscape", None, 0)
    assert sheet.print_title_rows == f"$1:${HEADINGS_ROW + 1}"
    assert not sheet.print_area
    assert HEAD.number in str(sheet.cell(3, 2).value)


def test_a_row_is_high_enough_for_a_hand_and_for_a_long_name() -> None:
    named = lines().assign(item_name=["轴承", "双馈异步风力发电机变桨轴承组件（含紧固件与密封圈、出口型）", "软管"])
    sheet = openpyxl.load_workbook(io.BytesIO(count_sheet(HEAD, named, FORMS["zh_CN"]))).worksheets[0]
    heights = [sheet.row_dimensions[HEADINGS_ROW + 2 + at].height for at in range(3)]
    assert heights == [21, 4 * 13.5, 21]


def test_only_what_is_to_be_filled_in_is_open_and_blank_rows_wholly() -> None:
    sheet = opened()
    assert sheet.protection.sheet
    listed = {"盘点单号", "仓库编码", "物资编码", "物资名称", "规格型号", "单位", "账面数量"}
    written = {cell.column for cell in sheet[FIRST] if cell.value is not None}
    for heading, place in headings(sheet).items():
        # A cell that is not there looks as its column does.
        [column] = [one for one in sheet.column_dimensions.values() if one.min <= place <= one.max]
        assert (place in written, column.protection.locked) == (heading in listed, False)
        assert sheet.cell(FIRST, place).protection.locked or heading not in listed
        assert not sheet.cell(FIRST + 3 + BLANK_ROWS - 1, place).protection.locked
        assert sheet.cell(HEADINGS_ROW + 1, place).protection.locked
        assert sheet.cell(1, place).protection.locked
    assert sheet.column_dimensions["A"].hidden


def test_counts_dates_and_causes_are_validated() -> None:
    sheet = opened()
    places = {str(cell.value): cell.column_letter for cell in sheet[HEADINGS_ROW + 1]}
    rules = {str(rule.sqref)[0]: rule for rule in sheet.data_validations.dataValidation}
    kinds = {heading: rules[letter].type for heading, letter in places.items() if letter in rules}
    assert kinds == {
        "实盘数量": "decimal",
        "残损数量": "decimal",
        "盈亏原因": "list",
        "盘点日期": "date",
        "序列号": None,
    }
    assert all(word.zh in rules[places["盈亏原因"]].formula1 for word in load_words().lists["causes"])


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_an_untouched_sheet_reads_back_as_not_counted(language: str) -> None:
    found = read(count_sheet(HEAD, lines(), FORMS[language]), "count_sheets", "x.xlsx", TWO_SITES)
    assert (found.numbers, len(found.rows), len(found.quarantined), found.notices) == ((HEAD.number,), 3, 0, ())
    assert found.rows["counted"].isna().all()
    assert found.rows["book"].tolist() == [0, 15_000, 30_000]
    assert found.rows["item_name"].tolist() == ["=SUM(1)"] * 3


def test_a_sheet_without_lines_still_takes_what_is_found() -> None:
    more = {"仓库编码": "DF01A", "物资编码": "Z9", "实盘数量": 2}
    found = read(filled(count_sheet(HEAD, lines(0), FORMS["zh_CN"]), {}, [more]), "count_sheets", "x.xlsx", TWO_SITES)
    assert list(found.rows[["number", "item", "counted"]].itertuples(index=False, name=None)) == [
        (HEAD.number, "Z9", 20_000)
    ]


def rename_tab(sheet: Worksheet) -> None:
    """Another name for the tab."""
    sheet.title = "十一月"


def hide_rows(sheet: Worksheet) -> None:
    """Rows hidden by hand or by a filter."""
    for row in (FIRST, FIRST + 2):
        sheet.row_dimensions[row].hidden = True


def sort_rows(sheet: Worksheet) -> None:
    """The lines the other way round."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(FIRST, FIRST + 2)]
    for at, cells in enumerate(reversed(rows)):
        for place, value in enumerate(cells, start=1):
            sheet.cell(FIRST + at, place).value = value


def add_totals(sheet: Worksheet) -> None:
    """A line of totals and a signature under the lines."""
    sheet.cell(FIRST + 4, 4).value = "合计"
    sheet.cell(FIRST + 4, 8).value = 12
    sheet.cell(FIRST + 6, 2).value = "保管员：张工"


def add_column(sheet: Worksheet) -> None:
    """A column of somebody's own between ours."""
    sheet.insert_cols(5)
    sheet.cell(HEADINGS_ROW + 1, 5).value = "货架"
    sheet.cell(FIRST, 5).value = "3-2"


def add_tab(sheet: Worksheet) -> None:
    """Notes on a tab of their own."""
    assert sheet.parent is not None
    sheet.parent.create_sheet("草稿")["A1"] = "第三排没看清"


def delete_head(sheet: Worksheet) -> None:
    """Nothing left above the headings."""
    sheet.delete_rows(1, HEADINGS_ROW)


def delete_hidden_column(sheet: Worksheet) -> None:
    """The hidden column shown and deleted."""
    sheet.delete_cols(1)


@pytest.mark.parametrize(
    "edit",
    [rename_tab, hide_rows, sort_rows, add_totals, add_column, add_tab, delete_head, delete_hidden_column],
    ids=lambda edit: edit.__name__,
)
def test_whatever_people_do_to_a_sheet_its_counts_are_read(edit: Callable[[Worksheet], None]) -> None:
    counts = {"A0": {"实盘数量": 4}, "A1": {"实盘数量": 0}}
    book = openpyxl.load_workbook(io.BytesIO(filled(count_sheet(HEAD, lines(), FORMS["zh_CN"]), counts)))
    edit(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)
    found = read(stream.getvalue(), "count_sheets", "改过的.xlsx", TWO_SITES)
    read_back = dict(zip(found.rows["item"], found.rows["counted"].fillna(-1).tolist(), strict=True))
    assert (found.numbers, read_back) == ((HEAD.number,), {"A0": 40_000, "A1": 0, "A2": -1})
    assert len(found.quarantined) == 0


def by_libreoffice(content: bytes, kind: str, folder: Path) -> Path:
    """The sheet as LibreOffice saves it in another kind of file."""
    (folder / "sheet.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    asked = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(folder),
        str(folder / "sheet.xlsx"),
    ]
    subprocess.run(asked, check=True, capture_output=True, timeout=180)
    return folder / f"sheet.{kind.partition(':')[0]}"


needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


@pytest.mark.proof
@needs_libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx:Calc MS Excel 2007 XML"])
def test_a_sheet_saved_by_libreoffice_reads_the_same(kind: str, tmp_path: Path) -> None:
    content = filled(
        count_sheet(HEAD, lines(40), FORMS["zh_CN"]),
        {"A1": {"实盘数量": 2, "盈亏原因": "丢失", "盘点日期": dt.date(2026, 11, 2)}, "A2": {"实盘数量": 0}},
        [{"仓库编码": "DF01A", "物资编码": "Z9", "实盘数量": 1}],
    )
    expected = read(content, "count_sheets", "x.xlsx", TWO_SITES)
    saved = by_libreoffice(content, kind, tmp_path)
    found = read(saved.read_bytes(), "count_sheets", saved.name, TWO_SITES)
    assert found.numbers == expected.numbers
    pd.testing.assert_frame_equal(found.rows, expected.rows)


@pytest.mark.proof
@needs_libreoffice
@pytest.mark.parametrize("head", [HEAD, BLIND], ids=["open", "blind"])
def test_every_printed_page_bears_the_head_and_fits_its_width(head: SheetHead, tmp_path: Path) -> None:
    printed = by_libreoffice(count_sheet(head, lines(130), FORMS["zh_CN"]), "pdf", tmp_path)
    asked = ["pdftotext", "-layout", str(printed), "-"]
    pages = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split("\f")[:-1]
    # 130 lines and 20 blank rows; a sheet that were too wide would print a second page beside each.
    assert 4 <= len(pages) <= 6
    for page in pages:
        assert HEAD.number in page
        assert "实盘数量" in page
        assert "监盘人：" in page
        [top] = [line for line in page.splitlines() if "仓库编码" in line]
        assert ("账面数量" in top) is head.shows_book
    size = subprocess.run(["pdfinfo", str(printed)], check=True, capture_output=True, text=True).stdout
    assert "A4" in size
