"""The close of one business date from its evidence: pre-checks, reservations, charges, proofs, findings, figures.

The same evidence gives the same closing; whether it is kept, shown as a preview or refused is for the steps to do.
Source: spec 06, steps of the close.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import chain, repeat

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.night_audit import statistics
from tasks.night_audit.after_close import late_findings
from tasks.night_audit.books import Books, each, empty
from tasks.night_audit.cashiers import Cashiers, cashiers_of, money_of
from tasks.night_audit.charges import charged_nights, night_charges
from tasks.night_audit.commission import Commission, night_commission
from tasks.night_audit.compensation import odd_compensation
from tasks.night_audit.deposits import undecided_deposits
from tasks.night_audit.guests import (
    balance_findings,
    credit_findings,
    high_balances,
    points_earned,
    points_findings,
)
from tasks.night_audit.hotel_day import business_dates, movements, present
from tasks.night_audit.ledgers import (
    BALANCE,
    GUEST,
    DayOfLedgers,
    Untied,
    ledger_lines,
    summed_balances,
    untied,
)
from tasks.night_audit.points_of_sale import pos_findings
from tasks.night_audit.policy import Policy
from tasks.night_audit.prechecks import prechecks
from tasks.night_audit.rates import rate_findings
from tasks.night_audit.reputation import Month, month_reputation
from tasks.night_audit.reservations import Settlement, settle
from tasks.night_audit.room_status import conditions_after, room_discrepancies
from tasks.night_audit.trail import Trail, trail
from tasks.night_audit.verdicts import Verdict, proofs, transfers_proof

EXTENDED = "extended"
_NO_BILLS = empty("stays")[["account_key", "account", "member_key"]].assign(balance=0, paid=0)
POSTING = ["number", "account_key", "account", "room_key", "room", "item", "amount", "kind"]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The books of a date, and what else its close is compared with.

    `folios`: ledger, account_key, account, balance of every alive deposit and guest account, summed up from all of its
    rows without what this close posts. `nights`: business_date and the measures of the closed nights of this year and
    of the same day last year. `earned`: account_key, account of bills here that earned points before. `late`: dataset,
    key, field, stored, delivered of rows that came for closed dates. `paid`: account_key, paid (cents) in all. `month`:
    on the last date of a month alone.
    """

    books: Books
    folios: pd.DataFrame
    nights: pd.DataFrame
    earned: pd.DataFrame
    late: pd.DataFrame
    paid: pd.DataFrame
    month: Month | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Closing:
    """What the close of a date makes, or why it cannot.

    `postings` has number (`DB-<date>-<n>`), account_key, account, room_key, room, item, amount, kind; `lines` are the
    ledgers' (see ledgers.ledger_lines) with the postings in them. `blocking` stop the close, `waived` would but for
    somebody with the right; `untied` and a verdict that does not hold stop it whoever waives.
    """

    books: Books
    settlement: Settlement
    postings: pd.DataFrame
    lines: pd.DataFrame
    cashiers: Cashiers
    high: pd.DataFrame
    conditions: pd.DataFrame
    points: pd.DataFrame
    commission: Commission
    trail: Trail
    compensation: pd.DataFrame
    reputation: pd.DataFrame
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


def close_night(evidence: Evidence, policy: Policy, waived: Collection[str]) -> Closing:
    """The closing of the evidence's date; `waived` are the ids of blocking findings that somebody may pass."""
    books = evidence.books
    settlement = settle(books, policy)
    postings = numbered(night_charges(books, policy), books)
    charges = _charges(books, postings)
    companies = books.corporate_accounts["company"]
    stays = books.stays if "stays" in books.delivered else None
    of_date = books.deposits[_of_date(books, policy)]
    day = DayOfLedgers(books.opening, charges, books.payments, of_date, stays, companies)
    lines = ledger_lines(day)
    folios = _with_postings(evidence.folios, postings)
    stopping = prechecks(books, policy)
    staying = present(books, policy)
    money = money_of(books.payments, of_date)
    cashiers = cashiers_of(money, books.shifts, books.as_of, delivered="shifts" in books.delivered)
    points = points_earned(_bills(books, policy, lines, evidence.paid), books.members)
    night = _night(books, policy, charges, settlement)
    done = trail(books, policy, settlement.standing)
    closing = Closing(
        books=books,
        settlement=settlement,
        postings=postings,
        lines=lines,
        cashiers=cashiers,
        high=high_balances(lines, staying),
        conditions=conditions_after(books.rooms, staying),
        points=points[~points["account_key"].isin(evidence.earned["account_key"])],
        commission=night_commission(books, policy),
        trail=done,
        compensation=odd_compensation(books, policy),
        reputation=month_reputation(evidence.month, books, settlement.standing),
        night=night,
        measures=statistics.measures(night),
        verdicts=(*proofs(lines, folios, of_date, cashiers), *transfers_proof(done)),
        untied=untied(day, lines, folios),
        blocking=tuple(one for one in stopping if one.id not in waived),
        waived=tuple(one for one in stopping if one.id in waived),
        findings=(),
    )
    return replace(closing, findings=_findings(closing, evidence, policy))


