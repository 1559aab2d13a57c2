"""Who gets the reports of a day's returns (spec 03: the department, and the management department over all)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tasks.damaged_returns.policy import Policy
from tasks.damaged_returns.steps.carrying import carried_out
from tasks.domain.recipient import Recipient
from tests.keeping import returning
from tests.keeping.company import Company

DAY = dt.date(2026, 11, 16)
POLICY = Policy(production_department="生产管理", management_department="业务管理")
DEPARTMENTS = (
    ("业务部", "经理", "邮箱"),
    ("第1业务部", "王", "one@example.com"),
    ("业务管理部", "钱", "board@example.com"),
    ("生产管理部", "孙", "store@example.com"),
)


def told(company: Company, *readers: Recipient) -> list[str]:
    """Who is written to on the day, each mail as its address and what it is about."""
    company.drop("departments", "d2.csv", DEPARTMENTS)
    returning.listed(company, returning.part("XL-1"))
    company.drop("boxes", "b.csv", [returning.BOXES, returning.box("X1")])
    company.take_in()
    order = replace(returning.ordered(company, DAY, POLICY), mail=True)
    order = replace(order, readership=replace(order.readership, recipients=readers))
    mails = carried_out(order)["mails"]
    assert isinstance(mails, list)
    return sorted(f"{' '.join(mail['to'])}: {mail['subject']}" for mail in mails)


def test_the_department_gets_its_report_and_the_management_the_one_over_all(company: Company) -> None:
    mails = told(company)
    assert [mail.partition(":")[0] for mail in mails] == ["board@example.com", "one@example.com", "store@example.com"]


def test_a_management_mailbox_that_reads_the_report_anyway_gets_it_once(company: Company) -> None:
    mails = told(company, Recipient("board@example.com", "", "zh_CN", ()))
    assert [mail.partition(":")[0] for mail in mails].count("board@example.com") == 1
