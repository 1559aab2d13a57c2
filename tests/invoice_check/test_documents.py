"""Invoices as a whole: lines summed, red ones joined to their originals (spec 04)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.invoice_check.drawing import day, documents, invoices


def test_the_lines_of_an_invoice_are_summed_by_rate() -> None:
    found = documents("number | net | rate\n1 | 100 | 13%\n2 | 50 | 6%\n1 | 10 | 6%")
    assert found[["number", "lines", "net", "tax", "total"]].to_numpy().tolist() == [
        ["1", 2, 11000, 1360, 12360],
        ["2", 1, 5000, 300, 5300],
    ]
    assert found["refs"].tolist()[0].split() == ["invoices:special::1:1300", "invoices:special::1:600"]


def test_what_a_later_line_alone_says_counts_for_the_invoice() -> None:
    rows = "1 | 13% | valid | - | -\n1 | 6% | void | T7 | 20\n2 | 6% | valid | - | -"
    found = documents(f"number | rate | state | notice | due_on\n{rows}")
    assert found[["state", "notice"]].to_numpy().tolist() == [["void", "T7"], ["valid", ""]]
    assert found["due_on"].tolist() == [day("20"), day("12-05")]


@pytest.mark.parametrize(
    ("rows", "original"),
    [
        ("special | 4400 | 11 | valid | -\nspecial | 4400 | 12 | red | 11", "special:4400:11"),
        ("special | 4400 | 0011 | valid | -\nspecial | 4400 | 12 | red | 11", "special:4400:11"),
        # The same number in two codes: its own code comes first, and of two others neither is taken.
        (
            "special | 4400 | 11 | valid | -\nspecial | 4401 | 11 | valid | -\nspecial | 4401 | 12 | red | 11",
            "special:4401:11",
        ),
        ("special | 4400 | 11 | valid | -\nspecial | 4401 | 11 | valid | -\nspecial | 4402 | 12 | red | 11", ""),
        ("special | 4400 | 11 | valid | -\nspecial | 4401 | 12 | red | 11", "special:4400:11"),
        ("special | 4400 | 11 | valid | -\nordinary | - | 12 | red | 11", "special:4400:11"),
        ("special | 4400 | 00011 | valid | -\nspecial | 4402 | 12 | red | 4400-00011", "special:4400:11"),
        ("special | 4400 | 11 | void | -\nspecial | 4400 | 12 | red | 11", "special:4400:11"),
        ("special | 4400 | 11 | valid | -\nspecial | 4400 | 12 | red | 13", ""),
        ("special | 4400 | 11 | valid | -\nspecial | 4400 | 12 | red | -", ""),
        # Above zero and marked red: the original itself, once it is taken back.
        ("special | 4400 | 11 | red | -\nspecial | 4400 | 12 | red | 11", "special:4400:11"),
        ("special | 4400 | 11 | valid | -\nspecial | 4400 | 12 | valid | 11", ""),
    ],
)
def test_a_red_one_is_joined_to_the_invoice_that_it_takes_back(rows: str, original: str) -> None:
    assert documents(f"kind | code | number | state | original\n{rows}")["original"].tolist()[-1] == original


def test_a_red_letter_takes_back_no_red_letter() -> None:
    found = documents("number | state | net | original\n11 | red | -100 | -\n12 | red | -100 | 11")
    assert found["original"].tolist() == ["", ""]


@settings(max_examples=8)
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from([13, 6, 0]), st.integers(-999, 999)), min_size=1))
def test_no_cent_is_lost_between_lines_and_invoices(lines: list[tuple[int, int, int]]) -> None:
    table = "number | rate | net\n" + "\n".join(f"{number} | {rate}% | {net}" for number, rate, net in lines)
    register, whole = invoices(table), documents(table)
    assert whole[["net", "tax", "total"]].sum().tolist() == register[["net", "tax", "total"]].sum().tolist()
    assert whole["lines"].sum() == len(lines)
    assert sorted(" ".join(whole["refs"]).split()) == sorted(register["ref"])
