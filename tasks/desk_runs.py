"""What Prefect shows of the runs of our deployments, and what can be done about them through its API."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from tasks.desk import BLOCKED
from tasks.domain.dead_runs import RunState, SeenRun, Taking, parameters_of_work

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun, State

TAKEN_UP = "taken-up"
_HEARTBEAT = "prefect.flow-run.heartbeat"
_RUN = "prefect.flow-run."
_NEWEST = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """Whose runs are looked at, and how the business date follows from a scheduled start.

    `date_parameter` is "" for a flow without a business date.
    """

    deployment: str
    date_parameter: str
    date_of: Callable[[dt.datetime], dt.date]


@dataclass(frozen=True, slots=True)
class FoundRun:
    """A run as it is judged, and what a new run of the same work needs; `parameters` say the business date."""

    seen: SeenRun
    deployment: UUID
    parameters: Mapping[str, object]
    tags: Sequence[str]
    is_cancelling: bool


async def found_runs(client: PrefectClient, looked: Looked, at: dt.datetime, silent: dt.timedelta) -> list[FoundRun]:
    """The runs of a deployment that are due or under way `at` a moment, after the twenty that ended last.

    The newest ended stands first. Signs of life are those since `silent` before the moment.
    """
    due = {"state": {"type": {"any_": ["SCHEDULED"]}}, "expected_start_time": {"before_": at}}
    under_way = {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}}
    over = {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}
    # Asked in the order in which a run moves, so that one that moves meanwhile is seen twice rather than never.
    waiting = await _runs(client, looked, due)
    begun = await _runs(client, looked, under_way)
    ended = await _runs(client, looked, over)
    over_by_now = {one.id for one in ended}
    active = list({one.id: one for one in (*waiting, *begun) if one.id not in over_by_now}.values())
    signs = await _signs_of_life(client, [str(one.id) for one in active], at - silent)
    return [_found(one, looked, signs) for one in (*ended, *active)]


async def mark_dead(client: PrefectClient, run: FoundRun, message: str) -> None:
    """Ends a run that nobody works at any more, as crashed, or as cancelled where somebody had asked for that."""
    from prefect.states import Cancelled, Crashed

    state: State[object] = Cancelled(message=message) if run.is_cancelling else Crashed(message=message)
    await client.set_flow_run_state(UUID(run.seen.id), state)


async def take_up(client: PrefectClient, run: FoundRun, taking: Taking) -> None:
    """Starts a new run with the work of a dead one; the same `taking` again starts nothing more."""
    await client.create_flow_run_from_deployment(
        run.deployment,
        parameters=dict(run.parameters),
        tags=sorted({*run.tags, TAKEN_UP}),
        idempotency_key=taking.key,
    )


async def _runs(client: PrefectClient, looked: Looked, which: Mapping[str, object]) -> list[FlowRun]:
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName, FlowRunFilter
    from prefect.client.schemas.sorting import FlowRunSort

    return await client.read_flow_runs(
        deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[looked.deployment])),
        flow_run_filter=FlowRunFilter.model_validate(which),
        sort=FlowRunSort.END_TIME_DESC,
        limit=_NEWEST,
    )


async def _signs_of_life(client: PrefectClient, runs: Sequence[str], since: dt.datetime) -> dict[str, dt.datetime]:
    """When each of `runs` last said that it lives, since a moment."""
    signs: dict[str, dt.datetime] = {}
    for run in runs:
        wanted = {
            "occurred": {"since": since.isoformat()},
            "event": {"name": [_HEARTBEAT]},
            "resource": {"id": [_RUN + run]},
        }
        answer = await client.request("POST", "/events/filter", json={"filter": wanted, "limit": 1})
        for event in answer.json()["events"]:
            signs[run] = dt.datetime.fromisoformat(event["occurred"])
    return signs


def _found(run: FlowRun, looked: Looked, signs: Mapping[str, dt.datetime]) -> FoundRun:
    assert run.state is not None
    assert run.deployment_id is not None
    scheduled = run.expected_start_time or run.state.timestamp
    date = looked.date_of(scheduled) if looked.date_parameter else None
    parameters = parameters_of_work(run.parameters, looked.date_parameter, date)
    date_said = str(parameters.get(looked.date_parameter, ""))
    sign = max(run.state.timestamp, signs.get(str(run.id), run.state.timestamp))
    seen = SeenRun(
        id=str(run.id),
        name=run.name,
        work=date_said or json.dumps(parameters, sort_keys=True, default=str),
        scheduled=scheduled,
        last_sign=sign,
        state=_state(run),
        message=run.state.message or "",
        key=run.idempotency_key or "",
    )
    return FoundRun(seen, run.deployment_id, parameters, run.tags, run.state.is_cancelling())


def _state(run: FlowRun) -> RunState:
    assert run.state is not None
    if run.state.name == BLOCKED:
        return "blocked"
    states: dict[str, RunState] = {
        "SCHEDULED": "waiting",
        "COMPLETED": "completed",
        "FAILED": "failed",
        "CRASHED": "crashed",
    }
    return states.get(run.state.type.value, "running")
