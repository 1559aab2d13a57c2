from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from tasks.intake.tables import erp_lines, ledger_rows
from tests.beside import beside, exit_status
from tests.flows.company import (
    COAST,
    DAY,
    INLAND,
    LATER,
    NEXT_DAY,
    SITES,
    erp,
    ledger,
    masters,
    on_hand,
    ordinary_day,
    save,
)
from tests.flows.conftest import NewHome
from tests.flows.running import (
    Home,
    Summary,
    breaks_of,
    figures,
    reports,
    run_day,
    shown,
    typed,
)

Files = Callable[[Path], object]
ORDINARY = [("MISSING_IN_LEDGER", "DF02", "SL001", "open"), ("QUANTITY", "DF01", "SL002", "open")]


def _delivered(home: Home, *files: Files) -> Home:
    masters(home.folder)
    for put in files:
        put(home.folder)
    return home


def _in_both_languages(home: Home) -> Home:
    (home.folder / "daybook.toml").unlink()
    return home


def _told(home: Home, *days: dt.date) -> list[Summary]:
    return [run_day(home, day) for day in days]


def test_a_day_run_again_says_and_writes_the_same(new_home: NewHome) -> None:
    home = _delivered(new_home(), ordinary_day)
    first = run_day(home, DAY)
    written = reports(home)
    assert shown(first) == ORDINARY
    assert run_day(home, DAY) == first
    assert reports(home) == written


def test_two_runs_at_the_same_moment_are_as_one(new_home: NewHome, tmp_path: Path) -> None:
    alone, twice = _delivered(new_home(), ordinary_day), _delivered(new_home(), ordinary_day)
    wanted = run_day(alone, DAY)
    said = [tmp_path / "one", tmp_path / "other"]
    runs = [beside(typed, twice, path, "run", "stock-ledger", "--date", str(DAY), "--json") for path in said]
    assert [exit_status(run) for run in runs] == [0, 0]
    assert [json.loads(path.read_bytes()) for path in said] == [wanted, wanted]
    assert reports(twice) == reports(alone)
    assert run_day(twice, DAY) == wanted


@pytest.mark.postgres
def test_both_databases_say_and_write_the_same(sqlite_home: NewHome, postgres_home: NewHome) -> None:
    homes = [
        _delivered(_in_both_languages(make()), ordinary_day, lambda folder: on_hand(folder, DAY, "DF01A SL001 -1"))
        for make in (sqlite_home, postgres_home)
    ]
    told = [run_day(home, DAY) for home in homes]
    assert told[0] == told[1]
    assert reports(homes[0]) == reports(homes[1])


def test_rows_read_are_accepted_quarantined_or_repeated(sqlite_home: NewHome) -> None:
    home = _delivered(sqlite_home(), ordinary_day)
    ordinary_day(home.folder, NEXT_DAY)
    erp(home.folder, DAY, "QTR-1120:1 DF01 采购入库 SL001 2", "QTR-9:1 DF01 采购入库 SL001 x", name="again.csv")
    save(
        home.folder,
        "late_notice",
        "late.csv",
        [("现场", "日期", "原因"), ("DF02", DAY, "断网"), ("没有这个现场", DAY, "断网")],
    )
    rows = run_day(home, DAY)["rows"]
    assert isinstance(rows, dict)
    for counts in rows.values():
        assert counts["read"] == counts["accepted"] + counts["quarantined"] + counts["repeated"]
    assert {name: counts["read"] for name, counts in rows.items() if counts["read"]} == {
        "ledger": 4, "erp_documents": 6, "late_notice": 2, "items": 3, "sites": 3, "warehouses": 6, "departments": 2,
    }  # fmt: skip


def test_no_line_is_judged_twice(sqlite_home: NewHome) -> None:
    home = _delivered(sqlite_home(), ordinary_day)
    summary = run_day(home, DAY)
    counted = figures(summary)
    judged = [ref for one in breaks_of(summary) for ref in _refs(one)]
    assert len(judged) == len(set(judged))
    stages = ("matched_exact", "matched_grouped", "matched_near")
    unmatched = sum(1 for one in breaks_of(summary) if one["kind"] == "MISSING_IN_ERP")
    assert sum(_count(counted[name]) for name in stages) + unmatched == counted["ledger_lines"]


