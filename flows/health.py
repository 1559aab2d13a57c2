"""How the service is: one line for the log and for whoever looks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from config.settings import Settings
from flows.command_line import said
from flows.running import FLOWS, state_of_affairs
from tasks.adapters.clock import now
from tasks.adapters.store import open_store
from tasks.register.approvals import waiting


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the Prefect server answers, and whether the server of the reports and the worker live."""

    server: bool
    reports: bool
    worker: bool


def health_line(settings: Settings, health: Health) -> str:
    """One line: whether server, reports and worker live, the last run, unsent mails, waiting approvals.

    A database that does not answer is said in the line, for whoever reads it wants to know just that.
    """
    seen: dict[str, object] = {
        "at": stamp(settings),
        "server": said("serve.health.answers" if health.server else "serve.health.silent"),
        "reports": said("serve.health.alive" if health.reports else "serve.health.dead"),
        "worker": said("serve.health.alive" if health.worker else "serve.health.dead"),
    }
    try:
        state: dict[str, Any] = state_of_affairs()
        with open_store(settings.database_url).reading() as connection:
            approvals = len(waiting(connection))
    except Exception as wrong:  # noqa: BLE001 - whatever it is, the service goes on and says so
        return said("serve.health.no_database", reason=" ".join(str(wrong).split())[:200], **seen)
    return said(
        "serve.health",
        last=_last(state, settings),
        unsent=sum(state[flow]["unsent_mails"] for flow in FLOWS),
        approvals=approvals,
        **seen,
    )


def stamp(settings: Settings) -> str:
    """The present moment in the business's zone, as a line begins with it."""
    return f"{now(settings.timezone):%Y-%m-%d %H:%M:%S}"


def _last(state: dict[str, Any], settings: Settings) -> str:
    runs = [(one["last_run"], flow) for flow, one in state.items() if one["last_run"]]
    if not runs:
        return said("serve.health.never")
    last, flow = max(runs, key=lambda pair: dt.datetime.fromisoformat(pair[0]["finished_at"]))
    at = dt.datetime.fromisoformat(last["finished_at"]).astimezone(now(settings.timezone).tzinfo)
    status = said(f"report.status.{last['status']}")
    return said("serve.health.last", flow=flow, period=last["period"], status=status, at=f"{at:%m-%d %H:%M}")
