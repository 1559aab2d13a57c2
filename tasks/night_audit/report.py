"""The report of one business date as figures, tables and sentences without a language (spec 06, step 14)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from tasks.domain.breaks import ALIVE, Break
from tasks.domain.message import Message, message
from tasks.domain.report import Chart, Figure, Kind, Report, Series, Table, Value
from tasks.night_audit import statistics
from tasks.night_audit.closing import Closing, stopping_words
from tasks.night_audit.kinds import BLOCKING, DESKS, desk_of
from tasks.night_audit.ledgers import AMOUNTS, DEPOSIT, LEDGERS, ledger_totals
from tasks.night_audit.policy import Policy
from tasks.night_audit.report_lists import lists, reservations_table
from tasks.night_audit.report_odd import odd_tables
from tasks.night_audit.report_parts import amounts, drawn, word, yuan, yuan_or_none
from tasks.night_audit.room_status import OCCUPIED, VACANT

FLOW = "night-audit"
NIGHTS_SHOWN = 14
_DEFINED = ("available", "sold", "occupancy", "total_occupancy", "room_revenue", "adr", "revpar", "ledgers", "cash")
_COUNTS = (
    "rooms", "out_of_order", "available", "occupied_paid", "complimentary", "house_use", "arrivals", "departures",
    "stayovers", "day_use", "walk_ins", "extensions", "guests", "no_shows", "released",
)  # fmt: skip
Nights = Mapping[dt.date, Mapping[str, int]]
Row = tuple[Value, ...]
_SPANS = ("day", "month", "year", "last_year")


@dataclass(frozen=True, slots=True)
class Waiver:
    """Who passed which blocking finding, and why."""

    item: str
    kind: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the report tells besides the closing: the breaks as they stand, the nights before, waivers and notes.

    `rows` are the rows of the date's inputs by dataset: read, accepted, quarantined, repeated (spec 00).
    """

    status: str
    breaks: tuple[Break, ...]
    nights: Nights
    waivers: tuple[Waiver, ...]
    notes: tuple[Message, ...]
    rows: Mapping[str, Mapping[str, int]]


def night_report(closing: Closing, policy: Policy, told: Told) -> Report:
    """The report of the closing's date to the manager, the front office and finance.

    A blocked night shows what stops it first, and the figures as they would be.
    """
    period = closing.books.as_of.isoformat()
    alive = sorted((one for one in told.breaks if one.state in ALIVE), key=_gravest_first)
    return Report(
        flow=FLOW,
        period=period,
        audience="",
        title=word("title"),
        subtitle=word("subtitle", date=period),
        status="blocked" if told.status == "blocked" else "completed",
        headline=_headline(closing, told, alive),
        figures=night_figures(closing),
        charts=(_last_nights(closing, told.nights),),
        tables=tuple(_tables(closing, policy, told, alive)),
        next_steps=tuple(_next_steps(closing, told, alive)),
        notes=told.notes,
        definitions=tuple(word(f"definition.{name}") for name in _DEFINED),
        inputs=tuple(_inputs(told)),
        tone="warn" if alive or told.status == "blocked" else "good",
    )


def night_figures(closing: Closing) -> tuple[Figure, ...]:
    """The figures of the night by the names of spec 10, the four large ones first."""
    measured = closing.measures
    rated = statistics.rates(measured)
    totals = ledger_totals(closing.lines)
    before = next(one.left for one in closing.verdicts if one.name == "deposits")
    cash = closing.cashiers.cash_difference
    return (
        Figure("occupancy", "rate", rated["occupancy"]),
        Figure("adr", "money", rated["adr"]),
        Figure("revpar", "money", rated["revpar"]),
        Figure("room_revenue", "money", yuan(measured["room_revenue"])),
        Figure("business_date", "date", closing.books.as_of),
        *(Figure(name, "count", measured[name]) for name in _COUNTS),
        Figure("total_occupancy", "rate", rated["total_occupancy"]),
        Figure("occupancy_in_order", "rate", rated["occupancy_in_order"]),
        Figure("adr_with_day_use", "money", rated["adr_with_day_use"]),
        Figure("food_revenue", "money", yuan(measured["food_revenue"])),
        Figure("other_revenue", "money", yuan(measured["other_revenue"])),
        Figure("deposits_before", "money", yuan(before)),
        Figure("deposits_after", "money", yuan(totals[DEPOSIT]["closing"])),
        *(
            Figure(f"{name}_ledger", "money", yuan(totals[name]["closing"]))
            for name in ("guest", "deposit", "corporate")
        ),
        Figure("cash_difference", "money", None if cash is None else yuan(cash), "bad" if cash else "plain"),
    )


