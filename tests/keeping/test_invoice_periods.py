"""What the invoice check keeps: agreements that roll forward, decisions that are replayed, mails to the named alone."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import update

from tasks.domain.recipient import Recipient
from tasks.invoice_check.steps import Decision, UnableToDecide, decide, listed_decisions, verify_agreements, withdraw
from tasks.invoice_check.steps.carrying import carried_out
from tasks.invoice_check.tables import invoice_bridge, invoice_period_changes, invoice_periods
from tests.keeping.company import Company
from tests.keeping.invoicing import ACCOUNTS, POLICY, TAX_NUMBER, ZONE, booked, issued, ordered, received, told

OCTOBER, NOVEMBER = dt.date(2026, 10, 31), dt.date(2026, 11, 30)
TODAY = dt.datetime(2026, 11, 20, 9, tzinfo=ZONE)


def broken(company: Company) -> list[str]:
    """The keys of what does not hold."""
    with company.store.reading() as connection:
        return [one.key for one in verify_agreements(connection)]


def two_months(company: Company) -> None:
    """An invoice of October that is booked in November, and both months' ends run."""
    issued(company, ["00012301", "2026-10-20", "东海", 1000], ["00012302", "2026-11-02", "南山", 500])
    booked(company, ["记-1", "2026-11-28", 1000, "东海", "00012301"], ["记-2", "2026-11-28", 500, "南山", "00012302"])
    told(company, OCTOBER, period_end=True)
    told(company, NOVEMBER, period_end=True)


def test_what_is_open_at_a_months_end_is_open_at_the_beginning_of_the_next(company: Company) -> None:
    two_months(company)
    assert company.rows(invoice_periods, "period", "opening", "invoiced", "revenue", "closing") == [
        ("2026-10-31", 0, 100_000, 0, -100_000),
        ("2026-11-30", -100_000, 50_000, 150_000, 0),
    ]
    assert ("2026-11-30", "other_period", 100_000) in company.rows(invoice_bridge, "period", "line", "amount")
    assert broken(company) == []


def test_the_report_lists_what_is_carried_from_month_to_month(company: Company) -> None:
    two_months(company)
    pages = [company.home / f"reports/invoice-check/{month}/invoice-check.html" for month in ("2026-10", "2026-11")]
    october, november = (path.read_text(encoding="utf-8").partition("结转下期的未达项")[2] for path in pages)
    cells = [re.findall(r"<td[^>]*>\s*([^<]*?)\s*</td>", text)[:6] for text in (october, november)]
    assert cells == [
        ["00012301", "记-1(2026-11)", "2026-10", "0.00", "-1,000.00", "-1,000.00"],
        ["00012301", "记-1(2026-11)", "2026-10", "-1,000.00", "1,000.00", "0.00"],
    ]


def test_a_bridge_that_adds_up_to_something_else_and_a_month_that_begins_elsewhere_are_found(company: Company) -> None:
    two_months(company)
    with company.store.writing() as connection:
        connection.execute(update(invoice_bridge).where(invoice_bridge.c.line == "invoiced").values(amount=1))
        october = invoice_periods.c.period == OCTOBER
        connection.execute(update(invoice_periods).where(october).values(closing=7))
    assert broken(company) == [
        "invoice_check.broken.bridge", "invoice_check.broken.bridge", "invoice_check.broken.roll_forward",
    ]  # fmt: skip


def test_late_rows_of_an_agreed_month_are_told_and_what_was_agreed_is_kept(company: Company) -> None:
    two_months(company)
    issued(company, ["00012303", "2026-10-22", "西湖", 70], name="late.csv")
    told(company, NOVEMBER, period_end=True)
    changed = company.rows(invoice_period_changes, "period", "line", "before", "after")
    assert ("2026-10-31", "invoiced", 100_000, 107_000) in changed
    assert broken(company) == []
    told(company, NOVEMBER, period_end=True)
    assert company.rows(invoice_period_changes, "period", "line", "before", "after") == changed


def test_a_month_under_way_raises_no_alarm_and_an_agreed_one_does(company: Company) -> None:
    issued(company, ["00012301", "2026-10-20", "东海", 1000], ["00012302", "2026-11-02", "南山", 500])
    booked(company, ["记-1", "2026-10-30", 1000, "东海", "00012301"])
    assert told(company, dt.date(2026, 11, 20)) == []
    told(company, OCTOBER, period_end=True)
    assert told(company, dt.date(2026, 11, 20)) == []
    assert told(company, NOVEMBER, period_end=True) == ["NOT_BOOKED 00012302 open", "PERIOD_TOTAL 2026-11 open"]


