"""What the hotel's cells mean beside the others of their row: times alone, blank kinds, numbers of night postings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from tasks.domain.cells import reason
from tasks.domain.message import Message
from tasks.intake.cell_readers import Value

HOTEL_MASTERS = (
    "room_types", "rooms", "operators", "corporate_accounts", "members", "reservations", "stays", "operation_log",
)  # fmt: skip
HOTEL_DATED = ("shifts", "deposits", "folio", "payments", "pos_checks")
HOTEL = (*HOTEL_MASTERS, *HOTEL_DATED)
# Known by moments alone, these count to the business date that the moment belongs to.
DATED_BY_MOMENT = ("deposits", "pos_checks")
_NIGHT_POSTING = r"(?<![0-9A-Z])(DB-\d{4}-\d{2}-\d{2}-\d+)"


def business_date(moment: dt.datetime, night_ends: dt.time) -> dt.date:
    """The business date that a moment counts to: the day before until the night ends, that very second included."""
    return (moment - dt.timedelta(days=moment.time() <= night_ends)).date()


def business_dates(moments: pd.Series, night_ends: dt.time) -> pd.Series:
    """`business_date` of every moment as datetime64[s]; NaT where there is none."""
    days = moments.dt.normalize()
    early = (moments - days) <= pd.Timedelta(hours=night_ends.hour, minutes=night_ends.minute)
    dates: pd.Series = days.mask(early, days - pd.Timedelta(days=1)).astype("datetime64[s]")
    return dates


def night_postings(remarks: pd.Series) -> pd.Series[str]:
    """The number of the night posting (`DB-2026-11-20-3`) that each remark names, or blank (spec 06: step 13)."""
    plain = remarks.astype("str").str.upper().str.replace(r"[‐-―−_]", "-", regex=True)
    return plain.str.extract(_NIGHT_POSTING, expand=False).fillna("").astype("str")


def complete(
    dataset: str,
    columns: Mapping[str, list[Value]],
    moments: Sequence[str],
    latest: dt.date | None,
    night_ends: dt.time,
) -> Iterator[tuple[int, str, Message]]:
    """Fills in what other cells of a row say, and yields place, column and reason of each cell that cannot be taken.

    A time alone in one of the columns `moments` belongs to the row's business date, else to the day `latest` that the
    file is for; up to `night_ends` that is the calendar's next day. A deposit without a kind is received, or refunded
    where it is negative.
    """
    for name in moments:
        yield from _times(columns, name, latest, night_ends)
    if dataset == "deposits":
        columns["kind"][:] = [
            kind or ("refunded" if isinstance(amount, int) and amount < 0 else "received")
            for kind, amount in zip(columns["kind"], columns["amount"], strict=True)
        ]
        for place, (reservation, account) in enumerate(zip(columns["reservation"], columns["account"], strict=True)):
            # A cell that could not be read is None and told already.
            if reservation == "" and account == "":
                yield place, "reservation", reason("reservation_or_account")


def _times(
    columns: Mapping[str, list[Value]], name: str, latest: dt.date | None, night_ends: dt.time
) -> Iterator[tuple[int, str, Message]]:
    values = columns[name]
    for place, value in enumerate(values):
        if not isinstance(value, dt.time):
            continue
        own = columns["date"][place] if "date" in columns else latest if name == "at" else None
        if isinstance(own, dt.date):
            values[place] = dt.datetime.combine(own + dt.timedelta(days=value <= night_ends), value)
            continue
        values[place] = None
        if "date" not in columns:
            # Where a row has a date of its own, that could not be read and was told already.
            yield place, name, reason("time_without_day")
