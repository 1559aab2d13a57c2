"""Invoices and revenue that do not agree: not booked, or booked twice, otherwise, elsewhere (spec 04, NOT_BOOKED)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.texts import found_in
from tasks.invoice_check.decisions import NOTHING_DECIDED, Decided
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.left_over import left_documents, left_others, names_of
from tasks.invoice_check.told_names import named

_ISSUED = ["document", "number", "net", "tax", "issued_on", "refs"]
_UNBOOKED = ["document", "number", "buyer", "net", "issued_on", "refs"]
_ENTRY = ["ref", "voucher", "customer", "invoice", "amount", "date", "names"]
_FAULTS = ("other_period", "sign", "twice", "transposed", "tax", "amount")


def booking_findings(
    documents: pd.DataFrame,
    entries: pd.DataFrame,
    links: pd.DataFrame,
    decided: Decided = NOTHING_DECIDED,
    unpaid: frozenset[str] = frozenset(),
    until: dt.date | None = None,
) -> tuple[Finding, ...]:
    """One NOT_BOOKED for each group that disagrees, with its likely cause, and for each invoice or entry left alone.

    `links` as of `match_revenue`; `decided`: what people left alone or took apart; `unpaid`: invoices that nobody has
    paid yet: their revenue may be still to come. What only began after `until` is not told: its months are not agreed
    yet, though what happened then may tell why an earlier one disagrees. Rounding is told in the bridge alone. Source:
    spec 04.
    """
    last = pd.Timestamp.max.normalize() if until is None else pd.Timestamp(until)
    found = [_disagreeing(rows) for rows in _faulty(documents, entries, links) if _began(rows) <= last]
    missing = left_documents(documents, links, decided.ignored)
    found += _unbooked(missing[missing["issued_on"] <= last], unpaid)
    own = left_others(entries[entries["revenue"]], links, decided.ignored, "customer_key")
    found += _without_invoice(own.assign(names=names_of(own, documents, decided))[own["date"] <= last])
    return tuple(sorted(found, key=lambda one: (one.item, one.id)))


def _faulty(documents: pd.DataFrame, entries: pd.DataFrame, links: pd.DataFrame) -> Iterator[list[dict[str, Any]]]:
    """The links of each group with a fault, with what both sides say of them, the oldest first."""
    own = links.loc[found_in(links["cause"], _FAULTS), ["group", "document", "other", "cause", "amount"]]
    issued = documents.loc[found_in(documents["document"], own["document"]), _ISSUED]
    booked = entries.loc[found_in(entries["ref"], own["other"]), ["ref", "voucher", "date"]]
    rows = own.merge(issued, on="document").merge(booked.rename(columns={"ref": "other"}), on="other")
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in _records(rows.sort_values(["issued_on", "document", "date", "other"])):
        groups.setdefault(row["group"], []).append(row)
    yield from groups.values()


def _began(rows: list[dict[str, Any]]) -> pd.Timestamp:
    """The first day on which either book knew of it."""
    first: pd.Timestamp = min(min(row["issued_on"], row["date"]) for row in rows)
    return first


def _disagreeing(rows: list[dict[str, Any]]) -> Finding:
    issued = {row["document"]: row for row in rows}.values()
    booked = {row["other"]: row for row in rows}.values()
    wanted, brought = sum(row["net"] for row in issued), sum(row["amount"] for row in rows)
    told = message(
        f"invoice_money.NOT_BOOKED.{rows[0]['cause']}",
        invoices=named(row["number"] for row in issued),
        issued=named(_day(row["issued_on"]) for row in issued),
        vouchers=named(row["voucher"] for row in booked),
        booked=named(_day(row["date"]) for row in booked),
        net=money_text(wanted),
        revenue=money_text(brought),
        tax=money_text(sum(row["tax"] for row in issued)),
        difference=money_text(brought - wanted),
    )
    refs = [*(ref for row in issued for ref in row["refs"].split()), *(row["other"] for row in booked)]
    day, item = rows[0]["issued_on"].date(), rows[0]["number"]
    return invoice_finding("NOT_BOOKED", day, item, refs, told, (wanted, brought))


def _unbooked(rows: pd.DataFrame, unpaid: frozenset[str]) -> Iterator[Finding]:
    for row in _records(rows[_UNBOOKED]):
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
    for row in _records(rows[_ENTRY]):
        # What names no invoice has nothing to say of its cell.
        given = {} if row["names"] in ("none", "apart") else {"invoices": row["invoice"]}
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


def _day(day: pd.Timestamp) -> str:
    return str(day.date().isoformat())
