"""On-hand that must follow from its movements: day to day, never below zero, and as the site itself states it.

Spec 01: BALANCE, NEGATIVE_BALANCE, STATED_BALANCE. Quantities are scaled by 10,000. Signatures:
after_snapshots(movements, previous) -> DataFrame;
balance_checks(previous, movements, today, carried, warehouses, as_of) -> list[Finding];
negative_checks(opening, ledger, erp, today, warehouses, as_of) -> list[Finding];
stated_balance_checks(ledger, opening, previous_stated) -> list[Finding].
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.movements import signed_movements
from tasks.stock_ledger.cases import refs_in_order
from tasks.stock_ledger.lines import Ints, combined, shared_codes

_PAIR = ["warehouse", "item"]


def after_snapshots(movements: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """The movements (warehouse, date and others) after the last on-hand of their own warehouse, index from 0.

    `previous`: warehouse, date of the last on-hand of each. Movements of a warehouse that was never counted are left
    out: without a count they prove nothing.
    """
    counted = previous.astype({"date": "datetime64[s]"}).groupby("warehouse")["date"].max().rename("counted")
    known = movements.merge(counted.reset_index(), on="warehouse")
    return known[known["date"] > known["counted"]].drop(columns="counted").reset_index(drop=True)


def balance_checks(
    previous: pd.DataFrame,
    movements: pd.DataFrame,
    today: pd.DataFrame,
    carried: pd.DataFrame,
    warehouses: pd.DataFrame,
    as_of: dt.date,
) -> list[Finding]:
    """One BALANCE for every warehouse and item whose on-hand of `as_of` does not follow from what came before.

    `previous`: warehouse, item, quantity, date, the last on-hand before `as_of` of each warehouse. `movements`:
    warehouse, item, quantity (signed effect), date and, if at hand, ref; only those after the warehouse's snapshot and
    up to `as_of` count. `today`: warehouse, item, quantity. `carried`: warehouse, item, anchor_quantity, anchor_date,
    movements (their sum since the anchor) of open breaks, which are judged from their anchor: a jump that nobody
    explained is not cured by the next day, a late document or a jump back cures it. `warehouses`: warehouse_key, site.
    A warehouse without on-hand today or before is not judged (a carried break there stays as it is); an item that its
    on-hand leaves out has 0. A state: stands on no rows. Sorted by site, warehouse and item.
    """
    moved = after_snapshots(movements, previous)
    moved = moved[moved["date"] <= pd.Timestamp(as_of)]
    anchors = carried.assign(quantity=carried["anchor_quantity"] + carried["movements"], anchored=1)
    sides = {"before": previous, "moved": moved, "found": today, "anchor": anchors}
    parts = [side[_PAIR].assign(**{name: side["quantity"]}) for name, side in sides.items()]
    parts.append(anchors[[*_PAIR, "anchored"]])
    names = [*sides, "anchored"]
    table = pd.concat([_whole(part, names) for part in parts]).groupby(_PAIR)[names].sum().reset_index()
    from_anchor = table["anchored"] > 0
    table["expected"] = (table["before"] + table["moved"]).where(~from_anchor, table["anchor"])
    judged = table["warehouse"].isin(today["warehouse"].unique()) & (
        table["warehouse"].isin(previous["warehouse"].unique()) | from_anchor
    )
    return _unexplained(table[judged & (table["expected"] != table["found"])], moved, warehouses, as_of)


def _whole(part: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """`part` with every column of `names`, 0 where it has none, all whole numbers."""
    return part.assign(**{name: 0 for name in names if name not in part}).astype(dict.fromkeys(names, "int64"))


def _unexplained(off: pd.DataFrame, moved: pd.DataFrame, warehouses: pd.DataFrame, as_of: dt.date) -> list[Finding]:
    sites = _sites(warehouses)
    concerned = moved.merge(off[_PAIR], on=_PAIR) if "ref" in moved else moved.iloc[:0].assign(ref="")
    refs = concerned.groupby(_PAIR)["ref"].agg(set).to_dict()
    findings = []
    columns = [off[name].tolist() for name in (*_PAIR, "before", "moved", "expected", "found", "anchored")]
    for warehouse, item, before, movement, expected, found, anchored in zip(*columns, strict=True):
        figures = {
            "expected": quantity_text(expected),
            "found": quantity_text(found),
            "difference": quantity_text(found - expected),
        }
        told = (
            message("checks.BALANCE.carried", **figures)
            if anchored
            else message("checks.BALANCE.day", before=quantity_text(before), moved=quantity_text(movement), **figures)
        )
        findings.append(
            Finding(
                kind="BALANCE",
                site=sites.get(warehouse, ""),
                warehouse=warehouse,
                item=item,
                date=as_of,
                refs=refs_in_order(refs.get((warehouse, item), ())),
                stands_on=(),
                expected=figures["expected"],
                found=figures["found"],
                difference=found - expected,
                message=told,
            )
        )
    return sorted(findings, key=lambda one: (one.site, one.warehouse, one.item))


def negative_checks(
    opening: pd.DataFrame,
    ledger: pd.DataFrame,
    erp: pd.DataFrame,
    today: pd.DataFrame,
    warehouses: pd.DataFrame,
    as_of: dt.date,
) -> list[Finding]:
    """One NEGATIVE_BALANCE for every warehouse and item below zero after any movement of the day or at its close.

    `opening`: warehouse, item, quantity before the day; an item that it leaves out has 0, a warehouse that it leaves
    out is judged by `today` alone. `ledger`: the day's rows of the sites whose ledger came (line frame), taken in
    ledger order; `erp`: the day's lines of the other warehouses, whose order is unknown, so receipts come first.
    `today`: warehouse, item, quantity of the delivered on-hand, may be empty; without it the balance that the day ends
    with stands. `warehouses`: warehouse_key, site. `found` and `difference` are the lowest balance; the message names
    the first row that took it below zero. A state: stands on no rows. Sorted by site, warehouse and item.
    """
    running = _running(opening, ledger, erp)
    below = running[running["balance"] < 0]
    first = below.groupby(_PAIR)["ref"].first().to_dict()
    lowest = below.groupby(_PAIR)["balance"].min()
    untouched = opening[opening["quantity"] < 0]
    untouched = untouched.merge(running[_PAIR].drop_duplicates().assign(touched=True), on=_PAIR, how="left")
    untouched = untouched[untouched["touched"].isna() & ~untouched["warehouse"].isin(today["warehouse"].unique())]
    closing = pd.concat([side.loc[side["quantity"] < 0, [*_PAIR, "quantity"]] for side in (today, untouched)])
    lows = pd.concat([lowest.rename("quantity").reset_index(), closing])
    lows = lows.groupby(_PAIR)["quantity"].min().reset_index()
    sites = _sites(warehouses)
    findings = []
    for warehouse, item, quantity in zip(*(lows[name].tolist() for name in (*_PAIR, "quantity")), strict=True):
        ref = first.get((warehouse, item), "")
        found = quantity_text(quantity)
        findings.append(
            Finding(
                kind="NEGATIVE_BALANCE",
                site=sites.get(warehouse, ""),
                warehouse=warehouse,
                item=item,
                date=as_of,
                refs=(ref,) if ref else (),
                stands_on=(),
                expected="0",
                found=found,
                difference=quantity,
                message=message("checks.NEGATIVE_BALANCE.row", ref=ref, found=found)
                if ref
                else message("checks.NEGATIVE_BALANCE.on_hand", found=found),
            )
        )
    return sorted(findings, key=lambda one: (one.site, one.warehouse, one.item))


def _running(opening: pd.DataFrame, ledger: pd.DataFrame, erp: pd.DataFrame) -> pd.DataFrame:
    """The balance after every movement, in order, of all that could fall below zero: warehouse, item, ref, balance."""
    columns = [*_PAIR, "date", "ref", "movement", "rank", "number", "document", "document_line"]
    rows = ledger.assign(movement=signed_movements(ledger), rank=0, document="", document_line="")
    lines = erp.assign(movement=signed_movements(erp), number=0)
    lines = lines.assign(rank=(lines["movement"] < 0).astype("int64"))
    moves = pd.concat([rows[columns], lines[columns]], ignore_index=True)
    moves = moves[moves["warehouse"].isin(opening["warehouse"].unique()) & (moves["item"] != "")]
    opened, moved = _numbered(opening, moves)
    start = np.zeros(max(opened.max(initial=-1), moved.max(initial=-1)) + 1, dtype=np.int64)
    quantity = opening["quantity"].to_numpy(dtype=np.int64)
    np.add.at(start, opened, quantity)
    # Where even all that went out leaves something, no order of the movements takes it below zero.
    lowest = start.copy()
    np.add.at(lowest, moved, np.minimum(moves["movement"].to_numpy(dtype=np.int64), 0))
    lowest[opened[quantity < 0]] = -1
    moves = moves.assign(pair=moved)[lowest[moved] < 0]
    moves = moves.sort_values(["date", "rank", "number", "document", "document_line", "ref"])
    balance = start[moves["pair"].to_numpy()] + moves.groupby("pair")["movement"].cumsum()
    return moves.assign(balance=balance)[[*_PAIR, "ref", "balance"]]


def _numbered(one: pd.DataFrame, other: pd.DataFrame) -> tuple[Ints, Ints]:
    """A number from 0 for every row of both frames, equal where warehouse and item are."""
    codes = [shared_codes(one[name], other[name])[:2] for name in _PAIR]
    keys = np.concatenate(combined(codes))
    numbers = np.asarray(pd.factorize(keys)[0], dtype=np.int64)
    return numbers[: len(one)], numbers[len(one) :]


def stated_balance_checks(ledger: pd.DataFrame, opening: pd.DataFrame, previous_stated: pd.DataFrame) -> list[Finding]:
    """One STATED_BALANCE for every ledger row whose own 结存 differs from what the site's rows give.

    `ledger`: the sites' rows (line frame), taken by site, date and number. The count starts from `previous_stated`
    (warehouse, item, quantity: the site's last stated balance plus the movements of its rows since), else from
    `opening` on-hand (warehouse, item, quantity; an item that a delivered warehouse leaves out has 0), else the first
    stated balance is taken as it is. After a wrong figure the count goes on from what the site stated, so one slip is
    one finding. Stands on the row; difference is stated less expected. Sorted by date, site and number.
    """
    rows = ledger[ledger["item"] != ""].sort_values(["site", *_PAIR, "date", "number", "ref"], ignore_index=True)
    place = ["site", *_PAIR]
    moved = rows.assign(movement=signed_movements(rows)).groupby(place)["movement"].cumsum().astype("Int64")
    stated = rows["stated_balance"].astype("Int64")
    # What a stated figure is above the movements so far; the next rows count on from there.
    above = (stated - moved).groupby([rows[name] for name in place])
    base = above.ffill().groupby([rows[name] for name in place]).shift()
    expected = base.fillna(_start(rows, opening, previous_stated)) + moved
    wrong = (stated != expected).fillna(value=False).astype(bool)
    off = rows[wrong].assign(expected=expected[wrong].astype("int64")).sort_values(["date", "site", "number", "ref"])
    columns = [off[name].tolist() for name in ("site", *_PAIR, "date", "ref", "identity", "expected", "stated_balance")]
    return [
        Finding(
            kind="STATED_BALANCE",
            site=site,
            warehouse=warehouse,
            item=item,
            date=date.date(),
            refs=(ref,),
            stands_on=(identity,),
            expected=quantity_text(given),
            found=quantity_text(figure),
            difference=figure - given,
            message=message("checks.STATED_BALANCE", expected=quantity_text(given), found=quantity_text(figure)),
        )
        for site, warehouse, item, date, ref, identity, given, figure in zip(*columns, strict=True)
    ]


def _start(rows: pd.DataFrame, opening: pd.DataFrame, previous_stated: pd.DataFrame) -> pd.Series[int]:
    """Per row the balance before the first of its place: last stated, else on-hand, else unknown."""
    start = pd.Series(pd.array([pd.NA] * len(rows), dtype="Int64"), index=rows.index)
    for known in (previous_stated, opening):
        quantity = known.astype({"quantity": "Int64"}).drop_duplicates(_PAIR)[[*_PAIR, "quantity"]]
        found = rows[_PAIR].merge(quantity, on=_PAIR, how="left")["quantity"].set_axis(rows.index)
        start = start.fillna(found)
    return start.mask(start.isna() & rows["warehouse"].isin(opening["warehouse"].unique()), 0)


def _sites(warehouses: pd.DataFrame) -> dict[str, str]:
    return dict(zip(warehouses["warehouse_key"], warehouses["site"], strict=True))
