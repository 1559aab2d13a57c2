"""Taking mails out of the outbox: claimed by one sender at a time, marked before the message goes, settled after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, insert, select, update

from tasks.domain.server_answer import Answer
from tasks.mail.outbox import unpacked
from tasks.mail.outcomes import Outcome, Settled, Standing, settled, waiting_state
from tasks.mail.streaks import Happened, follow
from tasks.mail.tables import mail_attempts, mail_contents, outbox

# Longer than every wait for a server together (tasks.adapters.mail), so that no living sender loses its claim.
LEASE = dt.timedelta(minutes=10)
ANSWER_CHARACTERS_MAX = 1000
_HELD = ("claimed", "sending")
# Built once: every mail runs through these, and building them costs more than running them.
_ONE = outbox.c.id == bindparam("mail")
_NEW: dict[str, BindParameter[object]] = {
    name: bindparam(f"new_{name}")
    for name in ("state", "attempts", "doubts", "next_attempt_at", "last_code", "last_answer")
}
_BEGUN = (
    update(outbox)
    .where(_ONE, outbox.c.claimed_by == bindparam("holder"), outbox.c.state == "claimed")
    .values(state="sending", next_attempt_at=bindparam("until"))
)
_SETTLED = update(outbox).where(_ONE, outbox.c.claimed_by == bindparam("holder")).values(_NEW | {"claimed_by": ""})
_ARRIVED = (
    update(outbox)
    .where(_ONE, outbox.c.state != "sent")
    .values(_NEW | {"claimed_by": "", "sent_at": bindparam("arrived")})
)
_TRIED = insert(mail_attempts)


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """One mail that this sender alone may send now, with its content; `repeat` says that it may have arrived before."""

    id: int
    message_id: str
    flow: str
    period: str
    report: str
    recipient: str
    recipient_name: str
    language: str
    subject: str
    content: str
    lies_at: str
    attempts: int
    doubts: int
    created_at: dt.datetime
    queued_at: dt.datetime

    @property
    def repeat(self) -> bool:
        """Whether an earlier attempt may have reached the recipient, so that this one must say so."""
        return self.doubts > 0

    @property
    def standing(self) -> Standing:
        """Where the mail stood before this attempt."""
        return Standing(self.message_id, self.attempts, self.doubts, self.queued_at)


@dataclass(frozen=True, slots=True)
class Said:
    """What ended an attempt: a stage of the talk (or our own: compose, file, lease), a code or None, and words."""

    stage: str
    code: int | None
    text: str


def said_by(answer: Answer) -> Said:
    """The server's answer as it is kept."""
    return Said(answer.stage, answer.code, answer.text)


def claim(connection: Connection, sender: str, limit: int, now: dt.datetime) -> tuple[ClaimedMail, ...]:
    """Up to `limit` mails that are due at `now`, the longest due first; nobody else gets them before LEASE is over.

    A claim whose sender vanished counts as due; where the message may already have gone out, the mail is in doubt and
    comes marked as a repeat, once. Belongs into a short transaction of its own.
    """
    due = (
        select(outbox, mail_contents.c.packed)
        .join(mail_contents, mail_contents.c.digest == outbox.c.content)
        .where(outbox.c.next_attempt_at <= now)
        .order_by(outbox.c.next_attempt_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=outbox)
    )
    rows = connection.execute(due).all()
    contents: dict[str, str] = {}
    claimed = []
    for row in rows:
        doubts = row.doubts
        if row.state in _HELD:
            after = _lapsed(connection, row, now)
            doubts = after.doubts
            if after.next_attempt_at is None:
                continue
        contents.setdefault(row.content, unpacked(row.packed))
        claimed.append(_claimed(row, contents[row.content], doubts))
    if claimed:
        ids = [one.id for one in claimed]
        held = {"state": "claimed", "claimed_by": sender, "next_attempt_at": now + LEASE}
        connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(held))
    return tuple(claimed)


