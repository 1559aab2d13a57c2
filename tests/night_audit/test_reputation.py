"""The month's bookings by who sold them, for whom and from where."""

from __future__ import annotations

import datetime as dt

from tasks.night_audit.policy import Policy
from tasks.night_audit.reputation import BY, reputation
from tasks.night_audit.reservations import standing
from tests.night_audit.drawing import hotel, moment, rows


def test_each_booking_of_the_month_counts_once_by_salesperson_company_and_source() -> None:
    books = hotel(
        reservations="""
            reservation | salesperson | source | booker   | group_name | state      | due_in
            R1          | 钱          | 携程   | 王       | -          | checked_in | 02 14:00
            R2          | 钱          | 携程   | 华东 电力 | -          | no_show    | 03 14:00
            R3          | 孙          | 电话   | 李       | 华东电力   | cancelled  | 04 14:00
            R4          | -           | 电话   | 周       | -          | booked     | 20 14:00
            R5          | -           | 电话   | 周       | -          | released   | 12-01 01:00
            R6          | 孙          | 电话   | 周       | -          | booked     | 12-01 14:00
            """,
        stays="account | reservation | company\nA1 | R1 | 北方风电",
    )
    now = standing(books, Policy(), moment("21 02:00"))
    told = reputation(now, books.stays, ["华东电力"], dt.date(2026, 11, 20))
    assert rows(told, "by name bookings arrived cancelled no_shows released no_show_rate") == [
        "salesperson - 2 0 0 0 1 0.000000",
        "salesperson 孙 1 0 1 0 0 0.000000",
        "salesperson 钱 2 1 0 1 0 0.500000",
        "company - 2 0 0 0 1 0.000000",
        "company 北方风电 1 1 0 0 0 0.000000",
        "company 华东电力 2 0 1 1 0 0.500000",
        "source 携程 2 1 0 1 0 0.500000",
        "source 电话 3 0 1 0 1 0.000000",
    ]
    assert {sum(row.bookings for row in told if row.by == by) for by in BY} == {5}


def test_a_month_without_bookings_has_no_rows() -> None:
    books = hotel(reservations="reservation\nR1")
    now = standing(books, Policy(), moment("21 02:00"))
    assert reputation(now, books.stays, [], dt.date(2026, 10, 1)) == ()
    assert [row.by for row in reputation(now, books.stays, [], dt.date(2026, 11, 1))] == [*BY]
