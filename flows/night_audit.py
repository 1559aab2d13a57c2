"""The night audit: receive what came, prove the books, close the business date, report, show (spec 06).

Scheduled at 02:00 for every date that the calendar has left behind (config: night_audit.schedules).
"""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from config.settings import home_folder, load_settings
from config.wording import in_every_language
from flows.forms import BusinessDate, FirstDate, Preview, Reprint, SendMail
from flows.hotel import Asked, audited, keeps_hotel
from flows.overview import refresh_desk
from tasks.desk import BLOCKED, in_deployed_run, in_flow_run


@flow(
    name="night-audit",
    flow_run_name="night-audit {business_date}",
    description=in_every_language("form.flow.night_audit"),
    persist_result=False,
)
async def night_audit(
    business_date: BusinessDate = None,
    first_date: FirstDate = None,
    preview: Preview = False,
    reprint: Reprint = False,
    send_mail: SendMail = True,
) -> dict[str, object] | State[dict[str, object]]:
    """Closes one business date of the hotel after another, each with all of its postings or not at all."""
    missed = business_date is None and in_deployed_run() and not (preview or reprint or first_date)
    if missed and not keeps_hotel(load_settings(home_folder())):
        return Completed(message=in_every_language("night_audit.no_hotel"), data={})
    summary = await audited(Asked(business_date, first_date, preview, reprint, send_mail, missed))
    if not summary:
        return Completed(message=in_every_language("night_audit.nothing_left"), data={})
    await refresh_desk()
    if summary["status"] == "blocked" and in_flow_run():
        told = in_every_language("form.blocked.night_audit", date=summary["period"])
        return Failed(name=BLOCKED, message=told, data=summary)
    return summary