def _gravest_first(one: Break) -> tuple[int, str, str, str, str]:
    return ("high", "medium", "low").index(one.severity), DESKS[one.kind], one.kind, one.item, one.id


def _headline(closing: Closing, told: Told, alive: Sequence[Break]) -> Message:
    stopped = len(closing.blocking) + len(stopping_words(closing))
    if told.status == "blocked":
        return word("headline.blocked", count=stopped)
    if alive:
        return word("headline.findings", count=len(alive))
    return word("headline.clean")


def _next_steps(closing: Closing, told: Told, alive: Sequence[Break]) -> Iterable[Message]:
    if told.status == "blocked":
        yield from stopping_words(closing)
        yield from (one.message for one in closing.blocking)
    by_desk = Counter(DESKS[one.kind] for one in alive if one.kind not in BLOCKING)
    for desk, count in sorted(by_desk.items(), key=lambda one: (-one[1], one[0])):
        yield word("next.desk", desk=word(f"desk.{desk}"), count=count)


def _inputs(told: Told) -> Iterable[Message]:
    for dataset, counts in told.rows.items():
        if counts["read"]:
            yield word("input", dataset=word(f"dataset.{dataset}"), **counts)


def _last_nights(closing: Closing, nights: Nights) -> Chart:
    day = closing.books.as_of
    first = day - dt.timedelta(days=NIGHTS_SHOWN - 1)
    shown = [*((date, own) for date, own in sorted(nights.items()) if date >= first), (day, closing.measures)]
    rated = [statistics.rates(row) for _, row in shown]
    return Chart(
        name="last_nights",
        title=word("chart.last_nights"),
        dates=tuple(date for date, _ in shown),
        series=(
            Series("occupancy", word("figure.occupancy"), tuple(one["occupancy"] for one in rated), "rate"),
            Series(
                "room_revenue",
                word("figure.room_revenue"),
                tuple(yuan(row["room_revenue"]) for _, row in shown),
                "money",
            ),
        ),
    )


def _tables(closing: Closing, policy: Policy, told: Told, alive: Sequence[Break]) -> Iterable[Table]:
    yield _breaks_table(alive)
    if told.waivers:
        rows = [(word(f"kind.{one.kind}"), one.item, one.who, one.reason) for one in told.waivers]
        yield drawn(
            "waived", rows, ("kind", "wording", 14), ("item", "text", 14), ("who", "text", 12), ("reason", "text", 40)
        )
    yield _verdicts_table(closing)
    yield _totals_table(closing)
    yield _cashier_table(closing)
    yield reservations_table(closing)
    yield from lists(closing, policy)
    yield from odd_tables(closing)
    yield _to_date(closing, told.nights)
    yield _room_types_table(closing.night)
    yield _sources_table(closing.night)
    yield _postings_table(closing)
    yield _accounts_table(closing)


def _breaks_table(alive: Sequence[Break]) -> Table:
    columns: tuple[tuple[str, Kind, int], ...] = (
        ("id", "text", 18), ("kind", "wording", 14), ("desk", "wording", 12), ("severity", "wording", 8),
        ("state", "wording", 10), ("item", "text", 14), ("expected", "wording", 12), ("found", "wording", 12),
        ("value", "money", 12), ("owner", "text", 12), ("message", "wording", 60), ("refs", "text", 40),
    )  # fmt: skip
    rows = [
        (
            one.id, word(f"kind.{one.kind}"), desk_of(one.kind), word(f"severity.{one.severity}"),
            message(f"register.state.{one.state}"), one.item, _seen(one.expected), _seen(one.found),
            None if one.value is None else Decimal(one.value), one.owner, one.message, " ".join(one.refs),
        )
        for one in alive
    ]  # fmt: skip
    return replace(drawn("exceptions", rows, *columns), empty=word("empty.exceptions"), answers=True)


def _seen(text: str) -> Message:
    """What was expected or found: a room's status in words, everything else as it stands."""
    return word(f"status.{text}") if text in {OCCUPIED, VACANT} else message("report.plain", text=text)


def _to_date(closing: Closing, nights: Nights) -> Table:
    """Every measure and rate of the night, month and year to date and the same day last year."""
    day = closing.books.as_of
    sums = statistics.to_date({**nights, day: closing.measures}, day)
    spans: dict[str, Mapping[str, int]] = {"day": closing.measures, **sums}
    rated = {name: statistics.rates(one) for name, one in spans.items()}
    # What a manager compares comes first, because a page shows the first rows alone.
    first = ("occupancy", "adr", "revpar", "room_revenue", "occupied_paid", "arrivals", "departures", "no_shows")
    ordered = dict.fromkeys((*first, *statistics.MEASURES, *rated["day"]))
    rows = [
        (word(f"figure.{name}"), *(_shown(name, spans.get(span), rated.get(span)) for span in _SPANS))
        for name in ordered
    ]
    return drawn("to_date", rows, ("measure", "wording", 20), *((span, "wording", 14) for span in _SPANS))


