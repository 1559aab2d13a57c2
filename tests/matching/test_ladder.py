"""The ladder in the reader's words: which rows agree, and what the rest is called (spec 01: matching)."""

from __future__ import annotations

import pytest

from tests.matching.drawing import matched, named, said, stages

LADDER = {
    "equal rows agree": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "exact | exact",
        [],
    ),
    "a row split in the ERP agrees as a group": (
        "1 20 OWN_USE_OUT SL1 bolt 5 DF01A",
        "Q1 20 OWN_USE_OUT SL1 bolt 2 DF01A\nQ2 20 OWN_USE_OUT SL1 bolt 3 DF01A",
        "grouped | grouped grouped",
        [],
    ),
    "a row split in the ledger agrees as a group": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A\n2 20 OWN_USE_OUT SL1 bolt 3 DF01A",
        "Q1 20 OWN_USE_OUT SL1 bolt 5 DF01A",
        "grouped grouped | grouped",
        [],
    ),
    "one row is the sum of some of the others": (
        "1 20 OWN_USE_OUT SL1 bolt 50 DF01A",
        "Q1 20 OWN_USE_OUT SL1 bolt 20 DF01A\nQ2 20 OWN_USE_OUT SL1 bolt 30 DF01A\nQ3 20 OWN_USE_OUT SL1 bolt 7 DF01A",
        "grouped | grouped grouped -",
        ["MISSING_IN_LEDGER 0→7 -7 [Q3]"],
    ),
    "a wrong warehouse is one break": (
        "1 20 RETURN_TO_STOCK SL1 bolt -2 DF01A",
        "Q1 20 RETURN_TO_STOCK SL1 bolt -2 DF01B",
        "near | near",
        [],
    ),
    "a wrong category is one break": (
        "1 20 REPAIR_OUT SL1 bolt 2 DF01B",
        "Q1 20 SCRAP_OUT SL1 bolt 2 DF01B",
        "near | near",
        ["CATEGORY REPAIR_OUT→SCRAP_OUT 0 [1 Q1]"],
    ),
    "a category that implies another warehouse counts once": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 20 SCRAP_OUT SL1 bolt 2 DF01B",
        "near | near",
        ["CATEGORY OWN_USE_OUT→SCRAP_OUT 2 [1 Q1]"],
    ),
    "a category and a warehouse that do not imply each other are two": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01B",
        "Q1 20 SCRAP_OUT SL1 bolt 2 DF01A",
        "- | -",
        ["MISSING_IN_ERP 2→0 2 [1]", "MISSING_IN_LEDGER 0→2 -2 [Q1]"],
    ),
    "a date three days later is one break": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 23 OWN_USE_OUT SL1 bolt 2 DF01A",
        "near | near",
        ["DATE 2026-11-20→2026-11-23 0 [1 Q1]"],
    ),
    "a date four days later is none": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 24 OWN_USE_OUT SL1 bolt 2 DF01A",
        "- | -",
        ["MISSING_IN_ERP 2→0 2 [1]", "MISSING_IN_LEDGER 0→2 -2 [Q1]"],
    ),
    "a wrong quantity is one break": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 20 OWN_USE_OUT SL1 bolt 3 DF01A",
        "near | near",
        ["QUANTITY 2→3 -1 [1 Q1]"],
    ),
    "another code with the same name is one break": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 20 OWN_USE_OUT XX9 Ｂｏｌｔ 2 DF01A",
        "near | near",
        ["ITEM SL1→XX9 2 [1 Q1]"],
    ),
    "another code with the same specification is one break": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A spec=M16×80",
        "Q1 20 OWN_USE_OUT XX9 screw 2 DF01A spec=M16*80",
        "near | near",
        ["ITEM SL1→XX9 2 [1 Q1]"],
    ),
    "an unwritten code with the same name is one break": (
        "1 20 PETTY_IN - bolt 2 DF01A",
        "Q1 20 PETTY_IN SL1 bolt 2 DF01A",
        "near | near",
        ["ITEM →SL1 2 [1 Q1]"],
    ),
    "blank and blank are no match": (
        "1 20 PETTY_IN - bolt 2 DF01A",
        "Q1 20 PETTY_IN - nut 2 DF01A",
        "- | -",
        ["MISSING_IN_ERP 2→0 2 [1]", "MISSING_IN_LEDGER 0→2 -2 [Q1]"],
    ),
    "codes that look alike are no match": (
        "1 20 OWN_USE_OUT SL00040 bolt 2 DF01A",
        "Q1 20 OWN_USE_OUT SL00045 nut 2 DF01A",
        "- | -",
        ["MISSING_IN_ERP 2→0 2 [1]", "MISSING_IN_LEDGER 0→2 -2 [Q1]"],
    ),
    "rows that share only a quantity are no match": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 20 PURCHASE_IN XX9 nut 2 DF01A",
        "- | -",
        ["MISSING_IN_ERP 2→0 2 [1]", "MISSING_IN_LEDGER 0→2 -2 [Q1]"],
    ),
    "transfer orders that contradict are no match": (
        "1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T1",
        "Q1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T2",
        "- | -",
        ["MISSING_IN_ERP 2→0 2 [1]", "MISSING_IN_LEDGER 0→2 -2 [Q1]"],
    ),
    "a transfer order named on one side only does not matter": (
        "1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A",
        "Q1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T2",
        "exact | exact",
        [],
    ),
    "the same transfer order comes first": (
        "1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T2\n2 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A",
        "Q1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A\nQ2 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T2",
        "exact exact | exact exact",
        [],
    ),
    "which of two transfer orders is meant is not guessed": (
        "1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A",
        "Q1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T1\nQ2 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T2",
        "- | - -",
        ["MISSING_IN_ERP 2→0 2 [1]", "MISSING_IN_LEDGER 0→2 -2 [Q1]", "MISSING_IN_LEDGER 0→2 -2 [Q2]"],
    ),
    "two honest equal rows stay two": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A\n2 20 OWN_USE_OUT SL1 bolt 2 DF01A repeat=1",
        "Q1 20 OWN_USE_OUT SL1 bolt 2 DF01A\nQ2 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "exact exact | exact exact",
        [],
    ),
    "a repeat is a duplicate if the ERP holds fewer": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A repeat=1\n2 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "- exact | exact",
        ["DUPLICATE 2→0 2 [1]"],
    ),
    "a duplicate is no part of another row's quantity": (
        "1 20 SCRAP_OUT SL1 bolt 7 DF01B\n2 20 SCRAP_OUT SL1 bolt 7 DF01B repeat=1\n3 20 SCRAP_OUT SL1 bolt 3 DF01B",
        "Q1 20 SCRAP_OUT SL1 bolt 7 DF01B\nQ2 20 SCRAP_OUT SL1 bolt 5 DF01B",
        "exact - near | exact near",
        ["DUPLICATE 7→0 7 [2]", "QUANTITY 3→5 -2 [3 Q2]"],
    ),
    "a row and its repeat of which the ERP holds less than one": (
        "1 20 OWN_USE_OUT SL1 bolt 7 DF01A\n2 20 OWN_USE_OUT SL1 bolt 7 DF01A repeat=1",
        "Q1 20 OWN_USE_OUT SL1 bolt 5 DF01A",
        "near - | near",
        ["DUPLICATE 7→0 7 [2]", "QUANTITY 7→5 2 [1 Q1]"],
    ),
    "two honest equal rows posted as one sum that is a little off": (
        "1 20 OWN_USE_OUT SL1 bolt 7 DF01A\n2 20 OWN_USE_OUT SL1 bolt 7 DF01A repeat=1",
        "Q1 20 OWN_USE_OUT SL1 bolt 13 DF01A",
        "near near | near",
        ["QUANTITY 14→13 1 [1 2 Q1]"],
    ),
    "two equally near dates are not guessed": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 19 OWN_USE_OUT SL1 bolt 2 DF01A\nQ2 21 OWN_USE_OUT SL1 bolt 2 DF01A",
        "- | - -",
        ["MISSING_IN_LEDGER 0→2 -2 [Q1]", "MISSING_IN_ERP 2→0 2 [1]", "MISSING_IN_LEDGER 0→2 -2 [Q2]"],
    ),
    "identical partners need no guess": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 21 OWN_USE_OUT SL1 bolt 2 DF01A\nQ2 21 OWN_USE_OUT SL1 bolt 2 DF01A",
        "near | near -",
        ["DATE 2026-11-20→2026-11-21 0 [1 Q1]", "MISSING_IN_LEDGER 0→2 -2 [Q2]"],
    ),
    "the nearer date is better": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 18 OWN_USE_OUT SL1 bolt 2 DF01A\nQ2 21 OWN_USE_OUT SL1 bolt 2 DF01A",
        "near | - near",
        ["MISSING_IN_LEDGER 0→2 -2 [Q1]", "DATE 2026-11-20→2026-11-21 0 [1 Q2]"],
    ),
    "another site is never near": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 20 OWN_USE_OUT SL1 bolt 2 DF02A",
        "- | -",
        ["MISSING_IN_ERP 2→0 2 [1]", "MISSING_IN_LEDGER 0→2 -2 [Q1]"],
    ),
}
LADDER["a wrong warehouse is one break"][3].append("WAREHOUSE DF01A→DF01B -2 [1 Q1]")


