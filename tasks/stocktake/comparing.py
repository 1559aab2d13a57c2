"""One count compared with its book: a row of figures for every line, a finding for all that does not agree (spec 02).

Signature: compared(count, books, counts, policy) -> Comparison. It judges whole sheets, one or all of them alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from tasks.domain.finding import Finding
from tasks.domain.texts import Ints
from tasks.stocktake.found import findings_of
from tasks.stocktake.limits import values_of, within_limits
from tasks.stocktake.policy import Policy
from tasks.stocktake.roll_forward import rolled_forward
from tasks.stocktake.rounds import standing_counts
from tasks.stocktake.shapes import PAIR, SHAPES, Count, empty, shaped

_LINE = ["number", *PAIR]
_OF_ITEM = ("item", "item_name", "specification", "unit", "abc")
_OF_COUNT = (
    "counted", "first_counted", "damaged", "counted_serials", "cause", "responsible", "proposal", "remark",
    "counted_on", "counted_by", "supervised_by", "counters", "refs", "received_at", "round", "last_round", "rejected",
)  # fmt: skip
_WITH_BLANKS = {"round": "Int64", "last_round": "Int64", "rejected": "boolean"}


@dataclass(frozen=True, slots=True)
class CountBooks:
    """What the books say: the frames `lines`, `movements`, `items` and `sheets`.

    `unlisted` (frame `stock`) is the frozen stock of what a scoped count did not list; a month's own lists everything.
    """

    lines: pd.DataFrame
    movements: pd.DataFrame
    items: pd.DataFrame
    sheets: pd.DataFrame
    unlisted: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The frame `variances` by sheet, warehouse and item, and what was found.

    `crowded` counts the warehouses with too many like differences to look for mix-ups.
    """

    variances: pd.DataFrame
    findings: tuple[Finding, ...]
    crowded: int


def compared(count: Count, books: CountBooks, counts: pd.DataFrame, policy: Policy) -> Comparison:
    """The figures and findings of the sheets that came back (`counts`, frame) against their book.

    Lines of sheets that did not come back are in `variances`, not counted, and give no finding: their sheet is missing.
    Findings: NOT_COUNTED, UNKNOWN_ITEM, SURPLUS, SHORTAGE, DAMAGED_STOCK, VARIANCE_NO_REASON, RECOUNT_NEEDED,
    LATE_DOCUMENT, SERIAL_MISSING, SERIAL_EXTRA, MIX_UP_SUGGESTED, each standing on the count's number; by place, kind.
    """
    standing = standing_counts(counts, books.sheets, books.lines, count.cut_off)
    returned = frozenset(standing["number"].unique())
    rows, movements = _rows(count, books, standing), books.movements
    # A million lines are let go of as soon as they have become others: two copies of them are a gigabyte.
    del standing, books
    rows = rolled_forward(count, rows, movements)
    rows["variance"], rows["variance_before"] = rows["counted"] - rows["book"], rows["counted"] - rows["book_before"]
    rows["value"] = values_of(rows["variance"], rows["unit_price"])
    rows["within"] = within_limits(rows, policy)
    rows["status"] = _status(rows)
    order = rows[_LINE].sort_values(_LINE, kind="stable").index.to_numpy()
    columns = {name: rows[name].array for name in SHAPES["variances"]}
    del rows
    variances = _in_order(columns, order)
    findings, crowded = findings_of(count, variances, returned)
    return Comparison(variances, findings, crowded)


def _in_order(columns: dict[str, ExtensionArray], order: Ints) -> pd.DataFrame:
    """The frame `variances` of `columns`, which are used up one by one, their rows in `order`."""
    ordered = {name: columns.pop(name).take(order) for name in SHAPES["variances"]}
    return shaped("variances", pd.DataFrame(ordered, copy=False))


