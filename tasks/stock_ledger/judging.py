"""One business date judged: the ladder of matching and every check over the lines, on-hand and deliveries of its books.

Pure: what the books hold is all that is known, and the same books give the same judgement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from tasks.domain.breaks import Break
from tasks.domain.direction import directed
from tasks.domain.finding import Finding, break_id
from tasks.domain.keys import code_key
from tasks.domain.movements import signed_movements, transfer_legs
from tasks.domain.places import by_department, placed_lines, placed_rows
from tasks.stock_ledger.audits import audit_checks
from tasks.stock_ledger.balances import (
    after_snapshots,
    balance_checks,
    negative_checks,
    stated_balance_checks,
)
from tasks.stock_ledger.deliveries import Arrivals, SiteDay, delivery_findings
from tasks.stock_ledger.matching import Matching, match_lines
from tasks.stock_ledger.row_checks import row_checks
from tasks.stock_ledger.swaps import swap_checks
from tasks.stock_ledger.transfers import TransferRules, transfer_checks

_BALANCE_KINDS = frozenset({"BALANCE", "NEGATIVE_BALANCE"})


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds of spec 01, days as in the configuration."""

    near_days: int
    swap_days: int
    audit_working_days: int
    transfers: TransferRules


@dataclass(frozen=True, slots=True)
class OnHand:
    """What is known of on-hand: warehouse, item, quantity (and date) frames, and ERP lines since the last snapshots.

    `anchors` are the snapshots before the first day of each carried BALANCE break (warehouse, item, quantity, date),
    `since_anchors` the ERP lines of their items since. `stated` are ledger rows of earlier days of the items that
    today's rows state a balance of.
    """

    previous: pd.DataFrame
    today: pd.DataFrame
    since: pd.DataFrame
    anchors: pd.DataFrame
    since_anchors: pd.DataFrame
    stated: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that the judgement of `as_of` may know; raw line frames as `tasks.stock_ledger.tables` reads them."""

    as_of: dt.date
    items: pd.DataFrame
    warehouses: pd.DataFrame
    sites: pd.DataFrame
    delivered: Collection[str]
    ledger: pd.DataFrame
    erp: pd.DataFrame
    unaudited: pd.DataFrame
    transfers: tuple[pd.DataFrame, pd.DataFrame]
    swaps: tuple[pd.DataFrame, pd.DataFrame]
    on_hand: OnHand
    erp_days: Collection[dt.date]
    expected: tuple[SiteDay, ...]
    arrivals: Arrivals
    amended: tuple[Finding, ...]
    alive: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the books of a date say: findings, breaks of which nothing new is known, how every line was matched.

    `ledger` and `erp` are the placed and directed lines with their `stage` ("exact", "grouped", "near", "" unmatched,
    "unproven" where the other side was never delivered and no day beside it holds the partner, "no-ledger" where no
    ledger is kept) and `group`; `replaced` are transfer orders in whose stead their own receipts and issues are judged.
    """

    findings: tuple[Finding, ...]
    unchanged: tuple[Break, ...]
    ledger: pd.DataFrame
    erp: pd.DataFrame
    pairs: pd.DataFrame
    replaced: pd.DataFrame
    not_checked: tuple[str, ...] = field(default=())


