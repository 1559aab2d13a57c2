"""The outbox: one row a mail for ever, one sender a mail at a time, and nothing that changes in silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from tasks.adapters.store import Store
from tasks.domain.server_answer import Answer, Stage
from tasks.mail.claiming import LEASE, ClaimedMail, begin_sending, claim, release, said_by, settle
from tasks.mail.outbox import Asked, NewMail, OutboxMail, content_of, listed, of_run, queue, retry, unsent
from tasks.mail.outcomes import outcome_of
from tasks.mail.streaks import under_way
from tasks.mail.tables import mail_attempts, mail_contents, outbox
from tests.mail.nouns import DOMAIN, MINUTE, NOW, new_mail


def _queued(store: Store, *mails: NewMail) -> tuple[OutboxMail, ...]:
    with store.writing() as connection:
        return queue(connection, mails, DOMAIN, NOW)


def _claimed(store: Store, at: dt.datetime = NOW, sender: str = "one", limit: int = 10) -> tuple[ClaimedMail, ...]:
    with store.writing() as connection:
        return claim(connection, sender, limit, at)


def _sending(store: Store, mail: ClaimedMail, at: dt.datetime = NOW, sender: str = "one") -> bool:
    with store.writing() as connection:
        return begin_sending(connection, mail, sender, at)


def _answered(
    store: Store, mail: ClaimedMail, stage: Stage, code: int | None, at: dt.datetime = NOW, sender: str = "one"
) -> OutboxMail:
    answer = Answer(stage, code, "said")
    with store.writing() as connection:
        settle(connection, mail, sender, said_by(answer), outcome_of(answer), at)
    return _only(store)


def _only(store: Store) -> OutboxMail:
    with store.reading() as connection:
        (mail,) = listed(connection)
    return mail


def _attempts(store: Store) -> list[tuple[str, str, int | None, str]]:
    chosen = select(mail_attempts.c.who, mail_attempts.c.stage, mail_attempts.c.code, mail_attempts.c.outcome)
    with store.reading() as connection:
        return [(who, stage, code, end) for who, stage, code, end in connection.execute(chosen.order_by("id"))]


def test_the_same_mail_stands_in_the_outbox_once(store: Store) -> None:
    first = _queued(store, new_mail())
    again = _queued(store, new_mail(), new_mail("li@example.test"), new_mail())
    assert [mail.recipient for mail in again] == ["wang@example.test", "li@example.test"]
    assert again[0] == first[0]
    assert (first[0].state, first[0].attempts, first[0].created_at) == ("queued", 0, NOW)


@pytest.mark.parametrize(
    "other",
    [
        new_mail("li@example.test"),
        new_mail(period="2026-11-21"),
        new_mail(report="第1业务部"),
        new_mail(flow="survey"),
        new_mail(content="{}"),
        new_mail(language="en"),
    ],
)
def test_another_mail_has_another_message_id(store: Store, other: NewMail) -> None:
    one, two = _queued(store, new_mail(), other)
    assert one.message_id != two.message_id


def test_recipients_of_one_report_share_its_content(store: Store) -> None:
    mails = _queued(store, *(new_mail(f"{n}@example.test", content="账" * 5000) for n in range(5)))
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(mail_contents)).scalar_one() == 1
        assert {content_of(connection, mail.id) for mail in mails} == {"账" * 5000}
        assert len(connection.execute(select(mail_contents.c.packed)).scalar_one()) < 500


def test_a_claimed_mail_is_given_to_nobody_else_before_the_claim_lapses(store: Store) -> None:
    _queued(store, *(new_mail(f"{n}@example.test") for n in range(3)))
    first = _claimed(store, limit=2)
    second = _claimed(store, sender="two")
    assert [mail.recipient for mail in first] == ["0@example.test", "1@example.test"]
    assert [mail.recipient for mail in second] == ["2@example.test"]
    assert not _claimed(store, NOW + LEASE - MINUTE, "three")
    assert len(_claimed(store, NOW + LEASE, "three")) == 3


def test_a_mail_released_untried_is_due_as_before(store: Store) -> None:
    _queued(store, new_mail())
    with store.writing() as connection:
        release(connection, claim(connection, "one", 1, NOW), "one", NOW)
    assert [mail.attempts for mail in _claimed(store, sender="two")] == [0]


def test_a_mail_whose_sender_vanished_before_sending_is_sent_as_if_nothing_had_been(store: Store) -> None:
    _queued(store, new_mail())
    _claimed(store)
    (mail,) = _claimed(store, NOW + LEASE, "two")
    assert not mail.repeat
    assert _attempts(store) == [("one", "lease", None, "again")]


def test_a_mail_whose_sender_vanished_while_sending_goes_out_once_more_marked(store: Store) -> None:
    _queued(store, new_mail())
    (mail,) = _claimed(store)
    assert _sending(store, mail)
    (again,) = _claimed(store, NOW + LEASE, "two")
    assert again.repeat
    assert again.message_id == mail.message_id
    assert _sending(store, again, NOW + LEASE, "two")
    assert not _claimed(store, NOW + 2 * LEASE, "three")
    last = _only(store)
    assert (last.state, last.next_attempt_at) == ("possibly-delivered", None)
    assert _attempts(store) == [("one", "lease", None, "doubtful"), ("two", "lease", None, "doubtful")]


def test_a_sender_that_lost_its_claim_sends_nothing(store: Store) -> None:
    _queued(store, new_mail())
    (mail,) = _claimed(store)
    _claimed(store, NOW + LEASE, "two")
    assert not _sending(store, mail, NOW + LEASE)


def test_a_late_answer_changes_another_senders_mail_only_when_it_was_sent(store: Store) -> None:
    _queued(store, new_mail())
    (mail,) = _claimed(store)
    assert _sending(store, mail)
    (again,) = _claimed(store, NOW + LEASE, "two")
    assert _answered(store, mail, "after-data", 451, NOW + LEASE).state == "claimed"
    assert _answered(store, mail, "after-data", 250, NOW + LEASE).state == "sent"
    assert not _sending(store, again, NOW + LEASE, "two")


@pytest.mark.parametrize(
    ("stage", "code", "state", "attempts", "again"),
    [
        # where         answer  the mail then        attempts  tried again
        ("after-data", 250, "sent", 1, False),
        ("recipient", 550, "failed", 1, False),
        ("after-data", 554, "failed", 1, False),
        ("recipient", 451, "queued", 1, True),
        ("sender", 421, "queued", 1, True),
        ("data", None, "queued", 1, True),
        ("after-data", 452, "queued", 1, True),
        ("after-data", None, "possibly-delivered", 1, True),
        ("login", 535, "queued", 0, True),
        ("connect", None, "queued", 0, True),
    ],
)
def test_what_an_answer_makes_of_a_mail(
    store: Store, stage: Stage, code: int | None, state: str, attempts: int, *, again: bool
) -> None:
    _queued(store, new_mail())
    (mail,) = _claimed(store)
    after = _answered(store, mail, stage, code)
    assert (after.state, after.attempts, after.next_attempt_at is not None) == (state, attempts, again)
    assert (after.last_code, after.last_answer) == (code, "said")
    assert [(one, said) for _, one, said, _ in _attempts(store)] == [(stage, code)]


def test_what_may_have_arrived_never_counts_as_failed(store: Store) -> None:
    _queued(store, new_mail())
    (mail,) = _claimed(store)
    _answered(store, mail, "after-data", None)
    (again,) = _claimed(store, NOW + 60 * MINUTE)
    assert again.repeat
    after = _answered(store, again, "recipient", 550, NOW + 60 * MINUTE)
    assert (after.state, after.next_attempt_at) == ("possibly-delivered", None)


@pytest.mark.parametrize(
    ("stage", "code", "repeat"), [("recipient", 550, False), ("after-data", None, True)], ids=["failed", "in doubt"]
)
def test_a_person_begins_a_mail_anew_and_that_is_kept(
    store: Store, stage: Stage, code: int | None, *, repeat: bool
) -> None:
    (queued,) = _queued(store, new_mail())
    (mail,) = _claimed(store)
    _answered(store, mail, stage, code)
    later = NOW + dt.timedelta(days=4)
    with store.writing() as connection:
        (retried,) = retry(connection, [queued.id, 999], Asked("王", later, "地址已更正"))
    assert (retried.state, retried.attempts, retried.next_attempt_at, retried.created_at) == ("queued", 0, later, NOW)
    assert _attempts(store)[-1] == ("王", "person", None, "retry")
    assert [one.repeat for one in _claimed(store, later)] == [repeat]


@pytest.mark.parametrize("code", [250, None])
def test_a_person_cannot_begin_anew_what_was_sent_or_is_being_sent(store: Store, code: int | None) -> None:
    (queued,) = _queued(store, new_mail())
    (mail,) = _claimed(store)
    if code:
        _answered(store, mail, "after-data", code)
    with store.writing() as connection:
        assert retry(connection, [queued.id], Asked("王", NOW)) == ()


def test_mails_are_listed_by_state_flow_and_run(store: Store) -> None:
    wanted = (new_mail(), new_mail(report="第1业务部"), new_mail(flow="survey"), new_mail(period="2026-11-21"))
    one, two, three, four = (mail.id for mail in _queued(store, *wanted))
    (sent, *_) = _claimed(store)
    with store.writing() as connection:
        settle(connection, sent, "one", said_by(Answer("after-data", 250, "ok")), "sent", NOW)

    def ids(mails: Sequence[OutboxMail]) -> list[int]:
        return [mail.id for mail in mails]

    with store.reading() as connection:
        assert ids(listed(connection, ["sent"])) == [one]
        assert ids(listed(connection, flow="stock-ledger")) == [one, two, four]
        assert ids(listed(connection, ids=[two, three])) == [two, three]
        assert ids(of_run(connection, "stock-ledger", "2026-11-20")) == [one, two]
        assert ids(of_run(connection, "stock-ledger", "2026-11-20", ["第1业务部"])) == [two]
        assert [unsent(connection, flow) for flow in ("stock-ledger", "survey", "stocktake")] == [2, 1, 0]


def test_a_mail_queued_in_a_result_that_is_not_kept_is_not_kept_either(store: Store) -> None:
    def give_up() -> None:
        with store.writing() as connection:
            queue(connection, [new_mail()], DOMAIN, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        give_up()
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(outbox)).scalar_one() == 0


def test_a_recipient_that_fails_begins_one_streak_that_its_next_mail_ends(store: Store) -> None:
    _queued(store, *(new_mail(period=f"2026-11-{day}") for day in (20, 21, 22)))
    one, two, three = _claimed(store)
    streaks = []
    for mail, code in ((one, 550), (two, 550), (three, 250)):
        answer = Answer("after-data", code, f"{code} said")
        with store.writing() as connection:
            settle(connection, mail, "one", said_by(answer), outcome_of(answer), NOW)
            streaks.append([(streak.subject, streak.reason, streak.failures) for streak in under_way(connection)])
    assert streaks == [[("wang@example.test", "refused", 1)], [("wang@example.test", "refused", 2)], []]
