"""Deposits, guests and companies: every cent that moved is in one line, and an account that does not tie is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.night_audit.ledgers import (
    DayOfLedgers,
    changed_balances,
    holder,
    ledger_lines,
    ledger_totals,
    summed_balances,
    untied,
)
from tasks.night_audit.rows import Balance
from tasks.night_audit.sealing import Standing, broken_standing, standing_after
from tests.night_audit.drawing import B, drawn, said

STAYS = """
account | guest | company
A1      | 王    | -
A2      | 李    | 远景能源
A3      | 赵    | -
"""


def day(
    *, opening: str = "", folio: str = "", payments: str = "", deposits: str = "", stays: str | None = STAYS
) -> DayOfLedgers:
    """A drawn day of the ledgers; every folio row is a charge."""
    return DayOfLedgers(
        opening=drawn("opening", opening),
        charges=drawn("folio", folio),
        payments=drawn("payments", payments),
        deposits=drawn("deposits", deposits),
        stays=None if stays is None else drawn("stays", stays),
        companies=["远景能源"],
    )


def told(one: DayOfLedgers) -> list[str]:
    """Each line as `ledger account opening + charges - payments + transfers = closing`, in yuan."""
    return [
        f"{row.ledger} {row.account} {row.opening / 100:g} + {row.charges / 100:g} - {row.payments / 100:g}"
        f" + {row.transfers / 100:g} = {row.closing / 100:g}"
        for row in ledger_lines(one)
    ]


def summed(one: DayOfLedgers) -> tuple[Balance, ...]:
    """The balances as the folios alone would give them, from scratch."""
    return summed_balances((line.ledger, line.account_key, line.account, line.closing) for line in ledger_lines(one))


def reasons(one: DayOfLedgers, folios: Iterable[Balance] | None = None) -> list[str]:
    """Why accounts do not tie, in Chinese."""
    return [said(wrong.reason) for wrong in untied(one, ledger_lines(one), summed(one) if folios is None else folios)]


def test_a_guest_owes_what_was_charged_less_what_was_paid() -> None:
    one = day(
        opening="ledger | account | balance\nguest | A1 | 300.00",
        folio="number | account | amount\nF1 | A1 | 280.00\nF2 | A1 | -30.00",
        payments="number | account | amount\nP1 | A1 | 500.00\nP2 | A1 | -20.00",
    )

    assert told(one) == ["guest A1 300 + 250 - 480 + 0 = 70"]
    assert reasons(one) == []


def test_a_deposit_is_held_until_it_is_refunded_used_or_forfeited_whatever_sign_was_written() -> None:
    one = day(
        opening="ledger | account | account_key | balance\ndeposit | R9 | reservations:R9 | 200.00",
        deposits="""
            number | reservation | account | kind        | amount
            D1     | R1          | -       | received    | 500.00
            D2     | R1          | -       | refunded    | -100.00
            D3     | R1          | -       | refunded    | 50.00
            D4     | R9          | -       | forfeited   | -200.00
            D5     | -           | A1      | received    | 300.00
            D6     | -           | A1      | transferred | -120.00
            D7     | R1          | A2      | transferred | 350.00
        """,
    )

    assert told(one) == [
        "deposit A1 0 + 300 - 0 + -120 = 180",
        "deposit R1 0 + 500 - 150 + -350 = 0",
        "deposit R9 200 + 0 - 200 + 0 = 0",
        "guest A1 0 + 0 - 0 + -120 = -120",
        "guest A2 0 + 0 - 0 + -350 = -350",
    ]
    assert reasons(one) == []


def test_a_deposit_moved_without_an_account_stays_in_sight_under_its_reservation() -> None:
    one = day(
        deposits="number | reservation | kind | amount\nD1 | R1 | received | 500.00\nD2 | R1 | transferred | -500.00"
    )

    assert told(one) == ["deposit R1 0 + 500 - 0 + -500 = 0", "guest R1 0 + 0 - 0 + -500 = -500"]


def test_a_bill_on_account_leaves_the_guest_for_the_company_which_pays_it_later() -> None:
    one = day(
        opening="ledger | account | balance\nguest | A2 | 900.00\ncorporate | 远景能源 | 1000.00",
        payments="number | account | method | amount\nP1 | A2 | company | 900.00\nP2 | 远景能源 | card | 400.00",
    )

    assert told(one) == ["guest A2 900 + 0 - 0 + -900 = 0", "corporate 远景能源 1000 + 0 - 400 + 900 = 1500"]
    assert reasons(one) == []
    totals = ledger_totals(ledger_lines(one))
    assert {name: own["closing"] for name, own in totals.items()} == {"deposit": 0, "guest": 0, "corporate": 150000}


def test_accounts_that_do_not_tie_are_named() -> None:
    one = day(
        folio="number | account | amount\nF1 | A9 | 280.00\nF2 | A1 | 10.00",
        payments="number | account | method | amount\nP1 | A8 | cash | 50.00\nP2 | A3 | company | 70.00",
    )

    assert reasons(one) == [
        "账号 A9 没有任何住客，却有挂账 280.00",
        "账号 A8 没有任何住客，却有付款 50.00",
        "账号 A3 以单位记账结算 70.00，但没有登记单位",
    ]


def test_a_cent_between_folio_and_ledger_is_named_on_either_side() -> None:
    one = day(folio="number | account | amount\nF1 | A1 | 280.00\nF2 | A3 | 10.00")
    folios = drawn("opening", "ledger | account | balance\nguest | A1 | 280.01\nguest | A2 | 5.00\nguest | A3 | 10.00")

    assert reasons(one, folios) == [
        "账号 A1：按昨日余额滚算为 280.00，按账页合计为 280.01",
        "账号 A2：按昨日余额滚算为 0.00，按账页合计为 5.00",
    ]


def test_without_delivered_stays_nobody_is_a_stranger() -> None:
    one = day(folio="number | account | amount\nF1 | A9 | 280.00", stays=None)

    assert reasons(one) == []


DEPOSITS = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2", ""]),
        st.sampled_from(["A1", "A2", ""]),
        st.sampled_from(["received", "refunded", "transferred", "forfeited"]),
        st.integers(-100_000, 100_000),
    ).filter(lambda row: row[0] or row[1]),
    max_size=12,
)


@settings(max_examples=30)
@given(DEPOSITS)
def test_deposits_are_conserved_to_the_cent(rows: list[tuple[str, str, str, int]]) -> None:
    head = "number | reservation | account | kind | amount\n"
    lines = "\n".join(f"D{n} | {r} | {a} | {kind} | {amount / 100:.2f}" for n, (r, a, kind, amount) in enumerate(rows))
    one = day(deposits=head + lines)

    closing = {line.account_key: line.closing for line in ledger_lines(one) if line.ledger == "deposit"}

    effects = [(holder(row)[0], row.effect) for row in one.deposits]
    assert closing == {key: sum(effect for own, effect in effects if own == key) for key, _ in effects}
    assert reasons(one) == []


def test_only_what_changed_is_kept_and_nothing_where_nothing_is_left() -> None:
    opening = """
    ledger | account | balance
    guest  | A1      | 300.00
    guest  | A2      | 120.00
    guest  | A3      | 80.00
    """
    one = day(
        opening=opening,
        folio="number | account | amount\nF1 | A1 | 20.00\nF2 | A4 | 5.00\nF3 | A5 | 0.00",
        payments="number | account | amount\nP1 | A2 | 120.00",
    )

    changed = changed_balances(ledger_lines(one), one.opening)

    assert [(row.account, row.balance) for row in changed] == [("A1", 320_00), ("A2", 0), ("A4", 5_00)]
    first = changed_balances(ledger_lines(one), ())
    assert [(row.account, row.balance) for row in first] == [("A1", 320_00), ("A3", 80_00), ("A4", 5_00)]


MOVES = st.lists(st.tuples(st.sampled_from(["A1", "a1", "A2", "A3"]), st.integers(-3, 3)), max_size=5)


@given(st.lists(MOVES, min_size=1, max_size=5))
def test_what_stands_by_its_changes_is_what_stands_by_all_lines(days: list[list[tuple[str, int]]]) -> None:
    whole: tuple[Balance, ...] = ()
    standing: dict[tuple[str, str], Standing] = {}
    for place, moves in enumerate(days):
        rows = "\n".join(f"F{number} | {account} | {cents}.00" for number, (account, cents) in enumerate(moves))
        lines = ledger_lines(
            DayOfLedgers(whole, drawn("folio", f"number | account | amount\n{rows}" if moves else ""), (), (), None, ())
        )
        date = B + dt.timedelta(days=place)
        standing = standing_after(standing, changed_balances(lines, whole), date, whole=False)
        whole = tuple(Balance(*line[:3], line.closing) for line in lines if line.closing)
        every = standing_after({}, whole, date, whole=True)

        assert {one: kept[:2] for one, kept in standing.items()} == {one: kept[:2] for one, kept in every.items()}
        assert broken_standing(standing, standing) == ()
