"""What answers mean, how long is waited, and what a mail is called: for every mail there can be."""

from __future__ import annotations

import datetime as dt
from email import message_from_string
from email.policy import SMTP
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.server_answer import Answer, Stage
from tasks.mail.identity import domain_of, message_id
from tasks.mail.outcomes import (
    GIVEN_UP_AFTER,
    OVER,
    STOPPING,
    Outcome,
    Standing,
    outcome_of,
    settled,
    wait_before,
)
from tests.mail.nouns import NOW

STAGES: tuple[Stage, ...] = ("connect", "login", "sender", "recipient", "data", "after-data")
OUTCOMES: tuple[Outcome, ...] = (
    "sent", "filed", "again", "refused", "doubtful", "unreachable", "login-refused", "unwritable",
)  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "codes"),
    [
        #               no answer        250           421            451            535              550
        ("connect",    "unreachable     unreachable   unreachable    unreachable    unreachable      unreachable"),
        ("login",      "login-refused   login-refused unreachable    unreachable    login-refused    login-refused"),
        ("sender",     "again           again         again          again          login-refused    refused"),
        ("recipient",  "again           again         again          again          login-refused    refused"),
        ("data",       "again           again         again          again          login-refused    refused"),
        ("after-data", "doubtful        sent          again          again          login-refused    refused"),
    ],
)  # fmt: skip
def test_what_an_answer_means(stage: Stage, codes: str) -> None:
    meant = [outcome_of(Answer(stage, code, "")) for code in (None, 250, 421, 451, 535, 550)]
    assert meant == codes.split()


STANDINGS = st.builds(
    Standing,
    message_id=st.text(),
    attempts=st.integers(0, 100),
    doubts=st.integers(0, 3),
    queued_at=st.timedeltas(-GIVEN_UP_AFTER * 2, dt.timedelta()).map(lambda ago: NOW + ago),
)


@given(STANDINGS, st.sampled_from(OUTCOMES))
def test_a_mail_waits_for_an_attempt_or_is_over_and_never_fails_when_it_may_have_arrived(
    standing: Standing, outcome: Outcome
) -> None:
    after = settled(standing, outcome, NOW)
    assert after == settled(standing, outcome, NOW)
    assert after.next_attempt_at is None or (after.next_attempt_at >= NOW and after.state not in OVER)
    assert after.next_attempt_at is not None or after.state in (OVER | {"possibly-delivered"})
    assert after.doubts >= standing.doubts
    if after.doubts:
        assert after.state in ("possibly-delivered", "sent", "filed")
    if outcome in STOPPING:
        assert (after.attempts, after.next_attempt_at) == (standing.attempts, NOW)


def test_waits_grow_from_a_minute_to_six_hours_and_differ_from_mail_to_mail() -> None:
    waits = [wait_before("<1@x>", attempts) for attempts in range(1, 15)]
    assert [one < other for one, other in pairwise(waits[:9])] == [True] * 8
    assert all(dt.timedelta(hours=4.8) <= wait <= dt.timedelta(hours=7.2) for wait in waits[9:])
    firsts = {wait_before(f"<{n}@x>", 1) for n in range(100)}
    assert min(firsts) >= dt.timedelta(seconds=48)
    assert max(firsts) <= dt.timedelta(seconds=72)
    assert len(firsts) > 10


@given(st.lists(st.text(), max_size=6).map(tuple))
def test_a_message_id_is_one_that_mail_programs_read_and_the_same_every_time(parts: tuple[str, ...]) -> None:
    name = message_id(parts, "daybook.example")
    assert name == message_id(parts, "daybook.example")
    read = message_from_string(f"Message-ID: {name}\n\n", policy=SMTP)["Message-ID"]
    assert (str(read), read.defects) == (name, ())


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_different_mails_have_different_message_ids(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (message_id(one, "x") == message_id(other, "x")) == (one == other)


@pytest.mark.parametrize(
    ("address", "domain"),
    [("daybook@Example.COM", "example.com"), ("d@localhost", "localhost"), ("d@例子.公司", "xn--fsqu00a.xn--55qx5d")],
)
def test_the_domain_is_that_of_the_sender(address: str, domain: str) -> None:
    assert domain_of(address) == domain


@pytest.mark.parametrize("address", ["", "daybook", "daybook@", "a@b c", "a@b>\r\nX: 1", "a@-b"])
def test_what_has_no_domain_is_no_sender(address: str) -> None:
    with pytest.raises(ValueError, match="is no mail address"):
        domain_of(address)
