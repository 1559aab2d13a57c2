"""The invoice and revenue check: take in, judge the register and the money, agree a period with revenue (spec 04).

Scheduled every morning at 07:00 (config: invoice_check.schedules); the first run from the third working day of a month
on also does the end of the month before (config: invoice_check.period_working_day).
"""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from config.wording import in_every_language
from flows.forms import InvoiceDate, InvoicePeriod, SendMail
from flows.invoice_check_day import carried_out, keeps_invoices, period_left
from flows.overview import refresh_desk
from tasks.desk import in_deployed_run


@flow(
    name="invoice-check",
    flow_run_name="invoice-check {business_date} {period}",
    description=in_every_language("form.flow.invoice_check"),
    persist_result=False,
)
async def invoice_check(
    business_date: InvoiceDate = None, period: InvoicePeriod = "", send_mail: SendMail = True
) -> dict[str, object] | State[dict[str, object]]:
    """Tells finance what does not agree in the register, the money and the revenue, and whom to remind."""
    if business_date is None and not period and in_deployed_run():
        if not keeps_invoices():
            return Completed(message=in_every_language("invoice_check.no_invoices"), data={})
        left = period_left()
        if left:
            await carried_out(None, left, mail=send_mail)
    summary = await carried_out(business_date, period, mail=send_mail)
    await refresh_desk()
    return summary
