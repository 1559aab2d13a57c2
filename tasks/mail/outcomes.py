"""What an answer means for a mail, and when it is tried again (spec 10, Mail); pure, every moment passed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from tasks.domain.server_answer import Answer

State = Literal["queued", "claimed", "sending", "sent", "failed", "possibly-delivered", "filed"]
Outcome = Literal["sent", "filed", "again", "refused", "doubtful", "unreachable", "login-refused", "unwritable"]

# After these states only a person moves a mail; possibly-delivered is one of them once nothing is planned for it.
OVER: frozenset[State] = frozenset({"sent", "failed", "filed"})
# These say something about the way to the server and not about the mail, so the whole queue waits.
STOPPING: frozenset[Outcome] = frozenset({"unreachable", "login-refused"})
# Servers ask for or refuse a login with these at any stage (RFC 4954, 6).
LOGIN_CODES = frozenset({530, 534, 535, 538})

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=6)
REPEAT_WAIT = dt.timedelta(minutes=30)
GIVEN_UP_AFTER = dt.timedelta(days=3)
DOUBTS_MAX = 2
_JITTER_PER_MILLE = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a mail stands; `doubts` counts the attempts after which nobody knew whether it had arrived."""

    message_id: str
    attempts: int
    doubts: int
    queued_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What an attempt makes of a mail; without `next_attempt_at` nothing more happens by itself."""

    state: State
    attempts: int
    doubts: int
    next_attempt_at: dt.datetime | None


def outcome_of(answer: Answer) -> Outcome:
    """What `answer` means: 2xx after the message is sent, 4xx and silence are tried again, 5xx are not.

    Silence after the message's last line is doubtful: the server may have taken the mail. No connection and a refused
    login concern every mail. Source: spec 10, Mail; RFC 5321, 4.2.1.
    """
    code = answer.code
    if answer.stage == "connect":
        return "unreachable"
    if code in LOGIN_CODES:
        return "login-refused"
    kind = (code or 0) // 100
    if answer.stage == "login":
        return "unreachable" if kind == _TRANSIENT else "login-refused"
    if kind == _PERMANENT:
        return "refused"
    if answer.stage != "after-data" or kind == _TRANSIENT:
        return "again"
    return "sent" if kind == _POSITIVE else "doubtful"


_POSITIVE, _TRANSIENT, _PERMANENT = 2, 4, 5


def settled(standing: Standing, outcome: Outcome, now: dt.datetime) -> Settled:
    """What `outcome` makes of a mail at `now`.

    A doubtful mail goes out once more, marked, and then waits for a person; what may have arrived never counts as
    failed. A mail is given up when it is tried in vain three days after it was queued.
    """
    attempts, doubts = standing.attempts + 1, standing.doubts
    if outcome in ("sent", "filed"):
        return Settled("sent" if outcome == "sent" else "filed", attempts, doubts, None)
    if outcome in STOPPING:
        return Settled(waiting_state(doubts), standing.attempts, doubts, now)
    if outcome == "doubtful":
        doubts += 1
        again = doubts < DOUBTS_MAX
        wait = jittered(REPEAT_WAIT, standing.message_id, attempts)
        return Settled("possibly-delivered", attempts, doubts, now + wait if again else None)
    if outcome == "again" and now - standing.queued_at < GIVEN_UP_AFTER:
        return Settled(waiting_state(doubts), attempts, doubts, now + wait_before(standing.message_id, attempts))
    return Settled("possibly-delivered" if doubts else "failed", attempts, doubts, None)


def waiting_state(doubts: int) -> State:
    """The state of a mail that waits for an attempt."""
    return "possibly-delivered" if doubts else "queued"


def wait_before(name: str, attempts: int) -> dt.timedelta:
    """The wait after the `attempts`-th failure: a minute, doubled each time up to six hours, give or take a fifth.

    The same name and number give the same wait, so that a run can be repeated; different names spread out.
    """
    doublings = min(max(attempts, 1) - 1, 16)
    return jittered(min(FIRST_WAIT * 2**doublings, LONGEST_WAIT), name, attempts)


def jittered(wait: dt.timedelta, name: str, attempts: int) -> dt.timedelta:
    """`wait` give or take a fifth, in whole seconds, decided by `name` and `attempts` alone."""
    drawn = int.from_bytes(blake2b(f"{name} {attempts}".encode(), digest_size=4).digest(), "big")
    per_mille = 1000 - _JITTER_PER_MILLE + drawn % (2 * _JITTER_PER_MILLE + 1)
    return dt.timedelta(seconds=int(wait.total_seconds()) * per_mille // 1000)
