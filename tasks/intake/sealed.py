"""What comes for closed dates: kept out by the seal or taken in, and told line by line in either case (spec 06)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import pandas as pd

from tasks.intake.keyed import NEW, UPDATED, Comparison, key_texts, value_texts

SEALED = ("deposits", "stays", "folio", "payments")
# What is taken in whenever it comes, and told where it speaks of a closed date: by which moment or date a row does.
TOLD = {"stays": "arrived_at", "pos_checks": "at", "shifts": "date", "reservations": "due_in"}
# A stay goes on after a date is closed, and so does what becomes of a reservation.
_OF_THE_DATE = ("arrived_at", "departed_at")
_STILL_OPEN = ("state", "confirmed", "rooms", "due_in", "due_out")
DIGEST_BYTES = 16
_SOURCE = ("file", "file_id", "sheet", "row")


@dataclass(frozen=True, slots=True)
class Closed:
    """How far the books are closed: the newest closed date, and the moment at which its night ends."""

    date: dt.date
    ends_at: dt.datetime


def shut_out(
    dataset: str, rows: pd.DataFrame, sealed_on: pd.Series, outcome: pd.Series[str], closed: Closed
) -> pd.Series[bool]:
    """Which new or changed rows of `dataset` the seal keeps out, by their index.

    `sealed_on` is the date that sealed the stored row of each row's key, or NaT. Kept out are other values for a sealed
    row, and every charge, payment or deposit that would come to stand in a closed date; a row that brings a night
    posting back is never counted as a charge and may stand anywhere.
    """
    kept_out = (outcome == UPDATED) & sealed_on.notna()
    if dataset == "deposits":
        kept_out |= rows["at"] <= pd.Timestamp(closed.ends_at)
    if dataset in ("folio", "payments"):
        kept_out |= rows["date"] <= pd.Timestamp(closed.date)
    if dataset == "folio":
        kept_out &= (rows["night_posting"] == "") | sealed_on.notna()
    return kept_out & outcome.isin((NEW, UPDATED))


def told_lines(
    rows: pd.DataFrame, sealed_on: pd.Series, result: Comparison, kept_out: pd.Series[bool], key: str, closed: Closed
) -> pd.DataFrame:
    """One line for each field of a changed row that is kept out, and one for each new row, its `field` blank.

    Columns: key, field, stored, delivered (of a new row its cells by column, in JSON), digest, business_date, sheet,
    row. The date is the one that sealed the row, else the row's own where that is closed, else the newest closed one.
    """
    out = rows[kept_out]
    fields = result.changes[result.changes["at"].isin(out.index)]
    changed = pd.DataFrame(
        {
            "at": fields["at"].to_numpy(),
            "field": fields["field"].astype("str").to_numpy(),
            "stored": fields["before"].astype("str").to_numpy(),
            "delivered": fields["after"].astype("str").to_numpy(),
        }
    )
    new = out[result.outcome[kept_out] == NEW]
    whole = pd.DataFrame({"at": new.index, "field": "", "stored": "", "delivered": _whole(new)})
    lines = pd.concat([changed, whole], ignore_index=True).astype({"at": "int64"}).sort_values("at", kind="stable")
    for name in ("key", "sheet", "row"):
        lines[name] = rows.loc[lines["at"], key if name == "key" else name].to_numpy()
    lines["digest"] = [_digest(text) for text in lines["delivered"]]
    newest = pd.Timestamp(closed.date)
    own = rows["date"].where(rows["date"] <= newest) if "date" in rows.columns else sealed_on
    dates = sealed_on.fillna(own).fillna(newest).astype("datetime64[s]")
    lines["business_date"] = dates.loc[lines["at"]].to_numpy()
    return lines.drop(columns="at").astype(dict.fromkeys(("key", "field", "stored", "delivered", "sheet"), "str"))


def late_lines(
    dataset: str, rows: pd.DataFrame, stored: pd.DataFrame, result: Comparison, key: Sequence[str], closed: Closed
) -> pd.DataFrame:
    """One line for each value of the rows that are taken in and yet change what a closed date rested on.

    Columns as those of told_lines. That is every new stay that arrived, check that was made or shift that was held by
    then (its moment stands as delivered, nothing as stored), every arrival or departure of a stay that comes into a
    closed date or leaves it, and whatever changes of a settled check, a shift, or a reservation that was due by then,
    but for what is still to be decided of it. A new reservation is settled by the next close.
    """
    moment = TOLD[dataset]
    until = pd.Timestamp(closed.date if moment == "date" else closed.ends_at)
    new = rows[(result.outcome == NEW) & (rows[moment] <= until) & (dataset != "reservations")]
    came = pd.DataFrame({"at": new.index, "field": moment, "stored": "", "delivered": value_texts(new[moment])})
    changes = result.changes[result.changes["at"].isin(rows.index[result.outcome == UPDATED])]
    before = rows.loc[changes["at"], list(key)].merge(stored, on=list(key), how="left").set_axis(changes.index)
    own = _speaks_of(dataset, changes, before, until)
    changed = pd.DataFrame(
        {
            "at": changes["at"][own],
            "field": changes["field"][own],
            "stored": changes["before"][own],
            "delivered": changes["after"][own],
        }
    )
    lines = pd.concat([came, changed], ignore_index=True).astype({"at": "int64"})
    moments = pd.concat([new[moment], _moments(dataset, changed, before[moment][own], until)], ignore_index=True)
    lines["key"] = key_texts(rows.loc[lines["at"]], _written(key)).to_numpy()
    for name in ("sheet", "row"):
        lines[name] = rows.loc[lines["at"], name].to_numpy()
    lines["digest"] = [_digest(text) for text in lines["delivered"]]
    lines["business_date"] = (moments if moment == "date" else _dates_of(moments, closed)).to_numpy()
    return lines.drop(columns="at").astype(dict.fromkeys(("key", "field", "stored", "delivered", "sheet"), "str"))


def _speaks_of(dataset: str, changes: pd.DataFrame, before: pd.DataFrame, until: pd.Timestamp) -> pd.Series[bool]:
    """Which of the changes concern a date that is closed; `before` has the stored row of each."""
    field = changes["field"]
    if dataset == "stays":
        by_then = _by_then(changes["before"], until) | _by_then(changes["after"], until)
        return field.isin(_OF_THE_DATE) & by_then
    own = before[TOLD[dataset]] <= until
    if dataset == "pos_checks":
        # Who settles a check that was let through open does what was asked.
        return own & (before["settlement"] != "open")
    return own & ~(field.isin(_STILL_OPEN) & (dataset == "reservations"))


def _moments(dataset: str, changed: pd.DataFrame, of_row: pd.Series, until: pd.Timestamp) -> pd.Series:
    """The moment by which each change concerns a closed date: of a stay that which came or went, else the row's own."""
    if dataset != "stays":
        return of_row
    texts = changed["delivered"].where(_by_then(changed["delivered"], until), changed["stored"])
    return pd.to_datetime(texts, format="ISO8601").astype("datetime64[s]")


def _by_then(texts: pd.Series[str], until: pd.Timestamp) -> pd.Series[bool]:
    """Which texts are moments up to `until`: their order is that of the moments."""
    return (texts != "") & (texts <= f"{until:%Y-%m-%d %H:%M:%S}")


def _dates_of(moments: pd.Series, closed: Closed) -> pd.Series:
    """The business date of each moment."""
    night = pd.Timestamp(closed.ends_at) - pd.Timestamp(closed.date) - pd.Timedelta(days=1)
    return (moments - night - pd.Timedelta(seconds=1)).dt.normalize().astype("datetime64[s]")


def _written(key: Sequence[str]) -> list[str]:
    return [name.removesuffix("_key") for name in key]


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=DIGEST_BYTES).hexdigest()


def _whole(rows: pd.DataFrame) -> list[str]:
    """The cells of each row by their column, blank ones left out, as JSON."""
    names = [name for name in rows.columns if not name.endswith("_key") and name not in _SOURCE]
    texts = pd.DataFrame({name: value_texts(rows[name]) for name in names})
    return [
        json.dumps({name: text for name, text in row.items() if text}, ensure_ascii=False)
        for row in texts.to_dict("records")
    ]
