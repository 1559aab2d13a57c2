"""The rate check: which price and which discount are listed."""

from __future__ import annotations

import pytest

from tasks.night_audit.policy import Policy
from tasks.night_audit.rates import rate_findings
from tests.night_audit.drawing import hotel, named, said

OPERATORS = "operator | lowest_discount\n李 | 0.80\n张经理 | 0.50"
COMPANIES = "company | agreed_discount\n华东电力 | 0.70\n无协议公司 | -"
HEADING = "account | kind | discount | price | discount_reason | approved_by | company | operator | bed | priced_by"


def listed(*stays: str, **tables: str) -> list[str]:
    given = {"operators": OPERATORS, "corporate_accounts": COMPANIES} | tables
    return named(rate_findings(hotel(stays="\n".join((HEADING, *stays)), **given), Policy()))


@pytest.mark.parametrize(
    ("stay", "found"),
    [
        ("A1 | normal | 1.00 | 300.00 | - | - | - | 李 | - | day", []),
        ("A1 | normal | 0.855 | 256.50 | 老客 | - | - | 李 | - | day", []),
        ("A1 | normal | 1.00 | 299.99 | - | - | - | 李 | - | day", ["RATE_VARIANCE A1 300.00→299.99"]),
        ("A1 | normal | 1.00 | 310.00 | - | - | - | 李 | - | day", ["RATE_VARIANCE A1 300.00→310.00"]),
        ("A1 | normal | 1.00 | - | - | - | - | 李 | - | day", []),
        ("A1 | normal | 1.00 | 90.00 | - | - | - | 李 | 2 | day", []),
        ("A1 | shared | 1.00 | 90.00 | - | - | - | 李 | - | day", []),
        ("A1 | long | 0.50 | 100.00 | - | - | - | 李 | - | day", []),
        ("A1 | normal | 1.00 | 5000.00 | - | - | - | 李 | - | month", []),
        ("A1 | free | 0.00 | 0.00 | - | - | - | 李 | - | day", []),
        ("A1 | hourly | 0.30 | 80.00 | - | - | - | 李 | - | day", []),
    ],
)
def test_a_price_that_is_not_rack_rate_times_discount_is_listed(stay: str, found: list[str]) -> None:
    assert listed(stay) == found


@pytest.mark.parametrize(
    ("stay", "found"),
    [
        ("A1 | normal | 0.80 | 240.00 | 老客 | - | - | 李 | - | day", []),
        ("A1 | normal | 0.79 | 237.00 | 老客 | - | - | 李 | - | day", ["DISCOUNT_AUTHORITY A1 0.80→0.79"]),
        ("A1 | shared | 0.79 | 90.00 | 老客 | - | - | 李 | - | day", ["DISCOUNT_AUTHORITY A1 0.80→0.79"]),
        ("A1 | normal | 0.79 | 237.00 | 老客 | 张经理 | - | 李 | - | day", []),
        ("A1 | normal | 0.79 | 237.00 | 老客 | 王某 | - | 李 | - | day", ["DISCOUNT_AUTHORITY A1 0.80→0.79"]),
        ("A1 | normal | 0.95 | 285.00 | 老客 | - | - | 新人 | - | day", ["DISCOUNT_AUTHORITY A1 1.00→0.95"]),
    ],
)
def test_a_discount_below_the_authority_of_operator_and_approver_is_listed(stay: str, found: list[str]) -> None:
    assert listed(stay) == found


@pytest.mark.parametrize(
    ("stay", "found"),
    [
        ("A1 | normal | 0.90 | 270.00 | - | - | - | 李 | - | day", ["DISCOUNT_NO_REASON A1 →0.90"]),
        ("A1 | normal | 0.70 | 210.00 | - | - | 华东电力 | 李 | - | day", []),
        (
            "A1 | normal | 0.60 | 180.00 | 急 | 张经理 | 华东电力 | 李 | - | day",
            ["DISCOUNT_NO_REASON A1 0.70→0.60"],
        ),
        ("A1 | normal | 0.90 | 270.00 | - | - | 无协议公司 | 李 | - | day", ["DISCOUNT_NO_REASON A1 →0.90"]),
        ("A1 | normal | 0.90 | 270.00 | 促销 | - | 无协议公司 | 李 | - | day", []),
    ],
)
def test_a_discount_needs_a_reason_or_an_agreement_that_covers_it(stay: str, found: list[str]) -> None:
    assert listed(stay) == found


def test_authority_is_not_checked_where_operators_were_never_delivered() -> None:
    stays = f"{HEADING}\nA1 | normal | 0.50 | 150.00 | 老客 | - | - | 李 | - | day"
    assert rate_findings(hotel(stays=stays), Policy()) == []


def test_a_room_charge_that_the_pms_posted_otherwise_is_listed_with_its_row() -> None:
    books = hotel(stays="account\nA1\nA2", folio="number | account | amount\nF1 | A1 | 280.00\nF2 | A2 | 300.00")
    found = rate_findings(books, Policy())
    assert named(found) == ["RATE_VARIANCE A1 300.00→280.00"]
    assert found[0].refs == ("folio:F1", "stays:A1")
    assert found[0].difference == -20_0000


def test_the_words_name_price_discount_and_who_acts() -> None:
    stays = f"{HEADING}\nA1 | normal | 0.75 | 220.00 | - | - | 华东电力 | 李 | - | day"
    books = hotel(stays=stays, corporate_accounts="company | agreed_discount\n华东电力 | 0.80", operators=OPERATORS)
    told = {one.kind: said(one.message, "en") for one in rate_findings(books, Policy())}
    assert told["RATE_VARIANCE"].startswith(
        "Account A1 (王, room 301) has the price 220.00, but 300.00 × 0.75 is 225.00."
    )
    assert "the lowest that 李 may give, 0.80" in told["DISCOUNT_AUTHORITY"]
    assert "below the 0.80 agreed with 华东电力" in told["DISCOUNT_NO_REASON"]


def test_a_house_that_everybody_left_has_no_rates_to_check() -> None:
    books = hotel(
        stays="""
        account | departed_at | price  | rack_rate
        A1      | 20 12:00    | 200.00 | 300.00
        """,
    )

    assert rate_findings(books, Policy()) == []
