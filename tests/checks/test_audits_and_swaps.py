"""Documents audited too late, and spares issued without the damaged part coming in."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.domain.finding import Finding
from tasks.stock_ledger.audits import audit_checks
from tasks.stock_ledger.swaps import swap_checks
from tests.checks.frames import erp_lines, items_of, ledger_rows, told

NO_LEDGER = ledger_rows("site")
NO_ERP = erp_lines("site")


@pytest.mark.parametrize(
    ("made_on", "audited", "audited_on", "as_of", "late"),
    [
        ("2026-11-20", "no ", "          ", "2026-11-20", False),
        ("2026-11-20", "no ", "          ", "2026-11-22", False),
        ("2026-11-20", "no ", "          ", "2026-11-23", True),  # the Monday after a Friday
        ("2026-11-20", "no ", "          ", "2026-12-01", True),
        ("2026-11-20", "yes", "2026-11-20", "2026-11-23", False),
        ("2026-11-20", "yes", "2026-11-24", "2026-11-23", True),  # a replay of Monday does not know Tuesday
        ("2026-11-20", "yes", "2026-11-24", "2026-11-24", False),
        ("2026-11-20", "yes", "          ", "2026-11-24", False),  # audited, the day is not told
        ("2026-09-30", "no ", "          ", "2026-10-07", False),  # National Day
        ("2026-09-30", "no ", "          ", "2026-10-08", True),
        ("2026-10-09", "no ", "          ", "2026-10-10", True),  # a Saturday that is worked
        ("2026-11-24", "no ", "          ", "2026-11-23", False),  # not yet written
    ],
)
def test_a_document_is_audited_by_the_end_of_the_next_working_day(
    made_on: str, audited: str, audited_on: str, as_of: str, *, late: bool
) -> None:
    erp = erp_lines(f"date | audited | audited_on\n{made_on} | {audited} | {audited_on}")
    findings = audit_checks(erp, dt.date.fromisoformat(as_of), 1)
    assert told(findings, "kind", "refs", "stands_on") == ([("UNAUDITED", ("erp:Q-1:1",), ("Q-1",))] if late else [])


def test_a_document_is_one_break_however_many_lines_it_has() -> None:
    erp = erp_lines("""
        document | n  | item | audited
        Q-1      | 10 | A1   | no
        Q-1      | 9  | A2   | no
        Q-2      | 1  | A1   | no
    """)
    findings = audit_checks(erp, dt.date(2026, 11, 23), 1)
    assert told(findings, "refs", "item", "expected") == [
        (("erp:Q-1:9", "erp:Q-1:10"), "", "2026-11-23"),
        (("erp:Q-2:1",), "A1", "2026-11-23"),
    ]
    assert audit_checks(erp.iloc[::-1], dt.date(2026, 11, 23), 1) == findings


ITEMS = items_of("""
    item_key | sort
    A1       | spare
    A2       | consumable
""")


def swapped(ledger_table: str, as_of: str, erp_table: str = "site") -> list[Finding]:
    return swap_checks(ledger_rows(ledger_table), erp_lines(erp_table), ITEMS, dt.date.fromisoformat(as_of), 3)


ISSUE = "OWN_USE_OUT | A1 | F07 | 2026-11-20"
HEAD = "category | item | turbine | date"


@pytest.mark.parametrize(
    ("rows", "as_of", "incomplete"),
    [
        (ISSUE, "2026-11-22", False),
        (ISSUE, "2026-11-23", True),
        (f"{ISSUE}\nDAMAGED_IN | A1 | | 2026-11-20", "2026-11-30", False),
        (f"{ISSUE}\nDAMAGED_IN | A1 | | 2026-11-23", "2026-11-30", False),
        (f"{ISSUE}\nDAMAGED_IN | A1 | | 2026-11-28", "2026-11-27", True),
        (f"{ISSUE}\nDAMAGED_IN | A1 | | 2026-11-28", "2026-11-28", False),  # late, and cured
        (f"{ISSUE}\nDAMAGED_IN | A1 | | 2026-11-19", "2026-11-30", True),  # before the issue
        (f"{ISSUE}\nDAMAGED_IN | A2 | | 2026-11-21", "2026-11-30", True),  # another item
        ("OWN_USE_OUT | A1 |     | 2026-11-20", "2026-11-30", False),  # for no turbine
        ("OWN_USE_OUT | A2 | F07 | 2026-11-20", "2026-11-30", False),  # no spare
        ("REPAIR_OUT  | A1 | F07 | 2026-11-20", "2026-11-30", False),
    ],
)
def test_a_spare_for_a_turbine_brings_a_damaged_part_back(rows: str, as_of: str, *, incomplete: bool) -> None:
    found = told(swapped(f"{HEAD}\n{rows}", as_of), "kind", "refs", "stands_on", "difference")
    assert found == ([("SWAP_INCOMPLETE", ("ledger:DF01:2026-11-20:1",), (), 0)] if incomplete else [])


@pytest.mark.parametrize(("site", "cured"), [("DF01", True), ("DF02", False)])
def test_the_erp_may_hold_the_damaged_part_of_the_same_site(site: str, *, cured: bool) -> None:
    damaged = f"category | site | date\nDAMAGED_IN | {site} | 2026-11-21"
    assert (swapped(f"{HEAD}\n{ISSUE}", "2026-11-30", damaged) == []) is cured


def test_a_place_is_one_state_with_all_its_open_rows() -> None:
    table = f"{HEAD}\n{ISSUE}\nOWN_USE_OUT | A1 | F08 | 2026-11-21\nOWN_USE_OUT | A1 | F09 | 2026-11-29"
    (found,) = swapped(table, "2026-11-30")
    assert found.refs == ("ledger:DF01:2026-11-20:1", "ledger:DF01:2026-11-21:2")
    assert found.id == swapped(f"{HEAD}\n{ISSUE}", "2026-11-24")[0].id
    assert dict(found.message.parameters)["turbines"] == "F07, F08"
