"""Which business dates a run does: the one it was asked for, or those that its schedule has left to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

from config.settings import home_folder, load_settings
from config.wording import in_every_language
from flows.arranging import due_date, scheduled_moment
from flows.deployments import deployed
from tasks.adapters.store import open_store
from tasks.desk import in_deployed_run
from tasks.domain.due import Due, due_dates
from tasks.register.runs import last_ends

Summary = dict[str, object]


class UnableToCatchUp(Exception):
    """Some of the missed dates could not be done; the text names each with its reason, in one line."""


def dates_to_do(flow: str, asked: dt.date | None) -> Due:
    """The dates that a run of `flow` does, oldest first: `asked`, or what its schedule has left to do.

    Missed dates belong to runs of the deployment; whoever starts the flow elsewhere gets the date that is due.
    """
    settings = load_settings(home_folder())
    moment = scheduled_moment(settings)
    if asked is not None or not in_deployed_run():
        return Due((asked or due_date(moment),))
    with open_store(settings.database_url).reading() as connection:
        ends = last_ends(connection, flow)
    return due_dates(moment, due_date, deployed(flow).schedules(settings), ends, settings.catch_up_days)


async def done_in_turn(due: Due, do: Callable[[dt.date], Awaitable[Summary]]) -> Summary:
    """The summary of the last date, after `do` did every one, oldest first; a date that fails holds up no other.

    Raises UnableToCatchUp in the end where an earlier date failed; what the last one raises is raised as it is.
    """
    *missed, last = due.dates
    failures = []
    for date in missed:
        try:
            await do(date)
        except Exception as error:  # noqa: BLE001 - whatever stops one date is told in the end and stops no other
            failures.append(f"{date}: {type(error).__name__}: {' '.join(str(error).split())}")
    summary = await do(last)
    if failures:
        raise UnableToCatchUp("; ".join(failures))
    return summary


def told_of(due: Due) -> str:
    """What ops are told of the dates in every language; "" for a run that did its own date alone."""
    if not due.dates:
        return in_every_language("serve.nothing_left")
    said = []
    if len(due.dates) > 1:
        said.append(in_every_language("serve.caught_up", dates=", ".join(map(str, due.dates[:-1]))))
    if due.passed_over:
        first, last = due.passed_over
        said.append(in_every_language("serve.passed_over", first=first, last=last))
    return " ".join(said)
