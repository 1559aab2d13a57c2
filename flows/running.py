"""What the commands do once they are called: everything here may import pandas and Prefect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.datasets import load_datasets, load_words
from config.wording import LANGUAGES
from flows.arranging import UnableToArrange, intake_rules
from flows.command_line import home, language, said
from flows.invoice_check_day import arranged_policy
from flows.opening import found_home, made_home
from tasks.adapters.clock import now
from tasks.adapters.handout import Asking, template_workbook
from tasks.adapters.speech import spoken
from tasks.adapters.store import open_store
from tasks.damaged_returns.steps import FLOW as RETURNS
from tasks.damaged_returns.steps import verify_batches
from tasks.domain.breaks import ALIVE
from tasks.intake.steps import TakenIn, take_in, verify_intake
from tasks.invoice_check.steps import FLOW as INVOICES
from tasks.invoice_check.steps import verify_agreements, verify_allocations
from tasks.mail.outbox import unsent
from tasks.mail.streaks import OF_FLOWS, OF_SERVICE, Streak, under_way
from tasks.night_audit.report import FLOW as NIGHT
from tasks.night_audit.steps import has_rooms, open_date, verify_nights
from tasks.night_audit.steps.sweeping import SWEEP
from tasks.register.approvals import Approval, waiting_by_flow
from tasks.register.breaks import listed
from tasks.register.runs import Run, last_run, reported_periods
from tasks.register.verifying import verify_register
from tasks.stock_ledger.report import FLOW as STOCK
from tasks.stocktake.steps import verify_counts
from tasks.survey.steps import FLOW as SURVEY
from tasks.survey.steps import verify_survey

Progress = Callable[[int, int, str], None]
# Every flow that leaves runs, breaks or mails behind.
COUNT, AGREEMENT = "stocktake", "account-agreement"
FLOWS = (STOCK, COUNT, AGREEMENT, RETURNS, INVOICES, SURVEY, NIGHT, SWEEP)
_OF_HOTEL = (NIGHT, SWEEP)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, and the language in which it is told."""

    taken: TakenIn

    def as_json(self) -> dict[str, object]:
        """Rows and files by dataset, and what is said of files."""
        return {
            "rows": {one.dataset: asdict(one) for one in self.taken.datasets},
            "notices": [spoken(notice, language()) for notice in self.taken.notices],
        }


def import_inbox(watched: Progress) -> Imported:
    """Takes in everything that waits in the inbox."""
    settings = made_home()
    store = open_store(settings.database_url)
    with store.reading() as connection:
        reported = reported_periods(connection, STOCK)
    return Imported(take_in(store, settings.home, intake_rules(settings), now(settings.timezone), reported, watched))


def imported_in_words(imported: Imported) -> str:
    """What an import did, a line for each dataset and each notice."""
    lines = [
        said("cli.imported", **(asdict(one) | {"dataset": _title(one.dataset)})) for one in imported.taken.datasets
    ]
    lines += [spoken(notice, language()) for notice in imported.taken.notices]
    return "\n".join(lines) or said("cli.nothing_waits", inbox=home() / "inbox")


def _title(dataset: str) -> str:
    named = load_datasets()[dataset]
    return named.title_zh if language() == "zh_CN" else named.title_en


def write_template(dataset: str, output: str, chosen: str) -> str:
    """Where the empty workbook of `dataset` was written; raises UnableToArrange for a dataset that is not known."""
    settings = made_home()
    datasets = load_datasets(settings.aliases)
    if chosen and chosen not in LANGUAGES:
        raise UnableToArrange(said("cli.error.language", value=chosen, known=", ".join(LANGUAGES)))
    if dataset not in datasets:
        raise UnableToArrange(said("cli.error.dataset", value=dataset, known=", ".join(datasets)))
    path = Path(output or f"{dataset}.xlsx")
    path.parent.mkdir(parents=True, exist_ok=True)
    spoken_in = chosen or settings.language
    asking = Asking(settings.survey.groups, _ratings(settings.survey.scale, spoken_in))
    path.write_bytes(template_workbook(datasets[dataset], spoken_in, load_words(), asking))
    return str(path)


def _ratings(scale: Mapping[str, Sequence[str]], language: str) -> tuple[str, ...]:
    """The word of each mark that is offered: in English its first one in Latin letters, else the first of all."""
    by_mark = [words for _, words in sorted(scale.items(), reverse=True) if words]
    english = [next((word for word in words if word.isascii()), words[0]) for words in by_mark]
    return tuple(english if language == "en" else [words[0] for words in by_mark])


