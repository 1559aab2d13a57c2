"""The close of one business date from its evidence: pre-checks, reservations, charges, proofs, findings, figures.

The same evidence gives the same closing; whether it is kept, shown as a preview or refused is for the steps to do.
Source: spec 06, steps of the close.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.night_audit import statistics
from tasks.night_audit.after_close import Late, late_findings
from tasks.night_audit.bad_rows import unread_rows
from tasks.night_audit.books import Books
from tasks.night_audit.cashiers import Cashiers, Money, cashiers_of, money_of
from tasks.night_audit.charges import Charge, charged_nights, night_charges
from tasks.night_audit.commission import Commission, night_commission
from tasks.night_audit.compensation import Compensation, odd_compensation
from tasks.night_audit.deposits import undecided_deposits
from tasks.night_audit.guests import (
    Bill,
    Earned,
    HighBalance,
    balance_findings,
    closing_balances,
    credit_findings,
    high_balances,
    points_earned,
    points_findings,
)
from tasks.night_audit.hotel_day import business_date, moved, present
from tasks.night_audit.kinds import line_of
from tasks.night_audit.ledgers import (
    GUEST,
    TRANSFERRED,
    DayOfLedgers,
    LedgerLine,
    Untied,
    ledger_lines,
    summed_balances,
    transfer_target,
    untied,
)
from tasks.night_audit.points_of_sale import pos_findings
from tasks.night_audit.policy import Policy
from tasks.night_audit.prechecks import prechecks
from tasks.night_audit.rates import rate_findings
from tasks.night_audit.reputation import Month, Reliability, month_reputation
from tasks.night_audit.reservations import Settlement, settle
from tasks.night_audit.room_status import Condition, conditions_after, room_discrepancies
from tasks.night_audit.rows import Balance, FolioLine, Stay
from tasks.night_audit.trail import Trail, trail
from tasks.night_audit.verdicts import Verdict, proofs, transfers_proof

EXTENDED = "extended"


class Posting(NamedTuple):
    """A charge of the night with its number `DB-<date>-<n>`; the other fields are those of `charges.Charge`."""

    number: str
    account_key: str
    account: str
    room_key: str
    room: str
    item: str
    amount: int
    kind: str
    ref: str


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The books of a date, and what else its close is compared with.

    `folios` are the balances of every alive deposit and guest account, summed up from all of its rows without what this
    close posts. `nights`: the measures of the closed nights of this year and of the same day last year, by date.
    `earned`: the bills here that earned points before, account by account_key. `late`: what came for closed dates.
    `paid`: the cents that each account ever paid, by account_key. `elsewhere`: what the shifts here took on the dates
    before and after. `month`: on the last date of a month alone.
    """

    books: Books
    folios: tuple[Balance, ...]
    nights: Mapping[dt.date, Mapping[str, int]]
    earned: Mapping[str, str]
    late: tuple[Late, ...]
    paid: Mapping[str, int]
    elsewhere: tuple[Money, ...] = ()
    month: Month | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Closing:
    """What the close of a date makes, or why it cannot.

    `lines` are the ledgers' with the `postings` in them. `blocking` stop the close, `waived` would but for somebody
    with the right; `untied` and a verdict that does not hold stop it whoever waives.
    """

    books: Books
    settlement: Settlement
    postings: tuple[Posting, ...]
    lines: tuple[LedgerLine, ...]
    cashiers: Cashiers
    high: tuple[HighBalance, ...]
    conditions: tuple[Condition, ...]
    points: tuple[Earned, ...]
    commission: Commission
    trail: Trail
    compensation: tuple[Compensation, ...]
    reputation: tuple[Reliability, ...]
    night: statistics.Night
    measures: Mapping[str, int]
    verdicts: tuple[Verdict, ...]
    untied: tuple[Untied, ...]
    blocking: tuple[Finding, ...]
    waived: tuple[Finding, ...]
    findings: tuple[Finding, ...]

    @property
    def may_close(self) -> bool:
        """Whether nothing stops the close."""
        return not self.blocking and not self.untied and all(one.holds or not one.stops for one in self.verdicts)


def close_night(evidence: Evidence, policy: Policy, passed: Collection[str]) -> Closing:
    """The closing of the evidence's date; `passed` are the lines (kinds.line_of) that somebody lets through."""
    books = evidence.books
    settlement = settle(books, policy)
    postings = numbered(night_charges(books, policy), books.as_of)
    charges: tuple[FolioLine | Posting, ...] = (*_own_charges(books), *postings)
    of_date = tuple(row for row in books.deposits if business_date(row.at, policy.night_ends) == books.as_of)
    day = DayOfLedgers(
        opening=books.opening,
        charges=charges,
        payments=books.payments,
        deposits=of_date,
        stays=books.stays if "stays" in books.delivered else None,
        companies=[row.company for row in books.corporate_accounts],
    )
    lines = ledger_lines(day)
    folios = _with_postings(evidence.folios, postings)
    stopping = prechecks(books, policy)
    staying = present(books, policy)
    money = money_of(books.payments, of_date)
    counted = "shifts" in books.delivered
    cashiers = cashiers_of(money, books.shifts, books.as_of, delivered=counted, elsewhere=evidence.elsewhere)
    points = points_earned(_bills(books, policy, lines, evidence.paid), books.members)
    night = _night(books, policy, charges, settlement)
    done = trail(books, policy, settlement.standing)
    closing = Closing(
        books=books,
        settlement=settlement,
        postings=postings,
        lines=lines,
        cashiers=cashiers,
        high=high_balances(lines, staying) if "deposits" in books.delivered else (),
        conditions=conditions_after(books.rooms, staying),
        points=tuple(one for one in points if one.account_key not in evidence.earned),
        commission=night_commission(books, policy),
        trail=done,
        compensation=odd_compensation(books, policy),
        reputation=month_reputation(evidence.month, books, settlement.standing),
        night=night,
        measures=statistics.measures(night),
        verdicts=(*proofs(lines, folios, of_date, cashiers), *transfers_proof(done)),
        untied=untied(day, lines, folios),
        blocking=tuple(one for one in stopping if line_of(one) not in passed),
        waived=tuple(one for one in stopping if line_of(one) in passed),
        findings=(),
    )
    return replace(closing, findings=_findings(closing, evidence, policy))


