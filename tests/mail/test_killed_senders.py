"""Senders that are killed, and senders at the same time: each recipient gets one mail, or the same one again marked."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tasks.adapters.store import Store
from tasks.mail.claiming import LEASE
from tasks.mail.outbox import listed, queue
from tasks.mail.steps import dispatch
from tests.beside import beside, exit_status
from tests.mail.nouns import DOMAIN, NOW, new_mail
from tests.mail.post import Post, office, server, serving
from tests.mail.senders import Fate, send


@pytest.fixture
def post() -> Iterator[Post]:
    with serving(Post()) as answering:
        yield answering


def _queued(store: Store, mails: int) -> None:
    with store.writing() as connection:
        queue(connection, [new_mail(f"{n}@example.test") for n in range(mails)], DOMAIN, NOW)


def _started(store: Store, port: int, fate: Fate, lines: int) -> BaseProcess:
    url = store.engine.url.render_as_string(hide_password=False)
    return beside(send, url, port, fate, lines)


@pytest.mark.parametrize(
    ("place", "count", "mails", "arrived", "free", "again"),
    [
        # killed when     of which mail  mails  arrived before  nobody's  arrived again, marked
        ("claimed",       1,             1,     0,              0,        []),
        ("claimed",       3,             10,    2,              6,        []),
        ("about to send", 1,             1,     0,              0,        [True]),
        ("accepted",      1,             1,     1,              0,        [True]),
    ],
)  # fmt: skip
def test_after_a_kill_each_recipient_has_one_mail_or_the_same_again_marked(
    store: Store, post: Post, place: str, count: int, mails: int, arrived: int, free: int, again: list[bool]
) -> None:
    _queued(store, mails)
    assert exit_status(_started(store, post.port, Fate(place, count), 1)) == -signal.SIGKILL
    assert len(post.received) == arrived
    dispatch(office(store, server(post.port)))
    assert len(post.received) == arrived + free, "what another sender holds is not sent"
    dispatch(office(store, server(post.port), at=NOW + LEASE))
    assert [one.repeat for one in post.received if one.repeat] == again
    assert [one for one in post.received[:arrived] if one.repeat] == []
    assert set(post.times()) == {f"{n}@example.test" for n in range(mails)}
    assert len(post.received) == max(mails, arrived + len(again))
    assert len({one.message_id for one in post.received}) == mails
    with store.reading() as connection:
        assert {mail.state for mail in listed(connection)} == {"sent"}


def test_two_senders_at_once_send_every_mail_and_none_twice(store: Store, post: Post, tmp_path: Path) -> None:
    _queued(store, 100)
    meet = tmp_path / "meet"
    meet.mkdir()
    senders = [_started(store, post.port, Fate(meet=str(meet)), 4) for _ in range(2)]
    assert [exit_status(sender) for sender in senders] == [0, 0]
    assert (len(post.received), set(post.times().values())) == (100, {1})
    assert len({one.line for one in post.received}) > 4, "both senders took part"
    with store.reading() as connection:
        assert {mail.state for mail in listed(connection)} == {"sent"}
