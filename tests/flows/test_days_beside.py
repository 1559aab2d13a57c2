"""Days of which only one side was delivered, and transfer orders that stand on two sites."""

from __future__ import annotations

from tests.flows.company import DAY, NEXT_DAY, SITES, erp, ledger, masters, ordinary_day
from tests.flows.conftest import NewHome
from tests.flows.running import broken, run_day, shown

DAY_BEFORE = DAY.replace(day=DAY.day - 1)
TRANSFER = "完好品调拨 SL001 4 单据类型=调拨单 调拨单号=DB1 转出仓库=DF01A 转入仓库=DF02A"
OUT = "完好品调拨 SL001 4 调拨单号=DB1 备注=装箱单ZX1"
IN = "完好品调拨 SL001 4 调拨单号=DB1"


def test_a_posting_of_a_day_without_a_ledger_is_the_near_partner_of_a_row_beside_it(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    ordinary_day(home.folder, DAY)
    ledger(home.folder, "YC01", DAY, "采购入库 SL001 7", name="yc01.csv")
    (home.folder / "inbox" / "ledger" / f"YC01_{DAY:%Y%m%d}.csv").unlink()
    erp(home.folder, DAY_BEFORE, "QTR-9:1 YC01 采购入库 SL001 7", "QTR-9:2 YC01 采购入库 SL002 1")
    masters(home.folder)
    assert [one for one in shown(run_day(home, DAY)) if one[1] == "YC01"] == [("DATE", "YC01", "SL001", "open")]
    ledger(home.folder, "YC01", DAY_BEFORE, "采购入库 SL001 7", "采购入库 SL002 1")
    assert [one for one in shown(run_day(home, DAY)) if one[1] == "YC01"] == [
        ("DATE", "YC01", "SL001", "resolved"),
        ("MISSING_IN_ERP", "YC01", "SL001", "open"),
    ]


def test_without_warehouses_no_row_is_a_break_for_it(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    ordinary_day(home.folder, DAY)
    masters(home.folder)
    (home.folder / "inbox" / "warehouses" / "warehouses.csv").unlink()
    said = run_day(home, DAY)
    assert said["status"] == "completed"
    assert [one for one in shown(said) if str(one[0]).startswith("MISSING_IN")] == []


def test_the_day_of_a_site_reopened_brings_no_break_to_the_other_end_of_a_transfer(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    masters(home.folder)
    ledger(home.folder, "DF01", DAY, OUT)
    ledger(home.folder, "DF02", DAY, IN)
    ledger(home.folder, "YC01", DAY)
    erp(home.folder, DAY, f"DB1:1 DF01 {TRANSFER}")
    assert shown(run_day(home, DAY)) == []
    ledger(home.folder, "DF01", DAY, OUT, "采购入库 SL002 1", name="again.csv")
    for site in SITES:
        ledger(home.folder, site, NEXT_DAY)
    erp(home.folder, NEXT_DAY, "QTR-2:1 DF01 采购入库 SL003 1")
    found = [one for one in shown(run_day(home, NEXT_DAY)) if one[2] == "SL001"]
    assert found == []


def test_the_settled_end_of_a_transfer_waits_for_the_other(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    masters(home.folder)
    ledger(home.folder, "DF02", DAY, IN)
    ledger(home.folder, "YC01", DAY)
    erp(home.folder, DAY, f"DB1:1 DF01 {TRANSFER}")
    assert shown(run_day(home, DAY)) == [("LEDGER_MISSING", "DF01", "", "open")]
    for site in SITES:
        ledger(home.folder, site, NEXT_DAY)
    erp(home.folder, NEXT_DAY, "QTR-2:1 DF01 采购入库 SL003 1")
    assert [one for one in shown(run_day(home, NEXT_DAY)) if one[2] == "SL001"] == []
    ledger(home.folder, "DF01", DAY, OUT)
    assert [one for one in shown(run_day(home, NEXT_DAY)) if one[2] == "SL001"] == []
    assert broken(home) == []
