"""Checks of restaurant and shop stand once, with their amount, in the folio of the stay that had the room."""

from __future__ import annotations

import pytest

from tasks.night_audit.points_of_sale import pos_findings
from tests.night_audit.drawing import B, drawn, named, said

STAYS = """
account | room | guest | arrived_at | departed_at
A1      | 301  | 王芳  | 19 14:00   | -
A2      | 302  | 李强  | 20 15:00   | -
A3      | 303  | 赵敏  | 18 14:00   | 20 11:00
A4      | 304  | 周    | 20 14:00   | -
A5      | 304  | 吴    | 20 14:00   | -
"""
CHECK = "check | at | amount | room | guest | settlement\n"
POSTING = "number | account | amount | outlet | remark | original\n"


def judged(checks: str, postings: str) -> list[str]:
    """The findings of drawn checks and postings."""
    lines = [line if line.count("|") == 5 else f"{line} | -" for line in postings.splitlines()]
    folio = drawn("folio", POSTING + "\n".join(lines))
    return named(pos_findings(drawn("pos_checks", CHECK + checks), folio, drawn("stays", STAYS), B))


ROOM_301 = "C1 | 20 19:00 | 88.00 | 301 | - | room"


@pytest.mark.parametrize(
    ("what", "check", "posting", "found"),
    [
        ("named in the remark", ROOM_301, "F1 | A1 | 88.00 | 餐厅 | 单号 C1", ""),
        ("numbered like the check", ROOM_301, "C1 | A1 | 88.00 | - | -", ""),
        ("alike in outlet and amount", ROOM_301, "F1 | A1 | 88.00 | 餐厅 | -", ""),
        ("the guest's own name", "C1|20 19:00|88.00|301|王 芳|room", "F1 | A1 | 88.00 | 餐厅 | C1", ""),
        ("either guest of a shared room", "C1|20 19:00|88.00|304|吴|room", "F1 | A5 | 88.00 | 餐厅 | C1", ""),
        ("missing", ROOM_301, "", "POS_MISSING C1 88.00→0.00"),
        ("another outlet", ROOM_301, "F1 | A1 | 88.00 | 小卖部 | -", "POS_MISSING C1 88.00→0.00"),
        ("another amount", ROOM_301, "F1 | A1 | 80.00 | 餐厅 | C1", "POS_MISSING C1 88.00→80.00"),
        ("another account", ROOM_301, "F1 | A2 | 88.00 | 餐厅 | C1", "POS_WRONG_ROOM C1 301→A2"),
        ("another account, unnamed", ROOM_301, "F1 | A2 | 88.00 | 餐厅 | -", "POS_WRONG_ROOM C1 301→A2"),
        ("not arrived", "C1|20 13:00|88.00|302|-|room", "F1|A2|88.00|餐厅|C1", "POS_WRONG_ROOM C1 302→A2"),
        ("gone already", "C1|20 19:00|88.00|303|-|room", "", "POS_WRONG_ROOM C1 303→"),
        ("another guest", "C1|20 19:00|88.00|301|李强|room", "F1|A1|88.00|餐厅|C1", "POS_WRONG_ROOM C1 301→A1"),
        ("twice", ROOM_301, "F1|A1|88.00|餐厅|C1\nF2|A1|88.00|餐厅|C1", "POS_DOUBLE C1 88.00→176.00"),
        ("paid and charged", "C1|20 19:00|88.00|-|-|direct", "F1|A1|88.00|餐厅|C1", "POS_DOUBLE C1 0.00→88.00"),
        ("paid directly", "C1|20 19:00|88.00|-|-|direct", "F1|A1|88.00|餐厅|-", ""),
        ("reversed", ROOM_301, "F1|A2|88.00|餐厅|C1\nF2|A2|-88.00|餐厅|C1|F1\nF3|A1|88.00|餐厅|C1", ""),
    ],
)
def test_a_check_charged_to_a_room(what: str, check: str, posting: str, found: str) -> None:
    assert judged(check, posting) == ([found] if found else []), what


def test_two_checks_alike_need_two_postings() -> None:
    checks = "C1 | 20 19:00 | 88.00 | 301 | - | room\nC2 | 20 20:00 | 88.00 | 301 | - | room"

    assert judged(checks, "F1 | A1 | 88.00 | 餐厅 | -") == ["POS_MISSING C2 88.00→0.00"]
    assert judged(checks, "F1 | A1 | 88.00 | 餐厅 | -\nF2 | A1 | 88.00 | 餐厅 | C1") == []


def test_both_ways_to_mend_it_are_said() -> None:
    checks = drawn("pos_checks", CHECK + "C1 | 20 19:00 | 88.00 | 301 | - | room")
    [finding] = pos_findings(checks, drawn("folio", ""), drawn("stays", STAYS), B)

    assert "关账前" in said(finding.message)
    assert "红冲" in said(finding.message)
    assert "red reversal" in said(finding.message, "en")
