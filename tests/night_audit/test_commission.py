"""Commission: for each room and night within its dates, taken back outside them."""

from __future__ import annotations

import pytest

from tasks.night_audit.commission import night_commission
from tasks.night_audit.policy import Policy
from tests.night_audit.drawing import hotel, named, rows, said

HEADING = "account | room | kind | source | commission | commission_from | commission_to"


def accrued(*stays: str) -> list[str]:
    books = hotel(stays="\n".join((HEADING, *stays)))
    return rows(night_commission(books, Policy()).accruals, "account source amount")


@pytest.mark.parametrize(
    ("begins", "ends", "accrues"),
    [
        ("20", "20", True),
        ("18", "25", True),
        ("21", "25", False),
        ("10", "19", False),
        ("-", "20", True),
        ("20", "-", True),
        ("-", "-", True),
    ],
)
def test_it_accrues_on_the_nights_between_its_dates_both_included(begins: str, ends: str, *, accrues: bool) -> None:
    expected = ["A1 携程 20.00"] if accrues else []
    assert accrued(f"A1 | 301 | normal | 携程 | 20.00 | {begins} | {ends}") == expected


def test_it_is_of_the_room_and_of_paid_rooms_alone() -> None:
    assert accrued(
        "A1 | 301 | shared | 携程 | 20.00 | - | -",
        "A2 | 301 | shared | 携程 | 25.00 | - | -",
        "A3 | 302 | long   | 携程 | 20.00 | - | -",
        "A4 | 303 | free   | 携程 | 20.00 | - | -",
        "A5 | 304 | house  | 携程 | 20.00 | - | -",
        "A6 | 305 | hourly | 携程 | 20.00 | - | -",
        "A7 | 306 | normal | 携程 | -     | - | -",
    ) == ["A2 携程 25.00", "A3 携程 20.00"]


def test_what_was_accrued_outside_its_dates_is_proposed_for_reversal() -> None:
    stays = f"{HEADING}\nA1 | 301 | normal | 携程 | 20.00 | 18 | 19\nA2 | 302 | normal | 携程 | 20.00 | 18 | 25"
    books = hotel(
        stays=stays,
        folio="""
            number | account | item       | amount | original
            F1     | A1      | commission | 20.00  | -
            F2     | A2      | commission | 20.00  | -
            F3     | A1      | commission | 20.00  | -
            F4     | A1      | commission | -20.00 | F3
            """,
        accruals="""
            account | room | business_date | amount
            A1      | 301  | 17            | 20.00
            A1      | 301  | 19            | 20.00
            """,
    )
    found = night_commission(books, Policy())
    assert rows(found.reversals, "account original date amount") == ["A1 - 17 -20.00", "A1 F1 20 -20.00"]
    assert named(found.findings) == ["COMMISSION_OUTSIDE A1 0.00→20.00"] * 2
    assert "红冲 -20.00" in said(found.findings[1].message)
    assert len({one.id for one in found.findings}) == 2