def decided(company: Company, act: str, *names: str, until: dt.date | None = None) -> int:
    """The number of a decision that somebody makes."""
    with company.store.writing() as connection:
        return decide(connection, Decision(act, names, "李会计", "母公司代付", until), POLICY, ACCOUNTS, TODAY)


def test_a_payment_matched_by_hand_counts_until_it_is_withdrawn(company: Company) -> None:
    issued(company, ["00012301", "2026-11-02", "东海", 100])
    received(company, ["SK-1", "2026-11-05", "集团", "113", ""])
    assert told(company, TODAY.date()) == ["RECEIPT_WITHOUT_INVOICE SK-1 open"]
    number = decided(company, "match", "12301", "SK-1")
    assert told(company, TODAY.date()) == ["RECEIPT_WITHOUT_INVOICE SK-1 resolved"]
    with company.store.writing() as connection:
        withdraw(connection, number, "王经理", "弄错了", TODAY)
    assert told(company, TODAY.date()) == ["RECEIPT_WITHOUT_INVOICE SK-1 reopened"]
    with company.store.reading() as connection:
        kept = listed_decisions(connection, POLICY, ACCOUNTS, TODAY.date())[0]
    assert [kept[name] for name in ("act", "owner", "reason", "withdrawn_by", "withdrawn_for", "state")] == [
        "match", "李会计", "母公司代付", "王经理", "弄错了", "withdrawn",
    ]  # fmt: skip


def test_a_decision_ends_with_its_day(company: Company) -> None:
    issued(company, ["00012301", "2026-11-02", "东海", 100])
    received(company, ["SK-1", "2026-11-05", "集团", "113", ""])
    told(company, TODAY.date())
    decided(company, "ignore", "SK-1", until=dt.date(2026, 11, 21))
    assert told(company, dt.date(2026, 11, 21)) == ["RECEIPT_WITHOUT_INVOICE SK-1 resolved"]
    assert told(company, dt.date(2026, 11, 22)) == ["RECEIPT_WITHOUT_INVOICE SK-1 reopened"]


def test_a_name_that_means_nothing_or_several_decides_nothing(company: Company) -> None:
    issued(company, ["00012301", "2026-11-02", "东海", 100], ["00012302", "2026-11-02", "东海", 100])
    received(company, ["SK-1", "2026-11-05", "集团", "113", ""], ["12302", "2026-11-06", "集团", "113", ""])
    company.take_in()
    for act, names, why in (
        ("match", ("00012399", "SK-1"), "unknown"),
        ("match", ("00012301",), "two_sides"),
        ("ignore", (), "two_sides"),
        ("ignore", ("00012302",), "several"),
    ):
        with pytest.raises(UnableToDecide) as refused:
            decided(company, act, *names)
        assert refused.value.message.key == f"invoice_check.decide.{why}"


def test_the_report_goes_to_the_named_readers_alone_and_holds_no_tax_number(company: Company) -> None:
    company.drop("departments", "d2.csv", [("业务部", "邮箱"), ("第1业务部", "one@example.com")])
    issued(company, ["00012301", "2026-11-02", "东海", 100])
    company.take_in()
    order = ordered(company, TODAY.date(), Recipient("finance@example.com", "", "zh_CN", ()))
    summary = carried_out(order)
    mails = summary["mails"]
    assert isinstance(mails, list)
    assert [mail["to"] for mail in mails] == [["finance@example.com"]]
    pages = (company.home / "reports/invoice-check/2026-11-20").glob("*")
    assert all(TAX_NUMBER.encode() not in path.read_bytes() for path in pages)


def test_the_list_of_decisions_says_which_count_no_more_and_why(company: Company) -> None:
    issued(company, ["00012301", "2026-11-02", "东海", 100], ["00012302", "2026-11-02", "南山", 200])
    received(company, ["SK-1", "2026-11-05", "集团", "113", ""], ["SK-2", "2026-11-05", "个人", "9", ""])
    company.take_in()
    decided(company, "match", "12301", "SK-1")
    decided(company, "ignore", "SK-2", until=dt.date(2026, 11, 19))
    decided(company, "ignore", "12302")
    decided(company, "ignore", "12302")
    received(company, ["SK-1", "2026-11-05", "集团", "110", ""], name="corrected.csv")
    company.take_in()
    with company.store.reading() as connection:
        rows = listed_decisions(connection, POLICY, ACCOUNTS, TODAY.date())
    assert [(row["names"], row["state"]) for row in rows] == [
        (["00012302"], "counts"),
        (["00012302"], "superseded"),
        (["SK-2"], "expired"),
        (["00012301", "SK-1"], "changed"),
    ]
