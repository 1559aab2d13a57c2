"""What holds of every count, whatever was counted (spec 02: the real difference, never netted, never in silence)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.stocktake.accuracy import accuracy_of
from tasks.stocktake.adjusting import adjustments
from tasks.stocktake.comparing import Comparison, CountBooks, compared
from tasks.stocktake.deciding import groups_to_decide, standing_approvals
from tasks.stocktake.freezing import frozen_stock
from tasks.stocktake.limits import values_of, within_limits
from tasks.stocktake.policy import CountLimits, Policy
from tasks.stocktake.serials import serial_differences
from tasks.stocktake.shapes import PAIR, shaped
from tests.stocktake.drawing import COUNT, LENIENT, POLICY, SHEET, day, frame

ITEMS = ("A1", "A2", "A3")
QUANTITIES = st.integers(-3, 3).map(lambda whole: whole * 10_000)
# item, days after 30 October, quantity, known since: the opening (1 November), the sheet (5th), later
MOVEMENTS = st.lists(
    st.tuples(
        st.sampled_from(ITEMS), st.integers(0, 8), QUANTITIES, st.sampled_from(("01 06:00", "03 09:00", "09 09:00"))
    ),
    max_size=12,
)
# item, counted or blank, days after 30 October
COUNTS = st.lists(
    st.tuples(st.sampled_from((*ITEMS, "A4")), st.none() | st.integers(0, 6), st.integers(0, 8)),
    max_size=4,
    unique_by=lambda row: row[0],
)
Movement = tuple[str, int, int, str]
Counted = tuple[str, int | None, int]
EVE = pd.Timestamp(2026, 10, 30)


def movements_of(drawn: list[Movement]) -> pd.DataFrame:
    rows = [
        {
            "warehouse_key": "DF01A", "item_key": item, "document": f"Q{at}", "ref": f"erp:Q{at}:1",
            "quantity": quantity, "date": EVE + pd.Timedelta(days=days), "received_at": day(since).tz_localize("UTC"),
        }
        for at, (item, days, quantity, since) in enumerate(drawn)
    ]  # fmt: skip
    return shaped("movements", pd.DataFrame(rows, columns=list(frame("movements", "item").columns)))


def compared_with(moves: list[Movement], counts: list[Counted], policy: Policy = LENIENT) -> Comparison:
    """A count of ten of each item on 30 October; what was known at the opening is frozen, the rest comes later."""
    movements = movements_of(moves)
    known = movements[movements["received_at"] <= pd.Timestamp(COUNT.opened_at)]
    snapshot = pd.DataFrame({"warehouse_key": "DF01A", "item_key": list(ITEMS), "quantity": 100_000, "serials": ""})
    stock = frozen_stock(snapshot.assign(date=EVE), known, COUNT.cut_off)
    lines = frame("lines", "item\n" + "\n".join(ITEMS)).drop(columns=["frozen", "audited_before", "serials"])
    drawn = "".join(
        f"{item} | {'-' if count is None else count} | {EVE + pd.Timedelta(days=days):%m-%d}\n"
        for item, count, days in counts
    )
    books = CountBooks(
        lines=shaped("lines", lines.merge(stock, on=PAIR)),
        movements=movements,
        items=frame("items", "item\n" + "\n".join((*ITEMS, "A4"))),
        sheets=frame("sheets", f"number\n{SHEET}"),
    )
    return compared(COUNT, books, frame("counts", f"item | counted | counted_on\n{drawn}"), policy)


@settings(max_examples=15, deadline=None)
@given(MOVEMENTS, COUNTS)
def test_the_book_is_what_moved_by_the_day_of_the_count_however_late_it_was_told(
    moves: list[Movement], counts: list[Counted]
) -> None:
    found = compared_with(moves, counts)
    counted_on = {item: EVE + pd.Timedelta(days=days) for item, _, days in counts}
    for row in found.variances.to_dict("records"):
        item = row["item_key"]
        until = counted_on.get(item, pd.Timestamp(COUNT.cut_off))
        own = [move for move in moves if move[0] == item]
        # The snapshot is of 30 October: whatever is dated on that day and was known is in it already.
        after = [quantity for _, days, quantity, _ in own if days > 0 and EVE + pd.Timedelta(days=days) <= until]
        # What is dated on the day of the snapshot itself and came later is late and missing in it.
        late = [quantity for _, days, quantity, since in own if days == 0 and since != "01 06:00"]
        opening = 100_000 if item in ITEMS else 0
        undone = sum(q for _, days, q, _ in own if days == 0 and until < EVE)
        assert row["book"] == opening + sum(after) + sum(late) - undone


@settings(max_examples=10, deadline=None)
@given(MOVEMENTS, COUNTS)
def test_what_moves_after_the_count_changes_no_variance(moves: list[Movement], counts: list[Counted]) -> None:
    later: list[Movement] = [(item, 9, quantity, "09 09:00") for item, _, quantity, _ in moves]
    columns = [*PAIR, "book", "counted", "variance", "status"]
    one, other = compared_with(moves, counts), compared_with([*moves, *later], counts)
    pd.testing.assert_frame_equal(one.variances[columns], other.variances[columns])
    assert [found.id for found in one.findings] == [found.id for found in other.findings]


@settings(max_examples=10, deadline=None)
@given(MOVEMENTS, COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(moves: list[Movement], counts: list[Counted], random: Random) -> None:
    shuffled = random.sample(counts, len(counts))
    one, other = compared_with(moves, counts), compared_with(random.sample(moves, len(moves)), shuffled)
    columns = [*PAIR, "book", "variance", "value", "status"]
    pd.testing.assert_frame_equal(one.variances[columns], other.variances[columns])
    assert [(found.id, found.difference) for found in one.findings] == [
        (found.id, found.difference) for found in other.findings
    ]


@settings(max_examples=10, deadline=None)
@given(MOVEMENTS, COUNTS)
def test_every_variance_is_told_once_and_approved_it_takes_the_book_to_the_count(
    moves: list[Movement], counts: list[Counted]
) -> None:
    found = compared_with(moves, counts, POLICY)
    assert len({one.id for one in found.findings}) == len(found.findings)
    told = {(one.item, one.difference) for one in found.findings if one.kind in {"SURPLUS", "SHORTAGE"}}
    off = found.variances[(found.variances["variance"] != 0).fillna(value=False)]
    assert told == set(zip(off["item_key"], off["variance"], strict=True))
    blank = {one.item for one in found.findings if one.kind == "NOT_COUNTED"}
    assert blank == {item for item, count, _ in counts if count is None and item in ITEMS} | (
        set(ITEMS) - {item for item, _, _ in counts} if counts else set()
    )
    ready = found.variances.assign(status="ready")
    groups = groups_to_decide(COUNT, ready[ready["variance"].notna() & (ready["variance"] != 0)], {}, POLICY, ready[:0])
    asked = pd.concat([group.lines for group in groups], ignore_index=True) if groups else ready[:0]
    approved = shaped("approved", asked.assign(approved_by="王经理", approval_id=1))
    posted = adjustments(COUNT, standing_approvals(approved, ready), ready, {})
    signed = posted["quantity"].where(posted["direction"] == "in", -posted["quantity"])
    by_item = dict(zip(posted["item_key"], signed, strict=True))
    for row in off.to_dict("records"):
        assert row["book"] + by_item.pop(row["item_key"]) == row["counted"]
    assert not by_item


@settings(max_examples=15, deadline=None)
@given(MOVEMENTS, COUNTS)
def test_shares_lie_between_nothing_and_all_and_a_perfect_count_has_them_all(
    moves: list[Movement], counts: list[Counted]
) -> None:
    found = compared_with(moves, counts)
    for share in accuracy_of(found.variances).shares.values():
        assert share is None or 0 <= Decimal(share) <= 1
    perfect = found.variances.assign(counted=found.variances["book"], variance=0, value=0, within=True, listed=True)
    perfect = perfect.astype({"counted": "Int64", "variance": "Int64", "value": "Int64"})
    assert {share for share in accuracy_of(perfect).shares.values() if share is not None} == {"1.000000"}


LARGE = st.integers(-(10**14), 10**14)


@settings(max_examples=200, deadline=None)
@given(LARGE, st.integers(0, 10**10))
def test_a_value_is_the_exact_product_rounded_half_up(quantity: int, price: int) -> None:
    found = values_of(pd.Series([quantity], dtype="Int64"), pd.Series([price], dtype="Int64"))
    exact = (Decimal(abs(quantity)) * price / 1_000_000).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert found.tolist() == [int(exact) if quantity >= 0 else -int(exact)]


@settings(max_examples=200, deadline=None)
@given(LARGE, LARGE, st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_share_of_the_book_is_judged_exactly(book: int, counted: int, plus: int, minus: int) -> None:
    policy = Policy({"": CountLimits(plus, minus)}, "", 0, (), "", 5, 3, blind=False)
    variance = pd.Series([counted - book], dtype="Int64")
    rows = pd.DataFrame({"abc": pd.Series([""], dtype="str"), "book": [book], "variance": variance})
    inside = bool(within_limits(rows.assign(value=pd.Series([pd.NA], dtype="Int64")), policy)[0])
    if counted == book:
        assert inside
    elif book == 0:
        assert not inside
    else:
        share = Fraction(abs(counted - book), abs(book))
        assert inside == (share <= Fraction(plus if counted > book else minus, 10_000))


SERIALS = st.sets(st.sampled_from(("S1", "S2", "S3", "S4", "S5")))


@settings(max_examples=15, deadline=None)
@given(SERIALS, SERIALS)
def test_serials_missing_and_extra_make_one_set_the_other(book: set[str], count: set[str]) -> None:
    rows = pd.DataFrame(
        {
            "serials": [" ".join(sorted(book))],
            "counted_serials": ["、".join(sorted(count))],
            "counted": pd.array([0], dtype="Int64"),
        }
    )
    found = serial_differences(rows)
    missing, extra = (set(found.loc[found["kind"] == kind, "serial"]) for kind in ("missing", "extra"))
    # Where the book knows none, serials are not checked.
    assert (missing, extra) == ((book - count, count - book) if book else (set(), set()))
