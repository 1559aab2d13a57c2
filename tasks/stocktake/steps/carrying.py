"""Brings one count on: compares what came back, asks, posts, reports, closes what is over; all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection, select

from config.erp_import import load_layout
from tasks.adapters.speech import spoken
from tasks.adapters.store import Store, exclusive, open_store
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.report import Report, figure_values
from tasks.domain.working_days import next_working_day, working_days_between
from tasks.intake.steps import MASTERS, quarantined_of_period, rows_of_period
from tasks.mail.outbox import OutboxMail
from tasks.register.runs import Run, record_run
from tasks.stocktake.deciding import groups_to_decide, lapsed_approvals
from tasks.stocktake.facts import CountFacts
from tasks.stocktake.report_tables import off_lines
from tasks.stocktake.reviews import Conduct, by_cause, repeated_shortages, reviews
from tasks.stocktake.steps.collecting import sheets_collected
from tasks.stocktake.steps.comparing import (
    Judged,
    cured,
    judged_count,
    keep_breaks,
    past_shortages,
    recounts_wanted,
)
from tasks.stocktake.steps.deciding import (
    Answers,
    Waiting,
    answers_of,
    ask_groups,
    close_questions,
    decided_lines,
    settled_lines,
    withdraw_others,
)
from tasks.stocktake.steps.gathering import Opened, open_counts, opened_count
from tasks.stocktake.steps.issuing import close_count, issue_recounts, write_missing_sheets
from tasks.stocktake.steps.mailing import (
    queue_questions,
    queue_reminders,
    queue_report,
    queue_sheets,
)
from tasks.stocktake.steps.noting import count_notes, decision_notes
from tasks.stocktake.steps.ordering import FLOW, Order, Summary, local_day
from tasks.stocktake.steps.posting import post, posted_lines, write_import
from tasks.stocktake.steps.proving import proven
from tasks.stocktake.steps.reporting import (
    keep_said,
    reports_of,
    summary_of,
    told_before,
    trend_before,
    write_count,
    written_pages,
)
from tasks.stocktake.tables import stocktakes

OPEN, COLLECT, DECIDE, REPORT = "open", "collect", "decide", "report"
# What the opening of the next month asks of a count that is still open.
CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a run came to: the object of `--json`, and the questions that wait for people."""

    summary: Summary
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was kept of a run, from which its papers are made."""

    facts: CountFacts
    reports: Mapping[str, Report]
    summary: Summary
    waiting: tuple[Waiting, ...]


def carried_on(order: Order, number: str, step: str) -> Carried:
    """The count brought on by one step, or by "" as far as it is due; a count that is over says so.

    Everything is kept in one transaction, alone of its kind; papers are made of what was kept, so that a crash loses
    none and running again makes the same.
    """
    store = open_store(order.database_url)
    with store.writing() as connection:
        exclusive(connection, FLOW)
        opened = opened_count(connection, number)
        if opened is None:
            return Carried(refused(order, number, message("stocktake.not_opened", count=number)))
        if opened.closed_as:
            row = connection.execute(select(stocktakes).where(stocktakes.c.stocktake == number)).one()
            return Carried(told_before(order, row))
        kept = _kept(connection, order, opened, step)
    _write(store, order, opened, kept)
    return Carried(kept.summary, kept.waiting)


def close_earlier(order: Order, period: dt.date) -> None:
    """Closes the counts of earlier months that are over: nobody counts two months at once (docs/decisions/0016).

    Each has its last report, which says what was not adjusted.
    """
    store = open_store(order.database_url)
    with store.reading() as connection:
        over = [one for one in open_counts(connection) if one.count.period < min(period, order.today)]
    for opened in over:
        with store.writing() as connection:
            exclusive(connection, FLOW)
            # Another run may have closed it meanwhile.
            still = opened_count(connection, opened.count.number)
            kept = None if still is None or still.closed_as else _kept(connection, order, opened, CLOSE)
        if kept is not None:
            _write(store, order, opened, kept)


def _write(store: Store, order: Order, opened: Opened, kept: _Kept) -> None:
    """Writes the papers of what was kept."""
    write_missing_sheets(order, opened)
    write_import(store, order, opened.count.number, load_layout())
    write_count(order, kept.facts, kept.reports, kept.summary)


def refused(order: Order, number: str, why: Message) -> Summary:
    """The object of `--json` of a count that cannot be worked on, and why."""
    return {
        "flow": FLOW,
        "period": number,
        "status": "blocked",
        "rows": {},
        "figures": {},
        "exceptions": [],
        "reports": [],
        "mails": [],
        "stopping": [spoken(why, order.languages[0])],
    }


def _kept(connection: Connection, order: Order, opened: Opened, step: str) -> _Kept:
    started = order.clock()
    judged = judged_count(connection, order, opened)
    if step not in (OPEN, CLOSE) and issue_recounts(connection, order, recounts_wanted(connection, judged)):
        # Only the sheets have changed; a second comparison beside the first would hold a million lines twice.
        judged = replace(judged, collected=sheets_collected(connection, opened, order.clock()))
    decided = _decided(connection, order, judged, step)
    facts = _facts(connection, order, judged, decided, step)
    closing = _closing(order, opened, facts, step)
    if closing:
        decided = _closed(connection, order, judged, decided, closing)
        facts = _facts(connection, order, judged, decided, step)
    notes = count_notes(connection, judged, order.policy, decided.notes)
    reports = reports_of(facts, notes, trend_before(connection, judged.count))
    mails = _mails(connection, order, facts, (judged, decided.waiting), reports if closing or step == REPORT else {})
    summary = summary_of(facts, reports[""], order.languages, mails, written_pages(facts))
    keep_said(connection, judged.count, reports, summary)
    record_run(
        connection, Run(FLOW, judged.count.period, facts.status, started, order.clock(), figure_values(facts.figures))
    )
    # Papers are made of what is off; a million lines more would lie beside two processes that write them.
    slim = replace(facts, variances=off_lines(facts.variances))
    return _Kept(slim, reports, summary, decided.waiting)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What was asked, answered and posted: the lines with their decisions, what waits, what has lapsed, and notes."""

    answers: Answers
    variances: pd.DataFrame
    waiting: tuple[Waiting, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Message, ...]
    closed_as: str = ""


