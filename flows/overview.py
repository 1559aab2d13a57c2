"""The overview `daybook-status` for ops: what ran last, what is open, what is blocked, what waits for an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from config.wording import in_every_language
from flows.choices import form_choices
from flows.deployments import TAG
from flows.desk_options import opened
from flows.forms import refresh_forms
from flows.running import minute, state_of_affairs
from flows.whereabouts import whereabouts
from tasks.adapters.markdown import cell, table
from tasks.adapters.speech import spoken_in_every_language
from tasks.desk import in_flow_run, show_figures, step
from tasks.register.approvals import Approval, waiting

KEY = "daybook-status"
State = Mapping[str, Mapping[str, Any]]


async def refresh_desk() -> None:
    """Draws the overview anew and lets the forms offer what the masters name by now; does nothing outside of a run."""
    if not in_flow_run():
        return
    from prefect.client.orchestration import get_client

    show_overview()
    _, settings, _ = opened()
    async with get_client() as client:
        await refresh_forms(client, TAG, form_choices(settings))


@step("form.step.status")
def show_overview() -> None:
    """Draws the artifact `daybook-status` anew in the present flow run; does nothing outside of one."""
    store, settings, now = opened()
    with store.reading() as connection:
        asked = waiting(connection)
    reports_at = whereabouts(settings.home).reports
    show_figures(KEY, overview(state_of_affairs(), asked, now, reports_at), in_every_language("form.overview"))


def overview(state: State, asked: Sequence[Approval], now: dt.datetime, reports_at: str = "") -> str:
    """The overview as Markdown: what is to be done first, then each flow, then each question by its number.

    `reports_at` is the address of the list of reports, "" where none is served.
    """
    failing = [in_every_language("form.overview.failing", flow=name) for name, own in state.items() if own["failing"]]
    to_do = [*failing, *_blocked(state), *_counted("waiting", len(asked))]
    to_do += _counted("unsent", sum(own["unsent_mails"] for own in state.values()))
    to_do += _counted("open", sum(own["open_exceptions"] for own in state.values()))
    verdict = "⚠ " + "; ".join(to_do) if to_do else "✓ " + in_every_language("form.overview.calm")
    names = ("flow", "last", "status", "finished", "open_exceptions", "unsent_mails")
    lines = [f"# {in_every_language('form.overview')}", "", f"**{verdict}**", ""]
    lines += table([_said(name) for name in names], [_row(name, own) for name, own in state.items()], {4, 5})
    lines += ["", f"## {_said('approvals')}", ""]
    if asked:
        headings = [_said(name) for name in ("number", "what", "asked_by", "reason")]
        rows = [[str(one.id), spoken_in_every_language(one.shown), one.asked_by, one.reason] for one in asked]
        lines += [*table(headings, [[cell(text) for text in row] for row in rows], {0}), "", _said("how")]
    else:
        lines.append(_said("none"))
    if reports_at:
        lines += ["", f"[{_said('reports')}]({reports_at})"]
    return "\n".join([*lines, "", in_every_language("form.overview.as_of", at=f"{now:%Y-%m-%d %H:%M}")])


def _blocked(state: State) -> list[str]:
    last = {name: own["last_run"] for name, own in state.items()}
    return [
        in_every_language("form.overview.blocked", flow=name, period=run["period"])
        for name, run in last.items()
        if run and run["status"] == "blocked"
    ]


def _counted(name: str, count: int) -> list[str]:
    return [in_every_language(f"form.overview.{name}", count=count)] if count else []


def _row(name: str, own: Mapping[str, Any]) -> list[str]:
    run = own["last_run"]
    ran = [_said("never"), "", ""]
    if run:
        ran = [
            run["period"],
            in_every_language(f"report.status.{run['status']}"),
            minute(str(run["finished_at"])),
        ]
    return [name, *ran, str(own["open_exceptions"]), str(own["unsent_mails"])]


def _said(name: str) -> str:
    return in_every_language(f"form.overview.{name}")
