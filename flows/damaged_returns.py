"""The return of damaged parts: receive what came, seal the batches that are due, follow the others, report (spec 03).

Scheduled every morning at 07:30 (config: damaged_returns.schedules); the next run does the work of a missed one.
"""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from config.wording import in_every_language
from flows.damaged_returns_day import carried_out, returns_parts
from flows.forms import Department, ReturnsDate, SendMail
from flows.overview import refresh_desk
from tasks.desk import in_deployed_run


@flow(
    name="damaged-returns",
    flow_run_name="damaged-returns {business_date}",
    description=in_every_language("form.flow.damaged_returns"),
    persist_result=False,
)
async def damaged_returns(
    business_date: ReturnsDate = None, department: Department = "", send_mail: SendMail = True
) -> dict[str, object] | State[dict[str, object]]:
    """Makes each site's batch when it is due, and tells of every part that waits, lingers or does not add up."""
    if business_date is None and in_deployed_run() and not returns_parts():
        return Completed(message=in_every_language("waiting.nothing_returned"), data={})
    summary = await carried_out(business_date, department, mail=send_mail)
    await refresh_desk()
    return summary
