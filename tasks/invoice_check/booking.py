"""Invoices and revenue that do not agree: not booked, or booked twice, otherwise, elsewhere (spec 04, NOT_BOOKED)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.left_over import left_documents, left_others, names_of
from tasks.invoice_check.told_names import named

_FAULTS = ("other_period", "sign", "twice", "transposed", "tax", "amount")


def booking_findings(
    documents: pd.DataFrame,
    entries: pd.DataFrame,
    links: pd.DataFrame,
    ignored: frozenset[str] = frozenset(),
    unpaid: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """One NOT_BOOKED for each group that disagrees, with its likely cause, and for each invoice or entry left alone.

    `links` as of `match_revenue`; `ignored` names what decisions leave alone, `unpaid` the invoices that nobody has
    paid yet: their revenue may be still to come. Rounding is told in the bridge alone. Source: spec 04.
    """
    found = [_disagreeing(rows) for rows in _faulty(documents, entries, links)]
    found += _unbooked(left_documents(documents, links, ignored), unpaid)
    own = left_others(entries[entries["revenue"]], links, ignored, "customer_key")
    found += _without_invoice(own.assign(names=names_of(own, documents)))
    return tuple(sorted(found, key=lambda one: (one.item, one.id)))


def _faulty(documents: pd.DataFrame, entries: pd.DataFrame, links: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The links of each group with a fault, with what both sides say of them."""
    own = links[links["cause"].isin(_FAULTS)]
    issued = documents[["document", "number", "net", "tax", "issued_on", "refs"]]
    booked = entries[["ref", "voucher", "date"]].rename(columns={"ref": "other"})
    rows = own.merge(issued, on="document", how="left").merge(booked, on="other", how="left")
    rows = rows.sort_values(["issued_on", "document", "date", "other"])
    for _, group in rows.groupby("group"):
        yield group


def _disagreeing(rows: pd.DataFrame) -> Finding:
    issued, booked = rows.drop_duplicates("document"), rows.drop_duplicates("other")
    wanted, brought = int(issued["net"].sum()), int(rows["amount"].sum())
    told = message(
        f"invoice_money.NOT_BOOKED.{rows['cause'].iloc[0]}",
        invoices=named(issued["number"]),
        issued=_days(issued["issued_on"]),
        vouchers=named(booked["voucher"]),
        booked=_days(booked["date"]),
        net=money_text(wanted),
        revenue=money_text(brought),
        tax=money_text(int(issued["tax"].sum())),
        difference=money_text(brought - wanted),
    )
    refs = [*" ".join(issued["refs"]).split(), *booked["other"]]
    day = issued["issued_on"].iloc[0].date()
    return invoice_finding("NOT_BOOKED", day, issued["number"].iloc[0], refs, told, (wanted, brought))


def _unbooked(rows: pd.DataFrame, unpaid: frozenset[str]) -> Iterator[Finding]:
    for row in _records(rows):
        how = "unpaid" if row["document"] in unpaid else "missing"
        told = message(
            f"invoice_money.NOT_BOOKED.{how}",
            invoice=row["number"],
            day=_day(row["issued_on"]),
            buyer=row["buyer"],
            net=money_text(row["net"]),
        )
        day = row["issued_on"].date()
        yield invoice_finding("NOT_BOOKED", day, row["number"], row["refs"].split(), told, (row["net"], 0))


def _without_invoice(rows: pd.DataFrame) -> Iterator[Finding]:
    for row in _records(rows):
        # What names no invoice has nothing to say of its cell.
        given = {} if row["names"] == "none" else {"invoices": row["invoice"]}
        told = message(
            f"invoice_money.NOT_BOOKED.entry_{row['names']}",
            voucher=row["voucher"],
            day=_day(row["date"]),
            customer=row["customer"] or "-",
            amount=money_text(row["amount"]),
            **given,
        )
        day = row["date"].date()
        yield invoice_finding("NOT_BOOKED", day, row["voucher"], [row["ref"]], told, (0, row["amount"]))


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _days(days: pd.Series[pd.Timestamp]) -> str:
    return named(_day(day) for day in days)


def _day(day: pd.Timestamp) -> str:
    return str(day.date().isoformat())
