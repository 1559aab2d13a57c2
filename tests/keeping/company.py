"""A small company whose files are written in a line, and what is kept of them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Table, select

from config.settings import load_settings
from config.wording import wording
from flows.arranging import intake_rules
from tasks.adapters.store import Store, read_frame
from tasks.intake.steps import Import, IntakeRules, TakenIn, rows_of_period, take_in, verify_intake
from tasks.intake.tables import ledger_rows

DAY, EARLIER = "2026-11-20", "2026-11-19"
PERIOD = dt.date(2026, 11, 20)
IN, OUT = "采购入库", "自用领用"
NOW = dt.datetime(2026, 11, 20, 21, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
LEDGER = ("序号", "日期", "出入库类别", "物资编码", "物资名称", "规格型号", "数量", "仓库", "备注")
ERP = (
    "单据号", "行号", "单据日期", "单据类型", "红蓝字", "出入库类别", "仓库编码", "存货编码", "存货名称", "数量",
    "调拨单号", "转出仓库", "转入仓库", "制单人", "审核人", "审核日期", "备注",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """A home folder with its store; files are dropped by name and taken in together."""

    home: Path
    store: Store

    def drop(self, dataset: str, name: str, rows: Sequence[Sequence[object]]) -> Path:
        """A CSV file in the inbox."""
        path = self.home / "inbox" / dataset / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    def ledger(self, site: str, day: str, *rows: Sequence[object], name: str = "") -> Path:
        """A ledger of `site` stated for `day`; each row is (序号, day, category, item, quantity)."""
        above = [["现场出入库流水账"], [f"现场名称:{site}", f"填报日期:{day}"], [], list(LEDGER)]
        full = [[no, on, kind, item, f"备件{item}", "", count, "完好品库", ""] for no, on, kind, item, count in rows]
        return self.drop("ledger", name or f"{site}_{day.replace('-', '')}.csv", [*above, *full])

    def erp(self, name: str, *rows: Mapping[str, object]) -> Path:
        """An ERP export; each row overrides the fields of an ordinary line."""
        ordinary = {
            "单据号": "Q1", "行号": 1, "单据日期": "2026-11-20", "单据类型": "其他入库单", "出入库类别": "采购入库",
            "仓库编码": "DF01A", "存货编码": "A1", "存货名称": "备件A1", "数量": 2,
        }  # fmt: skip
        return self.drop(
            "erp_documents", name, [ERP, *([{**ordinary, **row}.get(name, "") for name in ERP] for row in rows)]
        )

    def rules(self) -> IntakeRules:
        """The rules of the home."""
        return intake_rules(load_settings(self.home))

    def take_in(self, reported: Collection[dt.date] = (), now: dt.datetime = NOW) -> TakenIn:
        """Everything that waits, taken in."""
        return take_in(self.store, self.home, self.rules(), now, reported)

    def work(self) -> Import:
        """An import under way, for sources."""
        return Import(self.store, self.home, self.rules(), NOW, frozenset())

    def rows(self, table: Table, *columns: str) -> list[tuple[object, ...]]:
        """Every stored row of `table`, only its `columns`, sorted."""
        with self.store.reading() as connection:
            frame = read_frame(connection, select(*(table.c[name] for name in columns)))
        return sorted(_plain(frame), key=repr)

    def waiting(self) -> list[str]:
        """The names of the files left in the inbox."""
        return sorted(path.name for path in (self.home / "inbox").rglob("*") if path.is_file())

    def live(self) -> list[tuple[object, ...]]:
        """The ledger rows that count: site, date, number, item, whole quantity."""
        rows = self.rows(ledger_rows, "site", "date", "number", "item", "quantity", "withdrawn_by")
        return [(*row[:4], int(str(row[4])) // 10_000) for row in rows if row[5] is None]

    def counts(self, dataset: str, period: dt.date = PERIOD) -> tuple[int, ...]:
        """Read, accepted, quarantined, repeated rows of one dataset and period."""
        with self.store.reading() as connection:
            return tuple(rows_of_period(connection, period)[dataset].values())

    def verified(self) -> list[str]:
        """What the invariants say, in words."""
        with self.store.reading() as connection:
            said = verify_intake(connection, self.home)
        return [wording("en", one.key, **dict(one.parameters)) for one in said]


def _plain(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    columns = [
        [str(value.date()) for value in frame[name]] if str(frame[name].dtype).startswith("datetime")
        else [None if pd.isna(value) else value for value in frame[name].astype(object)]
        for name in frame.columns
    ]  # fmt: skip
    return list(zip(*columns, strict=True))
