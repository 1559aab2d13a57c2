"""The work of one run of the invoice check in its order, arranged from settings and clock.

It stands apart from its flow because loading Prefect takes longer than a small register's check.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from decimal import Decimal

from config.invoice_settings import SeriesSettings
from config.settings import Settings, home_folder, load_settings
from config.wording import in_every_language
from flows.arranging import UnableToArrange, arranged_receiving, readership, scheduled_moment
from flows.forms import MONTH
from flows.posting import arranged_post
from flows.whereabouts import whereabouts
from tasks.adapters.clock import now
from tasks.adapters.run_page import run_page
from tasks.adapters.store import open_store
from tasks.desk import mark_run
from tasks.domain.amounts import MONEY_SCALE, SHARE_SCALE
from tasks.domain.keys import name_key
from tasks.domain.working_days import next_working_day
from tasks.intake.invoice_kinds import kind_key
from tasks.invoice_check.policy import Policy, Rate, Series
from tasks.invoice_check.steps import (
    FLOW,
    Order,
    agreed_periods,
    carry_out,
    has_invoices,
    last_day,
    receive,
    show,
)
from tasks.mail.steps import send_and_tell

_DATASETS = ("invoice_books", "invoices", "tax_download", "receipts", "revenue_entries")


async def carried_out(business_date: dt.date | None, period: str, *, mail: bool = True) -> dict[str, object]:
    """The object of `--json` of the day or the period's end, after all was received, judged, reported and mailed.

    Raises UnableToArrange where both a day and a period are asked for, or what is no month.
    """
    settings = load_settings(home_folder())
    order = arranged_order(settings, business_date, period, mail=mail)
    mark_run(f"{FLOW} {order.period}", order.period)
    post = await arranged_post() if mail else None
    receive(order, arranged_receiving(settings))
    summary = carry_out(order)
    if post:
        summary = send_and_tell(post, summary)
    show(summary, run_page(summary, order.languages[0], whereabouts(settings.home).reports))
    return summary


def arranged_order(settings: Settings, business_date: dt.date | None, period: str, *, mail: bool) -> Order:
    """Where the books lie, by which policy they are judged and who is told; without a day it is today's."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if period and business_date is not None:
        raise UnableToArrange(in_every_language("invoice_check.day_or_period"))
    if period and not MONTH.fullmatch(period):
        raise UnableToArrange(in_every_language("cli.error.period", value=period))
    return Order(
        home=settings.home,
        database_url=settings.database_url,
        policy=arranged_policy(settings),
        accounts=settings.invoice_check.revenue_accounts,
        readership=readership(settings, FLOW),
        languages=settings.report_languages,
        date=last_day(period) if period else business_date or scheduled_moment(settings).date(),
        clock=functools.partial(now, settings.timezone),
        period_end=bool(period),
        mail=mail,
    )


def arranged_policy(settings: Settings) -> Policy:
    """The choices of the house as the invoice check knows them."""
    own = settings.invoice_check
    return Policy(
        rates=tuple(
            Rate(int(Decimal(one.rate) * SHARE_SCALE), one.first or dt.date.min, one.last or dt.date.max)
            for one in own.rates
        ),
        series=_series(own.series),
        terms_days=own.terms_days,
        near_days=own.near_days,
        line_tolerance=int(Decimal(own.line_tolerance) * MONEY_SCALE),
        invoice_tolerance=int(Decimal(own.invoice_tolerance) * MONEY_SCALE),
        retention_years=own.retention_years,
        own_names=tuple(name_key(name) for name in own.own_names),
        paper_kinds=tuple(kind_key(name) for name in own.paper_kinds),
        self_printed=tuple(name_key(word) for word in own.self_printed),
        paperless=tuple(name_key(word) for word in own.paperless),
        lent_words=own.lent_words,
        negating_words=own.negating_words,
        void_lag_days=own.void_lag_days,
        unable_words=own.unable_words,
        closing_words=own.closing_words,
    )


def _series(declared: Sequence[SeriesSettings]) -> tuple[Series, ...]:
    return tuple(
        Series(one.name, tuple(kind_key(name) for name in one.kinds), one.prefixes, one.resets, one.suffixes)
        for one in declared
    )


def keeps_invoices() -> bool:
    """Whether this home checks invoices: something of them was delivered, waits, or comes from a source."""
    settings = load_settings(home_folder())
    for dataset in _DATASETS:
        if dataset in settings.sources or any((settings.home / "inbox" / dataset).glob("[!.]*")):
            return True
    settings.home.mkdir(parents=True, exist_ok=True)
    with open_store(settings.database_url).reading() as connection:
        return has_invoices(connection)


def period_left() -> str:
    """The month before whose end is due by the scheduled day and was not run yet; "" for none."""
    settings = load_settings(home_folder())
    today = scheduled_moment(settings).date()
    end = today.replace(day=1) - dt.timedelta(days=1)
    if today < next_working_day(end, settings.invoice_check.period_working_day):
        return ""
    with open_store(settings.database_url).reading() as connection:
        return "" if end in agreed_periods(connection, end) else f"{end:%Y-%m}"
