"""Empties the outbox: sends every mail that is due, every few minutes (config: mail.schedules)."""

from __future__ import annotations

from prefect import flow

from flows.posting import arranged_post
from tasks.mail.steps import send_due


@flow(name="mail-dispatch", flow_run_name="mail-dispatch", persist_result=False)
async def mail_dispatch() -> dict[str, object]:
    """Sends every mail that is due, and says what became of them."""
    return send_due(await arranged_post())
