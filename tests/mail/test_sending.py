"""What becomes of mails at a real server that takes, refuses, hangs and vanishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tasks.adapters.store import Store
from tasks.mail.outbox import NewMail, OutboxMail, listed, queue
from tasks.mail.steps import PostOffice, dispatch
from tasks.mail.streaks import under_way
from tasks.mail.tables import mail_attempts
from tests.mail.nouns import DOMAIN, MINUTE, NOW, new_mail
from tests.mail.post import PASSWORD, Post, composed, free_port, nobody, office, server, serving

LARGE = 12_000_000


@pytest.fixture
def store(outbox_in_a_file: Store) -> Store:
    """What servers do is the same for each database; what databases do is tested in test_outbox.py."""
    return outbox_in_a_file


@pytest.fixture
def post() -> Iterator[Post]:
    """A server that takes every mail unless told otherwise."""
    with serving(Post()) as answering:
        yield answering


def _queued(store: Store, *recipients: str) -> None:
    with store.writing() as connection:
        queue(connection, [new_mail(recipient) for recipient in recipients], DOMAIN, NOW)


def _mails(store: Store) -> dict[str, OutboxMail]:
    with store.reading() as connection:
        return {mail.recipient: mail for mail in listed(connection)}


def _stages(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(mail_attempts.c.stage).order_by(mail_attempts.c.id)).scalars())


@pytest.mark.parametrize(
    ("told", "state", "again", "stage", "received"),
    [
        # the server does  the mail is then      tried again  decided at   arrived
        ("",               "sent",               False,       "after-data", 1),
        ("rcpt 550",       "failed",             False,       "recipient",  0),
        ("rcpt 551",       "failed",             False,       "recipient",  0),
        ("rcpt 451",       "queued",             True,        "recipient",  0),
        ("rcpt 452",       "queued",             True,        "recipient",  0),
        ("rcpt 421",       "queued",             True,        "recipient",  0),
        ("rcpt hang",      "queued",             True,        "recipient",  0),
        ("rcpt vanish",    "queued",             True,        "recipient",  0),
        ("data 451",       "queued",             True,        "data",       0),
        ("data 554",       "failed",             False,       "data",       0),
        ("data vanish",    "queued",             True,        "data",       0),
        ("data hang",      "queued",             True,        "data",       0),
        ("end 451",        "queued",             True,        "after-data", 0),
        ("end 421",        "queued",             True,        "after-data", 0),
        ("end 552",        "failed",             False,       "after-data", 0),
        ("end vanish",     "possibly-delivered", True,        "after-data", 1),
        ("end hang",       "possibly-delivered", True,        "after-data", 1),
    ],
)  # fmt: skip
def test_what_becomes_of_a_mail_and_that_it_holds_up_no_other(
    store: Store, post: Post, told: str, state: str, stage: str, received: int, *, again: bool
) -> None:
    odd, others = "odd@example.test", ("a@example.test", "b@example.test", "c@example.test")
    post.does = {odd: [told] if told else []}
    # Whoever breaks off within a message can only be seen when it does not fit into the network's buffers.
    content = "x" * LARGE if told in ("data vanish", "data hang") else "x"
    with store.writing() as connection:
        queue(connection, [new_mail(odd, content=content), *map(new_mail, others)], DOMAIN, NOW)
    dispatch(office(store, server(post.port)))
    mails = _mails(store)
    after = mails.pop(odd)
    assert (after.state, after.next_attempt_at is not None, after.attempts) == (state, again, 1)
    assert post.times()[odd] == received
    assert {mail.state for mail in mails.values()} == {"sent"}
    assert set(_stages(store)) - {"after-data"} == {stage} - {"after-data"}
    assert after.last_code == (int(told.split()[1]) if told[-3:].isdigit() else 250 if not told else None)


def test_a_mail_in_doubt_goes_out_once_more_marked_and_then_waits_for_a_person(store: Store, post: Post) -> None:
    post.does = {"odd@example.test": ["end vanish", "end vanish"]}
    _queued(store, "odd@example.test")
    for hours in (0, 1, 2, 3):
        dispatch(office(store, server(post.port), at=NOW + dt.timedelta(hours=hours)))
    assert [(one.repeat, one.message_id) for one in post.received] == [
        (False, post.received[0].message_id),
        (True, post.received[0].message_id),
    ]
    assert _mails(store)["odd@example.test"].state == "possibly-delivered"
    with store.reading() as connection:
        assert [(one.subject, one.reason) for one in under_way(connection)] == [("odd@example.test", "doubtful")]


def test_a_mail_arrives_after_failures_with_the_same_name_and_words(store: Store, post: Post) -> None:
    post.does = {"odd@example.test": ["rcpt 451", "rcpt vanish", "end 452", "rcpt hang"]}
    _queued(store, "odd@example.test")
    for hours in range(5):
        dispatch(office(store, server(post.port), at=NOW + dt.timedelta(hours=hours)))
    (received,) = post.received
    mail = _mails(store)["odd@example.test"]
    assert (mail.state, mail.attempts, received.message_id, received.repeat) == ("sent", 5, mail.message_id, False)
    assert received.body.splitlines()[:2] == [".", "..two"]


def test_a_mail_is_not_tried_before_its_wait_is_over(store: Store, post: Post) -> None:
    post.does = {"odd@example.test": ["rcpt 451"]}
    _queued(store, "odd@example.test")
    dispatch(office(store, server(post.port)))
    dispatch(office(store, server(post.port), at=NOW + dt.timedelta(seconds=47)))
    assert not post.received
    dispatch(office(store, server(post.port), at=NOW + dt.timedelta(seconds=73)))
    assert len(post.received) == 1


def test_a_mail_is_given_up_after_three_days(store: Store, post: Post) -> None:
    post.does = {"odd@example.test": ["rcpt 451"] * 2}
    _queued(store, "odd@example.test")
    dispatch(office(store, server(post.port)))
    dispatch(office(store, server(post.port), at=NOW + dt.timedelta(days=3)))
    assert _mails(store)["odd@example.test"].state == "failed"


def test_many_mails_go_over_few_lines(store: Store, post: Post) -> None:
    _queued(store, *(f"{n}@example.test" for n in range(30)))
    done = dispatch(office(store, server(post.port, connections=3)))
    assert (dict(done.outcomes), post.lines) == ({"sent": 30}, 3)
    assert set(post.times().values()) == {1}


def test_a_line_that_the_server_closes_between_mails_is_opened_again(store: Store, post: Post) -> None:
    post.mails_a_line = 4
    _queued(store, *(f"{n}@example.test" for n in range(10)))
    assert dispatch(office(store, server(post.port, connections=1))).outcomes == {"sent": 10}
    assert post.lines == 3


@pytest.mark.parametrize(
    "recipient", ["no address", "王@example.test", "a@b,c@d.test", "a@example.test>\r\nRCPT TO:<b@example.test", ""]
)
def test_what_is_no_address_fails_alone_and_reaches_no_server(store: Store, post: Post, recipient: str) -> None:
    _queued(store, recipient, "a@example.test")
    assert dispatch(office(store, server(post.port))).outcomes == {"sent": 1, "unwritable": 1}
    assert _mails(store)[recipient].state == "failed"
    assert post.times() == {"a@example.test": 1}


def test_a_mail_that_cannot_be_composed_fails_alone_with_its_reason(store: Store, post: Post) -> None:
    _queued(store, "odd@example.test", "a@example.test")
    ordinary = office(store, server(post.port))

    def fails(mail: object) -> bytes:
        if getattr(mail, "recipient", "") == "odd@example.test":
            raise ValueError("no such chart")
        return composed(mail)  # type: ignore[arg-type] # the office passes claimed mails

    broken = PostOffice(store, ordinary.home, ordinary.server, ordinary.sender, fails, nobody, ordinary.clock, "test")
    dispatch(broken)
    mails = _mails(store)
    assert (mails["odd@example.test"].state, mails["a@example.test"].state) == ("failed", "sent")
    assert mails["odd@example.test"].last_answer == "ValueError: no such chart"


def test_a_refused_login_stops_the_queue_after_one_try_and_says_so_once(store: Store, post: Post) -> None:
    post.user = "daybook"
    _queued(store, *(f"{n}@example.test" for n in range(6)))
    told: list[str] = []

    def alert(streaks: object) -> NewMail | None:
        told.append(repr(streaks))
        return new_mail("owner@example.test", flow="mail-dispatch")

    wrong = server(post.port, user="daybook", password="wrong")  # noqa: S106 - refused by the server of this test
    first = dispatch(office(store, wrong, alert=alert))
    assert (first.outcomes, post.logins, len(told)) == ({"login-refused": 1}, 1, 1)
    assert first.held_until is not None
    assert NOW < first.held_until <= NOW + dt.timedelta(seconds=72)
    dispatch(office(store, wrong, alert=alert, at=NOW + dt.timedelta(seconds=30)))
    assert post.logins == 1
    second = dispatch(office(store, wrong, alert=alert, at=NOW + 2 * MINUTE))
    assert (post.logins, len(told)) == (2, 1)
    assert second.held_until is not None
    assert second.held_until - NOW > 3 * MINUTE
    assert {mail.state for mail in _mails(store).values()} == {"queued"}
    assert {mail.attempts for mail in _mails(store).values()} == {0}
    right = server(post.port, user="daybook", password=PASSWORD)
    third = dispatch(office(store, right, alert=alert, at=NOW + 3 * MINUTE), at_once=True)
    assert (third.outcomes, third.held_until, len(told)) == ({"sent": 7}, None, 1)


@pytest.mark.parametrize("greets", ["", "421 closing", "554 no service"])
def test_a_server_that_cannot_be_reached_stops_the_queue_and_says_so_once(
    store: Store, greets: str, post: Post
) -> None:
    post.greets = greets
    port = post.port if greets else free_port()
    _queued(store, *(f"{n}@example.test" for n in range(6)))
    told: list[str] = []

    def alert(streaks: object) -> None:
        told.append(repr(streaks))

    for minutes in (0, 2, 10):
        dispatch(office(store, server(port), alert=alert, at=NOW + minutes * MINUTE))
    assert (_stages(store), len(told)) == (["connect"] * 3, 1)
    post.greets = ""
    assert dispatch(office(store, server(post.port), at=NOW + 60 * MINUTE)).outcomes == {"sent": 6}


def test_a_server_with_room_for_few_lines_gets_all_mails_over_those(store: Store, post: Post) -> None:
    post.lines_max = 1
    _queued(store, *(f"{n}@example.test" for n in range(12)))
    assert dispatch(office(store, server(post.port, connections=3))).outcomes == {"sent": 12}


def test_the_owner_is_told_once_of_every_recipient_that_begins_to_fail(store: Store, post: Post) -> None:
    bad = {f"bad{n}@example.test": ["rcpt 550"] * 2 for n in range(3)}
    post.does = bad | {"owner@example.test": ["rcpt 550"]}
    _queued(store, "a@example.test", *bad)
    told: list[list[str]] = []

    def alert(streaks: object) -> NewMail | None:
        assert isinstance(streaks, tuple)
        told.append(sorted(f"{one.subject} {one.reason}" for one in streaks))
        return new_mail("owner@example.test", flow="mail-dispatch")

    dispatch(office(store, server(post.port), alert=alert))
    with store.writing() as connection:
        queue(connection, [new_mail(one, period="2026-11-21") for one in bad], DOMAIN, NOW)
    dispatch(office(store, server(post.port), alert=alert, at=NOW + MINUTE))
    assert told == [[f"bad{n}@example.test refused" for n in range(3)]]
    assert post.times() == {"a@example.test": 1}
    assert _mails(store)["owner@example.test"].state == "failed"
