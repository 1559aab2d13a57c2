"""The seal of a closed night: what comes for it is told and changes nothing; the database itself refuses edits."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from tasks.intake import hotel_tables as hotel
from tasks.intake.tables import changes
from tests.keeping.company import NOW, PERIOD, Company
from tests.keeping.conftest import fresh_store
from tests.keeping.hotel import ROWS, drop, row

NIGHT_ENDS = dt.datetime(2026, 11, 21, 2)  # noqa: DTZ001 - the hotel's wall clock
TOLD = ("dataset", "key", "field", "stored", "delivered", "business_date")
SEALED = (hotel.deposits, hotel.stays, hotel.folio, hotel.payments)


@pytest.fixture
def closed(company: Company) -> Company:
    """A hotel whose rows of 20 November are sealed."""
    for dataset, drawn in ROWS.items():
        drop(company, dataset, "1.csv", drawn)
    company.take_in()
    with company.store.writing() as connection:
        connection.execute(insert(hotel.closed_books).values(business_date=PERIOD, ends_at=NIGHT_ENDS))
        for table in SEALED:
            connection.execute(update(table).values(sealed_on=PERIOD))
    return company


def told(company: Company) -> list[tuple[object, ...]]:
    return company.rows(hotel.after_close, *TOLD)


def counted(company: Company) -> dict[str, tuple[int, int, int]]:
    """Accepted, repeated and quarantined rows of each dataset that this import brought."""
    return {one.dataset: (one.accepted, one.repeated, one.quarantined) for one in company.take_in().datasets}


def test_other_values_for_a_sealed_row_are_told_field_by_field_once_and_change_nothing(closed: Company) -> None:
    drop(closed, "folio", "2.csv", row("folio", 金额="328.00", 操作员="赵"))
    drop(closed, "stays", "2.csv", row("stays", 房价="1.00"))
    drop(closed, "deposits", "2.csv", row("deposits", 日期时间="2026-11-22 10:00"))
    drop(closed, "payments", "2.csv", row("payments", 营业日="2026-11-21"))
    assert counted(closed) == dict.fromkeys(("stays", "deposits", "folio", "payments"), (1, 0, 0))
    lines = [
        ("deposits", "D1", "at", "2026-11-20 10:00:00", "2026-11-22 10:00:00", "2026-11-20"),
        ("folio", "F1", "amount", "388.00", "328.00", "2026-11-20"),
        ("folio", "F1", "operator", "李", "赵", "2026-11-20"),
        ("payments", "P1", "at", "2026-11-20 20:30:00", "2026-11-21 20:30:00", "2026-11-20"),
        ("payments", "P1", "date", "2026-11-20", "2026-11-21", "2026-11-20"),
        ("stays", "A1", "price", "388.00", "1.00", "2026-11-20"),
    ]
    assert told(closed) == lines
    drop(closed, "folio", "3.csv", "\n" + row("folio", 金额="328.00", 操作员="赵", 时间="20:00:00"))
    assert counted(closed) == {"folio": (1, 0, 0)}
    assert told(closed) == lines
    assert closed.rows(hotel.folio, "amount", "operator") == [(38800, "李")]
    assert closed.rows(hotel.stays, "price") == [(38800,)]
    assert closed.rows(changes, "key") == []
    assert closed.verified() == []


def test_a_new_row_of_a_closed_date_is_told_whole_and_one_of_an_open_date_is_kept(closed: Company) -> None:
    late, after = {"流水号": "X1"}, {"流水号": "X2"}
    for dataset, closing, opening in (
        ("folio", {}, {"营业日": "2026-11-21"}),
        ("payments", {"营业日": "2026-11-19"}, {"营业日": "2026-11-21"}),
        ("deposits", {"日期时间": "2026-11-21 02:00:00"}, {"日期时间": "2026-11-21 02:00:01"}),
    ):
        drop(closed, dataset, "2.csv", row(dataset, **late, **closing))
        drop(closed, dataset, "3.csv", row(dataset, **after, **opening))
    assert counted(closed) == dict.fromkeys(("deposits", "folio", "payments"), (2, 0, 0))
    assert [(line[0], line[1], line[2], line[5]) for line in told(closed)] == [
        ("deposits", "X1", "", "2026-11-20"), ("folio", "X1", "", "2026-11-20"), ("payments", "X1", "", "2026-11-19"),
    ]  # fmt: skip
    assert json.loads(str(told(closed)[1][4])) == {
        "number": "X1", "account": "A1", "date": "2026-11-20", "at": "2026-11-20 20:00:00", "item": "room",
        "amount": "388.00", "operator": "李",
    }  # fmt: skip
    for table, number in ((hotel.folio, "F1"), (hotel.payments, "P1"), (hotel.deposits, "D1")):
        assert closed.rows(table, "number") == [(number,), ("X2",)]
    assert closed.verified() == []


def test_an_open_row_cannot_be_moved_into_a_closed_date(closed: Company) -> None:
    drop(closed, "folio", "2.csv", row("folio", 流水号="X2", 营业日="2026-11-21"))
    closed.take_in()
    drop(closed, "folio", "3.csv", row("folio", 流水号="X2", 营业日="2026-11-20", 时间="2026-11-21 20:00"))
    assert counted(closed) == {"folio": (1, 0, 0)}
    assert told(closed) == [("folio", "X2", "date", "2026-11-21", "2026-11-20", "2026-11-20")]
    assert closed.rows(hotel.folio, "number", "date")[1] == ("X2", "2026-11-21")


def test_a_night_posting_that_comes_back_is_kept_whatever_its_date(closed: Company) -> None:
    drop(closed, "folio", "2.csv", row("folio", 流水号="X1", 备注="夜审 DB-2026-11-20-1"))
    assert counted(closed) == {"folio": (1, 0, 0)}
    assert told(closed) == []
    assert closed.rows(hotel.folio, "number", "night_posting") == [("F1", ""), ("X1", "DB-2026-11-20-1")]
    drop(closed, "folio", "3.csv", row("folio", 流水号="X1", 备注=""))
    closed.take_in()
    assert [line[:5] for line in told(closed)] == [("folio", "X1", "remark", "夜审 DB-2026-11-20-1", "")]
    assert closed.verified() == []


FOLIO = (
    "insert into folio (number_key, number, account_key, account, date, at, item, amount, operator, shift_key, shift, "
    "outlet, original_key, original, remark, night_posting, file_id, sheet, row) values ('Z9', 'Z9', 'A1', 'A1', "
    "'{date}', '2026-11-20 20:00:00.000000', 'room', 1, 'x', '', '', '', '', '', '', '{posting}', 1, 's', 1)"
)


EDITS = (
    "update folio set amount = 1",
    "update folio set sealed_on = null",
    "update payments set operator = 'x'",
    "update deposits set amount = amount",
    "update stays set price = 1",
    "delete from folio",
    "delete from payments",
    "delete from deposits",
    "delete from stays",
    "update closed_books set ends_at = '2026-11-30 02:00:00.000000'",
    "delete from closed_books",
    "insert into closed_books values ('2026-11-19', '2026-11-20 02:00:00.000000')",
    FOLIO.format(date="2026-11-20", posting=""),
    FOLIO.format(date="2020-01-01", posting=""),
)


def test_the_database_itself_refuses_an_edit(closed: Company) -> None:
    for statement in EDITS:
        with pytest.raises(IntegrityError), closed.store.writing() as connection:
            connection.execute(text(statement))


def test_the_database_takes_what_belongs_to_an_open_date(closed: Company) -> None:
    with closed.store.writing() as connection:
        connection.execute(text(FOLIO.format(date="2026-11-21", posting="")))
        connection.execute(text("update folio set amount = 2 where number_key = 'Z9'"))
        connection.execute(text("insert into closed_books values ('2026-11-21', '2026-11-22 02:00:00.000000')"))
        connection.execute(text("update folio set sealed_on = '2026-11-21' where number_key = 'Z9'"))
        connection.execute(text(FOLIO.format(date="2026-11-20", posting="DB-2026-11-20-1").replace("Z9", "Z10")))
    assert closed.rows(hotel.folio, "number", "amount") == [("F1", 38800), ("Z10", 1), ("Z9", 2)]


def test_what_stands_in_a_closed_date_without_a_seal_is_found_by_verify(company: Company) -> None:
    drop(company, "payments", "1.csv", ROWS["payments"])
    company.take_in(now=NOW)
    with company.store.writing() as connection:
        connection.execute(insert(hotel.closed_books).values(business_date=PERIOD, ends_at=NIGHT_ENDS))
    assert company.verified() == ["payments P1 stands in the closed books up to 2026-11-20 without a seal"]


CELLS = st.lists(
    st.tuples(
        st.sampled_from(["F1", "F2", "f-1", "-"]), st.sampled_from(["2026-11-19", "2026-11-20", "2026-11-21", "昨天"]),
        st.sampled_from(["房费", "POS", "宠物"]), st.sampled_from(["1.00", "-2", "3.333"]),
        st.sampled_from(["-", "DB-2026-11-20-1"]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
HEADINGS = ["流水号", "营业日", "项目", "金额", "备注", "账号", "时间", "操作员"]


@settings(max_examples=10)
@given(deliveries=st.lists(CELLS, min_size=2, max_size=4))
def test_every_row_is_accepted_quarantined_or_repeated_before_and_after_the_close(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, deliveries: list[list[tuple[str, ...]]]
) -> None:
    folder = tmp_path_factory.mktemp("sealed")
    with fresh_store("sqlite", folder, request) as store:
        company = Company(folder / "home", store)
        for number, cells in enumerate(deliveries):
            company.drop("folio", f"{number}.csv", [HEADINGS, *([*one, "A1", "20:00", "李"] for one in cells)])
            for line in company.take_in().datasets:
                assert line.read == line.accepted + line.quarantined + line.repeated
                assert line.read == len(cells) or line.files_repeated == 1
            if number == 0:
                with store.writing() as connection:
                    connection.execute(insert(hotel.closed_books).values(business_date=PERIOD, ends_at=NIGHT_ENDS))
                    connection.execute(update(hotel.folio).where(hotel.folio.c.date <= PERIOD).values(sealed_on=PERIOD))
        assert company.verified() == []