def test_files_of_the_next_day_change_nothing_of_the_day(sqlite_home: NewHome) -> None:
    alone = run_day(_delivered(sqlite_home(), ordinary_day), DAY)
    both = _delivered(sqlite_home(), ordinary_day, lambda folder: ordinary_day(folder, NEXT_DAY))
    said = run_day(both, DAY)
    assert said["exceptions"] == alone["exceptions"]
    assert said["figures"] == alone["figures"]


def test_the_next_day_run_first_harms_neither(sqlite_home: NewHome) -> None:
    in_order, backwards = (
        _delivered(sqlite_home(), ordinary_day, lambda folder: ordinary_day(folder, NEXT_DAY)) for _ in range(2)
    )
    day, after = _told(in_order, DAY, NEXT_DAY)
    assert run_day(backwards, NEXT_DAY)["status"] == "completed"
    assert run_day(backwards, DAY)["exceptions"] == day["exceptions"]
    again = run_day(backwards, NEXT_DAY)
    assert again["exceptions"] == after["exceptions"]
    assert again["figures"] == after["figures"]
    assert _states(backwards) == _states(in_order)


def test_a_ledger_that_comes_after_it_was_reported_missing_is_late(sqlite_home: NewHome) -> None:
    home = _delivered(sqlite_home())
    ledger(home.folder, "DF01", DAY, "采购入库 SL001 2")
    ledger(home.folder, "DF02", DAY)
    erp(home.folder, DAY, "QTR-1:1 DF01 采购入库 SL001 2", "QTR-2:1 YC01 采购入库 SL001 7")
    first = run_day(home, DAY)
    assert shown(first) == [("LEDGER_MISSING", "YC01", "", "open")]
    assert (figures(first)["ledgers_missing"], figures(first)["erp_lines"]) == (1, 2)
    ledger(home.folder, "YC01", DAY, "采购入库 SL001 7")
    second = run_day(home, DAY)
    assert shown(second) == [("LEDGER_LATE", "YC01", "", "open"), ("LEDGER_MISSING", "YC01", "", "resolved")]
    assert (figures(second)["ledgers_missing"], figures(second)["ledgers_late"]) == (0, 1)
    assert run_day(home, DAY) == second


def test_a_notice_stands_in_for_a_ledger(sqlite_home: NewHome) -> None:
    home = _delivered(sqlite_home(), ordinary_day)
    (home.folder / "inbox" / "ledger" / "YC01_20251120.csv").unlink()
    save(home.folder, "late_notice", "late.csv", [("现场", "日期", "原因"), ("YC01", DAY, "断网")])
    said = run_day(home, DAY)
    assert ("LEDGER_LATE", "YC01", "", "open") in shown(said)
    assert (figures(said)["ledgers_late"], figures(said)["ledgers_missing"]) == (1, 0)


def test_a_day_without_an_export_is_blocked_until_it_comes(new_home: NewHome) -> None:
    home = _delivered(new_home(), ordinary_day)
    export = home.folder / "inbox" / "erp_documents" / "erp_20251120.csv"
    kept = export.read_bytes()
    export.unlink()
    blocked = run_day(home, DAY)
    assert blocked["status"] == "blocked"
    assert shown(blocked) == []
    assert figures(blocked)["match_rate"] in (None, "0.000000")
    export.write_bytes(kept)
    cured = run_day(home, DAY)
    assert cured["status"] == "completed"
    undisturbed = run_day(_delivered(new_home(), ordinary_day), DAY)
    assert cured == undisturbed


def test_a_department_sees_its_own_only(sqlite_home: NewHome) -> None:
    home = _delivered(_in_both_languages(sqlite_home()), ordinary_day)
    save(home.folder, "departments", "office.csv", [("业务部", "经理"), ("业务管理部", "何经理")])
    whole, coast, inland, office = (run_day(home, DAY, name) for name in ("", COAST, INLAND, "业务管理部"))
    assert (breaks_of(office), figures(office)["sites_expected"]) == ([], 0)
    assert breaks_of(coast) == breaks_of(whole)
    assert breaks_of(inland) == []
    counted = [figures(one)["sites_expected"] for one in (whole, coast, inland)]
    assert counted == [len(SITES), 2, 1]
    assert [figures(one)["erp_lines"] for one in (whole, coast, inland)] == [4, 4, 0]
    assert inland["reports"] == [
        f"reports/stock-ledger/{DAY}/departments/{INLAND}/stock-ledger.html",
        f"reports/stock-ledger/{DAY}/departments/{INLAND}/stock-ledger.en.html",
        f"reports/stock-ledger/{DAY}/sites/YC01.html",
    ]


