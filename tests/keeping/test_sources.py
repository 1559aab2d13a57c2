"""Sources: the same rows from another program's database as from its export, and one clear line when it is away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select

from config.wording import LANGUAGES
from tasks.adapters.sources import UnableToReachSource, fetch
from tasks.adapters.speech import spoken
from tasks.adapters.store import read_frame
from tasks.intake.hotel_tables import folio, members
from tasks.intake.steps import SourceToRead, rows_of_period, take_in_sources, verify_intake
from tasks.intake.tables import erp_lines, files, items, on_hand, warehouses
from tests.keeping.company import Company

DAY = dt.date(2026, 11, 20)
QUERIES = Path(__file__).parents[2] / "config" / "queries" / "u8"
# The columns that the queries read, as U8 has them.
U8 = """
create sequence numbers;
create table Rd_Style (cRdCode varchar(5), cRdName varchar(20), bRdFlag smallint);
create table ComputationUnit (cComunitCode varchar(35), cComUnitName varchar(20));
create table Warehouse (cWhCode varchar(10), cWhName varchar(20), cDepCode varchar(12));
create table Inventory (cInvCode varchar(60), cInvName varchar(255), cInvStd varchar(255), cComUnitCode varchar(35),
    cInvDefine1 varchar(20), cInvDefine2 varchar(20), cInvABC varchar(1), iInvSPrice float, iInvRCost float,
    iVolume float, iMassDate int);
create table CurrentStock (AutoID int, cWhCode varchar(10), cInvCode varchar(60), iQuantity decimal(30, 10));
create table RdRecord08 (ID int, cCode varchar(30), dDate timestamp, cWhCode varchar(10), cRdCode varchar(5),
    cSource varchar(50), cBusCode varchar(30), cMaker varchar(20), dnmaketime timestamp, cHandler varchar(20),
    dVeriDate timestamp, cMemo varchar(255));
create table rdrecords08 (AutoID int, ID int, irowno int, cInvCode varchar(60), iQuantity decimal(30, 10));
create table RdRecord09 (like RdRecord08);
create table rdrecords09 (like rdrecords08);
create table TransVouch (cTVCode varchar(30), dTVDate timestamp, cOWhCode varchar(10), cIWhCode varchar(10),
    cMaker varchar(20), dnmaketime timestamp, cVerifyPerson varchar(20), dVerifyDate timestamp, cTVMemo varchar(255));
create table TransVouchs (autoID int, cTVCode varchar(30), irowno int, cInvCode varchar(60),
    iTVQuantity decimal(30, 10));
insert into Rd_Style values ('11', '采购入库', 1), ('21', '自用领用', 0), ('31', '物资退库', 1);
insert into ComputationUnit values ('01', '件');
insert into Warehouse values ('DF01A', 'DF01完好品库', 'DF01'), ('DF02A', 'DF02完好品库', 'DF02');
insert into Inventory values ('00040', '轴承', '6204', '01', '备件', 'Ⅱ', 'A', 12.5, null, 0.05, 365);
insert into CurrentStock values (1, 'DF01A', '00040', 5.5), (2, 'DF01A', '00040', 1), (3, 'DF02A', '00040', -2);
insert into RdRecord08 values
    (1, '0000000001', '2026-11-20', 'DF01A', '11', '库存', null, '李', '2026-11-20 20:10:00', '王', '2026-11-20', 'x'),
    (2, '0000000002', '2026-11-20', 'DF02A', null, '调拨', '0000000009', '李', null, null, null, null),
    (3, '0000000003', '2026-11-18', 'DF01A', '31', '库存', null, '李', null, '王', '2026-11-20', null),
    (4, '0000000004', '2026-11-18', 'DF01A', '11', '库存', null, '李', null, null, null, null);
insert into rdrecords08 values
    (1, 1, 1, '00040', 2), (2, 2, 1, '00040', 3), (3, 3, 1, '00040', -1), (4, 4, 1, '00040', 1);
