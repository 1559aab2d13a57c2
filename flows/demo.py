"""The demo company: made in an empty home, run day by day, its known faults shown beside what was found."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.demo_company import Company, make_company
from benchmarks.demo_company.counts import fill_in
from benchmarks.demo_company.hotel import make_hotel
from benchmarks.demo_company.invoices import make_invoices
from benchmarks.demo_company.returns import happened_before, list_parts, send_batches
from benchmarks.demo_company.survey import make_survey
from flows.arranging import UnableToArrange
from flows.command_line import said
from flows.opening import made_home
from flows.prefect_server import temporary_server
from flows.runners import Wanted, run
from tasks.adapters.clock import now
from tasks.domain.breaks import ALIVE

Progress = Callable[[int, int, str], None]
# Young enough to be quick, long enough for transfers and swaps to fall due.
_RUN_DAYS = 12
SITES = 12


def run_demo(home: Path, *, days: int, direct: bool, watched: Progress) -> list[str]:
    """What to print: the company, each day's outcome, and where the reports lie.

    The company's last day is yesterday; the older days are delivered at once and only the last twelve are run, as
    real flow runs on a server of its own unless `direct`. Raises UnableToArrange where the home holds data already.
    """
    if any((home / name).exists() for name in ("daybook.db", "archive")) or any((home / "inbox").glob("*/*")):
        raise UnableToArrange(said("cli.error.demo_home", home=home))
    settings = made_home()
    yesterday = now(settings.timezone).date() - dt.timedelta(days=1)
    with TemporaryDirectory(prefix="daybook-demo-") as made:
        company = make_company(Path(made), yesterday, days, sites=SITES)
        lines = [said("cli.demo.made", days=days, sites=SITES, faults=len(company.faults))]
        _deliver(company.masters, home)
        first_run = company.days[-min(_RUN_DAYS, len(company.days))]
        with nullcontext() if direct else temporary_server(home):
            summaries = []
            for done, day in enumerate(company.days):
                watched(done, len(company.days), said("cli.demo.day", date=day))
                _deliver(company.deliveries[day], home)
                if day >= first_run:
                    summaries.append(run("stock-ledger", Wanted(day), _unwatched, orchestrated=not direct))
            counted = _run_count(home, yesterday, orchestrated=not direct)
            returned = _run_returns(company, home, yesterday, orchestrated=not direct)
            checked = _run_invoices(home, yesterday, orchestrated=not direct)
            asked = _run_survey(home, yesterday, orchestrated=not direct)
            nights = _run_hotel(Path(made) / "hotel", home, yesterday, orchestrated=not direct)
    lines += [_outcome(summary) for summary in (*summaries, *counted, *returned, *checked, *asked, *nights)]
    told = (summaries[-1], counted[-1], returned[-1], *checked, asked[-1], nights[-1])
    reports = [path for last in told for path in _reports(last)]
    shown = [path for path in reports if not any(part in path for part in ("/sites/", "/written/", "/batches/"))]
    lines += [said("cli.demo.reports"), *(f"  {home / path}" for path in shown)]
    return [*lines, said("cli.demo.more")]


def _run_count(home: Path, last: dt.date, *, orchestrated: bool) -> list[dict[str, object]]:
    """The count of the last month: opened, its sheets filled in, compared, put to approval; then its accounts."""
    month = f"{last:%Y-%m}"

    def step(name: str) -> dict[str, object]:
        return run("stocktake", Wanted(period=month, step=name), _unwatched, orchestrated=orchestrated)

    summaries = [step("open")]
    if summaries[0]["status"] == "blocked":
        return summaries
    cut_off = last.replace(day=1) - dt.timedelta(days=1)
    fill_in(home / "reports" / "stocktake" / month / "sheets", home / "inbox" / "count_sheets", cut_off)
    summaries += [step("collect"), step("decide")]
    agreed = run("account-agreement", Wanted(period=month), _unwatched, orchestrated=orchestrated)
    return [*summaries, agreed, step("report")]


def _run_returns(company: Company, home: Path, last: dt.date, *, orchestrated: bool) -> list[dict[str, object]]:
    """Two mornings of the returns: batches are made on the first; by the second they were sent and partly received."""
    inbox = home / "inbox"
    listed = list_parts(company, company.days[-2], inbox)
    happened_before(listed, company.days[-2], inbox)
    first = run("damaged-returns", Wanted(company.days[-2]), _unwatched, orchestrated=orchestrated)
    folder = home / "reports" / "damaged-returns" / company.days[-2].isoformat() / "batches"
    list_parts(company, last, inbox, listed)
    send_batches(folder, company, last, inbox)
    return [first, run("damaged-returns", Wanted(last), _unwatched, orchestrated=orchestrated)]


def _run_invoices(home: Path, last: dt.date, *, orchestrated: bool) -> list[dict[str, object]]:
    """The end of the month before and the last day: register, money and revenue of two months."""
    make_invoices(home / "inbox", last)
    month = f"{last.replace(day=1) - dt.timedelta(days=1):%Y-%m}"
    wanted = (Wanted(period=month), Wanted(last))
    return [run("invoice-check", one, _unwatched, orchestrated=orchestrated) for one in wanted]


def _run_survey(home: Path, last: dt.date, *, orchestrated: bool) -> list[dict[str, object]]:
    """What customers said in the month before and in the month of the last day."""
    make_survey(home / "inbox", last)
    months = (last.replace(day=1) - dt.timedelta(days=1), last)
    return [run("survey", Wanted(period=f"{month:%Y-%m}"), _unwatched, orchestrated=orchestrated) for month in months]


def _run_hotel(made: Path, home: Path, last: dt.date, *, orchestrated: bool) -> list[dict[str, object]]:
    """The nights of the company's hotel, closed one after the other; housekeeping looks before the last."""
    hotel = make_hotel(made, last)
    _deliver(hotel.delivered, home)
    summaries = []
    for night in hotel.nights:
        if night == last:
            _deliver(hotel.seen, home)
        summaries.append(run("night-audit", Wanted(night), _unwatched, orchestrated=orchestrated))
    return summaries


def _reports(summary: dict[str, object]) -> list[str]:
    reports = summary["reports"]
    assert isinstance(reports, list)
    return reports


def _outcome(summary: dict[str, object]) -> str:
    exceptions = summary["exceptions"]
    assert isinstance(exceptions, list)
    alive = sum(one["state"] in ALIVE for one in exceptions)
    status = said(f"report.status.{summary['status']}")
    return said("cli.demo.ran", flow=summary["flow"], period=summary["period"], status=status, breaks=alive)


def _deliver(folder: Path, home: Path) -> None:
    shutil.copytree(folder, home / "inbox", dirs_exist_ok=True)


def _unwatched(done: int, total: int, name: str) -> None:
    """Shows nothing: the days are watched, not the files of each."""
