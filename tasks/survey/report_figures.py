"""The tables of the survey's figures: ranking, distributions, what changed, trend and targets (spec 05, report)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from tasks.domain.message import Message
from tasks.domain.report import Bars, Table, Value
from tasks.domain.shaping import each
from tasks.survey.facts import SurveyFacts, mean_of
from tasks.survey.figures import target_of
from tasks.survey.report_parts import ROWS_MAX, dated, drawn, named, question_name, said, share, word
from tasks.survey.shapes import OVERALL

_RATINGS = ("n5", "n4", "n3", "n2", "n1")
_STACK = Bars("stack", _RATINGS, (*_RATINGS, "unanswered", "top2", "mean"))
_INTERVAL = Bars(
    "interval", ("low", "satisfaction", "high", "target"),
    ("returned", "satisfied", "low", "high", "target", "response_rate"),
)  # fmt: skip
# A response rate is spoken of where it is too low; who answers is not asked to be praised for it.
_JUDGED = {"satisfaction": ("met", "below"), "response_rate": ("below",)}
_P_SHOWN_MIN = Decimal("0.001")
_PARTS = ("product", "channel")
_OWN_PARTS = {"department_product": "product", "department_channel": "channel"}
_DIMENSIONS = ("total", "total_group", "department", *_PARTS)


def ranking_table(facts: SurveyFacts) -> Table:
    """The departments from the most to the least satisfied, with intervals; too few forms are listed, never ranked."""
    rows = facts.answers[facts.answers["dimension"] == "department"]
    apart = rows["few"] | rows["hidden"] | rows["satisfaction"].isna()
    ranked = rows[~apart].sort_values(["satisfaction", "returned", "value"], ascending=[False, False, True])
    # Equals share a place. Where one that may be ranked is hidden, nobody's place is known.
    places = [1 + sum(other > own for other in ranked["satisfaction"]) for own in ranked["satisfaction"]]
    known = not (rows["hidden"] & ~rows["few"]).any()
    listed = [_ranked(facts, row, place if known else None) for place, row in zip(places, each(ranked), strict=True)]
    rest = rows[apart].sort_values(["hidden", "value"])
    listed += [_unranked(facts, row) for row in each(rest)]
    listed += [
        _pooled(facts, row) for row in each(facts.answers[facts.answers["dimension"] == "total"]) if not row.hidden
    ]
    return drawn(
        "departments", listed, ("department", "text", 18), ("place", "count", 6), ("returned", "count", 8),
        ("satisfied", "count", 8), ("satisfaction", "share", 10), ("low", "share", 10), ("high", "share", 10),
        ("target", "share", 10), ("response_rate", "share", 10), ("mark", "wording", 22), shown=40, bars=_INTERVAL,
    )  # fmt: skip


def _pooled(facts: SurveyFacts, row: Any) -> list[Value]:
    """All departments together, which have no place among themselves."""
    told = _unranked(facts, row) if row.few or row.satisfaction is None else _ranked(facts, row, None)
    return [word("dimension.total"), *told[1:-1], None]


def _ranked(facts: SurveyFacts, row: Any, place: int | None) -> list[Value]:
    target = target_of(facts.policy, row.value)
    goal = target.satisfaction
    return [
        row.value, place, int(row.returned), int(row.satisfied), share(row.satisfaction, goal),
        share(row.satisfaction_low, goal), share(row.satisfaction_high, goal), share(goal),
        share(row.response_rate, target.response_rate), _mark(facts, row.value),
    ]  # fmt: skip


def _unranked(facts: SurveyFacts, row: Any) -> list[Value]:
    target = target_of(facts.policy, row.value)
    if row.hidden:
        return [row.value, None, None, None, None, None, None, None, None, word("mark.hidden")]
    few = word("mark.too_few", count=target.minimum) if row.returned and row.few else word("mark.no_answers")
    rate = share(row.response_rate, target.response_rate)
    return [
        row.value, None, int(row.returned), int(row.satisfied), None, None, None, share(target.satisfaction), rate, few
    ]  # fmt: skip


def _mark(facts: SurveyFacts, department: str) -> Message:
    """How the department stands to its targets, in a word or two."""
    said = [
        word(f"mark.{row.measure}.{row.mark}" if row.conclusive else f"mark.{row.measure}.{row.mark}_open")
        for row in each(facts.marks[facts.marks["department"] == department])
        if row.mark in _JUDGED[row.measure]
    ]
    if len(said) > 1:
        return word("mark.both", satisfaction=said[0], rate=said[1])
    return said[0] if said else word("mark.none")


def department_bars(facts: SurveyFacts) -> Table:
    """How often each rating was given, by department; hidden ones are listed without figures."""
    rows = facts.answers[facts.answers["dimension"] == "department"].sort_values(["hidden", "value"])
    return _stack(facts, "by_department", ("department", "text", 18), [(row.value, row) for row in each(rows)])


def parts_bars(facts: SurveyFacts) -> Table:
    """How often each rating was given, by product and channel; of a department its own."""
    whole = facts.figures
    if facts.reader:
        own = whole[whole["dimension"].isin(_OWN_PARTS) & (whole["value"] == facts.reader)]
        rows = own.assign(value=own["question"], dimension=own["dimension"].map(_OWN_PARTS))
    else:
        rows = facts.answers[facts.answers["dimension"].isin(_PARTS)]
    rows = rows.assign(at=rows["dimension"].map(_PARTS.index)).sort_values(
        ["at", "returned", "value"], ascending=[True, False, True]
    )
    rated = [(word(f"part.{row.dimension}", value=named(row.value)), row) for row in each(rows[~rows["hidden"]])]
    return _stack(facts, "by_part", ("part", "wording", 24), rated)


def question_bars(facts: SurveyFacts) -> Table:
    """How often each answer was given, by question, the overall rating first, then each group over its questions."""
    dimension = "department" if facts.reader else "total"
    own = facts.figures[facts.figures["value"] == facts.reader]
    groups = {row.question: row for row in each(own[own["dimension"] == f"{dimension}_group"])}
    asked = own[own["dimension"] == dimension].merge(
        facts.questions[["question", "group", "place"]], on="question", how="left", suffixes=("", "_of")
    )
    first = asked.groupby("group")["place"].transform("min")
    asked = asked.assign(item=asked["question"] != OVERALL, at=first).sort_values(["item", "at", "place"])
    rated: list[tuple[Message, Any]] = []
    before = ""
    for row in each(asked):
        if row.group and row.group != before and row.group in groups:
            rated.append((word("group", group=row.group), groups[row.group]))
        before = row.group
        rated.append((_item(facts, row), row))
    return _stack(facts, "by_question", ("question", "wording", 26), rated, shown=40)


def _stack(
    facts: SurveyFacts, name: str, head: tuple[str, Any, int], rated: Iterable[tuple[Value, Any]], shown: int = 20
) -> Table:
    rows = [[label, *([None] * 10 if row.hidden else _distribution(row, _goal(facts, row)))] for label, row in rated]
    return drawn(
        name, rows, head, ("returned", "count", 8), *((rating, "count", 8) for rating in _RATINGS),
        ("unanswered", "count", 8), ("satisfaction", "share", 10), ("top2", "share", 10), ("mean", "money", 8),
        shown=shown, bars=_STACK,
    )  # fmt: skip


def _goal(facts: SurveyFacts, row: Any) -> Fraction | None:
    """What the satisfaction of a row is held against, or would be."""
    department = row.value if row.dimension.startswith("department") else facts.reader
    return target_of(facts.policy, department).satisfaction


def _distribution(row: Any, goal: Fraction | None) -> list[Value]:
    counts = [int(getattr(row, rating)) for rating in _RATINGS]
    left = int(row.returned) - int(row.valid)
    if row.few:
        return [int(row.returned), *counts, left, word("few") if row.returned else None, None, None]
    return [int(row.returned), *counts, left, share(row.satisfaction, goal), share(row.top2_share), mean_of(row.mean)]


def weakest_table(facts: SurveyFacts) -> Table:
    """Each question of each department, the least satisfied first; too few answers are not listed."""
    rows = facts.figures[facts.figures["dimension"] == "department"]
    rows = rows[~(rows["few"] | rows["hidden"]) & rows["satisfaction"].notna()]
    rows = rows.sort_values(["satisfaction", "returned", "value"], ascending=[True, False, True]).head(ROWS_MAX)
    listed = [
        (_item(facts, row), row.value, int(row.returned), share(row.satisfaction, _goal(facts, row)),
         share(row.satisfaction_low), share(row.satisfaction_high))
        for row in each(rows)
    ]  # fmt: skip
    return drawn(
        "weakest", listed, ("question", "wording", 26), ("department", "text", 16), ("returned", "count", 8),
        ("satisfaction", "share", 10), ("low", "share", 10), ("high", "share", 10),
    )  # fmt: skip


def periods_table(facts: SurveyFacts) -> Table:
    """The last periods of all that the reader answers for, the newest first."""
    own = facts.trend[facts.trend["question"] == OVERALL]
    dimension = "department" if facts.reader else "total"
    own = own[(own["dimension"] == dimension) & (own["value"] == facts.reader) & ~own["hidden"]]
    goal = facts.target.satisfaction
    rows = [
        (f"{row.period:%Y-%m}", int(row.returned), int(row.satisfied), share(row.satisfaction, goal),
         share(row.satisfaction_low, goal), share(row.satisfaction_high, goal))
        for row in each(own.sort_values("period", ascending=False))
    ]  # fmt: skip
    return drawn(
        "periods", rows, ("period", "text", 10), ("returned", "count", 8), ("satisfied", "count", 8),
        ("satisfaction", "share", 10), ("low", "share", 10), ("high", "share", 10), shown=12,
    )  # fmt: skip


def parts_periods_table(facts: SurveyFacts) -> Table:
    """The last periods of each department, product and channel, then of the reader's questions; for the workbook."""
    shown = facts.trend[~facts.trend["hidden"]]
    whole = shown["question"] == OVERALL
    parts = shown[whole & shown["dimension"].isin(("department", *_PARTS))]
    parts = parts.sort_values(["dimension", "value", "period"], ascending=[True, True, False])
    dimension = "department" if facts.reader else "total"
    asked = shown[~whole & (shown["dimension"] == dimension) & (shown["value"] == facts.reader)]
    asked = asked.sort_values(["question", "period"], ascending=[True, False])
    rows = [(word(f"dimension.{row.dimension}"), named(row.value), row) for row in each(parts.head(ROWS_MAX))]
    rows += [(word("dimension.question"), _item(facts, row), row) for row in each(asked.head(ROWS_MAX))]
    listed = [
        (what, value, f"{row.period:%Y-%m}", int(row.returned), int(row.satisfied),
         None if row.few else share(row.satisfaction, _goal(facts, row)))
        for what, value, row in rows
    ]  # fmt: skip
    return drawn(
        "parts_periods", listed, ("dimension", "wording", 12), ("value", "wording", 18), ("period", "text", 10),
        ("returned", "count", 8), ("satisfied", "count", 8), ("satisfaction", "share", 10), shown=6,
    )  # fmt: skip


