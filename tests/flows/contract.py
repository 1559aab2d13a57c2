"""The object of `--json` held against the clauses of spec 10, one sentence for each that it breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

OBJECT = {"flow", "period", "status", "rows", "figures", "exceptions", "reports", "mails"}
EXCEPTION = {
    "id", "kind", "severity", "state", "site", "warehouse", "item", "date", "refs", "expected", "found", "value",
    "age_working_days", "opened_on", "owner", "message",
}  # fmt: skip
FIGURES = {
    "sites_expected": "count", "ledgers_received": "count", "ledgers_late": "count", "ledgers_missing": "count",
    "ledger_lines": "count", "erp_lines": "count", "matched_exact": "count", "matched_grouped": "count",
    "matched_near": "count", "match_rate": "share", "value_at_stake": "money",
}  # fmt: skip
FORMS = {
    "share": re.compile(r"0\.\d{6}|1\.000000"),
    "money": re.compile(r"-?\d+\.\d\d"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "ref": re.compile(r"ledger:[^:]+:\d{4}-\d\d-\d\d(:\d+)?|erp:[^:]+:[^:]+"),
    "id": re.compile(r"[0-9a-f]{16}"),
}
STATUSES = {"completed", "blocked", "waiting", "already-done"}
STATES = {"open", "explained", "resolved", "reopened", "written-off"}


def faults(summary: Mapping[str, object], flow: str, period: str) -> list[str]:
    """What the object does not fulfil, a sentence each; nothing when it keeps the contract."""
    return list(_faults(summary, flow, period))


def _faults(summary: Mapping[str, object], flow: str, period: str) -> Iterator[str]:
    if summary.keys() != OBJECT:
        yield f"keys {sorted(summary.keys() ^ OBJECT)} are missing or unknown"
    if (summary["flow"], summary["period"]) != (flow, period):
        yield f"flow and period are {summary['flow']}, {summary['period']}"
    if summary["status"] not in STATUSES:
        yield f"status is {summary['status']}"
    yield from _rows(_mapping(summary["rows"]))
    yield from _figures(_mapping(summary["figures"]))
    for one in _sequence(summary["exceptions"]):
        yield from _exception(_mapping(one))
    for path in _sequence(summary["reports"]):
        if not re.fullmatch(rf"reports/{flow}/{period}/.+\.html", str(path)):
            yield f"a report lies at {path}"
    for mail in _sequence(summary["mails"]):
        if _mapping(mail).keys() != {"to", "subject", "state"}:
            yield f"a mail is {mail}"


COUNT_FIGURES = {
    "sites_expected": "count", "sites_counted": "count", "lines": "count", "lines_counted": "count",
    "lines_off": "count", "surplus_value": "money", "shortage_value": "money", "accuracy_by_line": "share",
    "accuracy_by_value": "share", "adjustments_posted": "count",
}  # fmt: skip


def faults_of_count(summary: Mapping[str, object], period: str) -> Iterator[str]:
    """What the object of a stocktake does not fulfil, a sentence each."""
    if summary.keys() != OBJECT:
        yield f"keys {sorted(summary.keys() ^ OBJECT)} are missing or unknown"
    if (summary["flow"], summary["period"]) != ("stocktake", period):
        yield f"flow and period are {summary['flow']}, {summary['period']}"
    yield from _rows(_mapping(summary["rows"]))
    values = _mapping(summary["figures"])
    for name, wanted in COUNT_FIGURES.items():
        value = values[name]
        if wanted == "count" and type(value) is not int:
            yield f"figure {name} is {value!r}, not a count"
        if wanted in FORMS and value is not None and not FORMS[wanted].fullmatch(str(value)):
            yield f"figure {name} is {value!r}, not a {wanted}"


def _rows(rows: Mapping[str, object]) -> Iterator[str]:
    for dataset, counts in rows.items():
        of = _mapping(counts)
        if of.keys() != {"read", "accepted", "quarantined", "repeated"}:
            yield f"rows of {dataset} are {of}"
        elif not all(type(value) is int and value >= 0 for value in of.values()):
            yield f"rows of {dataset} are no counts: {of}"
        elif of["read"] != sum(int(str(of[name])) for name in ("accepted", "quarantined", "repeated")):
            yield f"rows of {dataset} are lost: {of}"


def _figures(figures: Mapping[str, object]) -> Iterator[str]:
    for name in FIGURES.keys() - figures.keys():
        yield f"figure {name} is missing"
    for name, value in figures.items():
        wanted = FIGURES.get(name, "count" if type(value) is int else "")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            yield f"figure {name} is not in snake case"
        if isinstance(value, float):
            yield f"figure {name} is a binary fraction"
        if wanted == "count" and (type(value) is not int or value < 0):
            yield f"figure {name} is {value!r}, not a count"
        if wanted in FORMS and value is not None and not FORMS[wanted].fullmatch(str(value)):
            yield f"figure {name} is {value!r}, not a {wanted}"


def _exception(one: Mapping[str, object]) -> Iterator[str]:
    if not one.keys() >= EXCEPTION:
        yield f"an exception lacks {sorted(EXCEPTION - one.keys())}"
    wanted = {"id": "id", "date": "date", "opened_on": "date"}
    for name, form in wanted.items():
        if not FORMS[form].fullmatch(str(one[name])):
            yield f"{name} is {one[name]!r}"
    for ref in _sequence(one["refs"]):
        if not FORMS["ref"].fullmatch(str(ref)):
            yield f"a reference is {ref!r}"
    if one["value"] is not None and not FORMS["money"].fullmatch(str(one["value"])):
        yield f"value is {one['value']!r}"
    if type(one["age_working_days"]) is not int or int(str(one["age_working_days"])) < 0:
        yield f"age is {one['age_working_days']!r}"
    if one["severity"] not in {"high", "medium", "low"} or one["state"] not in STATES:
        yield f"severity and state are {one['severity']}, {one['state']}"
    if not re.fullmatch("[A-Z]+(_[A-Z]+)*", str(one["kind"])):
        yield f"kind is {one['kind']!r}"
    texts = ("site", "warehouse", "item", "expected", "found", "owner", "message")
    yield from (f"{name} is {one[name]!r}, no text" for name in texts if not isinstance(one[name], str))
    if not one["message"]:
        yield "an exception says nothing"


def _mapping(value: object) -> Mapping[str, object]:
    assert isinstance(value, dict), f"{value!r} is no object"
    return value


def _sequence(value: object) -> list[object]:
    assert isinstance(value, list), f"{value!r} is no list"
    return value