def broken_invariants() -> list[str]:
    """What is wrong with the stored data, a line each; empty when every invariant holds."""
    store, settings = found_home()
    with store.reading() as connection:
        broken = [*verify_intake(connection, settings.home), *verify_register(connection)]
        broken += [*verify_counts(connection), *verify_batches(connection), *verify_nights(connection)]
        broken += [*verify_agreements(connection), *verify_survey(connection)]
        policy, accounts = arranged_policy(settings), settings.invoice_check.revenue_accounts
        broken += verify_allocations(connection, policy, accounts, now(settings.timezone).date())
    return [spoken(one, language()) for one in broken]


def state_of_affairs() -> dict[str, dict[str, Any]]:
    """Last run, open exceptions, waiting approvals, unsent mails and failure of each flow.

    Flows that nobody can run by command, and parts of the service, stand there while they fail or ask; the hotel's only
    where a hotel is kept, with its open business date.
    """
    store, settings = found_home()
    zone = ZoneInfo(settings.timezone)
    with store.reading() as connection:
        asked = waiting_by_flow(connection)
        failing = {one.subject: one for one in under_way(connection) if one.reason in OF_FLOWS + OF_SERVICE}
        state: dict[str, dict[str, Any]] = {}
        opened = open_date(connection)
        known = FLOWS if opened or has_rooms(connection) else tuple(one for one in FLOWS if one not in _OF_HOTEL)
        for flow in dict.fromkeys([*known, *sorted(asked), *sorted(failing)]):
            own = asked.get(flow, ())
            state[flow] = {
                "last_run": _ended(last_run(connection, flow), zone),
                "open_exceptions": len(listed(connection, flow, sorted(ALIVE))),
                "waiting_approvals": len(own),
                "approvals": [_asked(one, zone) for one in own],
                "unsent_mails": unsent(connection, flow),
                "failing": _failing(failing[flow], zone) if flow in failing else None,
            }
            if flow == NIGHT:
                state[flow]["open_date"] = opened.date.isoformat() if opened else None
    return state


def _ended(last: Run | None, zone: ZoneInfo) -> dict[str, object] | None:
    if last is None:
        return None
    at = last.finished_at.astimezone(zone).isoformat(timespec="seconds")
    return {"period": last.period.isoformat(), "status": last.status, "finished_at": at}


def _failing(streak: Streak, zone: ZoneInfo) -> dict[str, object]:
    since = streak.since.astimezone(zone).isoformat(timespec="seconds")
    return {"since": since, "reason": streak.reason, "answer": streak.answer}


def _asked(one: Approval, zone: ZoneInfo) -> dict[str, object]:
    at = one.asked_at.astimezone(zone).isoformat(timespec="seconds")
    what = spoken(one.shown, language())
    return {"id": one.id, "what": what, "asked_by": one.asked_by, "asked_at": at, "reason": one.reason}


def state_in_words(state: Mapping[str, Mapping[str, Any]]) -> str:
    """The state of affairs, a block for each flow, with each waiting approval and how to answer it.

    A home without a hotel is said in a line.
    """
    lines = []
    for flow, own in state.items():
        last = own["last_run"]
        ran = said("cli.status.never")
        if last is not None:
            status = said(f"report.status.{last['status']}")
            ran = said("cli.status.last", period=last["period"], status=status, finished_at=minute(last["finished_at"]))
        counted = {name: own[name] for name in ("open_exceptions", "waiting_approvals", "unsent_mails")}
        lines += [flow, f"  {ran}", "  " + said("cli.status.open", **counted)]
        if own.get("open_date"):
            lines.append("  " + said("cli.status.open_date", date=own["open_date"]))
        if own["failing"]:
            why = own["failing"] | {"since": minute(own["failing"]["since"])}
            lines.append("  " + said("cli.status.failing", **(why | {"reason": said(f"mail.outcome.{why['reason']}")})))
        for one in own["approvals"]:
            lines.append("    " + said("cli.status.approval", **(one | {"asked_at": minute(one["asked_at"])})))
            lines.append("      " + said("cli.status.answer", id=one["id"]))
    if NIGHT not in state:
        lines.append(said("cli.status.no_hotel"))
    return "\n".join(lines)


def minute(moment: str) -> str:
    """A moment in ISO 8601 as people read it, to the minute, in the zone it is written in."""
    return f"{dt.datetime.fromisoformat(moment):%Y-%m-%d %H:%M}"