def _decided(connection: Connection, order: Order, judged: Judged, step: str) -> _Decided:
    count, variances = judged.count, judged.comparison.variances
    answers = answers_of(connection, order, count)
    if step in ("", DECIDE) and post(connection, order, count, variances, answers):
        answers = answers_of(connection, order, count)
    lines = decided_lines(variances, answers)
    lapsed = tuple(lapsed_approvals(count, answers.unposted, variances))
    waiting: tuple[Waiting, ...] = ()
    groups = groups_to_decide(count, lines, _managers(judged), order.policy, settled_lines(lines))
    if step == DECIDE or (step == "" and _collected(order, judged)):
        waiting = ask_groups(connection, order, groups)
        withdraw_others(connection, order, answers, groups)
        answers = answers_of(connection, order, count)
        lines = decided_lines(variances, answers)
    return _Decided(answers, lines, waiting, lapsed, tuple(decision_notes(answers, variances, groups)))


def _managers(judged: Judged) -> dict[str, str] | None:
    """The managers by department; None where no master of departments was ever delivered."""
    own = judged.known["departments"]
    if own.empty:
        return None
    return {name: manager for name, manager in zip(own["department"], own["manager"], strict=True) if manager}


def _collected(order: Order, judged: Judged) -> bool:
    """Whether nothing more is waited for: every first sheet came back, or its deadline is over."""
    first = judged.collected.sheets[judged.collected.sheets["round"] == 0]
    return order.today > judged.opened.deadline or bool((first["state"] != "awaited").all())


