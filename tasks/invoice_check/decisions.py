"""What people have decided about single invoices, receipts and entries, and whether it still counts (spec 04)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.message import Message, message
from tasks.domain.texts import Ints, found_in

_CONTENT = {
    "documents": ("document", "buyer_key", "state", "issued_on", "net", "tax", "total"),
    "receipts": ("ref", "payer_key", "date", "amount", "invoice"),
    "entries": ("ref", "customer_key", "date", "amount", "account", "invoice"),
}
_WORDS = {
    "expired": "invoice_money.decision.expired",
    "changed": "invoice_money.decision.changed",
    "gone": "invoice_money.decision.gone",
}


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """The decisions by positions: pairs to match, pairs that must not be, documents and others to be left alone."""

    matched: tuple[Ints, Ints]
    forbidden: frozenset[tuple[int, int]]
    ignored: tuple[Ints, Ints]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The decisions that count now (DECISIONS), and those that count no more with `why`: expired, changed or gone."""

    counts: pd.DataFrame
    reopened: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Decided:
    """Names of which nothing is told, for people leave them alone, and pairs (document, other) that they took apart."""

    ignored: frozenset[str] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()


NOTHING_DECIDED = Decided()


def identity_of(names: Iterable[str], contents: Mapping[str, pd.DataFrame]) -> str:
    """The identity of what these documents, receipts and entries say; "" where one of them is not there.

    `contents`: documents, receipts, entries, as far as there are any. Kept with a decision (DECISIONS.sources), it is
    another as soon as an amount, a day, a party, a state or a number in one of them has changed.
    """
    wanted = {name for name in names if name}
    said = _said(wanted, contents)
    if not wanted or said.keys() != wanted:
        return ""
    whole = "\x1e".join(said[name] for name in sorted(wanted))
    return blake2b(whole.encode(), digest_size=16).hexdigest()


def standing(decisions: pd.DataFrame, contents: Mapping[str, pd.DataFrame], as_of: dt.date) -> Standing:
    """Which decisions count on `as_of` and which are reopened: their day is past, or what they stood on has changed.

    Of several on the same rows the latest wins, so one that is superseded is in neither. `contents` as `identity_of`.
    """
    latest = _latest(decisions)
    names = [_names(row) for row in zip(latest["documents"], latest["others"], strict=True)]
    said = _said({name for own in names for name in own}, contents)
    why = []
    for own, until, sources in zip(names, latest["until"], latest["sources"], strict=True):
        if not pd.isna(until) and until.date() < as_of:
            why.append("expired")
        elif not set(own) <= said.keys():
            why.append("gone")
        else:
            whole = "\x1e".join(said[name] for name in sorted(set(own)))
            why.append("" if blake2b(whole.encode(), digest_size=16).hexdigest() == sources else "changed")
    reasons = pd.Series(why, index=latest.index, dtype="str")
    lost = reasons != ""
    return Standing(latest[~lost], latest[lost].assign(why=reasons[lost]))


def reopened_told(reopened: pd.DataFrame) -> tuple[Message, ...]:
    """One sentence for each decision that counts no more: who decided what and when, why it is open again."""
    columns = ("decision", "act", "documents", "others", "owner", "decided_on", "until", "reason", "why")
    told = []
    for row in reopened.sort_values("decision")[list(columns)].to_dict("records"):
        day = row["until"] if row["why"] == "expired" else row["decided_on"]
        names = " ".join(_names((row["documents"], row["others"])))
        act = message(f"invoice_money.decision.act.{row['act']}")
        told.append(
            message(
                _WORDS[row["why"]],
                decision=str(row["decision"]),
                act=act,
                names=names,
                owner=row["owner"],
                reason=row["reason"],
                day=_iso(day),
            )
        )
    return tuple(told)


def orders_of(decisions: pd.DataFrame, documents: pd.Series[str], others: pd.Series[str]) -> Orders:
    """The standing decisions by the positions of their documents and others; the latest on a pair or a row wins.

    A match or unmatch joins each of its documents with each of its others; names that are not on these sides are of
    another matching.
    """
    if decisions.empty:
        none = np.zeros(0, dtype=np.int64)
        return Orders((none, none), frozenset(), (none, none))
    places = [_places(decisions, column, side) for column, side in (("documents", documents), ("others", others))]
    pairs: dict[tuple[int, int], str] = {}
    alone: tuple[dict[int, str], dict[int, str]] = ({}, {})
    rows = decisions.sort_values("decision", kind="stable")
    for act, *names in zip(rows["act"], rows["documents"], rows["others"], strict=True):
        own = [[places[side][name] for name in names[side].split() if name in places[side]] for side in (0, 1)]
        for pair in [(one, other) for one in own[0] for other in own[1]]:
            pairs[pair] = act
        for side in (0, 1):
            alone[side].update(dict.fromkeys(own[side], act))
    ignored = [np.array(sorted(at for at, act in side.items() if act == "ignore"), dtype=np.int64) for side in alone]
    matched = sorted(pair for pair, act in pairs.items() if act == "match")
    one, other = np.array(matched, dtype=np.int64).reshape(-1, 2).T
    unmatched = frozenset(pair for pair, act in pairs.items() if act == "unmatch")
    return Orders((one, other), unmatched, (ignored[0], ignored[1]))


def decided_by(decisions: pd.DataFrame) -> Decided:
    """What the standing decisions say of single names and of pairs; the latest on a name or a pair wins."""
    acts: dict[str, str] = {}
    pairs: dict[tuple[str, str], str] = {}
    rows = decisions.sort_values("decision", kind="stable")
    for act, documents, others in zip(rows["act"], rows["documents"], rows["others"], strict=True):
        acts.update(dict.fromkeys(_names((documents, others)), act))
        pairs.update(dict.fromkeys(product(documents.split(), others.split()), act))
    return Decided(
        frozenset(name for name, act in acts.items() if act == "ignore"),
        frozenset(pair for pair, act in pairs.items() if act == "unmatch"),
    )


def _latest(decisions: pd.DataFrame) -> pd.DataFrame:
    rows = decisions.sort_values("decision", kind="stable")
    known_by = [" ".join(sorted(_names(row))) for row in zip(rows["documents"], rows["others"], strict=True)]
    return rows[~pd.Series(known_by, index=rows.index, dtype="str").duplicated(keep="last")]


def _names(row: tuple[str, str]) -> list[str]:
    return [name for text in row for name in text.split()]


def _places(decisions: pd.DataFrame, column: str, side: pd.Series[str]) -> dict[str, int]:
    wanted = {name for text in decisions[column] for name in text.split()}
    at = np.flatnonzero(found_in(side, wanted))
    return dict(zip(side.take(at).tolist(), at.tolist(), strict=True))


def _said(wanted: set[str], contents: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    said: dict[str, str] = {}
    for kind, columns in _CONTENT.items():
        frame = contents.get(kind)
        if frame is None or not len(wanted):
            continue
        own = frame.loc[found_in(frame[columns[0]], wanted), list(columns)]
        for row in own.itertuples(index=False):
            said[str(row[0])] = "\x1f".join(str(cell) for cell in row)
    return said


def _iso(day: Any) -> str:
    return "" if pd.isna(day) else str(day.date().isoformat())