@pytest.mark.parametrize(("ledger", "erp", "judged", "findings"), LADDER.values(), ids=LADDER.keys())
def test_the_ladder(ledger: str, erp: str, judged: str, findings: list[str]) -> None:
    matching = matched(ledger, erp)
    assert stages(matching) == judged
    assert named(matching) == findings


PARTS = {
    "60 of 500 leave 440": ("60@20", ["QUANTITY 500→60 440 [1 Q1]"]),
    "60 and 400 of 500 leave 40": ("60@20 400@20", ["QUANTITY 500→460 40 [1 Q2 Q1]"]),
    "400 a day later leave 40": ("60@20 400@21", ["QUANTITY 500→460 40 [1 Q1 Q2]"]),
    "550 are 50 too many": ("550@20", ["QUANTITY 500→550 -50 [1 Q1]"]),
    "two lines may be too many as well": ("350@20 200@20", ["QUANTITY 500→550 -50 [1 Q1 Q2]"]),
    "100 today and 400 tomorrow are complete, only late": (
        "100@20 400@21",
        ["DATE 2026-11-20→2026-11-20, 2026-11-21 0 [1 Q1 Q2]"],
    ),
    "60, 400 and 90, each a day later, are 50 too many": ("60@20 400@21 90@22", ["QUANTITY 500→550 -50 [1 Q1 Q2 Q3]"]),
    "a later line that is more than the whole stays out": (
        "100@20 501@21",
        ["QUANTITY 500→100 400 [1 Q1]", "MISSING_IN_LEDGER 0→501 -501 [Q2]"],
    ),
    "a part after the window stays out": (
        "100@20 300@24",
        ["QUANTITY 500→100 400 [1 Q1]", "MISSING_IN_LEDGER 0→300 -300 [Q2]"],
    ),
}


