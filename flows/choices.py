"""What the drop-downs of forms offer: what the home knows by now, as long as a person can look through it."""

from __future__ import annotations

from config.settings import Settings
from config.wording import wording
from flows.running import FLOWS
from tasks.adapters.store import open_store
from tasks.domain.breaks import ALIVE, Break
from tasks.domain.report import area_of
from tasks.register.breaks import listed
from tasks.stock_ledger.steps import known_departments

# Enough digits to name a break to the desk, as on the page of a run.
_ID_DIGITS = 8
_BETWEEN = " · "


def form_choices(settings: Settings) -> dict[str, tuple[str, ...]]:
    """What the fields of forms offer, by the name that they give; nothing where there is more than `choices_max`.

    A break is offered as its number followed by what tells it from the others; values are in the home's language.
    """
    store = open_store(settings.database_url)
    with store.reading() as connection:
        alive = [(flow, one) for flow in FLOWS for one in listed(connection, flow, ALIVE)]
    offered = {
        "departments": known_departments(store),
        "breaks": tuple(_told(one, flow, settings.language) for flow, one in alive),
    }
    return {name: known if len(known) <= settings.serve.choices_max else () for name, known in offered.items()}


def _told(one: Break, flow: str, language: str) -> str:
    kind = wording(language, f"{area_of(flow)}.kind.{one.kind}")
    parts = (one.id[:_ID_DIGITS], one.department, one.site, one.item, kind, one.value, one.opened_on.isoformat())
    return _BETWEEN.join(part for part in parts if part)