def judge(books: Books, rules: Rules) -> Judgement:
    """The judgement of `books.as_of`, rule by rule in the order of spec 01."""
    legs = _legs(books.erp, books)
    rows = placed_rows(books.ledger, books.warehouses)
    rows = rows.assign(category=directed(rows, legs))
    rows, legs = _proven(rows, legs, books)
    # Today's rows wait whole for their export; of other days a line may still be the partner of one beside it.
    known = rows["proven"] | (rows["date"] != pd.Timestamp(books.as_of))
    matching = match_lines(rows[known], legs[legs["site"] != ""], rules.near_days)
    findings = [
        *delivery_findings(books.expected, books.as_of, books.arrivals),
        *books.amended,
        *matching.findings,
        *row_checks(rows, legs, matching.pairs, books.items),
        *_line_states(books, rules, matching),
    ]
    since = after_snapshots(_movements(books.on_hand.since, books), books.on_hand.previous)
    of_balances, unchanged = _balances(books, rows, legs, since)
    stated, kept = _stated(books, rows, since)
    findings += [*of_balances, *stated]
    return Judgement(
        findings=tuple({one.id: one for one in findings}.values()),
        unchanged=(*unchanged, *kept),
        ledger=_staged(rows, matching.ledger),
        erp=_staged(legs, matching.erp),
        replaced=books.erp[~books.erp["line"].isin(legs["line"])],
        pairs=matching.pairs,
        not_checked=tuple(name for name in ("items", "on_hand", "sites", "warehouses") if name not in books.delivered),
    )


def _legs(erp: pd.DataFrame, books: Books) -> pd.DataFrame:
    """The ERP lines placed, transfer orders as legs unless the transfers of the last weeks hold receipt or issue.

    The receipt or issue of an order may bear another date than the order itself, so it is looked for beyond `erp`.
    """
    if not (erp["document_type"] == "transfer_order").any():
        return placed_lines(erp, books.warehouses, books.sites).reset_index(drop=True)
    beside = books.transfers[1]
    every = pd.concat([erp, beside[~beside["line"].isin(erp["line"])]], ignore_index=True)
    legs = transfer_legs(placed_lines(every, books.warehouses, books.sites))
    own = legs[legs["line"].isin(erp["line"])].reset_index(drop=True)
    return placed_lines(own, books.warehouses, books.sites)


