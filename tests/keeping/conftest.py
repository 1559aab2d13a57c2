"""A fresh store on each database, and a small company whose files are written in a line."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import pandas as pd
import psycopg
import pytest
from sqlalchemy import Table, make_url, select

from config.datasets import load_datasets, load_words
from config.settings import load_settings
from tasks.adapters.store import Store, open_store, read_frame
from tasks.adapters.workbook import read_sheets
from tasks.intake.steps import Import, IntakeRules, TakenIn, take_in

NOW = dt.datetime(2026, 11, 20, 21, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
LEDGER = ("序号", "日期", "出入库类别", "物资编码", "物资名称", "规格型号", "数量", "仓库", "备注")
ERP = (
    "单据号", "行号", "单据日期", "单据类型", "红蓝字", "出入库类别", "仓库编码", "存货编码", "存货名称", "数量",
    "调拨单号", "转出仓库", "转入仓库", "制单人", "审核人", "审核日期", "备注",
)  # fmt: skip


TEMPLATES: list[tuple[str, str]] = []


@dataclass(frozen=True, slots=True)
class Prepared:
    """The small company once taken in: its folder, and its database's name."""

    folder: Path
    database: str


@contextmanager
def fresh_store(kind: str, folder: Path, postgres_url: Callable[[], str]) -> Iterator[Store]:
    """A migrated store of its own: a file below `folder`, or a schema that is dropped afterwards."""
    if kind == "sqlite":
        store = open_store(f"sqlite:///{folder / 'daybook.db'}")
        yield store
        store.engine.dispose()
        return
    server = postgres_url()
    schema = f"keeping_{uuid4().hex[:12]}"
    with psycopg.connect(_plain_url(server), autocommit=True) as connection:
        connection.execute(f"create schema {schema}")
        store = open_store(f"{server}?options=-csearch_path%3D{schema}")
        try:
            yield store
        finally:
            store.engine.dispose()
            connection.execute(f"drop schema {schema} cascade")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A fresh, migrated store, once on each database."""
    with fresh_store(request.param, tmp_path, lambda: request.getfixturevalue("postgres_url")) as opened:
        yield opened


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
        """The shipped rules."""
        limits = load_settings(self.home).limits
        return IntakeRules(partial(read_sheets, limits=limits), load_datasets(), load_words(), limits.settle_seconds)

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


def _plain(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    columns = [
        [str(value.date()) for value in frame[name]] if str(frame[name].dtype).startswith("datetime")
        else [None if pd.isna(value) else value for value in frame[name].astype(object)]
        for name in frame.columns
    ]  # fmt: skip
    return list(zip(*columns, strict=True))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[], str]], Prepared]:
    """The small company, taken in once for each database and then copied for every test."""
    made: dict[str, Prepared] = {}

    def prepare(kind: str, postgres_url: Callable[[], str]) -> Prepared:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind)
            url = f"sqlite:///{folder / 'daybook.db'}"
            if kind == "postgresql":
                url = _database(postgres_url(), "")
            opened = open_store(url)
            _found(Company(folder / "company", opened))
            opened.engine.dispose()
            made[kind] = Prepared(folder, opened.engine.url.database or "")
        return made[kind]

    return prepare


@pytest.fixture(params=["sqlite", "postgresql"])
def company(
    request: pytest.FixtureRequest, tmp_path: Path, prepared: Callable[[str, Callable[[], str]], Prepared]
) -> Iterator[Company]:
    """Two sites of one department with a good and a damaged store each, taken in on each database."""

    def postgres_url() -> str:
        return str(request.getfixturevalue("postgres_url"))

    first = prepared(request.param, postgres_url)
    folder = tmp_path / "copy"
    shutil.copytree(first.folder, folder)
    url = f"sqlite:///{folder / 'daybook.db'}"
    if request.param == "postgresql":
        url = _database(postgres_url(), first.database)
    opened = open_store(url)
    yield Company(folder / "company", opened)
    opened.engine.dispose()
    if request.param == "postgresql":
        _drop(postgres_url(), opened.engine.url.database or "")


@pytest.fixture(scope="session", autouse=True)
def _no_database_stays() -> Iterator[None]:
    yield
    for server, name in TEMPLATES:
        _drop(server, name)


def _database(server: str, template: str) -> str:
    name = f"keeping_{uuid4().hex[:12]}"
    with psycopg.connect(_plain_url(server), autocommit=True) as connection:
        if template:
            connection.execute(f"create database {name} template {template}")
        else:
            connection.execute(f"create database {name}")
            TEMPLATES.append((server, name))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(_plain_url(server), autocommit=True) as connection:
        connection.execute(f"drop database {name}")


def _plain_url(server: str) -> str:
    return server.replace("postgresql+psycopg://", "postgresql://", 1)


def _found(made: Company) -> None:
    sites = [["DF01", "大丰一期", "第1业务部"], ["DF02", "大丰二期", "第1业务部"]]
    stores = [
        [f"{site}{mark}", f"{site}{word}品库", site, word]
        for site in ("DF01", "DF02")
        for mark, word in (("A", "完好"), ("B", "损坏"))
    ]
    made.drop("departments", "d.csv", [["业务部", "经理"], ["第1业务部", "王"]])
    made.drop("sites", "s.csv", [["现场编码", "现场名称", "业务部"], *sites])
    made.drop("warehouses", "w.csv", [["仓库编码", "仓库名称", "现场编码", "品质"], *stores])
    made.take_in()
