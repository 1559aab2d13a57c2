"""What may never change the links, and what must always hold of them (spec 04: matching)."""

from __future__ import annotations

from random import Random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.domain.shaping import shaped
from tasks.invoice_check.matching import match_receipts, match_revenue
from tasks.invoice_check.shapes import LINKS
from tests.invoice_check.drawn_money import (
    NO_DECISIONS,
    POLICY,
    Row,
    documents_of,
    entries_of,
    receipts_of,
    told,
)

NUMBERS = ["0010", "0011", "12", "100", "A7", "7", "8", "4"]
AMOUNTS = ["100.00", "120.00", "210.00", "113.00", "100.01", "-100.00", "20.00", "220.00", "-20.00"]
DAYS = ["11-02", "11-20", "12-01"]
BUYERS = ["大华", "中兴"]
INVOICES = st.lists(
    st.tuples(
        st.sampled_from(NUMBERS),
        st.sampled_from(["", "11"]),
        st.sampled_from(BUYERS),
        st.sampled_from(DAYS),
        st.sampled_from(AMOUNTS),
        st.sampled_from(["", "", "", "void"]),
    ),
    max_size=7,
    unique_by=lambda row: (row[0], row[1]),
)
MONEY = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.sampled_from([*BUYERS, ""]),
        st.sampled_from(AMOUNTS),
        st.sampled_from(["", "", "10", "12、7", "0011", "A7 8", "10-12", "无"]),
    ),
    max_size=7,
)


def invoices(drawn: list[tuple[str, ...]]) -> pd.DataFrame:
    heads = ("number", "code", "buyer", "day", "net", "state")
    rows: list[Row] = [dict(zip(heads, row, strict=True)) for row in drawn]
    for row in rows:
        row["original"] = next(
            (f"{one['code']}-{one['number']}".strip("-") for one in rows if one["net"] == "220.00"), ""
        )
    return documents_of(rows)


def entries(drawn: list[tuple[str, ...]]) -> pd.DataFrame:
    heads = ("day", "customer", "amount", "invoice")
    return entries_of([dict(zip(heads, row, strict=True)) | {"voucher": f"V{at}"} for at, row in enumerate(drawn)])


def receipts(drawn: list[tuple[str, ...]]) -> pd.DataFrame:
    heads = ("day", "payer", "amount", "invoice")
    return receipts_of([dict(zip(heads, row, strict=True)) | {"number": f"R{at}"} for at, row in enumerate(drawn)])


@settings(max_examples=15, deadline=None)
@given(INVOICES, MONEY, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    issued: list[tuple[str, ...]], money: list[tuple[str, ...]], random: Random
) -> None:
    for match, others in ((match_revenue, entries(money)), (match_receipts, receipts(money))):
        books = invoices(issued)
        first = match(books, others, NO_DECISIONS, POLICY)
        mixed = [
            side.iloc[random.sample(range(len(side)), len(side))].reset_index(drop=True) for side in (books, others)
        ]
        second = match(mixed[0], mixed[1], NO_DECISIONS, POLICY)
        assert told(first) == told(second)
        assert sorted(first["difference"]) == sorted(second["difference"])


@settings(max_examples=15, deadline=None)
@given(INVOICES, MONEY)
def test_every_cent_is_given_away_once_or_not_at_all(
    issued: list[tuple[str, ...]], money: list[tuple[str, ...]]
) -> None:
    books = invoices(issued)
    void = set(books.loc[books["state"] == "void", "document"])
    for links, others in (
        (match_revenue(books, entries(money), NO_DECISIONS, POLICY), entries(money)),
        (match_receipts(books, receipts(money), NO_DECISIONS, POLICY), receipts(money)),
    ):
        assert links.equals(shaped(LINKS, links))
        given_away = links.groupby("other")["amount"].sum()
        amounts = others.set_index("ref")["amount"]
        assert given_away.equals(amounts[given_away.index].rename_axis("other"))
        assert not void & set(links["document"])
        assert not links.duplicated(["document", "other"]).any()


@settings(max_examples=15, deadline=None)
@given(INVOICES, MONEY)
def test_what_a_group_lacks_is_what_it_wants_less_what_it_has(
    issued: list[tuple[str, ...]], money: list[tuple[str, ...]]
) -> None:
    books = invoices(issued)
    links = match_revenue(books, entries(money), NO_DECISIONS, POLICY)
    wanted = books.set_index("document")["net"]
    for _, own in links.groupby("group"):
        lacks = int(wanted[own["document"].unique()].sum() - own["amount"].sum())
        assert own["difference"].tolist() == [lacks, *[0] * (len(own) - 1)]
        assert len(set(own["cause"])) == 1
        assert (own["cause"].iloc[0] in ("", "other_period", "rounding")) == (abs(lacks) <= (1 if len(own) == 1 else 6))
