"""What is told once (a row amended, a ledger late) around what people do between two runs of one date."""

from __future__ import annotations

from tasks.adapters.clock import now
from tasks.adapters.store import open_store
from tasks.register.breaks import Done, assign, explain
from tests.flows.company import DAY, LATER, NEXT_DAY, SITES, erp, ledger, masters
from tests.flows.conftest import NewHome
from tests.flows.running import Home, Summary, breaks_of, run_day, shown

BEFORE = "采购入库 SL001 2", "自用领用 SL002 3"


def _explained_and_assigned(home: Home, told: Summary) -> None:
    done = Done("explain", "李会计", "已核对", now("Asia/Shanghai"))
    with open_store(home.url).writing() as connection:
        for one in breaks_of(told):
            if one["kind"] in ("AMENDED", "LEDGER_LATE"):
                explain(connection, str(one["id"]), done)
                assign(connection, str(one["id"]), "张工", done)


def _changed_day(home: Home) -> None:
    masters(home.folder)
    ledger(home.folder, "DF01", DAY, *BEFORE)
    ledger(home.folder, "DF02", DAY)
    erp(home.folder, DAY, "Q1:1 DF01 采购入库 SL001 2", "Q2:1 DF01 自用领用 SL002 3")
    assert shown(run_day(home, DAY)) == [("LEDGER_MISSING", "YC01", "", "open")]
    ledger(home.folder, "YC01", DAY)
    for site in SITES:
        ledger(home.folder, site, NEXT_DAY)
    ledger(home.folder, "DF01", NEXT_DAY, BEFORE[0], f"{BEFORE[1]} 日期={DAY} 经手人=王工", f"{BEFORE[0]} 日期={DAY}")
    erp(home.folder, NEXT_DAY, "Q3:1 DF01 采购入库 SL001 2")


def test_each_run_of_a_date_tells_the_same_of_what_is_told_once(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    _changed_day(home)
    first = run_day(home, NEXT_DAY)
    _explained_and_assigned(home, first)
    second = run_day(home, NEXT_DAY)
    for said, state in ((first, "open"), (second, "explained")):
        assert shown(said) == [
            ("AMENDED", "DF01", "SL002", state),
            ("LEDGER_LATE", "YC01", "", state),
            ("LEDGER_MISSING", "YC01", "", "resolved"),
        ]
    assert run_day(home, NEXT_DAY) == second
    later = run_day(home, LATER)
    told_once = [one for one in shown(later) if one[0] in ("AMENDED", "LEDGER_LATE")]
    assert told_once == [("AMENDED", "DF01", "SL002", "resolved"), ("LEDGER_LATE", "YC01", "", "resolved")]
    assert run_day(home, LATER) == later
    assert run_day(home, NEXT_DAY) == second
    assert run_day(home, LATER) == later


def test_a_correction_of_the_day_itself_is_told_from_the_next_date_on(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    masters(home.folder)
    for site in SITES:
        ledger(home.folder, site, DAY)
    ledger(home.folder, "DF01", DAY, *BEFORE)
    erp(home.folder, DAY, "Q1:1 DF01 采购入库 SL001 2", "Q2:1 DF01 自用领用 SL002 3")
    assert shown(run_day(home, DAY)) == []
    ledger(home.folder, "DF01", DAY, BEFORE[0], f"{BEFORE[1]} 备注=更正", name="again.csv")
    assert shown(run_day(home, DAY)) == []
    assert [one["message"] for one in breaks_of(run_day(home, NEXT_DAY)) if one["kind"] == "AMENDED"] == [
        "后来的文件 again.csv 改动了这一行（原为 自用领用 SL002 3）：备注由“空白”改为“更正”。"
    ]
