"""What the night posts: once for each stay, date and item, and never what the desk posted itself."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.night_audit.books import Books
from tasks.night_audit.charges import night_charges, of_month, share_of
from tasks.night_audit.policy import Package, Policy
from tasks.night_audit.rows import Kept
from tests.night_audit.drawing import drawn, hotel, rows

POLICY = Policy()
CONVERT = Policy(hourly_overnight="convert")


def charged(books: Books, policy: Policy = POLICY, columns: str = "account item amount") -> list[str]:
    return rows(night_charges(books, policy), columns)


def test_every_kind_of_stay_has_its_own_charge() -> None:
    books = hotel(
        stays="""
            account | room | bed | kind   | rack_rate | discount | price   | priced_by | due_out
            normal  | 301  | -   | normal | 388.00    | 0.85     | 329.80  | day       | 21 12:00
            differs | 302  | -   | normal | 388.00    | 0.85     | 300.00  | day       | 21 12:00
            long    | 303  | -   | long   | 300.00    | 0.60     | 180.00  | day       | 25 12:00
            monthly | 304  | -   | long   | 300.00    | 1.00     | 3000.01 | month     | 25 12:00
            bed_a   | 305  | 1   | shared | 300.00    | 1.00     | 120.00  | day       | 21 12:00
            bed_b   | 305  | 2   | shared | 300.00    | 1.00     | 90.00   | day       | 21 12:00
            free    | 306  | -   | free   | 300.00    | 1.00     | 300.00  | day       | 21 12:00
            house   | 307  | -   | house  | 300.00    | 1.00     | -       | day       | 21 12:00
            hourly  | 308  | -   | hourly | 300.00    | 0.50     | 80.00   | day       | 20 18:00
            unknown | 309  | -   | normal | 300.00    | 1.00     | -       | day       | 21 12:00
            """
    )
    assert charged(books, columns="account item amount kind") == [
        "bed_a room 120.00 paid",
        "bed_b room 90.00 paid",
        "differs room 300.00 paid",
        "free room 0.00 complimentary",
        "house room 0.00 house",
        "long room 180.00 paid",
        "monthly room 100.00 paid",
        "normal room 329.80 paid",
    ]


@pytest.mark.parametrize(
    ("due_out", "departed_at", "charge"),
    [
        ("20 18:00", "-", ["A1 room 150.01"]),
        ("21 04:00", "-", ["A1 room 150.01"]),
        ("20 18:00", "20 18:00", []),
        ("20 18:00", "21 08:00", []),
    ],
)
def test_an_hourly_stay_in_the_house_is_converted_only_by_policy(
    due_out: str, departed_at: str, charge: list[str]
) -> None:
    books = hotel(
        stays=f"""
            account | kind   | rack_rate | discount | price | arrived_at | due_out   | departed_at
            A1      | hourly | 300.01    | 0.50     | 80.00 | 20 14:00   | {due_out} | {departed_at}
            """
    )
    assert charged(books) == []
    assert charged(books, CONVERT) == charge


@pytest.mark.parametrize(
    ("arrived_at", "departed_at", "nights"),
    [
        ("20 14:00", "-", 1),
        ("21 02:00", "-", 1),
        ("21 02:00:01", "-", 0),
        ("19 14:00", "20 12:00", 0),
        ("20 09:00", "20 15:00", 0),
        ("19 14:00", "21 02:00", 0),
        ("19 14:00", "21 09:00", 1),
    ],
)
def test_who_arrived_by_the_end_of_the_night_belongs_to_it(arrived_at: str, departed_at: str, nights: int) -> None:
    books = hotel(stays=f"account | arrived_at | departed_at\nA1 | {arrived_at} | {departed_at}")
    assert len(night_charges(books, POLICY)) == nights


@given(
    price=st.integers(0, 10**9),
    month=st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31)),
)
@settings(max_examples=15, deadline=None)
def test_the_days_of_a_month_sum_to_its_price_exactly(price: int, month: dt.date) -> None:
    days = calendar.monthrange(month.year, month.month)[1]
    parts = [of_month(price, month.replace(day=day)) for day in range(1, days + 1)]
    assert sum(parts) == price
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


@pytest.mark.parametrize(
    ("amount", "share", "part"), [(1, 5000, 1), (-1, 5000, -1), (333, 1500, 50), (38800, 8500, 32980)]
)
def test_shares_are_rounded_half_up_once(amount: int, share: int, part: int) -> None:
    assert share_of(amount, share) == part


@pytest.mark.parametrize(
    ("folio", "posts"),
    [
        ("", True),
        ("F1 | room | 300.00 | - | 20", False),
        ("F1 | room | 200.00 | - | 20", False),
        ("F1 | ROOM | 300.00 | - | 20", False),
        ("F1 | room | 300.00 | - | 20\nF2 | room | -300.00 | F1 | 20", True),
        ("F1 | room | 300.00 | - | 20\nF2 | room | -300.00 | F1 | 20\nF3 | room | 280.00 | - | 20", False),
        ("F2 | room | -300.00 | F1 | 20", True),
        ("F2 | room | -300.00 | F1 | 20\nF3 | room | 300.00 | - | 20", False),
        ("F1 | allowance | -50.00 | - | 20", True),
        ("F1 | room | -50.00 | - | 20", True),
        ("F1 | room | 0.00 | - | 20", False),
        ("F1 | room | 0.00 | - | 20\nF2 | room | 0.00 | F1 | 20", True),
        ("F1 | room | 300.00 | - | 19", True),
        ("F1 | phone | 3.00 | - | 20", True),
    ],
)
def test_what_the_pms_posted_itself_is_not_posted_again(folio: str, *, posts: bool) -> None:
    heading = "number | item | amount | original | date"
    folio_rows = drawn("folio", f"{heading}\n{folio}")
    books = hotel(stays="account\nA1", folio=tuple(row._replace(account="A1", account_key="A1") for row in folio_rows))
    assert charged(books) == (["A1 room 300.00"] if posts else [])


def test_a_night_posting_that_comes_back_is_no_charge_of_the_desk() -> None:
    books = hotel(
        stays="account\nA1",
        folio="number | account | amount | night_posting\nF1 | A1 | 300.00 | DB-2026-11-20-1",
    )
    assert charged(books) == ["A1 room 300.00"]


def test_the_close_posts_nothing_twice() -> None:
    policy = Policy(packages=(Package("breakfast", "guest", amount=38_00), Package("service", share=1000)))
    stays = drawn("stays", "account | room | extra_beds | extra_bed_fee\nA1 | 301 | 1 | 80.00\nA2 | 302 | - | -")
    first = night_charges(hotel(stays=stays), policy)
    assert len(first) == 7
    kept = tuple(Kept(one.account_key, one.item, "DB", one.amount) for one in first)
    assert night_charges(hotel(stays=stays, postings=kept), policy) == ()
    rest = night_charges(hotel(stays=stays, postings=kept[:3]), policy)
    done = {(one.account_key, one.item) for one in kept[:3]} | {(one.account_key, one.item) for one in rest}
    assert (len(rest), len(done)) == (4, 7)


@given(
    chosen=st.lists(
        st.tuples(
            st.sampled_from(["normal", "long", "shared", "free", "house", "hourly"]),
            st.integers(1, 99_999),
            st.sampled_from(["day", "month"]),
            st.sampled_from(["", "room", "extra_bed", "service"]),
            st.booleans(),
        ),
        max_size=6,
    )
)
@settings(max_examples=10, deadline=None)
def test_whatever_the_desk_posted_each_item_is_charged_once(chosen: list[tuple[str, int, str, str, bool]]) -> None:
    policy = Policy(packages=(Package("service", share=1000),), hourly_overnight="convert")
    stay_rows = ["account | kind | price | priced_by | extra_beds | extra_bed_fee | due_out"]
    folio_rows = ["number | account | item | amount | original"]
    for place, (kind, cents, by, item, undone) in enumerate(chosen, 1):
        stay_rows.append(f"A{place} | {kind} | {cents / 100:.2f} | {by} | 1 | 5.00 | 20 18:00")
        folio_rows += [f"F{place} | A{place} | {item} | 7.00 | -"] if item else []
        folio_rows += [f"U{place} | A{place} | {item} | -7.00 | F{place}"] if item and undone else []
    stays, folio = drawn("stays", "\n".join(stay_rows)), drawn("folio", "\n".join(folio_rows))
    first = night_charges(hotel(stays=stays, folio=folio), policy)
    charged_items = [(one.account, one.item) for one in first]
    assert len(set(charged_items)) == len(charged_items)
    by_desk = {(f"A{place}", item) for place, (_, _, _, item, undone) in enumerate(chosen, 1) if item and not undone}
    assert not by_desk & set(charged_items)
    heading = "number | account | item | amount\n"
    lines = (f"N{place} | {one.account} | {one.item} | {one.amount / 100:.2f}" for place, one in enumerate(first))
    came_back = drawn("folio", heading + "\n".join(lines))
    assert night_charges(hotel(stays=stays, folio=(*folio, *came_back)), policy) == ()


def test_extra_beds_and_packages_follow_the_room() -> None:
    policy = Policy(
        packages=(
            Package("breakfast", "breakfast", amount=30_00),
            Package("报纸", "stay", amount=2_00),
            Package("城建费", "guest", amount=1_50),
            Package("service", share=1500),
        ),
        breakfasts={"双早": 2, "无": 0},
    )
    books = hotel(
        stays="""
            account | room | kind   | guests | extra_beds | extra_bed_fee | breakfast | price
            A1      | 301  | normal | 2      | 2          | 80.00         | ２份      | 333.33
            A2      | 302  | normal | -      | 1          | -             | 双早      | 300.00
            A3      | 303  | normal | 3      | 0          | 80.00         | 含        | 300.00
            A4      | 304  | normal | 1      | -          | -             | 无        | 300.00
            A5      | 305  | free   | 2      | 1          | 50.00         | 2         | 300.00
            """
    )
    assert charged(books, policy) == [
        "A1 room 333.33", "A1 extra_bed 160.00", "A1 breakfast 60.00", "A1 报纸 2.00", "A1 城建费 3.00",
        "A1 service 50.00",
        "A2 room 300.00", "A2 breakfast 60.00", "A2 报纸 2.00", "A2 城建费 1.50", "A2 service 45.00",
        "A3 room 300.00", "A3 breakfast 90.00", "A3 报纸 2.00", "A3 城建费 4.50", "A3 service 45.00",
        "A4 room 300.00", "A4 报纸 2.00", "A4 城建费 1.50", "A4 service 45.00",
        "A5 room 0.00", "A5 extra_bed 50.00",
    ]  # fmt: skip


def test_a_share_is_taken_of_the_room_charge_that_the_pms_posted() -> None:
    books = hotel(stays="account\nA1", folio="number | account | amount\nF1 | A1 | 200.00")
    assert charged(books, Policy(packages=(Package("service", share=1000),))) == ["A1 service 20.00"]


def test_a_package_is_an_amount_or_a_share() -> None:
    with pytest.raises(ValueError, match="either an amount or a share"):
        Package("tax")
