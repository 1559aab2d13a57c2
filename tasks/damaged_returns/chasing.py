"""Which sites are asked to complete the records of held parts, and the mail that asks (spec 03: chased)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from tasks.damaged_returns.batch_papers import FLOW
from tasks.domain.breaks import Break, age_of
from tasks.domain.message import message
from tasks.domain.report import Column, Kind, Report, Table
from tasks.domain.working_days import is_working_day

# A site is asked when a part is first held, and again every so many working days.
_AGAIN = 5
_COLUMNS: tuple[tuple[str, Kind, int], ...] = (("since", "date", 11), ("item", "text", 12), ("message", "wording", 60))


def chased_sites(breaks: Iterable[Break], as_of: dt.date) -> dict[str, tuple[Break, ...]]:
    """The sites to ask on `as_of`, each with all of its held parts: one is new, or has waited long enough."""
    held: dict[str, list[Break]] = {}
    for one in breaks:
        if one.kind == "HELD_INCOMPLETE":
            held.setdefault(one.site, []).append(one)
    return {site: tuple(own) for site, own in sorted(held.items()) if any(_is_due(one, as_of) for one in own)}


def _is_due(one: Break, as_of: dt.date) -> bool:
    age = age_of(one, as_of)
    return one.opened_on == as_of or (age > 0 and age % _AGAIN == 0 and is_working_day(as_of))


def site_notice(site: str, held: Iterable[Break], day: str) -> Report:
    """The mail that names every held part of the site, field by field."""
    rows = tuple((one.opened_on, one.item, one.message) for one in held)
    columns = tuple(Column(name, f"waiting.heading.{name}", kind, width) for name, kind, width in _COLUMNS)
    table = Table("held", message("waiting.chase.table"), columns, rows, message("waiting.chase.none"), shown=1000)
    return Report(
        flow=FLOW,
        period=day,
        audience=site,
        title=message("waiting.chase.title"),
        subtitle=message("waiting.chase.subtitle", site=site, day=day),
        status="waiting",
        headline=message("waiting.chase.headline", parts=len(rows)),
        figures=(),
        charts=(),
        tables=(table,),
        next_steps=(message("waiting.chase.next"),),
        notes=(),
        definitions=(),
        tone="warn",
    )
