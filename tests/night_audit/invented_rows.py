"""The nouns of an invented hotel, and the rows that its system exports of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

DAY = dt.timedelta(days=1)
COMPANY, BED_FEE = "某公司", 5000
HEADINGS = {
    "room_types": "房型,门市价",
    "rooms": "房号,房型,状态",
    "operators": "操作员,最低折扣,可放行夜审",
    "corporate_accounts": "单位,信用额度",
    "reservations": "预订号,类型,预订人,房型,房数,房号,预抵,预离,房价,确认,状态,录入人,录入时间",
    "stays": "账号,预订号,房号,床位,客人,人数,入住类型,抵店,预离,离店,门市价,折扣,房价,计价,优惠理由,加床,加床费,单位,"
    "操作员",
    "deposits": "流水号,预订号,账号,日期时间,方式,金额,类型,操作员,班次号",
    "folio": "流水号,账号,营业日,时间,项目,金额,操作员,原流水号,备注",
    "payments": "流水号,账号,营业日,时间,方式,金额,操作员,班次号",
    "shifts": "班次号,操作员,营业日,开班,交班,备用金,方式,交班金额",
    "pos_checks": "单号,营业点,时间,金额,结算,房号,客人,操作员",
    "operation_log": "时间,操作员,动作,对象,前,后",
}


@dataclass
class Booking:
    """A reservation; `outcome` is what the audit made of it and `counts_on` the date that it counts to."""

    number: str
    group: bool
    due: dt.date
    confirmed: bool
    rooms: str
    cancelled: bool = False
    arrived: bool = False
    outcome: str = ""
    counts_on: dt.date | None = None
    restored: bool = False

    @property
    def waits(self) -> bool:
        """Whether its guest is still expected."""
        return not (self.cancelled or self.arrived or self.outcome)


@dataclass
class Stay:
    """An account, by business dates; `price` is None where nobody wrote one."""

    account: str
    room: str
    kind: str
    price: int | None
    arrived: dt.date
    at: str
    due: dt.date
    bed: str = ""
    booking: str = ""
    departed: dt.date | None = None
    left_at: str = ""
    discount: int = 100
    extra_beds: int = 0

    @property
    def pays(self) -> bool:
        """Whether the night is charged."""
        return self.kind not in ("免费房", "自用房")


@dataclass
class Charge:
    """A line of the folio."""

    number: str
    account: str
    date: dt.date
    item: str
    cents: int
    original: str = ""


@dataclass
class Export:
    """The rows that are new or changed since the last delivery, by dataset and number; it numbers rows and files."""

    rows: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    count: int = 0

    def number(self, letter: str) -> str:
        """The next number of its sort."""
        self.count += 1
        return f"{letter}{self.count:03d}"

    def deliver(self, home: Path) -> None:
        """Drops every row that is new or changed into the inbox, a file a dataset."""
        for dataset, rows in self.rows.items():
            folder = home / "inbox" / dataset
            folder.mkdir(parents=True, exist_ok=True)
            self.count += 1
            # An export bears its number, because a file that says what an earlier one said is read once.
            lines = [f"{HEADINGS[dataset]},批次", *(f"{row},{self.count}" for row in rows.values()), ""]
            (folder / f"{self.count:04d}.csv").write_text("\n".join(lines), encoding="utf-8")
        self.rows.clear()


def booking_line(one: Booking, date: dt.date) -> str:
    """The reservation as a row that the system exports on `date`."""
    kind, sure, state = (
        "团体" if one.group else "散客",
        "是" if one.confirmed else "",
        "取消" if one.cancelled else "预订",
    )
    entered = min(date, one.due)
    return (
        f"{one.number},{kind},王,大床,1,{one.rooms},{one.due} 14:00,{one.due + DAY} 12:00,300.00,{sure},{state},"
        f"李,{entered} 08:00"
    )


def stay_line(one: Stay) -> str:
    """The stay as a row that the system exports."""
    left = one.left_at
    if one.departed and not left:
        left = f"{one.departed} {'17:00' if one.departed == one.arrived else '11:00'}"
    price = "" if one.price is None else money(one.price)
    by = "按月" if one.kind == "长包房" else "按日"
    return (
        f"{one.account},{one.booking},{one.room},{one.bed},王,2,{one.kind},{one.at},{one.due} 12:00,{left},300.00,"
        f"{one.discount / 100:.2f},{price},{by},老客户,{one.extra_beds},{money(BED_FEE)},{COMPANY},李"
    )


def money(cents: int) -> str:
    """An amount with two places."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
