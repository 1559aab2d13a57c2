"""Which receipts paid and which entries booked an invoice (spec 04: 1:1, 1:N, N:1, part payments)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags, Ints
from tasks.invoice_check.by_amount import equal_amounts, filled, split_sums, whole_sums
from tasks.invoice_check.by_number import named
from tasks.invoice_check.decisions import Orders, orders_of
from tasks.invoice_check.last_left import last_left, part_payments, repeated
from tasks.invoice_check.linking import linked
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.sides import MANUAL, NUMBER, Pairs, Sides, codes, free_of, joined, months, open_of, pairs_of


def match_revenue(
    documents: pd.DataFrame, entries: pd.DataFrame, decisions: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """LINKS between the invoices and the entries of operating revenue, net of tax; the order of rows has no effect.

    Decisions (those that stand, `decisions.standing`) come first, then the numbers that entries name, then customer
    and amount, then sums of one customer. An entry that names a number is matched by it or not at all. Every entry
    goes wholly to its documents, or is in no link. Void ones match nothing.
    """
    own = entries[entries["revenue"]].reset_index(drop=True)
    others = own.rename(columns={"customer_key": "party_key"})
    sides, orders = _sides(documents, others, documents["net"], decisions)
    pairs, free, left = _by_number(sides, orders)
    rest = _steps(sides, left, free, first_due=False)
    pairs = joined(pairs, rest)
    left, free = open_of(sides, pairs), free & free_of(sides, pairs)
    pairs = joined(pairs, last_left(sides, left, free, documents["tax"], policy))
    free &= free_of(sides, pairs)
    pairs = joined(pairs, repeated(sides, free))
    return linked(sides, pairs, policy, documents["tax"].to_numpy())


def match_receipts(
    documents: pd.DataFrame, receipts: pd.DataFrame, decisions: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """LINKS between the invoices and the money received for them, tax included; else as `match_revenue`.

    An invoice and the red letters that take it back are one: what names a red letter is linked to its original, and a
    payment less the credit note covers both. Payments without a purpose pay what was issued first; less than is owed is
    a part payment where the customer owes for one invoice only.
    """
    original = originals(documents)
    wanted = np.zeros(len(documents), dtype=np.int64)
    counting = (documents["state"] != "void").to_numpy(dtype=np.bool_)
    np.add.at(wanted, original[counting], documents["total"].to_numpy()[counting])
    others = receipts.rename(columns={"payer_key": "party_key"})
    sides, orders = _sides(documents, others, pd.Series(wanted, index=documents.index), decisions)
    pairs, free, left = _by_number(sides, orders, original)
    taken = original != np.arange(len(documents))
    left[taken] = 0
    pairs = joined(pairs, _steps(sides, left, free, first_due=True))
    left, free = open_of(sides, pairs), free & free_of(sides, pairs)
    # What was paid before the red letter came was paid in full.
    reduced = np.zeros(len(documents), dtype=np.bool_)
    reduced[original[taken]] = True
    untouched = reduced & (left == wanted)
    before = np.where(untouched, documents["total"].to_numpy(), 0)
    pairs = joined(pairs, equal_amounts(sides, before, free, by_month=False, first_due=True))
    left, free = open_of(sides, pairs), free & free_of(sides, pairs)
    left[taken] = 0
    pairs = joined(pairs, part_payments(sides, left, free))
    return linked(sides, pairs, policy)


def originals(documents: pd.DataFrame) -> Ints:
    """Per document the position of the one that it takes back, its own where it takes back none that is known."""
    places = np.arange(len(documents), dtype=np.int64)
    red = np.flatnonzero((documents["state"] == "red").to_numpy() & (documents["original"] != "").to_numpy())
    if not len(red):
        return places
    names = pd.Series(places, index=documents["document"])
    names = names[~names.index.duplicated()]
    found = names.reindex(documents["original"].take(red)).fillna(-1).to_numpy(dtype=np.int64)
    known = found >= 0
    # A void invoice owes nothing that could be taken back.
    known[known] = (documents["state"].take(found[known]) == "valid").to_numpy()
    places[red[known]] = found[known]
    return places


def _sides(
    documents: pd.DataFrame, others: pd.DataFrame, wanted: pd.Series[int], decisions: pd.DataFrame
) -> tuple[Sides, Orders]:
    orders = orders_of(decisions, documents["document"], others["ref"])
    counts = (documents["state"] != "void").to_numpy(dtype=np.bool_, copy=True)
    counts[orders.ignored[0]] = False
    free = np.ones(len(others), dtype=np.bool_)
    free[orders.ignored[1]] = False
    sides = Sides(
        documents=documents,
        others=others,
        party=codes(documents["buyer_key"], others["party_key"]),
        month=(months(documents["issued_on"]), months(others["date"])),
        wanted=np.asarray(wanted, dtype=np.int64),
        brought=np.asarray(others["amount"], dtype=np.int64),
        counts=counts,
        free=free,
        forbidden=orders.forbidden,
    )
    return sides, orders


def _by_number(sides: Sides, orders: Orders, original: Ints | None = None) -> tuple[Pairs, Flags, Ints]:
    """What people decided and what numbers say; which others may be matched otherwise, and what is still wanted."""
    decided = sides.counts[orders.matched[0]] & sides.free[orders.matched[1]]
    pairs = _allocated(sides, orders.matched[0][decided], orders.matched[1][decided], MANUAL, original)
    found = named(replace(sides, free=free_of(sides, pairs)))
    pairs = joined(pairs, _allocated(sides, found.document, found.other, NUMBER, original))
    return pairs, free_of(sides, pairs) & ~found.names, open_of(sides, pairs)


def _steps(sides: Sides, left: Ints, free: Flags, *, first_due: bool) -> Pairs:
    """Customer and amount, then sums, each within a month first: what is nearer in time is likelier."""
    found: list[Pairs] = []
    for by_month in (False,) if first_due else (True, False):
        found.append(equal_amounts(sides, left, free, by_month=by_month, first_due=first_due))
        left, free = _after(sides, left, free, found[-1])
    for by_month in (True, False):
        for step in (whole_sums, split_sums):
            found.append(step(sides, left, free, by_month=by_month))
            left, free = _after(sides, left, free, found[-1])
    return joined(*found)


def _after(sides: Sides, left: Ints, free: Flags, pairs: Pairs) -> tuple[Ints, Flags]:
    rest = left.copy()
    np.subtract.at(rest, pairs.document, pairs.amount)
    return rest, free & free_of(sides, pairs)


def _allocated(sides: Sides, document: Ints, other: Ints, how: int, original: Ints | None) -> Pairs:
    """Every other shared out among its documents: as they want it, in the order of their days."""
    if original is not None:
        document = original[document]
        once = ~pd.DataFrame({"document": document, "other": other}).duplicated().to_numpy()
        document, other = document[once], other[once]
    many = np.bincount(other, minlength=len(sides.brought))
    alone = many[other] == 1
    single = pairs_of(document[alone], other[alone], sides.brought[other[alone]], how)
    if alone.all():
        return single
    left = open_of(sides, single)
    return joined(single, pairs_of(*_shared(sides, left, document[~alone], other[~alone]), how))


def _shared(sides: Sides, left: Ints, document: Ints, other: Ints) -> tuple[Ints, Ints, Ints]:
    """Others with several documents each, the oldest first, each filling up its documents, the oldest first."""
    mine, theirs = np.unique(document), np.unique(other)
    old = sides.tie(0, mine)[np.searchsorted(mine, document)], sides.tie(1, theirs)[np.searchsorted(theirs, other)]
    order = np.lexsort(old)
    document, other = document[order], other[order]
    starts = np.flatnonzero(np.diff(other, prepend=-1))
    parts = np.split(document, starts[1:])
    rows: list[tuple[int, int, int]] = []
    left = left.copy()
    for at, own in zip(other[starts].tolist(), parts, strict=True):
        for row in filled(left, sides.brought, own.tolist(), [at]):
            left[row[0]] -= row[2]
            rows.append(row)
    one, two, three = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return one, two, three
