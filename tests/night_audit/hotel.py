"""A small hotel in a home folder: its inbox is filled with drawn sheets, its nights are closed by the real steps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from config.settings import load_settings
from flows.arranging import arranged_receiving
from flows.hotel import arranged_order
from tasks.night_audit.steps import Order, close, receive

B = dt.date(2026, 11, 20)
ROOMS = """
房号 | 房型 | 状态 | 客房部房态
301  | 大床 |      | 住
302  | 大床 |      | 空
303  | 双床 |      | 空
304  | 双床 | 维修 | 空
"""
TYPES = """
房型 | 门市价
大床 | 300.00
双床 | 320.00
"""


def drop(home: Path, dataset: str, table: str, name: str = "a.csv") -> None:
    """Puts a drawn table into the inbox as a CSV file; cells stand between bars."""
    folder = home / "inbox" / dataset
    folder.mkdir(parents=True, exist_ok=True)
    lines = [",".join(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def a_hotel(home: Path) -> None:
    """Drops rooms, and one guest in 301 since the night before with a deposit, charged for that night."""
    drop(home, "room_types", TYPES)
    drop(home, "rooms", ROOMS)
    drop(
        home,
        "stays",
        """
        账号 | 房号 | 客人 | 入住类型 | 抵店             | 预离             | 离店 | 门市价 | 折扣 | 房价   | 操作员
        A1   | 301  | 王芳 | 正常     | 2026-11-19 15:00 | 2026-11-22 12:00 |      | 300.00 | 1    | 300.00 | 李
        """,
    )
    drop(
        home,
        "deposits",
        """
        流水号 | 账号 | 日期时间         | 方式 | 金额    | 类型 | 操作员 | 班次号
        D1     | A1   | 2026-11-19 15:00 | 现金 | 2000.00 | 收取 | 李     | S0
        """,
    )
    drop(
        home,
        "folio",
        """
        流水号 | 账号 | 营业日     | 时间             | 项目 | 金额   | 操作员 | 备注
        F1     | A1   | 2026-11-19 | 2026-11-20 02:00 | 房费 | 300.00 | 夜审   |
        """,
    )


def order_of(home: Path, today: dt.date = dt.date(2026, 11, 30)) -> Order:
    """The order that the settings of the home give, on the calendar's day `today`, without mail."""
    from dataclasses import replace

    return replace(arranged_order(load_settings(home), mail=False), today=today)


def take_in(home: Path) -> None:
    """Takes in everything that waits."""
    receive(order_of(home), arranged_receiving(load_settings(home)), B)


def closed(home: Path, date: dt.date = B, today: dt.date = dt.date(2026, 11, 30)) -> dict[str, object]:
    """The object of `--json` of the night, after what waited was taken in."""
    take_in(home)
    return close(order_of(home, today), date)
