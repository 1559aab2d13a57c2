"""Transfers from leg to leg: made by whom, arrived at all, arrived in full (spec 01: checks beside matching).

Signatures: transfer_rules(departments, working_days, management_department) -> TransferRules;
transfer_checks(erp_legs, ledger, pairs, warehouses, as_of, rules) -> list[Finding];
ordered_transfers(lines), directed_legs(lines) -> DataFrame; agreed_remarks(sides) -> dict[str, str].
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.agreeing import manager_agreed
from tasks.domain.amounts import quantity_text
from tasks.domain.categories import UNDIRECTED
from tasks.domain.finding import Finding
from tasks.domain.keys import code_keys
from tasks.domain.message import message
from tasks.domain.texts import distinct
from tasks.domain.working_days import working_days_until
from tasks.stock_ledger.cases import places_by, refs_in_order
from tasks.stock_ledger.references import named_orders

_LEGS = {
    f"{quality}_TRANSFER_{way}": (quality.lower(), way.lower())
    for quality in ("GOOD", "DAMAGED")
    for way in ("IN", "OUT")
}
_GOODS = ["order", "item", "leg_quality"]
_COLUMNS = ["line", "ref", "site", "date", "category", "item", "quantity", "warehouse", "order", "remark"]


@dataclass(frozen=True, slots=True)
class TransferRules:
    """The working days a transfer may take, and how the maker of the management department is known."""

    working_days: int
    management_makers: frozenset[str]
    management_department: str

    def made_by_management(self, maker: str) -> bool:
        """Whether `maker` is one of the management department's people or bears its name."""
        return maker in self.management_makers or (bool(maker) and self.management_department in maker)


def transfer_rules(departments: pd.DataFrame, working_days: int, management_department: str) -> TransferRules:
    """The rules with the people of the management department from the master: department, manager, clerk."""
    own = departments[departments["department"].str.contains(management_department, regex=False)]
    makers = {*own["manager"], *own["clerk"]} - {""}
    return TransferRules(working_days, frozenset(makers), management_department)


def transfer_checks(
    erp_legs: pd.DataFrame,
    ledger: pd.DataFrame,
    pairs: pd.DataFrame,
    warehouses: pd.DataFrame,
    as_of: dt.date,
    rules: TransferRules,
) -> list[Finding]:
    """Every UNAUTHORISED_TRANSFER, OPEN_TRANSFER and TRANSFER_QUANTITY of the transfers dated up to `as_of`.

    `erp_legs` are ERP lines with directed transfer categories; transfer-order documents that were not expanded
    (category GOOD_TRANSFER or DAMAGED_TRANSFER) may stand among them and only tell who made the order. `ledger` are the
    sites' rows, `pairs` matching's pairs (ledger_line, erp_line): a leg without an order takes its partner's.
    `warehouses` gives warehouse_key and department, that of the site for a site's warehouse; without a department
    (production management) a warehouse takes no part in UNAUTHORISED_TRANSFER. Findings stand on the order alone,
    difference is scaled by 10,000: the quantity under way, or out less in. Sorted by kind, date and place.
    """
    today = pd.Timestamp(as_of)
    posted, written = ordered_transfers(erp_legs), ordered_transfers(ledger)
    if posted.empty and written.empty:
        return []
    posted, written = (
        lines[(lines["date"] <= today) & (lines["order"] != "")]
        for lines in (
            _with_orders(posted, written, pairs, ("erp_line", "ledger_line")),
            _with_orders(written, posted, pairs, ("ledger_line", "erp_line")),
        )
    )
    legs = directed_legs(posted)
    findings = _unauthorised(posted, written, warehouses, rules)
    findings += _unbalanced(_counted(legs, directed_legs(written)), as_of, rules.working_days)
    return sorted(findings, key=lambda one: (one.kind, one.date, one.site, one.warehouse, one.item, one.stands_on))