def _findings(closing: Closing, evidence: Evidence, policy: Policy) -> tuple[Finding, ...]:
    """Everything that is told and does not stop the close."""
    books = closing.books
    listed = "corporate_accounts" in books.delivered
    seen = room_discrepancies(books.rooms, present(books, policy), books.as_of) if "stays" in books.delivered else ()
    return (
        *closing.settlement.findings,
        *undecided_deposits(books, policy, closing.settlement.standing),
        *rate_findings(books, policy),
        *closing.commission.findings,
        *closing.trail.findings,
        *_pos_findings(books, policy),
        *closing.cashiers.findings,
        *points_findings(books.operation_log, evidence.earned, books.as_of),
        *(credit_findings(closing.lines, books.corporate_accounts, books.as_of) if listed else ()),
        *balance_findings(closing.high, books.as_of),
        *seen,
        *late_findings(evidence.late, books.as_of),
        *unread_rows(books),
    )


def numbered(charges: Iterable[Charge], as_of: dt.date) -> tuple[Posting, ...]:
    """The night's postings, numbered `DB-<date>-<n>` from 1 in the order of account and item (spec 06, step 13)."""
    return tuple(Posting(f"DB-{as_of.isoformat()}-{place}", *charge) for place, charge in enumerate(charges, 1))


def stopping_words(closing: Closing) -> tuple[Message, ...]:
    """Why the close is refused whoever waives: accounts that do not tie and proofs that do not hold, in words."""
    failed = [one for one in closing.verdicts if one.stops and not one.holds]
    told = [
        message(
            "night_audit.verdict_failed",
            name=message(f"night_audit.verdict.{one.name}"),
            left=money_text(one.left),
            right=money_text(one.right),
        )
        for one in failed
    ]
    return (*(one.reason for one in closing.untied), *told)


def _own_charges(books: Books) -> list[FolioLine]:
    """The folio's rows of the date that are no repetition of ours."""
    return [row for row in books.folio if not row.night_posting and row.date == books.as_of]


def _with_postings(folios: Iterable[Balance], postings: Iterable[Posting]) -> tuple[Balance, ...]:
    """The accounts' whole sums with what this close posts."""
    return summed_balances(chain(folios, ((GUEST, one.account_key, one.account, one.amount) for one in postings)))


def _pos_findings(books: Books, policy: Policy) -> tuple[Finding, ...]:
    """Findings of the checks of the date; older ones are in the books because they were never settled.

    They are looked for among the postings of points of sale, and those of any item that bear an outlet's name; not at
    all where stays or the folio were never delivered.
    """
    if not {"stays", "folio"} <= books.delivered:
        return ()
    checks = [row for row in books.pos_checks if business_date(row.at, policy.night_ends) == books.as_of]
    postings = [row for row in books.folio if row.item == "pos" or row.outlet or row.original_key]
    return pos_findings(checks, postings, books.stays, books.as_of)


def _bills(books: Books, policy: Policy, lines: Iterable[LedgerLine], paid: Mapping[str, int]) -> Iterable[Bill]:
    """The bills of members who left on the date; a deposit that was transferred to one is money received for it."""
    owed = closing_balances(lines, GUEST)
    used: Counter[str] = Counter()
    for row in books.deposits:
        if row.kind == TRANSFERRED:
            used[transfer_target(row)] -= row.effect
    for stay in books.stays:
        gone = stay.departed_at and business_date(stay.departed_at, policy.night_ends) == books.as_of
        if gone and stay.member_key:
            key = stay.account_key
            yield Bill(key, stay.account, stay.member_key, owed.get(key, 0), paid.get(key, 0) + used[key])


def _night(
    books: Books, policy: Policy, charges: Iterable[FolioLine | Posting], settlement: Settlement
) -> statistics.Night:
    moves = moved(books, policy)
    charged = {night.stay.account_key for night in charged_nights(books, policy)}
    own = {stay.account_key: (stay.room_key, stay.source) for stay in books.stays}

    def staying(stay: Stay) -> bool:
        # An hourly stay that was not converted stays overnight as little as one that left: it was day use as it came.
        return stay.kind != "hourly" or stay.account_key in charged

    before = {stay.account_key for stay in moves.stayed_over}
    by_the_hour = [stay for stay in moves.in_house if not staying(stay) and stay.account_key not in before]
    converts = policy.hourly_overnight == "convert"
    return statistics.Night(
        rooms=books.rooms,
        in_house=tuple(filter(staying, moves.in_house)),
        stayed_over=tuple(filter(staying, moves.stayed_over)),
        arrived=moves.arrived,
        day_use=(*moves.day_use, *by_the_hour),
        departed=tuple(stay for stay in moves.departed if stay.kind != "hourly" or converts),
        revenues=tuple(
            statistics.Revenue(*own.get(one.account_key, ("", "")), one.item, one.amount) for one in charges
        ),
        no_shows=settlement.no_shows,
        released=settlement.released,
        extensions=sum(line.action == EXTENDED for line in books.operation_log),
    )
