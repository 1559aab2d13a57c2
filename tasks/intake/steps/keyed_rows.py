"""Rows known by a key: a later file updates them, and the values before are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
from sqlalchemy import Connection, Table, select

from tasks.adapters.store import read_frame, write_frame
from tasks.intake import hotel_tables as hotel
from tasks.intake import invoice_tables as invoicing
from tasks.intake import return_tables as returns
from tasks.intake import survey_tables as survey
from tasks.intake.keyed import NEW, UPDATED, Comparison, compare
from tasks.intake.occurrences import OCCURRENCE, occurrences
from tasks.intake.sealed import SEALED, TOLD
from tasks.intake.steps.sealed_rows import Incoming, keep_apart
from tasks.intake.steps.staging import is_empty, rows_where, update_by_key
from tasks.intake.steps.unsettling import unsettle_lines, unsettle_warehouses
from tasks.intake.tables import (
    changes,
    count_rows,
    departments,
    erp_lines,
    exception_answers,
    items,
    late_notices,
    on_hand,
    sites,
    warehouses,
)

# Not content: where a row came from, its id, and what others keep beside it.
_BESIDE = frozenset({"id", "file_id", "sheet", "row", "matched_by", "applied_at", "outcome", "sealed_on", "sealed_in"})
# What is read out of another column of its row, which is told in its stead.
_DERIVED = {"folio": "night_posting", "shipments": "cost"}
# What an auditor changes matching never reads.
_AUDIT = frozenset({"audited_by", "audited_on", "made_by", "made_at", "unit"})


_COUNTED = (
    "number", "warehouse_key", "item_key", "item_name", "specification", "unit", "book", "counted", "damaged",
    "serials", "cause", "responsible", "proposal", "remark", "counted_on", "counted_by", "supervised_by",
)  # fmt: skip

_INVOICE = ("kind_key", "code_key", "number_key", "rate", OCCURRENCE)
_INVOICE_WRITTEN = ("kind", "code", "number", "rate", OCCURRENCE)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Where a dataset is kept and by what its rows are known; `found_by` is the column that finds them ("": all).

    `written` are the columns that hold the key as people wrote it. Others know the row by that, so what was delivered
    first stands: another way to write the same key changes nothing. Blank: the key stands as it is.
    Where they are `numbered`, rows of one key with different contents in one file stand beside one another, each with
    its `occurrence`; where `repeats_count` so do equal ones, as two equal lines of one voucher.
    Where the key is the `whole` of a row, for one of its columns is a digest of all that the row says, nothing of a row
    is ever updated. Of `versions` every file's rows are kept beside those of the files before it: a row is compared
    within its own file.
    """

    table: Table
    key: tuple[str, ...]
    found_by: str = ""
    written: tuple[str, ...] = ()
    versions: bool = False
    numbered: bool = False
    repeats_count: bool = False
    whole: bool = False

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns by which people are told which row is meant."""
        return self.written or self.key


KEYED: Mapping[str, Keyed] = MappingProxyType(
    {
        "departments": Keyed(departments, ("department",)),
        "sites": Keyed(sites, ("site_key",), written=("site",)),
        "warehouses": Keyed(warehouses, ("warehouse_key",)),
        "items": Keyed(items, ("item_key",)),
        "late_notice": Keyed(late_notices, ("site", "date"), "date"),
        "erp_documents": Keyed(erp_lines, ("document_key", "line_key"), "document_key", ("document", "line")),
        "on_hand": Keyed(on_hand, ("date", "warehouse_key", "item_key"), "date"),
        # An item may lie in two places and be counted in two rows: a row is known by all that it says.
        "count_sheets": Keyed(count_rows, _COUNTED, written=("number", "warehouse", "item"), versions=True),
        # An answer is known by all that it says: the same sheet sent again answers nothing twice.
        "exception_answers": Keyed(
            exception_answers, ("break_id", "treatment", "reason", "answered_by", "owner"), "break_id"
        ),
        "room_types": Keyed(hotel.room_types, ("room_type_key",), "room_type_key", ("room_type",)),
        "rooms": Keyed(hotel.rooms, ("room_key",), "room_key", ("room",)),
        "operators": Keyed(hotel.operators, ("operator_key",), "operator_key", ("operator",)),
        "corporate_accounts": Keyed(hotel.corporate_accounts, ("company_key",), "company_key", ("company",)),
        "members": Keyed(hotel.members, ("member_key",), "member_key", ("member",)),
        "reservations": Keyed(hotel.reservations, ("reservation_key",), "reservation_key", ("reservation",)),
        "stays": Keyed(hotel.stays, ("account_key",), "account_key", ("account",)),
        "shifts": Keyed(hotel.shifts, ("shift_key", "method"), "shift_key", ("shift", "method")),
        "deposits": Keyed(hotel.deposits, ("number_key",), "number_key", ("number",)),
        "folio": Keyed(hotel.folio, ("number_key",), "number_key", ("number",)),
        "payments": Keyed(hotel.payments, ("number_key",), "number_key", ("number",)),
        "pos_checks": Keyed(hotel.pos_checks, ("check_key",), "check_key", ("check",)),
        "operation_log": Keyed(
            hotel.operation_log, ("at", "operator", "action", "object", "before", "after"), "object"
        ),
        "damaged_parts": Keyed(returns.damaged_parts, ("serial_key",), "serial_key", ("serial",)),
        "boxes": Keyed(returns.boxes, ("box_key", "site"), "box_key", ("box", "site")),
        "repair_events": Keyed(
            returns.repair_events, ("serial_key", "date", "event"), "serial_key", ("serial", "date", "event")
        ),
        "freight_prices": Keyed(
            returns.freight_prices,
            ("origin_key", "destination_key", "mode", "effective_on"),
            "origin_key",
            ("origin", "destination", "mode", "effective_on"),
        ),
        "shipments": Keyed(returns.shipments, ("number_key",), "number_key", ("number",)),
        "invoice_books": Keyed(
            invoicing.invoice_books, ("kind_key", "code_key", "first_key"), "first_key", ("kind", "code", "first")
        ),
        "invoices": Keyed(invoicing.invoices, _INVOICE, "number_key", _INVOICE_WRITTEN, numbered=True),
        "tax_download": Keyed(invoicing.tax_download, _INVOICE, "number_key", _INVOICE_WRITTEN, numbered=True),
        "receipts": Keyed(
            invoicing.receipts, ("number_key", OCCURRENCE), "number_key", ("number", OCCURRENCE), numbered=True
        ),
        "revenue_entries": Keyed(
            invoicing.revenue_entries,
            ("voucher_key", "month", OCCURRENCE),
            "voucher_key",
            ("voucher", "month", OCCURRENCE),
            numbered=True,
            repeats_count=True,
        ),
        "dispatches": Keyed(survey.dispatches, ("form_key", "sent_in"), "form_key", ("form", "sent_in")),
        "responses": Keyed(survey.responses, ("form_key", "content_key"), "form_key", ("form",), whole=True),
        "followups": Keyed(
            survey.followups, ("customer_key", "service_on"), "customer_key", ("customer", "service_on")
        ),
    }
)


def keep_keyed(
    connection: Connection, dataset: str, rows: pd.DataFrame, file_id: int, now: dt.datetime
) -> pd.Series[str]:
    """What became of every row, by its index: new, updated, repeated or conflict (see keyed.compare).

    New rows are added, changed ones updated by their key with each value before in `changes`, and days whose settled
    lines may now be judged otherwise are open again. What comes for a closed date is told beside (see sealed).
    """
    kept = KEYED[dataset]
    fields = [column.name for column in kept.table.columns if column.name in rows.columns]
    fields = [name for name in fields if name not in (*kept.key, *kept.written) and name not in _BESIDE]
    if kept.whole:
        fields = []
    stored = _stored(connection, kept, rows)
    if kept.numbered:
        own = [name for name in kept.key if name != OCCURRENCE]
        rows[OCCURRENCE] = occurrences(rows, stored, own, fields, repeats_count=kept.repeats_count)
    derived = _DERIVED.get(dataset, "")
    noted = [name for name in fields if not name.endswith("_key") and name != derived]
    result = compare(rows, stored, kept.key, fields, noted, kept.shown)
    columns = [column.name for column in kept.table.columns if column.name in rows.columns]
    chosen = rows[columns].assign(file_id=file_id)
    told = pd.Series(data=False, index=rows.index)
    if dataset in SEALED or dataset in TOLD:
        incoming = Incoming(dataset, kept.key, rows.assign(file_id=file_id), stored, result)
        told = keep_apart(connection, incoming, now)
    write_frame(connection, kept.table, chosen[(result.outcome == NEW) & ~told])
    updated = chosen[(result.outcome == UPDATED) & ~told]
    if len(updated):
        update_by_key(
            connection,
            kept.table,
            kept.key,
            updated.drop(columns=[name for name in kept.written if name not in kept.key]),
        )
        _note(connection, dataset, result.changes[result.changes["at"].isin(updated.index)], file_id, now)
    _unsettle(connection, dataset, chosen, stored, result)
    return result.outcome


def _stored(connection: Connection, kept: Keyed, rows: pd.DataFrame) -> pd.DataFrame:
    if kept.versions or is_empty(connection, kept.table):
        return read_frame(connection, select(kept.table).limit(0))
    if kept.found_by:
        columns = kept.key if kept.whole else ()
        return rows_where(connection, kept.table, kept.found_by, rows[kept.found_by], columns)
    return read_frame(connection, select(kept.table))


def _note(connection: Connection, dataset: str, found: pd.DataFrame, file_id: int, now: dt.datetime) -> None:
    noted = found[["key", "field", "before", "after"]]
    moment = pd.Series(pd.Timestamp(now).tz_convert("UTC"), index=noted.index)
    write_frame(connection, changes, noted.assign(dataset=dataset, file_id=file_id, changed_at=moment))


def _unsettle(
    connection: Connection, dataset: str, rows: pd.DataFrame, stored: pd.DataFrame, result: Comparison
) -> None:
    if dataset == "warehouses":
        unsettle_warehouses(connection, rows.loc[result.outcome.isin((NEW, UPDATED)), "warehouse_key"])
    if dataset != "erp_documents":
        return
    read_by_matching = result.changes.loc[~result.changes["field"].isin(_AUDIT), "at"]
    moved = rows[(result.outcome == NEW) | rows.index.isin(read_by_matching)]
    key = list(KEYED[dataset].key)
    before = stored.merge(moved[key], on=key, how="inner")
    unsettle_lines(connection, pd.concat([moved, before]))
