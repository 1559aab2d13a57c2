"""The work of a stocktake in its order, as a flow run or without one: arranged from settings, clock and readers.

It stands apart from the flows because loading Prefect takes longer than a small count's work.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from config.settings import CountLimitsSettings, Settings, home_folder, load_settings
from config.wording import in_every_language
from flows.arranging import arranged_receiving, readership, scheduled_moment
from flows.desk_options import opened
from flows.posting import arranged_post
from flows.rubbish import look_for_rubbish_rarely
from flows.whereabouts import whereabouts
from tasks.adapters.clock import now
from tasks.adapters.run_page import run_page
from tasks.adapters.store import open_store
from tasks.desk import in_deployed_run, mark_run
from tasks.desk_approval import is_awaited
from tasks.domain.amounts import MONEY_SCALE, QUANTITY_SCALE, SHARE_SCALE
from tasks.domain.message import Message, message
from tasks.mail.steps import PostOffice, send_and_tell
from tasks.stocktake.policy import CountLimits, Policy
from tasks.stocktake.scopes import Scope
from tasks.stocktake.steps import (
    AGREEMENT,
    FLOW,
    Answer,
    Carried,
    Order,
    asking_reason,
    carry_on,
    counts_under_way,
    has_stock,
    keep_answer,
    month_end,
    open_count,
    receive,
    show,
    state_accounts,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked for: a month or the number of a count, one step or ("") whatever is due."""

    period: str = ""
    step: str = ""
    scope: Scope = field(default_factory=Scope)
    mail: bool = True


async def carried_out(asked: Asked) -> dict[str, object]:
    """The object of `--json` of the count, brought on by the step; of a schedule the last of all that are under way.

    Empty where a schedule finds none.
    """
    look_for_rubbish_rarely()
    settings = load_settings(home_folder())
    order = arranged_order(settings, mail=asked.mail)
    month = f"{scheduled_moment(settings):%Y-%m}"
    receive(order, arranged_receiving(settings))
    run = _Run(settings, order, await arranged_post() if asked.mail else None)
    if asked.step == "open" or not asked.scope.monthly:
        return _opened(run, asked.period or month, asked.scope)
    counts = counts_under_way(order, month) if in_deployed_run() and not asked.period else (asked.period or month,)
    summary: dict[str, object] = {}
    for number in counts:
        summary = await _brought_on(run, number, asked.step)
    return summary


@dataclass(frozen=True, slots=True)
class _Run:
    """What every count of a run is brought on with; `post` is None where no mail is sent."""

    settings: Settings
    order: Order
    post: PostOffice | None


def _opened(run: _Run, month: str, scope: Scope) -> dict[str, object]:
    mark_run(f"{FLOW} {month} open", month)
    return _told(run, open_count(run.order, month, scope))


async def _brought_on(run: _Run, number: str, step: str) -> dict[str, object]:
    """The object of `--json` of one count; what waits for people suspends a deployed run until they answered."""
    mark_run(f"{FLOW} {number} {step}", number)
    carried = carry_on(run.order, number, step)
    summary = _told(run, carried.summary)
    if await _answered(run, carried):
        # Whatever was answered is carried out, and what is left is asked next.
        return await _brought_on(run, number, step)
    return summary


async def _answered(run: _Run, carried: Carried) -> bool:
    """Whether somebody answered one of the questions now; only a deployed run can wait for the answer."""
    if not in_deployed_run():
        return False
    from flows.approving import Asking, decided

    why = asking_reason(run.order.languages[0])
    asking = Asking(open_store(run.order.database_url), run.settings, run.order.clock, FLOW, why)
    for one in carried.waiting:
        # Another run waits for that answer already and will act on it.
        if not is_awaited(one.id) and (await decided(asking, one.question)).state != "waiting":
            return True
    return False


def _told(run: _Run, summary: dict[str, object]) -> dict[str, object]:
    """The summary with its mails sent, shown as the page of the run."""
    if run.post:
        summary = send_and_tell(run.post, summary)
    show(summary, run_page(summary, run.order.languages[0], whereabouts(run.settings.home).reports))
    return summary


