"""What a hotel's cells mean: amounts, shares, moments and words as desks and their systems write them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tasks.domain.amounts import money_text, quantity_text
from tasks.domain.cells import read_datetime, read_money, read_share, read_time
from tasks.domain.message import Message
from tasks.domain.sheet import Cell
from tasks.intake.core import Delivery
from tests.reading.files import NOTHING_KNOWN, csv, read, reasons


def table(text: str) -> list[list[str]]:
    """The cells of a drawn table, headings first; `-` is a blank cell."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return [["" if cell.strip() == "-" else cell.strip() for cell in line.split("|")] for line in lines]


def delivered(dataset: str, drawn: str, name: str = "export.csv", night_ends: str = "02:00") -> Delivery:
    """What a file with the drawn table delivers to a hotel whose business date ends at that hour."""
    return read(csv(table(drawn)), dataset, name, replace(NOTHING_KNOWN, night_ends=dt.time.fromisoformat(night_ends)))


def said(value: object, text: str) -> str:
    return value.key.rsplit(".", 1)[1] if isinstance(value, Message) else text


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("388", "388.00"),
        ("388.5", "388.50"),
        ("￥1,388.50", "1388.50"),
        ("-¥20", "-20.00"),
        ("388元", "388.00"),
        ("RMB 388", "388.00"),
        ("(20.00)", "-20.00"),
        ("３８８．００", "388.00"),
        (388.1, "388.10"),
        (0.1 + 0.2, "0.30"),
        (-0.05, "-0.05"),
        ("", ""),
        ("388.123", "too_many_places"),
        ("元", "not_a_number"),
        ("三百", "not_a_number"),
        ("#N/A", "formula_error"),
    ],
)
def test_an_amount_is_exact_to_the_cent(written: Cell, understood: str) -> None:
    value = read_money(written)
    assert said(value, money_text(value) if isinstance(value, int) else "") == understood


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("0.80", "0.8"),
        (0.8, "0.8"),
        (1.0, "1"),
        ("0", "0"),
        ("80%", "0.8"),
        ("８５％", "0.85"),
        ("85.5%", "0.855"),
        ("8折", "0.8"),
        ("8.5折", "0.85"),
        ("85折", "0.85"),
        ("八折", "0.8"),
        ("八五折", "0.85"),
        ("10折", "1"),
        ("", ""),
        ("80", "not_a_share"),
        ("1.2", "not_a_share"),
        ("-0.1", "not_a_share"),
        ("05折", "not_a_number"),
        ("半价", "not_a_number"),
        ("85.555%", "too_many_places"),
    ],
)
def test_a_share_stands_between_nothing_and_the_whole(written: Cell, understood: str) -> None:
    value = read_share(written)
    assert said(value, quantity_text(value) if isinstance(value, int) else "") == understood


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("2026-11-20 23:30", "2026-11-20 23:30:00"),
        ("2026/11/20 2:05:07", "2026-11-20 02:05:07"),
        ("2026-11-20T14:30:00+08:00", "2026-11-20 14:30:00"),
        ("2026年11月20日14:30", "2026-11-20 14:30:00"),
        ("2026年11月20日 14时05分", "2026-11-20 14:05:00"),
        ("2026年11月20日14点", "2026-11-20 14:00:00"),
        ("２０２６－１１－２０　１４：３０", "2026-11-20 14:30:00"),
        ("20261120 14:30", "2026-11-20 14:30:00"),
        ("46346.75", "2026-11-20 18:00:00"),
        (46346.75, "2026-11-20 18:00:00"),
        ("2026-11-20 00:00", "2026-11-20 00:00:00"),
        ("2026-11-20", "2026-11-20 12:00:00"),
        (46346.0, "2026-11-20 12:00:00"),
        (dt.date(2026, 11, 20), "2026-11-20 12:00:00"),
        (dt.datetime(2026, 11, 20), "2026-11-20 00:00:00"),  # noqa: DTZ001 - a cell knows no zone
        ("", ""),
        ("2026-11-20 25:00", "not_a_date"),
        ("2026-11-20 14:", "not_a_date"),
        ("2026-11-31 14:00", "impossible_date"),
        ("14:30", "not_a_date"),
    ],
)
def test_a_moment_and_a_day_without_its_hour(written: Cell, understood: str) -> None:
    value = read_datetime(written, dt.time(12))
    assert said(value, f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, dt.datetime) else "") == understood


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("23:15", dt.time(23, 15)),
        ("23时15分", dt.time(23, 15)),
        (0.96875, dt.time(23, 15)),
        (dt.time(3, 4), dt.time(3, 4)),
        ("24:00", None),
        ("23", None),
        (0.0, None),
        ("2026-11-20 23:15", None),
    ],
)
def test_a_time_alone(written: Cell, understood: dt.time | None) -> None:
    assert read_time(written) == understood


