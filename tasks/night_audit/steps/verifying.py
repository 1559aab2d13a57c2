"""What is wrong with the closed nights: rows that raw SQL changed, a chain that breaks (spec 06, step 13)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from tasks.domain.message import Message, message
from tasks.intake.hotel_tables import closed_books
from tasks.night_audit.rows import Balance
from tasks.night_audit.sealing import (
    COVERS,
    LEDGERS,
    Broken,
    Digest,
    Holder,
    Standing,
    broken_chain,
    broken_rows,
    broken_standing,
    day_hash,
    standing_after,
)
from tasks.night_audit.steps.covered import COVERED, LATE, ONCE_COVERED, present_digests
from tasks.night_audit.steps.late_rows import Closed, digests_at_close
from tasks.night_audit.steps.papers import changed_papers
from tasks.night_audit.steps.reading import read_on
from tasks.night_audit.tables import ledger_balances, night_audits, sealed_rows, standing_balances


def verify_nights(connection: Connection) -> Iterator[Message]:
    """A line for each closed date that no longer is what was sealed, naming the row or the paper."""
    for one in chain(broken_seals(connection), changed_papers(connection)):
        yield message(
            f"night_audit.broken.{one.how}", date=one.business_date.isoformat(), dataset=one.kind, number=one.row
        )


def broken_seals(connection: Connection) -> Iterator[Broken]:
    """Every closed date that no longer is what was sealed, with the row that changed, and what stands otherwise."""
    books = closed_books.c
    query = select(night_audits, books.ends_at).outerjoin(
        closed_books, books.business_date == night_audits.c.business_date
    )
    hashes, standing = [], dict[Holder, Standing]()
    readable = True
    for row in connection.execute(
        query.where(night_audits.c.closed_at.is_not(None)).order_by(night_audits.c.business_date)
    ):
        date = row.business_date
        said = _read(row.said)
        stored = read_on(connection, Digest, sealed_rows.c.business_date, date)
        ends = row.ends_at or dt.datetime.combine(date, dt.time.max)
        yield from _broken_rows(connection, Closed(date, ends, row.closed_at), stored, said)
        texts = {"measures": row.measures, "report": row.report, "said": row.said}
        if day_hash(row.previous_hash, date, stored, texts) != row.hash:
            yield Broken(date, "night_audits", "", "hash")
        hashes.append((date, row.previous_hash, row.hash))
        readable = readable and bool(said)
        kept = read_on(connection, Balance, ledger_balances.c.business_date, date)
        standing = standing_after(standing, kept, date, whole=LEDGERS not in said)
    yield from broken_chain(hashes)
    if readable:
        # A date that cannot be read is named above, and nothing can be said of what it left.
        yield from broken_standing(standing, _standing(connection))


def _broken_rows(
    connection: Connection, closed: Closed, stored: tuple[Digest, ...], said: Mapping[str, Any]
) -> Iterator[Broken]:
    """The rows of the date that are not as they were sealed; one that a later file changed is told by itself."""
    covered = {*said.get(COVERS, ONCE_COVERED), *(one.kind for one in stored)}
    kinds = [kind for kind in COVERED if kind in covered]
    present = present_digests(connection, closed.date, closed.ends, kinds, {})
    broken = broken_rows(closed.date, stored, present)
    for kind in LATE:
        suspects = {one.row for one in broken if one.kind == kind}
        if suspects:
            sealed = [one for one in stored if one.kind == kind and one.number in suspects]
            at_close = digests_at_close(connection, kind, suspects, closed)
            broken = (
                *(one for one in broken if one.kind != kind),
                *broken_rows(closed.date, sealed, at_close),
            )
    yield from broken


def _read(said: str) -> Mapping[str, Any]:
    """What the date says of itself; nothing where somebody made it unreadable."""
    try:
        found = json.loads(said)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _standing(connection: Connection) -> dict[Holder, Standing]:
    table = standing_balances.c
    rows = connection.execute(select(table.ledger, table.account_key, table.account, table.balance, table.since))
    return {(ledger, key): Standing(*rest) for ledger, key, *rest in rows}
