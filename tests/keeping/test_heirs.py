"""Which row of a ledger sent again stands in the stead of one that is gone: `序号 code name quantity`, one a row."""

from __future__ import annotations

import pandas as pd
import pytest

from tasks.intake.ledger_days import take_over

DAY = pd.Timestamp(2026, 11, 20)
HEIRS = {
    "a deleted repeat has none, whatever is called like it": (
        "- A1 轴承 7\n- A1 轴承 7",
        "- A1 轴承 7\n- A2 轴承 3",
        {2: ""},
    ),
    "the same code": ("- A1 轴承 7\n- A2 轴承 3", "- A1 轴承 7\n- A2 滚动轴承 5", {2: "A2 5"}),
    "the same place in the sheet": ("1 A1 轴承 7\n2 A2 轴承 3", "1 A1 轴承 7\n2 A3 接触器 3", {2: "A3 3"}),
    "a purchase without a code that got one": ("- . 轴承 7\n- A2 滤芯 3", "- A1 轴承 7\n- A2 滤芯 3", {1: "A1 7"}),
}


def _rows(table: str) -> pd.DataFrame:
    cells = [["" if word in "-." else word for word in line.split()] for line in table.splitlines()]
    rows = pd.DataFrame(cells, columns=["sequence", "item_key", "item_name", "quantity"], dtype="str")
    content = rows["item_key"] + " " + rows["item_name"] + " " + rows["quantity"]
    place = content.groupby(content).cumcount() + 1
    return rows.assign(site="DF01", date=DAY, content_key=content, place=place)


@pytest.mark.parametrize(("before", "after", "heirs"), HEIRS.values(), ids=HEIRS.keys())
def test_an_heir_has_the_code_or_the_number_of_the_row_that_is_gone(
    before: str, after: str, heirs: dict[int, str]
) -> None:
    stood = _rows(before).assign(withdrawn=False)
    stored = stood.assign(id=stood.index + 1, number=stood.index + 1)
    incoming = _rows(after).assign(file=1)
    covered = pd.DataFrame({"file": [1], "site": ["DF01"], "date": [DAY], "own": [True]})
    gone = take_over(incoming.drop(columns="place"), stored, covered, [DAY.date()]).withdrawn
    names = (incoming["item_key"] + " " + incoming["quantity"]).to_dict() | {-1: ""}
    assert {one: names[heir] for one, heir in zip(gone["id"], gone["heir"], strict=True)} == heirs
