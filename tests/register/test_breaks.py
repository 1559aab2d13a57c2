from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from tasks.adapters.store import Store
from tasks.domain.breaks import ALIVE
from tasks.register.breaks import UnableToAct, alive_before, assign, explain, find, listed, record, told_on, write_off
from tasks.register.runs import Run, record_run
from tasks.register.tables import break_events, break_sightings, breaks
from tests.register.nouns import FLOW, MORNING, cause, day, done, key_of, run, states


def test_a_break_is_told_from_its_first_day_to_the_day_it_is_resolved(connection: Connection) -> None:
    assert states(run(connection, 1, "a")) == {"a": "open"}
    assert states(run(connection, 2, "a", "b")) == {"a": "open", "b": "open"}
    assert states(run(connection, 3, "b")) == {"a": "resolved", "b": "open"}
    assert states(run(connection, 4, "b")) == {"b": "open"}
    back = run(connection, 5, "a", "b")
    assert states(back) == {"a": "reopened", "b": "open"}
    assert (back["a"].opened_on, back["a"].since, back["b"].since) == (day(1), day(5), day(2))


def test_running_a_date_again_tells_the_same_and_keeps_the_same(connection: Connection) -> None:
    run(connection, 1, "a", "b")
    first = run(connection, 2, "b", "c")
    kept = _everything(connection)
    assert run(connection, 2, "b", "c") == first
    assert _everything(connection) == kept


def test_a_cause_found_by_a_second_run_of_the_day_is_new_that_day(connection: Connection) -> None:
    run(connection, 1, "a")
    assert run(connection, 1, "a", "b")["b"].since == day(1)


def test_what_people_did_stays_when_the_date_is_run_again(connection: Connection) -> None:
    run(connection, 1, "a")
    explain(connection, "a", done())
    assign(connection, "a", "王会计", done())
    again = run(connection, 1, "a")["a"]
    assert (again.state, again.owner) == ("explained", "王会计")
    carried = run(connection, 2, "a")["a"]
    assert (carried.state, carried.owner, carried.since) == ("explained", "王会计", day(1))


def test_an_older_date_run_again_leaves_the_newest_state_alone(connection: Connection) -> None:
    run(connection, 1, "a")
    run(connection, 2)
    assert states(run(connection, 1, "a", "b")) == {"a": "open", "b": "open"}
    assert find_state(connection, "a") == "resolved"
    assert states(run(connection, 2, "b")) == {"a": "resolved", "b": "open"}


def test_the_day_after_run_before_the_day_opens_no_break_twice(connection: Connection) -> None:
    run(connection, 2, "a", "b")
    earlier = run(connection, 1, "a")
    assert states(earlier) == {"a": "open"}
    assert earlier["a"].opened_on == day(1)
    later = run(connection, 2, "a", "b")
    assert {name: (one.opened_on, one.since) for name, one in later.items()} == {
        "a": (day(1), day(1)),
        "b": (day(2), day(2)),
    }


def test_a_break_that_only_a_belated_run_found_is_carried_on(connection: Connection) -> None:
    run(connection, 2)
    run(connection, 1, "a")
    assert {one.id for one in alive_before(connection, FLOW, day(3))} == {"a"}
    assert states(run(connection, 3)) == {"a": "resolved"}


def test_what_was_alive_is_found_without_a_walk_through_the_history(sqlite_store: Store) -> None:
    with sqlite_store.engine.connect() as connection, connection.begin() as undone:
        run(connection, 1, "a", "b")
        run(connection, 2, "a")
        after_two_days = _steps_to_find_the_alive(connection, 3)
        for number in range(3, 60):
            run(connection, number, "a")
        assert _steps_to_find_the_alive(connection, 60) < 2 * after_two_days
        undone.rollback()


def _steps_to_find_the_alive(connection: Connection, number: int) -> int:
    """How many steps of its own SQLite takes."""
    driver: Any = connection.connection.dbapi_connection
    steps = itertools.count()
    driver.set_progress_handler(lambda: next(steps) < 0, 1)
    found = alive_before(connection, FLOW, day(number))
    driver.set_progress_handler(None, 1)
    assert {one.id for one in found} == {"a"}
    return next(steps)


def test_a_break_written_off_is_told_no_more_until_its_figures_change(connection: Connection) -> None:
    run(connection, 1, "a")
    write_off(connection, "a", done(action="approved"))
    assert states(run(connection, 1, "a")) == {"a": "written-off"}
    assert run(connection, 2, "a") == {}
    assert states(run(connection, 3, cause("a", difference=20_000))) == {"a": "reopened"}


def test_a_break_written_off_today_whose_figures_change_today_is_reopened(connection: Connection) -> None:
    run(connection, 1, "a")
    write_off(connection, "a", done(action="approved"))
    changed = cause("a", difference=20_000)
    assert states(run(connection, 1, changed)) == {"a": "reopened"}
    assert states(run(connection, 1, changed)) == {"a": "reopened"}


def test_an_explanation_that_ends_is_quiet_to_its_last_day_and_then_reopened(connection: Connection) -> None:
    run(connection, 1, "a", "b")
    explain(connection, "a", done(), until=day(3))
    explain(connection, "b", done())
    assert states(run(connection, 3, "a", "b")) == {"a": "explained", "b": "explained"}
    for _ in range(2):
        assert states(run(connection, 4, "a", "b")) == {"a": "reopened", "b": "explained"}
    explain(connection, "a", done(), until=day(9))
    assert states(run(connection, 5, "a")) == {"a": "explained", "b": "resolved"}


