"""What a count covers, and the book that it freezes (spec 02, step 1)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tasks.stocktake.freezing import audited_since, frozen_stock, open_count_conflicts
from tasks.stocktake.scopes import Scope, counted_warehouses, scope_faults, scoped_stock
from tests.stocktake.drawing import COUNT, day, frame, kinds, rows

OPENED = dt.date(2026, 11, 1)
SITES = pd.DataFrame(
    {
        "site": ["DF01", "DF02", "DF03"],
        "department": ["第一业务部", "第一业务部", "第二业务部"],
        "active_from": pd.to_datetime(["", "2026-11-01", ""]).astype("datetime64[s]"),
        "active_to": pd.to_datetime(["", "", "2026-10-31"]).astype("datetime64[s]"),
    }
)
WAREHOUSES = pd.DataFrame(
    [
        ("DF01A", "DF01", "", "good", "site"),
        ("DF01B", "DF01", "", "damaged", "site"),
        ("DF02A", "DF02", "", "good", "site"),
        ("DF03A", "DF03", "", "good", "site"),
        ("D1A", "", "第一业务部", "good", "department"),
        ("SG01", "", "生产管理部", "good", "production"),
        ("SG02", "", "", "good", ""),
    ],
    columns=["warehouse", "site", "department", "quality", "tier"],
).assign(warehouse_key=lambda known: known["warehouse"], warehouse_name=lambda known: known["warehouse"])


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (Scope(), "D1A:第一业务部 DF01A:DF01 DF01B:DF01 DF02A:DF02"),
        (Scope(departments=("第一业务部",)), "D1A:第一业务部 DF01A:DF01 DF01B:DF01 DF02A:DF02"),
        (Scope(departments=("第二业务部",)), ""),
        (Scope(sites=("df-01",)), "DF01A:DF01 DF01B:DF01"),
        (Scope(warehouses=("DF01B", "SG02")), "DF01B:DF01 SG02:SG02"),
        (Scope(departments=("生产管理部",)), "SG01:生产管理部"),
        (Scope(sites=("DF01",), warehouses=("DF02A",)), ""),
        (Scope(sites=("DF03",)), ""),
    ],
)
def test_a_month_covers_active_sites_and_departments_and_a_scope_what_it_names(scope: Scope, covered: str) -> None:
    found = counted_warehouses(WAREHOUSES, SITES, OPENED, scope)
    assert " ".join(found["warehouse"] + ":" + found["code"]) == covered


def test_a_store_has_the_department_of_its_site() -> None:
    found = counted_warehouses(WAREHOUSES, SITES, OPENED, Scope(sites=("DF01",)))
    assert found["department"].tolist() == ["第一业务部", "第一业务部"]


STOCK = "warehouse | item\nDF01A | A1\nDF01A | A2\nDF01B | A1\nDF01A | A3\nDF01A | A4"
ITEMS = "item | abc\nA1 | A\nA2 | B\nA3 | A\nA4 | -"


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (Scope(classes=("a",)), ["A1", "A1", "A3"]),
        (Scope(items=("a-2", "A4")), ["A2", "A4"]),
        (Scope(items=("A1", "A2"), classes=("A",)), ["A1", "A1"]),
        (Scope(), ["A1", "A2", "A1", "A3", "A4"]),
        (Scope(spot=9), ["A1", "A2", "A1", "A3", "A4"]),
    ],
)
def test_items_are_chosen_by_class_and_by_list(scope: Scope, covered: list[str]) -> None:
    found = scoped_stock(frame("stock", STOCK), frame("items", ITEMS), scope)
    assert found["item_key"].tolist() == covered


def test_a_spot_count_draws_the_same_items_from_the_same_seed_whatever_the_order() -> None:
    stock = frame("stock", "item\n" + "\n".join(f"A{at:03d}" for at in range(300)))
    scope = Scope(spot=20, seed=7)
    drawn = scoped_stock(stock, frame("items", ITEMS), scope)
    again = scoped_stock(stock.sample(frac=1, random_state=1), frame("items", ITEMS), scope)
    assert len(drawn) == 20
    assert sorted(drawn["item_key"]) == sorted(again["item_key"])
    other = scoped_stock(stock, frame("items", ITEMS), Scope(spot=20, seed=8))
    assert set(other["item_key"]) != set(drawn["item_key"])


def test_what_no_master_knows_is_named() -> None:
    scope = Scope(("第九业务部",), ("DF01", "DF99"), ("DF01A", "XX"), ("A", "Z"), ("A1", "B9"))
    masters = (WAREHOUSES, SITES, frame("items", ITEMS))
    assert scope_faults(scope, *masters) == ("第九业务部", "DF99", "XX", "Z", "B9")


def test_a_month_is_known_by_having_no_scope() -> None:
    assert Scope(seed=3).monthly
    assert not Scope(spot=3).monthly


def on_hand(table: str) -> pd.DataFrame:
    """Rows of snapshots: warehouse, item, date, quantity."""
    drawn = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    named = pd.DataFrame(drawn, columns=["warehouse_key", "item_key", "date", "quantity"], dtype="str")
    dates = pd.Series([day(text) for text in named["date"]]).astype("datetime64[s]")
    return named.assign(date=dates, quantity=named["quantity"].astype("int64") * 10_000, serials="")


def test_the_frozen_book_is_the_newest_snapshot_and_what_moved_since() -> None:
    snapshots = on_hand("DF01A | A1 | 10-30 | 100\nDF01A | A2 | 10-30 | 0\nDF01B | A1 | 10-31 | 7")
    movements = frame(
        "movements",
        """
        warehouse | item | date  | quantity
        DF01A     | A1   | 10-30 | -5
        DF01A     | A1   | 10-31 | -8
        DF01A     | A1   | 01    | -9
        DF01A     | A3   | 10-31 | 4
        DF01A     | A4   | 10-29 | 4
        DF02A     | A1   | 09-15 | 12
        DF02A     | A1   | 10-20 | -2
        """,
    )
    found = frozen_stock(snapshots, movements, COUNT.cut_off)
    assert rows(found.assign(listed=""), "warehouse_key item_key frozen audited_before") == [
        "DF01A A1 92 -130000",
        "DF01A A2 0 0",
        "DF01A A3 4 40000",
        "DF01B A1 7 0",
        "DF02A A1 10 100000",
    ]


def test_documents_are_looked_for_two_months_behind_the_oldest_snapshot() -> None:
    snapshots = on_hand("DF01A | A1 | 10-30 | 100\nDF01B | A1 | 10-31 | 7")
    assert audited_since(snapshots, COUNT.cut_off) == dt.date(2026, 8, 29)
    assert audited_since(snapshots.iloc[:0], COUNT.cut_off) == dt.date(2026, 8, 30)


def test_a_second_open_count_of_an_item_at_one_site_is_refused() -> None:
    lines = frame(
        "lines",
        """
        site | warehouse | item
        DF01 | DF01A     | A1
        DF01 | DF01B     | A2
        DF02 | DF02A     | A1
        -    | D1A       | A1
        -    | D1B       | A1
        """,
    )
    open_before = frame(
        "lines",
        """
        site | warehouse | item | stocktake
        DF01 | DF01B     | A1   | 2026-11-S1
        DF01 | DF01B     | A3   | 2026-11-S1
        -    | D1B       | A1   | 2026-11-S2
        DF02 | DF02A     | A1   | 2026-11
        """,
    )
    found = open_count_conflicts(lines, open_before, COUNT)
    assert kinds(found) == ["OPEN_COUNT_CONFLICT"] * 2
    assert [(one.warehouse, one.item, one.found) for one in found] == [
        ("D1B", "A1", "2026-11-S2"),
        ("DF01A", "A1", "2026-11-S1"),
    ]
