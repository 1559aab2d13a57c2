from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from tasks.domain.message import message
from tasks.register.approvals import (
    Approval,
    Question,
    Verdict,
    answer,
    approval_of,
    ask,
    ask_once,
    ask_write_off,
    waiting,
)
from tasks.register.breaks import UnableToAct, find
from tasks.register.tables import approvals, break_events
from tasks.register.verifying import verify_register
from tests.register.nouns import cause, done, key_of, run

CLERK, MANAGER = "李会计", "钱经理"


def _asked(connection: Connection) -> Approval:
    run(connection, 1, "a")
    return ask_write_off(connection, "a", done(CLERK, "金额很小", "write-off"))


def _refused(
    connection: Connection,
    approval: int,
    who: str,
    *,
    reason: str = "同意",
    approvers: tuple[str, ...] = (),
    verdict: Verdict = "approved",
) -> str:
    with pytest.raises(UnableToAct) as refused:
        answer(connection, approval, verdict, done(who, reason, verdict), approvers)
    return key_of(refused.value.message)


def test_a_write_off_waits_for_somebody_else(connection: Connection) -> None:
    asked = _asked(connection)
    assert [one.id for one in waiting(connection)] == [asked.id]
    assert find(connection, "a").state == "open"
    answer(connection, asked.id, "approved", done(MANAGER, "同意", "approved"), ())
    assert find(connection, "a").state == "written-off"
    assert waiting(connection) == ()
    assert verify_register(connection) == []


def test_a_rejected_write_off_leaves_the_break_open(connection: Connection) -> None:
    asked = _asked(connection)
    assert answer(connection, asked.id, "rejected", done(MANAGER, "先查", "rejected"), ()).state == "rejected"
    assert find(connection, "a").state == "open"
    assert waiting(connection) == ()


@pytest.mark.parametrize(
    ("who", "reason", "approvers", "why"),
    [
        (CLERK, "同意", (), "no_right"),
        (CLERK, "同意", (CLERK,), "no_right"),
        (MANAGER, "同意", ("吴经理",), "no_right"),
        (MANAGER, " ", (), "no_reason"),
        ("", "同意", (), "no_name"),
    ],
)
@pytest.mark.parametrize("verdict", ["approved", "rejected"])
def test_who_may_not_answer(
    connection: Connection, who: str, reason: str, approvers: tuple[str, ...], why: str, verdict: Verdict
) -> None:
    asked = _asked(connection)
    assert _refused(connection, asked.id, who, reason=reason, approvers=approvers, verdict=verdict) == why
    assert [one.id for one in waiting(connection)] == [asked.id]


def test_the_asker_is_the_asker_however_the_name_is_typed(connection: Connection) -> None:
    asked = _asked(connection)
    assert _refused(connection, asked.id, f" {CLERK} ") == "no_right"


def test_an_answer_is_given_once(connection: Connection) -> None:
    asked = _asked(connection)
    answer(connection, asked.id, "approved", done(MANAGER, "同意", "approved"), (MANAGER,))
    assert _refused(connection, asked.id, MANAGER) == "already_answered"
    assert _refused(connection, 4711, MANAGER) == "no_such_approval"


def test_figures_that_changed_since_are_not_approved(connection: Connection) -> None:
    asked = _asked(connection)
    run(connection, 2, cause("a", difference=50_000))
    assert _refused(connection, asked.id, MANAGER) == "changed_since"
    assert find(connection, "a").state == "open"


def test_asking_twice_is_asking_once_until_the_figures_change(connection: Connection) -> None:
    asked = _asked(connection)
    assert ask_write_off(connection, "a", done("王会计", "一样", "write-off")) == asked
    run(connection, 2, cause("a", difference=50_000))
    again = ask_write_off(connection, "a", done(CLERK, "变了", "write-off"))
    assert again.id != asked.id
    assert [one.id for one in waiting(connection)] == [again.id]


def test_a_write_off_is_not_asked_without_reason_or_of_what_is_closed(connection: Connection) -> None:
    run(connection, 1, "a", "b")
    run(connection, 2, "a")
    for name, given, why in [
        ("a", done(reason=""), "no_reason"),
        ("b", done(), "not_open"),
        ("a", done(who=" "), "no_name"),
    ]:
        with pytest.raises(UnableToAct) as refused:
            ask_write_off(connection, name, given)
        assert key_of(refused.value.message) == why


