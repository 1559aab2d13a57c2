"""The damaged parts of the made-up company: one line a piece, as the ERP has them, and faults that are known."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.demo_company import Company
from benchmarks.demo_company.returns import happened_before, list_parts


def test_each_piece_in_a_damaged_store_is_a_line_of_its_own_and_comes_once(company: Company, tmp_path: Path) -> None:
    first = list_parts(company, company.days[-2], tmp_path / "inbox")
    both = list_parts(company, company.days[-1], tmp_path / "inbox", first)
    happened_before(first, company.days[-2], tmp_path / "inbox")
    assert len(first) > 100
    assert len(both) > len(first)
    assert {one["数量"] for one in both} == {1}
    assert Counter(one["旧件编号"] for one in both).most_common(1)[0][1] == 1
    lacking = [one["旧件编号"] for one in both if not one["风机号"]]
    assert lacking == ["SN-0000"]
    assert {one["登记日期"] for one in both[len(first) :]} == {company.days[-1]}
    assert len(list((tmp_path / "inbox").rglob("*.csv"))) == 5