def _proven(rows: pd.DataFrame, legs: pd.DataFrame, books: Books) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both sides with `proven`: whether the other side was delivered for the line's site and day.

    Source: spec 01, missing and late input: a site without a ledger never reads as "no differences".
    """
    # Without the warehouses no ERP line has a site: the comparison is not checked, and no row is a break for it.
    exported = rows["date"].isin([pd.Timestamp(day) for day in books.erp_days]) & ("warehouses" in books.delivered)
    received = pd.DataFrame(
        [(site, pd.Timestamp(day)) for site, day in books.arrivals.received], columns=["site", "date"]
    ).astype({"site": "str", "date": "datetime64[s]"})
    came = legs[["site", "date"]].merge(received.assign(came=True), on=["site", "date"], how="left")["came"]
    kept = came.set_axis(legs.index).notna() & (legs["site"] != "")
    return rows.assign(proven=exported), legs.assign(proven=kept)


def _staged(lines: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    """The lines with `stage` and `group` of matching; those that took no part say why in `stage`."""
    near = matched["stage"].reindex(lines.index).eq("near")
    matched = matched[lines["proven"].reindex(matched.index) | (matched["stage"] != "")]
    how = matched.drop_duplicates("line").set_index("line")
    unmatched = set(matched.loc[matched["stage"] == "", "line"])
    stage = lines["line"].map(how["stage"]).where(~lines["line"].isin(unmatched), "")
    absent = pd.Series("unproven", index=lines.index).mask(lines["site"] == "", "no-ledger")
    return lines.assign(
        stage=stage.where(lines["proven"] | near, absent).fillna("").astype("str"),
        group=lines["line"].map(how["group"]).fillna(-1).astype("int64") if "group" in how else -1,
    )


def _line_states(books: Books, rules: Rules, matching: Matching) -> list[Finding]:
    """Checks that look at lines of earlier days too: transfers on their way, audits due, swaps half done."""
    findings = _transfers(books, rules.transfers, matching) if any(len(side) for side in books.transfers) else []
    if len(books.unaudited):
        unaudited = placed_lines(books.unaudited, books.warehouses, books.sites)
        findings += audit_checks(unaudited, books.as_of, rules.audit_working_days)
    issued, came = books.swaps
    if "items" in books.delivered and len(issued):
        rows, lines = placed_rows(issued, books.warehouses), placed_lines(came, books.warehouses, books.sites)
        findings += swap_checks(rows, lines, books.items, books.as_of, rules.swap_days)
    return findings


def _transfers(books: Books, rules: TransferRules, matching: Matching) -> list[Finding]:
    written, posted = books.transfers
    legs = _legs(posted, books)
    rows = placed_rows(written, books.warehouses)
    rows = rows.assign(category=directed(rows, legs))
    # A transfer order in whose stead its own documents are judged still tells who made it.
    orders = posted[~posted["line"].isin(legs["line"])]
    legs = pd.concat([legs, placed_lines(orders, books.warehouses, books.sites)], ignore_index=True)
    known = by_department(books.warehouses, books.sites)
    return transfer_checks(legs, rows, matching.pairs, known, books.as_of, rules)


def _balances(
    books: Books, rows: pd.DataFrame, legs: pd.DataFrame, since: pd.DataFrame
) -> tuple[list[Finding], list[Break]]:
    """BALANCE and NEGATIVE_BALANCE, and the carried ones of which today's on-hand says nothing."""
    alive = [one for one in books.alive if one.kind in _BALANCE_KINDS]
    on_hand = books.on_hand
    if "on_hand" not in books.delivered:
        return [], alive
    day = pd.Timestamp(books.as_of)
    counted = set(on_hand.today["warehouse"])
    silent = [one for one in alive if code_key(one.warehouse) not in counted]
    findings = balance_checks(on_hand.previous, since, on_hand.today, _carried(books), books.warehouses, books.as_of)
    opening = _summed([on_hand.previous, since[since["date"] < day]])
    closing = _summed([opening, since[since["date"] == day]])
    unseen = closing.merge(
        pd.DataFrame(
            [(code_key(one.warehouse), code_key(one.item)) for one in silent], columns=["warehouse", "item"]
        ).astype("str"),
        on=["warehouse", "item"],
    )
    today = pd.concat([on_hand.today[["warehouse", "item", "quantity"]], unseen], ignore_index=True)
    received = {site for site, date in books.arrivals.received if date == books.as_of}
    negative = negative_checks(
        opening,
        rows[(rows["date"] == day) & rows["site"].isin(received)],
        legs[(legs["date"] == day) & ~legs["site"].isin(received)],
        today,
        books.warehouses,
        books.as_of,
    )
    return findings + negative, [one for one in silent if one.kind == "BALANCE"]


def _carried(books: Books) -> pd.DataFrame:
    """The carried BALANCE pairs for `balance_checks`: warehouse, item, anchor_quantity, anchor_date, movements."""
    anchors = books.on_hand.anchors.rename(columns={"quantity": "anchor_quantity", "date": "anchor_date"})
    moved = _movements(books.on_hand.since_anchors, books)
    moved = moved.merge(anchors[["warehouse", "item", "anchor_date"]], on=["warehouse", "item"])
    total = moved[moved["date"] > moved["anchor_date"]].groupby(["warehouse", "item"])["quantity"].sum()
    carried = anchors.merge(total.rename("movements").reset_index(), on=["warehouse", "item"], how="left")
    return carried.assign(movements=carried["movements"].fillna(0).astype("int64"))


def _movements(erp: pd.DataFrame, books: Books) -> pd.DataFrame:
    """What ERP lines did to on-hand: warehouse, item, quantity (signed), date, ref."""
    legs = _legs(erp, books)
    return legs.assign(quantity=signed_movements(legs))[["warehouse", "item", "quantity", "date", "ref"]]


def _summed(frames: list[pd.DataFrame]) -> pd.DataFrame:
    every = pd.concat([frame[["warehouse", "item", "quantity"]] for frame in frames], ignore_index=True)
    return every.groupby(["warehouse", "item"])["quantity"].sum().reset_index()


