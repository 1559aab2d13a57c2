"""Entries and receipts that name no invoice, sums, and the causes of what does not agree (spec 04: matching)."""

from __future__ import annotations

import pytest

from tasks.invoice_check.causes import transposed
from tests.invoice_check.drawn_money import booked, decisions, paid

ONE = "number|buyer|day|net\n00000010|大华|11-03|1200.00"
THREE = """
    number   | buyer | day   | net
    00000010 | 大华  | 11-03 | 1200.00
    00000020 | 大华  | 11-08 | 345.67
    00000030 | 大华  | 12-02 | 1200.00
"""


def ledger(*lines: str) -> str:
    return "\n".join(("voucher|day|customer|amount|invoice", *lines))


def money(*lines: str) -> str:
    return "\n".join(("number|day|payer|amount|invoice", *lines))


def test_customer_and_amount_where_both_are_unique() -> None:
    assert booked(THREE, ledger("V1|11-30|大华|345.67|-")) == ["00000020=V1 345.67 amount"]
    assert booked(THREE, ledger("V1|11-30|中兴|345.67|-")) == []
    assert booked(THREE, ledger("V1|11-30|-|345.67|-")) == []


def test_equal_amounts_are_told_apart_by_their_month() -> None:
    found = booked(THREE, ledger("V1|12-30|大华|1200.00|无"))
    assert found == ["00000030=V1 1200.00 amount"]


def test_money_without_a_purpose_pays_what_was_issued_first() -> None:
    assert paid(THREE, money("R1|12-30|大华|1356.00|-")) == ["00000010=R1 1356.00 amount"]


@pytest.mark.parametrize(
    ("brought", "found"),
    [
        (["1545.67"], ["00000010=V0 1200.00 sum", "00000020=V0 345.67 sum"]),
        (["1000.00", "545.67"], ["00000010=V0 1000.00 sum", "00000010=V1 200.00 sum", "00000020=V1 345.67 sum"]),
        (["700.00", "500.00"], ["00000010=V0 700.00 sum", "00000010=V1 500.00 sum"]),
        (["700.00", "500.01"], []),
    ],
)
def test_sums_of_one_customer(brought: list[str], found: list[str]) -> None:
    lines = [f"V{at}|11-{20 + at}|大华|{amount}|-" for at, amount in enumerate(brought)]
    assert booked(THREE.replace("12-02 | 1200.00", "12-02 | 77.00"), ledger(*lines)) == found


def test_a_sum_that_could_be_made_in_two_ways_is_not_matched() -> None:
    invoices = (
        "number|buyer|day|net\n1|大华|11-01|100.00\n2|大华|11-01|200.00\n3|大华|11-01|300.00\n4|大华|11-01|400.00"
    )
    assert booked(invoices, ledger("V1|11-30|大华|500.00|-")) == []


def test_a_number_that_nobody_has_is_not_matched_by_amount() -> None:
    assert booked(ONE, ledger("V1|11-30|大华|1200.00|00000011")) == []


def test_a_number_that_a_spreadsheet_has_damaged_is_as_good_as_none() -> None:
    assert booked(ONE, ledger("V1|11-30|大华|1200.00|2.6117E+19")) == ["00000010=V1 1200.00 amount"]


@pytest.mark.parametrize("named", ["00000010", "-"])
@pytest.mark.parametrize(
    ("amount", "day", "cause"),
    [
        ("1200.00", "11-30", ""),
        ("1200.00", "12-01", "other_period"),
        ("1200.01", "11-30", "rounding"),
        ("-1200.00", "11-30", "sign"),
        ("1356.00", "11-30", "tax"),
        ("156.00", "11-30", "tax"),
        ("2100.00", "11-30", "transposed"),
    ],
)
def test_the_cause_is_named_with_a_number_and_where_nothing_else_is_left(
    named: str, amount: str, day: str, cause: str
) -> None:
    how = "amount" if named == "-" else "number"
    assert booked(ONE, ledger(f"V1|{day}|大华|{amount}|{named}")) == [f"00000010=V1 {amount} {how} {cause}".rstrip()]


@pytest.mark.parametrize("named", ["00000010", "-"])
def test_booked_twice(named: str) -> None:
    found = booked(ONE, ledger("V1|11-05|大华|1200.00|00000010", f"V2|11-06|大华|1200.00|{named}"))
    how = "amount" if named == "-" else "number"
    assert found == ["00000010=V1 1200.00 number twice", f"00000010=V2 1200.00 {how} twice"]


