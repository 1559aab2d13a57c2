"""A sender in a process of its own, killed at a place as `kill -9` does: nothing in it may clean up."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import pytest

from tasks.adapters.store import open_store
from tasks.mail.claiming import ClaimedMail
from tasks.mail.steps import dispatch
from tasks.mail.steps.office import Desk
from tests.mail.post import composed, office, server

SECONDS_TO_MEET = 60


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a sender is killed ("claimed", "about to send", "accepted", or "" for nowhere), at which mail.

    With a folder to `meet` in it waits with its first mail until another sender has one too.
    """

    place: str = ""
    mail: int = 1
    meet: str = ""


def send(url: str, port: int, fate: Fate, lines: int) -> None:
    """Sends everything due, unless killed before."""
    left = fate.mail

    def composed_or_killed(mail: ClaimedMail) -> bytes:
        nonlocal left
        left -= 1
        if fate.meet:
            _met(Path(fate.meet))
        if fate.place == "claimed" and left == 0:
            _killed()
        return composed(mail)

    may_send = Desk.may_send

    async def noted_and_killed(desk: Desk, mail: ClaimedMail) -> bool:
        await may_send(desk, mail)
        _killed()

    to = server(port, connections=lines, answer_seconds=20, final_seconds=20)
    with pytest.MonkeyPatch.context() as patch:
        if fate.place == "accepted":
            patch.setattr(Desk, "settle", _killed)
        if fate.place == "about to send":
            patch.setattr(Desk, "may_send", noted_and_killed)
        dispatch(replace(office(open_store(url), to), compose=composed_or_killed))


def _met(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    until = time.monotonic() + SECONDS_TO_MEET
    while len(list(folder.iterdir())) == 1 and time.monotonic() < until:
        time.sleep(0.01)


def _killed(*_given: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit
