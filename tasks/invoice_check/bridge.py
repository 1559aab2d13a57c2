"""From what was invoiced to what stands as revenue, month by month and to the cent (spec 04, PERIOD_TOTAL)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.shaping import shaped
from tasks.domain.texts import found_in
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.shapes import BRIDGE_ITEMS, BRIDGE_LINES
from tasks.invoice_check.sides import months

LINES = (
    "invoiced", "pre_issued", "not_booked", "not_invoiced", "other_period", "tax", "twice", "sign", "transposed",
    "rounding", "ignored", "unexplained", "revenue",
)  # fmt: skip
"""The lines of a bridge in their order: all but the last add up to the last."""

# What only waits for the other book; the rest is wrong until it is corrected.
_WAITING = ("pre_issued", "not_booked", "not_invoiced", "other_period", "ignored")
_LINE_OF = {name: name for name in ("tax", "twice", "sign", "transposed", "rounding")} | {
    "other_period": "rounding",
    "": "rounding",
}


@dataclass(frozen=True, slots=True, eq=False)
class Bridge:
    """`lines`: every line of LINES in every month, as BRIDGE_LINES; `items`: what they consist of, as BRIDGE_ITEMS."""

    lines: pd.DataFrame
    items: pd.DataFrame

    def amount(self, period: dt.date, line: str) -> int:
        """The cents of one line in the month that ends on `period`; 0 in one of which nothing is known."""
        own = self.lines[(self.lines["period"] == pd.Timestamp(period)) & (self.lines["line"] == line)]
        return int(own["amount"].sum())


def bridge(
    documents: pd.DataFrame,
    entries: pd.DataFrame,
    links: pd.DataFrame,
    ignored: frozenset[str] = frozenset(),
    unpaid: frozenset[str] = frozenset(),
    until: dt.date | None = None,
) -> Bridge:
    """The bridge of every month from the first to the last with an invoice or an entry, all net of tax.

    It goes on to the month of `until` where that is later, for a quiet month has a bridge too.

    Invoiced is all that is not void, red ones below 0; revenue the entries of revenue accounts. `pre_issued` are
    invoices in `unpaid` that nobody has booked, `not_booked` the others; `not_invoiced` is revenue without an invoice;
    `other_period` is booked and invoiced in different months, minus in the one, plus in the other. A mistake stands in
    the month of its last voucher. `unexplained` is what has no named cause. The items of the first and last line are
    the month's own invoices and vouchers. `links` as of `match_revenue`.
    """
    issued = documents[documents["state"] != "void"]
    issued = issued[["document", "net"]].assign(month=months(issued["issued_on"]))
    booked = entries[entries["revenue"]]
    booked = booked[["ref", "amount"]].assign(month=months(booked["date"]))
    items = pd.concat(
        [
            _alone(issued, links, ignored, unpaid),
            _without_invoice(booked, links, ignored),
            *_apart(issued, booked, links),
        ],
        ignore_index=True,
    )
    asked = [] if until is None else [int(np.datetime64(until, "M").astype(np.int64))]
    known = pd.concat([issued["month"], booked["month"], pd.Series(asked, dtype="int64")])
    span = range(int(known.min()), int(known.max()) + 1) if len(known) else range(0)
    sums: dict[tuple[str, int], int] = {}
    whole = (issued.assign(line="invoiced", amount=issued["net"]), items, booked.assign(line="revenue"))
    for part in whole:
        added = part.groupby(["line", "month"])["amount"].sum().reset_index()
        sums.update(zip(zip(added["line"], added["month"], strict=True), added["amount"], strict=True))
    rows = [(_period(month), line, sums.get((line, month), 0)) for month in span for line in LINES]
    lines = pd.DataFrame(rows, columns=["period", "line", "amount"])
    items = shaped(BRIDGE_ITEMS, items.assign(period=[_period(month) for month in items["month"]]))
    bare = shaped(BRIDGE_LINES, lines).drop(columns="refs")
    return Bridge(shaped(BRIDGE_LINES, bare.merge(_refs(items), on=["period", "line"], how="left")), items)


def roll_forward(made: Bridge) -> pd.DataFrame:
    """What waits for the other book, by month: period, opening, added, cleared, closing, in cents.

    Invoiced and not yet revenue stands below 0, revenue not yet invoiced above, as in the lines. The closing of a
    month is the opening of the next.
    """
    waiting = _waiting(made)
    before, after = waiting["before"].abs(), waiting["after"].abs()
    grown = waiting["amount"].where(after > before, 0)
    moves = waiting.assign(added=grown, cleared=waiting["amount"] - grown).groupby("period")[["added", "cleared"]].sum()
    periods = pd.Index(made.lines["period"].unique(), name="period")
    rows = moves.reindex(periods, fill_value=0).reset_index()
    closing = (rows["added"] + rows["cleared"]).cumsum()
    opening = closing - rows["added"] - rows["cleared"]
    return rows.assign(opening=opening, closing=closing)[["period", "opening", "added", "cleared", "closing"]]


def carried(made: Bridge, period: dt.date) -> pd.DataFrame:
    """What waits at the beginning or the end of the month that ends on `period`.

    Columns document, other, since, opening, change, closing (cents), oldest first. `since` is the period in which the
    item began to wait; one with a closing of 0 was cleared in this month by what `other` and `document` name.
    """
    own = _waiting(made)
    own = own[own["period"] <= pd.Timestamp(period)]
    change = own["amount"].where(own["period"] == pd.Timestamp(period), 0)
    rows = (
        own.assign(change=change)
        .groupby("key", sort=False)
        .agg(
            document=("document", "last"),
            other=("other", "last"),
            since=("period", "first"),
            change=("change", "sum"),
            closing=("amount", "sum"),
        )
        .reset_index(drop=True)
    )
    rows = rows.assign(opening=rows["closing"] - rows["change"])
    rows = rows[(rows["opening"] != 0) | (rows["closing"] != 0)].sort_values(["since", "document", "other"])
    return rows[["document", "other", "since", "opening", "change", "closing"]].reset_index(drop=True)


def period_total(made: Bridge, period: dt.date) -> tuple[Finding, ...]:
    """PERIOD_TOTAL where net invoiced and operating revenue of the month that ends on `period` differ.

    Its words say whether the bridge explains the difference.
    """
    invoiced, revenue = made.amount(period, "invoiced"), made.amount(period, "revenue")
    if invoiced == revenue:
        return ()
    month = f"{period:%Y-%m}"
    unexplained = made.amount(period, "unexplained")
    told = message(
        f"invoice_money.PERIOD_TOTAL.{'unexplained' if unexplained else 'explained'}",
        period=month,
        invoiced=money_text(invoiced),
        revenue=money_text(revenue),
        difference=money_text(revenue - invoiced),
        unexplained=money_text(unexplained),
    )
    refs = (f"period:{month}",)
    return (invoice_finding("PERIOD_TOTAL", period, month, refs, told, (invoiced, revenue)),)


def _alone(issued: pd.DataFrame, links: pd.DataFrame, ignored: frozenset[str], unpaid: frozenset[str]) -> pd.DataFrame:
    rows = issued[(issued["net"] != 0) & ~found_in(issued["document"], links["document"])]
    line = np.where(found_in(rows["document"], unpaid), "pre_issued", "not_booked")
    line = np.where(found_in(rows["document"], ignored), "ignored", line)
    return pd.DataFrame(
        {
            "month": rows["month"],
            "line": line,
            "document": rows["document"],
            "other": "",
            "key": rows["document"],
            "amount": -rows["net"],
        }
    )


def _without_invoice(booked: pd.DataFrame, links: pd.DataFrame, ignored: frozenset[str]) -> pd.DataFrame:
    rows = booked[(booked["amount"] != 0) & ~found_in(booked["ref"], links["other"])]
    return pd.DataFrame(
        {
            "month": rows["month"],
            "line": np.where(found_in(rows["ref"], ignored), "ignored", "not_invoiced"),
            "document": "",
            "other": rows["ref"],
            "key": rows["ref"],
            "amount": rows["amount"],
        }
    )


def _apart(issued: pd.DataFrame, booked: pd.DataFrame, links: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What stands in the mistakes' lines, and what is booked in another month than invoiced, of the linked groups."""
    own = links[links["group"].isin(links.loc[links["cause"] != "", "group"])]
    own = own.merge(issued, on="document").merge(
        booked.rename(columns={"ref": "other", "month": "booked"})[["other", "booked"]], on="other"
    )
    own = own.sort_values(["document", "other"])
    by = own.groupby("group")
    groups = pd.DataFrame(
        {
            "document": _together(own["group"], own["document"]),
            "other": _together(own["group"], own["other"]),
            "month": by["booked"].max(),
            "line": by["cause"].first().map(_LINE_OF).fillna("unexplained"),
            "amount": -by["difference"].sum(),
        }
    )
    groups = groups.assign(key=groups["document"]).rename_axis("group")
    wrong = groups[groups["amount"] != 0].reset_index()
    moves = pd.concat(
        [
            own.drop_duplicates("document")[["group", "month", "net"]].assign(amount=lambda rows: -rows["net"]),
            own[["group", "booked", "amount"]].rename(columns={"booked": "month"}),
            wrong[["group", "month", "amount"]].assign(amount=lambda rows: -rows["amount"]),
        ]
    )
    moved = moves.groupby(["group", "month"])["amount"].sum().reset_index()
    moved = moved[moved["amount"] != 0].assign(line="other_period")
    moved = moved.merge(groups[["document", "other", "key"]], left_on="group", right_index=True)
    columns = ["month", "line", "document", "other", "key", "amount"]
    return wrong[columns], moved[columns]


