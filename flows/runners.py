"""What `daybook run` does for each flow: a flow run where a Prefect server is configured, else the same body."""

from __future__ import annotations

import asyncio
import datetime as dt
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
    period: str = ""
    step: str = ""
    site: str = ""
    warehouse: str = ""
    abc: str = ""
    items: tuple[str, ...] = ()
    spot: int = 0
    seed: int = 0


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
            if name == "period" and "date" in runner.takes:
                raise UnableToArrange(said("cli.error.no_period"))
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


async def _stocktake(wanted: Wanted) -> object:
    from flows.stocktake import stocktake

    state = await stocktake(
        wanted.period,
        wanted.step,
        wanted.department,
        wanted.site,
        wanted.warehouse,
        wanted.abc,
        " ".join(wanted.items),
        wanted.spot,
        wanted.seed,
        wanted.mail,
        return_state=True,
    )
    return await _given(state)


async def _stocktake_alone(wanted: Wanted) -> Summary:
    from flows.stocktake_count import Asked, carried_out
    from tasks.stocktake.scopes import Scope

    scope = Scope(
        departments=tuple(filter(None, [wanted.department])),
        sites=_named(wanted.site),
        warehouses=_named(wanted.warehouse),
        classes=_named(wanted.abc),
        items=wanted.items,
        spot=wanted.spot,
        seed=wanted.seed,
    )
    return await carried_out(Asked(wanted.period, wanted.step, scope, wanted.mail))


def _named(text: str) -> tuple[str, ...]:
    from flows.forms import separate

    return separate(text)


async def _agreement(wanted: Wanted) -> object:
    from flows.account_agreement import account_agreement

    return await _given(await account_agreement(wanted.period, wanted.mail, return_state=True))


async def _agreement_alone(wanted: Wanted) -> Summary:
    from flows.stocktake_count import agreed_accounts

    return await agreed_accounts(wanted.period, mail=wanted.mail)


async def _returns(wanted: Wanted) -> object:
    from flows.damaged_returns import damaged_returns

    return await _given(await damaged_returns(wanted.date, wanted.department, wanted.mail, return_state=True))


async def _returns_alone(wanted: Wanted) -> Summary:
    from flows.damaged_returns_day import carried_out

    return await carried_out(wanted.date, wanted.department, mail=wanted.mail)


async def _invoices(wanted: Wanted) -> object:
    from flows.invoice_check import invoice_check

    return await _given(await invoice_check(wanted.date, wanted.period, wanted.mail, return_state=True))


async def _invoices_alone(wanted: Wanted) -> Summary:
    from flows.invoice_check_day import carried_out

    return await carried_out(wanted.date, wanted.period, mail=wanted.mail)


async def _survey(wanted: Wanted) -> object:
    from flows.survey import survey

    return await _given(await survey(wanted.period, wanted.department, wanted.mail, return_state=True))


async def _survey_alone(wanted: Wanted) -> Summary:
    from flows.survey_day import carried_out

    return await carried_out(wanted.period, wanted.department, mail=wanted.mail)


async def _given(state: Any) -> object:
    """What a recorded flow run gave; one that Prefect shows as failed because it is blocked gives its summary too."""
    result = await state.aresult(raise_on_failure=False)
    return result if isinstance(result, dict) else await state.aresult(raise_on_failure=True)


_NIGHT = frozenset({"date", "first_date", "preview", "reprint", "mail"})
_COUNT = frozenset({"period", "step", "department", "site", "warehouse", "abc", "items", "spot", "seed", "mail"})
RUNNERS = {
    "stock-ledger": Runner(frozenset({"date", "department", "mail"}), _stock_ledger, _stock_ledger_alone),
    "stocktake": Runner(_COUNT, _stocktake, _stocktake_alone),
    "account-agreement": Runner(frozenset({"period", "mail"}), _agreement, _agreement_alone),
    "damaged-returns": Runner(frozenset({"date", "department", "mail"}), _returns, _returns_alone),
    "invoice-check": Runner(frozenset({"date", "period", "mail"}), _invoices, _invoices_alone),
    "survey": Runner(frozenset({"period", "department", "mail"}), _survey, _survey_alone),
    "night-audit": Runner(_NIGHT, _night_audit, _night_audit_alone),
    "reservation-sweep": Runner(frozenset({"at", "mail"}), _sweep, _sweep_alone),
}
