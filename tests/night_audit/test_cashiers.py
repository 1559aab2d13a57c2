"""What each shift took and gave back, against what it handed over."""

from __future__ import annotations

from tasks.night_audit.books import each
from tasks.night_audit.cashiers import Cashiers, cashiers_of, money_of
from tests.night_audit.drawing import B, frame, named, said

SHIFTS = """
shift | operator | method | cash_float | handed_over
S1    | 李       | cash   | 500.00 | 780.00
S1    | 李       | wechat | -      | 120.00
"""


def counted(payments: str = "", deposits: str = "", shifts: str = SHIFTS, *, delivered: bool = True) -> Cashiers:
    """The cashiers' sheet of drawn money and shifts."""
    money = money_of(frame("payments", payments), frame("deposits", deposits))
    return cashiers_of(money, frame("shifts", shifts), B, delivered=delivered)


def lines(cashiers: Cashiers) -> list[str]:
    """Each line of the sheet as `shift method receipts-refunds difference`."""
    return [
        f"{row.shift} {row.method} {row.receipts / 100:g}-{row.refunds / 100:g} {row.difference}"
        for row in each(cashiers.sheet)
    ]


def test_a_shift_hands_over_its_float_and_what_it_took_deposits_among_it() -> None:
    cashiers = counted(
        payments="number|account|method|amount\nP1|A1|cash|100.00\nP2|A1|cash|-20.00\nP3|A2|wechat|120.00",
        deposits="number | account | kind | amount\nD1 | A1 | received | 300.00\nD2 | A3 | refunded | 100.00",
    )

    assert lines(cashiers) == ["S1 cash 400-120 0", "S1 wechat 120-0 0"]
    assert cashiers.findings == ()
    assert cashiers.cash_difference == 0
    assert dict(cashiers.by_method) == {"cash": 28000, "wechat": 12000}


def test_what_changes_no_hands_is_no_money_of_a_shift() -> None:
    cashiers = counted(
        payments="number|account|method|amount\nP1|A1|cash|280.00\nP2|A1|company|900.00\nP3|A1|wechat|120.00",
        deposits="number | account | kind | amount\nD1 | A1 | transferred | -300.00\nD2 | A3 | forfeited | -100.00",
    )

    assert lines(cashiers) == ["S1 cash 280-0 0", "S1 wechat 120-0 0"]


def test_a_difference_is_told_by_shift_and_method() -> None:
    cashiers = counted(
        payments="number | account | method | amount\nP1 | A1 | cash | 300.00\nP2 | A1 | wechat | 100.00"
    )

    assert named(cashiers.findings) == ["CASH_DIFFERENCE S1 800.00→780.00", "CASH_DIFFERENCE S1 100.00→120.00"]
    assert len({one.id for one in cashiers.findings}) == 2
    assert cashiers.cash_difference == -2000
    assert said(cashiers.findings[0].message).startswith("班次 S1 的现金少交 20.00：应交 800.00，实交 780.00")


def test_money_that_a_closed_shift_never_declared_is_missing() -> None:
    cashiers = counted(
        payments="number | account | method | amount\nP1|A1|cash|280.00\nP2|A1|wechat|120.00\nP3|A1|card|50.00"
    )

    assert named(cashiers.findings) == ["CASH_DIFFERENCE S1 50.00→0.00"]


def test_an_open_shift_is_not_judged() -> None:
    cashiers = counted(
        payments="number | account | method | amount\nP1 | A1 | cash | 300.00",
        shifts="shift | method | closed_at | cash_float\nS1 | cash | - | 500.00",
    )

    assert lines(cashiers) == ["S1 cash 300-0 <NA>"]
    assert cashiers.findings == ()
    assert cashiers.cash_difference is None


def test_money_without_a_shift_is_listed_and_never_dropped() -> None:
    cashiers = counted(
        payments="""
            number | account | amount | shift | operator
            P1     | A1      | 280.00 | S1    | 李
            P2     | A1      | 33.00  | -     | 周
            P3     | A1      | -3.00  | -     | 周
            P4     | A1      | 50.00  | S7    | 吴
        """,
        deposits="number | account | amount | shift | method\nD1 | A1 | 120.00 | S1 | wechat",
    )

    assert lines(cashiers) == ["S1 cash 280-0 0", "S1 wechat 120-0 0"]
    assert named(cashiers.findings) == ["SHIFT_MISSING S7 0.00→50.00", "SHIFT_MISSING 周 0.00→30.00"]
    assert sorted(cashiers.unassigned["number"]) == ["P2", "P3", "P4"]
    assert dict(cashiers.by_method) == {"cash": 36000, "wechat": 12000}


def test_refunds_and_voids_are_listed_by_operator() -> None:
    cashiers = counted(
        payments="""
            number | account | amount | operator | original
            P1     | A1      | 90.00  | 李       | -
            P2     | A1      | -90.00 | 周       | P1
            P3     | A1      | -10.00 | 周       | -
        """,
        deposits="number | account | kind | amount | operator\nD1 | A1 | refunded | -40.00 | 李",
    )

    told = [f"{row.operator} {row.count} {row.amount}" for row in each(cashiers.given_back)]
    assert sorted(told) == ["周 2 10000", "李 1 4000"]


def test_without_shifts_delivered_nothing_is_checked() -> None:
    cashiers = counted(payments="number | account | amount\nP1 | A1 | 280.00", shifts="", delivered=False)

    assert lines(cashiers) == ["S1 cash 280-0 <NA>"]
    assert cashiers.findings == ()
