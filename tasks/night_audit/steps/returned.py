"""The night's postings as the PMS brings them back, where they are not what was posted (spec 06, step 13)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import Connection, select

from tasks.adapters.store import read_frame
from tasks.domain.amounts import money_text
from tasks.domain.keys import name_key
from tasks.intake.hotel_tables import folio
from tasks.intake.tables import files
from tasks.night_audit.after_close import NUMBER
from tasks.night_audit.books import each
from tasks.night_audit.tables import night_postings

COLUMNS = ["dataset", "key", "field", "stored", "delivered", "business_date", "row"]
_COMPARED = ("account", "date", "item", "amount")


def returned_otherwise(connection: Connection, since: dt.datetime | None) -> pd.DataFrame:
    """One line for each field in which a row that bears a night posting's number differs from that posting.

    Columns: dataset, key (the posting's number), field, stored, delivered, business_date, row. Looked at are the rows
    of files received after `since`. A number that no night posted gives one line of the field
    NUMBER (after_close), under the number of the row itself.
    """
    posted = night_postings.c
    query = (
        select(
            folio.c.number, folio.c.night_posting, folio.c.account_key, folio.c.account, folio.c.date, folio.c.item,
            folio.c.amount, folio.c.row, posted.account_key.label("own_key"), posted.account.label("own_account"),
            posted.business_date.label("own_date"), posted.item.label("own_item"), posted.amount.label("own_amount"),
        )
        .join(files, files.c.id == folio.c.file_id)
        .outerjoin(night_postings, posted.number == folio.c.night_posting)
        .where(folio.c.night_posting != "")
        .order_by(folio.c.number_key)
    )  # fmt: skip
    rows = read_frame(connection, query if since is None else query.where(files.c.received_at > since))
    lines = [line for row in each(rows) for line in _lines(row)]
    return pd.DataFrame(lines, columns=COLUMNS)


def _lines(row: object) -> list[tuple[object, ...]]:
    known = {name: getattr(row, name) for name in (*_COMPARED, "account_key", "number", "night_posting", "row")}
    own = {name: getattr(row, f"own_{name}") for name in (*_COMPARED, "key")}
    if pd.isna(own["key"]):
        return [("folio", known["number"], NUMBER, "", known["night_posting"], known["date"], known["row"])]
    differs = {
        "account": own["key"] != known["account_key"],
        "date": pd.Timestamp(own["date"]) != pd.Timestamp(known["date"]),
        "item": name_key(own["item"]) != name_key(known["item"]),
        "amount": int(own["amount"]) != int(known["amount"]),
    }
    return [
        ("folio", known["night_posting"], name, _text(own[name]), _text(known[name]), own["date"], known["row"])
        for name in _COMPARED
        if differs[name]
    ]


def _text(value: object) -> str:
    if isinstance(value, pd.Timestamp | dt.date):
        return f"{value:%Y-%m-%d}"
    return value if isinstance(value, str) else money_text(int(str(value)))
