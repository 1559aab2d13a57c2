"""Gathers what was delivered up to a day, in the frames of `shapes`; None for a dataset that never came."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, Table, select

from tasks.adapters.store import read_frame
from tasks.domain.amounts import SHARE_PLACES
from tasks.domain.keys import name_keys
from tasks.domain.shaping import empty, shaped
from tasks.intake.invoice_tables import invoice_books, invoices, receipts, revenue_entries, tax_download
from tasks.intake.tables import changes, departments, files
from tasks.invoice_check.material import VOIDED, Material
from tasks.invoice_check.numbers import invoice_key, is_digital, number_parts
from tasks.invoice_check.shapes import BOOKS, DECISIONS, ENTRIES, INVOICES, RECEIPTS
from tasks.invoice_check.steps.ordering import FLOW
from tasks.invoice_check.tables import invoice_decisions
from tasks.register.tables import runs

_SPACES = r"\s+"
DATASETS: Mapping[str, Table] = {
    "invoice_books": invoice_books,
    "invoices": invoices,
    "tax_download": tax_download,
    "receipts": receipts,
    "revenue_entries": revenue_entries,
}


def gather(connection: Connection, as_of: dt.date, accounts: Sequence[str]) -> Material:
    """Everything up to `as_of`; an entry is revenue where its account holds or begins with one of `accounts`."""
    there = delivered(connection)
    issued = _invoices(connection, invoices, dt.date.max) if "invoices" in there else None
    booked = _entries(connection, accounts) if "revenue_entries" in there else None
    until = pd.Timestamp(as_of)
    return Material(
        invoices=None if issued is None else issued[issued["issued_on"] <= until].reset_index(drop=True),
        books=_books(connection, as_of) if "invoice_books" in there else None,
        platform=_invoices(connection, tax_download, as_of) if "tax_download" in there else None,
        receipts=_receipts(connection, as_of) if "receipts" in there else None,
        entries=None if booked is None else booked[booked["date"] <= until].reset_index(drop=True),
        decisions=kept_decisions(connection),
        voided=_voided(connection, as_of),
        clerks={row.department: row.clerk for row in connection.execute(select(departments))},
        known_invoices=issued,
        known_entries=booked,
    )


def delivered(connection: Connection) -> frozenset[str]:
    """Which of the datasets were ever delivered, if only as an empty sheet."""
    return frozenset(
        name
        for name in DATASETS
        if connection.execute(
            select(files.c.id).where(files.c.dataset == name, files.c.state == "read").limit(1)
        ).first()
    )


def kept_decisions(connection: Connection) -> pd.DataFrame:
    """The decisions that nobody withdrew, as DECISIONS; they count whatever day is judged, as an explanation does."""
    own = invoice_decisions.c
    query = select(invoice_decisions).where(own.withdrawn_on.is_(None)).order_by(own.decision)
    return shaped(DECISIONS, read_frame(connection, query))


def _with_files(table: Table) -> Select[tuple[object, ...]]:
    columns = [column for column in table.c if column.name != "file_id"]
    return select(*columns, files.c.name.label("file")).join(files, files.c.id == table.c.file_id)


def _invoices(connection: Connection, table: Table, as_of: dt.date) -> pd.DataFrame:
    own = table.c
    query = _with_files(table).where(own.issued_on <= as_of)
    found = read_frame(connection, query.order_by(own.issued_on, own.kind_key, own.code_key, own.number_key, own.rate))
    parts = number_parts(found["number"])
    again = _again(found["occurrence"])
    document = invoice_key(found["kind_key"], found["code_key"], found["number_key"]) + again
    ref = _ref(table.name, found, ["kind", "code", "number"]) + ":" + _rates(found["rate"]) + again
    if table is tax_download:
        # The platform calls a red letter valid and shows it by its sign.
        turned = (found["state"] == "valid") & (found["total"] < 0)
        found["state"] = found["state"].mask(turned, "red")
    digital = is_digital(found["number"], found["code_key"])
    return shaped(INVOICES, found.assign(**parts, document=document, ref=ref, digital=digital))


def _books(connection: Connection, as_of: dt.date) -> pd.DataFrame:
    own = invoice_books.c
    query = _with_files(invoice_books).where(own.received_on <= as_of)
    found = read_frame(connection, query.order_by(own.kind_key, own.code_key, own.received_on, own.first_key))
    first, last = number_parts(found["first"]), number_parts(found["last"])
    label = (found["kind"] + " " + found["code"]).str.strip() + " " + found["first"] + "–" + found["last"]
    return shaped(
        BOOKS,
        found.assign(
            book=label,
            prefix=first["prefix"],
            width=first["width"],
            first_counter=first["counter"],
            last_counter=last["counter"],
            ref=_ref("invoice_books", found, ["kind", "code", "first"]),
        ),
    )


def _receipts(connection: Connection, as_of: dt.date) -> pd.DataFrame:
    own = receipts.c
    query = _with_files(receipts).where(own.date <= as_of).order_by(own.date, own.number_key, own.occurrence)
    found = read_frame(connection, query)
    ref = _ref("receipts", found, ["number"]) + ":" + found["occurrence"].astype("str")
    return shaped(RECEIPTS, found.assign(ref=ref))


def _entries(connection: Connection, accounts: Sequence[str]) -> pd.DataFrame:
    own = revenue_entries.c
    query = _with_files(revenue_entries)
    found = read_frame(connection, query.order_by(own.date, own.voucher_key, own.occurrence))
    debit, credit = (found[name].fillna(0).astype("int64") for name in ("debit", "credit"))
    month = found["date"].dt.strftime("%Y-%m").astype("str")
    ref = _ref("revenue_entries", found.assign(month=month), ["month", "voucher"])
    return shaped(
        ENTRIES,
        found.assign(
            debit=debit,
            credit=credit,
            amount=credit - debit,
            revenue=is_revenue(found["account"], accounts),
            ref=ref + ":" + found["occurrence"].astype("str"),
        ),
    )


def is_revenue(account: pd.Series[str], accounts: Sequence[str]) -> pd.Series[bool]:
    """Whether each account is one of operating revenue: its name holds one of `accounts`, or its number begins so."""
    keys = name_keys(account)
    found = pd.Series(data=False, index=account.index)
    for text, key in zip(accounts, name_keys(pd.Series(list(accounts), dtype="str")), strict=True):
        found |= keys.str.startswith(key) if text.isdigit() else keys.str.contains(key, regex=False)
    return found


def _voided(connection: Connection, as_of: dt.date) -> pd.DataFrame:
    """The documents that a file brought as void after another had them otherwise, with the day on which it was read.

    That is the day of the first run that saw it so, for whoever runs an older day reads older files.
    """
    own, line = changes.c, invoices.c
    turned = (own.dataset == invoices.name) & (own.field == "state") & (own.after == "void")
    rows = connection.execute(select(own.key, own.changed_at).where(turned).order_by(own.id)).all()
    if not rows:
        return empty(VOIDED)
    done = connection.execute(select(runs.c.finished_at, runs.c.period).where(runs.c.flow == FLOW).order_by(runs.c.id))
    ends = sorted((row.finished_at, row.period) for row in done)
    moments = [end for end, _ in ends]
    days = {}
    for row in rows:
        first = bisect_left(moments, row.changed_at)
        days[row.key] = pd.Timestamp(ends[first][1] if first < len(ends) else as_of)
    void = read_frame(connection, select(invoices).where(line.state == "void", line.issued_on <= as_of))
    keys = void["kind"] + ":" + void["code"] + ":" + void["number"] + ":" + _rates(void["rate"])
    keys = keys + ":" + void["occurrence"].astype("str")
    document = invoice_key(void["kind_key"], void["code_key"], void["number_key"]) + _again(void["occurrence"])
    found = pd.DataFrame({"document": document, "voided_on": keys.map(days).astype("datetime64[s]")})
    # What was read on a later day says nothing yet on an earlier one.
    known = found[found["voided_on"] <= pd.Timestamp(as_of)]
    return shaped(VOIDED, known.drop_duplicates("document"))


def _again(occurrence: pd.Series[int]) -> pd.Series[str]:
    """What tells the second row of a key from the first."""
    texts = "#" + occurrence.astype("str")
    return texts.where(occurrence > 1, "").astype("str")


def _ref(dataset: str, rows: pd.DataFrame, names: Sequence[str]) -> pd.Series[str]:
    """How people find a row; names of rows are joined by spaces, so none stands within one."""
    text = pd.Series(dataset, index=rows.index, dtype="str")
    for name in names:
        text = text + ":" + rows[name].str.replace(_SPACES, "", regex=True)
    return text


def _rates(rates: pd.Series[int]) -> pd.Series[str]:
    """Rates as they stand in references: `0.13`, `0`."""
    places, uniques = pd.factorize(rates)
    texts = [_rate(int(one)) for one in uniques]
    return pd.Series(np.array([*texts, ""], dtype=object)[places], index=rates.index, dtype="str")


def _rate(scaled: int) -> str:
    whole, rest = divmod(scaled, 10**SHARE_PLACES)
    return f"{whole}.{rest:0{SHARE_PLACES}d}".rstrip("0").rstrip(".")