def test_a_time_alone_belongs_to_the_business_date_of_its_row_until_the_night_ends() -> None:
    found = delivered(
        "folio",
        """
        流水号 | 账号 | 营业日     | 时间             | 项目 | 金额   | 操作员
        F1    | A1   | 2026-11-20 | 23:15            | 房费 | 300.00 | 李
        F2    | A1   | 2026-11-20 | 02:00            | 房费 | 300.00 | 李
        F3    | A1   | 2026-11-20 | 02:01            | 房费 | 300.00 | 李
        F4    | A1   | 2026-11-20 | 2026-11-21 01:30 | 房费 | 300.00 | 李
        """,
    )
    assert [f"{at:%d %H:%M}" for at in found.rows["at"]] == ["20 23:15", "21 02:00", "20 02:01", "21 01:30"]


def test_a_time_that_no_day_belongs_to_is_set_aside() -> None:
    drawn = """
        单号 | 营业点 | 时间  | 金额  | 结算   | 操作员
        C1   | 餐厅   | 19:30 | 88.00 | 挂房账 | 赵
        """
    assert reasons(delivered("pos_checks", drawn)) == [("时间", "time_without_day")]
    named = delivered("pos_checks", drawn, "餐厅_20261120.csv")
    assert [f"{at:%Y-%m-%d %H:%M}" for at in named.rows["at"]] == ["2026-11-20 19:30"]


def test_what_a_moment_alone_dates_counts_to_its_business_date() -> None:
    found = delivered(
        "deposits",
        """
        流水号 | 预订号 | 账号 | 日期时间            | 方式 | 金额    | 类型     | 操作员 | 班次号
        D1     | R1     | -    | 2026-11-20 10:00    | 现金 | 100.00  | -        | 李     | S1
        D2     | R1     | -    | 2026-11-21 02:00:00 | 微信 | -100.00 | -        | 李     | S1
        D3     | -      | A1   | 2026-11-21 02:00:01 | 现金 | 50      | 转入账户 | 李     | S2
        D4     | -      | -    | 2026-11-20 10:00    | 现金 | 50      | 没收     | 李     | S2
        D5     | R1     | -    | 2026-11-20          | 现金 | 五十    | -        | 李     | S2
        """,
    )
    assert list(zip(found.rows["number"], found.rows["date"].dt.day, found.rows["kind"], strict=True)) == [
        ("D1", 20, "received"), ("D2", 20, "refunded"), ("D3", 21, "transferred"),
    ]  # fmt: skip
    assert reasons(found) == [("预订号", "reservation_or_account"), ("金额", "not_a_number")]
    assert list(found.quarantined["row_key"]) == ["D4", "D5"]


@pytest.mark.parametrize(
    ("night_ends", "counted"), [("02:00", [20, 21, 21, 21]), ("05:30", [20, 20, 21, 21]), ("00:00", [21, 21, 21, 21])]
)
def test_a_moment_counts_to_the_date_before_up_to_the_hour_at_which_the_hotel_ends_its_night(
    night_ends: str, counted: list[int]
) -> None:
    drawn = """
        单号 | 营业点 | 时间             | 金额  | 结算   | 操作员
        C1   | 酒吧   | 2026-11-21 01:30 | 88.00 | 挂房账 | 赵
        C2   | 酒吧   | 2026-11-21 05:30 | 88.00 | 挂房账 | 赵
        C3   | 酒吧   | 2026-11-21 05:31 | 88.00 | 挂房账 | 赵
        C4   | 酒吧   | 2026-11-21 05:31 | 八八  | 挂房账 | 赵
        """
    found = delivered("pos_checks", drawn, night_ends=night_ends)
    assert [*found.rows["date"].dt.day, *found.quarantined["date"].dt.day] == counted