def _shown(name: str, span: Mapping[str, int] | None, rated: Mapping[str, Decimal | None] | None) -> Value:
    if span is None or rated is None:
        return None
    if name in rated:
        value = rated[name]
        if value is None:
            return None
        share = "occupancy" in name
        return message("report.plain", text=f"{value * 100:.2f}%" if share else f"{value:,.2f}")
    return message("report.plain", text=f"{yuan(span[name]):,.2f}" if name.endswith("revenue") else f"{span[name]:,}")


def _totals_table(closing: Closing) -> Table:
    totals = ledger_totals(closing.lines)
    rows: list[Row] = [(word(f"ledger.{name}"), *map(yuan, own.values())) for name, own in totals.items()]
    return drawn("trial_balance", rows, ("ledger", "wording", 12), *amounts(*AMOUNTS))


def _verdicts_table(closing: Closing) -> Table:
    rows = [
        (
            word(f"verdict.{one.name}"),
            yuan(one.left),
            yuan(one.right),
            word("verdict.holds" if one.holds else "verdict.fails"),
        )
        for one in closing.verdicts
    ]
    return drawn("verdicts", rows, ("proof", "wording", 26), *amounts("left", "right"), ("verdict", "wording", 10))


def _cashier_table(closing: Closing) -> Table:
    money = ("receipts", "refunds", "elsewhere", "cash_float", "handed_over", "difference")
    rows = [
        (
            line.shift,
            line.operator,
            word(f"method.{line.method}"),
            *(yuan_or_none(getattr(line, name)) for name in money),
        )
        for line in closing.cashiers.sheet
    ]
    columns: tuple[tuple[str, Kind, int], ...] = (
        ("shift", "text", 10), ("operator", "text", 12), ("method", "wording", 12),
    )  # fmt: skip
    return drawn("cashiers", rows, *columns, *amounts(*money))


def _room_types_table(night: statistics.Night) -> Table:
    rows = [
        (
            one.room_type or "—", one.rooms, one.available, one.occupied_paid, yuan(one.room_revenue), one.occupancy,
            one.adr,
        )
        for one in statistics.by_room_type(night)
    ]  # fmt: skip
    return drawn(
        "by_room_type", rows, ("room_type", "text", 14), ("rooms", "count", 8), ("available", "count", 8),
        ("occupied_paid", "count", 8), ("room_revenue", "money", 12), ("occupancy", "rate", 10), ("adr", "money", 12),
    )  # fmt: skip


def _sources_table(night: statistics.Night) -> Table:
    rows = [
        (one.source or "—", one.occupied_paid, one.arrivals, yuan(one.room_revenue), one.adr)
        for one in statistics.by_source(night)
    ]
    return drawn(
        "by_source", rows, ("source", "text", 14), ("occupied_paid", "count", 8), ("arrivals", "count", 8),
        ("room_revenue", "money", 12), ("adr", "money", 12),
    )  # fmt: skip


def _postings_table(closing: Closing) -> Table:
    rows = [
        (row.number, row.account, row.room, item_words(row.item), yuan(row.amount), word(f"posting.{row.kind}"))
        for row in closing.postings
    ]
    columns: tuple[tuple[str, Kind, int], ...] = (
        ("number", "text", 20), ("account", "text", 12), ("room", "text", 8), ("charge", "wording", 14),
    )  # fmt: skip
    return drawn("postings", rows, *columns, *amounts("amount"), ("use", "wording", 12))


def item_words(item: str) -> Message:
    """The name of a charge: our own items in words, a package's by its name."""
    return word(f"item.{item}") if item in {"room", "extra_bed"} else message("report.plain", text=item)


def _accounts_table(closing: Closing) -> Table:
    # A hotel holds thousands of deposits: what is the same for all of them is worked out once.
    names, amounts_of = {ledger: word(f"ledger.{ledger}") for ledger in LEDGERS}, attrgetter(*AMOUNTS)
    rows: list[Row] = [(names[row.ledger], row.account, *map(yuan, amounts_of(row))) for row in closing.lines]
    return drawn("accounts", rows, ("ledger", "wording", 12), ("account", "text", 16), *amounts(*AMOUNTS))