insert into RdRecord09 values
    (1, '0000000001', '2026-11-20', 'DF01A', '21', '库存', null, '李', null, null, null, null);
insert into rdrecords09 values (9, 1, null, '00040', 0.25);
insert into TransVouch values ('0000000009', '2026-11-20', 'DF01A', 'DF02A', '李', null, '王', '2026-11-20', '同意');
insert into TransVouchs values (1, '0000000009', 1, '00040', 3);
"""


@pytest.fixture
def u8(postgres_url: str) -> Iterator[str]:
    """A U8-shaped schema with a few documents; its URL."""
    schema = f"u8_{uuid4().hex[:12]}"
    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"create schema {schema}")
        connection.execute(f"set search_path to {schema}")
        connection.execute(U8)
        yield f"{postgres_url}?options=-csearch_path%3D{schema}"
        connection.execute(f"drop schema {schema} cascade")


def source(dataset: str, url: str, query: str = "") -> SourceToRead:
    """The shipped source of one dataset."""
    text = query or (QUERIES / f"{dataset}.sql").read_text(encoding="utf-8")
    return SourceToRead(f"u8_{dataset}", dataset, url, text, rows_max=1000)


def test_the_u8_queries_give_typed_documents_masters_and_on_hand(company: Company, u8: str) -> None:
    sources = [source(name, u8) for name in ("items", "warehouses", "erp_documents", "on_hand")]
    taken = take_in_sources(company.work(), sources, DAY)
    assert [(one.dataset, one.accepted, one.quarantined) for one in taken.datasets] == [
        ("items", 1, 0), ("warehouses", 0, 0), ("erp_documents", 5, 0), ("on_hand", 2, 0),
    ]  # fmt: skip
    seen = company.rows(
        erp_lines, "document", "line", "date", "red", "category", "quantity", "transfer_order", "audited_by"
    )
    assert seen == [
        ("0000000009", "1", "2026-11-20", False, "GOOD_TRANSFER", 30_000, "0000000009", "王"),
        ("QTC-0000000001", "9", "2026-11-20", False, "OWN_USE_OUT", 2_500, "", ""),
        ("QTR-0000000001", "1", "2026-11-20", False, "PURCHASE_IN", 20_000, "", "王"),
        ("QTR-0000000002", "1", "2026-11-20", False, "GOOD_TRANSFER_IN", 30_000, "0000000009", ""),
        ("QTR-0000000003", "1", "2026-11-18", True, "RETURN_TO_STOCK", -10_000, "", "王"),
    ]
    assert company.rows(on_hand, "warehouse", "item", "quantity") == [
        ("DF01A", "00040", 65_000),
        ("DF02A", "00040", -20_000),
    ]
    assert company.rows(items, "item", "unit_price", "unit_volume", "sort", "item_class")[0][:3] == (
        "00040",
        125_000,
        50_000,
    )
    assert len(company.rows(warehouses, "warehouse")) == 4


def test_an_answer_is_archived_named_after_its_source_and_day_and_read_once(company: Company, u8: str) -> None:
    for repeated in (0, 1):
        (taken,) = take_in_sources(company.work(), [source("erp_documents", u8)], DAY).datasets
        assert taken.files_repeated == repeated
    ((_, place),) = [
        row for row in company.rows(files, "name", "archived_as") if row[0] == "sql:u8_erp_documents:2026-11-20"
    ]
    assert (company.home / str(place)).is_file()
    with company.store.reading() as connection:
        assert rows_of_period(connection, DAY)["erp_documents"] == {
            "read": 5,
            "accepted": 5,
            "quarantined": 0,
            "repeated": 0,
        }
        assert verify_intake(connection, company.home) == []


def test_a_bad_value_from_a_source_is_quarantined_like_one_from_a_file(company: Company, u8: str) -> None:
    query = """select 'DF01' as site, cast(:date as date) as date, '' as reason
        union all select 'DF02', cast(:date as date), '断网'"""
    (taken,) = take_in_sources(company.work(), [source("late_notice", u8, query)], DAY).datasets
    assert (taken.read, taken.accepted, taken.quarantined) == (2, 1, 1)


@pytest.mark.parametrize(
    ("url", "query", "said"),
    [
        ("postgresql://clerk:geheim@127.0.0.1:1/u8", "select 1", "127.0.0.1"),
        ("geheim", "select 1", "URL"),
        ("{u8}", "select * from nowhere", "nowhere"),
        ("{u8}", "select nextval('numbers')", "read-only"),
        ("{u8}", "select * from generate_series(1, 2000) as s(document)", "rows_max"),
    ],
)
def test_a_source_that_cannot_be_used_is_one_line_without_its_password(
    u8: str, url: str, query: str, said: str
) -> None:
    with pytest.raises(UnableToReachSource) as wrong:
        fetch(url.format(u8=u8), query, DAY, rows_max=1000)
    for language in LANGUAGES:
        line = spoken(wrong.value.message, language)
        assert said in line
        assert "geheim" not in line
        assert "\n" not in line


def test_one_source_that_is_away_is_said_and_stops_no_other(company: Company, u8: str) -> None:
    away = source("on_hand", "postgresql://clerk:geheim@127.0.0.1:1/u8")
    taken = take_in_sources(company.work(), [away, source("erp_documents", u8)], DAY)
    assert [one.dataset for one in taken.datasets] == ["erp_documents"]
    assert "geheim" not in taken.notices[0].to_json()


def test_a_query_may_do_without_the_date(u8: str) -> None:
    assert fetch(u8, "select 7 as line, null as remark", DAY, rows_max=1).rows == [["line", "remark"], [7, ""]]


PMS = """
create table posting (id int, account varchar(10), business_date date, posted timestamp, item varchar(20),
    amount numeric(12, 3), clerk varchar(20));
