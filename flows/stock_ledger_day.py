"""The work of one stock-ledger day in its order, as a flow run or without one.

It stands apart from its flow because loading Prefect takes longer than a small day's work.
"""

from __future__ import annotations

import datetime as dt

from flows.arranging import arranged_day, shown_run
from flows.posting import arranged_post
from flows.rubbish import look_for_rubbish_rarely
from tasks.desk import mark_run
from tasks.mail.steps import send_and_tell
from tasks.stock_ledger.steps import receive, reconcile_and_report, show


async def carried_out(
    business_date: dt.date | None, department: str, *, wait: bool = False, mail: bool = True
) -> dict[str, object]:
    """The object of `--json` of the date, after everything was received, reconciled, reported, mailed and shown."""
    look_for_rubbish_rarely()
    day = arranged_day(business_date, department, wait=wait, mail=mail)
    as_of = day.order.moment.as_of.isoformat()
    mark_run(f"stock-ledger {as_of} {day.readers.department}", as_of, day.readers.department)
    post = await arranged_post() if mail else None
    said = receive(day)
    summary = reconcile_and_report(day, said)
    if post:
        summary = send_and_tell(post, summary)
    show(summary, shown_run(summary, day))
    return summary
