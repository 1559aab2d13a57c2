"""Looks after the runs of all deployments: ends the dead, takes their work up again, tells the owner of what fails.

A run that waits for an answer that was given or is needless by now goes on. The schedules of a hotel, which rest in a
home without one, are switched on once rooms were delivered.

Every few minutes (config: caretaker.schedules). All it does may be done twice: a new run is made under a key that can
be used once, and a streak of failures is told of once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client

from config.settings import Settings, home_folder, load_settings
from config.wording import wording
from flows.alerts import tell_of_flow
from flows.approving import resume_answered
from flows.arranging import due_date
from flows.choices import form_choices
from flows.deployments import DEPLOYMENTS, TAG, Deployed, wake_hotel
from flows.forms import refresh_forms
from tasks.adapters.clock import now
from tasks.adapters.processes import flow_run_processes
from tasks.adapters.store import Store, open_store
from tasks.desk_runs import FoundRun, Looked, found_runs, mark_dead, take_up
from tasks.domain.dead_runs import judged, judged_repeating, silent_runs

# What crashed longer ago is caught up by date, if at all.
_TAKEN_UP_WITHIN = dt.timedelta(days=2)


@dataclass(slots=True)
class Looking:
    """What one look found and did: how many runs were ended as dead, taken up and resumed, and which flows fail."""

    ended: int
    taken_up: int
    failing: list[str]
    resumed: int = 0


@dataclass(frozen=True, slots=True)
class Eyes:
    """What a look needs: the way to Prefect, the settings, our own database, and the moment."""

    client: PrefectClient
    settings: Settings
    store: Store
    at: dt.datetime


@flow(name="caretaker", flow_run_name="caretaker", persist_result=False)
async def caretaker() -> Looking:
    """Ends dead runs, takes their work up again, and tells the owner once of each flow that fails."""
    settings = load_settings(home_folder())
    return await look_after(settings, now(settings.timezone))


async def look_after(settings: Settings, at: dt.datetime) -> Looking:
    """What one look at every deployment found at the moment `at`, and what it did about it."""
    store = open_store(settings.database_url)
    look = Looking(0, 0, [])
    async with get_client() as client:
        for one in DEPLOYMENTS:
            if one.section:
                await _look_at(Eyes(client, settings, store, at), one, look)
        look.resumed = await resume_answered(client, store)
        await wake_hotel(client, settings)
        # What was done without Prefect may have brought other masters and breaks since the forms were last filled.
        await refresh_forms(client, TAG, form_choices(settings))
    return look


async def _look_at(eyes: Eyes, one: Deployed, look: Looking) -> None:
    """Looks at the runs of one deployment, and adds to `look` what was done."""
    client, settings, at = eyes.client, eyes.settings, eyes.at
    silent = dt.timedelta(seconds=settings.caretaker.silent_seconds)
    zone = ZoneInfo(settings.timezone)
    looked = Looked(one.name, one.date_parameter, lambda moment: due_date(moment.astimezone(zone)))
    runs = await found_runs(client, looked, at, silent)
    dead = await _end_dead(client, settings, runs, at)
    if dead:
        look.ended += dead
        runs = await found_runs(client, looked, at, silent)
    seen = [run.seen for run in runs]
    by_id = {run.seen.id: run for run in runs}
    most = settings.caretaker.taken_up_max
    found = judged(seen, at - _TAKEN_UP_WITHIN, most) if one.every_run_counts else judged_repeating(seen)
    for taking in found.taken_up:
        await take_up(client, by_id[taking.run.id], taking)
        look.taken_up += 1
    tell_of_flow(eyes.store, one.name, found, at)
    if found.failing:
        look.failing.append(one.name)


async def _end_dead(client: PrefectClient, settings: Settings, runs: list[FoundRun], at: dt.datetime) -> int:
    """How many runs were ended because nobody works at them any more."""
    living = flow_run_processes(settings.home)
    silent = dt.timedelta(seconds=settings.caretaker.silent_seconds)
    dead = {one.id for one in silent_runs([run.seen for run in runs], living, at, silent)}
    for run in runs:
        if run.seen.id in dead:
            since = run.seen.last_sign.astimezone(at.tzinfo)
            await mark_dead(client, run, wording(settings.language, "serve.dead_run", since=f"{since:%Y-%m-%d %H:%M}"))
    return len(dead)