def test_a_break_is_carried_explained_and_resolved(new_home: NewHome) -> None:
    home = _delivered(new_home(), ordinary_day)
    run_day(home, DAY)
    for site in SITES:
        ledger(home.folder, site, NEXT_DAY)
        ledger(home.folder, site, LATER)
    erp(home.folder, NEXT_DAY, "QTR-1120:3 DF02 采购入库 SL001 4 单据日期=2025-11-20", "QTR-5:1 DF01 采购入库 SL001 1")
    carried = run_day(home, NEXT_DAY)
    assert [one for one in shown(carried) if one[1:3] != ("DF01", "SL001")] == ORDINARY
    assert {one["age_working_days"] for one in breaks_of(carried) if one["opened_on"] == str(DAY)} == {1}
    ledger(home.folder, "DF02", DAY, "采购入库 SL002 5", "采购入库 SL001 4", name="DF02_20251120_2.csv")
    erp(home.folder, LATER, "QTR-7:1 DF01 采购入库 SL003 1")
    later = run_day(home, LATER)
    assert ("MISSING_IN_LEDGER", "DF02", "SL001", "resolved") in shown(later)
    assert ("QUANTITY", "DF01", "SL002", "open") in shown(later)
    assert run_day(home, LATER) == later


LINES = ["采购入库 SL001 2", "采购入库 SL001 2", "自用领用 SL002 3", "采购入库 SL003 4", "损坏入库 SL001 1"]
POSTED = [
    "QTR-1:1 DF01 采购入库 SL001 2",
    "QTR-1:2 DF01 采购入库 SL001 1",
    "QTC-1:1 DF01 自用领用 SL002 2",
    "QTR-2:1 DF01 采购入库 SL003 1",
    "QTR-2:2 DF01 采购入库 SL003 3",
    "QTR-3:1 DF01 采购入库 SL002 9",
]


@pytest.fixture
def in_order(sqlite_home: NewHome) -> Summary:
    """What is said of the rows as they stand here."""
    return _said_of(sqlite_home(), LINES, [POSTED])


def _said_of(home: Home, lines: list[str], exports: list[list[str]]) -> Summary:
    _delivered(home)
    ledger(home.folder, "DF01", DAY, *lines)
    for number, export in enumerate(exports):
        erp(home.folder, DAY, *export, name=f"{number}.csv")
    return run_day(home, DAY)


@given(st.permutations(LINES), st.permutations(POSTED), st.integers(0, len(POSTED)))
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_order_of_rows_and_files_changes_nothing(
    sqlite_home: NewHome, in_order: Summary, rows: list[str], posted: list[str], cut: int
) -> None:
    shuffled = _said_of(sqlite_home(), rows, [posted[cut:], posted[:cut]])
    told = [
        sorted((one["id"], one["kind"], one["state"], one["value"]) for one in breaks_of(said))
        for said in (in_order, shuffled)
    ]
    assert told[0] == told[1]
    assert in_order["figures"] == shuffled["figures"]


def _refs(one: dict[str, object]) -> list[str]:
    refs = one["refs"]
    assert isinstance(refs, list)
    return refs


def _count(value: object) -> int:
    assert isinstance(value, int)
    return value


def _states(home: Home) -> list[list[tuple[object, ...]]]:
    """How every line stands, by what it is known by."""
    engine = create_engine(home.url)
    with engine.connect() as connection:
        queries = (
            select(ledger_rows.c.site, ledger_rows.c.date, ledger_rows.c.number, ledger_rows.c.matched_by),
            select(erp_lines.c.document, erp_lines.c.line, erp_lines.c.matched_by),
        )
        found = [sorted(map(tuple, connection.execute(query)), key=str) for query in queries]
    engine.dispose()
    return found
