"""Posts what was approved: documents for the ERP's import, numbered in the transaction that decides them (spec 02).

A file is made of what the database keeps and of nothing else, so it can be made again byte for byte.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from numbers import Integral
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, func, select

from config.erp_import import ImportLayout
from tasks.adapters.import_file import Cell, import_csv, import_workbook
from tasks.adapters.speech import spoken
from tasks.adapters.store import Store, read_frame, write_frame
from tasks.adapters.whole_files import write_whole
from tasks.domain.amounts import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE
from tasks.domain.shaping import each
from tasks.stocktake.adjusting import adjustments
from tasks.stocktake.deciding import standing_approvals
from tasks.stocktake.report_parts import shown_cause
from tasks.stocktake.shapes import Count, shaped
from tasks.stocktake.steps.deciding import Answers
from tasks.stocktake.steps.folders import count_folder
from tasks.stocktake.steps.ordering import Order
from tasks.stocktake.tables import adjustment_lines
from tasks.stocktake.tables import adjustments as documents

_SCALES: Mapping[str, int] = {"quantity": QUANTITY_SCALE, "unit_price": PRICE_SCALE, "value": MONEY_SCALE}


def post(connection: Connection, order: Order, count: Count, variances: pd.DataFrame, answers: Answers) -> int:
    """How many lines were posted now: those that stand approved with the figures they have and are not posted yet.

    The unique key of a count's line makes a second posting impossible, whatever runs beside this.
    """
    standing = standing_approvals(answers.unposted, variances)
    if standing.empty:
        return 0
    made = adjustments(count, standing, variances, _used(connection, count))
    now = order.clock()
    heads = made.drop_duplicates("document").assign(
        date=pd.Timestamp(order.today), posted_at=pd.Timestamp(now).tz_convert("UTC")
    )
    columns = [one.name for one in documents.columns]
    write_frame(connection, documents, heads[columns])
    write_frame(connection, adjustment_lines, made[[one.name for one in adjustment_lines.columns]])
    return len(made)


def _used(connection: Connection, count: Count) -> dict[tuple[str, str], int]:
    """The last sequence by the code of the sheet (its site, else its department, else its warehouse) and direction."""
    own = documents.c
    code = func.coalesce(func.nullif(own.site, ""), func.nullif(own.department, ""), own.warehouse)
    query = select(code.label("code"), own.direction, func.max(own.sequence).label("last"))
    rows = connection.execute(query.where(own.stocktake == count.number).group_by(code, own.direction))
    return {(row.code, row.direction): int(row.last) for row in rows}


def posted_lines(connection: Connection, number: str) -> pd.DataFrame:
    """The frame `adjustments` of a count as it stands in the database, with the `date` of each document."""
    head, line = documents.c, adjustment_lines.c
    query = (
        select(
            head.site, head.department, head.warehouse, head.direction, head.sequence, head.date,
            *(one for one in adjustment_lines.columns),
        )
        .join(documents, head.document == line.document)
        .where(line.stocktake == number)
        .order_by(line.document, line.line)
    )  # fmt: skip
    found = read_frame(connection, query)
    return shaped("adjustments", found).assign(date=found["date"].to_numpy())


def write_import(store: Store, order: Order, number: str, layout: ImportLayout) -> list[Path]:
    """The files of every document of the count below home, made of what the database keeps: `.xlsx` and `.csv`."""
    with store.reading() as connection:
        lines = posted_lines(connection, number)
    folder = order.home / count_folder(number) / "import"
    made: list[Path] = []
    for name, own in lines.groupby("document", sort=True):
        folder.mkdir(parents=True, exist_ok=True)
        document = layout.document(str(own["direction"].iloc[0]))
        headings = [column.heading for column in layout.columns]
        rows = list(_rows(own.assign(business=document.business), layout, order.clock().tzinfo or dt.UTC))
        made.append(write_whole(folder / f"{name}.xlsx", import_workbook(document.title, headings, rows)))
        made.append(write_whole(folder / f"{name}.csv", import_csv(headings, rows)))
    return [path.relative_to(order.home) for path in made]


def _rows(lines: pd.DataFrame, layout: ImportLayout, zone: dt.tzinfo) -> Iterable[list[Cell]]:
    for row in each(lines.assign(approved_on=lines["approved_at"].dt.tz_convert(zone))):
        yield [_cell(column.name, getattr(row, column.name)) for column in layout.columns]


def _cell(name: str, value: object) -> Cell:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, Integral):
        return _decimal(int(value), _SCALES[name]) if name in _SCALES else int(value)
    if name == "cause":
        # The ERP's own sheets are Chinese, whatever language a reader of reports has.
        return spoken(shown_cause(str(value)), "zh_CN")
    if isinstance(value, dt.datetime):
        return value.date()
    return str(value)


def _decimal(scaled: int, scale: int) -> Decimal:
    exact = Decimal(scaled) / scale
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