def _findings(closing: Closing, evidence: Evidence, policy: Policy) -> tuple[Finding, ...]:
    """Everything that is told and does not stop the close."""
    books = closing.books
    return (
        *closing.settlement.findings,
        *undecided_deposits(books, policy, closing.settlement.standing),
        *rate_findings(books, policy),
        *closing.commission.findings,
        *closing.trail.findings,
        *pos_findings(_checks(books, policy), _pos_postings(books), books.stays, books.as_of),
        *closing.cashiers.findings,
        *points_findings(books.operation_log, evidence.earned, books.as_of),
        *credit_findings(closing.lines, books.corporate_accounts, books.as_of),
        *balance_findings(closing.high, books.as_of),
        *room_discrepancies(books.rooms, present(books, policy), books.as_of),
        *late_findings(evidence.late, books.as_of),
    )


def numbered(charges: pd.DataFrame, books: Books) -> pd.DataFrame:
    """The night's postings, numbered `DB-<date>-<n>` from 1 in the order of account and item (spec 06, step 13)."""
    numbers = [f"DB-{books.as_of.isoformat()}-{place}" for place in range(1, len(charges) + 1)]
    return charges.assign(number=pd.Series(numbers, index=charges.index, dtype="str"))[POSTING].reset_index(drop=True)


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


def _charges(books: Books, postings: pd.DataFrame) -> pd.DataFrame:
    """Everything charged on the date: the folio's rows that are no repetition of ours, and the night's postings."""
    own = books.folio[(books.folio["night_posting"] == "") & (books.folio["date"] == pd.Timestamp(books.as_of))]
    names = ["account_key", "account", "item", "amount"]
    return pd.concat([own[names], postings[names].astype({"amount": "int64"})], ignore_index=True)


def _of_date(books: Books, policy: Policy) -> pd.Series[bool]:
    return business_dates(books.deposits["at"], policy.night_ends) == pd.Timestamp(books.as_of)


def _with_postings(folios: pd.DataFrame, postings: pd.DataFrame) -> pd.DataFrame:
    """The accounts' whole sums with what this close posts."""
    new = zip(repeat(GUEST), postings["account_key"], postings["account"], postings["amount"], strict=False)
    return summed_balances(chain(each(folios[BALANCE]), new))


def _checks(books: Books, policy: Policy) -> pd.DataFrame:
    """The checks of the date; older ones are here because they were never settled."""
    return books.pos_checks[business_dates(books.pos_checks["at"], policy.night_ends) == pd.Timestamp(books.as_of)]


def _pos_postings(books: Books) -> pd.DataFrame:
    """Postings of points of sale, and those of any item that bear an outlet's name."""
    folio = books.folio
    return folio[(folio["item"] == "pos") | (folio["outlet"] != "") | (folio["original_key"] != "")]


def _bills(books: Books, policy: Policy, lines: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """The bills of members who left on the date: account_key, account, member_key, balance, paid."""
    if not (books.stays["member_key"] != "").any():
        return _NO_BILLS
    left = business_dates(books.stays["departed_at"], policy.night_ends) == pd.Timestamp(books.as_of)
    bills = books.stays.loc[left & (books.stays["member_key"] != ""), ["account_key", "account", "member_key"]]
    owed = lines[lines["ledger"] == GUEST].set_index("account_key")["closing"]
    money = paid.set_index("account_key")["paid"]
    return bills.assign(
        balance=bills["account_key"].map(owed).fillna(0).astype("int64"),
        paid=bills["account_key"].map(money).fillna(0).astype("int64"),
    )


def _night(books: Books, policy: Policy, charges: pd.DataFrame, settlement: Settlement) -> statistics.Night:
    stays = books.stays[["account_key", "reservation_key", "room_key", "kind", "guests", "source"]]
    moves = movements(books.stays, books.as_of, policy.night_ends)
    own = stays.drop_duplicates("account_key").set_index("account_key")
    # An hourly stay that was not converted is none of those who stay overnight.
    charged = stays["account_key"].isin(charged_nights(books, policy)["account_key"])
    staying = moves.in_house & ((stays["kind"] != "hourly") | charged)
    log = books.operation_log
    return statistics.Night(
        rooms=books.rooms,
        # A column that is assigned after the choice would bring its own rows to an empty frame.
        in_house=stays.assign(since_before=moves.stayed_over)[staying],
        arrived=stays.assign(day_use=moves.day_use)[moves.arrived],
        departed=stays[moves.departed],
        charges=charges.assign(
            room_key=charges["account_key"].map(own["room_key"]).fillna("").astype("str"),
            source=charges["account_key"].map(own["source"]).fillna("").astype("str"),
        ),
        no_shows=settlement.no_shows,
        released=settlement.released,
        extensions=int((log["action"] == EXTENDED).sum()),
    )
