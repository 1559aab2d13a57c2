"""Input for the measurement of the whole day: a thousand workbooks, one large export, settled years."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from sqlalchemy import insert, select

from tasks.adapters.store import Store, write_frame
from tasks.intake.tables import erp_lines, files, ledger_rows, on_hand

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
FAULT_EVERY = 100
SCALE = 10_000
HISTORY_YEAR_DAYS = 365
SNAPSHOT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Size:
    """How large the day is: sites, ledger lines of each, and items of the master."""

    sites: int = 1000
    lines: int = 200
    items: int = 5000


def write_day(inbox: Path, day: dt.date, size: Size, seed: int = 1) -> None:
    """Fills `inbox` with masters, a workbook a site and one ERP export, whose every hundredth line is at fault."""
    _write_masters(inbox, size)
    rng = np.random.default_rng(seed)
    erp = [list(ERP_HEADINGS)]
    (inbox / "ledger").mkdir(parents=True)
    for site in range(size.sites):
        code = f"W{site:04d}"
        item = rng.permutation(size.items)[: size.lines]
        category, quantity = rng.integers(0, len(CATEGORIES), size.lines), rng.integers(1, 30, size.lines)
        rows = []
        for line, (one, kind, amount) in enumerate(
            zip(item.tolist(), category.tolist(), quantity.tolist(), strict=True)
        ):
            word, _, incoming, damaged = CATEGORIES[kind]
            thing = [f"B{one:06d}", f"备件{one}", f"X-{one}", "件"]
            store = "损坏品库" if damaged else "完好品库"
            rows.append([line + 1, day.isoformat(), word, *thing, amount, store, "王工", ""])
            number = site * size.lines + line
            posted = str(amount + (number % FAULT_EVERY == 0))
            kind_of = "其他入库单" if incoming else "其他出库单"
            where = [kind_of, "蓝字", word, code + ("B" if damaged else "A")]
            erp.append(
                [f"Q{number:08d}", "1", day.isoformat(), *where, *thing, posted, "张会计", "李经理", day.isoformat()]
            )
        _write_ledger(inbox / "ledger" / f"{code}_{day:%Y%m%d}.xlsx", code, day, rows)
    (inbox / "erp_documents").mkdir()
    with (inbox / "erp_documents" / f"单据_{day:%Y%m%d}.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(erp)


def _write_ledger(path: Path, code: str, day: dt.date, rows: list[list[object]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("流水账")
        page.write_row(0, 0, [f"现场名称:{code}", "", f"填报日期:{day}"])
        page.write_row(1, 0, HEADINGS)
        for number, row in enumerate(rows, start=2):
            page.write_row(number, 0, row)


def _write_masters(inbox: Path, size: Size) -> None:
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


def fill_history(store: Store, day: dt.date, size: Size, years: int, lines_a_day: int) -> int:
    """Puts `years` of settled days before `day` straight into the tables, set by set; returns the rows of each book.

    Each day has `lines_a_day` lines that agree; the last month has a daily on-hand of as many items.
    """
    rng = np.random.default_rng(2)
    days = years * HISTORY_YEAR_DAYS
    with store.writing() as connection:
        known = {"sha256": "0" * 64, "size": 1, "received_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "state": "read"}
        connection.execute(
            insert(files).values(dataset="erp_documents", name="history.csv", period=day - dt.timedelta(days), **known)
        )
        file = int(connection.execute(select(files.c.id).where(files.c.name == "history.csv")).scalar_one())
        for back in range(days, 0, -1):
            date = day - dt.timedelta(back)
            ledger, erp = _settled(rng, date, size, lines_a_day, file)
            write_frame(connection, ledger_rows, ledger)
            write_frame(connection, erp_lines, erp)
            if back <= SNAPSHOT_DAYS:
                write_frame(connection, on_hand, _snapshot(erp))
    return days * lines_a_day


def _settled(
    rng: np.random.Generator, date: dt.date, size: Size, lines: int, file: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger rows and ERP lines of one day long settled, as the tables keep them."""
    site = pd.Series(np.sort(rng.integers(0, size.sites, lines))).map("W{:04d}".format).astype("str")
    number = pd.Series(rng.integers(0, size.items, lines))
    item = number.map("B{:06d}".format).astype("str")
    place = pd.Series(range(lines)).map(f"{date:%Y%m%d}{{:06d}}".format).astype("str")
    both = pd.DataFrame(
        {
            "date": np.datetime64(date, "s"),
            "category": "PURCHASE_IN",
            "item_key": item,
            "item": item,
            "item_name": number.map("备件{}".format).astype("str"),
            "quantity": rng.integers(1, 30, lines) * SCALE,
            "file_id": file,
            "sheet": "csv",
            "row": range(2, lines + 2),
            "matched_by": "exact",
        }
    )
    ledger = both.assign(site=site, number=range(1, lines + 1), content_key="h" + place, place=1, warehouse=site + "A")
    erp = both.assign(
        document_key="H" + place,
        line_key="1",
        document="H" + place,
        line="1",
        document_type="other_receipt",
        warehouse_key=site + "A",
        warehouse=site + "A",
        audited_by="李经理",
        audited_on=np.datetime64(date, "s"),
    )
    return ledger, erp


def _snapshot(erp: pd.DataFrame) -> pd.DataFrame:
    columns = [
        "date",
        "warehouse_key",
        "warehouse",
        "item_key",
        "item",
        "item_name",
        "quantity",
        "file_id",
        "sheet",
        "row",
    ]
    return erp[columns].drop_duplicates(["warehouse_key", "item_key"])
