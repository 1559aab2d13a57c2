"""Exact amounts and their texts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.amounts import money_text


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (12000, "120.00"), (-123456, "-1234.56")]
)
def test_cents_are_told_with_two_places(cents: int, text: str) -> None:
    assert money_text(cents) == text


@given(st.integers(-(10**12), 10**12))
def test_the_text_of_an_amount_means_that_amount(cents: int) -> None:
    assert Decimal(money_text(cents)) * 100 == cents