def changes_table(facts: SurveyFacts) -> Table:
    """What changed against the period before: what is significant first, the overall rating before single questions."""
    rows = facts.changes[facts.changes["dimension"].isin(_DIMENSIONS)]
    rows = rows.assign(
        size=[abs(change or Fraction(0)) for change in rows["change"]],
        at=rows["dimension"].map(_DIMENSIONS.index),
        item=rows["question"] != OVERALL,
    ).sort_values(
        ["significant", "item", "at", "size", "value", "question"], ascending=[False, *[True] * 2, False, True, True]
    )
    listed = [
        (_changed(facts, row), word(f"dimension.{row.dimension}"), int(row.n_before),
         share(row.before, _goal(facts, row)), int(row.n_now), share(row.now, _goal(facts, row)), _points(row.change),
         word("significant" if row.significant else "not_significant"), _p_text(row.p_value))
        for row in each(rows.head(ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "changes", listed, ("about", "wording", 24), ("dimension", "wording", 10), ("n_before", "count", 8),
        ("before", "share", 10), ("n_now", "count", 8), ("now", "share", 10), ("points", "quantity", 10),
        ("verdict", "wording", 12), ("p_value", "text", 8), shown=15,
    )  # fmt: skip


def _changed(facts: SurveyFacts, row: Any) -> Message:
    if row.dimension == "total_group":
        return word("group", group=row.question)
    if row.dimension == "total":
        return _item(facts, row)
    return (
        named(row.value) if row.question == OVERALL else word("of", value=named(row.value), question=_item(facts, row))
    )


def _item(facts: SurveyFacts, row: Any) -> Message:
    """The question of a row as people read it."""
    return question_name(row.question, facts.names.get(row.question) or row.name or row.question)


def _points(change: Fraction | None) -> int | None:
    """A change in percentage points, half up to one place, as a quantity."""
    if change is None:
        return None
    size = int(abs(change) * 1000 + Fraction(1, 2)) * 1000
    return -size if change < 0 else size


def _p_text(p_value: Any) -> str | None:
    if p_value is None:
        return None
    return f"{p_value:.3f}" if p_value >= _P_SHOWN_MIN else f"<{_P_SHOWN_MIN}"


def _reason(row: Any) -> Message | None:
    # What a run withdraws by itself has no reason of anybody's.
    return word("turned") if row.state == "withdrawn" and not row.reason else said(row.reason)


def kept_table(facts: SurveyFacts, kind: str) -> Table:
    """The corrective actions, or the commendations, with what became of them."""
    rows = facts.measures[facts.measures["kind"] == kind]
    rows = rows.assign(at=pd.to_numeric(rows["number"], errors="coerce"))
    rows = rows.sort_values(["state", "due_on", "department", "at"])
    listed = [
        (row.number, row.department, word(f"measure.{row.measure}"), f"{row.period:%Y-%m}",
         share(row.value, row.target), share(row.target), dated(row.opened_on), dated(row.due_on),
         word(f"measure_state.{row.state}"), dated(row.closed_on), row.owner, _reason(row))
        for row in each(rows.head(ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        f"{kind}s", listed, ("number", "text", 10), ("department", "text", 16), ("measure_of", "wording", 12),
        ("period", "text", 10), ("found_share", "share", 10), ("target", "share", 10), ("opened_on", "date", 12),
        ("due_on", "date", 12), ("state", "wording", 10), ("closed_on", "date", 12), ("owner", "text", 12),
        ("reason", "wording", 40), shown=20,
    )  # fmt: skip
