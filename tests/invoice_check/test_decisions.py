"""What people decided counts in each run until its day is past or what it stood on has changed (spec 04)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tasks.invoice_check.decisions import Decided, Standing, decided_by, identity_of, reopened_told, standing
from tests.invoice_check.drawn_money import decisions, documents, entries, said

AS_OF = dt.date(2026, 11, 20)
INVOICES = "number|buyer|day|net\n11|大华|11-03|1000.00\n12|大华|11-04|500.00"
LEDGER = "voucher|day|customer|amount|invoice\nV1|11-05|大华|1000.00|-\nV2|11-05|大华|500.00|12"


def contents(ledger: str = LEDGER) -> dict[str, pd.DataFrame]:
    return {"documents": documents(INVOICES), "entries": entries(ledger)}


def decided(acts: str, made_on: dict[str, pd.DataFrame], now: dict[str, pd.DataFrame]) -> Standing:
    """What counts of these decisions, made on one content, when another is looked at."""
    rows = decisions(acts)
    named = zip(rows["documents"], rows["others"], strict=True)
    sources = [identity_of([*document.split(), *other.split()], made_on) for document, other in named]
    return standing(rows.assign(sources=pd.Series(sources, dtype="str")), now, AS_OF)


HEADS = "decision|act|documents|others|until\n"
MATCH = HEADS + "1|match|11|entries:V1|"


@pytest.mark.parametrize(
    ("until", "changed", "why"),
    [
        ("-", LEDGER, ""),
        ("11-20", LEDGER, ""),
        ("11-19", LEDGER, "expired"),
        ("-", LEDGER.replace("|500.00|", "|501.00|"), ""),
        ("-", LEDGER.replace("|1000.00|", "|1000.01|"), "changed"),
        ("-", LEDGER.replace("V1|11-05", "V1|11-06"), "changed"),
        ("-", LEDGER.replace("V1|", "V9|"), "gone"),
    ],
)
def test_a_decision_counts_until_its_day_or_until_its_rows_change(until: str, changed: str, why: str) -> None:
    found = decided(MATCH + until, contents(), contents(changed))
    assert found.counts["decision"].tolist() == ([] if why else [1])
    assert found.reopened["why"].tolist() == ([why] if why else [])


def test_the_order_of_rows_and_other_rows_are_no_change() -> None:
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in contents().items()}
    assert decided(MATCH + "-", contents(), turned).counts["decision"].tolist() == [1]


def test_the_latest_decision_on_the_same_rows_takes_the_place_of_those_before() -> None:
    found = decided(f"{MATCH}-\n2|unmatch|11|entries:V1|-\n3|ignore|12|-|-", contents(), contents())
    assert found.counts["decision"].tolist() == [2, 3]
    assert decided_by(found.counts) == Decided(frozenset({"12"}), frozenset({("11", "entries:V1")}))


def test_what_is_not_there_has_no_identity() -> None:
    assert identity_of(["99"], contents()) == identity_of([], contents()) == ""


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("ledger", [LEDGER.replace("V1|", "V9|"), LEDGER.replace("|1000.00|", "|7.00|"), LEDGER])
def test_a_decision_that_counts_no_more_is_told(ledger: str, language: str) -> None:
    (told,) = reopened_told(
        decided(MATCH + ("11-01" if ledger == LEDGER else "-"), contents(), contents(ledger)).reopened
    )
    sentence = said(told, language)
    assert "entries:V1" in sentence
    assert "{" not in sentence
