"""What the seal of closed dates keeps out: deliveries for them are told, line by line, and change nothing (spec 06)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from hashlib import blake2b

import pandas as pd

from tasks.intake.keyed import NEW, UPDATED, Comparison, value_texts

SEALED = ("deposits", "stays", "folio", "payments")
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
    lines["digest"] = [blake2b(text.encode(), digest_size=DIGEST_BYTES).hexdigest() for text in lines["delivered"]]
    newest = pd.Timestamp(closed.date)
    own = rows["date"].where(rows["date"] <= newest) if "date" in rows.columns else sealed_on
    dates = sealed_on.fillna(own).fillna(newest).astype("datetime64[s]")
    lines["business_date"] = dates.loc[lines["at"]].to_numpy()
    return lines.drop(columns="at").astype(dict.fromkeys(("key", "field", "stored", "delivered", "sheet"), "str"))


def _whole(rows: pd.DataFrame) -> list[str]:
    """The cells of each row by their column, blank ones left out, as JSON."""
    names = [name for name in rows.columns if not name.endswith("_key") and name not in _SOURCE]
    texts = pd.DataFrame({name: value_texts(rows[name]) for name in names})
    return [
        json.dumps({name: text for name, text in row.items() if text}, ensure_ascii=False)
        for row in texts.to_dict("records")
    ]
