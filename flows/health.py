"""How the service is: one line for the log and for whoever looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.settings import Settings
from flows.command_line import said
from flows.running import state_of_affairs
from tasks.adapters.clock import now


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
        state = state_of_affairs()
    except Exception as wrong:  # noqa: BLE001 - whatever it is, the service goes on and says so
        return said("serve.health.no_database", reason=" ".join(str(wrong).split())[:200], **seen)
    counted = {
        "unsent": sum(own["unsent_mails"] for own in state.values()),
        "approvals": sum(own["waiting_approvals"] for own in state.values()),
    }
    line = said("serve.health", last=_last(state, settings), **counted, **seen)
    failing = ", ".join(flow for flow, own in state.items() if own["failing"])
    return said("serve.health.failing", line=line, flows=failing) if failing else line


def stamp(settings: Settings) -> str:
    """The present moment in the business's zone, as a line begins with it."""
    return f"{now(settings.timezone):%Y-%m-%d %H:%M:%S}"


def _last(state: Mapping[str, Mapping[str, Any]], settings: Settings) -> str:
    runs = [(one["last_run"], flow) for flow, one in state.items() if one["last_run"]]
    if not runs:
        return said("serve.health.never")
    last, flow = max(runs, key=lambda pair: dt.datetime.fromisoformat(pair[0]["finished_at"]))
    at = dt.datetime.fromisoformat(last["finished_at"]).astimezone(now(settings.timezone).tzinfo)
    status = said(f"report.status.{last['status']}")
    return said("serve.health.last", flow=flow, period=last["period"], status=status, at=f"{at:%m-%d %H:%M}")
