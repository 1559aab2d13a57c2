"""A company that does everything right: nothing is found, and its bridges need no line (spec 04)."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.invoice_check.booking import booking_findings
from tasks.invoice_check.bridge import bridge, period_total
from tasks.invoice_check.chasing import pre_issued_findings
from tasks.invoice_check.matching import match_receipts, match_revenue
from tasks.invoice_check.payments import payment_findings
from tasks.invoice_check.receivables import open_items
from tests.invoice_check.drawn_money import (
    NO_DECISIONS,
    POLICY,
    Row,
    documents_of,
    entries_of,
    receipts_of,
)

AS_OF = dt.date(2026, 12, 31)
SALE = st.fixed_dictionaries(
    {
        "buyer": st.sampled_from(["大华", "中兴", "海信"]),
        "month": st.integers(10, 12),
        "day": st.integers(1, 25),
        "cents": st.sampled_from([10000, 10000, 25050, 99999, 33333, 1]),
        "code": st.sampled_from(["1100224130", "4403224130", ""]),
        "named": st.booleans(),
        "parts": st.integers(1, 3),
        "credit": st.booleans(),
        "void": st.integers(0, 9).map(lambda drawn: drawn == 0),
    }
)


def company(sales: list[dict[str, object]]) -> tuple[list[Row], list[Row], list[Row]]:
    """The three books of these sales: each is booked and paid in its month, named by number or the buyer's only one.

    Some are paid in parts, some half credited before they are paid; a void one is neither booked nor paid.
    """
    invoices: list[Row] = []
    ledger: list[Row] = []
    money: list[Row] = []
    buyers = [sale["buyer"] for sale in sales]
    for at, sale in enumerate(sales):
        number, day = f"{at * 10 + 40:08d}", f"{sale['month']:02d}-{sale['day']:02d}"
        document = f"{sale['code']}-{number}" if sale["code"] else number
        cents = int(str(sale["cents"])) + at
        buyer, tax = str(sale["buyer"]), (cents * 13 + 50) // 100
        row = {"number": number, "code": str(sale["code"]), "buyer": buyer, "day": day, "net": yuan(cents)}
        if sale["void"]:
            invoices.append(row | {"state": "void"})
            continue
        invoices.append(row)
        alone = buyers.count(sale["buyer"]) == 1 and not sale["credit"]
        cell = "" if alone and not sale["named"] else number
        booked = {"customer": buyer, "day": day, "invoice": cell}
        ledger.append(booked | {"voucher": f"V{at}", "amount": yuan(cents)})
        owed = cents + tax
        if sale["credit"] and cents > 1:
            back = cents // 2
            red = f"{at * 10 + 45:08d}"
            invoices.append(row | {"number": red, "net": yuan(-back), "original": document})
            ledger.append(booked | {"voucher": f"C{at}", "amount": yuan(-back), "invoice": red})
            owed -= back + (back * 13 + 50) // 100
        parts = min(int(str(sale["parts"])), owed)
        for part in range(parts):
            share = owed // parts + (owed % parts if part == 0 else 0)
            receipt = {"number": f"R{at}-{part}", "payer": buyer, "day": day, "amount": yuan(share), "invoice": cell}
            money.append(receipt)
    return invoices, ledger, money


def yuan(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@settings(max_examples=15, deadline=None)
@given(st.lists(SALE, max_size=6))
def test_nothing_is_found_in_clean_books(sales: list[dict[str, object]]) -> None:
    invoices, ledger, money = company(sales)
    issued, booked, come = documents_of(invoices), entries_of(ledger), receipts_of(money)
    links = match_revenue(issued, booked, NO_DECISIONS, POLICY)
    assert booking_findings(issued, booked, links) == ()
    made = bridge(issued, booked, links, until=AS_OF)
    assert made.items.empty
    assert [one for period in made.lines["period"].unique() for one in period_total(made, period.date())] == []
    paid = match_receipts(issued, come, NO_DECISIONS, POLICY)
    assert payment_findings(issued, come, paid, AS_OF) == ()
    items = open_items(issued, come, paid, AS_OF)
    assert items.empty
    assert pre_issued_findings(items, AS_OF, POLICY) == ()
