"""The daily stock-ledger reconciliation: receive what came, reconcile the date, report, show (spec 01).

Scheduled at 21:30 for the day and at 09:30 for the day before (config: stock_ledger.schedules).
"""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from config.wording import in_every_language
from flows.catching_up import dates_to_do, done_in_turn, told_of
from flows.forms import BusinessDate, Department, SendMail, WaitForErp
from flows.overview import refresh_desk
from flows.stock_ledger_day import carried_out
from tasks.desk import BLOCKED, in_flow_run


@flow(
    name="stock-ledger",
    flow_run_name="stock-ledger {business_date}",
    description=in_every_language("form.flow.stock_ledger"),
    persist_result=False,
)
async def stock_ledger(
    business_date: BusinessDate = None,
    department: Department = "",
    wait_for_erp: WaitForErp = False,
    send_mail: SendMail = True,
) -> dict[str, object] | State[dict[str, object]]:
    """Proves, site by site, that the ledgers of a date and the ERP agree, and names every difference."""
    due = dates_to_do("stock-ledger", business_date)
    if not due.dates:
        return Completed(message=told_of(due), data={})
    summary = await done_in_turn(due, lambda date: carried_out(date, department, wait=wait_for_erp, mail=send_mail))
    await refresh_desk()
    if summary["status"] == "blocked" and in_flow_run():
        told = in_every_language("form.blocked.stock_ledger", date=summary["period"])
        return Failed(name=BLOCKED, message=told, data=summary)
    return Completed(message=told_of(due), data=summary) if told_of(due) else summary
