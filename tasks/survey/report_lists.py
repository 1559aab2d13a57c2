"""The lists of the survey's report: breaks, complaints, follow-ups, remarks, words and what was set aside (spec 05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import reduce

import pandas as pd

from tasks.domain.breaks import Break, age_of
from tasks.domain.message import Message, message, message_from_json
from tasks.domain.report import Table, Value
from tasks.domain.shaping import each
from tasks.survey.facts import MISSED, SurveyFacts
from tasks.survey.masking import masked
from tasks.survey.report_parts import (
    ROWS_MAX,
    as_it_is,
    dated,
    drawn,
    named,
    question_name,
    rating_name,
    said,
    share,
    word,
)
from tasks.survey.shapes import OVERALL

_NAMED_MAX = 8
_RATINGS = ("dissatisfied", "neutral", "satisfied")
# The whole of what dissatisfied customers wrote stands on the page, as far as a page can hold it.
_COMPLETE = 200
_BY = ("total", "sort", "department", "question", "month")


def breaks_table(facts: SurveyFacts) -> Table:
    """What people still have to work on, as a form for their answers."""
    return replace(_listed_breaks("exceptions", facts.still, facts), answers=True)


def explained_table(facts: SurveyFacts) -> Table:
    """What somebody explained and lies quiet."""
    return _listed_breaks("explained", facts.explained, facts)


def _listed_breaks(name: str, breaks: Iterable[Break], facts: SurveyFacts) -> Table:
    rows = [
        (
            one.id, message(f"survey.kind.{one.kind}"), message(f"survey.severity.{one.severity}"),
            message(f"register.state.{one.state}"), _without_phones(one, one.item), one.department,
            one.expected, masked(one.found), age_of(one, facts.as_of), one.owner, one.message,
            _without_phones(one, " ".join(one.refs)),
        )
        for one in [*breaks][:ROWS_MAX]
    ]  # fmt: skip
    return drawn(
        name, rows, ("id", "text", 18), ("kind", "wording", 16), ("severity", "wording", 8), ("state", "wording", 10),
        ("item", "text", 18), ("department", "text", 14), ("expected", "text", 12), ("found", "text", 12),
        ("working_days_open", "count", 8), ("owner", "text", 12), ("message", "wording", 60), ("refs", "text", 40),
    )  # fmt: skip


def _without_phones(one: Break, text: str) -> str:
    # Whom nobody called must be known, or nobody can call.
    return text if one.kind == "FOLLOWUP_MISSED" else masked(text)


def complaints_tables(facts: SurveyFacts) -> Iterable[Table]:
    """The complaints of the period, the most urgent of those that live on top; and those still alive of earlier ones.

    However many are carried along, what came with this period stands in a list of its own.
    """
    earlier = facts.cases["period"] < pd.Timestamp(facts.first)
    yield _complaints("complaints", facts, facts.cases[~earlier])
    if earlier.any():
        yield _complaints("carried", facts, facts.cases[earlier])


def _complaints(name: str, facts: SurveyFacts, cases: pd.DataFrame) -> Table:
    rows = cases.assign(late=cases.index.isin(facts.overdue.index), live=cases.index.isin(facts.alive.index))
    rows = rows.assign(number=pd.to_numeric(rows["case"], errors="coerce"))
    rows = rows.sort_values(["live", "due_on", "opened_on", "number"], ascending=[False, True, True, True])
    listed = [
        (row.form, masked(row.customer), question_name(row.question, row.name), rating_name(row.rating), row.handled_by,
         word(f"sort.{row.sort or 'none'}"), word(f"case_state.{'overdue' if row.late else row.state}"),
         dated(row.due_on), row.owner, _quoted(row.remark), said(row.measure), row.case,
         row.department, dated(row.opened_on), dated(row.handled_on), dated(row.called_on))
        for row in each(rows.head(ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        name, listed, ("form", "text", 16), ("customer", "text", 16), ("question", "wording", 18),
        ("rating", "wording", 10), ("handled_by", "text", 14), ("sort", "wording", 12), ("state", "wording", 12),
        ("due_on", "date", 12), ("owner", "text", 12), ("remark", "wording", 40), ("measure", "wording", 30),
        ("case", "text", 30), ("department", "text", 30), ("opened_on", "date", 30), ("handled_on", "date", 30),
        ("called_on", "date", 30), shown=20,
    )  # fmt: skip


def _quoted(text: str) -> Message | None:
    return word("quoted", text=masked(text)) if text else None


def coverage_table(facts: SurveyFacts) -> Table:
    """The follow-up calls by department: how many were due, and how many were made in time."""
    rows: list[tuple[Value, ...]] = []
    if facts.coverage is not None:
        counted = pd.crosstab(facts.coverage["department"], facts.coverage["state"])
        for department, states in counted.sort_index().iterrows():
            number = {name: int(states.get(name, 0)) for name in ("covered", *MISSED, "waiting")}
            due = sum(number.values()) - number["waiting"]
            rate = share(Fraction(number["covered"], due)) if due else None
            rows.append(
                (named(str(department)), due, number["covered"], number["late"], number["missed"],
                 number["unrecorded"], number["waiting"], rate)
            )  # fmt: skip
    return drawn(
        "coverage", rows, ("department", "wording", 18), ("due", "count", 8), ("covered", "count", 8),
        ("late", "count", 8), ("missed", "count", 8), ("unrecorded", "count", 8), ("waiting", "count", 8),
        ("coverage", "share", 10), shown=20,
    )  # fmt: skip


def missed_table(facts: SurveyFacts) -> Table:
    """The member customers whom nobody called in time, one service a row."""
    rows = facts.coverage
    listed: list[tuple[Value, ...]] = []
    if rows is not None:
        rows = rows[rows["state"].isin(MISSED)]
        rows = rows.assign(at=rows["state"].map(MISSED.index))
        listed = [
            (row.customer, row.department, word(f"coverage.{row.state}"), dated(row.service_on),
             dated(row.due_on), dated(row.called_on))
            for row in each(rows.sort_values(["at", "due_on", "department", "customer"]).head(ROWS_MAX))
        ]  # fmt: skip
    return drawn(
        "missed", listed, ("customer", "text", 20), ("department", "text", 16), ("coverage_state", "wording", 14),
        ("service_on", "date", 12), ("due_on", "date", 12), ("called_on", "date", 12), shown=20,
    )  # fmt: skip


def remarks_tables(facts: SurveyFacts) -> Iterable[Table]:
    """What dissatisfied customers wrote, whole; and what the others did."""
    rows = facts.remarks.assign(at=facts.remarks["rating"].map(_RATINGS.index))
    rows = rows.sort_values(["department", "at", "place"])
    graver = rows["rating"] == "dissatisfied"
    for name, some, shown in (("remarks", rows[graver], _COMPLETE), ("other_remarks", rows[~graver], 10)):
        listed = [
            (row.form, row.department, row.product, row.question, word(f"remark_rating.{row.rating}"),
             as_it_is(row.text))
            for row in each(some.head(ROWS_MAX))
        ]  # fmt: skip
        yield drawn(
            name, listed, ("form", "text", 16), ("department", "text", 16), ("product", "text", 16),
            ("complained", "text", 16), ("remark_rating", "wording", 10), ("remark", "wording", 60), shown=shown,
        )  # fmt: skip


def words_table(facts: SurveyFacts) -> Table:
    """The words that stand in most remarks."""
    rows = [(row.word, int(row.forms), int(row.dissatisfied)) for row in each(facts.words)]
    return drawn("words", rows, ("word", "text", 16), ("forms", "count", 8), ("dissatisfied", "count", 8), shown=30)


def unknown_table(facts: SurveyFacts) -> Table:
    """The words that nobody has explained, the most frequent first."""
    rows: list[tuple[Value, ...]] = []
    for value, own in facts.unknowns.groupby("value", sort=True):
        questions = [*dict.fromkeys(question_name(*pair) for pair in zip(own["question"], own["name"], strict=True))]
        forms = [*dict.fromkeys(own["form"])]
        rows.append((masked(str(value)), len(own), len(forms), _joined(questions), _some(forms)))
    rows.sort(key=lambda row: (-int(str(row[1])), str(row[0])))
    return drawn(
        "unknown", rows[:ROWS_MAX], ("value_found", "text", 16), ("answers", "count", 8), ("forms", "count", 8),
        ("questions", "wording", 30), ("forms_named", "text", 40), shown=20,
    )  # fmt: skip


def yearly_table(facts: SurveyFacts) -> Table:
    """The complaints of the calendar year, for management review."""
    rows = facts.yearly.assign(at=facts.yearly["by"].map(_BY.index))
    listed = [
        (word(f"yearly.{row.by}"), _yearly_value(row.by, row.value), int(row.opened), int(row.open), int(row.closed),
         int(row.in_time), int(row.overdue), None if row.days is None else int(row.days.scaleb(4)))
        for row in each(rows.sort_values(["at"], kind="stable"))
    ]  # fmt: skip
    return drawn(
        "yearly", listed, ("about", "wording", 16), ("by", "wording", 12), ("opened", "count", 8), ("open", "count", 8),
        ("closed", "count", 8), ("in_time", "count", 8), ("overdue", "count", 8), ("days", "quantity", 8), shown=30,
    )  # fmt: skip


def _yearly_value(by: str, value: str) -> Message:
    if by == "total":
        return word("yearly.whole")
    if by == "sort":
        return word(f"sort.{value or 'none'}")
    if by == "question" and value == OVERALL:
        return word("overall")
    return named(value)


def versions_table(facts: SurveyFacts) -> Table:
    """The forms that came more than once, every version, with the one that counts."""
    rows = facts.forms[facts.forms["versions"] > 1].sort_values(["form_key", "version"])
    listed = [
        (row.form, int(row.version), word("counts" if row.counts else "counts_not"), row.department,
         masked(row.customer), dated(row.returned_on), rating_name(row.overall), row.file, int(row.row))
        for row in each(rows.head(ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "versions", listed, ("form", "text", 16), ("version", "count", 8), ("counting", "wording", 10),
        ("department", "text", 16), ("customer", "text", 16), ("returned_on", "date", 12), ("overall", "wording", 10),
        ("file", "text", 24), ("row", "count", 6),
    )  # fmt: skip


def repeated_table(facts: SurveyFacts) -> Table:
    """The customers of whom several forms count."""
    own = facts.forms[facts.forms["counts"] & (facts.forms["customer_key"] != "")]
    often = own[own.groupby("customer_key")["form_key"].transform("size") > 1]
    rows = [
        (masked(of["customer"].iloc[0]), len(of), _some([*dict.fromkeys(of["department"])]), _some(of["form"].tolist()))
        for _, of in often.groupby("customer_key", sort=True)
    ]
    rows.sort(key=lambda row: -row[1])
    return drawn(
        "repeated", rows[:ROWS_MAX], ("customer", "text", 20), ("forms", "count", 8), ("departments", "text", 24),
        ("forms_named", "text", 40),
    )  # fmt: skip


def _joined(names: list[Message]) -> Message:
    """The first of the names, one after another."""
    shown = names[:_NAMED_MAX] + [as_it_is("…")] * (len(names) > _NAMED_MAX)
    return reduce(lambda before, last: word("joined", before=before, last=last), shown)


def _some(names: list[str]) -> str:
    return "、".join(names[:_NAMED_MAX]) + ("…" if len(names) > _NAMED_MAX else "")


def quarantined_table(facts: SurveyFacts) -> Table:
    """Every cell that was not taken in, and why."""
    rows = [
        (message(f"survey.dataset.{row.dataset}"), row.file, row.sheet, row.row, row.column, masked(row.value),
         message_from_json(row.reason))
        for row in each(facts.quarantined.head(ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "quarantined", rows, ("dataset", "wording", 14), ("file", "text", 24), ("sheet", "text", 10),
        ("row", "count", 6), ("column", "text", 12), ("quarantined_value", "text", 14), ("reason", "wording", 40),
    )  # fmt: skip
