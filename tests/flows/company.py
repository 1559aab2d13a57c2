"""A company of three sites in two departments; its files are written from one line a movement."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

DAY = dt.date(2025, 11, 20)
NEXT_DAY = dt.date(2025, 11, 21)
LATER = dt.date(2025, 11, 24)
COAST, INLAND = "沿海业务部", "内陆业务部"
SITES = {"DF01": COAST, "DF02": COAST, "YC01": INLAND}
LEDGER_HEADINGS = (
    "序号", "日期", "出入库类别", "物资编码", "物资名称", "规格型号", "单位", "数量", "仓库",
    "结存", "经手人", "风机号", "调拨单号", "备注",
)  # fmt: skip
ERP_HEADINGS = (
    "单据号", "行号", "单据日期", "单据类型", "红蓝字", "出入库类别", "仓库编码", "存货编码", "存货名称",
    "规格型号", "单位", "数量", "调拨单号", "转出仓库", "转入仓库", "制单人", "制单时间", "审核人", "审核日期", "备注",
)  # fmt: skip
_ITEMS = {
    "SL001": ("轴承", "6205", "备件", "Ⅱ", "60.00"),
    "SL002": ("扳手", "M24", "工具", "Ⅰ", "120.00"),
    "SL003": ("润滑脂", "1kg", "耗材", "Ⅰ", ""),
}
_DAMAGED = ("损坏", "返修", "报废")


def save(home: Path, dataset: str, name: str, rows: Iterable[Sequence[object]]) -> Path:
    """The file `name` in the inbox of `dataset`, delimited text with a byte order mark."""
    path = home / "inbox" / dataset / name
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8-sig", newline="")
    return path


def masters(home: Path) -> None:
    """Items, departments, sites and warehouses."""
    items = [(code, name, spec, "件", sort, of, price) for code, (name, spec, sort, of, price) in _ITEMS.items()]
    save(home, "items", "items.csv", [("存货编码", "存货名称", "规格型号", "单位", "大类", "物资类别", "单价"), *items])
    save(
        home,
        "departments",
        "departments.csv",
        [("业务部", "经理", "账务员", "邮箱"), (COAST, "钱经理", "李会计", ""), (INLAND, "吴经理", "王会计", "")],
    )
    sites = [(site, f"{site}现场", department, "2020-01-01") for site, department in SITES.items()]
    save(home, "sites", "sites.csv", [("现场编码", "现场名称", "业务部", "启用日期"), *sites])
    stores = [
        (f"{site}{letter}", f"{site}{name}", site, quality)
        for site in SITES
        for letter, name, quality in (("A", "完好品库", "完好"), ("B", "损坏品库", "损坏"))
    ]
    save(home, "warehouses", "warehouses.csv", [("仓库编码", "仓库名称", "现场编码", "品质"), *stores])


def ledger_row(number: int, day: dt.date, line: str) -> tuple[object, ...]:
    """The cells of a ledger row said as `category item quantity [name=value …]`; a name is a column of the ledger."""
    category, item, quantity, *more = line.split()
    name, spec, *_ = _ITEMS.get(item, ("垫片", "", "", "", ""))
    store = "损坏品库" if category.startswith(_DAMAGED) else "完好品库"
    cells = dict(
        zip(
            LEDGER_HEADINGS,
            (number, day, category, item, name, spec, "件", quantity, store, "", "张工", "", "", ""),
            strict=True,
        )
    )
    return tuple((cells | _named(more, LEDGER_HEADINGS)).values())


def ledger(home: Path, site: str, day: dt.date, *lines: str, name: str = "") -> Path:
    """The ledger that a site sends of a day; without lines it says that nothing moved."""
    rows = [ledger_row(number, day, line) for number, line in enumerate(lines, 1)]
    above = [("现场出入库流水账",), (f"现场名称:{site}现场", "", f"填报日期:{day}")]
    file = name or f"{site}_{day:%Y%m%d}.csv"
    return save(home, "ledger", file, [*above, LEDGER_HEADINGS, *(rows or [("", "", "", "", "无出入库")])])


def erp_row(day: dt.date, line: str) -> tuple[object, ...]:
    """The cells of an ERP line said as `document:line site category item quantity [name=value …]`, audited that day."""
    reference, site, category, item, quantity, *more = line.split()
    document, number = reference.split(":")
    kind = "其他入库单" if category.endswith(("入库", "退库")) else "其他出库单"
    name, spec, *_ = _ITEMS.get(item, ("垫片", "", "", "", ""))
    store = site + ("B" if category.startswith(_DAMAGED) else "A")
    cells = dict(
        zip(
            ERP_HEADINGS,
            (
                document,
                number,
                day,
                kind,
                "蓝字",
                category,
                store,
                item,
                name,
                spec,
                "件",
                quantity,
                "",
                "",
                "",
                "李会计",
                "",
                "赵主管",
                day,
                "",
            ),
            strict=True,
        )
    )
    return tuple((cells | _named(more, ERP_HEADINGS)).values())


def erp(home: Path, day: dt.date, *lines: str, name: str = "") -> Path:
    """The ERP's export of a day."""
    return save(
        home, "erp_documents", name or f"erp_{day:%Y%m%d}.csv", [ERP_HEADINGS, *(erp_row(day, line) for line in lines)]
    )


def on_hand(home: Path, day: dt.date, *lines: str) -> Path:
    """On-hand at the close of a day, a line `warehouse item quantity`."""
    rows = [(day, *line.split()) for line in lines]
    return save(home, "on_hand", f"on_hand_{day:%Y%m%d}.csv", [("日期", "仓库编码", "存货编码", "现存数量"), *rows])


def ordinary_day(home: Path, day: dt.date = DAY) -> None:
    """A day of known outcome: two rows agree, one quantity is off, one line is in the ERP alone, one row unreadable."""
    ledger(home, "DF01", day, "采购入库 SL001 2", "自用领用 SL002 3", "采购入库 SL003 两箱")
    ledger(home, "DF02", day, "采购入库 SL002 5")
    ledger(home, "YC01", day)
    mark = f"{day:%m%d}"
    erp(
        home,
        day,
        f"QTR-{mark}:1 DF01 采购入库 SL001 2",
        f"QTC-{mark}:1 DF01 自用领用 SL002 2",
        f"QTR-{mark}:2 DF02 采购入库 SL002 5",
        f"QTR-{mark}:3 DF02 采购入库 SL001 4",
    )


def _named(words: Sequence[str], headings: Sequence[str]) -> dict[str, object]:
    named: dict[str, object] = {}
    for word in words:
        name, text = word.split("=", 1)
        named[name] = text
    assert named.keys() <= set(headings), named
    return named
