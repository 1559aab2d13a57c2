"""The stocktake: open the month's count, take its sheets in, compare, ask, post, report (spec 02).

Scheduled every morning at 08:00 for whatever is due (config: stocktake.schedules).
"""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from config.wording import in_every_language
from flows.forms import (
    CountClass,
    CountPeriod,
    CountSeed,
    CountStep,
    CountWarehouse,
    Department,
    ItemList,
    SendMail,
    SiteCode,
    SpotItems,
    chosen,
    separate,
)
from flows.overview import refresh_desk
from flows.stocktake_count import Asked, carried_out, keeps_stock, what_stops
from tasks.desk import BLOCKED, in_deployed_run, in_flow_run
from tasks.stocktake.scopes import Scope


@flow(
    name="stocktake",
    flow_run_name="stocktake {period} {step}",
    description=in_every_language("form.flow.stocktake"),
    persist_result=False,
)
async def stocktake(
    period: CountPeriod = "",
    step: CountStep = "",
    department: Department = "",
    site: SiteCode = "",
    warehouse: CountWarehouse = "",
    abc: CountClass = "",
    items: ItemList = "",
    spot: SpotItems = 0,
    seed: CountSeed = 0,
    send_mail: SendMail = True,
) -> dict[str, object] | State[dict[str, object]]:
    """Brings a count one step on, or as far as it is due; nothing is adjusted that nobody approved."""
    scope = Scope(
        departments=tuple(filter(None, [chosen(department)])),
        sites=separate(site),
        warehouses=separate(warehouse),
        classes=separate(abc),
        items=separate(items),
        spot=spot,
        seed=seed,
    )
    if not period and in_deployed_run() and not keeps_stock():
        return Completed(message=in_every_language("stocktake.no_stock"), data={})
    summary = await carried_out(Asked(period, step, scope, send_mail))
    if not summary:
        return Completed(message=in_every_language("stocktake.nothing_due"), data={})
    await refresh_desk()
    if summary["status"] == "blocked" and in_flow_run():
        return Failed(name=BLOCKED, message=what_stops(summary), data=summary)
    return summary
