"""What may be scrapped at a site (spec 03: class I with an approval, class II only beyond repair)."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.damaged_returns.scrapping import scrap_event_findings, scrap_findings
from tasks.damaged_returns.tracking import events_until
from tests.damaged_returns.tracks import frame, named, serials, told

SERIALS = "serial|item|site\nS1|A1|DF01\nS2|A1|DF01\nS3|A1|DF02"


def found(scraps: str, events: str = "serial", known_serials: str = SERIALS) -> list[str]:
    known = events_until(frame("events", events), dt.date(2026, 11, 30))
    return named(scrap_findings(frame("scrapped", scraps), known, serials(known_serials), 3))


@pytest.mark.parametrize(
    ("remark", "breaks"),
    [
        ("-", 1), ("王经理批准报废", 0), ("已审批", 0), ("approved by Mr Wang", 0), ("待批准", 1), ("未经批准", 1),
        ("报废", 1),
    ],
)  # fmt: skip
def test_direct_scrap_needs_an_approval_in_its_remark(remark: str, breaks: int) -> None:
    assert len(found(f"remark\n{remark}")) == breaks


def test_a_scrapping_is_one_in_ledger_and_erp_and_an_approval_in_either_counts() -> None:
    assert found("home|quantity|remark\nledger|2|-\nerp|2|经理同意") == []
    assert found("home|quantity|remark\nledger|2|-\nerp|2|-") == ["SCRAP_UNAPPROVED scrapped:1 scrapped:2 0→2"]
    assert found("home|quantity|remark\nledger|1|经理同意\nledger|2|-") == [
        "SCRAP_UNAPPROVED scrapped:1 scrapped:2 1→3"
    ]


def test_a_class_two_part_is_scrapped_only_beyond_repair_or_after_the_limit() -> None:
    scrap = "item_class|remark\nII|经理同意"
    thrice = "serial|date|event\nS1|01|repaired\nS1|02|repaired\nS1|03|repaired"
    assert found(scrap) == ["SCRAP_UNAPPROVED scrapped:1 0→1"]
    assert found(scrap, "serial|event\nS1|unrepairable") == []
    assert found(scrap, "serial|event\nS3|unrepairable") == ["SCRAP_UNAPPROVED scrapped:1 0→1"]
    assert found(scrap, thrice) == []
    assert found(scrap, thrice.rpartition("\n")[0]) == ["SCRAP_UNAPPROVED scrapped:1 0→1"]
    assert found("item_class\nII", "serial|event\nS1|unrepairable") == ["SCRAP_UNAPPROVED scrapped:1 0→1"]


def test_each_serial_stands_for_one_piece_the_earliest_scrapping_first() -> None:
    scraps = "date|item_class|quantity|remark\n12|II|1|经理同意\n10|II|1|经理同意"
    assert found(scraps, "serial|event\nS1|unrepairable") == ["SCRAP_UNAPPROVED scrapped:1 0→1"]
    assert found(scraps, "serial|event\nS1|unrepairable\nS2|unrepairable") == []


def test_without_any_repair_events_delivered_the_approval_alone_is_checked() -> None:
    scraps = frame("scrapped", "item_class|remark|item\nII|经理同意|A1\nII|-|A2")
    findings = scrap_findings(scraps, None, serials(SERIALS), 3)
    assert told(findings) == [
        "SCRAP_UNAPPROVED 0→1: 1 scrapped at the site, 1 of them without an approval; say in the remark who approved."
    ]


@pytest.mark.parametrize(
    ("events", "breaks"),
    [
        ("S1|01|sent\nS1|05|scrapped", ["SCRAP_UNAPPROVED events:2 3→0"]),
        ("S1|01|unrepairable\nS1|05|scrapped", []),
        ("S1|01|repaired\nS1|02|repaired\nS1|03|repaired\nS1|05|scrapped", []),
        ("S1|01|repaired\nS1|02|repaired\nS1|05|scrapped", ["SCRAP_UNAPPROVED events:3 3→2"]),
        ("S4|05|scrapped", []),
    ],
)
def test_a_class_two_serial_is_scrapped_only_beyond_repair_or_after_the_limit(events: str, breaks: list[str]) -> None:
    known = events_until(frame("events", f"serial|date|event\n{events}"), dt.date(2026, 11, 30))
    parts = serials("serial|item|site|item_class\nS1|A1|DF01|II\nS4|B1|DF01|I")
    assert named(scrap_event_findings(known, parts, 3)) == breaks


def test_what_is_said_names_both_faults() -> None:
    known = events_until(frame("events", "serial"), dt.date(2026, 11, 30))
    findings = scrap_findings(frame("scrapped", "item_class\nII"), known, serials(SERIALS), 3)
    assert told(findings, "zh_CN") == [
        "SCRAP_UNAPPROVED 0→1: 现场报废Ⅱ类 1 件：未见批准，也没有“无法修复”的记录，修复不满 3 次。"
    ]
