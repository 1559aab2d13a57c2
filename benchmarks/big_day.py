"""Input for the measurement of the whole day: a thousand workbooks, one large export, on-hand that fits."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xlsxwriter

HEADINGS = ("序号", "日期", "出入库类别", "物资编码", "物资名称", "规格型号", "单位", "数量", "仓库", "经手人", "备注")
ERP_HEADINGS = (
    "单据号", "行号", "单据日期", "单据类型", "红蓝字", "出入库类别", "仓库编码", "存货编码", "存货名称", "规格型号",
    "单位", "数量", "制单人", "审核人", "审核日期",
)  # fmt: skip
# Chinese word, code, comes in, kept among damaged goods.
CATEGORIES = (
    ("采购入库", "PURCHASE_IN", True, False),
    ("自用领用", "OWN_USE_OUT", False, False),
    ("修复入库", "REPAIRED_IN", True, False),
    ("损坏入库", "DAMAGED_IN", True, True),
)
ON_HAND_HEADINGS = ("日期", "仓库编码", "存货编码", "存货名称", "现存数量")
FAULT_EVERY = 100


@dataclass(frozen=True, slots=True)
class Size:
    """How large the day is: sites, ledger lines of each, and items of the master."""

    sites: int = 1000
    lines: int = 200
    items: int = 5000


@dataclass(frozen=True, slots=True)
class Line:
    """One movement, as the site wrote it: its site, its place there, item, category and quantity."""

    site: str
    place: int
    item: int
    category: int
    quantity: int

    @property
    def warehouse(self) -> str:
        """The code of the warehouse that the category belongs to."""
        return self.site + ("B" if CATEGORIES[self.category][3] else "A")

    @property
    def thing(self) -> list[str]:
        """Code, name, specification and unit of the item."""
        return [f"B{self.item:06d}", f"备件{self.item}", f"X-{self.item}", "件"]


def lines_of(size: Size, seed: int = 1) -> list[Line]:
    """The movements of one day, site by site, always the same for the same `seed`."""
    rng = np.random.default_rng(seed)
    lines = []
    for number in range(size.sites):
        item = rng.permutation(size.items)[: size.lines].tolist()
        category = rng.integers(0, len(CATEGORIES), size.lines).tolist()
        quantity = rng.integers(1, 30, size.lines).tolist()
        found = zip(item, category, quantity, strict=True)
        lines += [Line(f"W{number:04d}", place, *one) for place, one in enumerate(found, start=1)]
    return lines


def write_day(inbox: Path, day: dt.date, lines: list[Line], prefix: str, fault_every: int = FAULT_EVERY) -> None:
    """Puts a workbook a site and one ERP export into `inbox`; the export as write_export has it."""
    (inbox / "ledger").mkdir(parents=True, exist_ok=True)
    by_site: dict[str, list[list[object]]] = {}
    for line in lines:
        word, _, _, damaged = CATEGORIES[line.category]
        store = "损坏品库" if damaged else "完好品库"
        row = [line.place, day.isoformat(), word, *line.thing, line.quantity, store, "王工", ""]
        by_site.setdefault(line.site, []).append(row)
    for site, rows in by_site.items():
        _write_ledger(inbox / "ledger" / f"{site}_{day:%Y%m%d}.xlsx", site, day, rows)
    write_export(inbox, day, lines, prefix, fault_every)


def write_export(inbox: Path, day: dt.date, lines: list[Line], prefix: str, fault_every: int) -> None:
    """Puts the ERP export of `lines` into `inbox`; of every `fault_every` lines one has a piece too many (0: none)."""
    rows = [list(ERP_HEADINGS)]
    for number, line in enumerate(lines):
        word, _, incoming, _ = CATEGORIES[line.category]
        posted = line.quantity + (fault_every > 0 and number % fault_every == 0)
        where = ["其他入库单" if incoming else "其他出库单", "蓝字", word, line.warehouse]
        people = ["张会计", "李经理", day.isoformat()]
        document = [f"{prefix}{number:08d}", "1", day.isoformat()]
        rows.append([*document, *where, *line.thing, str(posted), *people])
    folder = inbox / "erp_documents"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"单据_{prefix}_{day:%Y%m%d}_{fault_every}.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)


def write_on_hand(inbox: Path, day: dt.date, stock: dict[tuple[str, int], int]) -> None:
    """Puts the on-hand at the close of `day` into `inbox`, by warehouse and item."""
    (inbox / "on_hand").mkdir(parents=True, exist_ok=True)
    with (inbox / "on_hand" / f"现存量_{day:%Y%m%d}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(ON_HAND_HEADINGS)
        table.writerows(
            [day.isoformat(), warehouse, f"B{item:06d}", f"备件{item}", amount]
            for (warehouse, item), amount in stock.items()
        )


def _write_ledger(path: Path, code: str, day: dt.date, rows: list[list[object]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("流水账")
        page.write_row(0, 0, [f"现场名称:{code}", "", f"填报日期:{day}"])
        page.write_row(1, 0, HEADINGS)
        for number, row in enumerate(rows, start=2):
            page.write_row(number, 0, row)


def write_masters(inbox: Path, size: Size) -> None:
    """Puts departments, sites, two warehouses for each, and items into `inbox`."""
    tables = {
        "departments": [["业务部", "经理", "账务员"], *([f"业务{n}部", "李经理", "张会计"] for n in range(10))],
        "sites": [
            ["现场编码", "现场名称", "业务部"],
            *([f"W{n:04d}", f"风场{n}", f"业务{n % 10}部"] for n in range(size.sites)),
        ],
        "warehouses": [
            ["仓库编码", "仓库名称", "现场编码", "品质"],
            *(
                [f"W{n:04d}{s}", f"风场{n}{q}品库", f"W{n:04d}", q]
                for n in range(size.sites)
                for s, q in (("A", "完好"), ("B", "损坏"))
            ),
        ],
        "items": [
            ["存货编码", "存货名称", "规格型号", "单位", "大类", "物资类别", "单价"],
            *([f"B{n:06d}", f"备件{n}", f"X-{n}", "件", "备件", "Ⅱ", f"{n % 900 + 10}.50"] for n in range(size.items)),
        ],
    }
    for name, rows in tables.items():
        (inbox / name).mkdir(parents=True)
        with (inbox / name / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
