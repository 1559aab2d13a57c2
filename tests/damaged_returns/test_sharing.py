"""Shares to the cent, and who bears the freight of whom (spec 00: rounding; spec 03: a batch's freight)."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.damaged_returns.bearers import borne, named_by, with_shares
from tasks.damaged_returns.sharing import freight_of_parts, shared
from tasks.domain.freight_text import FreightText, read_freight
from tests.damaged_returns.tracks import frame


def shares_of(amount: int, weights: list[int | None]) -> list[int]:
    groups = pd.Series(["b"] * len(weights), dtype="str")
    return [int(one) for one in shared(pd.Series({"b": amount}), groups, pd.Series(weights, dtype="Int64"))]


def test_a_thousand_over_three_boxes_is_shared_as_the_rule_says() -> None:
    assert shares_of(100_000, [864_000, 540_000, 990_000]) == [36_090, 22_557, 41_353]


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (100, [0, 0], [50, 50]),
        (100, [5, None], [50, 50]),
        (101, [5, None], [51, 50]),
        (1, [1, 1, 1], [1, 0, 0]),
        (0, [1, 2], [0, 0]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (100, [0, 7], [0, 100]),
    ],
)
def test_what_is_left_goes_to_the_largest_remainder_then_to_the_first(
    amount: int, weights: list[int | None], shares: list[int]
) -> None:
    assert shares_of(amount, weights) == shares


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 10**15), min_size=1, max_size=9),
)
def test_shares_add_up_and_each_is_within_a_cent_of_its_part(amount: int, weights: list[int]) -> None:
    shares = shares_of(amount, list(weights))
    assert sum(shares) == amount
    whole = sum(weights)
    for weight, share in zip(weights, shares, strict=True):
        part = Fraction(weight, whole) if whole else Fraction(1, len(weights))
        assert abs(share - amount * part) < 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 10**6)), max_size=20))
def test_groups_do_not_touch_one_another(rows: list[tuple[str, int]]) -> None:
    amounts = pd.Series({"a": 9_999, "b": 1_000_003})
    groups = pd.Series([group for group, _ in rows], dtype="str")
    together = shared(amounts, groups, pd.Series([weight for _, weight in rows], dtype="int64"))
    for group in "abc":
        own = together[(groups == group).to_numpy()]
        alone = [weight for name, weight in rows if name == group]
        assert own.isna().all() if group == "c" else own.tolist() == shares_of(int(amounts[group]), list(alone))


PARTS = """
    serial | batch | box | quantity | unit_volume
    S1     | B-1   | X1  | 1        | 1
    S2     | B-1   | X1  | 2        | 1
    S3     | B-1   | X2  | 1        | -
    S4     | B-1   | X3  | 3        | 7
    S5     | B-1   | X3  | 1        | -
    S6     | B-2   | X1  | 1        | 1
"""
BOXES = """
    batch | box | volume | weight
    B-1   | X1  | 0.864  | 20
    B-1   | X2  | 0.540  | 20
    B-1   | X3  | 0.990  | 60
    B-2   | X1  | 5      | 1
