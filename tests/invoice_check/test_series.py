"""Series of numbers: declared ones and their gaps, and those that the data show (spec 04: number series)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.invoice_check.policy import Series
from tasks.invoice_check.series import series_gaps
from tasks.invoice_check.series_proposals import proposed_series
from tests.invoice_check.drawing import documents, told


def found(numbers: str, *declared: Series) -> list[str]:
    rows = "\n".join(f"{one} | sales" for one in numbers.split())
    return told(series_gaps(documents(f"number | kind\n{rows}"), declared))


def series(prefixes: str = "", resets: str = "", suffixes: str = "") -> Series:
    return Series("S", ("sales",), tuple(prefixes.split(",")), resets, tuple(suffixes.split()))


@pytest.mark.parametrize(
    ("numbers", "declared", "gaps"),
    [
        ("536365 C536366 536367 A536368 536370", series(",C,A"), ["536369"]),
        ("536365 C536366 536367", series(), ["536366"]),
        ("INV-0001 INV-0004", series("INV-"), ["INV-0002–INV-0003"]),
        ("INV-2026-0001 INV-2026-0003 INV-2027-0001 INV-2027-0002", series("INV-", "year"), ["INV-2026-0002"]),
        ("2026-0012/A 2026-0014", series("", "year", "/A"), ["2026-0013"]),
        ("INV202600001 INV202600003", series("INV", "year"), ["INV202600002"]),
        ("2026110001 2026110003", series("", "month"), ["2026110002"]),
        ("F26110007 F26110009", series("F", "month"), ["F26110008"]),
        ("0012/1 0013/1 0015", series("", "", "/1"), ["0014"]),
    ],
)
def test_a_declared_series_has_its_gaps_told_as_ranges(numbers: str, declared: Series, gaps: list[str]) -> None:
    wrong = [one for one in found(numbers, declared) if "NUMBER_FORMAT" not in one]
    assert wrong == [f"GAP {gap} gap.series" for gap in gaps]


def test_a_counter_that_begins_anew_by_the_day_alone_has_no_gap_between_its_years() -> None:
    rows = "0900 | 2025-12-30\n0901 | 2025-12-31\n0001 | 2026-01-02\n0003 | 2026-01-03"
    register = documents("number | issued_on | kind\n" + rows.replace("\n", " | sales\n") + " | sales")
    assert told(series_gaps(register, (series("", "year"),))) == ["GAP 0002 gap.series"]


def test_a_number_that_fits_no_declared_series_of_its_kind_is_told() -> None:
    assert found("0001 X0002 0002", series()) == ["NUMBER_FORMAT X0002 number_format.series"]
    assert found("0001 X0009", series(), series("X")) == []
    assert found("0001 0003", Series("S", ("other",))) == []


def proposal(table: str, columns: str = "prefixes resets width numbers density gaps") -> list[str]:
    shown = proposed_series(documents(table), (), ())
    return [" ".join(str(value) for value in row) for row in shown[columns.split()].itertuples(index=False)]


def test_prefixes_whose_numbers_and_days_interleave_share_one_counter() -> None:
    numbers = ["536365", "C536366", "536367", "536368", "C536369", "536370", "A536371", "536372", "536373"]
    table = "number | issued_on\n" + "\n".join(f"{one} | {day:02d}" for day, one in enumerate(numbers, start=1))
    assert proposal(table) == ["- A C  6 9 10000 0"]


def test_prefixes_whose_numbers_collide_or_whose_days_run_against_each_other_do_not() -> None:
    assert proposal("number | issued_on\n101 | 01\n103 | 03\nC103 | 03") == ["-  3 2 6666 1", "C  3 1 10000 0"]
    assert proposal("number | issued_on\n101 | 01\n103 | 03\nC102 | 20") == ["-  3 2 6666 1", "C  3 1 10000 0"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("INV-2025-0001 | 2025-05-01\nINV-2026-0001 | 05\nINV-2026-0003 | 06", ["INV year 4 3 7500 1"]),
        ("2026100001 | 10-01\n2026100002 | 10-02\n2026110001 | 01", ["- month 4 3 10000 0"]),
        ("0900 | 2025-12-01\n0901 | 2025-12-30\n0001 | 2026-01-02\n0002 | 2026-01-03", ["- year 4 4 10000 0"]),
        ("0001 | 2025-12-01\n0002 | 2025-12-30\n0003 | 2026-01-02", ["-  4 3 10000 0"]),
    ],
)
def test_a_counter_that_begins_anew_is_seen_in_the_data(rows: str, said: list[str]) -> None:
    assert proposal(f"number | issued_on\n{rows}") == said


def test_books_codes_digital_and_declared_kinds_need_no_proposal() -> None:
    register = documents(
        "kind | code | number\na | - | 1\nb | 44 | 1\nc | - | 26117000000000000011\nd | - | 7\ne | - | 8"
    )
    shown = proposed_series(register, (Series("A", ("a",)),), ("d",))
    assert shown[["name", "kinds", "first", "last"]].to_numpy().tolist() == [["e", "e", "8", "8"]]


@settings(max_examples=8)
@given(st.sets(st.integers(1, 60), min_size=2), st.lists(st.sampled_from(["", "C"]), min_size=60, max_size=60))
def test_what_is_missing_in_a_series_is_exactly_what_its_gaps_name(used: set[int], prefixes: list[str]) -> None:
    numbers = " ".join(f"{prefixes[one - 1]}{one:04d}" for one in used)
    named: set[int] = set()
    for gap in found(numbers, series(",C")):
        ends = gap.split()[1].split("–")
        named |= {*range(int(ends[0]), int(ends[-1]) + 1)}
    assert named == {*range(min(used), max(used) + 1)} - used
