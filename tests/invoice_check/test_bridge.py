"""The bridge from invoiced to revenue, what is found on the way, and what is carried forward (spec 04)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings

from tasks.invoice_check.booking import booking_findings
from tasks.invoice_check.bridge import LINES, Bridge, bridge, carried, period_total, roll_forward
from tasks.invoice_check.decisions import decided_by
from tasks.invoice_check.matching import match_revenue
from tests.invoice_check.drawn_money import NO_DECISIONS, POLICY, decisions, documents, entries, said
from tests.invoice_check.test_matching_properties import INVOICES as DRAWN_INVOICES
from tests.invoice_check.test_matching_properties import MONEY
from tests.invoice_check.test_matching_properties import entries as drawn_entries
from tests.invoice_check.test_matching_properties import invoices as drawn_invoices

NOVEMBER, DECEMBER = dt.date(2026, 11, 30), dt.date(2026, 12, 31)
INVOICES = """
    number | buyer | day   | net
    11     | 大华  | 11-03 | 1000.00
    12     | 大华  | 11-04 | 500.00
    13     | 中兴  | 11-05 | 310.00
    14     | 海信  | 11-28 | 700.00
    15     | 海信  | 12-02 | 80.00
    16     | 海信  | 12-06 | -20.00
"""
RIGHT = ["1000.00", "500.00", "310.00", "700.00", "80.00", "-20.00"]
DAYS = ["11-03", "11-04", "11-05", "11-28", "12-02", "12-06"]


def ledger(changed: dict[int, str], more: str = "") -> str:
    """The right ledger with some vouchers (11 to 16) changed to `amount` or `amount day`, or left out where blank."""
    lines = ["voucher|day|customer|amount|invoice"]
    for at, (amount, day) in enumerate(zip(RIGHT, DAYS, strict=True)):
        booked, _, other = changed.get(11 + at, amount).partition(" ")
        if booked:
            lines.append(f"V{11 + at}|{other or day}|-|{booked}|{11 + at}")
    return "\n".join([*lines, more]).strip()


def made(book: str, unpaid: tuple[str, ...] = (), ignored: tuple[str, ...] = ()) -> Bridge:
    issued, booked = documents(INVOICES), entries(book)
    links = match_revenue(issued, booked, NO_DECISIONS, POLICY)
    return bridge(issued, booked, links, frozenset(ignored), frozenset(unpaid))


def lines(of: Bridge, period: dt.date) -> str:
    """The lines of a month that are not 0, as `line amount`."""
    return "; ".join(f"{line} {of.amount(period, line) / 100:.2f}" for line in LINES if of.amount(period, line))


def found(book: str, unpaid: tuple[str, ...] = ()) -> list[str]:
    issued, booked = documents(INVOICES), entries(book)
    links = match_revenue(issued, booked, NO_DECISIONS, POLICY)
    findings = booking_findings(issued, booked, links, unpaid=frozenset(unpaid))
    return [f"{one.item} {one.message.key.rpartition('.')[2]} {one.expected}→{one.found}" for one in findings]


def test_consistent_books_need_no_bridge_and_nothing_is_found() -> None:
    assert lines(made(ledger({})), NOVEMBER) == "invoiced 2510.00; revenue 2510.00"
    assert lines(made(ledger({})), DECEMBER) == "invoiced 60.00; revenue 60.00"
    assert found(ledger({})) == []
    assert period_total(made(ledger({})), NOVEMBER) == ()


@pytest.mark.parametrize(
    ("changed", "november", "december", "told"),
    [
        ({12: ""}, "not_booked -500.00; revenue 2010.00", "", "12 missing 500.00→0.00"),
        ({14: "700.00 12-01"}, "other_period -700.00; revenue 1810.00", "other_period 700.00; revenue 760.00",
         "14 other_period 700.00→700.00"),
        ({12: "565.00"}, "tax 65.00; revenue 2575.00", "", "12 tax 500.00→565.00"),
        ({11: "-1000.00"}, "sign -2000.00; revenue 510.00", "", "11 sign 1000.00→-1000.00"),
        ({14: "70.00"}, "unexplained -630.00; revenue 1880.00", "", "14 amount 700.00→70.00"),
        ({13: "310.01"}, "rounding 0.01; revenue 2510.01", "", ""),
        ({16: "20.00"}, "revenue 2510.00", "sign 40.00; revenue 100.00", "16 sign -20.00→20.00"),
    ],
)  # fmt: skip
def test_every_difference_stands_in_its_line(changed: dict[int, str], november: str, december: str, told: str) -> None:
    book = ledger(changed)
    assert lines(made(book), NOVEMBER) == f"invoiced 2510.00; {november}"
    assert lines(made(book), DECEMBER) == f"invoiced 60.00; {december or 'revenue 60.00'}"
    assert found(book) == ([told] if told else [])


def test_transposed_digits_and_double_booking() -> None:
    book = ledger({13: "130.00"}, "V99|11-30|-|1000.00|11")
    assert lines(made(book), NOVEMBER) == "invoiced 2510.00; twice 1000.00; transposed -180.00; revenue 3330.00"
    assert found(book) == ["11 twice 1000.00→2000.00", "13 transposed 310.00→130.00"]


def test_revenue_without_an_invoice_and_an_unpaid_invoice_without_revenue() -> None:
    book = ledger({14: ""}, "V99|12-30|大华|44.00|-")
    assert lines(made(book, ("14",)), NOVEMBER) == "invoiced 2510.00; pre_issued -700.00; revenue 1810.00"
    assert lines(made(book), DECEMBER) == "invoiced 60.00; not_invoiced 44.00; revenue 104.00"
    assert found(book, ("14",)) == ["14 unpaid 700.00→0.00", "V99 entry_none 0.00→44.00"]


def test_what_a_decision_leaves_alone_is_a_line_of_its_own() -> None:
    assert lines(made(ledger({14: ""}), ignored=("14",)), NOVEMBER) == (
        "invoiced 2510.00; ignored -700.00; revenue 1810.00"
    )


@pytest.mark.parametrize(
    ("decided", "why"), [("unmatch|11|entries:V11", "entry_apart"), ("ignore|11|-", "entry_left_alone")]
)
def test_a_voucher_that_people_decided_on_is_told_with_that(decided: str, why: str) -> None:
    issued, booked = documents(INVOICES), entries(ledger({}))
    acts = decisions(f"decision|act|documents|others\n1|{decided}")
    links = match_revenue(issued, booked, acts, POLICY)
    found = booking_findings(issued, booked, links, decided_by(acts))
    told = [one.message for one in found if one.item == "V11"]
    assert [one.key for one in told] == [f"invoice_money.NOT_BOOKED.{why}"]
    assert "{" not in said(told[0], "zh_CN") + said(told[0], "en")


def test_every_line_names_its_invoices_and_vouchers() -> None:
    items = made(ledger({12: "", 14: "700.00 12-01"})).items
    shown = items.assign(period=items["period"].dt.date)[["period", "line", "document", "other"]]
    assert shown.to_numpy().tolist() == [
        [NOVEMBER, "not_booked", "12", ""],
        [NOVEMBER, "other_period", "14", "entries:V14"],
        [DECEMBER, "other_period", "14", "entries:V14"],
    ]


def test_what_waits_is_carried_forward_until_it_is_cleared() -> None:
    of = made(ledger({12: "", 14: "700.00 12-01"}))
    rolled = roll_forward(of).drop(columns="period") // 100
    assert rolled.to_numpy().tolist() == [[0, -1200, 0, -1200], [-1200, 0, 700, -500]]
    waiting = carried(of, DECEMBER)
    assert waiting["since"].dt.date.tolist() == [NOVEMBER, NOVEMBER]
    assert waiting[["document", "opening", "change", "closing"]].to_numpy().tolist() == [
        ["12", -50000, 0, -50000],
        ["14", -70000, 70000, 0],
    ]


def test_totals_that_differ_say_whether_the_bridge_explains_them() -> None:
    explained = period_total(made(ledger({12: ""})), NOVEMBER)
    unexplained = period_total(made(ledger({12: "499.00"})), NOVEMBER)
    assert [one[0].message.key.rpartition(".")[2] for one in (explained, unexplained)] == ["explained", "unexplained"]
    assert (explained[0].expected, explained[0].found) == ("2510.00", "2010.00")
    assert "-1.00" in said(unexplained[0].message, "en")


def test_a_void_invoice_that_was_booked_is_told_by_name() -> None:
    issued, booked = documents("number|buyer|day|net|state\n11|大华|11-03|9.00|void"), entries(ledger({}))
    links = match_revenue(issued, booked, NO_DECISIONS, POLICY)
    keys = [one.message.key.rpartition(".")[2] for one in booking_findings(issued, booked, links)]
    assert keys == ["entry_void", *["entry_unknown"] * 5]


def test_what_was_accrued_and_taken_back_needs_no_invoice() -> None:
    book = ledger({}, "V98|11-30|大华|44.00|暂估\nV99|12-01|大华|-44.00|暂估")
    assert found(book) == []


@settings(max_examples=25, deadline=None)
@given(DRAWN_INVOICES, MONEY)
def test_the_lines_add_up_and_each_closing_is_the_next_opening(
    issued: list[tuple[str, ...]], money: list[tuple[str, ...]]
) -> None:
    books, booked = drawn_invoices(issued), drawn_entries(money)
    links = match_revenue(books, booked, NO_DECISIONS, POLICY)
    of = bridge(books, booked, links)
    rolled = roll_forward(of)
    for period, own in of.lines.groupby("period"):
        amounts = own.set_index("line")["amount"]
        assert amounts.drop("revenue").sum() == amounts["revenue"]
        at = pd.Timestamp(str(period))
        closing = carried(of, at.date())["closing"].sum()
        assert closing == rolled.loc[rolled["period"] == at, "closing"].item()
    assert rolled["opening"].iloc[1:].tolist() == rolled["closing"].iloc[:-1].tolist()
    assert_all_is_carried(of, rolled)


def assert_all_is_carried(of: Bridge, rolled: pd.DataFrame) -> None:
    """What waits at the end and all mistakes together are what parts all revenue from all that was invoiced."""
    sums = of.lines.groupby("line")["amount"].sum()
    mistakes = sum(int(sums.get(line, 0)) for line in ("tax", "twice", "sign", "transposed", "rounding", "unexplained"))
    closing = int(rolled["closing"].iloc[-1]) if len(rolled) else 0
    assert sums.get("revenue", 0) - sums.get("invoiced", 0) == closing + mistakes