def _together(groups: pd.Series[int], names: pd.Series[str]) -> pd.Series[str]:
    """Per group its names in their order, each once, joined by a space."""
    known: dict[int, dict[str, None]] = {}
    for group, name in zip(groups.tolist(), names.tolist(), strict=True):
        known.setdefault(group, {})[name] = None
    return pd.Series({group: " ".join(own) for group, own in known.items()}, dtype="str")


def _waiting(made: Bridge) -> pd.DataFrame:
    """The items that wait, in the order of their months, with the balance of each before and after."""
    rows = made.items[found_in(made.items["line"], _WAITING)].sort_values(["period", "key"], kind="stable")
    after = rows.groupby("key")["amount"].cumsum()
    return rows.assign(after=after, before=after - rows["amount"])


def _refs(items: pd.DataFrame) -> pd.DataFrame:
    """What each line lists: its invoices and vouchers, each once, joined by a space."""
    both = pd.concat([items.assign(refs=items[name]) for name in ("document", "other")])
    both = both[both["refs"] != ""]
    lines = both.groupby(["period", "line"])
    refs = _together(lines.ngroup(), both["refs"])
    return lines.first().reset_index()[["period", "line"]].assign(refs=refs.reindex(range(len(refs))).array)


def _period(month: int) -> pd.Timestamp:
    """The last day of a month that is counted from January 1970."""
    return pd.Timestamp(np.datetime64(int(month) + 1, "M").astype("datetime64[D]") - 1).as_unit("s")
