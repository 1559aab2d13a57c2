"""What the ERP exports every evening, what sites say about late ledgers, and the master data of the first day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from benchmarks.demo_company.files import Cell, Sheet, save_csv, save_workbook
from benchmarks.demo_company.nouns import (
    QUALITY_WORDS,
    RETURN_TO_STOCK,
    TRANSFER_ORDER,
    Department,
    ErpLine,
    Item,
    Site,
    Warehouse,
    World,
)

ERP_HEADINGS = (
    "单据号",
    "行号",
    "单据日期",
    "单据类型",
    "红蓝字",
    "出入库类别",
    "仓库编码",
    "存货编码",
    "存货名称",
    "规格型号",
    "单位",
    "数量",
    "调拨单号",
    "转出仓库",
    "转入仓库",
    "制单人",
    "制单时间",
    "审核人",
    "审核日期",
    "备注",
)
ON_HAND_HEADINGS = ("日期", "仓库编码", "存货编码", "存货名称", "规格型号", "单位", "现存数量")
ITEM_HEADINGS = ("存货编码", "存货名称", "规格型号", "单位", "大类", "物资类别", "ABC", "单价", "单件体积(立方米)")
CLOSED_SITE = ("JH01", "金湖一期", "2019-04-01")
OPENED_ON = "2021-06-01"


def export_documents(lines: Iterable[ErpLine], day: dt.date, folder: Path) -> None:
    """Writes the ERP lines dated `day` and the earlier ones audited on it; csv or xlsx by turns."""
    rows: list[Sequence[Cell]] = [ERP_HEADINGS]
    rows += [_document(line, day) for line in lines if line.date == day or line.audited_on == day > line.date]
    stem = folder / f"单据_{day:%Y%m%d}"
    if day.toordinal() % 3 == 0:
        save_workbook(stem.with_suffix(".xlsx"), [Sheet("单据列表", rows)])
    else:
        save_csv(stem.with_suffix(".csv"), rows, "gb18030" if day.toordinal() % 3 == 1 else "utf-8-sig")


def _document(line: ErpLine, day: dt.date) -> list[Cell]:
    audited = line.audited_on is not None and line.audited_on <= day
    colour = "" if line.type == TRANSFER_ORDER else "红字" if line.category == RETURN_TO_STOCK else "蓝字"
    return [
        line.document,
        line.line,
        f"{line.date:%Y-%m-%d}",
        line.type,
        colour,
        line.category,
        line.warehouse,
        line.item.code,
        line.item.name,
        line.item.specification,
        line.item.unit,
        dict(line.written).get("quantity", line.quantity),
        line.order,
        line.from_warehouse,
        line.to_warehouse,
        line.made_by,
        f"{line.date:%Y-%m-%d} 19:40",
        line.audited_by if audited else "",
        f"{line.audited_on:%Y-%m-%d}" if audited else "",
        line.remark,
    ]


def export_on_hand(
    stock: Mapping[tuple[str, str], Decimal], items: Mapping[str, Item], day: dt.date, folder: Path
) -> None:
    """Writes what every store holds at the close of `day`; what is used up does not stand there."""
    rows: list[Sequence[Cell]] = [ON_HAND_HEADINGS]
    for (warehouse, code), quantity in sorted(stock.items()):
        if quantity:
            item = items[code]
            rows.append((f"{day:%Y-%m-%d}", warehouse, code, item.name, item.specification, item.unit, quantity))
    save_csv(folder / f"现存量_{day:%Y%m%d}.csv", rows, "gb18030")


def stock_after(
    world: World, day: dt.date, before: Mapping[tuple[str, str], Decimal]
) -> dict[tuple[str, str], Decimal]:
    """Stocks at the close of `day` from those `before` it, unexplained jumps of that day included."""
    stock = dict(before)
    effects = [(key, effect) for line in world.erp if line.date == day for key, effect in _effects(line)]
    effects += [((warehouse, item), amount) for warehouse, item, date, amount in world.jumps if date == day]
    for key, effect in effects:
        stock[key] = stock.get(key, Decimal(0)) + effect
    return stock


def _effects(line: ErpLine) -> list[tuple[tuple[str, str], Decimal]]:
    return [((warehouse, line.item.code), effect) for warehouse, effect in line.effects]


def write_notices(notices: Iterable[tuple[str, dt.date, str]], day: dt.date, folder: Path) -> None:
    """Writes the late notices for `day`, if there are any."""
    rows = [(site, f"{date:%Y-%m-%d}", reason) for site, date, reason in notices if date == day]
    if rows:
        folder.mkdir(parents=True, exist_ok=True)
        save_csv(folder / f"迟报_{day:%Y%m%d}.csv", [("现场", "日期", "原因"), *rows], "utf-8-sig")


def write_masters(world: World, inbox: Path) -> None:
    """Writes departments, sites (one of them closed long ago), warehouses and items."""
    write = {name: inbox / name for name in ("departments", "sites", "warehouses", "items")}
    for folder in write.values():
        folder.mkdir(parents=True, exist_ok=True)
    save_csv(
        write["departments"] / "业务部.csv",
        [("业务部", "经理", "账务员", "邮箱"), *map(_department, world.departments)],
        "utf-8-sig",
    )
    headings = ("现场编码", "现场名称", "业务部", "总代表", "保管员", "邮箱", "启用日期", "停用日期")
    code, name, opened = CLOSED_SITE
    closed = (code, name, world.departments[0].name, "", "", "", opened, f"{world.days[0].year - 1}-12-31")
    save_csv(write["sites"] / "现场.csv", [headings, *map(_site, world.sites), closed], "gb18030")
    stores = ("仓库编码", "仓库名称", "现场编码", "业务部", "品质", "类别")
    save_csv(write["warehouses"] / "仓库档案.csv", [stores, *map(_warehouse, world.warehouses)], "utf-8-sig")
    save_workbook(write["items"] / "物资档案.xlsx", [Sheet("物资档案", [ITEM_HEADINGS, *map(_item, world.items)])])


def _department(one: Department) -> tuple[str, ...]:
    return one.name, one.manager, one.clerk, one.email


def _site(one: Site) -> tuple[str, ...]:
    email = f"{one.code.lower()}@daybook.example"
    return one.code, one.name, one.department.name, one.representative, one.custodian, email, OPENED_ON, ""


def _warehouse(one: Warehouse) -> tuple[str, ...]:
    return one.code, one.name, one.site, one.department, QUALITY_WORDS[one.quality], one.tier


def _item(one: Item) -> tuple[str, ...]:
    return one.code, one.name, one.specification, one.unit, one.sort, one.item_class, one.abc, one.price, one.volume
