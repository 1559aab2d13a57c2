"""What the desk does between two nights: a reservation taken back, a deposit found, a block that nobody may pass."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flows.desk_words import listed_breaks, table_of
from tasks.adapters.store import open_store
from tasks.domain.keys import code_key
from tasks.night_audit.steps import UnableToRestore, deposits_held, given_up, has_rooms, question_to_pass, restore
from tasks.register.approvals import waiting
from tests.night_audit.hotel import B, a_hotel, closed, drop, order_of, take_in

R2 = code_key("R2")
MORNING = dt.datetime.fromisoformat("2026-11-21 09:00")
RESERVATIONS = """
预订号 | 类型 | 预订人 | 房型 | 房数 | 房号 | 预抵             | 预离       | 房价   | 状态 | 录入人 | 录入时间
R1     | 散客 | 吴磊   | 大床 | 1    | 302  | 2026-11-20 14:00 | 2026-11-22 | 300.00 | 预订 | 李     | 2026-11-10
R2     | 散客 | 郑雪   | 双床 | 1    | 301  | 2026-11-20 14:00 | 2026-11-22 | 320.00 | 预订 | 李     | 2026-11-10
"""
DEPOSIT = """
流水号 | 预订号 | 日期时间         | 方式 | 金额   | 操作员 | 班次号
D9     | R1     | 2026-11-18 10:00 | 现金 | 300.00 | 李     | S0
"""


def a_night_of_no_shows(home: Path) -> None:
    """R1 holds a deposit and does not come, R2 holds none and is released."""
    a_hotel(home)
    drop(home, "reservations", RESERVATIONS)
    drop(home, "deposits", DEPOSIT, "b.csv")
    closed(home)


def held(home: Path, reservation: str = "") -> list[tuple[str, str, int, int, str]]:
    """Holder, name, balance, age in days and last state of each deposit on the morning after."""
    order = order_of(home)
    with open_store(order.database_url).reading() as connection:
        found = deposits_held(connection, order.policy, MORNING, reservation)
    return [(one.holder, one.who, one.balance, one.days, one.state) for one in found]


def test_the_deposit_of_a_no_show_is_found_the_next_morning(hotel_home: Path) -> None:
    a_night_of_no_shows(hotel_home)

    assert held(hotel_home) == [("R1", "吴磊", 30000, 3, "no_show"), ("A1", "王芳", 200000, 2, "checked_in")]
    assert held(hotel_home, "r1") == [("R1", "吴磊", 30000, 3, "no_show")]
    assert held(hotel_home, "R2") == []


def test_breaks_of_a_night_stand_in_the_list_in_words(hotel_home: Path) -> None:
    a_night_of_no_shows(hotel_home)

    listed = table_of(
        listed_breaks(open_store(order_of(hotel_home).database_url), "night-audit", "open", B), whole=True
    )

    assert "定金待处理" in listed or "Deposit" in listed


def test_a_released_reservation_is_taken_back_and_its_guest_gets_a_free_room(hotel_home: Path) -> None:
    a_night_of_no_shows(hotel_home)
    order = order_of(hotel_home)

    found = restore(order, R2, "陈", "客人来电要住", MORNING)

    # 301 is lived in and 302 is no longer kept for the no-show; the room of its own type comes first.
    assert (found.kept, found.sold, found.offered) == ((), ("301",), ("303",))
    with pytest.raises(UnableToRestore):
        restore(order, R2, "陈", "再来一次", MORNING)
    with pytest.raises(UnableToRestore):
        restore(order, code_key("R9"), "陈", "没有这张", MORNING)


def offered(home: Path, at: dt.datetime = MORNING, limit: int = 9) -> list[tuple[str, str, str]]:
    """Number, name and state of the reservations that the desk may take back."""
    with open_store(order_of(home).database_url).reading() as connection:
        return [(one.reservation, one.who, one.state) for one in given_up(connection, at, limit)]


def test_what_is_given_up_may_be_taken_back_until_the_guest_comes_or_somebody_did(hotel_home: Path) -> None:
    a_night_of_no_shows(hotel_home)
    no_show, released = ("R1", "吴磊", "no_show"), ("R2", "郑雪", "released")

    assert offered(hotel_home) == [no_show, released]
    assert offered(hotel_home, limit=1) == [no_show]
    assert offered(hotel_home, MORNING + dt.timedelta(days=100)) == []
    restore(order_of(hotel_home), R2, "陈", "客人来电要住", MORNING)
    assert offered(hotel_home) == [no_show]
    heads = "账号|预订号|房号|客人|入住类型|抵店|预离|门市价|折扣|房价|操作员\n"
    drop(
        hotel_home, "stays", heads + "A2|R1|302|吴磊|正常|2026-11-21 08:00|2026-11-22 12:00|300.00|1|300.00|李", "b.csv"
    )
    take_in(hotel_home)
    assert offered(hotel_home) == []


def test_a_reservation_can_be_taken_back_long_after(hotel_home: Path) -> None:
    a_night_of_no_shows(hotel_home)

    found = restore(order_of(hotel_home), R2, "陈", "改期再来", MORNING + dt.timedelta(days=5))

    assert found.refusal is None


def test_a_bad_row_is_passed_by_nobody_and_nobody_is_asked_where_none_has_the_right(hotel_home: Path) -> None:
    heads = "账号|房号|客人|入住类型|抵店|预离|离店|门市价|折扣|房价|操作员\n"
    a_hotel(hotel_home)
    drop(hotel_home, "stays", heads + "A2|302|赵|正常|2026-11-19 15:00|2026-11-20 12:00||300.00|1|300.00|李", "b.csv")
    closed(hotel_home)
    order = order_of(hotel_home)
    assert question_to_pass(order, B) is None

    drop(hotel_home, "operators", "操作员|最低折扣|可放行夜审\n陈|0.5|是")
    drop(hotel_home, "stays", heads + "A3|303|钱|正常|2026-11-20 15:00|2026-11-22 12:00||三百|1|300.00|李", "c.csv")
    summary = closed(hotel_home)

    question = question_to_pass(order, B)
    assert question is not None
    assert (question.lines, question.approvers) == (("DUE_OUT:A2",), ("陈",))
    assert len(summary["stopping"]) == 2  # type: ignore[arg-type] # the object of --json


def test_what_waits_for_a_night_is_withdrawn_once_it_closes_without_an_answer(hotel_home: Path) -> None:
    heads = "账号|房号|客人|入住类型|抵店|预离|离店|门市价|折扣|房价|操作员\n"
    stay = "A2|302|赵|正常|2026-11-19 15:00|{due} 12:00||300.00|1|300.00|李"
    a_hotel(hotel_home)
    drop(hotel_home, "operators", "操作员|最低折扣|可放行夜审\n陈|0.5|是")
    drop(hotel_home, "stays", heads + stay.format(due="2026-11-20"), "b.csv")
    closed(hotel_home)
    drop(hotel_home, "stays", heads + stay.format(due="2026-11-21"), "c.csv")

    assert closed(hotel_home)["status"] == "completed"

    with open_store(order_of(hotel_home).database_url).reading() as connection:
        assert waiting(connection) == ()


def test_a_home_without_rooms_keeps_no_hotel(hotel_home: Path) -> None:
    url = order_of(hotel_home).database_url
    with open_store(url).reading() as connection:
        assert not has_rooms(connection)
    a_hotel(hotel_home)
    take_in(hotel_home)
    with open_store(url).reading() as connection:
        assert has_rooms(connection)
