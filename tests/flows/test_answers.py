from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import create_engine, select

from tasks.register.tables import approvals, break_events
from tests.flows.company import DAY, masters, ordinary_day, save
from tests.flows.conftest import NewHome
from tests.flows.running import Home, breaks_of, broken, reports, run_day

REPORT = f"reports/stock-ledger/{DAY}"
Answer = tuple[str, str, str, str]


def _home(make: NewHome) -> Home:
    home = make()
    masters(home.folder)
    ordinary_day(home.folder)
    run_day(home, DAY)
    return home


def _send_back(home: Home, answers: dict[str, Answer], name: str = "回复.xlsx") -> Path:
    """The report's own workbook with treatment, reason, handler and owner filled in for some breaks, in the inbox."""
    book = load_workbook(home.folder / REPORT / "stock-ledger.xlsx")
    filled = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            headings = {str(cell.value).strip(): cell.column for cell in row if cell.value}
            if not {"编号", "处理", "原因", "经办人", "负责人"} <= headings.keys():
                continue
            for number in range(row[0].row + 1, sheet.max_row + 1):
                chosen = answers.get(str(sheet.cell(number, headings["编号"]).value))
                for heading, text in zip(("处理", "原因", "经办人", "负责人"), chosen or (), strict=False):
                    sheet.cell(number, headings[heading]).value = text or None
                filled += chosen is not None
    assert filled == len(answers)
    path = home.folder / "inbox" / "exception_answers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _kept(home: Home) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    engine = create_engine(home.url)
    with engine.connect() as connection:
        events = connection.execute(
            select(break_events.c.break_id, break_events.c.who, break_events.c.reason, break_events.c.after)
        )
        asked = connection.execute(select(approvals.c.subject_id, approvals.c.asked_by, approvals.c.state))
        found = sorted(map(tuple, events)), sorted(map(tuple, asked))
    engine.dispose()
    return found


def test_a_workbook_sent_back_explains_and_asks_once(new_home: NewHome) -> None:
    home = _home(new_home)
    first, second = sorted(str(one["id"]) for one in breaks_of(run_day(home, DAY)))
    path = _send_back(
        home, {first: ("说明", "供应商补单", "李会计", ""), second: ("申请核销", "金额很小", "李会计", "")}
    )
    content = path.read_bytes()
    answered = run_day(home, DAY)
    assert {one["id"]: one["state"] for one in breaks_of(answered)} == {first: "explained", second: "open"}
    kept = _kept(home)
    assert kept == ([(first, "李会计", "供应商补单", "explained")], [(second, "李会计", "waiting")])
    written = reports(home)
    path.write_bytes(content)
    again = run_day(home, DAY)
    assert again["exceptions"] == answered["exceptions"]
    assert _kept(home) == kept
    assert broken(home) == []
    assert reports(home) == written


def test_a_break_is_assigned_to_the_owner_named(sqlite_home: NewHome) -> None:
    home = _home(sqlite_home)
    first, second = sorted(str(one["id"]) for one in breaks_of(run_day(home, DAY)))
    _send_back(home, {first: ("指派", "他经手", "李会计", "王会计"), second: ("指派", "我来查", "赵会计", "")})
    owners = {one["id"]: one["owner"] for one in breaks_of(run_day(home, DAY))}
    assert owners == {first: "王会计", second: "李会计"}
    assert "指派须填负责人" in _page(home, DAY)


def test_an_answer_that_cannot_be_carried_out_is_said_in_the_report(sqlite_home: NewHome) -> None:
    home = _home(sqlite_home)
    before = breaks_of(run_day(home, DAY))
    _answered(home, ("ffffffffffffffff", "说明", "补单", "李会计", ""))
    said = run_day(home, DAY)
    assert said["exceptions"] == before
    assert "ffffffffffffffff" in _page(home, DAY)
    written = reports(home)
    assert run_day(home, DAY) == said
    assert reports(home) == written


def test_an_answer_that_cannot_be_read_is_said_in_the_report_of_the_run_that_met_it(sqlite_home: NewHome) -> None:
    home = _home(sqlite_home)
    before = breaks_of(run_day(home, DAY))
    first = str(before[0]["id"])
    _answered(home, (first, "烧掉", "补单", "李会计", ""), (first, "说明", "", "李会计", ""))
    said = run_day(home, DAY)
    counts = said["rows"]
    assert isinstance(counts, dict)
    assert counts["exception_answers"] == {"read": 2, "accepted": 0, "quarantined": 2, "repeated": 0}
    page = _page(home, DAY)
    assert "烧掉" in page
    assert "原因" in page


def _answered(home: Home, *rows: tuple[str, ...]) -> None:
    save(home.folder, "exception_answers", "answers.csv", [("编号", "处理", "原因", "经办人", "负责人"), *rows])


def _page(home: Home, day: dt.date) -> str:
    return (home.folder / f"reports/stock-ledger/{day}/stock-ledger.html").read_text(encoding="utf-8")
