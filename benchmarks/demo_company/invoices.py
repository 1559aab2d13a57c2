"""The company's invoices: two months from books and platform, paid and booked as they should be, with known faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from benchmarks.demo_company.calendar import is_working_day
from benchmarks.demo_company.files import Cell, save_csv

_INVOICE = (
    "发票种类", "发票代码", "发票号码", "开票日期", "购买方", "税号", "金额", "税率", "税额", "价税合计", "状态",
    "原发票号码", "收款通知单号", "约定收款日", "联次数", "实有联次", "开票部门", "备注",
)  # fmt: skip
_BOOK = ("发票种类", "发票代码", "起始号", "终止号", "领用部门", "领购日期", "批准文号")
_RECEIPT = ("收款单号", "日期", "付款方", "金额", "方式", "发票号码")
_ENTRY = ("凭证号", "日期", "科目", "摘要", "借方", "贷方", "客户", "发票号码")
_PAPER, _DIGITAL, _CODE = "增值税专用发票", "数电票(增值税专用发票)", "3200201130"
_FIRST, _LEAVES = 45001, 50
_BUYERS = ("海上风电运维有限公司", "东台新能源有限公司", "如东海装服务有限公司", "射阳风力发电有限公司")
_DEPARTMENT = "第一业务部"
_PAID_AFTER = 12
_DIGITAL_EVERY = 3
_ACCOUNT = "6001 主营业务收入"
_OPEN_DAYS = 45
Row = dict[str, Cell]


@dataclass(slots=True)
class _Books:
    """What is written: rows by dataset."""

    invoices: list[Row] = field(default_factory=list)
    platform: list[Row] = field(default_factory=list)
    receipts: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)


def make_invoices(inbox: Path, last: dt.date) -> tuple[str, ...]:
    """Writes the invoices of the month of `last` and of the one before it into `inbox`; what is wrong, by kind.

    Everything else is right: paper invoices fill their book in the order of their days, digital ones are on the
    platform, each is paid with its notice and booked on its day.
    """
    start = (last.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    days = [day for day in _days(start, last) if is_working_day(day)]
    books = _Books()
    for at, day in enumerate(days):
        _issue(books, at, day, last)
    told = _put_wrong(books, last)
    book = (_PAPER, _CODE, f"{_FIRST:08d}", f"{_FIRST + _LEAVES - 1:08d}", _DEPARTMENT, start, "")
    _save(inbox / "invoice_books" / "发票领购登记.csv", _BOOK, [dict(zip(_BOOK, book, strict=True))])
    _save(inbox / "invoices" / "发票登记簿.csv", _INVOICE, books.invoices)
    _save(inbox / "tax_download" / "税务平台下载.csv", _INVOICE, books.platform)
    _save(inbox / "receipts" / "收款单.csv", _RECEIPT, books.receipts)
    _save(inbox / "revenue_entries" / "收入明细账.csv", _ENTRY, books.entries)
    return told


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(days=at) for at in range((last - first).days + 1))


def _issue(books: _Books, at: int, day: dt.date, last: dt.date) -> None:
    digital = at % _DIGITAL_EVERY == 0
    number = f"{day:%y}322{at + 1:015d}" if digital else f"{_FIRST + at - 1 - at // _DIGITAL_EVERY:08d}"
    net = Decimal(1200 + 137 * at)
    tax = (net * Decimal("0.13")).quantize(Decimal("0.01"))
    values = (
        _DIGITAL if digital else _PAPER, "" if digital else _CODE, number, day, _BUYERS[at % len(_BUYERS)], "", net,
        "13%", tax, net + tax, "正常", "", f"SKTZ-{at + 1:04d}", day + dt.timedelta(days=_OPEN_DAYS),
        *(("", "") if digital else (3, 3)), _DEPARTMENT, "",
    )  # fmt: skip
    row = dict(zip(_INVOICE, values, strict=True))
    books.invoices.append(row)
    if digital:
        books.platform.append(dict(row))
    entry = (f"记-{at + 1:04d}", day, _ACCOUNT, "运维服务费", "", net, row["购买方"], number)
    books.entries.append(dict(zip(_ENTRY, entry, strict=True)))
    paid_on = day + dt.timedelta(days=_PAID_AFTER)
    if paid_on <= last:
        receipt = (f"SK-{at + 1:04d}", paid_on, row["购买方"], net + tax, "银行转账", number)
        books.receipts.append(dict(zip(_RECEIPT, receipt, strict=True)))


def _put_wrong(books: _Books, last: dt.date) -> tuple[str, ...]:
    """The kinds of breaks that what is put wrong here must show, in the order in which it is."""
    entry = {str(row["发票号码"]): row for row in books.entries}
    paper = [row for row in books.invoices if row["发票种类"] == _PAPER]
    gone = paper[6]
    for rows in (books.invoices, books.entries, books.receipts):
        rows[:] = [row for row in rows if row["发票号码"] != gone["发票号码"]]
    paper[2]["实有联次"] = 2
    digits = str(entry[str(paper[3]["发票号码"])]["贷方"])
    entry[str(paper[3]["发票号码"])]["贷方"] = Decimal(digits[:-2] + digits[-1] + digits[-2])
    books.entries.remove(entry[str(paper[4]["发票号码"])])
    books.platform.pop(1)
    slow = paper[1]
    slow["约定收款日"] = last - dt.timedelta(days=20)
    books.receipts[:] = [row for row in books.receipts if row["发票号码"] != slow["发票号码"]]
    stray = ("SK-9999", last, "南通海上工程公司", Decimal("888.00"), "银行转账", "")
    books.receipts.append(dict(zip(_RECEIPT, stray, strict=True)))
    return (
        "GAP", "COPY_MISSING", "NOT_BOOKED", "NOT_BOOKED", "NOT_ON_PLATFORM", "PRE_ISSUED", "RECEIPT_WITHOUT_INVOICE",
    )  # fmt: skip


def _save(path: Path, headings: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    told: list[list[Cell]] = [list(headings), *([_shown(row[heading]) for heading in headings] for row in rows)]
    save_csv(path, told, "utf-8-sig")


def _shown(value: Cell) -> Cell:
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else value
