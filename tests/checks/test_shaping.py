from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tasks.domain.shaping import BLANK, DAY, FLAG, MOMENT, WHOLE, each, empty, shaped, texts

SHAPE = texts("name") | {"count": WHOLE, "price": BLANK, "open": FLAG, "on": DAY, "at": MOMENT}
DAY_1, MOMENT_1 = pd.Timestamp("2026-11-20"), pd.Timestamp("2026-11-20 08:00", tz="UTC")
GIVEN: dict[str, Any] = {"name": "x", "count": 7, "price": 3, "open": True, "on": DAY_1, "at": MOMENT_1}
BLANKS: dict[str, Any] = {"name": "", "count": 0, "price": None, "open": False, "on": None, "at": None}


def types(rows: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in rows.dtypes.items()}


def test_a_frame_without_rows_has_the_columns_and_types_of_its_shape() -> None:
    assert types(empty(SHAPE)) == SHAPE
    assert types(shaped(SHAPE, pd.DataFrame())) == SHAPE
    assert types(shaped(SHAPE, pd.DataFrame({"name": [1], "other": [2]})[:0])) == SHAPE


@pytest.mark.parametrize("left_out", SHAPE)
def test_what_is_left_out_or_missing_is_blank(left_out: str) -> None:
    whole = {column: [cell] for column, cell in GIVEN.items() if column != left_out}
    missing = pd.DataFrame(whole | {left_out: pd.Series([None], dtype="object")}, index=[5])

    for rows in (pd.DataFrame(whole, index=[5]), missing):
        said = shaped(SHAPE, rows)
        assert types(said) == SHAPE
        assert said.index.tolist() == [0]
        [row] = said.astype("object").to_dict("records")
        told = {str(column): None if pd.isna(cell) else cell for column, cell in row.items()}
        assert told == GIVEN | {left_out: BLANKS[left_out]}


@pytest.mark.parametrize("column", SHAPE)
def test_a_change_of_the_shaped_frame_is_no_change_of_the_given_one(column: str) -> None:
    rows = shaped(SHAPE, pd.DataFrame([GIVEN, GIVEN]))
    again = shaped(SHAPE, rows)

    again.loc[0, column] = BLANKS[column]

    assert rows[column].iloc[0] == GIVEN[column]


def test_a_row_added_to_an_empty_frame_is_in_no_other() -> None:
    rows = empty(SHAPE)
    rows.loc[0] = list(GIVEN.values())
    rows["more"] = 1

    assert types(empty(SHAPE)) == SHAPE
    assert len(empty(SHAPE)) == 0


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_are_told_one_by_one_as_pandas_tells_them(count: int) -> None:
    rows = shaped(SHAPE, pd.DataFrame([GIVEN] * count))

    assert [tuple(row) for row in each(rows)] == [tuple(row) for row in rows.itertuples(index=False)]
    assert [(row.name, row.at) for row in each(rows)] == [("x", MOMENT_1)] * count
