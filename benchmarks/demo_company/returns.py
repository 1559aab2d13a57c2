"""The company's damaged parts: listed from the damaged stores, boxed, sent and received, with known faults."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from benchmarks.demo_company.files import Cell, save_csv

_LIST = (
    "现场", "登记日期", "物资编码", "物资名称", "规格型号", "数量", "风机号", "更换人", "更换日期", "新件编号",
    "旧件编号", "损坏原因", "人为损坏", "箱号", "备注",
)  # fmt: skip
_BOXES = ("箱号", "现场", "长", "宽", "高", "包装", "六面塑料隔离", "件间隔板")
_SHIPPED = ("运单号", "日期", "现场", "起点", "终点", "方式", "费用", "批次号", "申请单号", "批准人")
_PRICED = ("起点", "终点", "方式", "备案价", "生效日期")
_EVENTS = ("旧件编号", "日期", "事件", "厂家", "费用")
_CAUSES = ("轴承磨损", "进水", "过流烧毁", "雷击", "老化", "振动松脱")
_MAKERS = ("南方电机厂", "华东电气", "恒力液压")
_DESTINATION = "无锡"
_DEEP, _A_BOX = 24, 3
Row = dict[str, Cell]


def list_parts(masters: Path, on_hand: Path, last: dt.date, inbox: Path) -> int:
    """How many damaged parts the sites listed by `last`, in boxes, written into `inbox`.

    Every store's damaged pieces of `on_hand` (a file of the ERP) are listed but for the last one; the faults: a record
    without turbine and cause, a part that nothing on hand stands for, a carton, a box that was not measured.
    """
    sites = {row["仓库编码"]: row["现场编码"] for row in _rows(masters / "warehouses", "utf-8-sig") if _is_store(row)}
    lying = [row for row in _rows(on_hand, "gb18030") if row["仓库编码"] in sites and Decimal(row["现存数量"]) > 0]
    parts = [_part(at, sites[row["仓库编码"]], row, last) for at, row in enumerate(lying[:-1])]
    if len(parts) > 1:
        parts[0] |= {"风机号": "", "损坏原因": ""}
        parts.append(parts[1] | {"旧件编号": "SN-9999", "新件编号": "XN-9999", "登记日期": f"{last:%Y-%m-%d}"})
    held = dict.fromkeys((str(part["箱号"]), str(part["现场"])) for part in parts)
    boxes = [_box(number, box, site) for number, (box, site) in enumerate(held)]
    if len(boxes) > 1:
        boxes[0] |= {"包装": "纸箱"}
        boxes[1] |= {"高": ""}
    _save(inbox / "damaged_parts" / "返修损坏备件清单.csv", _LIST, parts)
    _save(inbox / "boxes" / "装箱登记.csv", _BOXES, boxes)
    return len(parts)


def packed_in(folder: Path, batches: Sequence[str]) -> list[str]:
    """The serials on the packing lists of `batches`, as the files for the ERP name them."""
    found = []
    for file in (path for batch in batches for path in sorted((folder / batch / "import").glob("*.csv"))):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            found += [row["旧件编号"] for row in csv.DictReader(opened)]
    return found


def send_batches(batches: Sequence[str], serials: Sequence[str], day: dt.date, inbox: Path) -> None:
    """What happened to `batches` on `day`: each was shipped, the first `serials` received and the very first repaired.

    One goes by air without an application, one costs more than 110 % of the price on file.
    """
    sent: list[Row] = []
    prices: dict[str, Row] = {}
    for at, batch in enumerate(batches):
        site = batch.split("-")[1]
        mode, cost = [("航空", 900), ("包车", 1101), ("配货", 1100)][min(at, 2)]
        values = (f"YD-{at + 1:04d}", day, site, site, _DESTINATION, mode, cost, batch, "", "")
        sent.append(dict(zip(_SHIPPED, values, strict=True)))
        for priced in ("配货", "包车"):
            value = (site, _DESTINATION, priced, 1000, day - dt.timedelta(days=200))
            prices[f"{site} {priced}"] = dict(zip(_PRICED, value, strict=True))
    events: list[Row] = [dict(zip(_EVENTS, (serial, day, "收货", "", ""), strict=True)) for serial in serials]
    for serial in serials[:1]:
        for event, spent in (("送修", ""), ("修复", "350.00")):
            events.append(dict(zip(_EVENTS, (serial, day, event, _MAKERS[0], spent), strict=True)))
    _save(inbox / "shipments" / "发运登记.csv", _SHIPPED, sent)
    _save(inbox / "freight_prices" / "运费备案价.csv", _PRICED, prices.values())
    _save(inbox / "repair_events" / "返修跟踪记录.csv", _EVENTS, events)


def _part(at: int, site: str, row: dict[str, str], last: dt.date) -> Row:
    day = last - dt.timedelta(days=_DEEP - at % (_DEEP - 2))
    values = (
        site, day, row["存货编码"], row["存货名称"], row["规格型号"], row["现存数量"], f"F{at % 33 + 1:02d}",
        "现场保管员", day, f"XN-{at:04d}", f"SN-{at:04d}", _CAUSES[at % len(_CAUSES)],
        "是" if at % 9 == _A_BOX else "否", f"{site}-X{at // _A_BOX}", "",
    )  # fmt: skip
    return dict(zip(_LIST, values, strict=True))


def _box(number: int, box: str, site: str) -> Row:
    return dict(zip(_BOXES, (box, site, "1.2", "0.9", f"0.{number % 4 + 5}", "木箱", "是", "是"), strict=True))


def _is_store(row: dict[str, str]) -> bool:
    return bool(row["现场编码"]) and row["品质"] == "损坏"


def _rows(place: Path, encoding: str) -> list[dict[str, str]]:
    file = next(place.glob("*.csv")) if place.is_dir() else place
    with file.open(encoding=encoding, newline="") as opened:
        return list(csv.DictReader(opened))


def _save(path: Path, headings: Sequence[str], rows: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    told: list[list[Cell]] = [list(headings), *([_shown(row[heading]) for heading in headings] for row in rows)]
    save_csv(path, told, "utf-8-sig")


def _shown(value: Cell) -> Cell:
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else value
