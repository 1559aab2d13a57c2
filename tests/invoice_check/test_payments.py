"""Money received beside the invoices, and what is still owed (spec 04: OVERPAID, UNDERPAID, ageing)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tasks.domain.finding import Finding
from tasks.invoice_check.decisions import decided_by
from tasks.invoice_check.matching import match_receipts
from tasks.invoice_check.payments import payment_findings
from tasks.invoice_check.receivables import BUCKETS, ageing, open_items
from tests.invoice_check.drawn_money import NO_DECISIONS, POLICY, decisions, documents, receipts, said

AS_OF = dt.date(2026, 12, 20)
INVOICES = """
    number | buyer | day   | net     | due   | state | original
    11     | 大华  | 11-03 | 1000.00 | 12-20 | -     | -
    12     | 大华  | 11-04 | 500.00  | 12-19 | -     | -
    13     | 中兴  | 10-05 | 300.00  | 11-20 | -     | -
    14     | 海信  | 09-28 | 700.00  | 10-21 | void  | -
    15     | 海信  | 09-28 | 700.00  | 10-20 | -     | -
    16     | 海信  | 08-02 | 80.00   | 09-01 | -     | -
    17     | 海信  | 12-06 | -20.00  | -     | -     | 16
"""


def frames(*money: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    issued, come = documents(INVOICES), receipts("\n".join(("number|day|payer|amount|invoice", *money)))
    return issued, come, match_receipts(issued, come, NO_DECISIONS, POLICY)


def found(*money: str) -> tuple[Finding, ...]:
    return payment_findings(*frames(*money), AS_OF)


def told(*money: str) -> list[str]:
    return [
        f"{one.kind} {one.item} {one.message.key.rpartition('.')[2]} {one.expected}→{one.found}"
        for one in found(*money)
    ]


@pytest.mark.parametrize(
    ("money", "kinds"),
    [
        (["R1|12-01|大华|1130.00|11"], []),
        (["R1|12-01|大华|600.00|11", "R2|12-09|大华|530.00|11"], []),
        (["R1|12-01|大华|600.00|11"], ["UNDERPAID 11 not_due 1130.00→600.00"]),
        (["R1|12-01|大华|500.00|12"], ["UNDERPAID 12 late 565.00→500.00"]),
        (["R1|12-01|大华|564.99|12"], ["UNDERPAID 12 late 565.00→564.99"]),
        (["R1|12-01|大华|1131.00|11"], ["OVERPAID 11 plain 1130.00→1131.00"]),
        (["R1|12-01|大华|1130.00|11", "R2|12-09|大华|1130.00|11"], ["OVERPAID 11 twice 1130.00→2260.00"]),
        (["R1|12-01|大华|1310.00|11"], ["OVERPAID 11 transposed 1130.00→1310.00"]),
        (["R1|12-01|海信|90.40|16"], ["OVERPAID 16 refund 67.80→90.40"]),
        (["R1|12-01|海信|67.80|16"], []),
        (["R1|12-01|大华|1695.00|11、12"], []),
        (["R1|12-01|大华|1695.00|-"], []),
        (["R1|12-01|大华|77.00|-"], ["RECEIPT_WITHOUT_INVOICE R1 none 0.00→77.00"]),
        (["R1|12-01|大华|77.00|-", "R2|12-02|大华|-77.00|-"], []),
        (["R1|12-01|大华|77.00|99"], ["RECEIPT_WITHOUT_INVOICE R1 unknown 0.00→77.00"]),
        (["R1|12-01|海信|791.00|14"], []),
        (["R1|12-21|大华|77.00|99"], []),
    ],
)
def test_receipts_and_invoices(money: list[str], kinds: list[str]) -> None:
    assert told(*money) == kinds


ONE_NUMBER_TWICE = """
    number | code | buyer | day   | net    | due
    11     | A    | 大华  | 11-03 | 100.00 | 12-20
    11     | B    | 中兴  | 11-03 | 100.00 | 12-20
"""


@pytest.mark.parametrize(
    ("invoices", "decided", "why"),
    [
        (INVOICES, "-", "unknown"),
        (ONE_NUMBER_TWICE, "-", "several"),
        (INVOICES, "1|unmatch|11|receipts:R1", "apart"),
        (INVOICES, "1|ignore|11|-", "left_alone"),
    ],
)
def test_money_in_no_link_is_told_with_its_own_cause(invoices: str, decided: str, why: str) -> None:
    issued = documents(invoices)
    named = "99" if why == "unknown" else "11"
    come = receipts(f"number|day|payer|amount|invoice\nR1|12-01|海信|77.00|{named}")
    acts = decisions(f"decision|act|documents|others\n{decided}") if decided != "-" else NO_DECISIONS
    links = match_receipts(issued, come, acts, POLICY)
    [one] = payment_findings(issued, come, links, AS_OF, decided_by(acts))
    assert one.message.key == f"invoice_money.RECEIPT_WITHOUT_INVOICE.{why}"
    assert "{" not in said(one.message, "zh_CN") + said(one.message, "en")


def test_what_is_owed_by_its_age() -> None:
    items = open_items(*frames("R1|12-01|海信|790.99|15"), AS_OF)
    columns = items[["document", "open", "days", "bucket"]].to_numpy().tolist()
    shown = [f"{document} {owed / 100:.2f} {days} {age}" for document, owed, days, age in columns]
    assert shown == [
        "16 67.80 110 over_90",
        "15 0.01 61 61_90",
        "13 339.00 30 1_30",
        "12 565.00 1 1_30",
        "11 1130.00 0 not_due",
    ]
    assert ageing(items) == dict(zip(BUCKETS, (113000, 90400, 0, 1, 6780), strict=True))


def test_what_came_or_was_issued_later_is_not_there_yet() -> None:
    items = open_items(*frames("R1|12-01|海信|791.00|15"), dt.date(2026, 11, 30))
    owed = dict(zip(items["document"], items["open"], strict=True))
    assert (owed["15"], owed["16"]) == (79100, 9040)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_sentence_can_be_said(language: str) -> None:
    money = ["R1|12-01|大华|600.00|11", "R2|12-01|海信|791.00|14", "R3|12-01|海信|1.00|99", "R4|12-01|海信|1.00|-"]
    for one in found(*money):
        assert "{" not in said(one.message, language)
