"""A question of a flow is answered by any of three ways, and Prefect may forget it: our own record knows."""

from __future__ import annotations

import asyncio
import json

import pytest

from flows.approving import answer_and_resume
from flows.desk_options import opened
from flows.forms import VERDICTS
from flows.whereabouts import Whereabouts, kept_whereabouts
from tasks.adapters.clock import now
from tasks.adapters.store import open_store
from tasks.desk_approval import Given
from tasks.register.approvals import answer, waiting
from tasks.register.breaks import Done
from tests.flows.asking import explain_together
from tests.flows.company import DAY, LATER, masters, ordinary_day
from tests.flows.conftest import NewHome
from tests.flows.running import Home, breaks_of, daybook, inside, run_day
from tests.flows.served import Served
from tests.flows.test_user_interface import deploy_example

CLERK, MANAGER = "李会计", "钱经理"
APPROVE, _, REJECT = VERDICTS


def _asked(home: Home, names: str) -> str:
    """What the small process says when it runs without any server."""
    with inside(home):
        state = asyncio.run(explain_together.fn(names, CLERK))
    return str(state.message)


def _states(home: Home) -> dict[str, str]:
    return {str(one["id"]): str(one["state"]) for one in breaks_of(run_day(home, DAY))}


@pytest.mark.parametrize(
    ("given", "ends", "states"),
    [
        (Given("approved", (), "ok", MANAGER), "approved 0", ("explained", "explained")),
        (Given("approved", ("second",), "ok", MANAGER), "approved 1", ("explained", "open")),
        (Given("rejected", (), "no", MANAGER), "rejected 0", ("open", "open")),
    ],
)
def test_a_new_run_finds_the_answer_that_was_given_meanwhile(
    sqlite_home: NewHome, given: Given, ends: str, states: tuple[str, str]
) -> None:
    home = sqlite_home()
    masters(home.folder)
    ordinary_day(home.folder)
    first, second = sorted(_states(home))
    names = f"{first} {second}"
    assert _asked(home, names) == "waiting 0"
    assert _asked(home, names) == "waiting 0"
    with inside(home):
        store, settings, now = opened()
        with store.reading() as connection:
            (one,) = waiting(connection)
        left_out = Given(given.verdict, (second,) * len(given.excepted), given.reason, given.who)
        answer_and_resume(store, settings, one.id, left_out, now)
    for _ in range(2):
        assert _asked(home, names) == ends
        after = _states(home)
        assert (after[first], after[second]) == states


def test_whoever_answers_without_naming_a_server_is_told_when_that_of_the_home_does_not_answer(
    sqlite_home: NewHome,
) -> None:
    home = sqlite_home()
    masters(home.folder)
    ordinary_day(home.folder)
    (home.folder / "prefect").mkdir()
    given = Given("approved", (), "ok", MANAGER)
    for number, name in enumerate(sorted(_states(home)), 1):
        _asked(home, name)
        nobody = Whereabouts(api="http://127.0.0.1:1/api") if number == 1 else Whereabouts()
        with inside(home), kept_whereabouts(home.folder, nobody):
            store, settings, now = opened()
            answered, resumed = answer_and_resume(store, settings, number, given, now)
        assert (answered.state, resumed) == ("approved", None if number == 1 else 0)


def _newest(served: Served) -> int:
    """The number of the question that was asked last and waits."""
    with open_store(served.home.url).reading() as connection:
        return waiting(connection)[-1].id


@pytest.mark.proof
@pytest.mark.server
def test_a_suspended_run_asks_again_after_a_refusal_and_goes_on_by_command_or_desk(served: Served) -> None:
    # A date of its own, for others work on the breaks of this home too.
    ordinary_day(served.home.folder, LATER)
    found = breaks_of(run_day(served.home, LATER))
    first, second = sorted(str(one["id"]) for one in found if one["date"] == str(LATER) and one["state"] == "open")
    deploy_example(served)
    run = served.start("explain-together", break_ids=served.offered("explain-together", "break_ids", first), who=CLERK)
    served.state(run, "PAUSED")
    number = _newest(served)
    # The asker answers in the form: refused, and asked again with the reason above the form.
    own = {"decision": APPROVE, "reason": "ok", "who": CLERK}
    answered = served.ask(f"flow_runs/{run}/resume", {"run_input": own})
    assert isinstance(answered, dict)
    assert answered["status"] == "ACCEPT"
    served.state(run, "RUNNING")
    served.state(run, "PAUSED")
    page = served.artifact(f"approval-{number}")
    assert f"李会计 无权答复第 {number} 号" in page
    assert first in {one["id"] for one in breaks_of(run_day(served.home, LATER)) if one["state"] == "open"}
    # An empty answer is refused by the form itself.
    empty = served.ask(f"flow_runs/{run}/resume", {})
    assert isinstance(empty, dict)
    assert empty["status"] == "REJECT"
    # Nothing tells the command where the server is but the home.
    daybook(served.home, "approve", str(number), "--by", MANAGER, "--reason", "ok", check=0)
    assert served.state(run)["message"] == "approved 0"
    other = served.start(
        "explain-together", break_ids=served.offered("explain-together", "break_ids", second), who=CLERK
    )
    served.state(other, "PAUSED")
    later = _newest(served)
    desk = served.start("answer-approval", approval=later, decision=REJECT, reason="先查", who=MANAGER)
    assert served.ended(desk) == "COMPLETED"
    assert served.state(other)["message"] == "rejected 0"
    late = served.start("answer-approval", approval=later, decision=APPROVE, reason="ok", who=MANAGER)
    refused = served.state(late)
    assert refused["type"] == "FAILED"
    assert "already answered" in str(refused["message"]) or "答复" in str(refused["message"])
    both = served.offered("explain-together", "break_ids", first, second)
    again = served.start("explain-together", break_ids=both, who=MANAGER)
    served.state(again, "PAUSED")
    assert served.looked_after().resumed == 0
    # Whoever answers while the server is down reaches our own record alone.
    with open_store(served.home.url).writing() as connection:
        answer(connection, _newest(served), "rejected", Done("rejected", CLERK, "再查", now("Asia/Shanghai")), ())
    assert [served.looked_after().resumed for _ in range(2)] == [1, 0]
    assert served.state(again)["message"] == "rejected 0"
    listed = json.loads(daybook(served.home, "exceptions", "list", "--json", check=0).stdout)
    states = {one["id"]: one["state"] for one in listed}
    assert (states[first], states[second]) == ("explained", "open")
