"""Site ledgers as twelve custodians write them: the same rows in twelve shapes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from zhconv import convert

from benchmarks.demo_company.files import Cell, Sheet, save_csv, save_old_workbook, save_workbook
from benchmarks.demo_company.nouns import GOOD, LedgerRow, Site, World
from benchmarks.demo_company.scene import RUNNING_SHAPES, STATING_SHAPES
from benchmarks.demo_company.shapes import FULL_WIDTH, SHAPES, Shape

SERIAL_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it will be told: the row, its number in the sheet and the balance that its site states."""

    row: LedgerRow
    number: int
    balance: Decimal | None


def send_ledgers(world: World, day: dt.date, folder: Path, balances: Mapping[int, Decimal]) -> None:
    """Writes into `folder` what every site sends on the evening of `day`, late ledgers of earlier days included."""
    rows: dict[tuple[str, dt.date], list[LedgerRow]] = defaultdict(list)
    for row in world.ledger:
        rows[row.site, row.date].append(row)
    for site in world.sites:
        for told in _days_told(world, site, day):
            if site.shape in RUNNING_SHAPES:
                days = [one for one in world.days if one <= told and (one.year, one.month) == (told.year, told.month)]
            else:
                days = [told]
            seen = [row for one in days for row in rows[site.code, one] if row.since <= day < row.until]
            entries = [Entry(row, number, balances.get(id(row))) for number, row in enumerate(seen, start=1)]
            _save(folder, site, told, entries)


def balances_stated(world: World) -> Mapping[int, Decimal]:
    """The 结存 that custodians of stating sites write beside their rows, by the row's identity in memory."""
    stating = {site.code: site for site in world.sites if site.shape in STATING_SHAPES}
    held = dict(world.opening)
    stated: dict[int, Decimal] = {}
    for row in sorted(world.ledger, key=lambda row: row.date):
        if row.site in stating:
            key = (stating[row.site].warehouse(row.quality), row.item.code)
            held[key] = held.get(key, Decimal(0)) + row.effect
            stated[id(row)] = held[key] + row.balance_off
    return stated


def _days_told(world: World, site: Site, day: dt.date) -> list[dt.date]:
    late = [date for (code, date), sent in world.sent_later.items() if code == site.code and sent == day]
    away = (site.code, day) in world.never_sent or (site.code, day) in world.sent_later
    return late if away else [*late, day]


def _save(folder: Path, site: Site, day: dt.date, entries: Sequence[Entry]) -> None:
    shape = SHAPES[site.shape]
    rows, spans = _sheet(shape, site, day, entries)
    path = folder / shape.file_name.format(code=site.code, name=site.name, day=f"{day:%Y%m%d}", month=f"{day:%Y年%m月}")
    if shape.format == "xls":
        save_old_workbook(path, Sheet("流水账", rows, spans))
    elif shape.format == "xlsx":
        sheets = [Sheet("流水账", rows, spans)]
        if shape.instructions:
            sheets.insert(0, Sheet("填写要求", [["每日20:30前填写完毕"], ["一物一行,不得合并"]]))
        save_workbook(path, sheets)
    else:
        save_csv(path, rows, shape.format)


def _sheet(shape: Shape, site: Site, day: dt.date, entries: Sequence[Entry]) -> tuple[list[list[Cell]], int]:
    """All rows of the sheet from the title down, and how many columns the title spans."""
    width = len(shape.columns)
    rows: list[list[Cell]] = []
    if shape.title:
        rows.append([shape.title.format(name=site.name)])
    said = {"name": site.name, "code": site.code, "day": shape.stated_date(day), "person": site.custodian}
    rows += [[cell.format(**said) for cell in line] for line in shape.above]
    rows.append([heading for _, heading in shape.columns])
    if not entries:
        rows.append([shape.nothing if place == shape.nothing_at else "" for place in range(width)])
    for entry in entries:
        if shape.gaps and entry.number % shape.gaps == 0:
            rows.append([""] * width)
        cells = _cells(shape, site, entry)
        rows.append([cells.get(column, "") for column, _ in shape.columns])
    if shape.totals and entries:
        total = sum((entry.row.quantity for entry in entries), Decimal(0))
        rows.append(
            [
                shape.totals if place == 0 else total if column == "quantity" else ""
                for place, (column, _) in enumerate(shape.columns)
            ]
        )
    rows += [[line.format(**said)] for line in shape.below]
    return rows, width if shape.merged else 0


def _cells(shape: Shape, site: Site, entry: Entry) -> dict[str, Cell]:
    row = entry.row
    words: Callable[[str], str] = (lambda text: convert(text, "zh-hant")) if shape.traditional else str
    store = shape.stores[0 if row.quality == GOOD else 1].format(code=site.code, name=site.name)
    cells: dict[str, Cell] = {
        "sequence": entry.number,
        "site": site.name,
        "date": _date(row.date, shape.dates[int(row.item.code) % len(shape.dates)]),
        "category": shape.categories.get(row.category, words(row.category)),
        "item": int(row.item.code) if shape.codes_as_numbers else shape.code.format(row.item.code),
        "item_name": words(row.item.name),
        "specification": row.item.specification,
        "unit": row.item.unit,
        "quantity": _quantity(row.quantity, shape, int(row.item.code)),
        "warehouse": words(store),
        "stated_balance": entry.balance,
        "handler": site.custodian,
        "turbine": row.turbine,
        "transfer_order": row.order,
        "remark": words(row.remark),
        "weather": "晴",
        "photo": f"IMG_{int(row.item.code) % 9000 + 1000}",
    }
    return cells | dict(row.written)


def _date(date: dt.date, form: str) -> Cell:
    if form == "cell":
        return date
    if form == "serial":
        return (date - SERIAL_ZERO).days
    return form.format(y=date.year, m=date.month, d=date.day, mon=MONTHS[date.month - 1])


def _quantity(quantity: Decimal, shape: Shape, turn: int) -> Cell:
    text = format(quantity.normalize(), "f")
    if quantity < 0:
        return shape.negative.format(text.lstrip("-"))
    if shape.full_width and turn % 3 == 0:
        return f" {text.translate(FULL_WIDTH)} "
    if quantity >= 1000:  # noqa: PLR2004 - people write 1,000 from a thousand on
        return f"{quantity:,f}"
    return quantity


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
