"""What ops see when they open a form: titles, drop-downs, an empty date, and what is refused in which words."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from typing import Any

import pytest
from prefect.exceptions import ParameterTypeError

from config.settings import load_settings
from flows.arranging import UnableToArrange
from flows.choices import form_choices
from flows.desk import assign_break, restore_reservation
from flows.forms import ALL, DECISIONS, chosen, filled
from flows.invoice_desk import decide_invoices
from flows.running import import_inbox
from flows.stock_ledger import stock_ledger
from tasks.adapters.clock import now
from tests.flows.company import COAST, DAY, INLAND, masters, ordinary_day
from tests.flows.conftest import NewHome
from tests.flows.running import breaks_of, called, inside, run_day
from tests.night_audit.hotel import a_hotel, drop


def _fields(**choices: list[str]) -> dict[str, Any]:
    properties: dict[str, Any] = filled(stock_ledger.parameters.model_dump(), choices)["properties"]
    return properties


def test_a_form_is_titled_in_both_languages() -> None:
    titles = {name: field["title"] for name, field in _fields().items()}
    assert titles == {
        "business_date": "营业日期 · Business date",
        "department": "业务部 · Department",
        "wait_for_erp": "等待 ERP 导出 · Wait for the ERP export",
        "send_mail": "发送邮件 · Send mail",
    }
    assert all("·" in field["description"] for field in _fields().values())


@pytest.mark.parametrize(
    ("known", "offered"),
    [([COAST, INLAND], [ALL, COAST, INLAND]), ([COAST], [ALL, COAST]), ([], None)],
)
def test_departments_are_chosen_from_those_that_the_masters_name(known: list[str], offered: list[str] | None) -> None:
    field = _fields(departments=known)["department"]
    assert field.get("enum") == offered
    assert field["default"] == ALL
    assert (chosen(ALL), chosen(COAST)) == ("", COAST)


def test_a_form_filled_again_shows_the_masters_of_now() -> None:
    before = filled(stock_ledger.parameters.model_dump(), {"departments": [COAST]})
    assert filled(before, {"departments": [INLAND]})["properties"]["department"]["enum"] == [ALL, INLAND]
    assert filled(before, {"departments": [COAST]}) == before


def test_breaks_are_chosen_from_those_that_are_open_or_written_where_there_are_too_many() -> None:
    written = filled(assign_break.parameters.model_dump(), {})
    assert written["properties"]["break_ids"]["type"] == "string"
    offered = filled(written, {"breaks": ["271d492f · DF01", "327ac4a6 · DF02"]})
    field = offered["properties"]["break_ids"]
    assert (field["type"], field["items"]["enum"]) == ("array", ["271d492f · DF01", "327ac4a6 · DF02"])
    given = {"break_ids": ["271d492f · DF01", "327ac4a6 · DF02"], "owner": "王", "reason": "x", "who": "李"}
    assert assign_break.validate_parameters(given)["break_ids"] == "271d492f, 327ac4a6"
    assert assign_break.validate_parameters(given | {"break_ids": "271d 327a"})["break_ids"] == "271d 327a"
    assert filled(offered, {"breaks": []}) == written


def test_what_is_offered_is_what_the_home_knows_by_now(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    masters(home.folder)
    ordinary_day(home.folder)
    with inside(home):
        settings = load_settings(home.folder)
        assert form_choices(settings) == {
            "departments": (),
            "breaks": (),
            "complaints": (),
            "measures": (),
            "reservations": (),
        }
        ids = sorted(str(one["id"]) for one in breaks_of(run_day(home, DAY)))
        known = form_choices(settings)
        assert set(known["departments"]) == {COAST, INLAND}
        assert sorted(one.split(" · ")[0] for one in known["breaks"]) == [one[:8] for one in ids]
        assert any("DF01 · SL002 · 数量不符 · 120.00" in one for one in known["breaks"])
        few = settings.model_copy(update={"serve": settings.serve.model_copy(update={"choices_max": 1})})
        assert form_choices(few) == {
            "departments": (),
            "breaks": (),
            "complaints": (),
            "measures": (),
            "reservations": (),
        }
        state = asyncio.run(assign_break.fn(", ".join(one[:8] for one in ids), "王仓管", "请核对", "李会计"))
        assert state.type.value == "COMPLETED"
        assert {one["owner"] for one in breaks_of(run_day(home, DAY))} == {"王仓管"}


def test_a_reservation_is_chosen_from_those_that_are_given_up_or_written() -> None:
    written = filled(restore_reservation.parameters.model_dump(), {})
    field = written["properties"]["reservation"]
    assert (field["type"], "enum" in field, "default" in field) == ("string", False, False)
    offered = filled(written, {"reservations": ["R2 · 郑雪 · 2026-11-20 14:00 · 已释放"]})
    assert offered["properties"]["reservation"]["enum"] == ["R2 · 郑雪 · 2026-11-20 14:00 · 已释放"]
    assert "reservation" in offered["required"]
    for chosen_one in ("R2 · 郑雪 · 2026-11-20 14:00 · 已释放", " R2 "):
        given = {"reservation": chosen_one, "reason": "客人来了", "who": "陈"}
        assert restore_reservation.validate_parameters(given)["reservation"] == "R2"
    assert filled(offered, {"reservations": []}) == written


def test_a_reservation_is_taken_back_by_the_form_and_offered_no_more(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    a_hotel(home.folder)
    due = now("Asia/Shanghai").date() - dt.timedelta(days=1)
    heads = "预订号|类型|预订人|房型|房数|房号|预抵|预离|房价|状态|录入人|录入时间\n"
    rows = [
        f"{number}|散客|郑雪|双床|1|303|{due} {hour}:00|{due + dt.timedelta(days=3)}|320.00|{state}|李|2026-01-01\n"
        for number, hour, state in (("R1", 14, "释放"), ("R2", 15, "未到"), ("R3", 16, "取消"), ("R4", 17, "预订"))
    ]
    drop(home.folder, "reservations", heads + "".join(rows))
    with inside(home):
        import_inbox(lambda *_: None)
        settings = load_settings(home.folder)
        first = f"R1 · 郑雪 · {due} 14:00 · 已释放"
        assert form_choices(settings)["reservations"] == (f"R2 · 郑雪 · {due} 15:00 · 未到", first)
        few = settings.model_copy(update={"serve": settings.serve.model_copy(update={"choices_max": 1})})
        assert form_choices(few)["reservations"] == (f"R2 · 郑雪 · {due} 15:00 · 未到",)
        done = [
            asyncio.run(restore_reservation.fn(number, reason, "陈"))
            for number, reason in (("R2", " "), ("R2", "客人来了"), ("R2", "再来一次"), ("R9", "没有这张"))
        ]
        assert [one.type.value for one in done] == ["FAILED", "COMPLETED", "FAILED", "FAILED"]
        assert "303" in str(done[1].message)
        assert "R9" in str(done[3].message)
        assert form_choices(settings)["reservations"] == (first,)


def test_invoices_are_decided_about_by_the_form_as_by_the_command_line(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    heads = "收款单号,日期,付款方,金额,方式,发票号码\n"
    drop(home.folder, "receipts", heads + "SK-1,2026-11-05,东海,1130.00,转账,\n")
    with inside(home):
        import_inbox(lambda *_: None)
        left_alone = next(label for label, act in DECISIONS.items() if act == "ignore")
        done = [
            asyncio.run(decide_invoices.fn(act, names, reason, "陈会计", until))
            for act, names, reason, until in (
                (left_alone, "SK-1", "押金", dt.date(2026, 12, 31)),
                (left_alone, "SK-9", "押金", None),
                (left_alone, "SK-1", " ", None),
                ("不知道", "SK-1", "押金", None),
            )
        ]
    assert [one.type.value for one in done] == ["COMPLETED", "FAILED", "FAILED", "FAILED"]
    assert "SK-9" in str(done[1].message)
    assert "不知道" in str(done[3].message)
    (kept,) = json.loads(called(home, "invoices", "list", "--json", check=0).stdout)
    assert (kept["names"], kept["owner"], kept["until"], kept["state"]) == (["SK-1"], "陈会计", "2026-12-31", "counts")


def test_a_date_may_stay_empty_and_is_a_date() -> None:
    field = _fields()["business_date"]
    assert "default" not in field
    assert (field["type"], field["format"]) == ("string", "date")


@pytest.mark.parametrize(
    ("written", "date"), [("2025-11-20", dt.date(2025, 11, 20)), ("", None), (None, None), (DAY, DAY)]
)
def test_a_date_is_taken_as_the_form_sends_it(written: object, date: dt.date | None) -> None:
    assert stock_ledger.validate_parameters({"business_date": written})["business_date"] == date


@pytest.mark.parametrize("written", ["2026-13-40", "2026-02-30", "yesterday"])
def test_what_is_no_date_is_said_in_both_languages(written: str) -> None:
    with pytest.raises(ParameterTypeError) as refused:
        stock_ledger.validate_parameters({"business_date": written})
    assert f"“{written}”不是日期" in str(refused.value)
    assert f"“{written}” is no date" in str(refused.value)


def test_an_unknown_department_is_refused_with_the_known_ones(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    masters(home.folder)
    with inside(home):
        import_inbox(lambda *_: None)
    with pytest.raises(UnableToArrange) as refused:
        run_day(home, DAY, "月球业务部")
    assert all(name in str(refused.value) for name in ("月球业务部", COAST, INLAND))
    assert "there is no department" in str(refused.value)
