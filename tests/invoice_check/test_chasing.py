"""Whom to chase by working days, what was issued before payment, and what came in place of a void one (spec 04)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from tasks.domain.finding import Finding
from tasks.invoice_check.chasing import chase_list, pre_issued_findings, reissued
from tasks.invoice_check.matching import match_receipts, originals
from tasks.invoice_check.receivables import open_items
from tests.invoice_check.drawn_money import NO_DECISIONS, POLICY, documents, receipts, said

# A Wednesday before the seven days off of the national day; 20 September and 10 October 2026 are worked.
AS_OF = dt.date(2026, 9, 30)
OUR_POLICY = replace(POLICY, unable_words=("无力支付", "破产"))
HEADS = "number|buyer|day|net|due|notice|remark"


def owed(*invoices: str) -> pd.DataFrame:
    issued, none = documents("\n".join((HEADS, *invoices))), receipts("number|day|payer|amount|invoice")
    return open_items(issued, none, match_receipts(issued, none, NO_DECISIONS, POLICY), AS_OF)


def chased(*invoices: str) -> list[str]:
    rows = chase_list(owed(*invoices), AS_OF, OUR_POLICY)
    columns = rows[["number", "act", "days", "working_days"]].to_numpy().tolist()
    return [f"{number} {act} {days} {working}" for number, act, days, working in columns]


def found(*invoices: str) -> tuple[Finding, ...]:
    return pre_issued_findings(owed(*invoices), AS_OF, OUR_POLICY)


@pytest.mark.parametrize(
    ("due", "told"),
    [
        ("09-30", ["1 near 0 0"]),
        ("10-08", ["1 near -8 -1"]),
        ("10-13", ["1 near -13 -5"]),
        ("10-14", []),
        ("09-29", ["1 past 1 1"]),
        ("09-18", ["1 past 12 8"]),
    ],
)
def test_near_and_past_are_counted_in_chinese_working_days(due: str, told: list[str]) -> None:
    assert chased(f"1|大华|09-01|100.00|{due}|N1|-") == told


def test_the_longest_overdue_stands_first_and_who_cannot_pay_is_no_longer_chased() -> None:
    assert chased(
        "1|大华|09-01|100.00|10-08|N1|-", "2|大华|08-01|100.00|09-20|N1|-", "3|海信|08-01|100.00|09-10|N1|客户 无力支付"
    ) == ["3 recover 20 14", "2 past 10 7", "1 near -8 -1"]


@pytest.mark.parametrize(
    ("invoice", "told"),
    [
        ("1|大华|09-01|100.00|10-14|N1|-", []),
        ("1|大华|09-01|100.00|09-30|N1|-", ["not_due"]),
        ("1|大华|09-01|100.00|10-13|N1|-", ["not_due"]),
        ("1|大华|09-01|100.00|09-30|-|-", ["no_notice"]),
        ("1|大华|09-01|100.00|09-29|N1|-", ["past"]),
        ("1|大华|09-01|100.00|09-29|-|-", ["past_no_notice"]),
        ("1|大华|09-01|100.00|09-29|N1|已破产", ["recover"]),
        ("1|大华|09-01|100.00|09-30|N1|已破产", ["not_due"]),
        ("1|大华|10-01|100.00|09-29|-|-", []),
    ],
)
def test_what_was_issued_before_payment(invoice: str, told: list[str]) -> None:
    assert [one.message.key.rpartition(".")[2] for one in found(invoice)] == told


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_sentence_can_be_said(language: str) -> None:
    invoices = (
        "1|大华|09-01|1.00|09-30|-|-",
        "2|大华|09-01|1.00|09-29|N1|-",
        "3|大|09-01|1.00|09-29|-|-",
        "5|大|09-01|1.00|09-30|N1|-",
    )
    for one in found(*invoices, "4|大华|09-01|1.00|09-29|N1|破产"):
        assert "{" not in said(one.message, language)


def test_a_void_or_wholly_red_invoice_is_joined_to_the_one_in_its_place() -> None:
    issued = documents(
        """
        number | buyer | day   | net    | state | original
        1      | 大华  | 09-01 | 100.00 | void  | -
        2      | 大华  | 09-02 | 100.00 | -     | -
        3      | 大华  | 09-03 | 100.00 | -     | -
        4      | 海信  | 09-03 | 50.00  | -     | -
        5      | 海信  | 09-04 | -50.00 | red   | 4
        6      | 海信  | 09-05 | 50.00  | -     | -
        7      | 中兴  | 09-05 | 50.00  | void  | -
        8      | 中兴  | 09-03 | 90.00  | -     | -
        9      | 中兴  | 09-04 | -40.00 | red   | 8
        """
    )
    chain = reissued(issued, originals(issued).tolist())
    assert chain[["number", "state", "new_number"]].to_numpy().tolist() == [
        ["1", "void", "2"],
        ["4", "red", "6"],
        ["7", "void", ""],
    ]
