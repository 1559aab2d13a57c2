"""The desk: forms without a schedule by which people work on breaks, approvals, mails and reservations in Prefect's UI.

Each does what the command of the same purpose does, by the same functions, with the same rights and the same record.
What cannot be done fails the run with the one line that says why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from config.wording import in_every_language
from flows.approving import answer_and_resume, answered_message
from flows.desk_options import opened
from flows.forms import (
    VERDICTS,
    AnswerReason,
    ApprovalNumber,
    BreakIds,
    Decision,
    ExceptedNames,
    MailNumbers,
    MailReason,
    Owner,
    Reason,
    ReservationNumber,
    RestoreReason,
    Until,
    Who,
    separate,
)
from flows.hotel_desk import restored
from flows.mail_words import given_up
from flows.overview import refresh_desk
from tasks.adapters.speech import spoken_in_every_language
from tasks.desk import mark_run
from tasks.desk_approval import Given
from tasks.domain.message import Message, message
from tasks.mail.outbox import Asked, retry
from tasks.night_audit.steps import UnableToRestore
from tasks.register import breaks as register
from tasks.register.approvals import ask_write_off
from tasks.register.breaks import Done, UnableToAct


@flow(name="explain-break", description=in_every_language("form.flow.explain_break"), persist_result=False)
async def explain_break(break_ids: BreakIds, reason: Reason, who: Who, until: Until = None) -> State[Any]:
    """Explains every break named, or none, up to a day or without an end."""

    def explain(connection: Any, one: str, done: Done) -> Message:
        named = register.explain(connection, one, done, until).id
        if until:
            return message("cli.done.explained_until", id=named, until=until.isoformat())
        return message("cli.done.explained", id=named)

    return await _each_break("explain", break_ids, reason, who, explain)


@flow(name="assign-break", description=in_every_language("form.flow.assign_break"), persist_result=False)
async def assign_break(break_ids: BreakIds, owner: Owner, reason: Reason, who: Who) -> State[Any]:
    """Gives every break named to `owner`, or none."""

    def assign(connection: Any, one: str, done: Done) -> Message:
        return message("cli.done.assigned", id=register.assign(connection, one, owner.strip(), done).id, to=owner)

    return await _each_break("assign", break_ids, reason, who, assign)


@flow(name="write-off-break", description=in_every_language("form.flow.write_off_break"), persist_result=False)
async def write_off_break(break_ids: BreakIds, reason: Reason, who: Who) -> State[Any]:
    """Asks for the approval to write off every break named, or none."""

    def write_off(connection: Any, one: str, done: Done) -> Message:
        asked = ask_write_off(connection, one, done)
        return message("form.done.asked", id=asked.id, subject=asked.subject_id)

    return await _each_break("write-off", break_ids, reason, who, write_off)


@flow(name="answer-approval", description=in_every_language("form.flow.answer_approval"), persist_result=False)
async def answer_approval(
    approval: ApprovalNumber, decision: Decision, reason: AnswerReason, who: Who, excepted: ExceptedNames = ""
) -> State[Any]:
    """Answers what waits for approval; a run that is suspended for it goes on."""
    mark_run(f"answer-approval {approval}", f"approval-{approval}")
    verdict = VERDICTS.get(decision)
    if verdict is None:
        return _refused(message("form.error.decision", value=decision, known="; ".join(VERDICTS)))
    lines = separate(excepted) if verdict == "approve_some" else ()
    given = Given("rejected" if verdict == "reject" else "approved", lines, reason, who)
    store, settings, now = opened()
    try:
        answered, _ = answer_and_resume(store, settings, approval, given, now)
    except UnableToAct as unable:
        return _refused(unable.message)
    return await _done([answered_message(answered)])


@flow(name="retry-mails", description=in_every_language("form.flow.retry_mails"), persist_result=False)
async def retry_mails(reason: MailReason, who: Who, mails: MailNumbers = "") -> State[Any]:
    """Makes the mails named due again, or all that failed or may have arrived."""
    mark_run(f"retry-mails {mails}")
    store, _, now = opened()
    wrong = [one for one in separate(mails) if not one.isdecimal()]
    if wrong or not reason.strip() or not who.strip():
        return _refused(message("form.error.mails", value=", ".join(wrong)))
    wanted = [int(one) for one in separate(mails)] or given_up(store)
    with store.writing() as connection:
        retried = retry(connection, wanted, Asked(who.strip(), now, reason.strip()))
    left = sorted(set(wanted) - {one.id for one in retried})
    said = [message("form.done.mail_retried", mails=len(retried))]
    return await _done([*said, message("cli.done.mail_not_retried", ids=", ".join(map(str, left)))] if left else said)


@flow(name="restore-reservation", description=in_every_language("form.flow.restore_reservation"), persist_result=False)
async def restore_reservation(reservation: ReservationNumber, reason: RestoreReason, who: Who) -> State[Any]:
    """Takes back a reservation that was given up, and tells where its guest can sleep."""
    mark_run(f"restore-reservation {reservation}", "restore-reservation")
    if not reason.strip() or not who.strip():
        return _refused(message("form.error.restore"))
    try:
        told = restored(reservation, who.strip(), reason.strip())
    except UnableToRestore as unable:
        return _refused(unable.message)
    return await _done(list(told))


async def _each_break(
    action: str, break_ids: str, reason: str, who: str, act: Callable[[Any, str, Done], Message]
) -> State[Any]:
    names = separate(break_ids) or ("",)
    mark_run(f"{action} {' '.join(names)}", action)
    store, _, now = opened()
    done = Done(action, who.strip(), reason.strip(), now)
    try:
        with store.writing() as connection:
            told = [act(connection, one, done) for one in names]
    except UnableToAct as unable:
        return _refused(unable.message)
    return await _done(told)


async def _done(told: list[Message]) -> State[Any]:
    await refresh_desk()
    lines = [spoken_in_every_language(one) for one in told]
    return Completed(message="; ".join(lines), data=lines)


def _refused(why: Message) -> State[Any]:
    return Failed(message=spoken_in_every_language(message("form.refused", why=why)))
