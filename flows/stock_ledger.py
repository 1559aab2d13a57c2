"""The daily stock-ledger reconciliation: receive what came, reconcile the date, report, show (spec 01).

Scheduled at 21:30 for the day and at 09:30 for the day before (config: stock_ledger.schedules).
"""

from __future__ import annotations

import datetime as dt

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.catching_up import dates_to_do, done_in_turn, told_of
from flows.stock_ledger_day import carried_out
from tasks.desk import BLOCKED, in_flow_run


@flow(name="stock-ledger", flow_run_name="stock-ledger {business_date}", persist_result=False)
async def stock_ledger(
    business_date: dt.date | None = None, department: str = "", wait_for_erp: bool = False, send_mail: bool = True
) -> dict[str, object] | State[dict[str, object]]:
    """Proves, site by site, that the ledgers of a date and the ERP agree, and names every difference.

    Args:
        business_date: 营业日期 · the date to reconcile; empty means today in the evening and yesterday in the morning.
        department: 业务部 · report on this department only; empty means all.
        wait_for_erp: 等待 ERP 导出 · wait until the cut-off for an ERP export that has not come yet.
        send_mail: 发送邮件 · mail the reports to their recipients.

    """
    due = dates_to_do("stock-ledger", business_date)
    if not due.dates:
        return Completed(message=told_of(due), data={})
    summary = await done_in_turn(due, lambda date: carried_out(date, department, wait=wait_for_erp, mail=send_mail))
    if summary["status"] == "blocked" and in_flow_run():
        return Failed(name=BLOCKED, message=f"blocked: no ERP export for {summary['period']}", data=summary)
    return Completed(message=told_of(due), data=summary) if told_of(due) else summary
