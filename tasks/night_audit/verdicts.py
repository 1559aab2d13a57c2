"""The proofs that are printed: deposits conserved, folios = guest ledger, shifts = day = ledger (spec 06, step 11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.night_audit.cashiers import Cashiers
from tasks.night_audit.ledgers import CORPORATE, DEPOSIT, FORFEITED, GUEST, LedgerLine, ledger_totals
from tasks.night_audit.rows import Balance, Deposit
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


def proofs(
    lines: Sequence[LedgerLine], folios: Iterable[Balance], of_date: Iterable[Deposit], cashiers: Cashiers
) -> tuple[Verdict, ...]:
    """The proofs that are printed: deposits conserved, folios = guest ledger, shifts = day = ledger.

    `of_date` are the deposit rows of the date.
    """
    totals = ledger_totals(lines)
    summed: Counter[str] = Counter()
    for row in folios:
        summed[row.ledger] += row.balance
    forfeited = sum(abs(row.amount) for row in of_date if row.kind == FORFEITED)
    held = totals[DEPOSIT]
    taken = totals[GUEST]["payments"] + totals[CORPORATE]["payments"] + held["charges"] - held["payments"] + forfeited
    by_shift = sum(line.receipts - line.refunds for line in cashiers.sheet)
    by_shift += sum(one.amount for one in cashiers.unassigned)
    day = sum(cashiers.by_method.values())
    return (
        Verdict("deposits", summed[DEPOSIT], held["closing"]),
        Verdict("folios", summed[GUEST], totals[GUEST]["closing"]),
        Verdict("shifts", by_shift, day),
        Verdict("cash_book", day, taken),
    )


def transfers_proof(done: Trail) -> Iterable[Verdict]:
    """What the desk moved from account to account sums to nothing; a difference is told and does not stop the close."""
    if done.transfers:
        yield Verdict("moves", done.transfers_total, 0, stops=False)
