"""What comes for a date that is closed is told, whether the seal keeps it out or it is taken in (spec 06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.night_audit.conftest import Begun, NewBegun
from tests.night_audit.hotel import B, a_hotel, closed, drop
from tests.night_audit.test_nights import broken, kinds

NEXT = B + dt.timedelta(days=1)
HEADS = {
    "stays": "账号|房号|客人|入住类型|抵店|预离|离店|门市价|折扣|房价|操作员",
    "pos_checks": "单号|营业点|时间|金额|结算|操作员",
    "shifts": "班次号|操作员|营业日|开班|交班|备用金|方式|交班金额",
    "reservations": "预订号|类型|预订人|房型|房数|预抵|预离|房价|确认|状态|录入人|录入时间",
    "operation_log": "时间|操作员|动作|对象|前|后",
}
GUEST = "王芳 | 正常 | 2026-11-19 15:00 | 2026-11-22 12:00"
BEFORE = {
    "pos_checks": """
        C1 | 中餐 | 2026-11-20 19:00 | 88.00 | 直接付款 | 吴
    """,
    "shifts": "S1 | 李 | 2026-11-20 | 2026-11-20 08:00 | 2026-11-20 16:00 | 200.00 | 现金 | 200.00",
    "reservations": "R1 | 散客 | 王 | 大床 | 1 | 2026-11-20 14:00 | 2026-11-23 | 300.00 | 是 | 预订 | 李 | 2026-11-01",
    "operation_log": "2026-11-20 10:00 | 李 | 换房 | A1 | 301 | 302",
}


def _first_night(home: Path) -> None:
    a_hotel(home)
    for name, table in BEFORE.items():
        drop(home, name, f"{HEADS[name]}\n{table}")
    closed(home)


@pytest.fixture(scope="module")
def first_night(new_begun: NewBegun) -> Begun:
    return new_begun(_first_night)


@pytest.fixture(params=["sqlite", "postgresql"])
def closed_home(request: pytest.FixtureRequest, home: Path, first_night: Begun) -> Iterator[Path]:
    """A hotel whose first date is closed, once on each database."""
    with first_night.lent(request.param, home) as lent:
        yield lent


@pytest.mark.parametrize(
    ("dataset", "row", "found", "words"),
    [
        ("stays", f"A1 | 301 | {GUEST} | 2026-11-21 11:00 | 300.00 | 1 | 300.00 | 李", "", ""),
        ("stays", f"A1 | 301 | {GUEST} | | 300.00 | 1 | 280.00 | 李", "", ""),
        ("stays", f"A1 | 301 | {GUEST} | 2026-11-21 02:00 | 300.00 | 1 | 300.00 | 李", "A1", "离店 原为 —"),
        (
            "stays", "A2 | 302 | 赵 | 正常 | 2026-11-20 23:00 | 2026-11-23 12:00 | | 300.00 | 1 | 300.00 | 李",
            "A2", "在 2026-11-20 关账后才送来",
        ),
        ("stays", "A2 | 302 | 赵 | 正常 | 2026-11-21 02:01 | 2026-11-23 12:00 | | 300.00 | 1 | 300.00 | 李", "", ""),
        ("pos_checks", "C1 | 中餐 | 2026-11-20 19:00 | 98.00 | 直接付款 | 吴", "C1", "金额 原为 88.00，现送来 98.00"),
        ("pos_checks", "C2 | 中餐 | 2026-11-21 01:59 | 98.00 | 直接付款 | 吴", "C2", "在 2026-11-20 关账后才送来"),
        ("pos_checks", "C2 | 中餐 | 2026-11-21 19:00 | 98.00 | 直接付款 | 吴", "", ""),
        (
            "shifts", "S1 | 李 | 2026-11-20 | 2026-11-20 08:00 | 2026-11-20 16:00 | 200.00 | 现金 | 300.00",
            "S1:cash", "属于已关账的 2026-11-20，交班金额 原为 200.00",
        ),
        (
            "reservations", "R1|散客|王|大床|1|2026-11-20 14:00|2026-11-23|280.00|是|预订|李|2026-11-01",
            "R1", "房价 原为 300.00",
        ),
        ("reservations", "R1|散客|王|大床|1|2026-11-20 14:00|2026-11-23|300.00|是|取消|李|2026-11-01", "", ""),
        ("reservations", "R2|散客|王|大床|1|2026-11-20 14:00|2026-11-23|300.00|是|预订|李|2026-11-01", "", ""),
    ],
)  # fmt: skip
def test_what_a_closed_date_rested_on_is_told_when_it_comes_otherwise(
    closed_home: Path, dataset: str, row: str, found: str, words: str
) -> None:
    drop(closed_home, dataset, f"{HEADS[dataset]}\n{row}", "b.csv")
    night = closed(closed_home, NEXT)

    told = night["exceptions"]
    assert isinstance(told, list)
    late = [one for one in told if one["kind"] == "CHANGED_AFTER_CLOSE"]
    assert [one["item"] for one in late] == ([found] if found else [])
    assert all(words in one["message"] for one in late)
    assert broken(closed_home) == []


def test_a_late_line_of_the_log_is_told_by_the_next_night_and_by_no_other(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(hotel_home, "operation_log", f"{HEADS['operation_log']}\n{BEFORE['operation_log']}")
    closed(hotel_home)

    late = "2026-11-21 01:30 | 李 | 改价 | A1 | 300.00 | 200.00"
    drop(hotel_home, "operation_log", f"{HEADS['operation_log']}\n{BEFORE['operation_log']}\n{late}", "b.csv")
    nights = [closed(hotel_home, NEXT + dt.timedelta(days=place)) for place in range(2)]

    pages = [(hotel_home / f"reports/night-audit/{day}/night-audit.txt").read_text("utf-8") for day in (B, NEXT)]
    assert ["PRICE_CHANGED_NEAR_CLOSE A1" in kinds(night) for night in nights] == [True, True]
    assert ["换房" in page for page in pages] == [True, False]
