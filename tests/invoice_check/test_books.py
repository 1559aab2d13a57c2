"""The register against the invoice books (spec 04: GAP, NOT_FROM_BOOK, LENT, BOOK_SPLIT, OUT_OF_ORDER)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.invoice_check.books import book_findings, in_books
from tasks.invoice_check.issuers import issuer_findings
from tasks.invoice_check.kinds import severity_of
from tasks.invoice_check.policy import Policy
from tests.invoice_check.drawing import books, documents, told

BOOK = "first | last\n0001 | 0025"


def found(register: str, registered: str = BOOK, **policy: Any) -> list[str]:
    return told(book_findings(documents(register), books(registered), Policy((), paperless=("电子",), **policy)))


@pytest.mark.parametrize(
    ("numbers", "gaps"),
    [
        ("0003 0004 0005", []),
        ("0003 0005", ["0004"]),
        ("0003 0007 0009", ["0004–0006", "0008"]),
        ("0001 0025", ["0002–0024"]),
        ("0025", []),
    ],
)
def test_a_gap_is_a_range_between_the_used_numbers_of_a_book(numbers: str, gaps: list[str]) -> None:
    register = "number\n" + numbers.replace(" ", "\n")
    assert found(register) == [f"GAP {gap} invoice_register.gap.book".replace("invoice_register.", "") for gap in gaps]


def test_a_voided_number_is_used_and_gaps_between_books_are_none() -> None:
    assert found("number | state\n0003 | valid\n0004 | void\n0005 | valid") == []
    two = "first | last | department\n0001 | 0025 | 第一业务部\n0026 | 0050 | 第二业务部"
    assert found("number | department\n0003 | -\n0030 | 第二业务部", two) == []


def test_a_gap_names_its_book_its_neighbours_and_their_days() -> None:
    register = documents("number | issued_on\n0003 | 04\n0006 | 09")
    (gap,) = book_findings(register, books(BOOK), Policy(()))
    words = dict(gap.message.parameters)
    assert (words["numbers"], words["count"], words["before"], words["after"]) == (
        "0004–0005", "2", "2026-11-04", "2026-11-09",
    )  # fmt: skip
    assert gap.refs == ("invoice_books:special:0001", "invoices:special::3:1300", "invoices:special::6:1300")
    assert (gap.date, severity_of(gap)) == (dt.date(2026, 11, 9), "high")


@pytest.mark.parametrize(
    ("register", "registered", "breaks"),
    [
        # Outside: one finding a run of numbers; a kind that has no books is not asked for one.
        ("number\n0025\n0026\n0027\n0040", BOOK, ["0026–0027 outside", "0040 outside"]),
        ("kind | number\nreceipt | 0040", BOOK, []),
        ("kind | code | number\nspecial | 4401 | 0003", "code | first | last\n4400 | 0001 | 0025", ["0003 outside"]),
        ("kind | code | number\nspecial | 4400 | 0003", BOOK, []),
        ("kind | code | number\nspecial | - | 0003", "code | first | last\n4400 | 0001 | 0025", []),
        ("number\n26117000000012345678", BOOK, []),
        # A code stands on paper; the kind tells the older electronic ones.
        ("kind | code | number\nplain | 4400 | 0003", BOOK, ["0003 outside"]),
        ("kind | code | number\n电子普通发票 | 4400 | 0003", BOOK, []),
        # A damaged number is told as such, not as one of no book.
        ("number\n2.6117E+19", BOOK, []),
        ("number\n3", BOOK, []),
    ],
)
def test_a_number_outside_every_book_of_its_kind_is_told(register: str, registered: str, breaks: list[str]) -> None:
    assert found(register, registered) == [f"NOT_FROM_BOOK {one.replace(' ', ' not_from_book.')}" for one in breaks]


def test_a_paper_kind_needs_a_book_even_where_none_of_it_is_registered() -> None:
    assert found("kind | number\nordinary | 7", paper_kinds=("ordinary",)) == ["NOT_FROM_BOOK 7 not_from_book.outside"]


def test_a_self_printed_book_needs_an_approval_once_it_is_used() -> None:
    register = "kind | number\nown | 0001"
    registered = "kind | first | last | approval\nown | 0001 | 0025 | -\nown | 0026 | 0050 | -"
    assert found(register, registered, self_printed=("ow",)) == ["NOT_FROM_BOOK 0001–0025 not_from_book.unapproved"]
    assert found(register, registered) == []
    assert found(register, registered.replace("| -", "| 税字7号"), self_printed=("ow",)) == []


@pytest.mark.parametrize(
    ("register", "registered", "breaks"),
    [
        ("0024 | 05\n0026 | 06", "01", ["0026–0050 skipped"]),
        ("0025 | 05\n0026 | 06", "01", []),
        ("0025 | 06\n0026 | 06", "01", []),
        ("0025 | 07\n0026 | 06", "01", ["0026–0050 late"]),
        # The later book alone is in use: the earlier one lies unopened, or was used up before the register begins.
        ("0026 | 06\n0027 | 07", "06", ["0026–0050 skipped"]),
        ("0026 | 06\n0027 | 07", "01", []),
    ],
)
def test_a_second_book_is_opened_after_the_first_is_used_up(register: str, registered: str, breaks: list[str]) -> None:
    held = f"first | last | received_on\n0001 | 0025 | {registered}\n0026 | 0050 | {registered}"
    told_of = [one for one in found(f"number | issued_on\n{register}", held) if "OUT_OF_ORDER" not in one]
    assert told_of == [f"NOT_FROM_BOOK {one.replace(' ', ' not_from_book.')}" for one in breaks]


def test_each_department_and_code_has_a_book_of_its_own_in_use() -> None:
    held = "first | last | department\n0001 | 0025 | 第一业务部\n0026 | 0050 | 第二业务部"
    assert found("number\n0001\n0026", held) == []
    assert found("code | number\n1 | 0001\n2 | 0026", "code | first | last\n1 | 0001 | 0025\n2 | 0026 | 0050") == []


def test_one_book_left_open_is_told_once_however_many_follow() -> None:
    held = "first | last\n0001 | 0005\n0006 | 0007\n0008 | 0009\n0010 | 0011"
    assert found("number\n0004\n0006\n0007\n0008\n0009\n0010", held) == [
        "NOT_FROM_BOOK 0006–0007 not_from_book.skipped"
    ]


def test_an_invoice_of_a_department_that_the_book_was_not_handed_to_is_lent() -> None:
    register = "number | department\n0001 | 第一业务部\n0002 | 第二业务部\n0003 | 第一 业务部\n0004 | -"
    assert found(register) == ["LENT 0002 lent"]


@pytest.mark.parametrize(
    ("issuers", "own", "breaks"),
    [
        ("海风公司 陆风公司 -", ("海风公司",), ["2"]),
        # Without a configured name the house is the one that more than half bear.
        ("海风公司 陆风公司 海风公司", (), ["2"]),
        ("海风公司 陆风公司 -", (), []),
        ("- - -", (), []),
    ],
)
def test_an_invoice_in_another_companys_name_is_told(issuers: str, own: tuple[str, ...], breaks: list[str]) -> None:
    rows = "\n".join(f"{number} | {name}" for number, name in enumerate(issuers.split(), start=1))
    found = told(issuer_findings(documents(f"number | issuer\n{rows}"), Policy((), own_names=own)))
    assert found == [f"ISSUED_BY_OTHER {one} issued_by_other" for one in breaks]


@pytest.mark.parametrize(
    ("remark", "lent"),
    [
        ("代开", True), ("送货单 7", False), ("非代开", False), ("未转借", False), ("不 代开", False),
        ("非代开，系转借", True), ("非月结，代开", True),
    ],
)  # fmt: skip
def test_a_remark_may_say_that_an_invoice_was_lent(remark: str, lent: bool) -> None:  # noqa: FBT001 - a column
    policy = Policy((), lent_words=("转借", "代开"), negating_words=("非", "不", "未"))
    found = told(issuer_findings(documents(f"number | remark\n1 | {remark}"), policy))
    assert found == (["ISSUED_BY_OTHER 1 issued_by_other.remark"] if lent else [])


def test_a_book_is_used_from_the_day_on_which_it_was_handed_out() -> None:
    held = "first | last | received_on\n0001 | 0025 | 05"
    assert found("number | issued_on\n0001 | 04\n0002 | 04\n0003 | 05", held) == [
        "NOT_FROM_BOOK 0001 not_from_book.before"
    ]


@pytest.mark.parametrize(
    ("dates", "breaks"),
    [
        ("05 05 06 06", []),
        ("05 06 05 07", ["0003 early"]),
        # One date far too late is one finding, and not one of everything behind it.
        ("05 20 06 06 07", ["0002 late"]),
        ("05 04", ["0002 early"]),
        ("05 06 07 01 02 08", ["0004 early", "0005 early"]),
    ],
)
def test_dates_follow_the_numbers_of_a_book(dates: str, breaks: list[str]) -> None:
    rows = "\n".join(f"{number:04d} | {date}" for number, date in enumerate(dates.split(), start=1))
    assert found(f"number | issued_on\n{rows}") == [
        f"OUT_OF_ORDER {one.replace(' ', ' out_of_order.')}" for one in breaks
    ]


FIRST_PART = ["0001 | 05 | 王", "0002 | 06 | 王", "0003 | 08 | 王"]


@pytest.mark.parametrize(
    ("rows", "split"),
    [
        # Wang goes on with the front of the book while Li works in its back.
        ([*FIRST_PART, "0004 | 05 | 李", "0005 | 06 | 李"], True),
        # They relieve one another, or one takes over.
        (["0001 | 05 | 王", "0002 | 05 | 李", "0003 | 06 | 王", "0004 | 06 | 李"], False),
        ([*FIRST_PART, "0004 | 08 | 李", "0005 | 09 | 李"], False),
        # One wrong date is another break.
        ([*FIRST_PART, "0004 | 05 | 李", "0005 | 09 | 李"], False),
    ],
)
def test_a_book_in_use_at_two_places_at_once_is_split(rows: list[str], split: bool) -> None:  # noqa: FBT001 - a table
    breaks = found("number | issued_on | drawer\n" + "\n".join(rows))
    assert ("BOOK_SPLIT 0001–0025 book_split.places" in breaks) == split
    assert not (split and any("OUT_OF_ORDER" in one for one in breaks)), "one cause is told once"


def test_two_departments_in_one_book_in_the_same_days_split_it() -> None:
    rows = "0001 | 05 | 第一业务部\n0002 | 06 | 第二业务部\n0003 | 07 | 第一业务部\n0004 | 08 | 第二业务部"
    assert found(f"number | issued_on | department\n{rows}") == [
        "LENT 0002 lent", "LENT 0004 lent", "BOOK_SPLIT 0001–0025 book_split.places",
    ]  # fmt: skip


def test_books_that_hold_the_same_numbers_are_told() -> None:
    registered = "first | last | department\n0001 | 0050 | 第一业务部\n0026 | 0030 | 第二业务部\n0051 | 0060 | -"
    assert found("number | department\n0001 | -", registered) == ["BOOK_SPLIT 0026–0030 book_split.overlap"]


def test_a_number_behind_an_inner_book_still_lies_in_the_outer_one() -> None:
    registered = books("first | last\n0001 | 0050\n0010 | 0012\n0014 | 0015")
    numbers = documents("number\n0009\n0011\n0013\n0015\n0040\n0051")
    assert in_books(numbers, registered).tolist() == [0, 1, 0, 2, 0, -1]


@settings(max_examples=8)
@given(st.data())
def test_a_clean_use_of_books_gives_no_finding(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    # Every department uses up its books one after the other; the last one is not finished.
    held, register = [], []
    start = data.draw(st.integers(1, 9000))
    for department in ("第一业务部", "第二业务部"):
        day, unused = 1, data.draw(st.integers(0, sizes[-1] - 1))
        for at, size in enumerate(sizes):
            held.append(f"{start:06d} | {start + size - 1:06d} | {department}")
            for number in range(start, start + size - unused * (at == len(sizes) - 1)):
                day += data.draw(st.integers(0, 1))
                state = data.draw(st.sampled_from(["valid", "void"]))
                register.append(f"{number:06d} | {day:02d} | {department} | {state}")
            start += size
    order = data.draw(st.permutations(register))
    table = "number | issued_on | department | state\n" + "\n".join(order)
    assert found(table, "first | last | department\n" + "\n".join(held)) == []
