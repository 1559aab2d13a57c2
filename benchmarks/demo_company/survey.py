"""What the company's customers said in two months: forms sent and returned, calls after services, known faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.demo_company.files import Cell, Sheet, save_csv, save_workbook
from benchmarks.demo_company.masters import REGIONS

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "质量": ("产品质量", "运行可靠性"),
    "外观": ("外观整洁", "标识清晰"),
    "设计": ("设计合理", "操作方便"),
    "比较": ("与同类产品相比", "价格水平"),
    "服务": ("服务态度", "响应速度", "维修及时"),
    "其他": ("资料完整",),
}
_QUESTIONS = tuple(question for questions in _GROUPS.values() for question in questions)
_BEFORE = ("问卷编号", "调查期", "部门", "产品/服务", "渠道", "客户", "会员", "回收日期")
_AFTER = ("客户总体评价", "意见建议")
_FORM = (*_BEFORE, *_QUESTIONS, *_AFTER)
_SENT = ("问卷编号", "部门", "客户", "发出日期", "会员")
_CALL = ("客户", "服务日期", "回访日期", "结果", "回访人")
_PRODUCTS = ("定期检修", "大部件更换", "备件供应", "远程监控")
_CHANNELS = ("电话", "网络", "纸质", "短信")
_PLACES = ("东台", "大丰", "射阳", "响水", "滨海", "如东", "启东", "海门", "通州", "赣榆", "灌云", "连云")
_FARMS = ("一期风电场", "二期风电场", "海上风电场", "新能源公司", "电力公司", "运维公司", "能源服务站", "集控中心")
_PRAISE = ("服务及时，态度好", "检修质量不错", "人员专业", "响应很快", "资料齐全，便于归档")
_BLAME = "更换轴承后仍有异响，请尽快处理，联系电话13800138000"
# How many forms of each department come back, and how many of them are content: well above what is asked, about there,
# and well below.
_CONTENT = ((42, 42), (24, 22), (24, 16))
_ANSWERS = ("很满意", "比较满意", "很满意", "基本满意", "比较满意", "很满意", "很满意", "比较满意", "基本满意", "")
_MEMBER_EVERY = 3
_UNRETURNED = 5
_CALL_AFTER = 2
_LATE_AFTER = 6
Row = dict[str, Cell]


@dataclass(slots=True)
class _Month:
    """What is written of one month: rows by dataset."""

    first: dt.date
    last: dt.date
    forms: list[Row] = field(default_factory=list)
    sent: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    later: list[Row] = field(default_factory=list)


def make_survey(inbox: Path, last: dt.date) -> tuple[str, ...]:
    """Writes the survey of the month of `last` and of the one before into `inbox`; what is wrong by then, by kind.

    Of the company's departments the first is praised, the second about content, the third below what is asked. All that
    is not told of is right: each form was sent, came back once, and each member was called after the service.
    """
    start = last.replace(day=1)
    before = _Month((start - dt.timedelta(days=1)).replace(day=1), start - dt.timedelta(days=1))
    now = _Month(start, last)
    for month in (before, now):
        _fill(month, [f"{region}业务部" for region, _ in REGIONS[: len(_CONTENT)]])
    told = (*_put_old_wrong(before), *_put_wrong(now))
    for month in (before, now):
        name = f"{month.last:%Y-%m}"
        _save_forms(inbox / "responses" / f"满意度回收表-{name}.xlsx", month.forms)
        _save(inbox / "dispatches" / f"问卷发放-{name}.csv", _SENT, month.sent)
        _save(inbox / "followups" / f"会员回访-{name}.csv", _CALL, month.calls)
        if month.later:
            _save(inbox / "responses" / f"满意度回收表补-{name}.csv", _FORM, month.later)
    return told


def _fill(month: _Month, departments: Sequence[str]) -> None:
    span = (month.last - month.first).days + 1
    at = 0
    for department, (forms, content) in zip(departments, _CONTENT, strict=True):
        for place in range(forms):
            at += 1
            day = month.first + dt.timedelta(days=at % span)
            overall = ("很满意", "比较满意", "基本满意")[place % 3] if place < content else "不太满意"
            _add(month, at, department, day, overall)
        for _ in range(_UNRETURNED):
            at += 1
            month.sent.append(_sent(month, at, department, month.first))
            _call(month, month.sent[-1])


def _number(month: _Month, at: int) -> str:
    return f"W{month.last:%y%m}-{at:03d}"


def _customer(month: _Month, at: int) -> str:
    place = at + month.last.month * 7
    return f"{_PLACES[place % len(_PLACES)]}{_FARMS[(at // len(_PLACES)) % len(_FARMS)]}{at:03d}"


def _sent(month: _Month, at: int, department: str, day: dt.date) -> Row:
    member = "是" if at % _MEMBER_EVERY == 0 else "否"
    values = (_number(month, at), department, _customer(month, at), day, member)
    return dict(zip(_SENT, values, strict=True))


def _add(month: _Month, at: int, department: str, day: dt.date, overall: str) -> None:
    sent = _sent(month, at, department, month.first)
    month.sent.append(sent)
    form: Row = dict.fromkeys(_FORM, "")
    form |= {
        "问卷编号": sent["问卷编号"], "调查期": f"{month.last:%Y年}{month.last.month}月", "部门": department,
        "产品/服务": _PRODUCTS[at % len(_PRODUCTS)], "渠道": _CHANNELS[at % len(_CHANNELS)], "客户": sent["客户"],
        "会员": sent["会员"], "回收日期": day, "客户总体评价": overall,
        "意见建议": _PRAISE[at % len(_PRAISE)] if at % 4 == 0 else "",
    }  # fmt: skip
    for place, question in enumerate(_QUESTIONS):
        form[question] = _ANSWERS[(at * 7 + place * 3) % len(_ANSWERS)]
    month.forms.append(form)
    _call(month, sent)


def _call(month: _Month, sent: Row) -> None:
    """A member is called after the service about which the form was sent."""
    if sent["会员"] == "是":
        called = month.first + dt.timedelta(days=_CALL_AFTER)
        values = (sent["客户"], month.first, called, "满意", "周敏")
        month.calls.append(dict(zip(_CALL, values, strict=True)))


def _put_old_wrong(month: _Month) -> tuple[str, ...]:
    """A complaint of the month before that nobody has handled, in the third department, which was below as well."""
    form = month.forms[-1]
    form["客户总体评价"], form["意见建议"] = "不满意", _BLAME
    return "COMPLAINT", "COMPLAINT_OVERDUE", "BELOW_TARGET"


def _put_wrong(month: _Month) -> tuple[str, ...]:
    """The kinds of breaks that what is put wrong here must show, in the order in which it is."""
    forms = month.forms
    forms[2]["服务态度"], forms[3]["响应速度"] = "非常满意", "说不清"
    gone = forms[5]["问卷编号"]
    month.sent[:] = [row for row in month.sent if row["问卷编号"] != gone]
    # Content at first, another word for it in the form that came later.
    again = dict(forms[7])
    again["客户总体评价"] = "比较满意" if again["客户总体评价"] != "比较满意" else "很满意"
    month.later.append(again)
    twice, other = forms[9], forms[10]
    for row in month.sent:
        if row["问卷编号"] == other["问卷编号"]:
            row["客户"], row["会员"] = twice["客户"], twice["会员"]
    calls = [row for row in month.calls if row["客户"] != other["客户"]]
    other["客户"], other["会员"] = twice["客户"], twice["会员"]
    forms[-1]["客户总体评价"], forms[-1]["意见建议"] = "不满意", _BLAME
    forms[12]["维修及时"] = "不满意"
    calls[1]["回访日期"] = ""
    calls[2]["回访日期"] = month.first + dt.timedelta(days=_LATE_AFTER)
    month.calls = calls
    return (
        "UNKNOWN_ANSWER", "UNKNOWN_ANSWER", "NOT_SENT", "REPEATED_FORM", "REPEATED_CUSTOMER", "COMPLAINT", "COMPLAINT",
        "FOLLOWUP_MISSED", "FOLLOWUP_MISSED", "BELOW_TARGET",
    )  # fmt: skip


def _save_forms(path: Path, rows: Iterable[Row]) -> None:
    """A sheet with the groups of the questions above their headings."""
    above: list[Cell] = ["" for _ in _BEFORE]
    above += [group for group, questions in _GROUPS.items() for _ in questions]
    body: list[list[Cell]] = [[row[heading] for heading in _FORM] for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    save_workbook(path, [Sheet("回收表", [above, list(_FORM), *body])])


def _save(path: Path, headings: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    told: list[list[Cell]] = [list(headings), *([_shown(row[heading]) for heading in headings] for row in rows)]
    save_csv(path, told, "utf-8-sig")


def _shown(value: Cell) -> Cell:
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else value
