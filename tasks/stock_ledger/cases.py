"""One break for one case: a row that stands alone, or all the rows that matching put together.

Source: spec 01, life of a break.
Signatures: breaks_of_cases(faults, ledger, erp, pairs) -> list[Finding].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import Message, message

Side = Literal["ledger", "erp"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One line that fails one check: where it stands, what the check expects, what stands there, and why in words."""

    side: Side
    line: int
    site: str
    expected: str
    found: str
    message: Message


@dataclass(frozen=True, slots=True)
class _Row:
    side: Side
    identity: str
    ref: str
    site: str
    warehouse: str
    item: str
    date: pd.Timestamp


# An ERP transfer order is one line with a leg at two sites, so an ERP row is known by line and site.
_Node = tuple[Side, int, str]
# A case is the number of its links, or the row itself where nothing is linked.
_Case = int | _Node


def breaks_of_cases(
    faults: Mapping[str, Sequence[Fault]], ledger: pd.DataFrame, erp: pd.DataFrame, pairs: pd.DataFrame
) -> list[Finding]:
    """One finding for every kind in `faults` and every case with a fault of it, naming all rows of the case.

    `ledger` and `erp` hold line, site, ref, identity, warehouse, item and date; `pairs` holds ledger_line, erp_line
    and stage. Site, warehouse and item are those of the failing row, of the ledger's where both sides fail. The
    finding stands on the identities of the case's ledger rows, or of its ERP lines where it has none. Sorted by kind,
    date, site, warehouse, item and references.
    """
    failing: dict[Side, set[int]] = {"ledger": set(), "erp": set()}
    for fault in chain.from_iterable(faults.values()):
        failing[fault.side].add(fault.line)
    if not any(failing.values()):
        return []
    links = _links_of(failing, ledger, erp, pairs)
    rows = _rows("ledger", ledger, {*failing["ledger"], *links["ledger_line"].tolist()})
    rows |= _rows("erp", erp, {*failing["erp"], *links["erp_line"].tolist()})
    members, case_of = _cases(links)
    findings = []
    for kind, of_kind in faults.items():
        by_case: dict[_Case, list[tuple[_Row, Fault]]] = {}
        for fault in of_kind:
            node = _node(fault.side, fault.line, fault.site)
            by_case.setdefault(case_of.get(node, node), []).append((rows[node], fault))
        for case, told in by_case.items():
            findings.append(_finding(kind, told, [rows[node] for node in members.get(case, ()) if node in rows]))
    return sorted(findings, key=lambda one: (one.kind, one.date, one.site, one.warehouse, one.item, one.refs))


def _node(side: Side, line: int, site: str) -> _Node:
    return (side, line, "" if side == "ledger" else site)


def _links_of(
    failing: Mapping[Side, set[int]], ledger: pd.DataFrame, erp: pd.DataFrame, pairs: pd.DataFrame
) -> pd.DataFrame:
    """The pairs of every case with a failing line: ledger_line, erp_line, site and case."""
    touched = pairs["ledger_line"].isin(failing["ledger"]) | pairs["erp_line"].isin(failing["erp"])
    # An exact pair is a case of its own; only the other stages can tie a failing row to rows further away.
    links = pairs.loc[touched | (pairs["stage"] != "exact"), ["ledger_line", "erp_line"]]
    links = links.astype("int64").reset_index(drop=True)
    known = ledger.loc[ledger["line"].isin(links["ledger_line"]), ["line", "site"]].rename(
        columns={"line": "ledger_line"}
    )
    links = links[links["erp_line"].isin(erp["line"])].merge(known, on="ledger_line", how="inner")
    links["case"] = _components(links)
    at_fault = links["ledger_line"].isin(failing["ledger"]) | links["erp_line"].isin(failing["erp"])
    return links[links["case"].isin(links.loc[at_fault, "case"])]


def _components(links: pd.DataFrame) -> pd.Series[int]:
    """A number shared by all links that hang together; each round passes the smallest number on, both ways."""
    case = pd.Series(range(len(links)), index=links.index, dtype="int64")
    while True:
        along = case.groupby(links["ledger_line"]).transform("min")
        along = along.groupby([links["erp_line"], links["site"]]).transform("min")
        if along.equals(case):
            return case
        case = along


def _cases(links: pd.DataFrame) -> tuple[dict[_Case, list[_Node]], dict[_Node, _Case]]:
    members: dict[_Case, list[_Node]] = {}
    case_of: dict[_Node, _Case] = {}
    columns = (links[name].tolist() for name in ("case", "ledger_line", "erp_line", "site"))
    for case, ledger_line, erp_line, site in zip(*columns, strict=True):
        for node in (_node("ledger", ledger_line, site), _node("erp", erp_line, site)):
            if node not in case_of:
                case_of[node] = case
                members.setdefault(case, []).append(node)
    return members, case_of


def _rows(side: Side, lines: pd.DataFrame, wanted: set[int]) -> dict[_Node, _Row]:
    needed = lines[lines["line"].isin(wanted)]
    names = ("line", "identity", "ref", "site", "warehouse", "item", "date")
    return {
        _node(side, line, site): _Row(side, identity, ref, site, warehouse, item, date)
        for line, identity, ref, site, warehouse, item, date in zip(*(needed[name] for name in names), strict=True)
    }


def _finding(kind: str, failing: list[tuple[_Row, Fault]], members: list[_Row]) -> Finding:
    failing = sorted(failing, key=lambda one: (one[0].side == "erp", one[0].identity, one[0].ref))
    lead, fault = failing[0]
    rows = members or [row for row, _ in failing]
    proof = [row for row in rows if row.side == "ledger"] or rows
    return Finding(
        kind=kind,
        site=lead.site,
        warehouse=lead.warehouse,
        item=lead.item,
        date=lead.date.date(),
        refs=refs_in_order({row.ref for row in rows if row.side == "ledger"})
        + refs_in_order({row.ref for row in rows if row.side == "erp"}),
        stands_on=tuple(sorted({row.identity for row in proof})),
        expected=fault.expected,
        found=fault.found,
        difference=0,
        message=all_of([one.message for _, one in failing]),
    )


def refs_in_order(refs: Iterable[str]) -> tuple[str, ...]:
    """References in the order that people count: …:9 stands before …:10."""
    return tuple(sorted(refs, key=lambda ref: (len(ref), ref)))


def all_of(messages: Sequence[Message]) -> Message:
    """One message that says all of `messages`, each once, in the order given."""
    told = list(dict.fromkeys(messages))
    said = told[0]
    for further in told[1:]:
        said = message("checks.also", first=said, second=further)
    return said
