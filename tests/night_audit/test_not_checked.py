"""A check whose dataset was never delivered is not made: it neither blocks nor finds fault with every row (spec 00)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.night_audit.hotel import ROOMS, TYPES, B, closed, drop

STAYS = """
账号 | 房号 | 客人 | 入住类型 | 抵店             | 预离             | 门市价 | 折扣 | 房价   | 操作员
A1   | 301  | 王芳 | 正常     | 2026-11-20 15:00 | 2026-11-22 12:00 | 300.00 | 1    | 300.00 | 李
"""
FOLIO = """
流水号 | 账号 | 营业日     | 时间             | 项目 | 金额  | 操作员 | 营业点
F1     | A1   | 2026-11-20 | 2026-11-20 20:00 | 电话 | 10.00 | 李     |
"""
CHECKS = """
单号 | 营业点 | 时间             | 金额  | 结算   | 房号 | 客人 | 操作员
C1   | 中餐厅 | 2026-11-20 19:00 | 88.00 | 挂房账 | 301  | 王芳 | 吴
"""
PAYMENTS = """
流水号 | 账号 | 营业日     | 时间             | 方式     | 金额   | 操作员 | 班次号
P1     | A1   | 2026-11-20 | 2026-11-20 10:00 | 现金     | 500.00 | 李     | S1
P2     | A9   | 2026-11-20 | 2026-11-20 10:00 | 单位记账 | 70.00  | 李     | S1
P3     | 华东 | 2026-11-20 | 2026-11-20 10:00 | 现金     | 30.00  | 李     | S1
"""
DEPOSITS = """
流水号 | 账号 | 日期时间         | 方式 | 金额   | 类型 | 操作员 | 班次号
D1     | A1   | 2026-11-20 15:00 | 现金 | 100.00 | 收取 | 李     | S1
"""


@pytest.mark.parametrize(
    ("delivered", "found"),
    [
        ({}, []),
        ({"stays": STAYS}, []),
        ({"stays": STAYS, "folio": FOLIO}, []),
        ({"stays": STAYS, "folio": FOLIO, "deposits": DEPOSITS}, ["BALANCE_ABOVE_DEPOSIT A1"]),
        ({"pos_checks": CHECKS}, []),
        ({"pos_checks": CHECKS, "stays": STAYS}, []),
        ({"pos_checks": CHECKS, "folio": FOLIO}, []),
        ({"pos_checks": CHECKS, "stays": STAYS, "folio": FOLIO}, ["POS_MISSING C1"]),
        ({"payments": PAYMENTS}, []),
    ],
)
def test_what_was_never_delivered_is_not_checked(
    hotel_in_a_file: Path, delivered: dict[str, str], found: list[str]
) -> None:
    # Housekeeping saw somebody in 301.
    drop(hotel_in_a_file, "room_types", TYPES)
    drop(hotel_in_a_file, "rooms", ROOMS)
    for dataset, table in delivered.items():
        drop(hotel_in_a_file, dataset, table)

    summary = closed(hotel_in_a_file)

    assert summary["status"] == "completed"
    told = summary["exceptions"]
    assert isinstance(told, list)
    assert sorted(f"{one['kind']} {one['item']}" for one in told) == found


def test_money_of_guests_whom_nobody_delivered_stands_in_the_ledgers_night_after_night(hotel_home: Path) -> None:
    drop(hotel_home, "room_types", TYPES)
    drop(hotel_home, "rooms", ROOMS)
    drop(hotel_home, "payments", PAYMENTS)
    drop(hotel_home, "corporate_accounts", "单位|余额\n华东|1000.00")

    first = closed(hotel_home)
    drop(hotel_home, "payments", PAYMENTS.replace("P", "Q").replace("-20", "-21"), "b.csv")
    second = closed(hotel_home, B + dt.timedelta(days=1))

    for summary, guests, companies in ((first, "-570.00", "1040.00"), (second, "-1140.00", "1080.00")):
        figures = summary["figures"]
        assert isinstance(figures, dict)
        assert summary["status"] == "completed"
        assert (figures["guest_ledger"], figures["corporate_ledger"]) == (guests, companies)
