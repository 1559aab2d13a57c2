"""The reservation sweep: no-shows and releases by the clock, every ten minutes from noon to the close (spec 06)."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from config.settings import home_folder, load_settings
from config.wording import in_every_language
from flows.forms import SweepMoment
from flows.hotel import keeps_hotel, swept_at
from tasks.desk import in_deployed_run


@flow(
    name="reservation-sweep",
    flow_run_name="reservation-sweep {at}",
    description=in_every_language("form.flow.reservation_sweep"),
    persist_result=False,
)
async def reservation_sweep(at: SweepMoment = None) -> dict[str, object] | State[dict[str, object]]:
    """Settles the reservations that are due by the moment."""
    if at is None and in_deployed_run() and not keeps_hotel(load_settings(home_folder())):
        return Completed(message=in_every_language("night_audit.no_hotel"), data={})
    return await swept_at(at)
