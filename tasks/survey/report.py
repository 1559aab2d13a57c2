"""The report of a survey's period to the quality manager or a department, without a language (spec 05, report)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from tasks.domain.message import Message, message
from tasks.domain.report import Chart, Report, Series, Table
from tasks.survey.facts import SurveyFacts, percent
from tasks.survey.report_figures import (
    changes_table,
    department_bars,
    kept_table,
    parts_bars,
    parts_periods_table,
    periods_table,
    question_bars,
    ranking_table,
    weakest_table,
)
from tasks.survey.report_lists import (
    breaks_table,
    complaints_tables,
    coverage_table,
    explained_table,
    missed_table,
    quarantined_table,
    remarks_tables,
    repeated_table,
    unknown_table,
    versions_table,
    words_table,
    yearly_table,
)
from tasks.survey.report_parts import FLOW, beyond, share, word
from tasks.survey.shapes import OVERALL

_DEFINED = ("forms", "satisfaction", "answered", "interval", "top2", "response", "followups", "complaints", "changes")


def survey_report(facts: SurveyFacts, notes: tuple[Message, ...]) -> Report:
    """The report of `facts` to their reader with what is to be noted."""
    tables = tuple(_tables(facts))
    return Report(
        flow=FLOW,
        period=facts.period,
        audience=facts.reader,
        title=message("survey.title"),
        subtitle=_subtitle(facts),
        status=facts.status,
        headline=_headline(facts),
        figures=facts.shown_figures,
        charts=tuple(_charts(facts)),
        tables=tables,
        next_steps=tuple(_next_steps(facts)) or (word("next.nothing"),),
        notes=(*notes, *_own_notes(facts), *beyond(tables, _whole(facts))),
        definitions=tuple(_definitions(facts)),
        inputs=tuple(_inputs(facts)),
        tone="warn" if facts.still or len(facts.alive) else "good",
    )


def _subtitle(facts: SurveyFacts) -> Message:
    days = {"first": facts.first.isoformat(), "last": facts.last.isoformat()}
    going = facts.as_of < facts.last
    span = word("span_going_on", **days, today=facts.as_of.isoformat()) if going else word("span", **days)
    if facts.reader:
        return word("subtitle.department", department=facts.reader, span=span)
    return word("subtitle.whole", span=span)


def _headline(facts: SurveyFacts) -> Message:
    return word("headline.both", satisfied=_how_satisfied(facts), complaints=_complaints(facts))


def _how_satisfied(facts: SurveyFacts) -> Message:
    line, target = facts.whole, facts.target.satisfaction
    if line is None or not line["returned"]:
        return word("headline.no_forms")
    if line["hidden"] or line["satisfaction"] is None:
        return word("headline.no_answers", forms=int(line["returned"]))
    value = percent(line["satisfaction"], target)
    if line["few"]:
        return word("headline.few", value=value, forms=int(line["returned"]))
    if target is None:
        return word("headline.no_target", value=value, forms=int(line["returned"]))
    reached = "met" if line["satisfaction"] >= target else "below"
    return word(f"headline.{reached}", value=value, target=percent(target), forms=int(line["returned"]))


def _complaints(facts: SurveyFacts) -> Message:
    if len(facts.overdue):
        return word("headline.overdue", count=len(facts.alive), overdue=len(facts.overdue))
    return word("headline.complaints", count=len(facts.alive)) if len(facts.alive) else word("headline.no_complaints")


def _charts(facts: SurveyFacts) -> Iterable[Chart]:
    """Satisfaction and returned forms of the last periods; none before the second."""
    own = facts.trend[facts.trend["question"] == OVERALL]
    dimension = "department" if facts.reader else "total"
    own = own[(own["dimension"] == dimension) & (own["value"] == facts.reader)].sort_values("period")
    if len(own) < 2:  # noqa: PLR2004 - a line needs two points
        return
    dates = tuple(day.date() for day in own["period"])
    target = facts.target.satisfaction
    reached = tuple(share(one, target) for one in own["satisfaction"])
    series = [Series("satisfaction", word("series.satisfaction"), reached, "share")]
    if target is not None:
        series.append(Series("target", word("series.target"), (share(target),) * len(own), "share"))
    series.append(Series("returned", word("series.returned"), tuple(int(number) for number in own["returned"])))
    yield Chart("trend", word("chart.trend"), dates, tuple(series), "line", months=True)


def _tables(facts: SurveyFacts) -> Iterable[Table]:
    yield breaks_table(facts)
    yield ranking_table(facts)
    yield question_bars(facts)
    yield department_bars(facts)
    yield parts_bars(facts)
    if not facts.reader:
        yield weakest_table(facts)
    yield changes_table(facts)
    yield periods_table(facts)
    yield from complaints_tables(facts)
    if facts.coverage is not None:
        yield missed_table(facts)
        yield coverage_table(facts)
    yield kept_table(facts, "action")
    yield kept_table(facts, "commendation")
    yield from remarks_tables(facts)
    if not facts.reader:
        yield words_table(facts)
    yield unknown_table(facts)
    yield yearly_table(facts)
    yield versions_table(facts)
    yield repeated_table(facts)
    yield explained_table(facts)
    yield parts_periods_table(facts)
    if not facts.reader:
        yield quarantined_table(facts)


def _next_steps(facts: SurveyFacts) -> Iterable[Message]:
    alive = facts.alive
    found = {
        "overdue": len(facts.overdue),
        "sort": int((alive["sort"] == "").sum()),
        "handle": int((alive["state"] == "open").sum()),
        "call": int((alive["state"] == "handled").sum()),
        "followups": sum(one.kind == "FOLLOWUP_MISSED" for one in facts.still),
        "actions": int(((facts.measures["kind"] == "action") & (facts.measures["state"] == "open")).sum()),
        "commendations": int(((facts.measures["kind"] == "commendation") & (facts.measures["state"] == "open")).sum()),
        "unknown": len(facts.unknowns),
        "quarantined": len(facts.quarantined.drop_duplicates(["file", "sheet", "row"])),
    }
    for name, count in found.items():
        if count:
            yield word(f"next.{name}", count=count)
    other = Counter(one.kind for one in facts.still)
    if other["NOT_SENT"] or other["REPEATED_FORM"] or other["REPEATED_CUSTOMER"]:
        yield word("next.forms", count=other["NOT_SENT"] + other["REPEATED_FORM"] + other["REPEATED_CUSTOMER"])
    if facts.still:
        yield word("next.answers")


def _own_notes(facts: SurveyFacts) -> Iterable[Message]:
    for dataset in ("dispatches", "followups"):
        if dataset not in facts.delivered:
            yield word(f"note.no_{dataset}")
    rate = None if facts.whole is None or facts.whole["hidden"] else facts.whole["response_rate"]
    if rate is not None and rate > 1:
        yield word("note.more_than_sent", rate=percent(rate))
    hidden = facts.answers.loc[facts.answers["hidden"] & (facts.answers["dimension"] == "department"), "value"]
    if len(hidden):
        yield word("note.hidden", count=len(hidden), small=facts.policy.small)


def _whole(facts: SurveyFacts) -> dict[str, int]:
    """How many rows there are of what may be longer than a report holds."""
    earlier = int((facts.cases["period"] < pd.Timestamp(facts.first)).sum())
    graver = int((facts.remarks["rating"] == "dissatisfied").sum())
    return {
        "exceptions": len(facts.still),
        "explained": len(facts.explained),
        "complaints": len(facts.cases) - earlier,
        "carried": earlier,
        "remarks": graver,
        "other_remarks": len(facts.remarks) - graver,
        "quarantined": len(facts.quarantined),
    }


def _definitions(facts: SurveyFacts) -> Iterable[Message]:
    for name in _DEFINED:
        yield word(f"definition.{name}")
    if (facts.figures["effective"] != facts.figures["returned"]).any():
        yield word("definition.weighted")
    yield word("definition.few", minimum=facts.policy.minimum)
    yield word("definition.conclusive_always" if facts.policy.always_open else "definition.conclusive")
    yield word("definition.small", small=facts.policy.small)


def _inputs(facts: SurveyFacts) -> Iterable[Message]:
    for dataset, counts in facts.rows.items():
        if counts["read"]:
            yield message("survey.input", dataset=message(f"survey.dataset.{dataset}"), **counts)
