"""Nights of a small hotel: closed whole or not at all, once, and provable for ever after."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tasks.adapters.speech import spoken
from tasks.adapters.store import open_store
from tasks.night_audit.steps import close, printed_again, shown_before, verify_nights
from tasks.night_audit.tables import ledger_balances, night_audits, night_postings
from tasks.register.approvals import answer, waiting
from tasks.register.breaks import Done
from tests.night_audit.hotel import ROOMS, B, a_hotel, closed, drop, order_of, take_in

NEXT = B + dt.timedelta(days=1)
STAYS = "账号|房号|客人|入住类型|抵店|预离|离店|门市价|折扣|房价|操作员\n"


def figures(summary: dict[str, object], *names: str) -> list[Any]:
    """The named figures."""
    found = summary["figures"]
    assert isinstance(found, dict)
    return [found[name] for name in names]


def kinds(summary: dict[str, object]) -> list[str]:
    """Kind and object of every exception, sorted."""
    found = summary["exceptions"]
    assert isinstance(found, list)
    return sorted(f"{one['kind']} {one['item']}" for one in found)


def kept(home: Path) -> list[tuple[Any, ...]]:
    """Everything that a close leaves behind but moments: dates, postings, balances."""
    with open_store(order_of(home).database_url).reading() as connection:
        rows = [
            *connection.execute(select(night_audits.c.business_date, night_audits.c.closed_at.is_(None))),
            *connection.execute(select(night_postings)),
            *connection.execute(select(ledger_balances)),
        ]
    return sorted(map(tuple, rows), key=repr)


def broken(home: Path) -> list[str]:
    """What verify says, in Chinese."""
    with open_store(order_of(home).database_url).reading() as connection:
        return [spoken(one, "zh_CN") for one in verify_nights(connection)]


def raw(home: Path, statement: str) -> None:
    """Raw SQL on the database of the home."""
    with open_store(order_of(home).database_url).writing() as connection:
        connection.execute(text(statement))


def test_a_night_is_closed_with_its_charge_its_figures_and_its_papers(hotel_home: Path) -> None:
    a_hotel(hotel_home)

    summary = closed(hotel_home)

    assert summary["status"] == "completed"
    assert figures(summary, "business_date", "rooms", "out_of_order", "occupied_paid", "stayovers", "arrivals") == [
        "2026-11-20", 4, 1, 1, 1, 0,
    ]  # fmt: skip
    assert figures(summary, "occupancy", "adr", "revpar", "room_revenue") == ["0.250000", "300.00", "75.00", "300.00"]
    assert figures(summary, "guest_ledger", "deposit_ledger", "deposits_before", "deposits_after") == [
        "600.00", "2000.00", "2000.00", "2000.00",
    ]  # fmt: skip
    folder = hotel_home / "reports" / "night-audit" / "2026-11-20"
    assert "DB-2026-11-20-1,A1,2026-11-20" in (folder / "postings.csv").read_text(encoding="utf-8-sig")
    assert sorted(path.name for path in folder.iterdir()) == [
        "exceptions.csv", "night-audit.en.html", "night-audit.en.txt", "night-audit.en.xlsx", "night-audit.html",
        "night-audit.txt", "night-audit.xlsx", "postings.csv", "summary.json",
    ]  # fmt: skip
    assert broken(hotel_home) == []


def test_a_closed_night_says_so_and_posts_nothing_again(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    first = closed(hotel_home)
    before = kept(hotel_home)

    again = closed(hotel_home)

    assert again["status"] == "already-done"
    assert again["figures"] == first["figures"]
    assert kept(hotel_home) == before


def test_a_preview_writes_nothing(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    take_in(hotel_home)
    before = kept(hotel_home)

    summary = shown_before(order_of(hotel_home), B)

    assert summary["status"] == "completed"
    assert figures(summary, "guest_ledger") == ["600.00"]
    assert kept(hotel_home) == before
    assert not (hotel_home / "reports").exists()


def test_a_due_out_blocks_until_somebody_with_the_right_passes_it(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(hotel_home, "operators", "操作员|最低折扣|可放行夜审\n李|0.8|否\n陈|0.5|是")
    drop(hotel_home, "stays", STAYS + "A2|302|赵|正常|2026-11-19 15:00|2026-11-20 12:00||300.00|1|300.00|李", "b.csv")

    blocked = closed(hotel_home)

    assert blocked["status"] == "blocked"
    assert "DUE_OUT A2" in kinds(blocked)
    assert not any(isinstance(one[-1], int) and len(one) > 4 for one in kept(hotel_home))
    store = open_store(order_of(hotel_home).database_url)
    with store.writing() as connection:
        [asked] = waiting(connection)
        answer(
            connection, asked.id, "approved", Done("approved", "陈", "客人续住一晚", order_of(hotel_home).clock()), ()
        )

    summary = closed(hotel_home)

    assert summary["status"] == "completed"
    assert figures(summary, "occupied_paid", "guest_ledger") == [2, "900.00"]
    page = (hotel_home / "reports/night-audit/2026-11-20/night-audit.txt").read_text(encoding="utf-8")
    assert "客人续住一晚" in page


def test_missed_nights_are_closed_one_by_one_and_never_past_the_calendar(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    closed(hotel_home)

    second = closed(hotel_home, NEXT, today=NEXT + dt.timedelta(days=1))
    third = closed(hotel_home, NEXT + dt.timedelta(days=1), today=NEXT + dt.timedelta(days=1))

    assert second["status"] == "completed"
    assert figures(second, "guest_ledger") == ["900.00"]
    assert third["status"] == "blocked"
    assert "日历" in str(third["stopping"])


def test_the_database_itself_refuses_to_change_a_closed_date(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    closed(hotel_home)

    for statement in (
        "update folio set amount = 1 where number = 'F1'",
        "delete from folio where number = 'F1'",
        "update deposits set amount = 1",
        "update night_postings set amount = 1",
        "delete from ledger_balances",
        "update night_audits set hash = '' where closed_at is not null",
        "delete from sealed_rows",
        "delete from closed_books",
    ):
        with pytest.raises(DBAPIError, match=r"closed|sealed"):
            raw(hotel_home, statement)


@pytest.mark.parametrize(
    ("table", "change", "named"),
    [
        ("night_postings", "amount = 1 where account = 'A1'", "night_postings DB-2026-11-20-1"),
        ("night_papers", "content = sha256 where name = 'summary.json'", "night_papers summary.json"),
    ],
)
def test_verify_names_the_day_and_the_row_that_raw_sql_changed(
    hotel_home: Path, table: str, change: str, named: str
) -> None:
    a_hotel(hotel_home)
    closed(hotel_home)
    sqlite = order_of(hotel_home).database_url.startswith("sqlite")
    raw(hotel_home, f"drop trigger {table}_closed_update" + ("" if sqlite else f" on {table}"))

    raw(hotel_home, f"update {table} set {change if sqlite else change.replace('= sha256', '= sha256::bytea')}")

    assert broken(hotel_home) == [f"2026-11-20 已关账，{named} 被改动过"]


def test_a_reprint_is_the_same_to_the_byte_whatever_was_renamed_since(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    closed(hotel_home)
    folder = hotel_home / "reports" / "night-audit" / "2026-11-20"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    drop(hotel_home, "rooms", ROOMS.replace("大床", "豪华大床"), "b.csv")
    drop(hotel_home, "room_types", "房型|门市价\n大床|999.00", "b.csv")
    take_in(hotel_home)
    for path in folder.iterdir():
        path.unlink()

    printed_again(order_of(hotel_home), B)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_two_audits_in_the_same_second_close_once(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    take_in(hotel_home)
    summaries: list[dict[str, object]] = []
    both = [threading.Thread(target=lambda: summaries.append(close(order_of(hotel_home), B))) for _ in range(2)]

    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(str(one["status"]) for one in summaries) == ["already-done", "completed"]
    assert broken(hotel_home) == []


def test_an_empty_hotel_is_told_what_it_lacks(hotel_home: Path) -> None:
    summary = close(order_of(hotel_home), B)

    assert summary["status"] == "blocked"
    assert "rooms, room_types" in str(summary["stopping"])


def test_a_house_with_guests_who_pay_nothing_earns_nothing(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(
        hotel_home, "stays", STAYS + "A1|301|王芳|免费房|2026-11-19 15:00|2026-11-22 12:00||300.00|1|300.00|李", "b.csv"
    )

    summary = closed(hotel_home)

    assert figures(summary, "occupied_paid", "complimentary", "room_revenue", "adr") == [0, 1, "0.00", None]


def test_a_deposit_that_pays_no_account_by_name_ties_on_every_later_night(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    heads = "预订号|类型|预订人|房型|房数|预抵|预离|房价|状态|录入人|录入时间\n"
    drop(hotel_home, "reservations", heads + "R9|散客|吴磊|大床|1|2026-11-10 14:00|2026-11-12|300|取消|李|2026-11-01")
    money = "D8|R9|2026-11-18 10:00|现金|300.00|收取|李|S0\nD9|R9|2026-11-20 10:00|现金|-300.00|转入账户|李|S0"
    drop(hotel_home, "deposits", f"流水号|预订号|日期时间|方式|金额|类型|操作员|班次号\n{money}", "b.csv")

    nights = [closed(hotel_home), closed(hotel_home, NEXT)]

    assert [one["status"] for one in nights] == ["completed", "completed"]
    assert [figures(one, "guest_ledger", "deposit_ledger") for one in nights] == [
        ["300.00", "2000.00"], ["600.00", "2000.00"],
    ]  # fmt: skip


def test_a_bill_that_a_deposit_paid_earns_its_points_once(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(
        hotel_home,
        "stays",
        "账号|房号|客人|入住类型|抵店|预离|离店|门市价|折扣|房价|会员号|操作员\n"
        "A1|301|王芳|正常|2026-11-19 15:00|2026-11-20 12:00|2026-11-20 11:00|300.00|1|300.00|M1|李",
        "b.csv",
    )
    drop(hotel_home, "members", "会员号|姓名|每元积分\nM1|王芳|2")
    moves = "D2|A1|2026-11-20 11:00|现金|-300.00|转入账户|李|\nD3|A1|2026-11-20 11:00|现金|-1700.00|退还|李|S1"
    drop(hotel_home, "deposits", f"流水号|账号|日期时间|方式|金额|类型|操作员|班次号\n{moves}", "b.csv")

    nights = [closed(hotel_home), closed(hotel_home, NEXT)]

    assert [figures(one, "guest_ledger", "deposit_ledger") for one in nights] == [["0.00", "0.00"]] * 2
    with open_store(order_of(hotel_home).database_url).reading() as connection:
        [earned] = connection.execute(text("select account, points from points_earned"))
    assert tuple(earned) == ("A1", 600)


def test_a_file_kept_while_the_date_closes_waits_and_is_told_afterwards(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    take_in(hotel_home)
    drop(
        hotel_home,
        "folio",
        "流水号|账号|营业日|时间|项目|金额|操作员\nF9|A1|2026-11-20|2026-11-20 20:00|POS|88.00|李",
        "b.csv",
    )
    both = [
        threading.Thread(target=lambda: close(order_of(hotel_home), B)),
        threading.Thread(target=lambda: take_in(hotel_home)),
    ]

    for one in both:
        one.start()
    for one in both:
        one.join()

    # Whichever came first: the row is in the closed date, or it came too late and stands beside it.
    with open_store(order_of(hotel_home).database_url).reading() as connection:
        booked = connection.execute(text("select count(*) from folio where number = 'F9' and sealed_on is not null"))
        late = connection.execute(text("select count(*) from after_close where key = 'F9'"))
        assert (booked.scalar(), late.scalar()) in {(1, 0), (0, 1)}
    assert broken(hotel_home) == []


def test_a_first_date_can_be_set_anew_until_a_date_is_closed(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(hotel_home, "stays", STAYS + "A2|302|赵|正常|2026-11-19 15:00|2026-11-19 12:00||300.00|1|300.00|李", "b.csv")
    take_in(hotel_home)
    order = order_of(hotel_home)

    wrong = close(order, dt.date(2026, 11, 19))
    right = close(replace(order, first_date=B), B)
    drop(hotel_home, "stays", STAYS + "A2|302|赵|正常|2026-11-19 15:00|2026-11-23 12:00||300.00|1|300.00|李", "c.csv")
    take_in(hotel_home)
    done = close(order, B)
    earlier = close(replace(order, first_date=dt.date(2026, 11, 1)), dt.date(2026, 11, 1))

    assert [one["status"] for one in (wrong, right, done, earlier)] == ["blocked", "blocked", "completed", "blocked"]
    assert "2026-11-21" in str(earlier["stopping"])


def test_a_date_asked_before_anything_was_delivered_opens_nothing(hotel_home: Path) -> None:
    close(order_of(hotel_home), dt.date(2026, 11, 1))
    a_hotel(hotel_home)

    assert closed(hotel_home)["status"] == "completed"


def test_a_shift_that_cannot_be_read_is_told_every_night_and_stops_none(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(
        hotel_home,
        "shifts",
        "班次号|操作员|营业日|开班|方式|交班金额\nS1|李|2026-11-20|2026-11-20 08:00|现金|三百",
    )

    nights = [closed(hotel_home, B), closed(hotel_home, NEXT)]

    assert [night["status"] for night in nights] == ["completed", "completed"]
    assert all("UNREAD_ROW S1" in kinds(night) for night in nights)
    exceptions = nights[0]["exceptions"]
    assert isinstance(exceptions, list)
    [told] = [one for one in exceptions if one["kind"] == "UNREAD_ROW"]
    assert "a.csv 第 2 行" in told["message"]
