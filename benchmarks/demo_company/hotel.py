"""The hotel of the demo company: thirty rooms, a few nights ending yesterday, known faults in the last one."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

RACK = {"大床": 298, "双床": 328, "套房": 598}
NAMES = (
    "王芳",
    "李娜",
    "张伟",
    "刘洋",
    "陈静",
    "杨帆",
    "赵磊",
    "黄丽",
    "周杰",
    "吴敏",
    "徐强",
    "孙燕",
    "胡军",
    "朱琳",
    "高翔",
    "林涛",
    "何洁",
    "郭峰",
    "马超",
    "罗兰",
)
HOUR = dt.timedelta(hours=1)
ROOMS = range(201, 231)
LIVED_IN = range(201, 225)
# The last room of each type.
_TYPES = {210: "大床", 224: "双床", 230: "套房"}
# The room that housekeeping finds empty, one whose guest has a discount for no reason, and one who has it for a reason.
SKIPPED, UNREASONED, REASONED = 203, 205, 212
FLOAT = 5000
Row = Mapping[str, object]
NOTHING: Row = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hotel:
    """Where its files lie: `delivered` before its first night is closed, `seen` (housekeeping) before its last."""

    nights: tuple[dt.date, ...]
    delivered: Path
    seen: Path


def make_hotel(folder: Path, last: dt.date, nights: int = 3) -> Hotel:
    """A hotel whose last `nights` dates up to `last` can be closed, written below `folder`."""
    dates = tuple(last - dt.timedelta(days=back) for back in reversed(range(nights)))
    house = _House(dates)
    for number in LIVED_IN:
        house.stay(number)
    house.reservations()
    house.checks()
    house.shifts()
    _write(folder / "delivered", house.book)
    inside = {str(one["房号"]) for one in house.book["stays"] if not one["离店"]}
    _write(folder / "seen", {"rooms": [_room(number) | {"客房部房态": _seen(number, inside)} for number in ROOMS]})
    return Hotel(dates, folder / "delivered", folder / "seen")


def _room(number: int) -> dict[str, object]:
    kind = next(kind for last, kind in _TYPES.items() if number <= last)
    return {"房号": number, "房型": kind, "楼层": 2, "状态": "维修" if number == ROOMS[-1] else "正常"}


def _seen(number: int, inside: set[str]) -> str:
    return "住" if str(number) in inside and number != SKIPPED else "空"


class _House:
    """The sheets of the hotel while they are filled, and the money that each date's cashier took by its method."""

    def __init__(self, dates: tuple[dt.date, ...]) -> None:
        self.dates, self.last = dates, dates[-1]
        self.book: dict[str, list[Row]] = defaultdict(list)
        self._taken: dict[tuple[dt.date, str], int] = defaultdict(int)
        self.book["room_types"] = [{"房型": name, "门市价": f"{rate}.00"} for name, rate in RACK.items()]
        self.book["rooms"] = [_room(number) for number in ROOMS]
        self.book["operators"] = [
            {"操作员": "李娜", "最低折扣": "0.85", "可放行夜审": "否"},
            {"操作员": "陈经理", "最低折扣": "0.50", "可放行夜审": "是"},
        ]

    def stay(self, number: int) -> None:
        """One guest from arrival to departure: a deposit, charges before the first night, the bill at the end."""
        arrival = self.last - dt.timedelta(days=number % 5)
        stays_on = number in (SKIPPED, UNREASONED)
        leaves = self.last + dt.timedelta(days=1) if stays_on else arrival + dt.timedelta(days=1 + number % 3)
        rack = RACK[str(_room(number)["房型"])]
        discount = Decimal("0.90") if number in (UNREASONED, REASONED) else Decimal("1.00")
        price = rack * discount
        account = f"A{number}"
        came = dt.datetime.combine(arrival, dt.time(15, number % 60))
        gone = dt.datetime.combine(leaves, dt.time(11, number % 60)) if leaves <= self.last else None
        self.book["stays"].append(
            {
                "账号": account, "房号": number, "客人": NAMES[number % len(NAMES)], "入住类型": "正常", "抵店": came,
                "预离": dt.datetime.combine(leaves, dt.time(12)), "离店": gone or "", "门市价": rack, "折扣": discount,
                "房价": price, "优惠理由": "老客户" if number == REASONED else "",
                "来源": ("上门", "携程", "协议")[number % 3], "操作员": "李娜",
            }
        )  # fmt: skip
        self._deposit({"账号": account}, came, rack * 6)
        nights = [arrival + dt.timedelta(days=place) for place in range((leaves - arrival).days)]
        for night in nights:
            if night < self.dates[0]:
                at = dt.datetime.combine(night, dt.time(23, 59))
                self._charge(account, at, "房费", price)
        if gone is not None:
            due = price * len(nights)
            bill = {
                "流水号": f"P{number}",
                "账号": account,
                "营业日": leaves,
                "时间": gone,
                "方式": "微信",
                "金额": due,
            }
            self.book["payments"].append(bill | {"操作员": "李娜", "班次号": f"S-{leaves}"})
            self._taken[leaves, "微信"] += int(due * 100)
            self._deposit({"账号": account}, gone, -rack * 6)

    def reservations(self) -> None:
        """A no-show who left a deposit, one who lapses at six, and tomorrow's guests."""
        earlier = dt.datetime.combine(self.last - dt.timedelta(days=9), dt.time(10))
        self._reservation("R900", "吴磊", self.dates[-2], earlier)
        self._deposit({"预订号": "R900"}, earlier, 300)
        self._reservation("R901", "郑雪", self.last, earlier)
        for place in range(3):
            self._reservation(f"R91{place}", NAMES[place], self.last + dt.timedelta(days=1), earlier)

    def checks(self) -> None:
        """A dinner each night that is charged to its room, on the last one to a neighbour's account."""
        for date in self.dates:
            at = dt.datetime.combine(date, dt.time(19, 30))
            check = {
                "单号": f"C-{date}",
                "营业点": "餐厅",
                "时间": at,
                "金额": 86,
                "结算": "挂房账",
                "房号": SKIPPED,
                "操作员": "赵敏",
            }
            self.book["pos_checks"].append(check)
            account = f"A{UNREASONED}" if date == self.last else f"A{SKIPPED}"
            self._charge(account, at, "餐饮", Decimal(86), {"营业点": "餐厅", "备注": f"C-{date}"})

    def shifts(self) -> None:
        """Every date's hand-over by method, on the last one twenty short in cash."""
        for date in self.dates:
            opened = dt.datetime.combine(date, dt.time(7))
            own = {"班次号": f"S-{date}", "操作员": "李娜", "营业日": date, "开班": opened, "交班": opened + 16 * HOUR}
            cash = FLOAT + Decimal(self._taken[date, "现金"]) / 100 - (20 if date == self.last else 0)
            self.book["shifts"].append(own | {"备用金": FLOAT, "方式": "现金", "交班金额": cash})
            self.book["shifts"].append(own | {"方式": "微信", "交班金额": Decimal(self._taken[date, "微信"]) / 100})

    def _deposit(self, holder: Row, at: dt.datetime, amount: int) -> None:
        self._taken[at.date(), "现金"] += amount * 100
        number = {"流水号": f"D{len(self.book['deposits']) + 1}", "日期时间": at, "方式": "现金", "金额": amount}
        kind = {"类型": "收取" if amount > 0 else "退还", "操作员": "李娜", "班次号": f"S-{at.date()}"}
        self.book["deposits"].append(number | dict(holder) | kind)

    def _charge(self, account: str, at: dt.datetime, item: str, amount: Decimal, more: Row = NOTHING) -> None:
        number = {"流水号": f"F{len(self.book['folio']) + 1}", "账号": account, "营业日": at.date(), "时间": at}
        self.book["folio"].append(number | {"项目": item, "金额": amount, "操作员": "李娜"} | dict(more))

    def _reservation(self, number: str, booker: str, due: dt.date, entered: dt.datetime) -> None:
        self.book["reservations"].append(
            {
                "预订号": number, "类型": "散客", "预订人": booker, "房型": "套房", "房数": 1, "房价": 598,
                "来源": "携程", "预抵": dt.datetime.combine(due, dt.time(18)), "预离": due + dt.timedelta(days=1),
                "状态": "预订", "录入人": "李娜", "录入时间": entered,
            }
        )  # fmt: skip


def _write(folder: Path, book: Mapping[str, Sequence[Row]]) -> None:
    """A CSV file for each dataset, its headings those of its rows."""
    for dataset, rows in book.items():
        path = folder / dataset / f"{dataset}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), restval="")
            writer.writeheader()
            writer.writerows(rows)
