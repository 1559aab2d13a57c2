"""The commands of people who work on breaks and approvals: list, explain, assign, write off, approve, reject."""

from __future__ import annotations

import json
import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from flows.command_line import language, report_error, said
from flows.desk_options import By, Debug, Id, Json, Reason, Until, given, last_day, opened, who

if TYPE_CHECKING:
    from tasks.desk_approval import Given

exceptions = typer.Typer(no_args_is_help=True)


class Which(Enum):
    """Which breaks to list."""

    open = "open"
    resolved = "resolved"
    all = "all"


@exceptions.command("list", help=said("cli.command.list"))
def list_(
    which: Annotated[Which, typer.Option("--state", help=said("cli.option.state"))] = Which.open,
    flow: Annotated[str, typer.Option("--flow", help=said("cli.option.flow"))] = "",
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Lists breaks, oldest first."""
    with report_error(debug=debug):
        from flows.desk_words import listed_breaks, table_of
        from flows.listing import is_read_by_a_program

        store, _, now = opened()
        rows = listed_breaks(store, flow, which.value, now.date())
        shown = json.dumps(rows, ensure_ascii=False) if as_json else ""
        print(shown or table_of(rows, whole=is_read_by_a_program()))


@exceptions.command(help=said("cli.command.explain"))
def explain(break_id: Id, reason: Reason = "", until: Until = "", by: By = "", debug: Debug = False) -> None:
    """Explains a break, up to a day or without an end."""
    with report_error(debug=debug):
        from tasks.register import breaks as register

        last = last_day(until)
        store, _, now = opened()
        with store.writing() as connection:
            one = register.explain(connection, break_id, register.Done("explain", who(by), given(reason), now), last)
        print(
            said("cli.done.explained_until", id=one.id, until=last) if last else said("cli.done.explained", id=one.id)
        )


@exceptions.command(help=said("cli.command.assign"))
def assign(
    break_id: Id,
    to: Annotated[str, typer.Option("--to", help=said("cli.option.to"))],
    reason: Reason = "",
    by: By = "",
    debug: Debug = False,
) -> None:
    """Gives a break to somebody."""
    with report_error(debug=debug):
        from tasks.register import breaks as register

        store, _, now = opened()
        with store.writing() as connection:
            one = register.assign(connection, break_id, to, register.Done("assign", who(by), given(reason), now))
        print(said("cli.done.assigned", id=one.id, to=to))


@exceptions.command("write-off", help=said("cli.command.write_off"))
def write_off(break_id: Id, reason: Reason = "", by: By = "", debug: Debug = False) -> None:
    """Asks for the approval to write a break off."""
    with report_error(debug=debug):
        from tasks.register.approvals import ask_write_off
        from tasks.register.breaks import Done

        store, _, now = opened()
        with store.writing() as connection:
            asked = ask_write_off(connection, break_id, Done("write-off", who(by), given(reason), now))
        print(said("cli.done.asked", id=asked.id, subject=asked.subject_id))


def approve(
    approval: Annotated[int, typer.Argument(help=said("cli.option.approval"))],
    excepted: Annotated[list[str] | None, typer.Option("--except", help=said("cli.option.except"))] = None,
    reason: Reason = "",
    by: By = "",
    debug: Debug = False,
) -> None:
    """Approves what waits for an answer."""
    with report_error(debug=debug):
        from tasks.desk_approval import Given

        _answer(approval, Given("approved", tuple(excepted or ()), given(reason), who(by)))


def reject(
    approval: Annotated[int, typer.Argument(help=said("cli.option.approval"))],
    reason: Reason = "",
    by: By = "",
    debug: Debug = False,
) -> None:
    """Rejects what waits for an answer."""
    with report_error(debug=debug):
        from tasks.desk_approval import Given

        _answer(approval, Given("rejected", (), given(reason), who(by)))


def _answer(approval: int, answer: Given) -> None:
    from flows.approving import answer_and_resume, answered_message
    from tasks.adapters.speech import spoken

    store, settings, now = opened()
    answered, resumed = answer_and_resume(store, settings, approval, answer, now)
    print(spoken(answered_message(answered), language()))
    if resumed is None:
        print(said("cli.not_resumed"), file=sys.stderr)
