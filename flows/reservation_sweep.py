"""The reservation sweep: no-shows and releases by the clock, every ten minutes from noon to the close (spec 06)."""

from __future__ import annotations

from prefect import flow

from config.wording import in_every_language
from flows.forms import SweepMoment
from flows.hotel import swept_at


@flow(
    name="reservation-sweep",
    flow_run_name="reservation-sweep {at}",
    description=in_every_language("form.flow.reservation_sweep"),
    persist_result=False,
)
async def reservation_sweep(at: SweepMoment = None) -> dict[str, object]:
    """Settles the reservations that are due by the moment."""
    return await swept_at(at)
