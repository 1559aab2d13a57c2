from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tests.flows.company import DAY, SITES, ledger, masters
from tests.flows.conftest import NewHome
from tests.flows.running import Home, broken, figures, reports, run_day, shown

# The tables and columns of a Yonyou U8 database that the shipped query of documents reads.
U8 = """
create table Rd_Style (cRdCode text, cRdName text);
create table ComputationUnit (cComunitCode text, cComUnitName text);
create table Warehouse (cWhCode text, cWhName text, cDepCode text);
create table Inventory (cInvCode text, cInvName text, cInvStd text, cComUnitCode text);
create table RdRecord08 (ID int, cCode text, dDate timestamp, cWhCode text, cRdCode text, cSource text, cBusCode text,
    cMaker text, dnmaketime timestamp, cHandler text, dVeriDate timestamp, cMemo text);
create table rdrecords08 (AutoID int, ID int, irowno int, cInvCode text, iQuantity decimal(30, 10));
create table RdRecord09 (like RdRecord08);
create table rdrecords09 (like rdrecords08);
create table TransVouch (cTVCode text, dTVDate timestamp, cOWhCode text, cIWhCode text, cMaker text,
    dnmaketime timestamp, cVerifyPerson text, dVerifyDate timestamp, cTVMemo text);
create table TransVouchs (autoID int, cTVCode text, irowno int, cInvCode text, iTVQuantity decimal(30, 10));
insert into Rd_Style values ('11', '采购入库'), ('21', '自用领用');
insert into ComputationUnit values ('01', '件');
insert into Warehouse values ('DF01A', 'DF01完好品库', 'DF01'), ('DF02A', 'DF02完好品库', 'DF02');
insert into Inventory values ('SL001', '轴承', '6205', '01'), ('SL002', '扳手', 'M24', '01');
insert into RdRecord08 values
    (1, '0001', '2025-11-20', 'DF01A', '11', '库存', null, '李', '2025-11-20 20:10', '王', '2025-11-20', null);
insert into rdrecords08 values (1, 1, 1, 'SL001', 2);
insert into RdRecord09 values
    (1, '0001', '2025-11-20', 'DF02A', '21', '库存', null, '李', '2025-11-20 20:10', '王', '2025-11-20', null);
insert into rdrecords09 values (1, 1, 1, 'SL002', 3);
"""


@pytest.fixture
def u8(postgres_url: str) -> Iterator[str]:
    """The URL of a database shaped like the customer's ERP."""
    schema = f"u8_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        connection.execute(sql.SQL("set search_path to {}").format(sql.Identifier(schema)))
        connection.execute(U8)
        yield f"{postgres_url}?options=-csearch_path%3D{schema}"
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(schema)))


def _asking(home: Home, url: str) -> Home:
    masters(home.folder)
    for site in SITES:
        lines = {"DF01": ("采购入库 SL001 2",), "DF02": ("自用领用 SL002 4",)}.get(site, ())
        ledger(home.folder, site, DAY, *lines)
    (home.folder / "daybook.toml").write_text(
        f'[sources.u8]\ndataset = "erp_documents"\nurl = "{url}"\nquery = "u8/erp_documents.sql"\n', encoding="utf-8"
    )
    return home


@pytest.mark.postgres
def test_a_day_runs_on_documents_asked_from_the_erp_itself(sqlite_home: NewHome, u8: str) -> None:
    home = _asking(sqlite_home(), u8)
    first = run_day(home, DAY)
    assert first["status"] == "completed"
    assert shown(first) == [("QUANTITY", "DF02", "SL002", "open")]
    assert figures(first)["erp_lines"] == 2
    written = reports(home)
    assert run_day(home, DAY) == first
    assert reports(home) == written
    assert broken(home) == []


def test_a_source_that_does_not_answer_blocks_the_day_and_is_said_without_its_password(sqlite_home: NewHome) -> None:
    home = _asking(sqlite_home(), "postgresql+psycopg://clerk:geheim@127.0.0.1:1/u8")
    said = run_day(home, DAY)
    assert said["status"] == "blocked"
    page = (home.folder / f"reports/stock-ledger/{DAY}/stock-ledger.html").read_text(encoding="utf-8")
    assert "u8" in page
    assert "geheim" not in page
