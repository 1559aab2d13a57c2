"""Facts of a survey drawn by hand: a company of six departments, so that its report can be looked at and tested."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pandas as pd

from tasks.domain.breaks import Break
from tasks.domain.message import message
from tasks.domain.shaping import each, empty, shaped
from tasks.survey.facts import SurveyFacts
from tasks.survey.policy import Policy, Target
from tasks.survey.shapes import (
    CASES,
    CHANGES,
    COVERAGE,
    FIGURES,
    FORMS,
    MARKS,
    MEASURES,
    OVERALL,
    QUESTIONS,
    REMARKS,
    UNKNOWNS,
    WORDS,
)

PERIOD = dt.date(2026, 11, 30)
TODAY = dt.date(2026, 12, 1)
POLICY = Policy(answers={}, target=Target(satisfaction=Fraction(9, 10), minimum=10))
YEARLY = ("by", "value", "opened", "open", "closed", "in_time", "overdue", "days")
# Department: very, fairly, basically, not very, not satisfied, without an answer; forms sent.
DEPARTMENTS = {
    "风电服务一部": ((812, 403, 388, 96, 61, 39), 2100),
    "海上运维部": ((41, 22, 11, 3, 2, 1), 95),
    "备件供应部": ((18, 14, 9, 6, 5, 0), 70),
    "技术支持部": ((9, 3, 1, 1, 1, 0), 30),
    "客户服务中心": ((3, 2, 1, 0, 1, 0), 9),
    "培训部": ((2, 1, 0, 0, 0, 0), 6),
}
ASKED = (
    ("质量", "设备运行稳定"), ("质量", "维修质量"), ("质量", "备件完好"), ("外观", "现场整洁"), ("服务", "响应及时"),
    ("服务", "人员态度"), ("比较", "与同行相比"), ("", "收费合理"),
)  # fmt: skip


def wilson(hits: int, forms: int) -> tuple[Decimal, Decimal]:
    """The bounds of the interval, six places."""
    z, p = 1.959963984540054, hits / forms
    middle, half = p + z * z / 2 / forms, z * (p * (1 - p) / forms + z * z / 4 / forms**2) ** 0.5
    low, high = ((middle - half) / (1 + z * z / forms), (middle + half) / (1 + z * z / forms))
    return Decimal(f"{max(0, low):.6f}"), Decimal(f"{min(1, high):.6f}")


def line(dimension: str, value: str, question: str, counts: Sequence[int], sent: int | None = None) -> dict[str, Any]:
    """A row of FIGURES of the period with so many forms of each answer, the blank ones last."""
    *n, blank = counts
    valid, returned = sum(n), sum(n) + blank
    low, high = wilson(sum(n[:3]), returned)
    satisfied, top2 = sum(n[:3]), sum(n[:2])
    return {
        "dimension": dimension, "value": value, "question": question, "name": "" if question == OVERALL else question,
        "period": pd.Timestamp(PERIOD), "few": returned < POLICY.minimum, "hidden": False, "returned": returned,
        "valid": valid, "satisfied": satisfied, "top2": top2,
        **dict(zip(("n5", "n4", "n3", "n2", "n1"), n, strict=True)),
        "sent": pd.NA if sent is None else sent, "effective": returned, "satisfaction": Fraction(satisfied, returned),
        "satisfaction_answered": Fraction(satisfied, valid), "satisfaction_low": low, "satisfaction_high": high,
        "top2_share": Fraction(top2, returned),
        "mean": Fraction(sum(mark * count for mark, count in zip((5, 4, 3, 2, 1), n, strict=True)), valid),
        "response_rate": None if sent is None else Fraction(returned, sent),
    }  # fmt: skip


def figures() -> pd.DataFrame:
    """FIGURES of the whole company."""
    total = [sum(counts[at] for counts, _ in DEPARTMENTS.values()) for at in range(6)]
    rows = [line("total", "", OVERALL, total, sum(sent for _, sent in DEPARTMENTS.values()))]
    for name, (counts, sent) in DEPARTMENTS.items():
        rows.append(line("department", name, OVERALL, counts, sent))
        for place, (_, question) in enumerate(ASKED):
            moved = [counts[0] - min(place, counts[0]), *counts[1:4], counts[4] + min(place, counts[0]), counts[5]]
            rows.append(line("department", name, question, moved))
    for place, (_, question) in enumerate(ASKED):
        moved = [total[0] - 40 * place, *total[1:3], total[3] + 30 * place, total[4] + 10 * place, total[5]]
        rows.append(line("total", "", question, moved))
    groups = dict.fromkeys(group for group, _ in ASKED if group)
    rows += [line("total_group", "", group, [2 * count for count in total]) for group in groups]
    for dimension, names in (("product", ("风机运维", "备件销售", "")), ("channel", ("电话", "网络", "纸质", "短信"))):
        rows += [
            line(dimension, name, OVERALL, [max(count // (place + 2), 1) for count in total])
            for place, name in enumerate(names)
        ]
    return shaped(FIGURES, pd.DataFrame(rows))


def trend() -> pd.DataFrame:
    """FIGURES of the overall rating of twelve months."""
    parts = []
    for back in range(11, -1, -1):
        own = figures()
        own = own[own["question"] == OVERALL]
        period = (pd.Timestamp(PERIOD) - pd.offsets.MonthEnd(back)).as_unit("s")
        factor = Fraction(100 - (back * 3) % 8, 100)
        parts.append(
            own.assign(
                period=period,
                satisfaction=[share * factor for share in own["satisfaction"]],
                satisfaction_answered=[share * factor for share in own["satisfaction_answered"]],
            )
        )
    return shaped(FIGURES, pd.concat(parts, ignore_index=True))


def marks() -> pd.DataFrame:
    """What the departments reached."""
    own = figures()
    rows = []
    for row in each(own[(own["dimension"] == "department") & (own["question"] == OVERALL)]):
        mark = "too_few" if row.few else "met" if row.satisfaction >= Fraction(9, 10) else "below"
        clear = row.satisfaction_high < Decimal("0.9") or row.satisfaction_low > Decimal("0.9")
        rows.append(
            {"department": row.value, "mark": mark, "measure": "satisfaction", "conclusive": clear,
             "value": row.satisfaction, "target": Fraction(9, 10), "forms": row.returned}
        )  # fmt: skip
    return shaped(MARKS, pd.DataFrame(rows))


def changes() -> pd.DataFrame:
    """What changed against October."""
    rows = [
        ("total", "", OVERALL, Fraction(87, 100), Fraction(88, 100), 1800, 1955, False, "0.231"),
        ("department", "备件供应部", OVERALL, Fraction(92, 100), Fraction(41, 52), 50, 52, True, "0.021"),
        ("total", "", "响应及时", Fraction(9, 10), Fraction(83, 100), 1800, 1955, True, "0.000"),
        ("channel", "短信", OVERALL, Fraction(4, 5), Fraction(81, 100), 300, 390, False, "0.741"),
    ]
    return shaped(
        CHANGES,
        pd.DataFrame(
            [
                {"dimension": dimension, "value": value, "question": question, "name": "", "significant": clear,
                 "before": before, "now": now, "change": now - before, "p_value": Decimal(p), "n_before": some,
                 "n_now": more}
                for dimension, value, question, before, now, some, more, clear, p in rows
            ]
        ),
    )  # fmt: skip


def _days(**days: str) -> dict[str, object]:
    return {name: pd.Timestamp(f"2026-{day}") if day else pd.NaT for name, day in days.items()}


def cases() -> pd.DataFrame:
    """Complaints in every state."""
    told = (
        ("1", "W-0012", "响应及时", "备件供应部", "open", "", "11-09", "11-16", "", "", "打了三次电话才来。"),
        ("2", "W-0044", OVERALL, "海上运维部", "handled", "valid", "11-20", "11-27", "11-25", "", "变桨电机换了又坏。"),
        ("3", "W-0051", "收费合理", "技术支持部", "closed", "information", "11-12", "11-19", "11-16", "11-18", ""),
        ("4", "W-0077", "维修质量", "风电服务一部", "withdrawn", "venting", "11-12", "11-19", "", "", ""),
        ("5", "W-0090", "响应及时", "风电服务一部", "open", "help", "11-27", "12-04", "", "", "请尽快安排人员到场。"),
    )
    rows = [
        {
            "case": number, "form": form, "form_key": form, "question": question,
            "name": "" if question == OVERALL else question, "department": department, "handled_by": department,
            "sort": sort, "state": state, "measure": "已更换并赔礼" if handled else "", "owner": "李梅",
            "customer": f"客户{number}", "remark": remark, "ref": f"responses:{form}", "rating": 1,
            "period": pd.Timestamp(PERIOD),
            **_days(opened_on=opened, due_on=due, handled_on=handled, called_on=called, closed_on=called),
        }
        for number, form, question, department, state, sort, opened, due, handled, called, remark in told
    ]  # fmt: skip
    return shaped(CASES, pd.DataFrame(rows))


def coverage() -> pd.DataFrame:
    """Follow-ups in every state."""
    told = (
        ("江苏华能", "海上运维部", "covered", "11-03", "11-06", "11-05"),
        ("国能大丰", "海上运维部", "late", "11-04", "11-07", "11-12"),
        ("盐城国投", "备件供应部", "missed", "11-10", "11-13", ""),
        ("射阳新能源", "备件供应部", "unrecorded", "", "", ""),
        ("如东海力", "风电服务一部", "waiting", "11-29", "12-02", ""),
    )  # fmt: skip
    rows = [
        {"customer": name, "customer_key": name, "department": department, "state": state, "ref": f"followups:{name}",
         "period": pd.Timestamp(PERIOD), **_days(service_on=service, due_on=due, called_on=called)}
        for name, department, state, service, due, called in told
    ]  # fmt: skip
    return shaped(COVERAGE, pd.DataFrame(rows))


def measures() -> pd.DataFrame:
    """An action and a commendation."""
    told = (
        ("1", "action", "风电服务一部", "open", "", "satisfaction", Fraction(1603, 1799)),
        ("2", "commendation", "海上运维部", "given", "服务意识好", "satisfaction", Fraction(74, 80)),
    )
    rows = [
        {"number": number, "kind": kind, "department": department, "state": state, "reason": reason,
         "measure": measure, "owner": "王建国", "period": pd.Timestamp(PERIOD), "value": value,
         "target": Fraction(9, 10), **_days(opened_on="12-01", due_on="12-15", closed_on="")}
        for number, kind, department, state, reason, measure, value in told
    ]  # fmt: skip
    return shaped(MEASURES, pd.DataFrame(rows))


def remarks() -> pd.DataFrame:
    """What customers wrote."""
    told = (
        ("W-0012", "备件供应部", "dissatisfied", "打了三次电话才来，请先说好什么时候到，电话 138****0013。"),
        ("W-0044", "海上运维部", "dissatisfied", "变桨电机换了又坏。"),
        ("W-0101", "海上运维部", "satisfied", "人员态度很好，响应快。"),
        ("W-0102", "技术支持部", "neutral", "一般。"),
    )
    rows = [
        {"form": form, "department": department, "product": "风机运维", "rating": rating, "text": text,
         "question": "响应及时", "ref": f"responses:{form}", "place": place}
        for place, (form, department, rating, text) in enumerate(told)
    ]  # fmt: skip
    return shaped(REMARKS, pd.DataFrame(rows))


def unknowns() -> pd.DataFrame:
    """Words that nobody explained."""
    told = (("W-0201", "响应及时", "非常满意"), ("W-0202", "收费合理", "非常满意"), ("W-0203", "现场整洁", "还行"))
    rows = [
        {"form_key": form, "form": form, "question": question, "name": question, "value": value,
         "department": "海上运维部", "ref": f"responses:{form}", "file": "11月问卷.xlsx", "sheet": "Sheet1", "row": 5,
         "period": pd.Timestamp(PERIOD)}
        for form, question, value in told
    ]  # fmt: skip
    return shaped(UNKNOWNS, pd.DataFrame(rows))


def forms() -> pd.DataFrame:
    """A form that came twice, and a customer with two forms."""
    told = (("W-0077", 1, 2, False, "客户4", 1), ("W-0077", 2, 2, True, "客户4", 3), ("W-0078", 1, 1, True, "客户4", 5))
    rows = [
        {"form": form, "form_key": form, "department": "风电服务一部", "customer": customer, "customer_key": customer,
         "ref": f"responses:{form}", "file": "11月问卷.xlsx", "sheet": "Sheet1", "row": 7, "version": version,
         "versions": versions, "counts": counts, "overall": overall, "weight": 10_000, "period": pd.Timestamp(PERIOD),
         "returned_on": pd.Timestamp("2026-11-20")}
        for form, version, versions, counts, customer, overall in told
    ]  # fmt: skip
    return shaped(FORMS, pd.DataFrame(rows))


def yearly() -> pd.DataFrame:
    """The complaints of the year."""
    rows = [
        ("total", "", 41, 2, 38, 33, 1, Decimal("3.4")), ("sort", "valid", 22, 1, 21, 18, 0, Decimal("3.9")),
        ("sort", "", 2, 1, 0, 0, 1, None), ("department", "备件供应部", 18, 1, 17, 13, 1, Decimal("4.2")),
        ("question", "响应及时", 15, 1, 14, 12, 1, Decimal("3.3")), ("month", "2026-11", 5, 3, 1, 1, 1, Decimal("4.0")),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(YEARLY))


def a_break(kind: str, department: str, item: str, told: str) -> Break:
    """A break that people have to work on; one of a complaint is a grave one."""
    return Break(
        id=hashlib.sha256(f"{kind}{item}".encode()).hexdigest()[:16], kind=kind,
        severity="high" if kind.startswith("COMPLAINT") else "medium", state="open", site="", department=department,
        warehouse="", item=item, date=PERIOD, refs=(f"responses:{item}",), expected="", found="", difference=0,
        value=None, message=message("report.plain", text=told), opened_on=PERIOD, since=PERIOD, owner="李梅",
    )  # fmt: skip


def breaks() -> tuple[Break, ...]:
    """Something of everything."""
    return (
        a_break("COMPLAINT", "备件供应部", "W-0012", "问卷 W-0012（客户1）在「响应及时」答「不满意」，请联系客户。"),
        a_break("COMPLAINT_OVERDUE", "备件供应部", "W-0012", "投诉 1 应于 2026-11-16 前处理并回访，已过期。"),
        a_break("UNKNOWN_ANSWER", "海上运维部", "W-0201", "问卷 W-0201 在「响应及时」答「非常满意」，不知何意。"),
        a_break("BELOW_TARGET", "备件供应部", "备件供应部", "备件供应部满意度 78.8%，低于目标 90.0%。"),
        a_break("FOLLOWUP_MISSED", "备件供应部", "盐城国投", "会员客户盐城国投的服务未在三天内回访。"),
        a_break("NOT_SENT", "海上运维部", "W-0203", "问卷 W-0203 没有登记发出。"),
    )


@cache
def november() -> SurveyFacts:
    """A month with something of everything."""
    return SurveyFacts(
        period="2026-11",
        first=dt.date(2026, 11, 1),
        last=PERIOD,
        as_of=TODAY,
        status="completed",
        delivered=frozenset({"responses", "dispatches", "followups"}),
        policy=POLICY,
        questions=shaped(
            QUESTIONS,
            pd.DataFrame(
                [
                    {"question": name, "name": name, "group": group, "place": place}
                    for place, (group, name) in enumerate(ASKED)
                ]
                + [{"question": OVERALL, "name": "", "group": "", "place": len(ASKED)}]
            ),
        ),
        figures=figures(),
        marks=marks(),
        changes=changes(),
        trend=trend(),
        forms=forms(),
        unknowns=unknowns(),
        cases=cases(),
        coverage=coverage(),
        measures=measures(),
        remarks=remarks(),
        words=shaped(WORDS, pd.DataFrame([{"word": "响应", "forms": 12, "dissatisfied": 7}])),
        yearly=yearly(),
        breaks=breaks(),
        quarantined=pd.DataFrame(columns=["dataset", "file", "sheet", "row", "column", "value", "reason"]),
        rows={"responses": {"read": 1978, "accepted": 1976, "quarantined": 0, "repeated": 2}},
    )


@cache
def nothing() -> SurveyFacts:
    """A month in which no form came back and nothing else was ever delivered."""
    shapes = {
        "figures": FIGURES, "trend": FIGURES, "marks": MARKS, "changes": CHANGES, "forms": FORMS, "unknowns": UNKNOWNS,
        "cases": CASES, "measures": MEASURES, "remarks": REMARKS, "words": WORDS, "questions": QUESTIONS,
    }  # fmt: skip
    facts = replace(november(), coverage=None, yearly=yearly().iloc[:0], breaks=(), delivered=frozenset(), rows={})
    blank: dict[str, Any] = {name: empty(shape) for name, shape in shapes.items()}
    return replace(facts, **blank)
