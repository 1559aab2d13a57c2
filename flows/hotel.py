"""The work of a hotel's night in its order, as flow runs or without them: arranged from settings, clock and readers.

It stands apart from the flows because loading Prefect takes longer than a small night's work.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from config.datasets import load_datasets
from config.settings import PackageSettings, Settings, home_folder, load_settings
from flows.arranging import arranged_receiving, readership, scheduled_moment
from flows.posting import arranged_post
from flows.rubbish import look_for_rubbish_rarely
from flows.whereabouts import whereabouts
from tasks.adapters.clock import now
from tasks.adapters.run_page import run_page
from tasks.adapters.store import open_store
from tasks.desk import in_deployed_run, mark_run
from tasks.domain.keys import name_key
from tasks.mail.steps import PostOffice, send_and_tell
from tasks.night_audit.policy import Package, Policy
from tasks.night_audit.report import FLOW
from tasks.night_audit.steps import (
    Order,
    asking_reason,
    close,
    dates_to_close,
    has_rooms,
    missed_dates,
    printed_again,
    question_to_pass,
    receive,
    show,
    shown_before,
    swept,
)

_HUNDRED = 100
_SHARES = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run of the night audit is asked for; without a date it is the open one, for a schedule all missed ones."""

    date: dt.date | None = None
    first_date: dt.date | None = None
    preview: bool = False
    reprint: bool = False
    mail: bool = True
    missed: bool = False


async def audited(asked: Asked) -> dict[str, object]:
    """The object of `--json` of the last date that was done; the dates before it were closed one by one.

    A date that is blocked ends the run: the next one cannot be closed before it. Empty where a schedule finds that no
    date is left to close.
    """
    look_for_rubbish_rarely()
    settings = load_settings(home_folder())
    order = replace(arranged_order(settings, mail=asked.mail), first_date=asked.first_date)
    receive(order, arranged_receiving(settings), order.today - dt.timedelta(days=1))
    if asked.preview or asked.reprint:
        date = asked.date or dates_to_close(order, None)[0]
        return shown_before(order, date) if asked.preview else printed_again(order, date)
    work = _Night(settings, order, await arranged_post() if asked.mail else None)
    summary: dict[str, object] = {}
    # Resumed after somebody else closed its date, a run must not take the next one for its own.
    for date in missed_dates(order) if asked.missed else dates_to_close(order, asked.date or asked.first_date):
        summary = await _closed(work, date)
        if summary["status"] == "blocked":
            break
    return summary


@dataclass(frozen=True, slots=True)
class _Night:
    """What every date of a run is closed with; `post` is None where no mail is sent."""

    settings: Settings
    order: Order
    post: PostOffice | None


async def _closed(work: _Night, date: dt.date) -> dict[str, object]:
    """The object of `--json` of the date, after it was closed, mailed and shown, or why it is not."""
    mark_run(f"night-audit {date}", date.isoformat())
    summary = close(work.order, date)
    if work.post:
        summary = send_and_tell(work.post, summary)
    show(summary, shown_run(work.settings, summary))
    if summary["status"] == "blocked" and await _passed(work, date):
        return await _closed(work, date)
    return summary


async def _passed(work: _Night, date: dt.date) -> bool:
    """Whether somebody with the right passes what stops the date; only a deployed run can wait for the answer."""
    if not in_deployed_run():
        return False
    from flows.approving import Asking, decided

    question = question_to_pass(work.order, date)
    if question is None:
        return False
    store = open_store(work.order.database_url)
    asking = Asking(store, work.settings, work.order.clock, FLOW, asking_reason(work.settings.report_languages[0]))
    return (await decided(asking, question)).state == "approved"


def keeps_hotel(settings: Settings) -> bool:
    """Whether the home of these settings keeps a hotel: rooms were delivered, wait in the inbox, or are in a source."""
    from_source = any(one.dataset == "rooms" for one in settings.sources.values())
    if from_source or any((settings.home / "inbox" / "rooms").glob("[!.]*")):
        return True
    settings.home.mkdir(parents=True, exist_ok=True)
    with open_store(settings.database_url).reading() as connection:
        return has_rooms(connection)


async def swept_at(at: dt.datetime | None) -> dict[str, object]:
    """The object of `--json` of a sweep at the hotel's moment `at`, or at the one that is planned by now."""
    settings = load_settings(home_folder())
    order = arranged_order(settings, mail=False)
    moment = at or scheduled_moment(settings).replace(tzinfo=None, second=0, microsecond=0)
    mark_run(f"reservation-sweep {moment:%Y-%m-%d %H:%M}", moment.date().isoformat())
    receive(order, arranged_receiving(settings), moment.date())
    summary = swept(order, moment)
    show(summary, shown_run(settings, summary))
    return summary


def arranged_order(settings: Settings, *, mail: bool) -> Order:
    """Where the hotel's books lie and by which policy they are closed."""
    settings.home.mkdir(parents=True, exist_ok=True)
    folio = load_datasets(settings.aliases)["folio"]
    chinese = settings.report_languages[0] == "zh_CN"
    return Order(
        home=settings.home,
        database_url=settings.database_url,
        policy=arranged_policy(settings),
        readership=readership(settings, FLOW),
        languages=settings.report_languages,
        approvers=settings.night_audit.approvers,
        headings={column.name: column.heading_zh if chinese else column.heading_en for column in folio.columns},
        today=now(settings.timezone).date(),
        clock=functools.partial(now, settings.timezone),
        mail=mail,
    )


def arranged_policy(settings: Settings) -> Policy:
    """The hotel's choices as the audit knows them."""
    own = settings.night_audit
    prices = {name_key(name): _cents(amount) for name, amount in own.damage_prices.items()}
    return Policy(
        night_ends=dt.time.fromisoformat(own.night_ends),
        release_at=dt.time.fromisoformat(own.release_at),
        no_show_after=dt.timedelta(minutes=own.no_show_minutes),
        locked_after=dt.timedelta(minutes=own.locked_minutes),
        near_close=dt.timedelta(minutes=own.near_close_minutes),
        hourly_overnight=own.hourly_overnight,
        packages=tuple(map(_package, own.packages)),
        breakfasts=MappingProxyType({name_key(word): count for word, count in own.breakfasts.items()}),
        damage_prices=MappingProxyType(prices),
    )


def shown_run(settings: Settings, summary: dict[str, object]) -> str:
    """The page of the run for the Prefect UI."""
    return run_page(summary, settings.report_languages[0], whereabouts(settings.home).reports)


def _package(one: PackageSettings) -> Package:
    amount = None if one.amount is None else _cents(one.amount)
    share = None if one.share is None else int(Decimal(one.share) * _SHARES)
    return Package(one.name, one.per, amount, share)


def _cents(text: str) -> int:
    return int(Decimal(text) * _HUNDRED)
