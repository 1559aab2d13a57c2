"""Pictures under the rows of a table: as wide as what they show, never without the figures beside them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.wording import LANGUAGES
from tasks.adapters.bars import INTERVAL_COLOURS, STACK_COLOURS, key_of, pictures_of, scale_start
from tasks.adapters.pages import html_page, text_page
from tasks.adapters.speech import shown
from tasks.domain.message import message
from tasks.domain.report import Bars, Column, Table
from tests.reports.sample import a_day

NAMES = ("n5", "n4", "n3", "n2", "n1")
_LETTERS = dict(zip(STACK_COLOURS, "54321", strict=True)) | {"": "."}
_SIGNS = {"": ".", INTERVAL_COLOURS["interval"]: "-", INTERVAL_COLOURS["value"]: "o", INTERVAL_COLOURS["target"]: "|"}


def _stack(*counts: int) -> Table:
    columns = tuple(Column(name, f"sample.h.{name}", "count") for name in NAMES)
    return Table("t", message("sample.title"), columns, (counts,), message("sample.title"), bars=Bars("stack", NAMES))


def _intervals(*rows: tuple[str | None, ...]) -> Table:
    names = ("low", "share", "high", "target")
    columns = tuple(Column(name, f"sample.h.{name}", "share") for name in names)
    cells = tuple(tuple(None if cell is None else Decimal(cell) for cell in row) for row in rows)
    return Table("t", message("sample.title"), columns, cells, message("sample.title"), bars=Bars("interval", names))


def _drawn(table: Table, row: int = 0) -> str:
    """The picture as signs, one a tenth part of it (ten cells of an interval): 5 to 1 of a stack, -, o and | of it."""
    return "".join((_LETTERS | _SIGNS)[cell.colour] * cell.width for cell in pictures_of(table)[row])


@pytest.mark.parametrize(
    ("counts", "widths"),
    [
        ((5, 3, 1, 1, 0), {"5": 50, "4": 30, "3": 10, "2": 10}),
        ((1, 1, 1, 0, 0), {"5": 34, "4": 33, "3": 33}),
        ((9990, 0, 0, 0, 10), {"5": 99, "1": 1}),
        ((100_000, 1, 1, 1, 1), {"5": 96, "4": 1, "3": 1, "2": 1, "1": 1}),
        ((0, 0, 0, 0, 7), {"1": 100}),
        ((0, 0, 0, 0, 0), {}),
    ],
)
def test_a_part_is_as_wide_as_its_share_and_none_that_is_there_vanishes(
    counts: tuple[int, ...], widths: dict[str, int]
) -> None:
    columns = tuple(Column(name, f"sample.h.{name}", "count") for name in NAMES)
    table = Table("t", message("sample.title"), columns, (counts,), message("sample.title"), bars=Bars("stack", NAMES))
    by_colour = dict(zip(STACK_COLOURS, "54321", strict=True))
    assert {by_colour[cell.colour]: cell.width for cell in pictures_of(table)[0]} == widths


@given(st.lists(st.integers(0, 10**9), min_size=5, max_size=5))
def test_a_stack_is_always_a_hundred_percent_wide(counts: list[int]) -> None:
    cells = pictures_of(_stack(*counts))[0]
    assert sum(cell.width for cell in cells) == (100 if any(counts) else 0)
    assert all(cell.width > 0 for cell in cells)
    assert len(cells) == sum(count > 0 for count in counts)


def test_an_interval_lies_on_one_scale_with_all_others_of_its_table() -> None:
    table = _intervals(("0.85", "0.9", "0.95", "0.8"), ("0.62", "0.7", "1", "0.8"), (None, None, None, "0.8"))
    assert scale_start(table) == Decimal("0.6")
    first, second = _drawn(table), _drawn(table, 1)
    assert len(first) == len(second) == 100
    assert first.index("|") == second.index("|") == 50
    assert (first.index("-"), first.index("o"), first.rindex("-")) == (62, 75, 87)
    assert second.rindex("-") == 99
    assert _drawn(table, 2) == "", "what is too few has no picture"


SHARES = st.decimals(0, 1, places=6)


@given(st.lists(st.tuples(SHARES, SHARES, SHARES), min_size=1, max_size=4), SHARES)
def test_every_interval_shows_its_value_and_its_target(
    rows: list[tuple[Decimal, Decimal, Decimal]], target: Decimal
) -> None:
    table = _intervals(*((*map(str, sorted(row)), str(target)) for row in rows))
    for place, picture in enumerate(pictures_of(table)):
        assert sum(cell.width for cell in picture) == 100
        drawn = _drawn(table, place)
        assert "o" in drawn
        assert "|" in drawn or abs(sorted(rows[place])[1] - target) < Decimal("0.011")


def test_the_key_names_each_colour_and_a_table_without_rows_has_none() -> None:
    table = _stack(1, 2, 3, 4, 5)
    assert key_of(table) == list(zip(STACK_COLOURS, NAMES, strict=True))
    assert key_of(_intervals(("0.1", "0.2", "0.3", "0.4"))) == [
        (colour, meaning) for meaning, colour in INTERVAL_COLOURS.items()
    ]
    assert key_of(_intervals()) == []
    assert pictures_of(a_day().tables[0]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_figure_of_a_picture_stands_beside_it_in_words(language: str) -> None:
    page, text = html_page(a_day(), language, {"trend": "cid:trend"}), text_page(a_day(), language)
    for table in a_day().tables[3:]:
        for row in table.rows:
            for column, value in zip(table.columns, row, strict=True):
                if value not in (None, ""):
                    told = shown(column.kind, value, language)
                    assert told in page
                    assert told in text


def test_a_share_keeps_the_digits_that_tell_it_from_its_target() -> None:
    assert shown("share", Decimal("0.89995"), "zh_CN") == "89.995%"
    assert shown("share", Decimal("0.900"), "zh_CN") == "90.0%"
    assert shown("share", Decimal(1), "en") == "100.0%"
    assert shown("share", Decimal("1.250"), "en") == "125.0%"
    assert shown("share", None, "en") == "—"


def test_a_picture_is_silent_where_pages_are_read_aloud() -> None:
    page = html_page(a_day(), "en", {"trend": "cid:trend"})
    pictures = re.findall(r'<table class="bar"[^>]*>', page)
    assert len(pictures) == 3 + 3
    assert all('role="presentation"' in one and 'aria-hidden="true"' in one for one in pictures)
