"""What each shift took and gave back, against what it handed over."""

from __future__ import annotations

import pytest

from tasks.night_audit.cashiers import Cashiers, cashiers_of, money_of
from tests.night_audit.drawing import B, drawn, named, rows, said

SHIFTS = """
shift | operator | method | cash_float | handed_over
S1    | 李       | cash   | 500.00 | 780.00
S1    | 李       | wechat | -      | 120.00
"""


def counted(
    payments: str = "", deposits: str = "", shifts: str = SHIFTS, elsewhere: str = "", *, delivered: bool = True
) -> Cashiers:
    """The cashiers' sheet of drawn money and shifts; `elsewhere` are deposits of other dates."""
    money = money_of(drawn("payments", payments), drawn("deposits", deposits))
    beside = money_of((), drawn("deposits", elsewhere))
    return cashiers_of(money, drawn("shifts", shifts), B, delivered=delivered, elsewhere=beside)


def lines(cashiers: Cashiers) -> list[str]:
    """Each line of the sheet as `shift method receipts-refunds difference`."""
    return [
        f"{row.shift} {row.method} {row.receipts / 100:g}-{row.refunds / 100:g} {row.difference}"
        for row in cashiers.sheet
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


SPANNING = """
shift | operator | date | opened_at | closed_at | method | cash_float | handed_over
S0    | 周       | 19   | 19 23:00  | 20 07:00  | cash   | 200.00     | 450.00
S1    | 李       | 20   | 20 23:00  | 21 07:00  | cash   | 200.00     | 780.00
S1    | 李       | 20   | 20 23:00  | 21 07:00  | wechat | -          | -
"""


def test_a_shift_that_goes_on_after_the_night_hands_over_once_for_all_that_it_took() -> None:
    cashiers = counted(
        payments="number | account | amount | shift\nP1 | A1 | 500.00 | S1",
        deposits="number | account | amount | shift | at\nD0 | A1 | 150.00 | S0 | 20 03:00",
        shifts=SPANNING,
        elsewhere="""
            number | account | amount | shift | at       | method
            D1     | A1      | 100.00 | S1    | 21 03:00 | cash
            D2     | A1      | 30.00  | S1    | 21 03:00 | wechat
            D9     | A1      | 100.00 | S0    | 19 23:30 | cash
        """,
    )

    assert lines(cashiers) == ["S0 cash 150-0 0", "S1 cash 500-0 -2000", "S1 wechat 0-0 -3000"]
    assert cashiers.cash_difference == -2000
    assert dict(cashiers.by_method) == {"cash": 65000}
    assert named(cashiers.findings) == ["CASH_DIFFERENCE S1 800.00→780.00", "CASH_DIFFERENCE S1 30.00→0.00"]


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

    assert lines(cashiers) == ["S1 cash 300-0 None"]
    assert cashiers.findings == ()
    assert cashiers.cash_difference is None


@pytest.mark.parametrize(
    "rows_of_shift",
    ["S1 | cash | 20 16:00 | 600.00\nS1 | card | - | -", "S1 | card | - | -\nS1 | cash | 20 16:00 | 600.00"],
)
def test_a_shift_is_closed_by_any_of_its_rows(rows_of_shift: str) -> None:
    cashiers = counted(
        payments="number | account | method | amount\nP1 | A1 | cash | 700.00",
        shifts=f"shift | method | closed_at | handed_over\n{rows_of_shift}",
    )

    assert cashiers.cash_difference == -10000


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
    assert sorted(one.number for one in cashiers.unassigned) == ["P2", "P3", "P4"]
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

    assert rows(cashiers.given_back, "operator times amount") == ["周 2 100.00", "李 1 40.00"]


def test_without_shifts_delivered_nothing_is_checked() -> None:
    cashiers = counted(payments="number | account | amount\nP1 | A1 | 280.00", shifts="", delivered=False)

    assert lines(cashiers) == ["S1 cash 280-0 None"]
    assert cashiers.findings == ()
