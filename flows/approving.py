"""How a flow gets its question answered, and how people answer: in the run's form, in a form of the desk, by command.

Whichever way, one function of the register judges the answer and keeps it; Prefect only shows the question.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from config.settings import Settings
from config.wording import in_every_language
from flows.deployments import TAG
from flows.overview import show_overview
from flows.prefect_server import client_environment
from flows.whereabouts import whereabouts
from tasks.adapters.speech import spoken_in_every_language
from tasks.adapters.store import Store
from tasks.desk import show_figures, step
from tasks.desk_approval import (
    Given,
    form_answer,
    may_suspend,
    questions_put,
    resume_run,
    resume_runs_of,
    suspended_runs,
    tag_run_of,
)
from tasks.domain.message import Message, message
from tasks.register.approvals import WRITE_OFF, Approval, Question, answer, approval_of, ask_once, known_approval
from tasks.register.breaks import Done, UnableToAct

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient


@dataclass(frozen=True, slots=True)
class Asking:
    """Where and by whom a question is asked: `who` asks and may not answer, `reason` says why it is asked."""

    store: Store
    settings: Settings
    clock: Callable[[], dt.datetime]
    who: str
    reason: str


async def decided(asking: Asking, question: Question) -> Approval:
    """The approval of `question` once it is answered, by whichever way; until then the flow run is suspended.

    It comes back still waiting where the run cannot suspend itself (no server, or no deployment). The caller acts on
    it in a transaction of its own that is safe to do twice. An answer that is refused is asked for again, saying why.
    """
    with asking.store.writing() as connection:
        one = ask_once(connection, question, Done("ask", asking.who, asking.reason, asking.clock()))
    if one.state != "waiting" or not may_suspend():
        return one
    tag_run_of(one.id)
    refused: Message | None = None
    number = max(1, questions_put(one.id))
    while one.state == "waiting":
        page = question_page(one, question.details, refused, asking.clock().tzinfo)
        show_question(one.id, page)
        show_overview()
        given = await form_answer(one.id, number, page, one.lines)
        try:
            one = _answered(asking.store, asking.settings, one.id, given, asking.clock())
        except UnableToAct as unable:
            refused = unable.message
            number += 1
            with asking.store.reading() as connection:
                one = approval_of(connection, one.id)
    return one


def answer_and_resume(
    store: Store, settings: Settings, approval_id: int, given: Given, now: dt.datetime
) -> tuple[Approval, int | None]:
    """The answered approval, and how many runs suspended for it go on; None where Prefect could not be told.

    Raises UnableToAct as `answer` does.
    """
    one = _answered(store, settings, approval_id, given, now)
    # Without a server there is no run to go on, and asking for one would start a server.
    api = os.environ.get("PREFECT_API_URL") or whereabouts(settings.home).api
    return one, resume_runs_of(one.id, given, client_environment(api, os.environ)) if api else 0


async def resume_answered(client: PrefectClient, store: Store) -> int:
    """How many suspended runs go on because nobody is asked any more what they wait for.

    Whoever answers while the server is down, and whoever mends a night and closes it by hand, can tell no run.
    """
    resumed = 0
    for run, number in (await suspended_runs(client, TAG)).items():
        with store.reading() as connection:
            one = known_approval(connection, number)
        if one is not None and one.state != "waiting":
            verdict: Literal["approved", "rejected"] = "approved" if one.state == "approved" else "rejected"
            given = Given(verdict, one.excepted, one.answer_reason, one.answered_by)
            resumed += await resume_run(client, run, given)
    return resumed


def answered_message(one: Approval) -> Message:
    """What was done with the approval, for whoever answered it."""
    if one.state == "rejected":
        return message("cli.done.rejected", id=one.id)
    if one.subject == WRITE_OFF:
        return message("cli.done.written_off", id=one.id, subject=one.subject_id)
    return message("cli.done.approved", id=one.id, lines=len(one.lines) - len(one.excepted), of=len(one.lines))


def question_page(one: Approval, details: str, refused: Message | None, zone: dt.tzinfo | None) -> str:
    """What approvers see above the form, as Markdown in every language, moments as in `zone`.

    `refused` is why the answer before this asking counted for none.
    """
    again = [f"> ⚠ {spoken_in_every_language(refused)}", ""] if refused else []
    at = f"{one.asked_at.astimezone(zone):%Y-%m-%d %H:%M}"
    asked = in_every_language("form.asked", id=one.id, who=one.asked_by, at=at, reason=one.reason)
    table = [details, "", in_every_language("form.question.table", id=one.id), ""] if details else []
    heading = f"### {in_every_language('form.question', id=one.id)}"
    return "\n".join([*again, heading, "", spoken_in_every_language(one.shown), "", *table, asked])


@step("form.step.question")
def show_question(number: int, page: str) -> None:
    """Shows the question on the run's page too, where a long table has more room than above the form."""
    show_figures(f"approval-{number}", page, in_every_language("form.question", id=number))


def _answered(store: Store, settings: Settings, approval_id: int, given: Given, now: dt.datetime) -> Approval:
    done = Done(given.verdict, given.who.strip(), given.reason.strip(), now)
    with store.writing() as connection:
        subject = approval_of(connection, approval_id).subject
        approvers = settings.stock_ledger.write_off_approvers if subject == WRITE_OFF else ()
        return answer(connection, approval_id, given.verdict, done, approvers, given.excepted)
