"""What `daybook run` does for each flow: a flow run where a Prefect server is configured, else the same body."""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from config.settings import load_settings
from flows.arranging import UnableToArrange, departments_instead_of, watched_by
from flows.command_line import home, said
from flows.opening import made_home

Progress = Callable[[int, int, str], None]
Summary = dict[str, object]
_RARELY = (100_000, 50, 100)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command asked for; every flow takes what is its own and refuses the rest (see `run`)."""

    date: dt.date | None = None
    department: str = ""
    mail: bool = True
    first_date: dt.date | None = None
    preview: bool = False
    reprint: bool = False
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Runner:
    """How one flow is run: as a Prefect flow, or as its body alone; `takes` are its own options of `Wanted`."""

    takes: frozenset[str]
    recorded: Callable[[Wanted], Coroutine[Any, Any, object]]
    direct: Callable[[Wanted], Coroutine[Any, Any, Summary]]


def run(flow: str, wanted: Wanted, watched: Progress, *, orchestrated: bool) -> Summary:
    """The object of `--json` of one run of `flow`.

    Raises UnableToArrange for an option that the flow does not have and for a department that the masters do not name.
    """
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    # A big day holds millions of small values at once; looking through them for rubbish again and again takes seconds.
    gc.set_threshold(*_RARELY)
    runner = RUNNERS[flow]
    _check_options(flow, runner, wanted)
    made_home()
    _check_department(wanted.department)
    if orchestrated or os.environ.get("PREFECT_API_URL"):
        result = asyncio.run(runner.recorded(wanted))
    else:
        print(said("cli.not_recorded"), file=sys.stderr)
        with watched_by(watched):
            result = asyncio.run(runner.direct(wanted))
    assert isinstance(result, dict)
    return result


def _check_options(flow: str, runner: Runner, wanted: Wanted) -> None:
    plain = Wanted()
    for name in Wanted.__slots__:
        if getattr(wanted, name) != getattr(plain, name) and name not in runner.takes:
            option = f"--{name.replace('_', '-')}"
            raise UnableToArrange(said("cli.error.option", option=option, flow=flow))


def _check_department(department: str) -> None:
    known = departments_instead_of(load_settings(home()), department)
    if known:
        raise UnableToArrange(said("cli.error.department", value=department, known=", ".join(known)))


async def _stock_ledger(wanted: Wanted) -> object:
    from flows.stock_ledger import stock_ledger

    return await _given(await stock_ledger(wanted.date, wanted.department, send_mail=wanted.mail, return_state=True))


async def _stock_ledger_alone(wanted: Wanted) -> Summary:
    from flows.stock_ledger_day import carried_out

    return await carried_out(wanted.date, wanted.department, mail=wanted.mail)


async def _night_audit(wanted: Wanted) -> object:
    from flows.night_audit import night_audit

    state = await night_audit(
        wanted.date, wanted.first_date, wanted.preview, wanted.reprint, wanted.mail, return_state=True
    )
    return await _given(state)


async def _night_audit_alone(wanted: Wanted) -> Summary:
    from flows.hotel import Asked, audited

    return await audited(Asked(wanted.date, wanted.first_date, wanted.preview, wanted.reprint, wanted.mail))


async def _sweep(wanted: Wanted) -> object:
    from flows.reservation_sweep import reservation_sweep

    return await _given(await reservation_sweep(wanted.at, return_state=True))


async def _sweep_alone(wanted: Wanted) -> Summary:
    from flows.hotel import swept_at

    return await swept_at(wanted.at)


async def _given(state: Any) -> object:
    """What a recorded flow run gave; one that Prefect shows as failed because it is blocked gives its summary too."""
    result = await state.aresult(raise_on_failure=False)
    return result if isinstance(result, dict) else await state.aresult(raise_on_failure=True)


_NIGHT = frozenset({"date", "first_date", "preview", "reprint", "mail"})
RUNNERS = {
    "stock-ledger": Runner(frozenset({"date", "department", "mail"}), _stock_ledger, _stock_ledger_alone),
    "night-audit": Runner(_NIGHT, _night_audit, _night_audit_alone),
    "reservation-sweep": Runner(frozenset({"at", "mail"}), _sweep, _sweep_alone),
}
