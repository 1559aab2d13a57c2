"""The tables of the returns' report: what went, what waits and why, where parts are, what repairs come to (spec 03)."""

from __future__ import annotations

import pandas as pd

from tasks.damaged_returns.causes import pareto
from tasks.damaged_returns.eligibility import ELIGIBLE
from tasks.damaged_returns.facts import ReturnFacts, departments_of, of_department, waiting_volume
from tasks.damaged_returns.held import listed_fields
from tasks.damaged_returns.kinds import FREIGHT
from tasks.damaged_returns.outcomes import by_item_and_maker
from tasks.damaged_returns.packing import HOLDS_BACK, READY
from tasks.damaged_returns.report_parts import (
    dated,
    days_since,
    drawn,
    number_or_none,
    share_or_none,
    volume_or_none,
    word,
    yuan_or_none,
)
from tasks.damaged_returns.tracking import FINAL, STATES
from tasks.domain.breaks import Break, age_of
from tasks.domain.message import message, message_from_json
from tasks.domain.report import Table
from tasks.domain.shaping import each

_ROWS_MAX = 20_000
_NAMED_MAX = 8


def breaks_table(facts: ReturnFacts) -> Table:
    """What people still have to work on, as a form for their answers."""
    rows = [
        (
            one.id, word(f"kind.{one.kind}"), word(f"severity.{one.severity}"),
            message(f"register.state.{one.state}"), one.site, one.warehouse, one.item, one.expected, one.found,
            yuan_or_none(_cents(one)), age_of(one, facts.as_of), one.owner, one.message, " ".join(one.refs),
        )
        for one in facts.still
    ]  # fmt: skip
    return drawn(
        "exceptions", rows, ("id", "text", 18), ("kind", "wording", 14), ("severity", "wording", 8),
        ("state", "wording", 10), ("site", "text", 10), ("warehouse", "text", 12), ("item", "text", 14),
        ("expected", "text", 12), ("found", "text", 12), ("value", "money", 12), ("age", "count", 8),
        ("owner", "text", 12), ("message", "wording", 60), ("refs", "text", 40), answers=True,
    )  # fmt: skip


def departments_table(facts: ReturnFacts) -> Table:
    """One row a department: what it sent, what waits, where its parts are."""
    rows = []
    for name in departments_of(facts):
        own = of_department(facts, name)
        figures = {figure.name: figure.value for figure in own.figures}
        rows.append(
            (
                name, figures["batches_created"], figures["parts_batched"], figures["parts_eligible"],
                figures["parts_held"], volume_or_none(waiting_volume(own)), sum(_open(own).values()),
                figures["parts_overdue"], figures["freight_exceptions"], figures["breaks_open"],
            )
        )  # fmt: skip
    return drawn(
        "departments", rows, ("department", "text", 16), ("batches", "count", 8), ("parts", "count", 8),
        ("eligible", "count", 8), ("held", "count", 8), ("volume", "volume", 10), ("on_the_way", "count", 8),
        ("overdue", "count", 8), ("freight_breaks", "count", 8), ("breaks", "count", 8), shown=60,
    )  # fmt: skip


def batches_table(facts: ReturnFacts) -> Table:
    """The batches sealed for the date."""
    rows = [
        (row.batch, row.site, row.department, word(f"cause.{row.cause}"), row.boxes, row.parts,
         volume_or_none(row.volume))
        for row in each(facts.batches.sort_values("batch"))
    ]  # fmt: skip
    return drawn(
        "batches", rows, ("batch", "text", 24), ("site", "text", 10), ("department", "text", 16),
        ("cause", "wording", 14), ("boxes", "count", 8), ("parts", "count", 8), ("volume", "volume", 10), shown=30,
    )  # fmt: skip


