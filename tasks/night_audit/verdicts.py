"""The proofs that are printed: deposits conserved, folios = guest ledger, shifts = day = ledger (spec 06, step 11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from tasks.night_audit.cashiers import Cashiers
from tasks.night_audit.ledgers import CORPORATE, DEPOSIT, FORFEITED, GUEST, ledger_totals
from tasks.night_audit.trail import Trail


@dataclass(frozen=True, slots=True)
class Verdict:
    """One proof that is printed: two figures in cents that must be equal; `stops` the close where they are not."""

    name: str
    left: int
    right: int
    stops: bool = True

    @property
    def holds(self) -> bool:
        """Whether the two are equal."""
        return self.left == self.right


def proofs(lines: pd.DataFrame, folios: pd.DataFrame, of_date: pd.DataFrame, cashiers: Cashiers) -> tuple[Verdict, ...]:
    """The proofs that are printed: deposits conserved, folios = guest ledger, shifts = day = ledger."""
    totals = ledger_totals(lines)
    summed = folios.groupby("ledger")["balance"].sum()
    forfeited = int(of_date.loc[of_date["kind"] == FORFEITED, "amount"].abs().sum())
    held = totals[DEPOSIT]
    taken = totals[GUEST]["payments"] + totals[CORPORATE]["payments"] + held["charges"] - held["payments"] + forfeited
    sheet = cashiers.sheet
    by_shift = int((sheet["receipts"] - sheet["refunds"]).sum() + cashiers.unassigned["amount"].sum())
    return (
        Verdict("deposits", int(summed.get(DEPOSIT, 0)), held["closing"]),
        Verdict("folios", int(summed.get(GUEST, 0)), totals[GUEST]["closing"]),
        Verdict("shifts", by_shift, int(cashiers.by_method.sum())),
        Verdict("cash_book", int(cashiers.by_method.sum()), taken),
    )


def transfers_proof(done: Trail) -> Iterable[Verdict]:
    """What the desk moved from account to account sums to nothing; a difference is told and does not stop the close."""
    if len(done.transfers):
        yield Verdict("moves", done.transfers_total, 0, stops=False)