def test_two_equal_entries_without_a_number_are_one_too_many() -> None:
    found = booked(ONE, ledger("V1|11-05|大华|1200.00|-", "V2|11-06|大华|1200.00|-"))
    assert found == ["00000010=V1 1200.00 amount twice", "00000010=V2 1200.00 amount twice"]


def test_a_difference_without_a_name_is_matched_by_number_alone() -> None:
    assert booked(ONE, ledger("V1|11-05|大华|1190.00|00000010")) == ["00000010=V1 1190.00 number amount"]
    assert booked(ONE, ledger("V1|11-05|大华|1190.00|-")) == []


def test_a_mistake_that_was_corrected_agrees() -> None:
    corrected = ledger("V1|11-05|大华|1356.00|00000010", "V2|11-06|大华|-156.00|00000010")
    assert {line.split(" number")[1] for line in booked(ONE, corrected)} == {""}


def test_rounding_is_a_cent_a_line_and_six_for_an_invoice_of_several() -> None:
    several = "number|buyer|day|net|lines\n00000010|大华|11-03|1200.00|4"
    assert booked(several, ledger("V1|11-05|大华|1200.06|10")) == ["00000010=V1 1200.06 number rounding"]
    assert booked(several, ledger("V1|11-05|大华|1200.07|10")) == ["00000010=V1 1200.07 number amount"]
    assert booked(ONE, ledger("V1|11-05|大华|1200.02|10")) == ["00000010=V1 1200.02 number amount"]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("120000", "210000", True),
        ("123456", "123465", True),
        ("120300", "100320", True),
        ("123456", "123456", False),
        ("100", "109", False),
        ("18", "99", False),
        ("1000", "100", False),
        ("12", "-21", False),
        ("111222", "222111", False),
    ],
)
def test_digits_that_changed_places(one: str, other: str, found: bool) -> None:  # noqa: FBT001 - a column of the table
    assert transposed(int(one), int(other)) is found


def test_a_credit_note_and_its_invoice_are_paid_as_one() -> None:
    invoices = """
        number   | buyer | day   | net     | original
        00000010 | 大华  | 11-03 | 1000.00 | -
        00000011 | 大华  | 11-09 | -200.00 | 00000010
    """
    assert paid(invoices, money("R1|11-20|大华|904.00|00000010")) == ["00000010=R1 904.00 number"]
    assert paid(invoices, money("R1|11-20|大华|904.00|-")) == ["00000010=R1 904.00 amount"]
    both = money("R1|11-05|大华|1130.00|-", "R2|11-20|大华|-226.00|00000011")
    assert paid(invoices, both) == ["00000010=R1 1130.00 amount", "00000010=R2 -226.00 number"]


def test_a_match_by_hand_comes_first_and_an_unmatch_keeps_apart() -> None:
    by_hand = decisions("decision|act|documents|others\n1|match|00000020|entries:V1")
    assert booked(THREE, ledger("V1|11-30|大华|1200.00|10"), by_hand) == ["00000020=V1 1200.00 manual amount"]
    apart = decisions("decision|act|documents|others\n1|unmatch|00000010|entries:V1")
    assert booked(THREE, ledger("V1|11-30|大华|1200.00|10"), apart) == []
    ignored = decisions("decision|act|documents|others\n1|ignore|00000010|-")
    assert booked(THREE, ledger("V1|11-30|大华|1200.00|10"), ignored) == []


def test_the_latest_decision_wins() -> None:
    back = decisions("decision|act|documents|others\n1|unmatch|00000010|entries:V1\n2|match|00000010|entries:V1")
    assert booked(THREE, ledger("V1|11-30|大华|1200.00|-"), back) == ["00000010=V1 1200.00 manual"]


def test_less_than_is_owed_for_the_only_open_invoice_is_a_part_payment() -> None:
    assert paid(ONE, money("R1|11-20|大华|356.00|-", "R2|11-25|大华|500.00|-")) == [
        "00000010=R1 356.00 amount part",
        "00000010=R2 500.00 amount part",
    ]
    assert paid(ONE, money("R1|11-20|大华|1357.00|-")) == []
    assert paid(ONE, money("R1|11-20|大华|356.00|-", "R2|11-25|大华|-500.00|-")) == []
    assert paid(THREE, money("R1|11-20|大华|100.00|-")) == []
    assert paid(THREE, money("R1|11-20|大华|1356.00|10", "R2|11-20|大华|1356.00|30", "R3|11-21|大华|90.00|-")) == [
        "00000010=R1 1356.00 number",
        "00000020=R3 90.00 amount part",
        "00000030=R2 1356.00 number",
    ]
