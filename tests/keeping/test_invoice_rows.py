"""Invoices, receipts and vouchers as they are kept: numbers as they stood, nothing overwritten within one file."""

from __future__ import annotations

import pytest

from tasks.domain.cells import read_digits, read_rate
from tasks.domain.message import Message
from tasks.intake.invoice_kinds import kind_key
from tasks.intake.invoice_tables import invoice_books, invoices, receipts, revenue_entries
from tasks.intake.tables import changes
from tests.keeping.company import Company

INVOICE = ["发票种类", "发票代码", "发票号码", "开票日期", "购买方", "金额", "税率", "税额", "价税合计", "状态"]
ENTRY = ["凭证号", "日期", "科目", "摘要", "借方", "贷方", "客户", "发票号码"]
RECEIPT = ["收款单号", "日期", "付款方", "金额", "方式", "发票号码"]


def invoice(number: str, net: str = "100", state: str = "正常", kind: str = "专用发票", rate: str = "13%") -> list[str]:
    """A line of the register on which thirteen yuan of tax stand."""
    return [kind, "044001", number, "2026-11-03", "华东电力", net, rate, "13", "113", state]


def entry(voucher: str, credit: str, day: str = "2026-11-03") -> list[str]:
    """A line of the revenue ledger."""
    return [voucher, day, "6001 主营业务收入", "服务费", "", credit, "华东电力", ""]


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("00012345", "00012345"),
        ("26117000000012345678", "26117000000012345678"),
        (26117000000012345678.0, "26117000000012300000"),
        ("2.6117E+19", "2.6117E+19"),
        ('="00012345"', "00012345"),
        ("'00012345", "00012345"),
        (12345.0, "12345"),
    ],
)  # fmt: skip
def test_a_number_stands_as_it_was_delivered_even_where_a_spreadsheet_cut_it(cell: str | float, means: str) -> None:
    assert read_digits(cell) == means


@pytest.mark.parametrize(
    ("cell", "rate"),
    [
        ("13%", 1300), ("0.13", 1300), (0.13, 1300), ("13", 1300), (13.0, 1300), ("1%", 100), (1.0, 100), ("免税", 0),
        ("0", 0), ("1.5%", 150), ("", None), ("３％", 300),
    ],
)  # fmt: skip
def test_a_rate_is_a_share_or_percent_however_it_is_written(cell: str | float, rate: int | None) -> None:
    assert read_rate(cell) == rate


@pytest.mark.parametrize("cell", ["130", "-13%", "十三", "0.123456"])
def test_what_is_no_rate_of_tax_says_so(cell: str) -> None:
    assert isinstance(read_rate(cell), Message)


def test_a_kind_is_one_kind_by_all_its_names() -> None:
    assert kind_key("专票") == kind_key("增值税专用发票") == kind_key("VAT special invoice")
    assert kind_key("本公司自印收据") == "本公司自印收据"


def test_the_same_number_twice_in_one_file_stays_two_rows_and_an_exact_repeat_one(company: Company) -> None:
    rows = [invoice("00012345"), invoice("00012345", net="200"), invoice("12345"), invoice("00012346")]
    company.drop("invoices", "a.csv", [INVOICE, *rows])
    taken = company.take_in().datasets[0]
    assert (taken.read, taken.accepted, taken.repeated) == (4, 3, 1)
    assert company.rows(invoices, "number", "occurrence", "net") == [
        ("00012345", 1, 10_000),
        ("00012345", 2, 20_000),
        ("00012346", 1, 10_000),
    ]


def test_a_later_file_updates_the_invoice_and_the_state_before_is_kept(company: Company) -> None:
    company.drop("invoices", "a.csv", [INVOICE, invoice("00012345"), invoice("00012345", net="200")])
    company.take_in()
    company.drop("invoices", "b.csv", [INVOICE, invoice("00012345", net="200", state="作废"), invoice("00012345")])
    assert company.take_in().datasets[0].repeated == 1
    assert company.rows(invoices, "occurrence", "net", "state") == [(1, 10_000, "valid"), (2, 20_000, "void")]
    kept = company.rows(changes, "key", "field", "before", "after")
    assert kept == [("专用发票:044001:00012345:0.13:2", "state", "valid", "void")]


def test_a_line_for_each_rate_is_a_row_of_its_own(company: Company) -> None:
    company.drop("invoices", "a.csv", [INVOICE, invoice("1"), invoice("1", rate="6%")])
    company.take_in()
    assert company.rows(invoices, "rate", "occurrence") == [(1300, 1), (600, 1)]


def test_equal_lines_of_a_voucher_all_count_and_its_number_begins_anew_each_month(company: Company) -> None:
    lines = [entry("记-1", "100"), entry("记-1", "100"), entry("记-1", "50"), entry("记-1", "100", "2026-12-01")]
    company.drop("revenue_entries", "a.csv", [ENTRY, *lines])
    company.take_in()
    kept = company.rows(revenue_entries, "month", "occurrence", "credit")
    assert kept == [
        ("2026-11-01", 1, 10_000),
        ("2026-11-01", 2, 10_000),
        ("2026-11-01", 3, 5_000),
        ("2026-12-01", 1, 10_000),
    ]
    company.drop("revenue_entries", "b.csv", [ENTRY, lines[2], lines[0], lines[1], entry("记-1", "70")])
    taken = company.take_in().datasets[0]
    assert (taken.accepted, taken.repeated) == (1, 3)
    assert len(company.rows(revenue_entries, "voucher")) == 5
    assert company.verified() == []


def test_a_receipt_may_pay_several_invoices_line_by_line(company: Company) -> None:
    rows = [["SK1", "2026-11-05", "华东电力", "100", "转账", one] for one in ("00012345", "00012346、00012347")]
    company.drop("receipts", "a.csv", [RECEIPT, *rows])
    company.take_in()
    assert company.rows(receipts, "occurrence", "invoice") == [(1, "00012345"), (2, "00012346、00012347")]


def test_a_book_keeps_its_numbers_and_the_leading_zeros(company: Company) -> None:
    heads = ["发票种类", "发票代码", "起始号", "终止号", "领用部门", "领购日期"]
    book = ["专用发票", "044001", "00012301", "00012350", "财务部", "2026-11-01"]
    company.drop("invoice_books", "a.csv", [heads, book])
    company.take_in()
    assert company.rows(invoice_books, "kind_key", "code", "first", "last") == [
        ("special", "044001", "00012301", "00012350")
    ]