async def agreed_accounts(period: str, *, mail: bool) -> dict[str, object]:
    """The object of `--json` of the month's statements of account, drawn and sent to both sides."""
    settings = load_settings(home_folder())
    order = arranged_order(settings, mail=mail)
    month = period or _month_before(scheduled_moment(settings))
    mark_run(f"{AGREEMENT} {month}", month)
    receive(order, arranged_receiving(settings))
    run = _Run(settings, order, await arranged_post() if mail else None)
    return _told(run, state_accounts(order, month))


def answered_statement(site: str, month: str, side: str, agrees: bool, said: tuple[str, str]) -> Message:
    """What to tell whoever answered the statement of a site for one side; `said` is who answers and why.

    Raises UnableToAct where no statement of that site and month was drawn.
    """
    store, _, moment = opened()
    who, reason = said
    keep_answer(store, Answer(month_end(month), site, side, agrees, who, reason), moment)
    answer = message(f"stocktake.agreement.{'agrees' if agrees else 'differs'}")
    named = message(f"stocktake.agreement.side.{side}")
    return message("stocktake.agreement.kept", site=site, period=month, side=named, answer=answer, who=who)


def what_stops(summary: Mapping[str, object]) -> str:
    """Why a run is blocked, in one line for its page."""
    stopping = summary["stopping"]
    assert isinstance(stopping, list)
    return in_every_language("form.blocked.stocktake", date=summary["period"], why="; ".join(stopping))


def keeps_stock() -> bool:
    """Whether this home keeps stock: on-hand was delivered, waits in the inbox, or comes from a source."""
    settings = load_settings(home_folder())
    if "on_hand" in settings.sources or any((settings.home / "inbox" / "on_hand").glob("[!.]*")):
        return True
    settings.home.mkdir(parents=True, exist_ok=True)
    with open_store(settings.database_url).reading() as connection:
        return has_stock(connection)


def arranged_order(settings: Settings, *, mail: bool) -> Order:
    """Where the books lie, by which policy they are judged and who is told."""
    settings.home.mkdir(parents=True, exist_ok=True)
    own = settings.stocktake
    return Order(
        home=settings.home,
        database_url=settings.database_url,
        policy=arranged_policy(settings),
        readership=readership(settings, FLOW),
        languages=settings.report_languages,
        today=now(settings.timezone).date(),
        clock=functools.partial(now, settings.timezone),
        mail=mail,
        mail_departments=own.mail_departments,
        mail_sites=own.mail_sites,
    )


def arranged_policy(settings: Settings) -> Policy:
    """The choices of the house as the stocktake knows them."""
    own = settings.stocktake
    return Policy(
        limits=MappingProxyType({name: _limits(one) for name, one in own.limits.items()}),
        unclassified=own.unclassified,
        department_limit=_scaled(own.department_limit, MONEY_SCALE) or 0,
        management_approvers=own.management_approvers,
        management_department=settings.stock_ledger.management_department,
        deadline_working_days=own.deadline_working_days,
        remind_working_days=own.remind_working_days,
        blind=own.blind,
        supervised_months=own.supervised_months,
    )


def _month_before(moment: dt.datetime) -> str:
    """The month that is over: its accounts can be agreed on."""
    return f"{moment.replace(day=1) - dt.timedelta(days=1):%Y-%m}"


def _limits(own: CountLimitsSettings) -> CountLimits:
    return CountLimits(
        plus_share=_scaled(own.plus_share, SHARE_SCALE),
        minus_share=_scaled(own.minus_share, SHARE_SCALE),
        plus_quantity=_scaled(own.plus_quantity, QUANTITY_SCALE),
        minus_quantity=_scaled(own.minus_quantity, QUANTITY_SCALE),
        value=_scaled(own.value, MONEY_SCALE),
    )


def _scaled(text: str | None, scale: int) -> int | None:
    return None if text is None else int(Decimal(text) * scale)
