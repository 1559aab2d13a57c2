"""A night that its pre-checks stop waits in the Prefect UI, and its run ends however it is passed or mended."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.adapters.store import open_store
from tasks.night_audit.steps import open_date
from tasks.register.approvals import waiting
from tests.flows.running import daybook
from tests.flows.served import Served
from tests.night_audit.hotel import a_hotel, drop

pytestmark = [pytest.mark.proof, pytest.mark.server]
B = dt.date(2026, 11, 20)
STAYS = "账号|房号|客人|入住类型|抵店|预离|离店|门市价|折扣|房价|操作员\n"


def _night(served: Served) -> dt.date:
    """The night to be closed next, for others may have closed the first one of this home."""
    with open_store(served.home.url).reading() as connection:
        opened = open_date(connection)
    return opened.date if opened else B


def _due_out(served: Served, due: dt.date) -> None:
    """A guest in 302 who is to leave on that day, which stops every night from then on."""
    row = f"A2|302|赵|正常|2026-11-19 15:00|{due} 12:00||300.00|1|300.00|李"
    drop(served.home.folder, "stays", STAYS + row, f"due_{due}.csv")


def _stopped(served: Served) -> tuple[str, int]:
    """A run that waits because the open night is stopped, and the number of what it asks."""
    a_hotel(served.home.folder)
    drop(served.home.folder, "operators", "操作员|最低折扣|可放行夜审\n李|0.8|否\n陈|0.5|是")
    run = served.start("night-audit", first_date=str(_night(served)), send_mail=False)
    served.state(run, "PAUSED")
    with open_store(served.home.url).reading() as connection:
        (asked,) = waiting(connection)
    return run, asked.id


def test_a_stopped_night_waits_for_the_answer_and_closes(served: Served) -> None:
    night = _night(served)
    _due_out(served, night)
    run, number = _stopped(served)
    assert "DUE_OUT:A2" in served.artifact(f"approval-{number}")
    words = ("approve", str(number), "--reason", "客人已电话续住")
    more = {"PREFECT_API_URL": served.api}
    daybook(served.home, *words, "--by", "李", check=2, more=more)
    daybook(served.home, *words, "--by", "陈", check=0, more=more)
    assert served.ended(run) == "COMPLETED"
    page = served.home.folder / f"reports/night-audit/{night}/night-audit.txt"
    assert "客人已电话续住" in page.read_text(encoding="utf-8")


def test_the_run_of_a_stopped_night_ends_by_itself_once_it_was_mended_and_closed_by_hand(served: Served) -> None:
    night = _night(served)
    _due_out(served, night)
    run, _ = _stopped(served)
    assert served.looked_after().resumed == 0
    _due_out(served, night + dt.timedelta(days=1))
    daybook(served.home, "run", "night-audit", "--no-mail", check=0)
    assert served.looked_after().resumed == 1
    assert served.looked_after().resumed == 0
    assert served.ended(run) == "COMPLETED"
