"""A sealed date tells which of its rows is no longer what was sealed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.night_audit.sealing import FIRST, Broken, broken_chain, broken_rows, day_hash, row_digests

DAY = dt.date(2026, 11, 20)
ROWS = pd.DataFrame(
    {
        "number": ["F1", "F2", "F3"],
        "amount": pd.array([12000, -500, None], dtype="Int64"),
        "at": pd.Series(["2026-11-20 08:00", "2026-11-20 09:30", None], dtype="datetime64[s]"),
        "remark": ["", "mini bar", ""],
    }
)


def folio(rows: pd.DataFrame = ROWS) -> pd.DataFrame:
    return row_digests("folio", rows, "number")


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (0, "amount", 12001),
        (1, "remark", ""),
        (2, "amount", 0),
        (2, "at", pd.Timestamp("2026-11-20")),
        (0, "remark", " "),
    ],
)
def test_a_changed_value_names_its_row(row: int, column: str, value: Any) -> None:
    changed = ROWS.copy()
    changed.loc[row, column] = value

    assert broken_rows(DAY, folio(), folio(changed)) == (Broken(DAY, "folio", ROWS["number"][row], "changed"),)


def test_a_removed_and_an_added_row_are_named() -> None:
    other = ROWS.assign(number=["F1", "F2", "F9"])

    assert broken_rows(DAY, folio(), folio(other)) == (
        Broken(DAY, "folio", "F3", "missing"),
        Broken(DAY, "folio", "F9", "added"),
    )


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    turned = ROWS.iloc[::-1][["remark", "at", "number", "amount"]]

    assert folio(turned).equals(folio())
    assert day_hash(FIRST, DAY, folio().iloc[::-1], {"a": "1", "b": "2"}) == day_hash(
        FIRST, DAY, folio(), {"b": "2", "a": "1"}
    )


def test_an_empty_day_has_a_hash_of_its_own() -> None:
    none = folio(ROWS.iloc[:0])

    assert day_hash(FIRST, DAY, none, {}) != day_hash(FIRST, DAY + dt.timedelta(days=1), none, {})


TEXTS = st.text(alphabet='a,"\x1f\x00 ', max_size=3)


@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_two_rows_share_a_digest_only_when_all_is_equal(one: tuple[str, str], other: tuple[str, str]) -> None:
    rows = pd.DataFrame([one, other], columns=["remark", "outlet"], dtype="str").assign(number="1")

    digests = row_digests("folio", rows, "number")["digest"]

    assert (digests[0] == digests[1]) == (one == other)


def test_the_chain_names_the_date_where_it_breaks() -> None:
    second, third = DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=2)
    whole = [(DAY, FIRST, "a"), (second, "a", "b"), (third, "b", "c")]

    assert broken_chain(whole) == ()
    assert broken_chain([whole[0], (second, "a", "x"), whole[2]]) == (Broken(third, "night_closes", "", "chain"),)
    assert broken_chain([whole[0], (third, "a", "c")]) == (Broken(third, "night_closes", "", "chain"),)
    assert broken_chain([(DAY, "z", "a")]) == (Broken(DAY, "night_closes", "", "chain"),)