"""


def freights(by: str) -> list[int]:
    shares = freight_of_parts(frame("sealed", PARTS), frame("batch_boxes", BOXES), pd.Series({"B-1": 100_000}), by)
    assert shares.isna().tolist() == [False] * 5 + [True]
    return [int(one) for one in shares[:5]]


def test_the_parts_of_a_box_add_up_to_what_the_box_bears() -> None:
    assert freights("volume") == [12_030, 24_060, 22_557, 31_015, 10_338]
    assert sum(freights("volume")) == 100_000


def test_freight_may_be_shared_by_weight() -> None:
    assert freights("weight") == [6_667, 13_333, 20_000, 45_000, 15_000]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("780.34", FreightText("amount", 78_034)),
        ("4521.5", FreightText("amount", 452_150)),
        ("¥１，０００", FreightText("amount", 100_000)),
        ("388元", FreightText("amount", 38_800)),
        ("See DN-304 (ID#:10589)", FreightText("elsewhere", number="DN304", row="10589")),
        ("see asn-93", FreightText("elsewhere", number="ASN93")),
        ("见运单 YD-2", FreightText("elsewhere", number="YD2")),
        ("見運單YD-2", FreightText("elsewhere", number="YD2")),
        ("并入 YD-2", FreightText("elsewhere", number="YD2")),
        ("Freight Included in Commodity Cost", FreightText("included")),
        ("运费已含在货款中", FreightText("included")),
        ("包邮", FreightText("included")),
        ("Invoiced Separately", FreightText("separately")),
        ("另行开票", FreightText("separately")),
        ("", FreightText("blank")),
        ("-5", FreightText("unreadable")),
        ("1.005", FreightText("unreadable")),
        ("约一千", FreightText("unreadable")),
        ("See you", FreightText("unreadable")),
    ],
)
def test_what_stands_in_place_of_a_freight_is_understood_or_refused(text: str, meaning: FreightText) -> None:
    assert read_freight(text) == meaning


def bearers(*rows: str) -> list[str]:
    """Each row `number: text` as `bearer fault`, the bearer by its number."""
    numbers, texts = zip(*(row.split(": ") for row in rows), strict=True)
    frame = pd.DataFrame({"number_key": numbers, "row_key": "", "cost_text": texts}, dtype="str")
    found = borne(frame)
    return [
        f"{numbers[at] if at >= 0 else '-'} {fault}".strip()
        for at, fault in zip(found["bearer"], found["fault"], strict=True)
    ]


def test_references_are_followed_to_the_one_who_bears_the_freight() -> None:
    assert bearers("1: 100", "2: see 1", "3: see 2", "4: see 3") == ["1", "1", "1", "1"]


def test_cycles_and_dangling_references_are_named_and_so_is_what_leads_into_them() -> None:
    assert bearers("1: see 2", "2: see 1", "3: see 1", "4: see 4") == ["- cycle"] * 4
    assert bearers("1: see 9", "2: see 1") == ["- dangling", "-"]


def test_a_number_and_a_row_that_belong_to_different_shipments_contradict() -> None:
    frame = pd.DataFrame(
        {
            "number_key": ["DN1", "DN2", "DN3", "DN3"],
            "row_key": ["1", "2", "3", "4"],
            "cost_text": ["5", "7", "See DN-1 (ID#:2)", "See DN-2 (ID#:2)"],
        },
        dtype="str",
    )
    found = borne(frame)
    assert found["fault"].tolist() == ["", "", "contradicts", ""]
    assert found["bearer"].tolist() == [0, 1, -1, 1]


@given(st.lists(st.integers(-1, 12), min_size=1, max_size=12))
def test_every_row_has_a_bearer_or_a_reason_on_its_way(targets: list[int]) -> None:
    """A row numbered n names the row `targets[n]`; -1 bears its own freight, 12 is nowhere."""
    rows = [f"{at}: {'100' if target < 0 else f'see {target}'}" for at, target in enumerate(targets)]
    found = bearers(*rows)
    for at in range(len(targets)):
        seen, place = [], at
        while 0 <= place < len(targets) and targets[place] >= 0 and place not in seen:
            seen.append(place)
            place = targets[place]
        if place in seen:
            assert found[at] == "- cycle"
        elif place >= len(targets):
            assert found[seen[-1]] == "- dangling"
            assert found[at].startswith("-")
        else:
            assert found[at] == str(place)


def of_shipments(drawn: str) -> pd.DataFrame:
    """`number: freight weight`, one a line, as the frame that is shared; a dash for no weight."""
    lines = [line.replace(":", " ", 1).rsplit(maxsplit=1) for line in drawn.strip().splitlines()]
    split = [(*first.split(maxsplit=1), weight) for first, weight in lines]
    freights = [text for _, text, _ in split]
    return pd.DataFrame(
        {
            "number_key": pd.Series([number for number, _, _ in split], dtype="str"),
            "freight": pd.Series(freights, dtype="str"),
            "cost": pd.array([read_freight(text).cents for text in freights], dtype="Int64"),
            "weight": pd.array([None if one == "-" else int(one) for _, _, one in split], dtype="Int64"),
        }
    )


@pytest.mark.parametrize(
    ("drawn", "shares", "faults"),
    [
        ("Y1: 1000.00 3\nY2: 见运单 Y1 1", [75_000, 25_000], ["", ""]),
        ("Y1: 1000.00 -\nY2: 见运单 Y1 1\nY3: see Y2 1", [33_334, 33_333, 33_333], ["", "", ""]),
        ("Y1: 100 1\nY2: 见运单 Y9 1", [10_000, None], ["", "dangling"]),
        ("Y1: 见 Y2 1\nY2: 见 Y1 1\nY3: 同 Y2 1", [None] * 3, ["cycle"] * 3),
        ("Y1: Freight Included in Commodity Cost 1\nY2: Invoiced Separately 1\nY3: 见 Y1 1", [None] * 3, [""] * 3),
        ("Y1: 80 1\nY2: See Y1 (ID#:10589) 1", [4_000, 4_000], ["", ""]),
    ],
)
def test_a_shipment_shares_the_freight_that_it_names(drawn: str, shares: list[int | None], faults: list[str]) -> None:
    found = with_shares(of_shipments(drawn))
    assert [None if pd.isna(one) else int(one) for one in found["borne"]] == shares
    assert found["fault"].tolist() == faults
    assert named_by(of_shipments(drawn)) == ({"Y9"} if "dangling" in faults else set())


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), min_size=1, max_size=10))
def test_the_shares_of_all_shipments_are_the_freights_that_are_stated(rows: list[tuple[int, int]]) -> None:
    lines = [
        f"Y{at}: {f'{weight}.05' if named == at else f'见 Y{named}'} {weight}"
        for at, (named, weight) in enumerate(rows)
    ]
    drawn = of_shipments("\n".join(lines))
    found = with_shares(drawn)
    assert found["borne"].sum() == drawn["cost"].sum()
    assert found.loc[drawn["cost"].notna(), "borne"].notna().all()
    assert found.loc[found["fault"] != "", "borne"].isna().all()
