"""The flows as they are deployed: one line each says where it lies, where its schedules stand, what a missed run means.

A new process adds its line here, its section with `schedules` to config/daybook.toml and its entry to prefect.yaml.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from config.settings import Settings
from flows.choices import form_choices
from flows.forms import refresh_forms
from flows.hotel import keeps_hotel

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.orchestration import PrefectClient

POOL = "daybook"
TAG = "daybook"
# What a deployment bears whose schedules rest because no rooms were delivered yet.
WITHOUT_HOTEL = "without-hotel"


@dataclass(frozen=True, slots=True)
class Deployed:
    """One flow as it is deployed.

    `section` is the settings' section that holds its `schedules`, "" for one that only people start. Where
    `every_run_counts`, one run happens at a time, a dead run is taken up again and a late one is still done; otherwise
    the next run does the work of a missed one. `date_parameter` names the business date that the scheduled start
    decides, "" for a flow without one. One `is_house` looks after the others, so `daybook serve` looks after it. The
    schedules of one `of_hotel` rest in a home that keeps none.
    """

    entrypoint: str
    section: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    every_run_counts: bool = False
    date_parameter: str = ""
    is_house: bool = False
    of_hotel: bool = False

    @property
    def name(self) -> str:
        """The name of the deployment, which is that of its flow: `stock-ledger`."""
        return self.entrypoint.partition(":")[2].replace("_", "-")

    def schedules(self, settings: Settings) -> tuple[str, ...]:
        """Its schedules as cron lines in the settings' zone."""
        return tuple(getattr(settings, self.section).schedules) if self.section else ()


DEPLOYMENTS: tuple[Deployed, ...] = (
    Deployed(
        "flows.stock_ledger:stock_ledger",
        section="stock_ledger",
        parameters={"wait_for_erp": True},
        every_run_counts=True,
        date_parameter="business_date",
    ),
    Deployed("flows.stocktake:stocktake", section="stocktake"),
    Deployed("flows.account_agreement:account_agreement", section="account_agreement"),
    Deployed("flows.damaged_returns:damaged_returns", section="damaged_returns"),
    Deployed("flows.invoice_check:invoice_check", section="invoice_check"),
    Deployed("flows.survey:survey", section="survey"),
    Deployed("flows.night_audit:night_audit", section="night_audit", every_run_counts=True, of_hotel=True),
    Deployed("flows.reservation_sweep:reservation_sweep", section="reservation_sweep", of_hotel=True),
    Deployed("flows.mail_dispatch:mail_dispatch", section="mail", is_house=True),
    Deployed("flows.caretaker:caretaker", section="caretaker", is_house=True),
    Deployed("flows.desk:explain_break"),
    Deployed("flows.desk:assign_break"),
    Deployed("flows.desk:write_off_break"),
    Deployed("flows.desk:answer_approval"),
    Deployed("flows.desk:retry_mails"),
    Deployed("flows.desk:restore_reservation"),
    Deployed("flows.invoice_desk:decide_invoices"),
    Deployed("flows.survey_desk:work_on_complaints"),
    Deployed("flows.survey_desk:work_on_measures"),
)


def deployed(name: str) -> Deployed:
    """The line of the table for the flow `name`; raises KeyError for one that is not deployed."""
    return {one.name: one for one in DEPLOYMENTS}[name]


async def deploy(settings: Settings, table: Sequence[Deployed] = DEPLOYMENTS) -> None:
    """Makes the work pool and the deployments of `table` with their schedules; those of former versions go away.

    Runs that are late already stay; planned ones are planned anew. The schedules of a hotel rest until there is one.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        for one in table:
            await _apply(one, settings)
        await _take_away_others(client, {one.name for one in table})
        await refresh_forms(client, TAG, form_choices(settings))


async def wake_hotel(client: PrefectClient, settings: Settings) -> tuple[str, ...]:
    """The deployments whose schedules rested for want of a hotel and go on now, because rooms were delivered.

    Schedules that somebody switched off are left alone.
    """
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

    bearing = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG, WITHOUT_HOTEL]))
    resting = [one.name for one in await client.read_deployments(deployment_filter=bearing)]
    if not resting or not keeps_hotel(settings):
        return ()
    for name in resting:
        await _apply(deployed(name), settings)
    return tuple(resting)


async def _apply(one: Deployed, settings: Settings) -> None:
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    module, _, function = one.entrypoint.partition(":")
    flow: Flow[..., Any] = getattr(importlib.import_module(module), function)
    rests = one.of_hotel and not keeps_hotel(settings)
    deployment = await flow.ato_deployment(
        name=one.name,
        work_pool_name=POOL,
        schedules=[
            # What a scheduled run is told is no default for people who start one by hand.
            Cron(
                line,
                timezone=settings.timezone,
                slug=f"{one.name}-{number}",
                parameters=dict(one.parameters),
                active=not rests,
            )
            for number, line in enumerate(one.schedules(settings), 1)
        ],
        concurrency_limit=1 if one.every_run_counts else None,
        tags=[TAG, *([WITHOUT_HOTEL] if rests else [])],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    await deployment.aapply()


async def _take_away_others(client: PrefectClient, names: set[str]) -> None:
    from prefect.client.schemas.filters import (
        DeploymentFilter,
        DeploymentFilterTags,
        WorkPoolFilter,
        WorkPoolFilterName,
    )

    ours = await client.read_deployments(
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL])),
        deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG])),
    )
    for one in ours:
        if one.name not in names:
            await client.delete_deployment(one.id)


async def drop_overdue(table: Sequence[Deployed] = DEPLOYMENTS) -> dict[str, int]:
    """How many planned runs were deleted of each deployment whose next run does the work of a missed one.

    After a night off they would all start at once.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import StateType

    dropped: dict[str, int] = {}
    now = dt.datetime.now(dt.UTC)
    async with get_client() as client:
        for one in table:
            if one.every_run_counts or not one.section:
                continue
            planned = await client.read_flow_runs(
                deployment_filter=filters.DeploymentFilter(name=filters.DeploymentFilterName(any_=[one.name])),
                flow_run_filter=filters.FlowRunFilter(
                    state=filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
                ),
            )
            for run in planned:
                if run.auto_scheduled and run.expected_start_time and run.expected_start_time < now:
                    await client.delete_flow_run(run.id)
                    dropped[one.name] = dropped.get(one.name, 0) + 1
    return dropped