def _facts(connection: Connection, order: Order, judged: Judged, decided: _Decided, step: str) -> CountFacts:
    count, sheets = judged.count, judged.collected.sheets
    variances = decided.variances
    repeated = repeated_shortages(count, variances, past_shortages(connection, count))
    findings = cured((*judged.findings, *decided.findings, *repeated), variances)
    first = sheets[(sheets["round"] == 0) & (sheets["site"] != "")]
    custodians = dict(zip(first["site"], first["custodian"], strict=True))
    of_state = {state: set(first.loc[first["state"] == state, "site"]) for state in ("missing", "late")}
    return CountFacts(
        count=count,
        deadline=judged.opened.deadline,
        status="waiting" if decided.waiting and step in ("", DECIDE) else "completed",
        sheets=sheets,
        variances=variances,
        breaks=keep_breaks(connection, order, judged, findings),
        decisions=decided.answers.questions,
        adjustments=posted_lines(connection, count.number),
        proof=proven(connection, judged),
        causes=by_cause(variances),
        reviews=reviews(variances, Conduct(custodians, of_state["missing"], of_state["late"]), repeated),
        quarantined=quarantined_of_period(connection, count.period, ("count_sheets",)),
        rows=_rows(connection, judged),
        closed_as=decided.closed_as,
    )


def _rows(connection: Connection, judged: Judged) -> dict[str, dict[str, int]]:
    """The counts of what the count rests on: its sheets, the day of the cut-off, the masters."""
    rows = rows_of_period(connection, judged.count.period, ("count_sheets",))
    rows |= rows_of_period(connection, judged.count.cut_off, ("on_hand", "erp_documents"))
    return rows | rows_of_period(connection, judged.count.period, MASTERS)


def _closing(order: Order, opened: Opened, facts: CountFacts, step: str) -> str:
    """How the count is closed by this run: posted, not-adjusted, or "" for not yet.

    It is over when everything came back and was decided. After the month's end it is closed as it is, once people had
    their days to hand in and to answer (docs/decisions/0016).
    """
    if step not in ("", REPORT, CLOSE):
        return ""
    lines = facts.variances
    off = (lines["variance"].fillna(0) != 0) & lines["decision"].isin(["", "waiting", "approved"])
    pending = off & lines["status"].isin(["ready", "recount", "no_reason"])
    if facts.sheets["state"].isin(["in_time", "late"]).all() and not pending.any():
        return "posted"
    if step == CLOSE:
        return "not-adjusted"
    if step == REPORT or order.today <= facts.count.period:
        return ""
    policy = order.policy
    in_hand = next_working_day(local_day(opened.count.opened_at, order), policy.deadline_working_days)
    slow = all(working_days_between(one.asked_on, order.today) > policy.remind_working_days for one in facts.waiting)
    return "not-adjusted" if order.today > in_hand and slow else ""


def _closed(connection: Connection, order: Order, judged: Judged, decided: _Decided, closing: str) -> _Decided:
    """The count closed in the database: nothing waits any more, its lines are free for another count."""
    count = judged.count
    close_questions(connection, order, decided.answers)
    close_count(connection, count.number, closing, order.clock())
    answers = answers_of(connection, order, count)
    lines = decided_lines(judged.comparison.variances, answers)
    left = lines["status"].isin(["ready", "recount", "no_reason"]) & (lines["decision"] == "")
    lines = lines.assign(decision=lines["decision"].mask(left, closing if closing == "not-adjusted" else ""))
    notes = decided.notes
    if closing == "not-adjusted":
        notes = (*notes, message("stocktake.note.not_adjusted", count=int(left.sum())))
    return replace(decided, answers=answers, variances=lines, waiting=(), notes=notes, closed_as=closing)


def _mails(
    connection: Connection,
    order: Order,
    facts: CountFacts,
    told: tuple[Judged, Sequence[Waiting]],
    reports: Mapping[str, Report],
) -> tuple[OutboxMail, ...]:
    number, (judged, waiting) = facts.count.number, told
    return (
        *queue_sheets(connection, order, number, judged.collected.sheets),
        *queue_reminders(connection, order, number, judged.collected.sheets),
        *queue_questions(connection, order, facts, waiting),
        *(queue_report(connection, order, reports) if reports else ()),
    )
