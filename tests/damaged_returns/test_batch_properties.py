"""What holds of every day's batches, whatever the sites list, box and keep (spec 03).

Each example is a company of many sites, for one look at three hundred costs hardly more than at one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.damaged_returns.batching import Sealing, due_batches
from tasks.damaged_returns.eligibility import Stores, judged_parts
from tasks.damaged_returns.packing import judged_boxes
from tasks.damaged_returns.policy import Policy
from tasks.damaged_returns.shapes import shaped
from tasks.damaged_returns.triggering import judged_sites

TODAY = pd.Timestamp("2026-11-20").as_unit("s")
SITES, PARTS, BOXES = 300, 1_500, 3
POLICY = Policy()
COMPANIES = settings(max_examples=3, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
PLACE, BOX = ["site", "item_key"], ["site", "box_key"]


@dataclass(frozen=True)
class Company:
    """What stands on a day: the frames of the core, each drawn at random."""

    listed: pd.DataFrame
    boxes: pd.DataFrame | None
    items: pd.DataFrame
    stock: pd.DataFrame
    leaving: pd.DataFrame
    last_batches: pd.DataFrame


@dataclass(frozen=True)
class Day:
    """What the day found."""

    waiting: pd.DataFrame
    packed: pd.DataFrame
    sites: pd.DataFrame
    sealing: Sealing


def company(seed: int) -> Company:
    """Sites with parts, boxes, stock and batches before, all sorts of them right and wrong."""
    chance = np.random.default_rng(seed)
    codes = np.array([f"F{at:03d}" for at in range(SITES)])

    def some(values: list[Any], size: int = PARTS) -> np.ndarray[Any, Any]:
        return chance.choice(np.array(values, dtype=object), size)

    of_site = chance.integers(0, SITES, PARTS)
    serial = [f"S{at:05d}" for at in range(PARTS)]
    box, item = some(["X1", "X1", "X2", "X3", ""]), some(["A1", "A1", "A2", "A3"])
    listed = pd.DataFrame({"serial": serial, "serial_key": serial, "site": codes[of_site], "box": box, "box_key": box})
    listed = listed.assign(
        item=item, item_key=item, turbine=some(["F07"] * 9 + [""]), replaced_on=TODAY, quantity=10_000
    )
    listed[["item_name", "specification", "replaced_by", "new_serial", "cause"]] = "told"
    listed["quantity"] = 10_000
    ages = pd.Series(pd.array(some([1, 14, 15, 15, 16, 18, None]), dtype="Int64"))
    listed["registered_on"] = TODAY - pd.to_timedelta(ages, unit="D")
    sizes = [9_000, 10_000, 12_000, 15_000, None]
    boxes = pd.DataFrame({"site": np.repeat(codes, BOXES), "box_key": np.tile(["X1", "X2", "X3"], SITES)})
    boxes = boxes.assign(box=boxes["box_key"], plastic="yes", separators="yes")
    boxes["packing"] = some(["wooden_box"] * 9 + ["carton"], len(boxes))
    for side in ("length", "width", "height"):
        boxes[side] = pd.array(some(sizes, len(boxes)), dtype="Int64")
    known = codes[: SITES // 2]
    stock = pd.DataFrame({"site": np.repeat(known, 3), "item_key": np.tile(["A1", "A2", "A3"], len(known))})
    stock["most"] = chance.integers(0, 5, len(stock)) * 10_000
    before = chance.integers(10, 20, SITES // 3)
    last = pd.DataFrame({"site": codes[::3][: len(before)], "date": TODAY - pd.to_timedelta(before, unit="D")})
    items = pd.DataFrame(
        {"item_key": ["A1", "A2", "A3"], "item_class": ["II", "I", "II"], "sort": ["spare", "spare", "tool"]}
    )
    return Company(
        shaped("listed", listed),
        shaped("boxes", boxes) if chance.integers(0, 3) else None,
        shaped("items", items.assign(warranty_until=pd.Series([None, None, TODAY]))),
        shaped("stock", stock.assign(least=stock["most"])),
        shaped("leaving", pd.DataFrame()),
        shaped("last_batches", last),
    )


def looked_at(one: Company) -> Day:
    known = frozenset(one.stock["site"])
    stores = Stores(one.stock, one.leaving, one.leaving, known, {})
    waiting = judged_parts(one.listed, one.items, stores, TODAY, POLICY.scrap_limit)
    packed = judged_boxes(waiting, one.boxes)
    sites = judged_sites(waiting, packed, one.last_batches, POLICY, TODAY)
    return Day(waiting, packed, sites, due_batches(waiting, packed, sites, {}, TODAY))


@COMPANIES
@given(SEEDS)
def test_each_part_is_sealed_once_with_its_whole_box_or_waits_for_a_reason(seed: int) -> None:
    drawn = company(seed)
    found = looked_at(drawn)
    parts, boxes, batches = found.sealing.parts, found.sealing.boxes, found.sealing.batches

    assert sorted(found.waiting["serial"]) == sorted(drawn.listed["serial"])
    states = found.waiting.merge(
        found.packed[["site", "box_key", "state"]], on=["site", "box_key"], suffixes=("", "_box")
    )
    due = set(found.sites.loc[found.sites["cause"] != "", "site"])
    goes = (states["state"] == "eligible") & (states["state_box"] == "ready") & states["site"].isin(due)
    assert parts["serial_key"].is_unique
    assert set(parts["serial"]) == set(states.loc[goes, "serial"])
    assert 0 < len(parts) < len(found.waiting)

    boxed = states.assign(goes=goes)[states["box_key"] != ""]
    together = boxed.groupby(BOX)["goes"]
    assert (together.min() == together.max()).all()
    assert boxes[["batch", "box_key"]].drop_duplicates().shape[0] == len(boxes)
    assert batches["site"].is_unique
    assert batches["parts"].tolist() == parts.groupby("batch").size().reindex(batches["batch"]).tolist()
    assert (batches["parts"] > 0).all()
    assert set(batches["batch"]) == set(boxes["batch"])


@COMPANIES
@given(SEEDS)
def test_neither_the_order_of_rows_nor_a_second_run_changes_what_is_sealed(seed: int) -> None:
    drawn = company(seed)
    sealing = looked_at(drawn).sealing
    mixed = {
        name: shaped(name, frame.sample(frac=1, random_state=seed % 1000))
        for name, frame in vars(drawn).items()
        if frame is not None
    }
    other = looked_at(replace(drawn, **mixed)).sealing
    for name in ("batches", "boxes", "parts"):
        pd.testing.assert_frame_equal(getattr(sealing, name), getattr(other, name))

    rest = drawn.listed[~drawn.listed["serial"].isin(sealing.parts["serial"])]
    leaving = sealing.parts.groupby(PLACE)["quantity"].sum().reset_index()
    last = pd.concat([drawn.last_batches, sealing.batches[["site", "date"]]])
    again = replace(drawn, listed=shaped("listed", rest), leaving=shaped("leaving", leaving), last_batches=last)
    assert looked_at(again).sealing.batches.empty


@COMPANIES
@given(SEEDS)
def test_a_site_is_due_at_exactly_three_cubic_metres_or_on_the_fifteenth_day(seed: int) -> None:
    chance = np.random.default_rng(seed)
    site = np.array([f"F{at:03d}" for at in range(SITES)])
    first, days = chance.integers(0, POLICY.volume, SITES), chance.integers(10, 20, SITES)
    # The second box brings most sites to a hair below the limit, to the limit itself or to a hair above it.
    second = np.where(days % 4 == 0, 1, POLICY.volume - first + chance.integers(-1, 2, SITES))
    parts = pd.DataFrame({"site": site, "state": "eligible", "registered_on": TODAY - pd.to_timedelta(days, unit="D")})
    boxes = pd.DataFrame({"site": np.tile(site, 2), "state": "ready", "volume": np.concatenate([first, second])})
    none = shaped("last_batches", pd.DataFrame())
    found = judged_sites(shaped("waiting", parts), shaped("packed", boxes), none, POLICY, TODAY)
    full = [int(one) + int(other) >= POLICY.volume for one, other in zip(first, second, strict=True)]
    over = (days >= POLICY.days).tolist()
    assert found["cause"].tolist() == [
        "volume" if big else "days" if late else "" for big, late in zip(full, over, strict=True)
    ]
