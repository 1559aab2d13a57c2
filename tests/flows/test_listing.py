"""A list at a terminal is as long as somebody reads; everywhere else it is whole."""

from __future__ import annotations

import pytest

from flows.hotel_desk import deposits_in_words
from flows.listing import ROWS_SHOWN_MAX, listing


def lines(count: int, *, whole: bool) -> list[str]:
    """What a list of so many rows says below its head."""
    return listing(["No."], [[str(place)] for place in range(1, count + 1)], [True], whole=whole).splitlines()[2:]


@pytest.mark.parametrize(
    ("rows", "reader", "shown", "last"),
    [
        (3, "terminal", 3, "  3"),
        (200, "terminal", 200, "200"),
        (5000, "file", 5000, "5000"),
        (
            5000,
            False,
            202,
            "4800 more rows are not shown (a terminal gets 200); --json, a file or a pager gets them all",
        ),
    ],
)
def test_a_terminal_gets_the_first_rows_and_is_told_of_the_rest(
    rows: int, reader: str, shown: int, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAYBOOK_LANGUAGE", "en")

    said = lines(rows, whole=reader == "file")

    assert (len(said), said[-1]) == (shown, last)


def test_thousands_of_deposits_stay_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYBOOK_LANGUAGE", "zh_CN")
    deposit = {"of": "reservations", "who": "吴磊", "balance": "300.00", "days": 3, "state": "no_show"}
    rows: list[dict[str, object]] = [{"holder": f"R{place}", **deposit} for place in range(1, 3001)]

    said = deposits_in_words(rows, whole=False)

    assert said.endswith("还有 2800 行没有列出（终端上至多 200 行）；加 --json，或输出到文件、分页程序，即得全部")
    assert f"R{ROWS_SHOWN_MAX} " in said
    assert f"R{ROWS_SHOWN_MAX + 1} " not in said
