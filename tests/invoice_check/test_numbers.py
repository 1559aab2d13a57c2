"""Invoice numbers: taken apart, and those that a spreadsheet damaged (spec 04)."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.invoice_check.numbers import damaged, is_digital, number_parts
from tests.invoice_check.drawing import invoices


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("00012345", ["", 12345, 8, ""]),
        ("C536379", ["C", 536379, 6, ""]),
        ("INV-2026-00012", ["INV-2026-", 12, 5, ""]),
        ("2026-0012/A", ["2026-", 12, 4, "/A"]),
        ("26117000000012345678", ["26117", 12345678, 15, ""]),
        ("作废", ["", None, 0, "作废"]),
        ("", ["", None, 0, ""]),
    ],
)
def test_a_number_is_taken_apart_at_its_last_digits(number: str, parts: list[object]) -> None:
    row = number_parts(pd.Series([number], dtype="str")).iloc[0]
    assert [row["prefix"], None if row["counter"] is pd.NA else row["counter"], row["width"], row["suffix"]] == parts


@given(st.lists(st.text(st.sampled_from("AC-/0127 号"), max_size=24)))
def test_the_parts_of_a_number_give_the_number_again(numbers: list[str]) -> None:
    parts = number_parts(pd.Series(numbers, dtype="str"))
    again = [
        prefix + (f"{counter:0{width}d}" if width else "") + suffix
        for prefix, counter, width, suffix in zip(
            parts["prefix"], parts["counter"], parts["width"], parts["suffix"], strict=True
        )
    ]
    assert again == numbers


def test_a_number_of_twenty_digits_without_a_code_is_digital() -> None:
    numbers = pd.Series(["26117000000012345678", "26117000000012345678", "00012345"], dtype="str")
    assert is_digital(numbers, pd.Series(["", "44001", ""], dtype="str")).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("table", "how"),
    [
        ("number\n2.6117E+19", ["scientific"]),
        ("number\n2e+19", ["scientific"]),
        ("number\n12345678.0", ["decimal"]),
        ("number\n26117000000012300000", ["rounded"]),
        ("number\n26117000000012300001", [""]),
        # By the peers of its kind and code, by the length that paper invoices have, or because it merely grew.
        ("number\n00012345\n12346", ["", "zeros"]),
        ("code | number\n4400193130 | 12345\n4400193130 | 12345678", ["zeros", ""]),
        ("code | number\n4400 | 00012345\n4401 | 12346", ["", ""]),
        ("number\n999\n1000", ["", ""]),
        ("number\n099\n1000", ["", ""]),
        ("number\nA099\n10", ["", ""]),
        ("number\n1E5", [""]),
    ],
)
def test_what_a_spreadsheet_does_to_numbers_is_known(table: str, how: list[str]) -> None:
    assert damaged(invoices(table)).tolist() == how


@settings(max_examples=8)
@given(st.lists(st.integers(1, 10**9), min_size=1, unique=True), st.integers(0, 10))
def test_whole_numbers_of_one_width_are_never_called_damaged(counters: list[int], width: int) -> None:
    numbers = "\n".join(f"{counter:0{width}d}" for counter in counters if width == 0 or counter < 10**width)
    assert not damaged(invoices(f"number\n{numbers}")).any()