def test_a_time_alone_is_the_next_day_up_to_the_hour_at_which_the_hotel_ends_its_night() -> None:
    drawn = """
        流水号 | 账号 | 营业日     | 时间  | 项目 | 金额   | 操作员
        F1     | A1   | 2026-11-20 | 04:30 | 房费 | 300.00 | 李
        """
    moments = [delivered("folio", drawn, night_ends=ends).rows["at"][0] for ends in ("02:00", "05:00")]
    assert [f"{at:%d %H:%M}" for at in moments] == ["20 04:30", "21 04:30"]


def test_blank_words_have_their_ordinary_meaning_and_unknown_items_stay_as_written() -> None:
    rooms = delivered("rooms", "房号|房型|狀態|房态|客房部房态\n0301|大床|-|脏|住\n302|大床|長期自用|-|-").rows
    assert rooms[["room", "room_key", "state", "condition", "housekeeping"]].to_numpy().tolist() == [
        ["0301", "301", "normal", "dirty", "occupied"], ["302", "302", "house", "", ""],
    ]  # fmt: skip
    folio = delivered(
        "folio",
        """
        Number | Account | Business date | Time             | Item        | Amount | Operator | Remark
        F1     | A1      | 2026-11-20    | 2026-11-20 20:00 | Room charge | 300    | Li       | db-2026-11-20-12
        F2     | A1      | 2026-11-20    | 2026-11-20 20:00 | 宠物清洁费  | -20    | Li       | 夜审 DB-2026-11-20-3
        F3     | A1      | 2026-11-20    | 2026-11-20 20:00 | 损物赔偿    | 20     | Li       | XDB-2026-11-20-3
        """,
    ).rows
    assert folio[["item", "amount", "night_posting"]].to_numpy().tolist() == [
        ["room", 30000, "DB-2026-11-20-12"], ["宠物清洁费", -2000, "DB-2026-11-20-3"], ["damage", 2000, ""],
    ]  # fmt: skip


def test_a_stay_without_room_or_price_is_taken_and_one_without_guest_is_not() -> None:
    found = delivered(
        "stays",
        """
        账号 | 房号 | 客人 | 入住类型 | 抵店             | 预离       | 离店 | 门市价 | 折扣 | 房价   | 计价 | 操作员
        A1   | -    | 王   | 正常     | 2026-11-20 14:00 | 2026-11-21 | -    | 388    | 8折  | -      | -    | 李
        A2   | 302  | -    | 钟点房   | 2026-11-20 14:00 | 2026-11-21 | -    | 388    | 1    | 100.00 | 按月 | 李
        """,
    )
    stay = found.rows.iloc[0]
    assert (stay["room_key"], stay["priced_by"], stay["discount"]) == ("", "day", 8000)
    assert found.rows["price"].isna().tolist() == [True]
    assert f"{stay['due_out']:%Y-%m-%d %H:%M}" == "2026-11-21 12:00"
    assert reasons(found) == [("客人", "missing")]


def test_a_payment_without_its_shift_is_taken_and_its_method_must_be_known() -> None:
    found = delivered(
        "payments",
        """
        流水号 | 账号 | 营业日     | 时间  | 方式     | 金额   | 操作员 | 班次号
        P1     | A1   | 2026-11-20 | 20:00 | 微信支付 | 300.00 | 李     | -
        P2     | A1   | 2026-11-20 | 20:00 | 贝壳     | 300.00 | 李     | S1
        """,
    )
    assert found.rows[["method", "shift"]].to_numpy().tolist() == [["wechat", ""]]
    assert reasons(found) == [("方式", "unknown_word")]