def _stated(books: Books, rows: pd.DataFrame, since: pd.DataFrame) -> tuple[list[Finding], list[Break]]:
    """STATED_BALANCE of today's rows, and the carried ones whose row still stands as it was."""
    day = pd.Timestamp(books.as_of)
    if rows["stated_balance"].isna().all():
        return [], []
    before = placed_rows(books.on_hand.stated, books.warehouses)
    before = before.assign(movement=signed_movements(before)).sort_values(["date", "number", "ref"])
    stated = before["stated_balance"].astype("Int64")
    total = before.groupby(["warehouse", "item"])["movement"].cumsum().astype("Int64")
    above = (stated - total).groupby([before["warehouse"], before["item"]]).ffill()
    last = before.assign(quantity=above + total).drop_duplicates(["warehouse", "item"], keep="last")
    previous_stated = last.loc[last["quantity"].notna(), ["warehouse", "item", "quantity"]].astype(
        {"quantity": "int64"}
    )
    opening = books.on_hand.previous
    if len(opening):
        opening = _summed([opening, since[since["date"] < day]])
    findings = stated_balance_checks(rows[rows["date"] == day], opening, previous_stated)
    older = rows[(rows["date"] < day) & rows["stated_balance"].notna()]
    still = {
        break_id("STATED_BALANCE", row["site"], row["warehouse"], row["item"], (row["identity"],))
        for row in older.to_dict("records")
    }
    kept = [one for one in books.alive if one.kind == "STATED_BALANCE" and one.id in still]
    return findings, kept


def settled(judgement: Judgement) -> tuple[Mapping[str, list[int]], Mapping[str, list[int]]]:
    """The ids of ledger rows and ERP lines that need no further look, by how they were matched.

    Settled are exact and grouped matches on whose group no finding stands, and ERP lines of stores that keep no
    ledger; a line is settled only with all its legs.
    """
    found: tuple[Finding | Break, ...] = (*judgement.findings, *judgement.unchanged)
    concerned = {ref for one in found for ref in one.refs}
    pairs = judgement.pairs
    ledger, erp = judgement.ledger, judgement.erp
    bad_rows = set(ledger.loc[ledger["ref"].isin(concerned), "line"])
    bad_lines = set(erp.loc[erp["ref"].isin(concerned), "line"])
    groups = set(pairs.loc[pairs["ledger_line"].isin(bad_rows) | pairs["erp_line"].isin(bad_lines), "group"])
    spoilt = pairs["group"].isin(groups)
    bad_rows |= set(pairs.loc[spoilt, "ledger_line"])
    bad_lines |= set(pairs.loc[spoilt, "erp_line"])
    bad_rows |= _of_unsettled_lines(erp, pairs, bad_lines)
    lines = _by_stage(erp, bad_lines)
    lines["no-ledger"] = [*lines.get("no-ledger", []), *judgement.replaced["line"].tolist()]
    return _by_stage(ledger, bad_rows), lines


def _of_unsettled_lines(erp: pd.DataFrame, pairs: pd.DataFrame, bad: set[int]) -> set[int]:
    """Ledger rows that an unsettled ERP line rests on; `bad` grows by the lines that rest on those.

    A transfer order comes back whole, so the row of its settled leg would be missed as soon as the other leg waits.
    """
    done = erp["stage"].isin(["exact", "grouped", "no-ledger"]).groupby(erp["line"]).transform("all")
    bad |= set(erp.loc[~done, "line"])
    while True:
        groups = pairs.loc[pairs["erp_line"].isin(bad), "group"]
        touched = pairs[pairs["group"].isin(groups)]
        more = set(touched["erp_line"]) - bad
        if not more:
            return set(touched["ledger_line"])
        bad |= more


def _by_stage(lines: pd.DataFrame, bad: set[int]) -> dict[str, list[int]]:
    done = lines["stage"].isin(["exact", "grouped", "no-ledger"]) & ~lines["line"].isin(bad)
    whole = done.groupby(lines["line"]).transform("all")
    final = lines[whole].drop_duplicates("line")
    return {str(stage): rows["line"].tolist() for stage, rows in final.groupby("stage")}