def test_what_was_shown_who_asked_and_who_answered_are_kept(connection: Connection) -> None:
    asked = _asked(connection)
    answer(connection, asked.id, "approved", done(MANAGER, "同意", "approved"), ())
    kept = connection.execute(select(approvals)).one()
    assert (kept.asked_by, kept.reason, kept.answered_by, kept.answer_reason) == (CLERK, "金额很小", MANAGER, "同意")
    assert "a" in asked.shown.to_json()
    event = connection.execute(select(break_events)).one()
    assert (event.who, event.reason, event.before, event.after) == (MANAGER, "同意", "open", "written-off")


# What a process asks that waits for the answer itself, such as a count with its lines.
COUNT = Question("stocktake", "DF01:2025-11", message("register.answered.done"), "| SL001 | -2 |", ("1", "2", "3"))


def test_a_question_of_a_process_is_asked_once_and_its_answer_found_again(connection: Connection) -> None:
    asked = ask_once(connection, COUNT, done(CLERK, "盘点", "ask"))
    assert ask_once(connection, COUNT, done(CLERK, "盘点", "ask")) == asked
    answer(connection, asked.id, "approved", done(MANAGER, "同意", "approved"), (), ("2",))
    found = ask_once(connection, COUNT, done(CLERK, "盘点", "ask"))
    assert (found.id, found.state, found.excepted, found.answered_by) == (asked.id, "approved", ("2",), MANAGER)
    assert found == approval_of(connection, asked.id)


@pytest.mark.parametrize(
    "changed",
    [
        replace(COUNT, details="| SL001 | -3 |"),
        replace(COUNT, lines=("1", "2")),
        replace(COUNT, shown=message("register.answered.refused", why="x")),
    ],
)
def test_an_answer_lapses_when_anything_that_was_shown_changes(connection: Connection, changed: Question) -> None:
    asked = ask_once(connection, COUNT, done(CLERK, "盘点", "ask"))
    answer(connection, asked.id, "approved", done(MANAGER, "同意", "approved"), ())
    anew = ask_once(connection, changed, done(CLERK, "盘点", "ask"))
    assert (anew.id != asked.id, anew.state) == (True, "waiting")


def test_a_question_that_waits_with_old_figures_is_closed(connection: Connection) -> None:
    ask_once(connection, COUNT, done(CLERK, "盘点", "ask"))
    anew = ask_once(connection, replace(COUNT, details="| SL001 | -3 |"), done(CLERK, "盘点", "ask"))
    assert [one.id for one in waiting(connection)] == [anew.id]


@pytest.mark.parametrize(
    ("who", "approvers", "barred", "may"),
    [
        (MANAGER, (), (), True),
        (MANAGER, (MANAGER,), (), True),
        ("吴经理", (MANAGER,), (), False),
        (MANAGER, (), (MANAGER,), False),
        (MANAGER, (MANAGER,), (f" {MANAGER}",), False),
        (CLERK, (CLERK,), (), False),
    ],
)
def test_the_question_says_who_may_answer_it(
    connection: Connection, who: str, approvers: tuple[str, ...], barred: tuple[str, ...], *, may: bool
) -> None:
    asked = ask(connection, replace(COUNT, approvers=approvers, barred=barred), done(CLERK, "盘点", "ask"))
    if may:
        assert answer(connection, asked.id, "approved", done(who, "同意"), ("somebody else",) * bool(approvers)).state
    else:
        assert _refused(connection, asked.id, who) == "no_right"


@pytest.mark.parametrize(
    ("excepted", "why"), [(("4",), "no_such_line"), (("1", "2", "3"), "nothing_left"), (("1", "1"), None)]
)
def test_an_approval_leaves_out_lines_that_were_asked_for_but_not_all(
    connection: Connection, excepted: tuple[str, ...], why: str | None
) -> None:
    asked = ask(connection, COUNT, done(CLERK, "盘点", "ask"))
    if why is None:
        assert answer(connection, asked.id, "approved", done(MANAGER, "同意"), (), excepted).excepted == ("1",)
        return
    with pytest.raises(UnableToAct) as refused:
        answer(connection, asked.id, "approved", done(MANAGER, "同意"), (), excepted)
    assert key_of(refused.value.message) == why
    assert approval_of(connection, asked.id).state == "waiting"
