"""A sealed date tells which of its rows is no longer what was sealed."""

from __future__ import annotations

import datetime as dt
import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.night_audit.sealing import FIRST, Broken, Digest, broken_chain, broken_rows, day_hash, row_digests
from tests.night_audit.drawing import moment

DAY = dt.date(2026, 11, 20)
COLUMNS = ("number", "amount", "at", "remark")
Row = tuple[object, ...]
ROWS: tuple[Row, ...] = (
    ("F1", 12000, moment("20 08:00"), ""),
    ("F2", -500, moment("20 09:30"), "mini bar"),
    ("F3", None, None, ""),
)


def folio(rows: tuple[Row, ...] = ROWS) -> list[Digest]:
    return row_digests("folio", COLUMNS, rows, "number")


def changed(place: int, column: str, value: object) -> tuple[Row, ...]:
    row = dict(zip(COLUMNS, ROWS[place], strict=True)) | {column: value}
    return (*ROWS[:place], tuple(row.values()), *ROWS[place + 1 :])


def test_a_digest_is_of_the_names_and_the_exact_texts_of_the_values() -> None:
    names = '["amount", "at", "date", "number", "remark"]'
    values = '["-5", "2026-11-20T09:30:00", "2026-11-20T00:00:00", "F1", null]'
    content = f'["folio", {names}, {values}]'
    row = ("F1", -5, moment("20 09:30"), DAY, None)

    assert row_digests("folio", ("number", "amount", "at", "date", "remark"), [row], "number") == [
        Digest("folio", "F1", sha256(content.encode()).hexdigest())
    ]


@given(st.text(), st.text(), st.one_of(st.none(), st.integers(), st.text()))
def test_a_digest_is_that_of_plain_json_whatever_the_texts_hold(
    kind: str, number: str, value: int | str | None
) -> None:
    written = value if value is None else str(value)
    content = json.dumps([kind, ["a", "b", "number"], [written, "", number]])

    assert row_digests(kind, ("number", "b", "a"), [(number, "", value)], "number") == [
        Digest(kind, number, sha256(content.encode()).hexdigest())
    ]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (0, "amount", 12001),
        (1, "remark", ""),
        (2, "amount", 0),
        (2, "at", moment("20")),
        (0, "remark", " "),
        (0, "remark", None),
    ],
)
def test_a_changed_value_names_its_row(row: int, column: str, value: object) -> None:
    now = folio(changed(row, column, value))

    assert broken_rows(DAY, folio(), now) == (Broken(DAY, "folio", f"F{row + 1}", "changed"),)


def test_a_removed_and_an_added_row_are_named() -> None:
    assert broken_rows(DAY, folio(), folio(changed(2, "number", "F9"))) == (
        Broken(DAY, "folio", "F3", "missing"),
        Broken(DAY, "folio", "F9", "added"),
    )


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    turned = row_digests("folio", COLUMNS[::-1], [row[::-1] for row in reversed(ROWS)], "number")

    assert turned == folio()
    assert day_hash(FIRST, DAY, folio()[::-1], {"a": "1", "b": "2"}) == day_hash(
        FIRST, DAY, folio(), {"b": "2", "a": "1"}
    )


def test_an_empty_day_has_a_hash_of_its_own() -> None:
    assert day_hash(FIRST, DAY, [], {}) != day_hash(FIRST, DAY + dt.timedelta(days=1), [], {})


TEXTS = st.text(alphabet='a,"\x1f\x00 ', max_size=3)


@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_two_rows_share_a_digest_only_when_all_is_equal(one: tuple[str, str], other: tuple[str, str]) -> None:
    first, second = row_digests("folio", ("remark", "outlet", "number"), [(*one, "1"), (*other, "1")], "number")

    assert (first == second) == (one == other)


def test_the_chain_names_the_date_where_it_breaks() -> None:
    second, third = DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=2)
    whole = [(DAY, FIRST, "a"), (second, "a", "b"), (third, "b", "c")]

    assert broken_chain(whole) == ()
    assert broken_chain([whole[0], (second, "a", "x"), whole[2]]) == (Broken(third, "night_closes", "", "chain"),)
    assert broken_chain([whole[0], (third, "a", "c")]) == (Broken(third, "night_closes", "", "chain"),)
    assert broken_chain([(DAY, "z", "a")]) == (Broken(DAY, "night_closes", "", "chain"),)