def _with_orders(
    lines: pd.DataFrame, others: pd.DataFrame, pairs: pd.DataFrame, sides: tuple[str, str]
) -> pd.DataFrame:
    """`lines` with the order they name, or else the one that their partner in `pairs` (own side, other side) names."""
    unsaid = lines.loc[lines["order"] == "", "line"].to_numpy(dtype=np.int64)
    asked = pairs.loc[np.isin(pairs[sides[0]].to_numpy(dtype=np.int64), unsaid), list(sides)].astype("int64")
    if asked.empty:
        return lines
    named = others.loc[others["order"] != "", ["line", "order"]].rename(columns={"line": sides[1]})
    lent = named.merge(asked, on=sides[1]).groupby(sides[0])["order"].min()
    own = lines["order"]
    return lines.assign(order=own.where(own != "", lines["line"].map(lent).fillna("").astype("str")))


def ordered_transfers(lines: pd.DataFrame) -> pd.DataFrame:
    """The transfers among `lines` with the order that each names itself; index from 0."""
    transfers = lines[lines["category"].isin([*_LEGS, *UNDIRECTED])].reset_index(drop=True)
    order = named_orders(transfers["order"], transfers["remark"])
    if "document_type" in transfers:
        # A transfer order without a number of its own is known by the number of its document.
        itself = (order == "") & (transfers["document_type"] == "transfer_order")
        order = order.mask(itself, code_keys(transfers["document"]))
    return transfers.assign(order=order)


def directed_legs(lines: pd.DataFrame) -> pd.DataFrame:
    """The directed lines with `leg_quality` (good, damaged), `way` (in, out) and `own` (not from an expanded order)."""
    directed = lines[lines["category"].isin(list(_LEGS)) & (lines["item"] != "")]
    leg = directed["category"]
    own = directed["document_type"] != "transfer_order" if "document_type" in directed else True
    return directed.assign(
        leg_quality=leg.map({code: quality for code, (quality, _) in _LEGS.items()}),
        way=leg.map({code: way for code, (_, way) in _LEGS.items()}),
        own=own,
    )


def _counted(posted: pd.DataFrame, written: pd.DataFrame) -> pd.DataFrame:
    """The legs that prove something per order, item and quality: the ERP's, or the ledger's where the ERP has none.

    An order by itself proves no arrival once its goods left on an issue of their own: only a receipt does.
    """
    issued = posted.loc[posted["own"] & (posted["way"] == "out"), _GOODS].drop_duplicates().assign(issued=True)
    posted = posted.merge(issued, on=_GOODS, how="left")
    proves = posted["own"] | (posted["way"] == "out") | posted["issued"].isna()
    posted = posted[proves]
    known = posted[[*_GOODS, "way"]].drop_duplicates().assign(known=True)
    written = written.merge(known, on=[*_GOODS, "way"], how="left")
    columns = [*_COLUMNS, "leg_quality", "way"]
    return pd.concat([posted[columns], written.loc[written["known"].isna(), columns]], ignore_index=True)


def _unbalanced(legs: pd.DataFrame, as_of: dt.date, working_days: int) -> list[Finding]:
    """OPEN_TRANSFER and TRANSFER_QUANTITY of every order, item and quality whose legs do not balance."""
    ways = {way: legs["quantity"].where(legs["way"] == way, 0) for way in ("out", "in")}
    sums = legs[_GOODS].assign(**ways).groupby(_GOODS, as_index=False)[["out", "in"]].sum()
    off = sums[(sums["out"] > 0) & (sums["in"] != sums["out"])]
    concerned = legs.merge(off, on=_GOODS).sort_values(["date", "warehouse", "ref"])
    of = {name: concerned[name].tolist() for name in concerned.columns}
    findings = []
    for (order, item, _), places in places_by(concerned, _GOODS).items():
        left = [place for place in places if of["way"][place] == "out"]
        first = left[0]
        out, came = of["out"][first], of["in"][first]
        left_on = of["date"][first].date()
        waited = int(working_days_until(np.array([left_on], dtype="datetime64[D]"), as_of)[0])
        if came == 0 and waited < working_days:
            continue
        told = {"order": order, "out": quantity_text(out)}
        findings.append(
            Finding(
                kind="TRANSFER_QUANTITY" if came else "OPEN_TRANSFER",
                site=of["site"][first],
                warehouse=of["warehouse"][first],
                item=item,
                date=of["date"][places[-1]].date() if came else left_on,
                refs=refs_in_order({of["ref"][place] for place in (places if came else left)}),
                stands_on=(order,),
                expected=quantity_text(out),
                found=quantity_text(came),
                difference=out - came,
                message=message("checks.TRANSFER_QUANTITY", **told, came=quantity_text(came))
                if came
                else message("checks.OPEN_TRANSFER", **told, date=str(left_on), days=waited),
            )
        )
    return findings


