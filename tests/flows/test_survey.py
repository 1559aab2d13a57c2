"""The survey from the command line and the forms: what it says by spec 10, and what people do about complaints."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from config.settings import load_settings
from flows.choices import form_choices
from flows.forms import CASE_ACTS, MEASURE_ACTS, SORTS
from flows.running import import_inbox
from flows.survey_day import arranged_order, carried_out, period_left
from flows.survey_desk import work_on_complaints, work_on_measures
from tasks.adapters.store import open_store
from tests.flows.conftest import NewHome
from tests.flows.running import ONE_LANGUAGE, Home, broken, called, inside
from tests.night_audit.hotel import drop

COUNTS = ("forms_sent", "forms_returned", "forms_valid", "satisfied")
SHARES = ("response_rate", "satisfaction", "satisfaction_answered", "satisfaction_low", "satisfaction_high")
SENT = "问卷编号,部门,客户,发出日期,会员\n"
HEADS = "问卷编号,调查期,部门,客户,会员,回收日期,服务态度,客户总体评价,意见建议\n"
CALLS = "客户,服务日期,回访日期,结果,回访人\n"
FORMS = (
    "W-1,2026-10,一部,东海,否,2026-10-08,很满意,很满意,\n"
    "W-2,2026-10,一部,南湾,是,2026-10-09,不满意,基本满意,修了三次，电话13800138000\n"
    "W-3,2026-10,二部,西港,否,2026-10-10,比较满意,不满意,\n"
    "W-4,2026-10,二部,北城,否,2026-10-11,比较满意,非常满意,\n"
)


def _filled(made: Home) -> Home:
    (made.folder / "daybook.toml").write_text(ONE_LANGUAGE, encoding="utf-8")
    drop(made.folder, "responses", HEADS + FORMS)
    sent = ((1, "一部"), (2, "一部"), (3, "二部"), (9, "一部"))
    drop(made.folder, "dispatches", SENT + "".join(f"W-{at},{name},某,2026-10-01,否\n" for at, name in sent))
    drop(made.folder, "followups", CALLS + "南湾,2026-10-05,,,\n")
    return made


@pytest.fixture
def home(sqlite_home: NewHome) -> Home:
    """A home in which a small survey waits."""
    return _filled(sqlite_home())


@pytest.fixture
def either_home(new_home: NewHome) -> Home:
    """The same on either database."""
    return _filled(new_home())


def _run(home: Home, *more: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(
        called(home, "run", "survey", "--period", "2026-10", "--json", *more, check=0).stdout
    )
    return said


def _kinds(said: Mapping[str, Any], *states: str) -> list[str]:
    return sorted(one["kind"] for one in said["exceptions"] if one["state"] in (states or ("open",)))


def test_a_period_is_told_as_the_interfaces_say(either_home: Home) -> None:
    home = either_home
    said = _run(home)
    assert (said["flow"], said["period"], said["status"]) == ("survey", "2026-10", "completed")
    figures = said["figures"]
    assert [figures[name] for name in COUNTS] == [4, 4, 3, 2]
    assert (figures["satisfaction"], figures["satisfaction_answered"]) == ("0.500000", "0.666667")
    assert figures["response_rate"] == "1.000000"
    for own in (figures, *figures["by_department"]):
        assert all(re.fullmatch(r"\d\.\d{6}", own[name]) for name in SHARES), own
    assert [one["department"] for one in figures["by_department"]] == ["一部", "二部"]
    assert said["rows"]["responses"] == {"read": 4, "accepted": 4, "quarantined": 0, "repeated": 0}
    assert _kinds(said) == ["COMPLAINT", "COMPLAINT", "FOLLOWUP_MISSED", "NOT_SENT", "UNKNOWN_ANSWER"]
    due = {one["kind"]: one.get("due_on") for one in said["exceptions"]}
    assert due["COMPLAINT"] == "2026-11-06"
    assert due["NOT_SENT"] is None
    assert {"responses:W-3"} in [set(one["refs"]) for one in said["exceptions"]]
    assert "reports/survey/2026-10/survey.html" in said["reports"]
    assert all((home.folder / path).is_file() for path in said["reports"])


def test_a_department_is_told_its_own_alone(home: Home) -> None:
    said = _run(home, "--department", "二部")
    assert said["reports"] == ["reports/survey/2026-10/departments/二部/survey.html"]
    assert said["figures"]["forms_returned"] == 2
    assert {one["item"] for one in said["exceptions"]} == {"W-3", "W-4"}


def test_a_word_that_is_explained_later_counts_without_being_delivered_again(home: Home) -> None:
    assert _run(home)["figures"]["forms_valid"] == 3
    told = ONE_LANGUAGE + '[survey]\nsynonyms = { "非常满意" = "很满意" }\n'
    (home.folder / "daybook.toml").write_text(told, encoding="utf-8")
    said = _run(home)
    assert said["figures"]["forms_valid"] == 4
    assert _kinds(said, "resolved") == ["UNKNOWN_ANSWER"]
    assert broken(home) == []


def test_a_late_form_is_counted_in_its_own_period_when_the_next_one_is_run(either_home: Home) -> None:
    home = either_home
    _run(home)
    drop(home.folder, "responses", HEADS + "W-7,2026-10,一部,中山,否,2026-10-30,不满意,基本满意,\n", "late.csv")
    said = json.loads(called(home, "run", "survey", "--period", "2026-11", "--json", check=0).stdout)
    assert said["figures"]["forms_returned"] == 0
    assert said["figures"]["satisfaction"] is None
    # What October told of is carried, and the complaint of its late form is new.
    assert _kinds(said).count("COMPLAINT") == 3
    assert {"NOT_SENT", "UNKNOWN_ANSWER", "FOLLOWUP_MISSED"} <= set(_kinds(said))
    assert _run(home)["figures"]["forms_returned"] == 5
    assert broken(home) == []


def test_a_complaint_is_worked_on_by_commands_until_it_is_closed(either_home: Home) -> None:
    home = either_home
    _run(home)
    listed = json.loads(called(home, "survey", "cases", "list", "--json", check=0).stdout)
    assert [(one["case"], one["form"], one["state"]) for one in listed] == [(1, "W-2", "open"), (2, "W-3", "open")]
    assert "13800138000" not in json.dumps(listed, ensure_ascii=False)
    assert called(home, "survey", "cases", "handle", "1", "--measure", "换了轴承", "--by", "李").returncode == 1
    called(home, "survey", "cases", "sort", "1", "--as", "valid", "--by", "李", check=0)
    called(home, "survey", "cases", "handle", "1", "--measure", "换了轴承", "--by", "李", check=0)
    called(home, "survey", "cases", "call", "1", "--by", "李", check=0)
    called(home, "survey", "cases", "withdraw", "2", "--reason", "填错了", "--by", "李", check=0)
    assert json.loads(called(home, "survey", "cases", "list", "--json", check=0).stdout) == []
    every = json.loads(called(home, "survey", "cases", "list", "--all", "--json", check=0).stdout)
    assert [one["state"] for one in every] == ["closed", "withdrawn"]
    said = _run(home)
    assert _kinds(said, "resolved") == ["COMPLAINT", "COMPLAINT"]
    assert broken(home) == []
    assert "8" in called(home, "survey", "cases", "call", "8", "--by", "李").stderr


def test_complaints_are_worked_on_by_the_form_all_or_none(home: Home) -> None:
    _run(home)
    by_name = {name: label for label, name in CASE_ACTS.items()}
    with inside(home):
        offered = form_choices(load_settings(home.folder))["complaints"]
        assert [one.split(" · ")[:3] for one in offered] == [["1", "一部", "W-2"], ["2", "二部", "W-3"]]
        valid = next(label for label, name in SORTS.items() if name == "valid")
        done = [
            asyncio.run(work_on_complaints.fn(cases, act, "李", sort, note, None))
            for cases, act, sort, note in (
                ("1, 9", by_name["sort"], valid, ""),
                ("1, 2", by_name["sort"], valid, ""),
                ("1", by_name["handle"], "", ""),
                ("1 2", by_name["handle"], "", "已更换"),
                ("一", by_name["handle"], "", "已更换"),
                ("1", "不知道", "", ""),
            )
        ]
    states = ["FAILED", "COMPLETED", "FAILED", "COMPLETED", "FAILED", "FAILED"]
    assert [one.type.value for one in done] == states
    listed = json.loads(called(home, "survey", "cases", "list", "--json", check=0).stdout)
    assert {(one["state"], one["sort"], one["measure"]) for one in listed} == {("handled", "valid", "已更换")}


def test_an_action_is_opened_worked_on_and_closed(home: Home) -> None:
    chosen = ONE_LANGUAGE + '[survey]\nminimum = 1\nopen = "always"\n'
    (home.folder / "daybook.toml").write_text(chosen, encoding="utf-8")
    said = _run(home)
    assert _kinds(said).count("BELOW_TARGET") == 1
    (action,) = json.loads(called(home, "survey", "actions", "list", "--json", check=0).stdout)
    (praise,) = json.loads(called(home, "survey", "commendations", "list", "--json", check=0).stdout)
    assert (action["department"], praise["department"]) == ("二部", "一部")
    called(home, "survey", "actions", "done", str(action["number"]), "--measure", "培训", "--by", "李", check=0)
    called(home, "survey", "actions", "verify", str(action["number"]), "--by", "王", check=0)
    give = next(label for label, name in MEASURE_ACTS.items() if name == "give")
    with inside(home):
        given = asyncio.run(work_on_measures.fn(str(praise["number"]), give, "王", "", None))
    assert given.type.value == "COMPLETED"
    _run(home)
    every = json.loads(called(home, "survey", "actions", "list", "--all", "--json", check=0).stdout)
    assert [one["state"] for one in every] == ["verified"]
    assert broken(home) == []


def test_mail_goes_to_the_quality_manager_and_to_each_department(home: Home) -> None:
    chosen = ONE_LANGUAGE + '[[recipients]]\naddress = "zl@example.com"\nflows = ["survey"]\n'
    (home.folder / "daybook.toml").write_text(chosen, encoding="utf-8")
    drop(home.folder, "departments", "业务部,经理,账务员,邮箱\n一部,张,李,yi@example.com\n二部,赵,王,\n")
    said = _run(home)
    assert sorted(to for one in said["mails"] for to in one["to"]) == ["yi@example.com", "zl@example.com"]
    again = _run(home)
    assert again["mails"] == said["mails"]


@pytest.mark.parametrize(
    ("asked", "today", "cycle", "last", "date", "known_on"),
    [
        ("", "2026-11-22", "month", "2026-11-30", "2026-11-22", "2026-11-22"),
        ("2026-11", "2026-11-22", "month", "2026-11-30", "2026-11-22", "2026-11-22"),
        ("2026-10", "2026-11-22", "month", "2026-10-31", "2026-10-31", "2026-11-22"),
        ("2026-12", "2026-11-22", "month", "2026-12-31", "2026-12-31", "2026-12-31"),
        ("2026-10", "2026-11-22", "quarter", "2026-12-31", "2026-11-22", "2026-11-22"),
        ("2026-09", "2026-11-22", "quarter", "2026-09-30", "2026-09-30", "2026-11-22"),
        ("2025-03", "2026-11-22", "year", "2025-12-31", "2025-12-31", "2026-11-22"),
    ],
)
def test_a_period_is_judged_as_of_today_while_it_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, today: str, cycle: str, last: str, date: str,
    known_on: str,
) -> None:  # fmt: skip
    (tmp_path / "daybook.toml").write_text(f'[survey]\ncycle = "{cycle}"\n', encoding="utf-8")
    moment = dt.datetime.fromisoformat(f"{today}T08:00:00+08:00")
    monkeypatch.setattr("flows.survey_day.scheduled_moment", lambda _settings: moment)
    order = arranged_order(load_settings(tmp_path), asked, "", mail=False)
    assert [order.last.isoformat(), order.date.isoformat(), order.known_on.isoformat()] == [last, date, known_on]


def test_the_period_before_is_left_to_do_until_it_was_done_after_its_end(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(home):
        import_inbox(lambda *_: None)
        for today, left in (("2026-11-01", "2026-10"), ("2026-11-02", "2026-10")):
            moment = dt.datetime.fromisoformat(f"{today}T08:00:00+08:00")
            monkeypatch.setattr("flows.survey_day.scheduled_moment", lambda _settings, at=moment: at)
            assert period_left() == left
        asyncio.run(carried_out("2026-10", "", mail=False))
        assert period_left() == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("update survey_counts set n5 = n5 + 1 where dimension = 'department' and value = '一部'", "the total of"),
        ("update survey_periods set forms = forms + 1", "5 forms came back"),
        ("update survey_cases set state = 'closed' where \"case\" = 2", "complaint 2 is closed"),
    ],
)
def test_what_was_changed_behind_its_back_is_found(home: Home, changed: str, said: str) -> None:
    _run(home)
    with open_store(home.url).writing() as connection:
        connection.execute(text(changed))
    assert any(said in line for line in broken(home)), broken(home)


def test_a_form_that_no_longer_complains_withdraws_its_case_and_the_report_says_so(home: Home) -> None:
    _run(home)
    drop(home.folder, "responses", HEADS + "W-3,2026-10,二部,西港,否,2026-10-12,比较满意,基本满意,\n", "again.csv")
    for _ in range(2):
        said = _run(home)
        assert _kinds(said).count("COMPLAINT") == 1
        page = (home.folder / "reports/survey/2026-10/survey.html").read_text(encoding="utf-8")
        assert "2 (W-3)" in page
    (kept,) = (
        one for one in json.loads(called(home, "survey", "cases", "list", "--all", "--json").stdout) if one["case"] == 2
    )
    assert kept["state"] == "withdrawn"


def test_a_response_rate_is_judged_when_the_period_is_over(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = ONE_LANGUAGE + '[survey.target]\nresponse_rate = "0.8"\nminimum = 1\n'
    (home.folder / "daybook.toml").write_text(chosen, encoding="utf-8")
    drop(
        home.folder, "dispatches", SENT + "".join(f"W-{at},一部,某,2026-10-02,否\n" for at in range(20, 30)), "more.csv"
    )
    (home.folder / "inbox" / "responses" / "junk.xlsx").write_bytes(b"junk")
    found = []
    for today in ("2026-10-20", "2026-11-02"):
        moment = dt.datetime.fromisoformat(f"{today}T08:00:00+08:00")
        monkeypatch.setattr("flows.survey_day.scheduled_moment", lambda _settings, at=moment: at)
        with inside(home):
            told = asyncio.run(carried_out("2026-10", "", mail=False))["exceptions"]
        assert isinstance(told, list)
        found.append([one["item"] for one in told if one["kind"] == "BELOW_TARGET" and "80" in one["expected"]])
    assert found == [[], ["一部"]]
    # Of a file that was refused nobody would learn otherwise.
    assert "junk.xlsx" in (home.folder / "reports/survey/2026-10/survey.html").read_text(encoding="utf-8")


def test_a_period_that_was_never_run_and_a_form_of_two_periods_are_said(either_home: Home) -> None:
    drop(either_home.folder, "responses", HEADS + "W-2,2026-09,一部,南湾,是,2026-10-09,不满意,基本满意,\n", "again.csv")
    _run(either_home)
    page = (either_home.folder / "reports/survey/2026-10/survey.txt").read_text(encoding="utf-8")
    assert "其中的投诉没有立案" in page
    assert "2026-09" in page
    assert "有 1 份问卷以同一编号、同一客户、同一回收日期也计入了另一期：W-2" in page
