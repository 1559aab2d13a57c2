"""How reliably bookings turn into guests: the month by salesperson, company and source (信誉档案, spec 06, step 14)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from tasks.domain.amounts import rate_text
from tasks.domain.keys import name_keys
from tasks.night_audit.books import Books, looked_up
from tasks.night_audit.reservations import NO_SHOWS

BY = ("salesperson", "company", "source")
_COUNTS = ["bookings", "arrived", "cancelled", "no_shows", "released"]


@dataclass(frozen=True, slots=True, eq=False)
class Month:
    """Every reservation due in a month that ends, as it stands before this close, and the stays that came of them."""

    standing: pd.DataFrame
    stays: pd.DataFrame


def reputation(standing: pd.DataFrame, stays: pd.DataFrame, companies: pd.Series[str], month: dt.date) -> pd.DataFrame:
    """One row for each salesperson, company and source of the reservations due in the month of `month`.

    Columns: by (salesperson, company, source), name ("" for those without one, so that each `by` sums to all),
    bookings, arrived, cancelled, no_shows (those to be decided among them), released, no_show_rate (no_shows / bookings
    as a text with six places); by name within each. `standing` are the reservations with `state` and `due_date`
    (reservations.standing); what is still expected is only a booking. A reservation has no company of its own: it is
    that of its stay, else the group's or the booker's name where `companies` has it.
    """
    due = standing["due_date"]
    of_month = standing[(due.dt.year == month.year) & (due.dt.month == month.month)]
    state = of_month["state"]
    counted = of_month.assign(
        company=_companies(of_month, stays, companies),
        bookings=1,
        arrived=(state == "checked_in").astype("int64"),
        cancelled=(state == "cancelled").astype("int64"),
        no_shows=state.isin(NO_SHOWS).astype("int64"),
        released=(state == "released").astype("int64"),
    )
    tables = [
        counted.groupby(by)[_COUNTS].sum().rename_axis("name").reset_index().assign(by=by).sort_values("name")
        for by in BY
    ]
    whole: pd.DataFrame = pd.concat(tables, ignore_index=True)
    rates = [rate_text(part, of) for part, of in zip(whole["no_shows"], whole["bookings"], strict=True)]
    whole["no_show_rate"] = pd.Series(rates, index=whole.index, dtype="str")
    return whole.reindex(columns=["by", "name", *_COUNTS, "no_show_rate"])


def month_reputation(month: Month | None, books: Books, standing: pd.DataFrame) -> pd.DataFrame:
    """The month's table at its end, this night's outcomes (`standing`) among it; without rows on every other date."""
    if month is None:
        return pd.DataFrame()
    before = month.standing[~month.standing["reservation_key"].isin(standing["reservation_key"])]
    whole = pd.concat([one for one in (before, standing) if len(one)] or [standing], ignore_index=True)
    stays = pd.concat([one for one in (month.stays, books.stays) if len(one)] or [books.stays], ignore_index=True)
    return reputation(whole, stays, books.corporate_accounts["company"], books.as_of)


def _companies(reservations: pd.DataFrame, stays: pd.DataFrame, companies: pd.Series[str]) -> pd.Series[str]:
    """The company of each reservation as the corporate accounts write it, or as its stay does; "" for none."""
    known = pd.Series(companies.to_numpy(), index=name_keys(companies), dtype="str")
    known = known[~known.index.duplicated() & (known.index != "")]
    named = stays[(stays["company"] != "") & (stays["reservation_key"] != "")].drop_duplicates("reservation_key")
    company = looked_up(reservations["reservation_key"], named.set_index("reservation_key")["company"])
    company = looked_up(name_keys(company), known).fillna(company)
    for name in ("group_name", "booker"):
        company = company.fillna(looked_up(name_keys(reservations[name]), known))
    return company.fillna("").astype("str")
