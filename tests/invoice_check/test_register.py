"""What the register alone says of its invoices (spec 04: ARITHMETIC, RED_LINK, DUPLICATE, COPY_MISSING, numbers)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.domain.amounts import money
from tasks.domain.finding import Finding
from tasks.domain.message import Message
from tasks.invoice_check.arithmetic import arithmetic_findings
from tasks.invoice_check.copies import copy_findings
from tasks.invoice_check.duplicates import duplicate_findings
from tasks.invoice_check.kinds import severity_of
from tasks.invoice_check.number_check import number_findings, tax_number_findings, tax_number_reason
from tasks.invoice_check.policy import Policy, Rate, Series
from tasks.invoice_check.red_letters import red_findings
from tests.invoice_check.drawing import documents, invoices, told

ALWAYS = (dt.date(1994, 1, 1), dt.date(9999, 12, 31))
RATES = (
    Rate(1700, dt.date(1994, 1, 1), dt.date(2018, 4, 30)),
    Rate(1600, dt.date(2018, 5, 1), dt.date(2019, 3, 31)),
    Rate(1300, dt.date(2019, 4, 1), ALWAYS[1]),
    Rate(600, *ALWAYS),
    Rate(300, *ALWAYS),
    Rate(0, *ALWAYS),
)


def reckoned(table: str) -> list[str]:
    found = arithmetic_findings(invoices(table), documents(table), Policy(RATES))
    assert {one.kind for one in found} <= {"ARITHMETIC"}
    return [" ".join(_reasons(one.message)) for one in found]


def _reasons(said: str | Message) -> list[str]:
    assert isinstance(said, Message)
    if not said.key.endswith(".and"):
        return [said.key.rpartition(".")[2]]
    return [one for part in ("first", "others") for one in _reasons(dict(said.parameters)[part])]


@pytest.mark.parametrize(
    ("row", "breaks"),
    [
        ("100 | 13% | 13.00 | 113.00", []),
        ("100 | 13% | 13.01 | 113.01", []),
        ("100 | 13% | 13.02 | 113.02", ["tax"]),
        ("100 | 13% | 13.00 | 113.01", []),
        ("100 | 13% | 13.00 | 113.02", ["total"]),
        ("100 | 13% | 14.00 | 113.00", ["tax total"]),
        # Half up: 0.50 × 13 % is 0.065, so 0.07; 0.06 and 0.08 are one cent off, 0.05 is two.
        ("0.50 | 13% | 0.07 | 0.57", []),
        ("0.50 | 13% | 0.05 | 0.55", ["tax"]),
        ("-0.50 | 13% | -0.08 | -0.58", []),
        ("-0.50 | 13% | -0.05 | -0.55", ["tax"]),
        ("100 | - | 0 | 100.00", []),
        ("100 | - | 5.00 | 105.00", ["tax"]),
        ("100 | 12% | 12.00 | 112.00", ["rate_unknown"]),
        ("100 | 17% | 17.00 | 117.00", ["rate_of_another_time"]),
        ("100 | 0% | 0.00 | 100.00", []),
    ],
)
def test_one_line_may_be_off_by_a_cent(row: str, breaks: list[str]) -> None:
    assert reckoned(f"number | net | rate | tax | total\n7 | {row}") == breaks


def test_an_invoice_of_several_lines_may_be_off_by_six_cents_in_sum_and_lines_do_not_cancel_out() -> None:
    rows = "number | net | rate | tax | total\n7 | 100 | 13% | {} | {}\n7 | 50 | 6% | {} | {}"
    assert reckoned(rows.format("13.03", "113.03", "3.03", "53.03")) == []
    assert reckoned(rows.format("13.04", "113.04", "3.03", "53.03")) == ["tax"]
    assert reckoned(rows.format("13.04", "113.04", "2.97", "52.97")) == ["tax"]
    assert reckoned(rows.format("13.00", "113.04", "3.00", "53.03")) == ["total"]


@pytest.mark.parametrize(
    ("row", "breaks"),
    [
        ("2018-04-30 | 17% | valid", []),
        ("2018-05-01 | 17% | valid", ["rate_of_another_time"]),
        ("2018-05-01 | 16% | valid", []),
        ("2018-04-30 | 16% | valid", ["rate_of_another_time"]),
        ("2019-03-31 | 13% | valid", ["rate_of_another_time"]),
        # A red letter bears the rate of what it takes back, but none of the future.
        ("2020-01-01 | 17% | red", []),
        ("2018-04-30 | 16% | red", ["rate_of_another_time"]),
        ("2020-01-01 | 17% | void", []),
    ],
)
def test_a_rate_counts_in_its_time(row: str, breaks: list[str]) -> None:
    assert reckoned(f"number | issued_on | rate | state\n7 | {row}") == breaks


def test_a_wrong_tax_is_told_with_both_figures_and_their_difference() -> None:
    table = "number | net | tax | total\n0007 | 1000 | 103 | 1103"
    (one,) = arithmetic_findings(invoices(table), documents(table), Policy(RATES))
    assert (one.item, one.date, one.expected, one.found, one.difference) == (
        "0007", dt.date(2026, 11, 5), "130.00", "103.00", -27_0000,
    )  # fmt: skip


ORIGINAL = "number | issued_on | state | net | original | buyer\n11 | 05 | {} | 100 | - | 海风公司\n"


def red(rows: str, state: str = "valid") -> list[str]:
    return told(red_findings(documents(ORIGINAL.format(state) + rows)))


@pytest.mark.parametrize(
    ("rows", "breaks"),
    [
        ("12 | 06 | red | -100 | 11 | 海风公司", []),
        ("12 | 06 | red | -60 | 11 | 海风公司\n13 | 07 | red | -40 | 11 | 海风公司", []),
        ("12 | 06 | red | -60 | 11 | 海风公司\n13 | 07 | red | -41 | 11 | 海风公司", ["13 beyond"]),
        # A voided red letter takes nothing back.
        ("12 | 06 | void | -60 | 11 | 海风公司\n13 | 07 | red | -100 | 11 | 海风公司", []),
        ("12 | 06 | red | -100.01 | 11 | 海风公司", ["12 beyond"]),
        ("12 | 06 | red | -100 | - | 海风公司", ["12 unnamed"]),
        ("12 | 06 | red | -100 | 99 | 海风公司", ["12 unknown"]),
        ("12 | 06 | red | -100 | 11 | 陆风公司", ["12 buyer"]),
        ("12 | 04 | red | -100 | 11 | 海风公司", ["12 later"]),
        ("12 | 06 | red | 100 | 11 | 海风公司", ["12 sign"]),
        ("12 | 06 | valid | -100 | - | 海风公司", ["12 unmarked"]),
    ],
)
def test_a_red_letter_fits_what_it_takes_back(rows: str, breaks: list[str]) -> None:
    assert red(rows) == [f"RED_LINK {one.replace(' ', ' red_link.')}" for one in breaks]


def test_a_void_invoice_is_not_taken_back_and_an_original_marked_red_is_no_red_letter() -> None:
    assert red("12 | 06 | red | -100 | 11 | 海风公司", "void") == ["RED_LINK 12 red_link.void"]
    assert red("12 | 06 | red | -100 | 11 | 海风公司", "red") == []
    assert red("12 | 06 | valid | 5 | - | 海风公司", "red") == ["RED_LINK 11 red_link.sign"]


def doubled(table: str) -> list[Finding]:
    return [*duplicate_findings(invoices(table), documents(table))]


@pytest.mark.parametrize(
    ("table", "breaks"),
    [
        # The same number once more with another amount.
        ("code | number | net\n4400 | 11 | 100\n4400 | 11 | 200", ["11 number"]),
        ("kind | code | number\nspecial | 4400 | 11\nordinary | 4400 | 11", ["11 number"]),
        ("kind | number | net\nspecial | 11 | 1\nordinary | 11 | 2", []),
        ("kind | number\na | 26117000000000000011\nb | 26117000000000000011", ["26117000000000000011 number"]),
        ("code | number | net\n4400 | 11 | 100\n4401 | 11 | 200", []),
        # One number, a line a rate, but two invoices.
        ("number | rate | buyer\n11 | 13% | 海风公司\n11 | 6% | 陆风公司", ["11 lines"]),
        ("number | rate\n11 | 13%\n11 | 6%", []),
        # The same sale twice?
        ("number\n11\n12", ["12 likely"]),
        ("number\n11\n12\n13", ["13 likely"]),
        ("number | issued_on\n11 | 05\n12 | 06", []),
        ("number | state\n11 | void\n12 | valid", []),
        ("number | net\n11 | 0\n12 | 0", []),
    ],
)  # fmt: skip
def test_what_is_there_twice_is_told_once(table: str, breaks: list[str]) -> None:
    assert told(doubled(table)) == [f"DUPLICATE {one.replace(' ', ' duplicate.')}" for one in breaks]


def test_a_series_that_begins_anew_uses_a_number_once_in_each_period() -> None:
    table = (
        "kind | number | issued_on | net\nsales | 0001 | 10-05 | 1\nsales | 0001 | 11-05 | 2\nsales | 0001 | 11-06 | 3"
    )
    register, whole = invoices(table), documents(table)
    assert len(duplicate_findings(register, whole, (Series("S", (), ("",), "month"),))[0].refs) == 2
    assert len(duplicate_findings(register, whole)[0].refs) == 3


def test_a_likely_duplicate_matters_less_than_a_number_used_twice() -> None:
    assert [severity_of(one) for one in doubled("number\n11\n12")] == ["low"]
    assert [severity_of(one) for one in doubled("number | net\n11 | 1\n11 | 2")] == ["medium"]


@pytest.mark.parametrize(
    ("row", "breaks"),
    [
        ("3 | 3 | valid", []), ("3 | 2 | valid", ["kept"]), ("3 | 2 | void", ["void"]), ("3 | 3 | void", []),
        ("3 | - | void", []), ("- | 2 | valid", []),
    ],
)  # fmt: skip
def test_copies_are_kept_and_all_of_a_voided_one(row: str, breaks: list[str]) -> None:
    found = told(copy_findings(invoices(f"number | copies | copies_held | state\n7 | {row}")))
    assert found == [f"COPY_MISSING 7 copy_missing.{one}" for one in breaks]


@pytest.mark.parametrize(
    ("rows", "breaks"),
    [
        ("- | 26117000000012345678", []),
        ("- | 25117000000012345678", ["NUMBER_FORMAT 25117000000012345678 number_format.year"]),
        ("- | 2611700000001234567", ["NUMBER_FORMAT 2611700000001234567 number_format.not_twenty"]),
        ("- | 26117000000012300000", ["NUMBER_DAMAGED 26117000000012300000 number_damaged.rounded"]),
        ("- | 2.6117E+19", ["NUMBER_DAMAGED 2.6117E+19 number_damaged.scientific"]),
        ("4400193130 | 12345678", []),
        ("4400193130 | 345678", ["NUMBER_DAMAGED 345678 number_damaged.zeros"]),
        ("4400193130 | 123456789", ["NUMBER_FORMAT 123456789 number_format.too_long"]),
        ("- | 遗失", ["NUMBER_FORMAT 遗失 number_format.no_digits"]),
        ("- | C536379", []),
        ("- | 2632000000A000000004", ["NUMBER_FORMAT 2632000000A000000004 number_format.not_twenty"]),
        ("4400193130 | 26117000000012345678", ["NUMBER_FORMAT 26117000000012345678 number_format.with_code"]),
    ],
)
def test_a_number_that_cannot_be_one_is_named_as_what_happened_to_it(rows: str, breaks: list[str]) -> None:
    assert told(number_findings(documents(f"code | number\n{rows}"))) == breaks


def test_a_number_with_a_letter_is_as_long_as_it_stands() -> None:
    (found,) = number_findings(documents("code | number\n- | 2632000000A000000004"))
    assert dict(found.message.parameters)["length"] == "20"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("91350100M000100Y43", ""), ("91350100m000100y43", ""), ("91350100M000100Y44", "check"),
        ("91350100M000100Y34", "check"), ("913501000001000", ""), ("360426199101010071", ""),
        ("360426199101010072", "check"), ("", ""), ("000000000000000000", ""), ("9.1350100E+17", "scientific"),
        ("9135010", "length"), ("DE123456789", ""),
    ],
)  # fmt: skip
def test_a_tax_number_is_proved_by_its_check_digit(text: str, reason: str) -> None:
    assert tax_number_reason(text) == reason


def test_one_wrong_tax_number_is_one_break_however_many_invoices_bear_it() -> None:
    found = tax_number_findings(documents("number | tax_number\n11 | 9135\n12 | 9135\n13 | 91350100M000100Y43"))
    assert told(found) == ["TAX_NUMBER 11 tax_number.length"]
    assert found[0].refs == ("invoices:special::11:1300", "invoices:special::12:1300")


@settings(max_examples=8)
@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from([0, 3, 6, 13]), st.integers(1, 28)), min_size=1),
    st.data(),
)
def test_a_clean_register_gives_no_finding(sales: list[tuple[int, int, int]], data: st.DataObject) -> None:
    rows = []
    for number, (cents, rate, day) in enumerate(sales, start=1):
        net = money(Decimal(cents) / 100)
        rows.append(f"{number:08d} | {day:02d} | {net} | {rate}% | 公司{number} | valid | -")
        if data.draw(st.booleans()):
            rows.append(f"{number + 5000:08d} | 28 | -{net} | {rate}% | 公司{number} | red | {number:08d}")
    table = "number | issued_on | net | rate | buyer | state | original\n" + "\n".join(data.draw(st.permutations(rows)))
    register, whole = invoices(table), documents(table)
    found = [
        *arithmetic_findings(register, whole, Policy(RATES)), *red_findings(whole), *copy_findings(register),
        *duplicate_findings(register, whole), *number_findings(whole), *tax_number_findings(whole),
    ]  # fmt: skip
    assert told(found) == []
