"""The agreement of accounts on the 15th: a statement to each site and department, each side's answer kept (spec 02)."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from config.wording import in_every_language
from flows.forms import MonthPeriod, SendMail
from flows.overview import refresh_desk
from flows.stocktake_count import agreed_accounts, keeps_stock, what_stops
from tasks.desk import BLOCKED, in_deployed_run, in_flow_run


@flow(
    name="account-agreement",
    flow_run_name="account-agreement {period}",
    description=in_every_language("form.flow.account_agreement"),
    persist_result=False,
)
async def account_agreement(
    period: MonthPeriod = "", send_mail: SendMail = True
) -> dict[str, object] | State[dict[str, object]]:
    """Tells each site and its department opening + in - out = closing by warehouse, and what is still open."""
    if not period and in_deployed_run() and not keeps_stock():
        return Completed(message=in_every_language("stocktake.no_stock"), data={})
    summary = await agreed_accounts(period, mail=send_mail)
    await refresh_desk()
    if summary["status"] == "blocked" and in_flow_run():
        return Failed(name=BLOCKED, message=what_stops(summary), data=summary)
    return summary
