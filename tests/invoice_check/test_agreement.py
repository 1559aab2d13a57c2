"""Invoices and revenue held against one another at a period's end and in the days after it (spec 04)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from tasks.domain.shaping import empty, shaped
from tasks.invoice_check.judging import Judged, judged, lines_of
from tasks.invoice_check.material import VOIDED, Material, without_closing
from tasks.invoice_check.shapes import DECISIONS, INVOICES
from tests.invoice_check.drawn_money import POLICY, documents, entries

OCTOBER, NOVEMBER, DECEMBER = dt.date(2026, 10, 31), dt.date(2026, 11, 30), dt.date(2026, 12, 31)
OUR_POLICY = replace(POLICY, closing_words=("本年利润",))


def at(as_of: dt.date, agreed: tuple[dt.date, ...], invoices: str, ledger: str, closing: str = "") -> Judged:
    """The judgement of a day over books that were delivered with days after it too."""
    drawn = documents(f"number|buyer|day|net\n{invoices}")
    issued = shaped(INVOICES, drawn.assign(ref=drawn["refs"]))
    booked = entries(f"voucher|day|customer|amount|invoice\n{ledger}")
    booked = booked.assign(summary=[closing if voucher == "结1" else "" for voucher in booked["voucher"]])
    until = pd.Timestamp(as_of)
    material = Material(
        invoices=issued[issued["issued_on"] <= until].reset_index(drop=True),
        books=None,
        platform=None,
        receipts=None,
        entries=booked[booked["date"] <= until].reset_index(drop=True),
        decisions=empty(DECISIONS),
        voided=empty(VOIDED),
        clerks={},
        known_invoices=issued,
        known_entries=booked,
    )
    return judged(without_closing(material, OUR_POLICY.closing_words), OUR_POLICY, as_of, agreed)


def told(found: Judged) -> list[str]:
    """What is found between the books, as `kind item cause`."""
    kinds = ("NOT_BOOKED", "PERIOD_TOTAL")
    own = [one for one in found.findings if one.kind in kinds]
    return [f"{one.kind} {one.item} {one.message.key.rpartition('.')[2]}" for one in own]


LATE = "1|大华|11-02|1010.00\n2|大华|11-03|50.00", "记1|12-01|大华|1010.00|1\n记2|11-03|大华|50.00|2"
EARLY = "1|大华|11-02|1010.00", "记1|10-30|大华|1010.00|1"


def test_a_voucher_of_the_next_month_tells_why_this_one_disagrees() -> None:
    found = at(NOVEMBER, (NOVEMBER,), *LATE)
    assert told(found) == ["PERIOD_TOTAL 2026-11 explained", "NOT_BOOKED 1 other_period"]
    assert found.bridge is not None
    assert found.known_entries is not None
    lines = lines_of(found.bridge, found.known_documents, found.known_entries, NOVEMBER)
    assert lines[["line", "refs"]].to_numpy().tolist()[1] == ["other_period", "1 记1(2026-12)"]


def test_an_invoice_of_the_next_month_tells_what_revenue_of_this_one_is_for() -> None:
    assert told(at(OCTOBER, (OCTOBER,), *EARLY)) == ["PERIOD_TOTAL 2026-10 explained", "NOT_BOOKED 1 other_period"]


def test_days_between_see_no_later_day() -> None:
    assert told(at(dt.date(2026, 11, 20), (OCTOBER,), *LATE)) == []
    assert told(at(NOVEMBER, (OCTOBER,), *LATE)) == []


@pytest.mark.parametrize("agreed", [(OCTOBER, NOVEMBER), (OCTOBER, NOVEMBER, DECEMBER)])
def test_every_agreed_month_that_disagrees_is_told_until_it_agrees(agreed: tuple[dt.date, ...]) -> None:
    assert told(at(agreed[-1], agreed, *EARLY))[:2] == [
        "PERIOD_TOTAL 2026-10 explained",
        "PERIOD_TOTAL 2026-11 explained",
    ]


def test_a_quiet_month_has_a_bridge_too() -> None:
    found = at(DECEMBER, (DECEMBER,), "1|大华|10-02|10.00", "记1|10-30|大华|10.00|1")
    assert told(found) == []
    assert found.bridge is not None
    assert found.bridge.lines.loc[found.bridge.lines["period"] == pd.Timestamp(DECEMBER), "amount"].tolist() == [0] * 13


def test_what_carries_revenue_to_the_profit_is_no_revenue_and_is_said_once() -> None:
    ledger = "记1|11-02|大华|1010.00|1\n结1|11-30|-|-1010.00|-"
    found = at(NOVEMBER, (NOVEMBER,), "1|大华|11-02|1010.00", ledger, "结转本年利润")
    assert told(found) == []
    assert [dict(one.parameters) for one in found.notes if one.key.endswith("note.closing")] == [
        {"number": "1", "amount": "-1010.00"}
    ]
    assert told(at(NOVEMBER, (NOVEMBER,), "1|大华|11-02|1010.00", ledger, "冲销")) != []