def test_where_explanations_are_watched_other_figures_reopen_what_was_explained(connection: Connection) -> None:
    def seen(number: int, difference: int) -> dict[str, str]:
        told = record(connection, FLOW, day(number), [cause("a", difference=difference)], watched=True)
        record_run(connection, Run(FLOW, day(number), "completed", MORNING, MORNING, {}))
        return states({one.id: one for one in told})

    seen(1, 10_000)
    explain(connection, "a", done())
    assert seen(2, 10_000) == {"a": "explained"}
    assert seen(2, 20_000) == {"a": "reopened"}
    assert seen(3, 20_000) == {"a": "reopened"}


@pytest.mark.parametrize("act", [explain, write_off])
def test_nothing_is_done_without_reason_or_name_or_to_what_is_closed(connection: Connection, act: object) -> None:
    assert act in (explain, write_off)
    chosen = explain if act is explain else write_off
    run(connection, 1, "a", "b")
    run(connection, 2, "a")
    for name, given_, why in [
        ("a", done(reason="  "), "no_reason"),
        ("a", done(who=""), "no_name"),
        ("a", done(who="李" * 81), "long_name"),
        ("a", done(reason="\udcff\udcfe"), "unreadable"),
        ("a", done(who="李\x00"), "unreadable"),
        ("b", done(), "not_open"),
        ("nobody", done(), "no_such_break"),
    ]:
        with pytest.raises(UnableToAct) as refused:
            chosen(connection, name, given_)
        assert key_of(refused.value.message) == why
    assert connection.execute(select(break_events)).all() == []


@pytest.mark.parametrize(("to", "why"), [(" ", "no_owner"), ("王" * 81, "long_name"), ("王\udcff", "unreadable")])
def test_a_break_is_given_to_somebody_only(connection: Connection, to: str, why: str) -> None:
    run(connection, 1, "a")
    with pytest.raises(UnableToAct) as refused:
        assign(connection, "a", to, done())
    assert key_of(refused.value.message) == why


def test_who_when_why_and_what_was_before_are_kept(connection: Connection) -> None:
    run(connection, 1, "a")
    explain(connection, "a", done("李会计", "供应商补单"))
    assign(connection, "a", "王会计", done("李会计", "他经手", "assign"))
    write_off(connection, "a", done("钱经理", "金额很小", "approved"))
    events = connection.execute(select(break_events).order_by(break_events.c.id)).all()
    assert [(one.who, one.at, one.action, one.reason, one.before, one.after) for one in events] == [
        ("李会计", MORNING, "explain", "供应商补单", "open", "explained"),
        ("李会计", MORNING, "assign", "他经手", "李会计", "王会计"),
        ("钱经理", MORNING, "approved", "金额很小", "explained", "written-off"),
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("abcd1111", "abcd1111"),
        ("abcd1", "abcd1111"),
        ("abcd", "several_breaks"),
        ("ef0", "no_such_break"),
        ("ef01", "ef012222"),
        ("", "no_such_break"),
        ("%%%%%", "no_such_break"),
        ("abcd\udcff", "no_such_break"),
    ],
)
def test_the_beginning_of_an_id_is_enough_when_it_fits_one(connection: Connection, typed: str, found: str) -> None:
    run(connection, 1, "abcd1111", "abcd2222", "ef012222")
    assert _found(connection, typed) == found


def _found(connection: Connection, typed: str) -> str:
    try:
        return find(connection, typed).id
    except UnableToAct as refused:
        return key_of(refused.message)


def test_an_id_that_begins_another_is_found_itself(connection: Connection) -> None:
    run(connection, 1, "abcd", "abcd2222")
    assert find(connection, "abcd").id == "abcd"


def test_the_list_is_by_state_and_oldest_first(connection: Connection) -> None:
    run(connection, 1, "z")
    run(connection, 2, "z", "a", "b")
    run(connection, 3, "z", "a")
    assert [one.id for one in listed(connection, FLOW, sorted(ALIVE))] == ["z", "a"]
    assert [one.id for one in listed(connection, None, ["resolved"])] == ["b"]


DATES_RUN = st.lists(st.tuples(st.integers(1, 4), st.frozensets(st.sampled_from(["a", "b"]))), min_size=1, max_size=6)


@given(DATES_RUN)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_dates_in_any_order_any_number_of_times_obey_the_life(
    connection: Connection, dates: list[tuple[int, frozenset[str]]]
) -> None:
    with connection.begin_nested() as attempt:
        for number, seen in dates:
            told = run(connection, number, *sorted(seen))
            assert run(connection, number, *sorted(seen)) == told
            assert {name for name, one in told.items() if one.state in ALIVE} == seen
            assert all(one.opened_on <= one.since <= day(number) for one in told.values())
            _stored_states_agree(connection)
        attempt.rollback()


def _stored_states_agree(connection: Connection) -> None:
    """The state of every break is that of its newest date, it opened on its oldest, and each stands under its own."""
    rows = connection.execute(select(break_sightings).order_by(break_sightings.c.period)).all()
    newest = {row.break_id: row.state for row in rows}
    oldest = {row.break_id: row.period for row in reversed(rows)}
    kept = connection.execute(select(breaks)).all()
    assert {row.id: row.state for row in kept} == newest
    assert {row.id: row.opened_on for row in kept} == oldest
    assert {(row.id, row.date) for row in kept} == {(row.break_id, row.date) for row in rows}
    assert all(told_on(connection, oldest, on) == {one for one in oldest if oldest[one] < on} for on in oldest.values())


def find_state(connection: Connection, name: str) -> str:
    return find(connection, name).state


def _everything(connection: Connection) -> list[object]:
    tables = (breaks, break_sightings, break_events)
    return [connection.execute(select(one).order_by(*one.primary_key.columns)).all() for one in tables]


def test_what_is_told_is_what_is_kept(connection: Connection) -> None:
    told = run(connection, 1, "a")["a"]
    assert find(connection, "a") == replace(told, since=told.opened_on)
