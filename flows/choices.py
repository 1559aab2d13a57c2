"""What the drop-downs of forms offer: what the home knows by now, as long as a person can look through it."""

from __future__ import annotations

from collections.abc import Mapping

from config.settings import Settings
from config.wording import wording
from flows.forms import BETWEEN
from flows.running import FLOWS
from tasks.adapters.clock import now
from tasks.adapters.store import open_store
from tasks.domain.breaks import ALIVE, Break
from tasks.domain.report import area_of
from tasks.night_audit.steps import GivenUp, given_up
from tasks.register.breaks import listed
from tasks.stock_ledger.steps import known_departments
from tasks.survey.steps import listed_cases, listed_measures

# Enough digits to name a break to the desk, as on the page of a run.
_ID_DIGITS = 8


def form_choices(settings: Settings) -> dict[str, tuple[str, ...]]:
    """What the fields of forms offer, by the name that they give; nothing where there is more than `choices_max`.

    A break or a reservation is offered as its number followed by what tells it from the others; values are in the
    home's language. Of the reservations that are given up the last ones are offered, however many there are.
    """
    store, most = open_store(settings.database_url), settings.serve.choices_max
    with store.reading() as connection:
        alive = [(flow, one) for flow in FLOWS for one in listed(connection, flow, ALIVE)]
        complaints = listed_cases(connection)
        measures = [*listed_measures(connection, "action"), *listed_measures(connection, "commendation")]
        restorable = given_up(connection, now(settings.timezone).replace(tzinfo=None), most)
    offered = {
        "departments": known_departments(store),
        "breaks": tuple(_told(one, flow, settings.language) for flow, one in alive),
        "complaints": tuple(_told_case(one, settings.language) for one in complaints),
        "measures": tuple(_told_measure(one, settings.language) for one in measures),
        "reservations": tuple(_told_reservation(one, settings.language) for one in restorable),
    }
    return {name: known if len(known) <= most else () for name, known in offered.items()}


def _told(one: Break, flow: str, language: str) -> str:
    kind = wording(language, f"{area_of(flow)}.kind.{one.kind}")
    parts = (one.id[:_ID_DIGITS], one.department, one.site, one.item, kind, one.value, one.opened_on.isoformat())
    return BETWEEN.join(part for part in parts if part)


def _told_case(one: Mapping[str, object], language: str) -> str:
    item = one["name"] or wording(language, "survey_findings.overall")
    parts = (one["case"], one["handled_by"], one["form"], one["customer"], item, one["due_on"])
    return BETWEEN.join(str(part) for part in parts if part)


def _told_measure(one: Mapping[str, object], language: str) -> str:
    kind = wording(language, f"survey_desk.kind.{one['kind']}")
    return BETWEEN.join((str(one["number"]), kind, str(one["department"]), str(one["period"])[:7]))


def _told_reservation(one: GivenUp, language: str) -> str:
    state = wording(language, f"night_audit.last_state.{one.state}")
    return BETWEEN.join((one.reservation, one.who, f"{one.due_in:%Y-%m-%d %H:%M}", state))
