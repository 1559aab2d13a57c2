"""The work of one date of the returns in its order, as a flow run or without one: arranged from settings and clock.

It stands apart from its flow because loading Prefect takes longer than a small date's work.
"""

from __future__ import annotations

import datetime as dt
import functools
from decimal import Decimal

from config.settings import Settings, home_folder, load_settings
from config.wording import in_every_language
from flows.arranging import (
    UnableToArrange,
    arranged_receiving,
    departments_instead_of,
    readership,
    scheduled_moment,
)
from flows.forms import chosen
from flows.posting import arranged_post
from flows.whereabouts import whereabouts
from tasks.adapters.clock import now
from tasks.adapters.run_page import run_page
from tasks.adapters.store import open_store
from tasks.damaged_returns.policy import Policy
from tasks.damaged_returns.shapes import VOLUME_SCALE
from tasks.damaged_returns.steps import FLOW, Order, carry_out, has_parts, receive, show
from tasks.desk import mark_run
from tasks.domain.amounts import MONEY_SCALE, QUANTITY_SCALE, SHARE_SCALE
from tasks.domain.keys import code_key
from tasks.mail.steps import send_and_tell

_DATASETS = ("damaged_parts", "shipments")


async def carried_out(business_date: dt.date | None, department: str, *, mail: bool = True) -> dict[str, object]:
    """The object of `--json` of the date, after everything was received, sealed, reported, mailed and shown."""
    settings = load_settings(home_folder())
    order = arranged_order(settings, business_date, chosen(department), mail=mail)
    day = order.date.isoformat()
    mark_run(f"{FLOW} {day} {order.department}", day, order.department)
    post = await arranged_post() if mail else None
    receive(order, arranged_receiving(settings))
    summary = carry_out(order)
    if post:
        summary = send_and_tell(post, summary)
    show(summary, run_page(summary, order.languages[0], whereabouts(settings.home).reports))
    return summary


def arranged_order(settings: Settings, business_date: dt.date | None, department: str, *, mail: bool) -> Order:
    """Where the books lie, by which policy they are judged and who is told; without a date it is today's.

    Raises UnableToArrange for a department that the masters do not name.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    known = departments_instead_of(settings, department)
    if known:
        raise UnableToArrange(in_every_language("cli.error.department", value=department, known=", ".join(known)))
    own = settings.damaged_returns
    return Order(
        home=settings.home,
        database_url=settings.database_url,
        policy=arranged_policy(settings),
        readership=readership(settings, FLOW),
        languages=settings.report_languages,
        date=business_date or scheduled_moment(settings).date(),
        clock=functools.partial(now, settings.timezone),
        department=department,
        receivers=own.advance_list_to,
        mail=mail,
        mail_departments=own.mail_departments,
        mail_sites=own.mail_sites,
        high_cents=int(Decimal(settings.stock_ledger.value_high) * MONEY_SCALE),
    )


def arranged_policy(settings: Settings) -> Policy:
    """The choices of the house as the return of damaged parts knows them."""
    own = settings.damaged_returns
    return Policy(
        days=own.days,
        volume=int(Decimal(own.volume) * VOLUME_SCALE),
        shipped_days=own.shipped_days,
        received_days=own.received_days,
        repaired_days=own.repaired_days,
        scrap_limit=own.scrap_limit,
        express_limit=int(Decimal(own.express_limit) * MONEY_SCALE),
        freight_share=int(Decimal(own.freight_share) * SHARE_SCALE),
        share_by=own.share_by,
        side_max=int(Decimal(own.box_side_max) * QUANTITY_SCALE),
        receiving_warehouse=code_key(own.receiving_warehouse),
        production_department=own.production_department,
        management_department=settings.stock_ledger.management_department,
    )


def returns_parts() -> bool:
    """Whether this home returns damaged parts: a list or a shipment was delivered, waits, or comes from a source."""
    settings = load_settings(home_folder())
    for dataset in _DATASETS:
        if dataset in settings.sources or any((settings.home / "inbox" / dataset).glob("[!.]*")):
            return True
    settings.home.mkdir(parents=True, exist_ok=True)
    with open_store(settings.database_url).reading() as connection:
        return has_parts(connection)