def begin_sending(connection: Connection, mail: ClaimedMail, sender: str, now: dt.datetime) -> bool:
    """Whether `sender` still holds `mail` and may let the message go out; the claim then begins anew.

    To be committed before the first byte of the message: from then on a vanished sender leaves the mail in doubt.
    """
    return connection.execute(_BEGUN, {"mail": mail.id, "holder": sender, "until": now + LEASE}).rowcount == 1


def settle(
    connection: Connection, mail: ClaimedMail, sender: str, said: Said, outcome: Outcome, now: dt.datetime
) -> Settled | None:
    """What the attempt made of `mail`, kept together with the attempt itself.

    None when the claim is no longer the sender's: then only the attempt is kept, except that a mail that was sent is
    sent, whoever holds it.
    """
    after = settled(mail.standing, outcome, now)
    text = said.text[:ANSWER_CHARACTERS_MAX]
    values = {f"new_{name}": value for name, value in asdict(after).items()}
    values |= {"mail": mail.id, "new_last_code": said.code, "new_last_answer": text}
    if after.state in ("sent", "filed"):
        taken = connection.execute(_ARRIVED, values | {"arrived": now}).rowcount == 1
    else:
        taken = connection.execute(_SETTLED, values | {"holder": sender}).rowcount == 1
    _keep_attempt(connection, mail.id, sender, Said(said.stage, said.code, text), outcome, now)
    if taken:
        follow(connection, Happened(mail.flow, mail.recipient, outcome, after, text), now)
    return after if taken else None


def release(connection: Connection, mails: Sequence[ClaimedMail], sender: str, now: dt.datetime) -> None:
    """Gives back mails that were claimed and never tried: they are due as before."""
    for doubts, ids in _by_doubt(mails).items():
        free = {"state": waiting_state(doubts), "claimed_by": "", "next_attempt_at": now}
        mine = (outbox.c.id.in_(ids), outbox.c.claimed_by == sender, outbox.c.state == "claimed")
        connection.execute(update(outbox).where(*mine).values(free))


def _lapsed(connection: Connection, row: Row[Any], now: dt.datetime) -> Settled:
    """What becomes of a mail whose sender vanished: due as before, or in doubt when the message may have gone out."""
    standing = Standing(row.message_id, row.attempts, row.doubts, row.queued_at)
    if row.state == "claimed":
        after = Settled(waiting_state(row.doubts), row.attempts, row.doubts, now)
    else:
        after = settled(standing, "doubtful", now)
    changed = update(outbox).where(outbox.c.id == row.id)
    connection.execute(changed.values(**asdict(after), claimed_by=""))
    outcome: Outcome = "again" if row.state == "claimed" else "doubtful"
    _keep_attempt(connection, row.id, row.claimed_by, Said("lease", None, ""), outcome, now)
    follow(connection, Happened(row.flow, row.recipient, outcome, after, ""), now)
    return after


def _keep_attempt(
    connection: Connection, mail_id: int, who: str, said: Said, outcome: Outcome, now: dt.datetime
) -> None:
    row = {"mail_id": mail_id, "at": now, "who": who, "stage": said.stage, "code": said.code, "answer": said.text}
    connection.execute(_TRIED, row | {"outcome": outcome})


def _by_doubt(mails: Collection[ClaimedMail]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = {}
    for mail in mails:
        grouped.setdefault(min(mail.doubts, 1), []).append(mail.id)
    return grouped


def _claimed(row: Row[Any], content: str, doubts: int) -> ClaimedMail:
    return ClaimedMail(
        id=row.id,
        message_id=row.message_id,
        flow=row.flow,
        period=row.period,
        report=row.report,
        recipient=row.recipient,
        recipient_name=row.recipient_name,
        language=row.language,
        subject=row.subject,
        content=content,
        lies_at=row.lies_at,
        attempts=row.attempts,
        doubts=doubts,
        created_at=row.created_at,
        queued_at=row.queued_at,
    )