def sites_table(facts: ReturnFacts) -> Table:
    """What waits at each site, in volume and age, the one that is due first on top."""
    ordered = facts.sites.sort_values(["due_on", "site"])
    rows = [
        (row.site, row.department, row.eligible, row.boxes, volume_or_none(row.volume), dated(row.first_on),
         days_since(row.first_on, facts.as_of), dated(row.due_on))
        for row in each(ordered.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "sites", rows, ("site", "text", 10), ("department", "text", 16), ("eligible", "count", 8),
        ("boxes", "count", 8), ("volume", "volume", 10), ("first_on", "date", 12), ("days", "count", 8),
        ("due_on", "date", 12), shown=30,
    )  # fmt: skip


def held_table(facts: ReturnFacts) -> Table:
    """The parts that are held back, with the fields that their records lack."""
    ordered = facts.held.sort_values(["site", "serial_key"])
    rows = [
        (row.site, row.serial, row.item, row.item_name, listed_fields(row.missing.split(" ")), dated(row.registered_on),
         row.file, row.sheet, row.row)
        for row in each(ordered.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "held", rows, ("site", "text", 10), ("serial", "text", 16), ("item", "text", 14), ("item_name", "text", 18),
        ("missing", "wording", 28), ("registered_on", "date", 12), ("file", "text", 20), ("sheet", "text", 10),
        ("row", "count", 6), shown=20,
    )  # fmt: skip


def boxes_table(facts: ReturnFacts) -> Table:
    """The boxes that stay although something in them could go, and the parts in no box, with what keeps them."""
    stay = facts.packed[facts.packed["state"] != READY]
    by = ["site", "box_key"]
    parts = facts.waiting[facts.waiting["state"] == ELIGIBLE]
    parts = parts.merge(stay[by], on=by).sort_values("serial_key")
    kept = parts.groupby(by)["serial"].agg(_some).rename("kept").reset_index()
    found = stay.merge(kept, on=by)
    rows = [
        (row.site, row.box, row.parts, word(f"box.{row.state}"), row.because if row.state == HOLDS_BACK else "",
         row.kept, dated(row.first_on))
        for row in each(found.sort_values(by).head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "boxes", rows, ("site", "text", 10), ("box", "text", 10), ("parts", "count", 8), ("stays", "wording", 18),
        ("keeping", "text", 20), ("kept", "text", 24), ("first_on", "date", 12), shown=20,
    )  # fmt: skip


def _some(serials: pd.Series[str]) -> str:
    more = "…" if len(serials) > _NAMED_MAX else ""
    return "、".join(serials.head(_NAMED_MAX)) + more


def pipeline_table(facts: ReturnFacts) -> Table:
    """How many parts are in each state, and how long they have been there."""
    ages = facts.tracked.assign(days=(pd.Timestamp(facts.as_of) - facts.tracked["since"]).dt.days)
    late = facts.late["state"].value_counts()
    rows = []
    for state in STATES:
        days = ages.loc[ages["state"] == state, "days"].dropna().sort_values()
        known = len(days) > 0 and state not in FINAL
        rows.append(
            (
                word(f"state.{state}"), facts.pipeline[state],
                int(days.iloc[(len(days) - 1) // 2]) if known else None, int(days.iloc[-1]) if known else None,
                int(late.get(state, 0)),
            )
        )  # fmt: skip
    return drawn(
        "pipeline", rows, ("state", "wording", 14), ("parts", "count", 8), ("median_days", "count", 10),
        ("longest_days", "count", 10), ("overdue", "count", 8), shown=len(STATES),
    )  # fmt: skip


def overdue_table(facts: ReturnFacts, audience: str) -> Table:
    """The parts that stay too long at a step; over all departments only those whose time is more than doubled."""
    late = facts.late if audience else facts.late[facts.late["twice"]]
    ordered = late.sort_values(["twice", "days", "serial_key"], ascending=[False, False, True])
    rows = [
        (row.serial, row.item, row.item_name, row.batch, row.site, row.department, word(f"step.late.{row.step}"),
         dated(row.from_on), row.days, row.limit, word(f"twice.{'yes' if row.twice else 'no'}"))
        for row in each(ordered.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "overdue" if audience else "escalated", rows, ("serial", "text", 16), ("item", "text", 14),
        ("item_name", "text", 18), ("batch", "text", 24), ("site", "text", 10), ("department", "text", 16),
        ("late_step", "wording", 12), ("from_on", "date", 12), ("days", "count", 8), ("limit", "count", 8),
        ("twice", "wording", 10), shown=20,
    )  # fmt: skip


def outcomes_table(facts: ReturnFacts) -> Table:
    """How repairs end and how long they take, by item and maker."""
    rows = [
        (row.item, row.item_name, row.maker, row.sent, row.ended, row.repaired, row.exchanged, row.beyond_repair,
         row.open, share_or_none(row.repaired, row.ended), number_or_none(row.median), number_or_none(row.longest),
         yuan_or_none(row.cost))
        for row in (each(by_item_and_maker(facts.cycles, facts.tracked).head(_ROWS_MAX)) if len(facts.cycles) else ())
    ]  # fmt: skip
    return drawn(
        "outcomes", rows, ("item", "text", 14), ("item_name", "text", 18), ("maker", "text", 16),
        ("sent", "count", 8), ("ended", "count", 8), ("repaired", "count", 8), ("exchanged", "count", 8),
        ("beyond_repair", "count", 8), ("open", "count", 8), ("success", "rate", 10), ("turnaround", "quantity", 10),
        ("longest_days", "count", 10), ("cost", "money", 12), shown=20,
    )  # fmt: skip


def causes_table(facts: ReturnFacts) -> Table:
    """What damages parts most, with what the causes add up to."""
    rows = [
        (message("report.plain", text=row.cause) if row.cause else word("cause.unsaid"), row.parts, int(row.quantity),
         share_or_none(row.parts, row.of), share_or_none(row.until, row.of))
        for row in (each(pareto(facts.damages).head(_ROWS_MAX)) if len(facts.damages) else ())
    ]  # fmt: skip
    return drawn(
        "causes", rows, ("damage", "wording", 24), ("parts", "count", 8), ("quantity", "quantity", 10),
        ("share", "rate", 10), ("until", "rate", 10), shown=10,
    )  # fmt: skip


def freight_breaks_table(facts: ReturnFacts) -> Table:
    """The shipments whose freight lacks an application or a price on file."""
    found = sorted((one for one in facts.still if one.kind in FREIGHT), key=lambda one: (one.site, one.date, one.id))
    rows = [
        (one.site, one.date, word(f"kind.{one.kind}"), yuan_or_none(_cents(one)), age_of(one, facts.as_of), one.message)
        for one in found
    ]
    return drawn(
        "freight_breaks", rows, ("site", "text", 10), ("shipped_on", "date", 12), ("kind", "wording", 14),
        ("freight", "money", 12), ("age", "count", 8), ("message", "wording", 60), shown=20,
    )  # fmt: skip


def freight_table(facts: ReturnFacts) -> Table:
    """What each part bears of its batch's freight; the parts of a batch add up to it."""
    known = facts.freight[facts.freight["cents"].notna()]
    rows = [
        (row.batch, row.box, row.serial, row.item, yuan_or_none(row.cents))
        for row in each(known.sort_values(["batch", "box", "serial"]).head(_ROWS_MAX))
    ]
    return drawn(
        "freight", rows, ("batch", "text", 24), ("box", "text", 10), ("serial", "text", 16), ("item", "text", 14),
        ("freight", "money", 12),
    )  # fmt: skip


def quarantined_table(quarantined: pd.DataFrame) -> Table:
    """Every cell that was not taken in, and why."""
    rows = [
        (word(f"dataset.{row.dataset}"), row.site, row.file, row.sheet, row.row, row.column, row.value,
         message_from_json(row.reason))
        for row in each(quarantined.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "quarantined", rows, ("dataset", "wording", 14), ("site", "text", 10), ("file", "text", 24),
        ("sheet", "text", 10), ("row", "count", 6), ("column", "text", 12), ("quarantined_value", "text", 14),
        ("reason", "wording", 40),
    )  # fmt: skip


def _open(facts: ReturnFacts) -> dict[str, int]:
    return {state: parts for state, parts in facts.pipeline.items() if state not in FINAL}


def _cents(one: Break) -> int | None:
    return None if one.value is None else int(one.value.replace(".", ""))
