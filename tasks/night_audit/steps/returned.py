"""The night's postings as the PMS brings them back, where they are not what was posted (spec 06, step 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, literal_column, select

from tasks.domain.amounts import money_text
from tasks.domain.keys import name_key
from tasks.intake.hotel_tables import folio
from tasks.intake.tables import files
from tasks.night_audit.after_close import NUMBER, Late
from tasks.night_audit.steps.reading import rows_of
from tasks.night_audit.tables import night_postings


class _Returned(NamedTuple):
    """A row that bears the number of a night posting; `own_...` is that posting, None where no night made it."""

    number: str
    night_posting: str
    row: int
    account_key: str
    account: str
    date: dt.date
    item: str
    amount: int
    own_key: str | None
    own_account: str
    own_date: dt.date
    own_item: str
    own_amount: int


def returned_otherwise(connection: Connection, since: dt.datetime | None) -> Iterator[Late]:
    """One line for each field in which a row that bears a night posting's number differs from that posting.

    Its key is the posting's number. Looked at are the rows of files received after `since`. A number that no night
    posted gives one line of the field NUMBER (after_close), under the number of the row itself.
    """
    posted = night_postings.c
    query = (
        select(
            folio.c.number, folio.c.night_posting, folio.c.row, folio.c.account_key, folio.c.account, folio.c.date,
            folio.c.item, folio.c.amount, posted.account_key, posted.account, posted.business_date, posted.item,
            posted.amount,
        )
        .join(files, files.c.id == folio.c.file_id)
        .outerjoin(night_postings, posted.number == folio.c.night_posting)
        # Written out, because an index of these few serves no parameter that might be anything.
        .where(folio.c.night_posting != literal_column("''"))
        .order_by(folio.c.number_key)
    )  # fmt: skip
    if since is not None:
        query = query.where(files.c.received_at > since)
    for row in rows_of(connection, _Returned, query):
        yield from _differences(row)


def _differences(row: _Returned) -> Iterator[Late]:
    if row.own_key is None:
        yield Late("folio", row.number, NUMBER, "", row.night_posting, row.date, row.row)
        return
    compared = (
        ("account", row.own_key == row.account_key, row.own_account, row.account),
        ("date", row.own_date == row.date, f"{row.own_date:%Y-%m-%d}", f"{row.date:%Y-%m-%d}"),
        ("item", name_key(row.own_item) == name_key(row.item), row.own_item, row.item),
        ("amount", row.own_amount == row.amount, money_text(row.own_amount), money_text(row.amount)),
    )
    for field, same, stored, came in compared:
        if not same:
            yield Late("folio", row.night_posting, field, stored, came, row.own_date, row.row)
