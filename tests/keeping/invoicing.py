"""Invoices of the small company, as files that people hand in, and a run of the check in a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from tasks.domain.recipient import Recipient
from tasks.invoice_check.policy import Policy, Rate
from tasks.invoice_check.steps.carrying import carried_out
from tasks.invoice_check.steps.ordering import Order
from tasks.mail.steps import Readership
from tests.keeping.company import Company

ZONE = dt.timezone(dt.timedelta(hours=8))
POLICY = Policy(rates=(Rate(1300, dt.date.min, dt.date.max),))
ACCOUNTS = ("6001",)
TAX_NUMBER = "91110000600037341L"
INVOICE = (
    "发票种类", "发票代码", "发票号码", "开票日期", "购买方", "税号", "金额", "税率", "税额", "价税合计", "状态",
    "收款通知单号",
)  # fmt: skip
RECEIPT = ("收款单号", "日期", "付款方", "金额", "方式", "发票号码")
ENTRY = ("凭证号", "日期", "科目", "贷方", "客户", "发票号码")
Found = list[dict[str, str]]


def issued(company: Company, *invoices: Sequence[object], name: str = "invoices.csv") -> None:
    """A register in the inbox: number, day, buyer, net; the tax is 13 %."""
    rows = [
        ["专用发票", "044001", number, day, buyer, TAX_NUMBER, net, "13%", f"{Decimal(str(net)) * 13 / 100:.2f}",
         f"{Decimal(str(net)) * 113 / 100:.2f}", "正常", "N-1"]
        for number, day, buyer, net in invoices
    ]  # fmt: skip
    company.drop("invoices", name, [INVOICE, *rows])


def received(company: Company, *receipts: Sequence[object], name: str = "receipts.csv") -> None:
    """Receipts in the inbox: number, day, payer, amount, invoice."""
    company.drop("receipts", name, [RECEIPT, *([*one[:4], "转账", one[4]] for one in receipts)])


def booked(company: Company, *entries: Sequence[object], name: str = "entries.csv") -> None:
    """Entries of revenue in the inbox: voucher, day, credit, customer, invoice."""
    company.drop("revenue_entries", name, [ENTRY, *([*one[:2], "6001 收入", *one[2:]] for one in entries)])


def ordered(company: Company, date: dt.date, *readers: Recipient, period_end: bool = False) -> Order:
    """What a run of the day, or of the end of its month, is told."""

    def now() -> dt.datetime:
        return dt.datetime.combine(date, dt.time(8), ZONE)

    return Order(
        home=company.home,
        database_url=company.store.engine.url.render_as_string(hide_password=False),
        policy=POLICY,
        accounts=ACCOUNTS,
        readership=Readership(readers, "example.com", "zh_CN"),
        languages=("zh_CN",),
        date=date,
        clock=now,
        period_end=period_end,
        mail=bool(readers),
    )


def told(company: Company, date: dt.date, *, period_end: bool = False) -> list[str]:
    """The breaks that a run tells of: kind, item and state of each, sorted."""
    company.take_in()
    summary = carried_out(ordered(company, date, period_end=period_end))
    return sorted(f"{one['kind']} {one['item']} {one['state']}" for one in cast("Found", summary["exceptions"]))
