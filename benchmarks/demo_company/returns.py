"""The company's damaged parts, piece by piece: listed from the damaged stores, boxed, sent, received, with faults.

The faults, one each: a record without turbine and cause, a part that nothing on hand stands for, a piece on no list, a
carton, a box that was not measured, a part repaired three times, one scrapped that could have been repaired, one too
long in repair, a batch that arrives a part short, air without an application, a hired truck above 110 % of its price,
and a freight that names a shipment which is not there.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

from benchmarks.demo_company.files import Cell, save_csv
from benchmarks.demo_company.nouns import Company

_LIST = (
    "现场", "登记日期", "物资编码", "物资名称", "规格型号", "数量", "风机号", "更换人", "更换日期", "新件编号",
    "旧件编号", "损坏原因", "人为损坏", "箱号", "备注",
)  # fmt: skip
_BOXES = ("箱号", "现场", "长", "宽", "高", "包装", "六面塑料隔离", "件间隔板")
_SHIPPED = ("运单号", "日期", "现场", "起点", "终点", "方式", "费用", "批次号", "申请单号", "批准人")
_PRICED = ("起点", "终点", "方式", "备案价", "生效日期")
_EVENTS = ("旧件编号", "日期", "事件", "厂家", "费用")
_CAUSES = ("轴承磨损", "轴承磨损", "进水", "过流烧毁", "轴承磨损", "雷击", "老化", "进水", "振动松脱")
_MAKERS = ("南方电机厂", "华东电气", "恒力液压")
_DESTINATION = "无锡"
_PRICE = 1000
_DEEP, _A_BOX, _BY_PERSON = 24, 8, 29
Row = dict[str, Cell]


def list_parts(company: Company, day: dt.date, inbox: Path, before: Sequence[Row] = ()) -> list[Row]:
    """The lines of the damaged-parts list that the sites hand in on `day`, with their boxes, written into `inbox`.

    One line a piece that the ERP has in a damaged store at the close of `day` and that is not among those listed
    `before`. Only the first list has faults.
    """
    known = Counter((one["现场"], one["物资编码"]) for one in before)
    stores = {row["仓库编码"]: row["现场编码"] for row in _rows(company.masters / "warehouses") if _is_store(row)}
    people = {row["现场编码"]: row["保管员"] for row in _rows(company.masters / "sites")}
    parts: list[Row] = []
    for row in _rows(company.deliveries[day] / "on_hand"):
        site = stores.get(row["仓库编码"], "")
        pieces = int(Decimal(row["现存数量"])) - known[site, row["存货编码"]] if site else 0
        numbers = range(len(before) + len(parts), len(before) + len(parts) + pieces)
        parts += [_part(at, site, row, people[site], _registered(at, day, before)) for at in numbers]
    _pack(parts, later=bool(before))
    if not before:
        del parts[-1]
        parts[0] |= {"风机号": "", "损坏原因": ""}
        parts.append(parts[1] | {"旧件编号": "SN-9999", "新件编号": "XN-9999", "登记日期": day})
    boxes = [_box(at, box, site) for at, (box, site) in enumerate(dict.fromkeys((p["箱号"], p["现场"]) for p in parts))]
    if not before:
        boxes[1] |= {"包装": "纸箱"}
        boxes[2] |= {"高": ""}
    _save(inbox / "damaged_parts" / f"返修损坏备件清单_{day:%Y%m%d}.csv", _LIST, parts)
    _save(inbox / "boxes" / f"装箱登记_{day:%Y%m%d}.csv", _BOXES, boxes)
    return [*before, *parts]


def happened_before(listed: Sequence[Row], day: dt.date, inbox: Path) -> None:
    """What is known of earlier repairs by `day`: some came back, one three times, one is away too long."""
    often, spoilt, *others = [str(one["旧件编号"]) for one in islice(listed, 30, 44)]
    events = [_event(often, day - dt.timedelta(days=back), what) for back, what in _three_repairs()]
    events.append(_event(spoilt, day - dt.timedelta(days=3), "报废"))
    for at in range(9):
        sent = day - dt.timedelta(days=80 + at)
        ended = "无法修复" if at % 4 == 3 else "修复"  # noqa: PLR2004 - every fourth one
        events.append(_event(f"SN-{at + 1:02d}0-2025", sent, "收货"))
        events.append(_event(f"SN-{at + 1:02d}0-2025", sent + dt.timedelta(days=2), "送修", at))
        if at:
            events.append(_event(f"SN-{at + 1:02d}0-2025", sent + dt.timedelta(days=20 + 3 * at), ended, at, "350.00"))
    assert others, "too few parts were listed"
    _save(inbox / "repair_events" / f"返修跟踪记录_{day:%Y%m%d}.csv", _EVENTS, events)


def send_batches(folder: Path, company: Company, day: dt.date, inbox: Path) -> None:
    """What happened on `day` to the batches whose papers lie in `folder`: all were shipped, the first was received."""
    names = {row["现场编码"]: row["现场名称"] for row in _rows(company.masters / "sites")}
    batches = sorted(path.name for path in folder.glob("RB-*"))
    freights: dict[int, tuple[str, Cell]] = {
        0: ("航空", 900),
        1: ("包车", 1101),
        2: ("配货", 1100),
        3: ("包车", "见运单 YD-9999"),
    }
    sent: list[Row] = []
    prices: list[Row] = []
    for at, batch in enumerate(batches):
        site = batch.split("-")[1]
        # From the fifth on two share a truck.
        mode, cost = freights.get(at, ("配货", 860 + 10 * at if at % 2 else f"见运单 YD-{at + 2:04d}"))
        values = (f"YD-{at + 1:04d}", day, site, names[site], _DESTINATION, mode, cost, batch, "", "")
        sent.append(dict(zip(_SHIPPED, values, strict=True)))
        for priced in ("配货", "包车"):
            value = (names[site], _DESTINATION, priced, _PRICE, day - dt.timedelta(days=200))
            prices.append(dict(zip(_PRICED, value, strict=True)))
    serials = [
        row["旧件编号"] for file in sorted((folder / batches[0] / "import").glob("*.csv")) for row in _rows(file)
    ]
    events = [_event(serial, day, "收货") for serial in serials[:-1]]
    events += [_event(serial, day, "送修", at) for at, serial in enumerate(serials[:6])]
    _save(inbox / "shipments" / "发运登记.csv", _SHIPPED, sent)
    _save(inbox / "freight_prices" / "运费备案价.csv", _PRICED, prices)
    _save(inbox / "repair_events" / f"返修跟踪记录_{day:%Y%m%d}.csv", _EVENTS, events)


def _three_repairs() -> Iterable[tuple[int, str]]:
    return [(back, what) for start in (180, 130, 70) for back, what in ((start, "送修"), (start - 25, "修复"))]


def _event(serial: str, day: dt.date, what: str, maker: int | None = None, cost: str = "") -> Row:
    named = "" if maker is None else _MAKERS[maker % len(_MAKERS)]
    return dict(zip(_EVENTS, (serial, day, what, named, cost), strict=True))


def _registered(at: int, day: dt.date, before: Sequence[Row]) -> dt.date:
    """The first list is of the last weeks, a later one of its own day."""
    return day if before else day - dt.timedelta(days=_DEEP - at % (_DEEP - 2))


def _part(at: int, site: str, row: dict[str, str], custodian: str, day: dt.date) -> Row:
    values = (
        site, day, row["存货编码"], row["存货名称"], row["规格型号"], 1, f"F{at % 33 + 1:02d}", custodian, day,
        f"XN-{at:04d}", f"SN-{at:04d}", _CAUSES[at % len(_CAUSES)], "是" if at % _BY_PERSON == 0 else "否", "", "",
    )  # fmt: skip
    return dict(zip(_LIST, values, strict=True))


def _pack(parts: Sequence[Row], *, later: bool) -> None:
    """Puts the parts of each site into boxes as they stand; those of a later list into boxes of their own."""
    packed: Counter[Cell] = Counter()
    letter = "Y" if later else "X"
    for part in parts:
        site = part["现场"]
        part["箱号"] = f"{site}-{letter}{packed[site] // _A_BOX + 1}"
        packed[site] += 1


def _box(number: int, box: Cell, site: Cell) -> Row:
    return dict(zip(_BOXES, (box, site, "1.2", "0.9", f"0.{number % 4 + 5}", "木箱", "是", "是"), strict=True))


def _is_store(row: dict[str, str]) -> bool:
    return bool(row["现场编码"]) and row["品质"] == "损坏"


def _rows(place: Path) -> list[dict[str, str]]:
    file = next(place.glob("*.csv")) if place.is_dir() else place
    content = file.read_bytes()
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030"
    return list(csv.DictReader(content.decode(encoding).splitlines()))


def _save(path: Path, headings: Sequence[str], rows: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    told: list[list[Cell]] = [list(headings), *([_shown(row[heading]) for heading in headings] for row in rows)]
    save_csv(path, told, "utf-8-sig")


def _shown(value: Cell) -> Cell:
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else value
