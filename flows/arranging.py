"""Puts settings, clock and readers together into the work of one day: the only place where flows read settings."""

from __future__ import annotations

import datetime as dt
import functools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from config.datasets import load_datasets, load_words
from config.settings import Settings, Source, UnableToConfigure, home_folder, load_settings
from config.wording import in_every_language
from flows.forms import chosen
from flows.whereabouts import whereabouts
from tasks.adapters.clock import now
from tasks.adapters.run_page import run_page
from tasks.adapters.store import open_store
from tasks.adapters.workbook import read_sheets
from tasks.desk import planned_moment
from tasks.domain.recipient import Recipient
from tasks.intake.steps import IntakeRules, Receiving, SourceToRead
from tasks.mail.identity import domain_of
from tasks.mail.steps import Readership
from tasks.register.runs import reported_periods
from tasks.stock_ledger.steps import (
    FLOW,
    Day,
    Mailing,
    Moment,
    Order,
    Readers,
    Thresholds,
    known_departments,
)
from tasks.stock_ledger.worth import ValueLimits

SHIPPED_QUERIES = Path(__file__).parents[1] / "config" / "queries"


class UnableToArrange(Exception):
    """The work cannot be set up as it was asked for; the text is one line that says what to change."""


Progress = Callable[[int, int, str], None]


def _silent(done: int, total: int, name: str) -> None:
    """Shows nothing: the progress of a run that nobody watches."""


# A progress bar cannot be a parameter of a flow run, so whoever watches says so around the call.
_watching: ContextVar[Progress] = ContextVar("watching", default=_silent)


@contextmanager
def watched_by(progress: Progress) -> Iterator[None]:
    """Within this block, work that is arranged tells `progress` how far it is."""
    before = _watching.set(progress)
    try:
        yield
    finally:
        _watching.reset(before)


def watching() -> Progress:
    """Whoever is told how far the work is."""
    return _watching.get()


def arranged_day(business_date: dt.date | None, department: str, *, wait: bool = False, mail: bool = True) -> Day:
    """The work of one business date in the home that DAYBOOK_HOME names; None means the date that is due by now.

    Raises UnableToArrange for a department that the masters do not name.
    """
    settings = load_settings(home_folder())
    settings.home.mkdir(parents=True, exist_ok=True)
    department = chosen(department)
    known = departments_instead_of(settings, department)
    if known:
        raise UnableToArrange(in_every_language("cli.error.department", value=department, known=", ".join(known)))
    moment = scheduled_moment(settings)
    as_of = business_date or due_date(moment)
    own = settings.stock_ledger
    thresholds = Thresholds(
        near_days=own.near_days,
        swap_days=own.swap_days,
        audit_working_days=own.audit_working_days,
        transfer_working_days=own.transfer_working_days,
        management_department=own.management_department,
    )
    order = Order(
        moment=Moment(as_of, now(settings.timezone).date(), thresholds),
        home=settings.home,
        database_url=settings.database_url,
        values=ValueLimits(Decimal(own.value_high), Decimal(own.value_medium)),
        trend_days=own.trend_days,
        mailing=Mailing(readership(settings, FLOW), own.mail_departments, own.mail_sites, department, wanted=mail),
    )
    return Day(
        order=order,
        receiving=arranged_receiving(settings),
        readers=Readers(department, settings.report_languages),
        clock=functools.partial(now, settings.timezone),
        wait_until=cut_off(settings, as_of) if wait else None,
    )


def readership(settings: Settings, flow: str) -> Readership:
    """Who gets the reports of `flow` as the settings say."""
    listed = tuple(
        Recipient(one.address, one.name, one.language, one.departments)
        for one in settings.recipients
        if flow in one.flows
    )
    return Readership(listed, domain_of(settings.mail.sender), settings.language)


def departments_instead_of(settings: Settings, department: str) -> tuple[str, ...]:
    """The departments that the masters name where `department` is none of them; empty when it may be asked for."""
    known = known_departments(open_store(settings.database_url)) if department else ()
    return () if department in known else known


def arranged_receiving(settings: Settings) -> Receiving:
    """How what waits is taken in before a process looks at its books."""
    with open_store(settings.database_url).reading() as connection:
        reported = reported_periods(connection, FLOW)
    sources = [source_to_read(settings, name, source) for name, source in sorted(settings.sources.items())]
    return Receiving(intake_rules(settings), sources, reported, watching())


def intake_rules(settings: Settings) -> IntakeRules:
    """How files are read in this home: its limits, its headings and words."""
    return IntakeRules(
        read_sheets=functools.partial(read_sheets, limits=settings.limits),
        datasets=load_datasets(settings.aliases),
        words=load_words(),
        night_ends=dt.time.fromisoformat(settings.night_audit.night_ends),
        settle_seconds=settings.limits.settle_seconds,
    )


def source_to_read(settings: Settings, name: str, source: Source) -> SourceToRead:
    """The source `name` with its URL and the text of its query; raises UnableToConfigure where either is missing."""
    known = load_datasets(settings.aliases)
    if source.dataset not in known:
        raise _wrong(name, "no_dataset", value=source.dataset, known=", ".join(known))
    url = os.environ.get(source.url_env, "") if source.url_env else source.url
    if not url:
        raise _wrong(name, "no_source_url", where=source.url_env or "url")
    for folder in (settings.home, SHIPPED_QUERIES):
        path = (folder / source.query).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return SourceToRead(name, source.dataset, url, path.read_text(encoding="utf-8"), settings.limits.rows_max)
    raise _wrong(name, "no_query", query=source.query, home=settings.home)


def _wrong(name: str, fault: str, **parameters: object) -> UnableToConfigure:
    """What is wrong with the source `name`, worded `settings.<fault>`."""
    return UnableToConfigure("daybook.toml", f"sources.{name}", f"settings.{fault}", parameters)


def scheduled_moment(settings: Settings) -> dt.datetime:
    """The moment for which a flow run was scheduled, else the present one, in the business's zone."""
    planned = planned_moment()
    return planned.astimezone(ZoneInfo(settings.timezone)) if planned else now(settings.timezone)


def due_date(moment: dt.datetime) -> dt.date:
    """The business date that is due at `moment`: before noon the day before, afterwards the day itself."""
    return moment.date() - dt.timedelta(days=1) if moment.hour < 12 else moment.date()  # noqa: PLR2004 - noon


def cut_off(settings: Settings, as_of: dt.date) -> dt.datetime:
    """The moment until which input for `as_of` is waited for (spec 01: 09:30 next day, configurable)."""
    at = dt.time.fromisoformat(settings.stock_ledger.cut_off)
    return dt.datetime.combine(as_of + dt.timedelta(days=1), at, ZoneInfo(settings.timezone))


def shown_run(summary: Mapping[str, object], day: Day) -> str:
    """The page of a day's run for the Prefect UI, its values as the home's first language writes them.

    Where the home is served the reports are links.
    """
    return run_page(summary, day.readers.languages[0], whereabouts(day.order.home).reports)
