"""The form by which people decide about invoices in Prefect's UI; it does what `daybook invoices` does."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from config.wording import in_every_language
from flows.desk_options import opened
from flows.forms import DECISIONS, InvoiceAct, InvoiceNames, Reason, Until, Who, separate
from flows.invoice_desk_work import decided
from flows.overview import refresh_desk
from tasks.adapters.speech import spoken_in_every_language
from tasks.desk import mark_run
from tasks.domain.message import message
from tasks.invoice_check.steps import Decision, UnableToDecide


@flow(name="decide-invoices", description=in_every_language("form.flow.decide_invoices"), persist_result=False)
async def decide_invoices(
    act: InvoiceAct, names: InvoiceNames, reason: Reason, who: Who, until: Until = None
) -> State[Any]:
    """Keeps that invoices and receipts or vouchers belong together, do not, or are left alone."""
    mark_run(f"decide-invoices {names}", "decide-invoices")
    chosen = DECISIONS.get(act)
    if chosen is None:
        why = message("form.error.decision", value=act, known="; ".join(DECISIONS))
        return Failed(message=spoken_in_every_language(message("form.refused", why=why)))
    _, _, now = opened()
    try:
        told = decided(Decision(chosen, separate(names), who.strip(), reason.strip(), until), now)
    except UnableToDecide as unable:
        return Failed(message=spoken_in_every_language(message("form.refused", why=unable.message)))
    await refresh_desk()
    said = spoken_in_every_language(told)
    return Completed(message=said, data=[said])