def _unauthorised(
    posted: pd.DataFrame, written: pd.DataFrame, warehouses: pd.DataFrame, rules: TransferRules
) -> list[Finding]:
    """UNAUTHORISED_TRANSFER of every order and item between departments that nobody entitled made or agreed to.

    Whoever made the order decides; where the ERP holds no order, whoever made the issue. An export without any maker
    tells nothing about makers, so nothing is judged.
    """
    if not posted["made_by"].ne("").any():
        return []
    department = posted["warehouse"].map(
        warehouses.drop_duplicates("warehouse_key").set_index("warehouse_key")["department"]
    )
    posted = posted.assign(department=department.fillna("").astype("str"))
    legs = directed_legs(posted)
    within = legs.loc[legs["department"] != "", ["order", "item", "department"]].drop_duplicates()
    crossing = within[within.duplicated(["order", "item"])][["order", "item"]].drop_duplicates()
    strangers = _strangers(posted[posted["order"].isin(crossing["order"].unique())], rules)
    unagreed = set(strangers) - agreed_remarks([posted, written]).keys()
    crossing = crossing[crossing["order"].isin(unagreed)]
    legs = legs.merge(crossing, on=["order", "item"]).sort_values(["way", "date", "warehouse", "ref"])
    of = {name: legs[name].tolist() for name in ("way", "site", "warehouse", "date", "ref", "department")}
    findings = []
    for (order, item), places in places_by(legs, ["order", "item"]).items():
        first = next((place for place in places if of["way"][place] == "out"), places[0])
        names = ", ".join(sorted(strangers[order]))
        sides = " / ".join(sorted({of["department"][place] for place in places} - {""}))
        findings.append(
            Finding(
                kind="UNAUTHORISED_TRANSFER",
                site=of["site"][first],
                warehouse=of["warehouse"][first],
                item=item,
                date=of["date"][first].date(),
                refs=refs_in_order({of["ref"][place] for place in places}),
                stands_on=(order,),
                expected=rules.management_department,
                found=names,
                difference=0,
                message=message("checks.UNAUTHORISED_TRANSFER", order=order, makers=names, departments=sides),
            )
        )
    return findings


def agreed_remarks(sides: Iterable[pd.DataFrame]) -> dict[str, str]:
    """By order the first remark, in the order of date and reference, that says that somebody agreed to it.

    `sides` are frames as of `ordered_transfers`, the ERP's first: what it says goes before what a site wrote.
    """
    found: dict[str, str] = {}
    for lines in sides:
        remark = distinct(lines["remark"])
        agreed = remark.flags(manager_agreed(text) for text in remark.texts) & (lines["order"] != "").to_numpy()
        said = lines[agreed].sort_values(["date", "ref"], kind="stable").drop_duplicates("order")
        found = dict(zip(said["order"].tolist(), said["remark"].tolist(), strict=True)) | found
    return found


def _strangers(documents: pd.DataFrame, rules: TransferRules) -> dict[str, set[str]]:
    """Per order those of its makers who are not entitled; orders without any are left out.

    The makers are those of its transfer-order documents, else of its issues, else of what there is.
    """
    outgoing = [code for code, (_, way) in _LEGS.items() if way == "out"]
    weight = np.select(
        [documents["document_type"] == "transfer_order", documents["category"].isin(outgoing)], [0, 1], 2
    )
    order, maker = distinct(documents["order"]), distinct(documents["made_by"])
    least = np.full(len(order.texts), 2)
    np.minimum.at(least, order.codes, weight)
    strange = maker.flags(not rules.made_by_management(text) for text in maker.texts)
    telling = documents[strange & (weight == least[order.codes])]
    found: dict[str, set[str]] = {}
    for one, name in zip(telling["order"].tolist(), telling["made_by"].tolist(), strict=True):
        found.setdefault(one, set()).add(name)
    return found
