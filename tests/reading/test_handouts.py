"""Workbooks that Daybook hands out: empty ones read as empty, filled-in ones without a fault."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from config.datasets import Dataset, load_datasets
from config.settings import UnableToConfigure
from config.wording import catalogue
from tasks.adapters.handout import Asking, template_workbook
from tasks.domain.sheet import RefusedFile
from tasks.intake.words import known_headings, word_codes
from tests.reading.files import DATASETS, NOTHING_KNOWN, WORDS, csv, read

FILLED = {
    "text": "文字", "code": "00A-1", "date": dt.date(2026, 11, 20), "datetime": dt.datetime(2026, 11, 20, 8),  # noqa: DTZ001 - a cell knows no zone
    "quantity": 2.5, "price": 12.34, "volume": 0.05, "money": 388.5, "freight": "388.50",
    "share": 0.85, "count": 30, "rate": 0.06, "digits": "00012345",
}  # fmt: skip


def filled(dataset: Dataset, language: str, rows: int) -> bytes:
    """The workbook handed out, as a person fills it in under the example."""
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(dataset, language, WORDS)))
    sheet = book.worksheets[0]
    columns = [column for column in dataset.columns if not column.hidden]
    first = 4 + (dataset.name == "ledger")
    for number in range(first, first + rows):
        for place, column in enumerate(columns, start=1):
            word = WORDS.lists[column.words][0] if column.words else None
            value = (word.zh if language == "zh_CN" else word.en) if word else FILLED[column.type]
            sheet.cell(number, place).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("name", DATASETS)
def test_a_workbook_handed_out_is_empty_and_reads_back_filled(name: str, language: str) -> None:
    dataset = DATASETS[name]
    empty = template_workbook(dataset, language, WORDS)
    assert empty == template_workbook(dataset, language, WORDS)
    if name == "ledger":
        with pytest.raises(RefusedFile, match="empty_ledger"):
            read(empty)
    else:
        found = read(empty, name)
        assert (found.read, found.notices) == (0, ())
    found = read(filled(dataset, language, 3), name, lookups=NOTHING_KNOWN)
    assert (len(found.rows), len(found.quarantined), found.notices) == (3, 0, ())


def example_of(name: str) -> dict[str, object]:
    """The cells of the example row, by column."""
    sheet = openpyxl.load_workbook(io.BytesIO(template_workbook(DATASETS[name], "zh_CN", WORDS))).worksheets[0]
    columns = [column.name for column in DATASETS[name].columns if not column.hidden]
    return {column: sheet.cell(3, place).value for place, column in enumerate(columns, start=1)}


def test_an_example_holds_amounts_that_a_clerk_finds_sensible() -> None:
    stay, deposit, shift = (example_of(name) for name in ("stays", "deposits", "shifts"))
    assert (stay["rack_rate"], stay["discount"], stay["price"], stay["guests"]) == (485, 0.8, 388, 2)
    assert (deposit["amount"], shift["cash_float"], shift["handed_over"]) == (1000, 500, 1276)
    assert example_of("on_hand")["quantity"] == 2


@pytest.mark.parametrize("name", ["stays", "folio", "shifts"])
def test_the_example_of_a_workbook_handed_out_before_is_no_row(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(DATASETS[name], "zh_CN", WORDS)))
    sheet = book.worksheets[0]
    for place, column in enumerate((one for one in DATASETS[name].columns if not one.hidden), start=1):
        if column.type in ("money", "count"):
            sheet.cell(3, place).value = 2
    stream = io.BytesIO()
    book.save(stream)
    assert read(stream.getvalue(), name).read == 0
    typed_over = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    money = [column.type for column in DATASETS[name].columns].index("money") + 1
    typed_over.worksheets[0].cell(3, money).value = 77
    again = io.BytesIO()
    typed_over.save(again)
    assert read(again.getvalue(), name).read == 1


def test_everything_that_is_filled_in_is_printed() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(filled(DATASETS["ledger"], "zh_CN", 80))).worksheets[0]
    assert not sheet.print_area
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$1:$3", "landscape")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "choose from the list, or write the warehouse's code"), ("zh_CN", "从下拉列表中选择，或填写仓库编码")],
)
def test_a_warehouse_that_is_not_in_the_list_is_answered_by_a_sentence(language: str, sentence: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template_workbook(DATASETS["ledger"], language, WORDS))).worksheets[0]
    warnings = [str(rule.error) for rule in sheet.data_validations.dataValidation if rule.errorStyle == "warning"]
    assert [sentence in warning for warning in warnings] == [True]


@pytest.mark.parametrize("name", DATASETS)
def test_no_heading_stands_for_two_columns(name: str) -> None:
    dataset = DATASETS[name]
    known = known_headings(dataset)
    for column in dataset.columns:
        for heading in (column.heading_zh, column.heading_en):
            assert known_headings(dataset)[next(key for key in known if known[key] == column.name)] == column.name
            assert read_heading(heading, dataset) == column.name


def read_heading(heading: str, dataset: Dataset) -> str | None:
    from tasks.intake.words import column_of

    return column_of(heading, known_headings(dataset))


@pytest.mark.parametrize("name", WORDS.lists)
def test_no_word_means_two_things_and_every_list_is_worded(name: str) -> None:
    codes = word_codes(WORDS, name)
    for word in WORDS.lists[name]:
        for text in (word.zh, word.en, *word.also):
            assert codes[text_key(text)] == word.code
    assert all(word.zh in catalogue("zh_CN")[f"intake.words.{name}"] for word in WORDS.lists[name])
    assert all(word.en in catalogue("en")[f"intake.words.{name}"] for word in WORDS.lists[name])


def text_key(text: str) -> str:
    from tasks.intake.words import word_key

    return word_key(text)


def test_a_home_adds_headings_of_its_own() -> None:
    own = load_datasets({"late_notice": {"reason": ("为何",)}})["late_notice"]
    assert read_heading("为何", own) == "reason"
    assert read_heading("为何", DATASETS["late_notice"]) is None
    with pytest.raises(UnableToConfigure, match=r"aliases\.late_notice"):
        load_datasets({"late_notice": {"weather": ("天气",)}})
    with pytest.raises(UnableToConfigure, match=r"aliases\.weather"):
        load_datasets({"weather": {}})


def test_an_erp_export_is_read() -> None:
    rows = [
        (
            "单据号",
            "行号",
            "单据日期",
            "单据类型",
            "红蓝字",
            "出入库类别",
            "仓库编码",
            "存货编码",
            "数量",
            "制单时间",
            "审核日期",
        ),
        ("Q1", "01", "2026-11-11", "其他入库单", "蓝字", "完好品调拨", "df01-a", "SL 1", "1", "2026-11-11 20:10", ""),
        ("Q1", "2", "2026-11-11", "其它出库单", "红字", "损坏品调拨", "DF01A", "SL1", "-1", "", "2026-11-12"),
        ("Q2", "1", "2026-11-11", "调拨单", "", "完好品调拨", "DF01A", "SL1", "1", "", ""),
    ]
    found = read(csv(rows, "gb18030"), "erp_documents", "单据_20261111.csv")
    assert list(found.rows["category"]) == ["GOOD_TRANSFER_IN", "DAMAGED_TRANSFER_OUT", "GOOD_TRANSFER"]
    assert [
        None if red is None else red for red in found.rows["red"].astype(object).where(found.rows["red"].notna(), None)
    ] == [False, True, None]
    assert set(found.rows["warehouse_key"]) == {"DF01A"}
    assert set(found.rows["item_key"]) == {"SL1"}
    assert found.stated_date == dt.date(2026, 11, 11)


def test_an_exception_sheet_comes_back_with_the_unanswered_rows_left_blank() -> None:
    rows = [
        ("编号", "类型", "处理", "原因", "经办人", "负责人"),
        ("ab12", "QUANTITY", "说明", "次日补录", "李", ""),
        ("ab13", "QUANTITY", "", "", "", ""),
        ("ab14", "QUANTITY", "指派", "", "李", "张"),
    ]
    found = read(csv(rows), "exception_answers", "x.csv")
    assert (len(found.rows), list(found.quarantined["column"]), found.ignored) == (1, ["原因"], 2)


def test_masters_are_typed() -> None:
    rows = [
        ("存货编码", "存货名称", "大类", "物资类别", "单价", "单件体积(立方米)", "保质期(天)", "质保期至"),
        ("SL1", "轴承", "备件", "Ⅱ", "8,532.40", "0.05", "365", "2027年1月31日"),
        ("SL2", "滤芯", "耗材", "1", "-1", "", "", ""),
    ]
    found = read(csv(rows), "items", "物资.csv")
    one = found.rows.iloc[0]
    assert (one["sort"], one["item_class"], one["unit_price"], one["unit_volume"]) == (
        "spare",
        "II",
        85_324_000,
        50_000,
    )
    assert list(found.quarantined["column"]) == ["单价"]


GROUPS = {"质量": ("产品质量", "包装"), "服务": ("态度",)}
FIVE = ("Very satisfied", "fairly satisfied", "basically satisfied", "not very satisfied", "dissatisfied")


def survey_book(language: str = "zh_CN", asking: Asking = Asking(GROUPS)) -> openpyxl.Workbook:  # noqa: B008 - frozen
    """The workbook of returned forms."""
    return openpyxl.load_workbook(io.BytesIO(template_workbook(DATASETS["responses"], language, WORDS, asking)))


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_questions_follow_below_their_groups_with_the_five_words_to_choose_from() -> None:
    book = survey_book()
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    assert heads[-5:] == ["产品质量", "包装", "态度", "客户总体评价*", "意见建议"]
    assert [cell.value for cell in sheet[2]][-5:] == ["质量", None, "服务", None, None]
    ranges = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    last = sheet.cell(5, heads.index("态度") + 1).coordinate
    offered = next(formula for cells, formula in ranges.items() if cells.startswith(f"{last}:"))
    letter = offered.split("$")[1]
    words = [cell.value for cell in book.worksheets[1][letter]]
    assert words == ["很满意", "比较满意", "基本满意", "不太满意", "不满意"]
    assert read(saved(book), "responses", lookups=NOTHING_KNOWN).read == 0


def test_forms_filled_in_are_read_with_their_questions_and_groups() -> None:
    book = survey_book()
    form = [
        "W-1",
        "2026-11",
        "一部",
        "泵",
        "电话",
        "华东",
        "是",
        dt.date(2026, 11, 3),
        "5",
        "4",
        "不满意",
        "很满意",
        "好",
    ]
    for place, value in enumerate(form, start=1):
        book.worksheets[0].cell(5, place).value = value
    found = read(saved(book), "responses", lookups=NOTHING_KNOWN)
    assert list(found.rows["answers"]) == ['["5","4","不满意"]']
    assert found.layouts[0].groups == ("质量", "质量", "服务")
    assert (found.read, found.notices) == (1, ())


def test_an_example_whose_answers_somebody_typed_over_is_a_form() -> None:
    book = survey_book()
    book.worksheets[0].cell(4, 11).value = "不满意"
    assert read(saved(book), "responses", lookups=NOTHING_KNOWN).read == 1


@pytest.mark.parametrize("ratings", [(), FIVE, ("非常满意", "满意", "一般", "差", "很差")])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_untouched_it_brings_nothing_whatever_words_the_house_has(language: str, ratings: tuple[str, ...]) -> None:
    book = survey_book(language, Asking({}, ratings))
    assert [cell.value for cell in book.worksheets[0][2]][-4:-2] in (
        ["产品质量", "服务态度"],
        ["Product quality", "Attitude of the service"],
    )
    found = read(saved(book), "responses", lookups=NOTHING_KNOWN)
    assert (found.read, found.notices) == (0, ())