def recount_lines(variances: pd.DataFrame, recounts: pd.DataFrame) -> pd.DataFrame:
    """The lines of `variances` for which another sheet must go out, with `round`, that of the sheet; index from 0.

    `recounts`: base, round, warehouse_key, item_key of the lines of recounts issued so far. A line whose recount is
    still out is not asked for again; one that came back from somebody who may not count it is.
    """
    wanted = variances[variances["status"] == "recount"]
    out = recounts.groupby(["base", *PAIR])["round"].max().rename("out")
    last = recounts.groupby("base")["round"].max()
    issued = wanted[_LINE].merge(out.reset_index().rename(columns={"base": "number"}), on=_LINE, how="left")["out"]
    waiting = issued.fillna(0).astype("int64").to_numpy() > wanted["last_round"].to_numpy()
    asked = wanted[~waiting].reset_index(drop=True)
    return asked.assign(round=asked["number"].map(last).fillna(0).astype("int64") + 1)


def _rows(count: Count, books: CountBooks, standing: pd.DataFrame) -> pd.DataFrame:
    """Every line with what was counted, then the rows that were found though not listed."""
    own = standing.rename(columns={"serials": "counted_serials"}).astype(_WITH_BLANKS)
    at = pd.MultiIndex.from_frame(own[_LINE]).get_indexer(pd.MultiIndex.from_frame(books.lines[_LINE]))
    new = np.ones(len(own), dtype=np.bool_)
    new[at[at >= 0]] = False
    taken = {name: own[name].array.take(at, allow_fill=True) for name in _OF_COUNT}
    listed = books.lines.astype({"audited_before": "Int64"}).assign(listed=True, known=True, **taken)
    rows = pd.concat([listed, _found(books, own[new])], ignore_index=True) if new.any() else listed
    return shaped("variances", rows.drop(columns="received_at")).assign(
        stocktake=pd.Series(count.number, index=rows.index, dtype="str"),
        received_at=rows["received_at"],
        # Blank for a line that was not listed, whose documents before the opening nobody added up.
        audited_before=rows["audited_before"],
        counted_on=rows["counted_on"].fillna(pd.Timestamp(count.cut_off)),
    )


def _found(books: CountBooks, own: pd.DataFrame) -> pd.DataFrame:
    """Rows that no sheet listed as lines: of the item what the master says, the book from `unlisted`, else 0."""
    rows = own.reset_index(drop=True)
    items = books.items.drop_duplicates("item_key").set_index("item_key")
    master = items.reindex(rows["item_key"]).reset_index(drop=True)
    written = rows.reindex(columns=list(_OF_ITEM)).astype("str").fillna("")
    places = books.lines.drop_duplicates("warehouse_key").set_index("warehouse_key")
    place = places[["warehouse_name", "quality"]].reindex(rows["warehouse_key"]).reset_index(drop=True)
    sheets = books.sheets.drop_duplicates("number").set_index("number")
    sheet = sheets[["site", "department"]].reindex(rows["number"]).reset_index(drop=True)
    stock = empty("stock") if books.unlisted is None else books.unlisted
    book = rows[PAIR].merge(stock, on=PAIR, how="left")
    return rows.assign(
        **{name: master[name].fillna(written[name]) for name in _OF_ITEM},
        unit_price=master["unit_price"],
        warehouse_name=place["warehouse_name"],
        quality=place["quality"],
        site=sheet["site"],
        department=sheet["department"],
        serials=book["serials"],
        frozen=book["frozen"].fillna(0).astype("int64"),
        audited_before=book["audited_before"].astype("Int64"),
        listed=False,
        # Without a master of items nobody can say which are unknown (spec 00: not checked).
        known=rows["item_key"].isin(items.index) | books.items.empty,
    )


def _status(rows: pd.DataFrame) -> pd.Series[str]:
    variance = rows["variance"]
    conditions = {
        "not_counted": variance.isna(),
        "even": (variance == 0).fillna(value=False),
        "unknown_item": ~rows["known"],
        "recount": ~rows["within"] & (rows["round"] == 0),
        "no_reason": rows["cause"] == "",
    }
    flags = [flag.to_numpy(dtype=np.bool_) for flag in conditions.values()]
    return pd.Series(np.select(flags, list(conditions), "ready"), index=rows.index, dtype="str")
