"""One break for one case: a row that stands alone, or all the rows that matching put together.

Source: spec 01, life of a break.
Signatures: breaks_of_cases(faults, ledger, erp, pairs) -> list[Finding].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

import numpy as np
import numpy.typing as npt
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


@dataclass(frozen=True, slots=True)
class _Link:
    """One pair of matching at a site, and the number of the case that it belongs to."""

    ledger_line: int
    erp_line: int
    site: str
    case: int = -1

    @property
    def nodes(self) -> tuple[_Node, _Node]:
        return _node("ledger", self.ledger_line, self.site), _node("erp", self.erp_line, self.site)


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
    rows = _rows("ledger", ledger, {*failing["ledger"], *(link.ledger_line for link in links)})
    rows |= _rows("erp", erp, {*failing["erp"], *(link.erp_line for link in links)})
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
) -> list[_Link]:
    """The pairs of every case with a failing line, in the order of `pairs`."""
    # An exact pair is a case of its own; only the other stages can tie a failing row to rows further away.
    touched = (
        _among(pairs["ledger_line"], failing["ledger"])
        | _among(pairs["erp_line"], failing["erp"])
        | (pairs["stage"] != "exact").to_numpy(dtype=np.bool_)
    )
    ties = [pairs[name].to_numpy(dtype=np.int64)[touched].tolist() for name in ("ledger_line", "erp_line")]
    site_of = _sites_of(ledger, set(ties[0]))
    known = _sites_of(erp, set(ties[1]))
    links = [
        _Link(one, other, site_of[one]) for one, other in zip(*ties, strict=True) if one in site_of and other in known
    ]
    case_of = _hanging_together(links)
    at_fault = {
        case
        for link, case in zip(links, case_of, strict=True)
        if link.ledger_line in failing["ledger"] or link.erp_line in failing["erp"]
    }
    return [replace(link, case=case) for link, case in zip(links, case_of, strict=True) if case in at_fault]


def _among(lines: pd.Series[int], wanted: set[int]) -> npt.NDArray[np.bool_]:
    return np.isin(lines.to_numpy(dtype=np.int64), np.fromiter(wanted, dtype=np.int64, count=len(wanted)))


def _sites_of(lines: pd.DataFrame, wanted: set[int]) -> dict[int, str]:
    chosen = _among(lines["line"], wanted)
    return dict(zip(lines["line"][chosen].tolist(), lines["site"][chosen].tolist(), strict=True))


def _hanging_together(links: Sequence[_Link]) -> list[int]:
    """A number for every link, shared by all that hang together by their lines."""
    first: dict[_Node, int] = {}
    above = list(range(len(links)))

    def top(place: int) -> int:
        while above[place] != place:
            above[place] = above[above[place]]
            place = above[place]
        return place

    for place, link in enumerate(links):
        for node in link.nodes:
            one, other = top(first.setdefault(node, place)), top(place)
            above[max(one, other)] = min(one, other)
    return [top(place) for place in range(len(links))]


def _cases(links: Sequence[_Link]) -> tuple[dict[_Case, list[_Node]], dict[_Node, _Case]]:
    members: dict[_Case, list[_Node]] = {}
    case_of: dict[_Node, _Case] = {}
    for link in links:
        for node in link.nodes:
            if node not in case_of:
                case_of[node] = link.case
                members.setdefault(link.case, []).append(node)
    return members, case_of


def _rows(side: Side, lines: pd.DataFrame, wanted: set[int]) -> dict[_Node, _Row]:
    at = np.flatnonzero(_among(lines["line"], wanted))
    names = ("line", "identity", "ref", "site", "warehouse", "item", "date")
    return {
        _node(side, line, site): _Row(side, identity, ref, site, warehouse, item, date)
        for line, identity, ref, site, warehouse, item, date in zip(
            *(lines[name].iloc[at].tolist() for name in names), strict=True
        )
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


def places_by(frame: pd.DataFrame, keys: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    """The positions of the rows of every distinct value of `keys` (texts), in row order; the values sorted."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place, key in enumerate(zip(*(frame[name].tolist() for name in keys), strict=True)):
        found.setdefault(key, []).append(place)
    return dict(sorted(found.items()))


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