@pytest.mark.parametrize(("posted", "findings"), PARTS.values(), ids=PARTS.keys())
def test_a_quantity_posted_in_parts(posted: str, findings: list[str]) -> None:
    parts = [part.split("@") for part in posted.split()]
    erp = "\n".join(
        f"Q{at + 1} {day} PURCHASE_IN SL1 bolt {quantity} DF01A" for at, (quantity, day) in enumerate(parts)
    )
    assert named(matched("1 20 PURCHASE_IN SL1 bolt 500 DF01A", erp)) == findings


def test_a_partly_posted_quantity_keeps_its_break() -> None:
    ledger = "1 20 PURCHASE_IN SL1 bolt 500 DF01A"
    posted = ["Q1 20 PURCHASE_IN SL1 bolt 60 DF01A", "Q2 21 PURCHASE_IN SL1 bolt 400 DF01A"]
    ids = {matched(ledger, "\n".join(posted[:size])).findings[0].id for size in (1, 2)}
    assert len(ids) == 1


def test_a_pair_across_a_month_end_is_matched_and_marked() -> None:
    matching = matched(
        "1 30 OWN_USE_OUT SL1 bolt 2 DF01A\n2 20 OWN_USE_OUT SL2 nut 2 DF01A",
        "Q1 31 OWN_USE_OUT SL1 bolt 2 DF01A\nQ2 20 OWN_USE_OUT SL2 nut 2 DF01A",
    )
    assert matching.pairs.set_index("ledger_line")["crosses_month"].to_dict() == {1: True, 2: False}


WHY = {
    "nothing near": ("1 20 OWN_USE_OUT SL1 bolt 2 DF01A", "", "对方没有相近的记录。"),
    "too far": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 25 OWN_USE_OUT SL1 bolt 2 DF01A",
        "最接近的是 erp:Q1:1，其余都相同，但日期相差 5 天，超过 3 天。",
    ),
    "two things differ": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 21 OWN_USE_OUT SL1 bolt 3 DF01A",
        "最接近的是 erp:Q1:1，但日期（2026-11-20 对 2026-11-21）和数量（2 对 3）不同。",
    ),
    "look-alike": (
        "1 20 OWN_USE_OUT SL00040 bolt 2 DF01A",
        "Q1 20 OWN_USE_OUT SL00045 nut 2 DF01A",
        "最接近的是 erp:Q1:1，但物资编码只是相似（SL00040 与 SL00045），并不相同。",
    ),
    "taken": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A\n2 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "最接近的是 erp:Q1:1，但它已与另一行相符。",
    ),
    "equal partners": (
        "1 20 OWN_USE_OUT SL1 bolt 2 DF01A",
        "Q1 19 OWN_USE_OUT SL1 bolt 2 DF01A\nQ2 21 OWN_USE_OUT SL1 bolt 2 DF01A",
        "最接近的是 erp:Q1:1，但有几行同样相符，无法断定是哪一行，请核实。",
    ),
    "another order": (
        "1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T1",
        "Q1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T2",
        "最接近的是 erp:Q1:1，但调拨单号（T1 对 T2）不同。",
    ),
}


@pytest.mark.parametrize(("ledger", "erp", "reason"), WHY.values(), ids=WHY.keys())
def test_every_open_row_says_why(ledger: str, erp: str, reason: str) -> None:
    finding = next(found for found in matched(ledger, erp).findings if found.kind == "MISSING_IN_ERP")
    assert said(finding.message).endswith(reason)


def test_no_lines_at_all() -> None:
    assert named(matched("", "")) == []


def test_too_many_possible_partners_are_said_and_not_guessed() -> None:
    ledger = "\n".join(f"{at} 20 OWN_USE_OUT SL1 bolt {at + 1} DF01A" for at in range(250))
    erp = "\n".join(f"Q{at} 20 OWN_USE_OUT SL1 bolt {at + 1000} DF01A" for at in range(250))
    matching = matched(ledger, erp)
    assert {found.kind for found in matching.findings} == {"MISSING_IN_ERP", "MISSING_IN_LEDGER"}
    assert all("超过上限" in said(found.message) for found in matching.findings)
