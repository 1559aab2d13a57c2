"""A night that its pre-checks stop waits in the Prefect UI, and closes once somebody with the right has passed it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.flows.running import daybook
from tests.flows.served import Served
from tests.night_audit.hotel import a_hotel, drop

B = dt.date(2026, 11, 20)
DUE = "A2|302|赵|正常|2026-11-19 15:00|2026-11-20 12:00||300.00|1|300.00|李"


@pytest.mark.proof
@pytest.mark.server
def test_a_stopped_night_waits_for_the_answer_and_closes(served: Served) -> None:
    a_hotel(served.home.folder)
    drop(served.home.folder, "operators", "操作员|最低折扣|可放行夜审\n李|0.8|否\n陈|0.5|是")
    drop(served.home.folder, "stays", f"账号|房号|客人|入住类型|抵店|预离|离店|门市价|折扣|房价|操作员\n{DUE}", "b.csv")
    run = served.start("night-audit", first_date=str(B), send_mail=False)
    served.state(run, "PAUSED")
    (asked,) = [one for one in served.all_of("artifacts") if str(one["key"]).startswith("approval-")]
    assert "DUE_OUT:A2" in str(asked["data"])
    number = str(asked["key"]).removeprefix("approval-")
    words = ("approve", number, "--reason", "客人已电话续住")
    more = {"PREFECT_API_URL": served.api}
    daybook(served.home, *words, "--by", "李", check=2, more=more)
    daybook(served.home, *words, "--by", "陈", check=0, more=more)
    assert served.ended(run) == "COMPLETED"
    page = served.home.folder / f"reports/night-audit/{B}/night-audit.txt"
    assert "客人已电话续住" in page.read_text(encoding="utf-8")
