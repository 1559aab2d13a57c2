"""Forms of the small company's survey, as files that people hand in."""

from __future__ import annotations

from collections.abc import Sequence

from tests.keeping.company import Company

FORM = ("问卷编号", "调查期", "部门", "产品/服务", "渠道", "客户", "会员", "回收日期", "客户总体评价", "意见建议")
SENT = ("问卷编号", "部门", "客户", "发出日期", "会员")
CALLED = ("客户", "服务日期", "回访日期", "结果", "回访人")


def returned(
    company: Company, *forms: Sequence[object], questions: Sequence[str] = ("产品质量", "服务态度"), name: str = "r.csv"
) -> None:
    """Forms in the inbox: number, customer, day of return, overall rating, then the answers to the questions."""
    rows = [
        [form[0], "", "第1业务部", "泵", "电话", form[1], "", form[2], form[3], "", *form[4:]]
        for form in forms
    ]  # fmt: skip
    company.drop("responses", name, [[*FORM, *questions], *rows])


def sent(company: Company, *forms: Sequence[object], name: str = "s.csv") -> None:
    """Forms sent: number, customer, day."""
    company.drop("dispatches", name, [SENT, *([form[0], "第1业务部", form[1], form[2], "是"] for form in forms)])


def called(company: Company, *calls: Sequence[object], name: str = "c.csv") -> None:
    """Services and their calls: customer, day of the service, day of the call."""
    company.drop("followups", name, [CALLED, *([*call, "已解决", "李"] for call in calls)])
