"""Files of the same content: a repeat whatever the name, unless only the name says what the file is for."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.flows.company import DAY, ERP_HEADINGS, LEDGER_HEADINGS, NEXT_DAY, SITES, erp, ledger, masters, save
from tests.flows.conftest import NewHome
from tests.flows.running import broken, figures, run_day, shown

SILENT = [("现场出入库流水账",), LEDGER_HEADINGS, ("", "", "", "", "无出入库")]


def _rows(summary: dict[str, object], dataset: str) -> object:
    rows = summary["rows"]
    assert isinstance(rows, dict)
    return rows[dataset]


def _silent(home: Path, site: str, name: str) -> None:
    save(home, "ledger", f"{site}_{name}.csv", SILENT)


def test_sites_and_days_that_only_file_names_tell_apart_are_all_received(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    masters(home.folder)
    for day in (DAY, NEXT_DAY):
        for site in SITES:
            _silent(home.folder, site, f"{day:%Y%m%d}")
        save(home.folder, "erp_documents", f"erp_{day:%Y%m%d}.csv", [ERP_HEADINGS])
        said = run_day(home, day)
        assert (said["status"], shown(said), figures(said)["ledgers_received"]) == ("completed", [], len(SITES))
    assert broken(home) == []
    _silent(home.folder, "YC01", f"{DAY:%Y%m%d}")
    assert shown(run_day(home, DAY)) == []
    assert not list((home.folder / "inbox" / "ledger").iterdir())


def test_the_same_content_under_another_name_is_a_repeat(sqlite_home: NewHome) -> None:
    home = sqlite_home()
    masters(home.folder)
    inbox = home.folder / "inbox"
    sent = ledger(home.folder, "DF01", DAY, "采购入库 SL001 2")
    exported = erp(home.folder, DAY, "QTR-1:1 DF01 采购入库 SL001 2")
    kept = {name: path.read_bytes() for name, path in (("ledger", sent), ("erp_documents", exported))}
    first = run_day(home, DAY)
    for dataset, content in kept.items():
        for name in ("again.csv", f"DF02_{NEXT_DAY:%Y%m%d}.csv", f"DF01_{DAY:%Y%m%d}.csv"):
            (inbox / dataset / name).write_bytes(content)
    again = run_day(home, DAY)
    assert (_rows(again, "ledger"), _rows(again, "erp_documents")) == (
        _rows(first, "ledger"),
        _rows(first, "erp_documents"),
    )
    assert shown(again) == shown(first)
    shutil.rmtree(inbox)
    assert broken(home) == []
