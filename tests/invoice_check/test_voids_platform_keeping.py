"""Voided invoices, the tax platform, finished books and retention (spec 04: VOID_KEPT, tax_download, BOOK_CHECK)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tasks.domain.message import Message
from tasks.invoice_check.book_check import book_check_findings, book_checks
from tasks.invoice_check.material import VOIDED
from tasks.invoice_check.platform import platform_findings
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.retention import past_retention
from tasks.invoice_check.shapes import LINKS, RECEIPTS
from tasks.invoice_check.voids import void_findings
from tests.invoice_check.drawing import books, documents, drawn, framed, told

REGISTER = "number | issued_on | state\n11 | 05 | void\n12 | 05 | valid"
NO_VOIDED = framed(VOIDED, [])
NO_RECEIPTS = framed(RECEIPTS, [])


def receipts(table: str) -> pd.DataFrame:
    frame = framed(RECEIPTS, drawn(table))
    return frame.assign(ref="receipts:" + frame["number"])


@pytest.mark.parametrize(
    ("unmatched", "breaks"),
    [
        ("number | amount | invoice\nS1 | 100 | 11", ["11 100.00 S1"]),
        ("number | amount | invoice\nS1 | 100 | 11\nS2 | 13 | 0011", ["11 113.00 S1 S2"]),
        ("number | amount | invoice\nS1 | 100 | 12", []),
        ("number | amount | invoice\nS1 | 100 | -", []),
        # Who names a valid invoice besides has paid that one.
        ("number | amount | invoice\nS1 | 100 | 11、12", []),
    ],
)
def test_money_against_a_voided_invoice_is_told(unmatched: str, breaks: list[str]) -> None:
    found = void_findings(documents(REGISTER), receipts(unmatched), NO_VOIDED, Policy(()))
    words = [dict(one.message.parameters) for one in found]
    assert [f"{one['number']} {one['amount']} {one['receipts']}" for one in words] == breaks
    assert {one.kind for one in found} <= {"VOID_KEPT"}


@pytest.mark.parametrize(
    ("delivered", "late"), [("11-06", False), ("12-03", False), ("12-04", True), ("2027-11-05", True)]
)
def test_an_invoice_is_voided_in_its_own_month(delivered: str, late: bool) -> None:  # noqa: FBT001 - a table
    voided = framed(VOIDED, [{"document": "special::11", "voided_on": delivered}])
    found = void_findings(documents(REGISTER), NO_RECEIPTS, voided, Policy((), void_lag_days=3))
    assert told(found) == ["VOID_KEPT 11 void_kept.late"] * late


A, B, C = (f"2611700000001234567{at}" for at in range(3))


def compared(
    own: str, theirs: str, columns: str = "number | issued_on | net | buyer | state | tax_number"
) -> list[str]:
    usual = " | 100 | 海风公司 | valid | -"
    tables = [
        columns + "".join(f"\n{row if row.count('|') > 1 else row + usual}" for row in rows.splitlines())
        for rows in (own, theirs)
    ]
    return told(platform_findings(documents(tables[0]), documents(tables[1])))


@pytest.mark.parametrize(
    ("own", "theirs", "breaks"),
    [
        (f"{A} | 05\n{B} | 06", f"{A} | 05\n{B} | 06", []),
        (f"{A} | 05\n{B} | 05", f"{A} | 05", [f"NOT_ON_PLATFORM {B} platform.NOT_ON_PLATFORM"]),
        (f"{A} | 05", f"{A} | 05\n{B} | 06", [f"NOT_IN_REGISTER {B} platform.NOT_IN_REGISTER"]),
        # Outside the days that the download covers nothing is asked; paper invoices are not on the platform.
        (f"{A} | 05\n{B} | 06\n{C} | 04", f"{A} | 05", []),
        (f"{A} | 05\n00012345 | 05", f"{A} | 05", []),
        (f"{A} | 05", "00012345 | 05", []),
        # A number that a spreadsheet cut is told as such and not as missing on either side.
        (f"{A} | 05\n2.6117E+19 | 06", f"{A} | 05\n{B} | 06", []),
        (f"{A} | 05\n26117000000012300000 | 06", f"{A} | 05\n{B} | 06", []),
        (f"{A} | 05\n2.6117E+19 | 06", f"{A} | 05\n{B} | 07", [f"NOT_IN_REGISTER {B} platform.NOT_IN_REGISTER"]),
    ],
)
def test_register_and_platform_are_compared_both_ways(own: str, theirs: str, breaks: list[str]) -> None:
    assert compared(own, theirs) == breaks


@pytest.mark.parametrize(
    ("own", "there", "fields"),
    [
        ("05 | 100 | 海风公司 | valid | -", "06 | 100 | 海风公司 | valid | -", ["issued_on"]),
        ("05 | 100 | 海风公司 | valid | -", "05 | 100 | 陆风公司 | void | -", ["buyer", "state"]),
        ("05 | 100 | 海风公司 | valid | -", "05 | 110 | 海风公司 | valid | -", ["net", "tax", "total"]),
        ("05 | 100 | 海风公司 | valid | 1", "05 | 100 | 海风公司 | valid | 2", ["tax_number"]),
        ("05 | 100 | 海风公司 | valid | 1", "05 | 100 | 海风公司 | valid | -", []),
        # The platform marks an original red once it is taken back.
        ("05 | 100 | 海风公司 | valid | -", "05 | 100 | 海风公司 | red | -", []),
    ],
)
def test_every_field_that_differs_is_named_in_one_break(own: str, there: str, fields: list[str]) -> None:
    columns = "number | issued_on | net | buyer | state | tax_number\n"
    found = platform_findings(documents(f"{columns}{A} | {own}"), documents(f"{columns}{A} | {there}"))
    assert [key for one in found for key in _fields(dict(one.message.parameters)["fields"])] == fields
    assert len(found) == bool(fields)


def _fields(said: str | Message) -> list[str]:
    assert isinstance(said, Message)
    name = said.key.rpartition(".")[2]
    if name != "and":
        return [name]
    return [one for part in ("first", "others") for one in _fields(dict(said.parameters)[part])]


HELD = "first | last\n0001 | 0004\n0005 | 0008\n0009 | 0012"


def links(paid: str = "", booked: str = "") -> pd.DataFrame:
    rows = [("receipt", one) for one in paid.split()] + [("revenue", one) for one in booked.split()]
    return framed(LINKS, [{"side": side, "document": f"special::{one}", "other": "x"} for side, one in rows])


@pytest.mark.parametrize(
    ("numbers", "results"),
    [
        ("0001 0002 0003 0004", ["passed", "unused", "unused"]),
        ("0001 0002", ["open", "unused", "unused"]),
        ("0003 0004", ["passed", "unused", "unused"]),
        ("0001 0003 0004", ["failed", "unused", "unused"]),
        # A later book was begun: the first is closed, its unused leaves at the end are no gap.
        ("0001 0002 0005", ["passed", "open", "unused"]),
    ],
)
def test_a_finished_book_is_checked(numbers: str, results: list[str]) -> None:
    rows = "\n".join(f"{one} | {day:02d}" for day, one in enumerate(numbers.split(), start=5))
    checks = book_checks(documents(f"number | issued_on\n{rows}"), books(HELD), None)
    assert checks["result"].tolist() == results
    assert [one.item for one in book_check_findings(checks)] == ["0001–0004"] * ("failed" in results)


@pytest.mark.parametrize(
    ("paid", "booked", "unbooked"), [("1 2", "1 2 3", 0), ("1 2", "1", 1), ("", "", 0), ("4", "", 0)]
)
def test_every_invoice_of_a_finished_book_that_was_paid_is_booked(paid: str, booked: str, unbooked: int) -> None:
    register = documents("number | state\n0001 | valid\n0002 | valid\n0003 | valid\n0004 | void")
    (first, *_) = book_checks(register, books(HELD), links(paid, booked)).itertuples(index=False)
    assert (first.unbooked, first.result) == (unbooked, "failed" if unbooked else "passed")


def test_books_and_stubs_past_their_years_are_listed_the_oldest_first() -> None:
    rows = [
        "special | 0001 | 2019-01-05", "special | 0004 | 2020-02-29", "special | 0005 | 2020-03-01",
        "plain | 0001 | 2018-07-01", "plain | 0009 | 2018-12-31", "plain | 0010 | 2021-01-01",
        f"plain | {A} | 2018-01-01",
    ]  # fmt: skip
    register = documents("kind | number | issued_on\n" + "\n".join(rows))
    held = books(HELD)
    checks = book_checks(register, held, None)
    on = dt.date(2025, 3, 1)
    listed = past_retention(register, held, checks, 5, on)
    assert listed[["what", "name", "numbers"]].to_numpy().tolist() == [
        ["stub", "2018 plain 0001–0009", 2],
        ["book", "0001–0004", 2],
    ]
    assert [str(day.date()) for day in listed["until"]] == ["2023-12-31", "2025-02-28"]
    assert past_retention(register, None, None, 5, on)["name"].str[:12].tolist() == ["2018 plain 0", "2019 special"]
