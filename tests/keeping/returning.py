"""Damaged parts of the small company: listed, packed, shipped, repaired, as files that people hand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tasks.damaged_returns.policy import Policy
from tasks.damaged_returns.steps.ordering import Order
from tasks.damaged_returns.steps.sealing import seal_due
from tasks.mail.steps import Readership
from tests.keeping.company import Company

ZONE = dt.timezone(dt.timedelta(hours=8))
PARTS = (
    "现场", "登记日期", "物资编码", "物资名称", "规格型号", "数量", "风机号", "更换人", "更换日期", "新件编号",
    "旧件编号", "损坏原因", "人为损坏", "箱号",
)  # fmt: skip
BOXES = ("箱号", "现场", "长", "宽", "高", "包装", "六面塑料隔离", "件间隔板")
EVENTS = ("旧件编号", "日期", "事件", "厂家", "费用", "新件编号")
SHIPMENTS = ("运单号", "日期", "现场", "起点", "终点", "方式", "费用", "批次号", "申请单号")


def part(serial: str, **other: object) -> list[object]:
    """A line of the damaged-parts list; `other` by English names of what differs from the usual."""
    usual: dict[str, object] = {
        "site": "DF01", "registered_on": "2026-11-01", "item": "A1", "name": "变桨电机", "specification": "5.5kW",
        "quantity": 1, "turbine": "F07", "replaced_by": "张工", "replaced_on": "2026-10-31",
        "new_serial": f"N-{serial}", "serial": serial, "cause": "轴承磨损", "by_person": "否", "box": "X1",
    }  # fmt: skip
    assert other.keys() <= usual.keys(), f"no such field: {sorted(other.keys() - usual.keys())}"
    return list((usual | other).values())


def listed(company: Company, *parts: Sequence[object], name: str = "parts.csv") -> None:
    """A damaged-parts list in the inbox."""
    company.drop("damaged_parts", name, [PARTS, *parts])


def box(number: str, site: str = "DF01", sides: str = "1 1 1") -> list[object]:
    """A wooden box as the rules want it."""
    return [number, site, *sides.split(), "木箱", "是", "是"]


def happened(company: Company, *events: Sequence[object], name: str = "events.csv") -> None:
    """Repair events in the inbox: serial, day, event, maker, cost, new serial."""
    rows = [[*event, *[""] * (len(EVENTS) - len(event))] for event in events]
    company.drop("repair_events", name, [EVENTS, *rows])


def ordered(company: Company, date: dt.date, policy: Policy | None = None) -> Order:
    """What a run for `date` is told."""

    def now() -> dt.datetime:
        return dt.datetime.combine(date, dt.time(8), ZONE)

    return Order(
        home=company.home,
        database_url=company.store.engine.url.render_as_string(hide_password=False),
        policy=policy or Policy(),
        readership=Readership((), "example.com", "zh_CN"),
        languages=("zh_CN",),
        date=date,
        clock=now,
        mail=False,
    )


def sealed(company: Company, date: dt.date) -> list[str]:
    """The numbers of the batches that the trigger makes on `date`."""
    with company.store.writing() as connection:
        return sorted(seal_due(connection, ordered(company, date)).batches["batch"])