insert into posting values
    (1, 'A0001', '2026-11-20', '2026-11-21 00:00:00', '房费', 388.00, '李'),
    (2, 'A0001', '2026-11-20', '2026-11-20 21:15:30', 'POS', 12.5, '李'),
    (3, 'A0001', '2026-11-20', '2026-11-20 21:16:00', 'POS', 12.345, '李');
"""
POSTINGS = """select id as number, account, business_date as date, posted as at, item, amount, clerk as operator
    from posting where business_date = :date"""


def test_a_hotel_is_read_from_its_own_database(company: Company, u8: str) -> None:
    with psycopg.connect(u8.replace("postgresql+psycopg://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(PMS)
    (taken,) = take_in_sources(company.work(), [source("folio", u8, POSTINGS)], DAY).datasets
    assert (taken.read, taken.accepted, taken.quarantined) == (3, 2, 1)
    with company.store.reading() as connection:
        kept = read_frame(connection, select(folio.c.number, folio.c.item, folio.c.amount, folio.c.at))
        assert verify_intake(connection, company.home) == []
    assert sorted(zip(kept["number"], kept["item"], kept["amount"], kept["at"].astype("str"), strict=True)) == [
        ("1", "room", 38800, "2026-11-21 00:00:00"), ("2", "pos", 1250, "2026-11-20 21:15:30"),
    ]  # fmt: skip


def test_a_source_that_answers_as_it_did_before_a_change_says_what_stands(company: Company, u8: str) -> None:
    address = u8.replace("postgresql+psycopg://", "postgresql://", 1)
    query = "select member, points from member_list"
    notices: list[int] = []
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create table member_list (member varchar(10), points int)")
        connection.execute("insert into member_list values ('M1', 100)")
        for points in (100, 100, 250, 100):
            connection.execute("update member_list set points = %s", (points,))
            asked = source("members", u8, query)
            notices.append(len(take_in_sources(company.work(), [asked], DAY).notices))
    assert notices == [0, 0, 0, 1]
    assert company.rows(members, "points") == [(250,)]
