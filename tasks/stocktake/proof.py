"""The three-way proof: ledger = report (账表), site ledger = ERP (账账), ERP = counted (账实) (spec 02, report).

Ledger is the balance that follows from the site's own rows, report the balance that the site states, ERP the balance
that follows from audited documents (docs/decisions/0016).
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags
from tasks.stocktake.shapes import PAIR

_PROOFS = ("ledger_report", "ledger_erp", "erp_counted")


def ledger_books(
    opening: pd.DataFrame, ledger: pd.DataFrame, movements: pd.DataFrame, days: tuple[dt.date, dt.date]
) -> pd.DataFrame:
    """Every warehouse and item that held or moved anything, with `by_ledger`, `by_report` and `by_erp` at the end.

    `opening`: warehouse_key, item_key, quantity at the close before the first of `days` (first and last day), of every
    warehouse that has one. `ledger`: the sites' rows: warehouse_key, item_key, date, number, movement (signed),
    stated_balance (Int64). `movements`: frame. by_ledger = opening + the site's rows, blank in a warehouse for which
    it wrote none; by_report = the last balance stated, blank where none is; by_erp = opening + audited movements. In a
    warehouse without an opening nothing is known.
    """
    first, last = (pd.Timestamp(day) for day in days)
    written = ledger[ledger["date"].between(first, last)]
    posted = movements[movements["date"].between(first, last)]
    parts = {"opening": opening["quantity"], "wrote": written["movement"], "posted": posted["quantity"]}
    places = (opening, written, posted)
    table = pd.concat(
        [place[PAIR].assign(**{name: values}) for place, (name, values) in zip(places, parts.items(), strict=True)]
    )
    sums = table.reindex(columns=[*PAIR, *parts]).astype(dict.fromkeys(parts, "Int64")).fillna(0)
    sums = sums.groupby(PAIR)[list(parts)].sum().reset_index()
    known = sums["warehouse_key"].isin(opening["warehouse_key"].unique())
    wrote = known & sums["warehouse_key"].isin(written["warehouse_key"].unique())
    stated = (
        written[written["stated_balance"].notna()].sort_values(["date", "number"]).drop_duplicates(PAIR, keep="last")
    )
    said = sums[PAIR].merge(stated[[*PAIR, "stated_balance"]], on=PAIR, how="left")["stated_balance"]
    return sums[PAIR].assign(
        by_ledger=(sums["opening"] + sums["wrote"]).where(wrote),
        by_report=said.astype("Int64"),
        by_erp=(sums["opening"] + sums["posted"]).where(known),
    )


def three_way(books: pd.DataFrame, variances: pd.DataFrame) -> pd.DataFrame:
    """One row a department and site, by both: of each proof the lines checked and those that are off.

    Columns: department, site, then ledger_report, ledger_erp and erp_counted, each with `_lines` and `_off`. Where no
    line is checked the proof is "not checked". Never netted. `books` as of `ledger_books`; the last proof is the
    variance itself, of the book at the moment of counting.
    """
    places = variances.drop_duplicates("warehouse_key")[["warehouse_key", "department", "site"]]
    known = books.merge(places, on="warehouse_key")
    parts = [
        _checked(known, "ledger_report", known["by_ledger"] - known["by_report"]),
        _checked(known, "ledger_erp", known["by_ledger"] - known["by_erp"]),
        _checked(variances, "erp_counted", variances["variance"]),
    ]
    table = pd.concat(parts, ignore_index=True)
    columns = [f"{proof}_{part}" for proof in _PROOFS for part in ("lines", "off")]
    table = table.reindex(columns=["department", "site", *columns]).astype(dict.fromkeys(columns, "Int64")).fillna(0)
    return table.groupby(["department", "site"])[columns].sum().astype("int64").reset_index()


def _checked(rows: pd.DataFrame, proof: str, difference: pd.Series[int]) -> pd.DataFrame:
    checked: Flags = difference.notna().to_numpy(dtype=np.bool_)
    off: Flags = (difference.fillna(0) != 0).to_numpy(dtype=np.bool_)
    counts = {f"{proof}_lines": checked.astype(np.int64), f"{proof}_off": off.astype(np.int64)}
    return rows[["department", "site"]].assign(**counts).groupby(["department", "site"]).sum().reset_index()
