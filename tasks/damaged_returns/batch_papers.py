"""The papers of one sealed batch: packing list, advance list, repair application; each line is a part (spec 03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from tasks.damaged_returns.routing import APPLICATION
from tasks.damaged_returns.shapes import VOLUME_SCALE
from tasks.domain.amounts import quantity_text
from tasks.domain.message import Message, message
from tasks.domain.report import Column, Kind, Report, Sheet, Table, Value
from tasks.domain.shaping import each

FLOW = "damaged-returns"
_ROWS_MAX = 100_000
_LIST: tuple[tuple[str, Kind, int], ...] = (
    ("line", "count", 5), ("box", "text", 9), ("registered_on", "date", 11), ("item", "text", 11),
    ("item_name", "text", 15), ("specification", "text", 13), ("unit", "text", 5), ("quantity", "quantity", 7),
    ("turbine", "text", 8), ("replaced_by", "text", 8), ("replaced_on", "date", 11), ("new_serial", "text", 13),
    ("serial", "text", 13), ("cause", "text", 16), ("by_person", "wording", 8), ("item_class", "text", 6),
    ("remark", "text", 12),
)  # fmt: skip
# In a mail the sentences stand below their row, for so many columns side by side leave them no room.
_AHEAD = tuple((name, kind, 30 if name in ("cause", "remark") else width) for name, kind, width in _LIST)
_BOXES: tuple[tuple[str, Kind, int], ...] = (
    ("place", "count", 5), ("box", "text", 12), ("sides", "text", 22), ("volume", "text", 12), ("weight", "text", 10),
    ("parts", "count", 8), ("quantity", "quantity", 10),
)  # fmt: skip
_APPLIED: tuple[tuple[str, Kind, int], ...] = (
    ("line", "count", 5), ("item", "text", 12), ("item_name", "text", 16), ("specification", "text", 14),
    ("unit", "text", 5), ("quantity", "quantity", 7), ("serial", "text", 14), ("turbine", "text", 8),
    ("replaced_on", "date", 11), ("cause", "text", 18), ("flag", "wording", 12),
)  # fmt: skip
_PACKED_BY = ("packer", "custodian", "representative", "carrier", "receiver")
_APPLIED_BY = ("clerk", "manager", "production")


@dataclass(frozen=True, eq=False)
class Batch:
    """One sealed batch: its row, and its boxes and parts as `tables` keep them, in their order.

    `names` are how site and warehouse are called, with their codes.
    """

    batch: str
    site: str
    department: str
    date: str
    cause: str
    boxes: pd.DataFrame
    parts: pd.DataFrame
    names: tuple[str, str]

    @property
    def volume(self) -> str:
        """The exact volume of its boxes in cubic metres; blank where one is not known."""
        return volume_text(self.boxes["volume"])


def volume_text(volumes: pd.Series) -> str:
    """The sum of box volumes as a decimal text without needless zeros; blank where one is not known."""
    return "" if volumes.empty or bool(volumes.isna().any()) else _exact(int(volumes.sum()))


def _exact(volume: int) -> str:
    return f"{(Decimal(volume) / VOLUME_SCALE).normalize():f}"


def packing_list(batch: Batch) -> Report:
    """The packing list: a cover with the boxes, then a page a box, each to sign and scan; the list as a table."""
    listed = drawn("list", _lines(batch.parts), _LIST)
    of_box = {str(key): own for key, own in batch.parts.groupby("box_key", sort=False)}
    boxes = [box for box in each(batch.boxes) if box.box_key]
    sheets = [_cover(batch), *(_box_page(batch, box, of_box[box.box_key]) for box in boxes)]
    if "" in of_box:
        sheets.append(_page(batch, message("packing.loose"), (), of_box[""]))
    return _report(batch, message("packing.title"), _headline(batch), (listed,), tuple(sheets))


def advance_list(batch: Batch, file: str) -> Report:
    """The mail that goes ahead to whoever receives the batch, with the list in it and the packing list as its file."""
    title, told = message("packing.advance_title"), message("packing.advance", **_told(batch))
    report = _report(batch, title, told, (drawn("list", _lines(batch.parts), _AHEAD),), ())
    return replace(report, next_steps=(message("packing.advance_next"),), enclosed=file)


def has_application(batch: Batch) -> bool:
    """Whether the batch holds class II parts, for whose repair the department applies."""
    return bool((batch.parts["route"] == APPLICATION).any())


def repair_application(batch: Batch) -> Report:
    """The department's application for the repair of the batch's class II parts, of which there are some.

    What is out of warranty, was damaged by a person or repaired so often that its scrap is proposed is flagged.
    """
    applied = batch.parts[batch.parts["route"] == APPLICATION]
    rows = [
        (
            at, row.item, row.item_name, row.specification, row.unit, int(row.quantity), row.serial, row.turbine,
            _day(row.replaced_on), row.cause, message(f"packing.flag.{row.flag}") if row.flag else None,
        )
        for at, row in enumerate(each(applied), start=1)
    ]  # fmt: skip
    sheet = Sheet(
        name="application",
        title=message("packing.application_title"),
        lines=(
            message("packing.application_line", department=batch.department, parts=len(applied)),
            message("packing.line_batch", **_told(batch)),
        ),
        table=drawn("application", rows, _APPLIED),
        signatures=tuple(message(f"packing.role.{role}") for role in _APPLIED_BY),
        code=batch.batch,
    )
    flagged = int((applied["flag"] != "").sum())
    told = message("packing.application", parts=len(applied), flagged=flagged, batch=batch.batch)
    return _report(batch, message("packing.application_title"), told, (), (sheet,))


def application_notice(report: Report, file: str) -> Report:
    """The mail that brings the application to its department; `file` lies below the home folder and goes with it."""
    table = report.sheets[0].table
    steps = (message("packing.application_next"),)
    return replace(report, sheets=(), tables=(table,), next_steps=steps, enclosed=file)


def drawn(name: str, rows: Sequence[tuple[Value, ...]], columns: Sequence[tuple[str, Kind, int]]) -> Table:
    """A table of the papers, its columns by name, kind and width."""
    headed = tuple(Column(column, f"packing.heading.{column}", kind, width) for column, kind, width in columns)
    return Table(name, message(f"packing.table.{name}"), headed, tuple(rows), message("packing.empty"), shown=_ROWS_MAX)


def _cover(batch: Batch) -> Sheet:
    parts = batch.parts.groupby("box_key").agg(parts=("serial_key", "size"), quantity=("quantity", "sum"))
    rows = [
        (
            int(box.place), box.box, _sides(box), _volume_of(box), _weight(box),
            int(parts["parts"].get(box.box_key, 0)), int(parts["quantity"].get(box.box_key, 0)),
        )
        for box in each(batch.boxes)
    ]  # fmt: skip
    return Sheet(
        name="cover",
        title=message("packing.cover"),
        lines=(
            message("packing.line_batch", **_told(batch)),
            message("packing.line_way", origin=batch.names[0], destination=batch.names[1]),
            message("packing.total", **_totals(batch.parts), boxes=_boxes(batch), volume=_volume(batch.volume)),
        ),
        table=drawn("boxes", rows, _BOXES),
        signatures=tuple(message(f"packing.role.{role}") for role in _PACKED_BY),
        code=batch.batch,
    )


def _box_page(batch: Batch, box: Any, own: pd.DataFrame) -> Sheet:
    volume = _volume_of(box)
    line = message("packing.line_box", sides=_sides(box), volume=_volume(volume), weight=_weight(box))
    return _page(batch, message("packing.box", box=box.box), (line,) if volume else (), own)


def _page(batch: Batch, title: Message, lines: tuple[Message, ...], parts: pd.DataFrame) -> Sheet:
    return Sheet(
        name="box",
        title=title,
        lines=(message("packing.line_batch", **_told(batch)), *lines, message("packing.box_total", **_totals(parts))),
        table=drawn("box", _lines(parts), _LIST),
        signatures=tuple(message(f"packing.role.{role}") for role in _PACKED_BY),
        code=batch.batch,
    )


def _lines(parts: pd.DataFrame) -> list[tuple[Value, ...]]:
    return [
        (
            int(row.line), row.box, _day(row.registered_on), row.item, row.item_name, row.specification, row.unit,
            int(row.quantity), row.turbine, row.replaced_by, _day(row.replaced_on), row.new_serial, row.serial,
            row.cause, message("packing.yes" if row.by_person else "packing.no"), row.item_class, row.remark,
        )
        for row in each(parts)
    ]  # fmt: skip


def _report(
    batch: Batch, title: Message, headline: Message, tables: tuple[Table, ...], sheets: tuple[Sheet, ...]
) -> Report:
    return Report(
        flow=FLOW,
        period=batch.date,
        audience=batch.names[1] or batch.department,
        title=title,
        subtitle=message("packing.subtitle", batch=batch.batch, site=batch.names[0]),
        status="completed",
        headline=headline,
        figures=(),
        charts=(),
        tables=tables,
        next_steps=(),
        notes=(),
        definitions=(),
        sheets=sheets,
    )


def _headline(batch: Batch) -> Message:
    return message("packing.total", **_totals(batch.parts), boxes=_boxes(batch), volume=_volume(batch.volume))


def _told(batch: Batch) -> dict[str, str | int | Message]:
    return {
        "batch": batch.batch,
        "date": batch.date,
        "site": batch.names[0],
        "department": batch.department,
        "parts": len(batch.parts),
        "boxes": _boxes(batch),
        "volume": _volume(batch.volume),
    }


def _totals(parts: pd.DataFrame) -> dict[str, str | int]:
    return {"parts": len(parts), "quantity": quantity_text(int(parts["quantity"].sum()))}


def _boxes(batch: Batch) -> int:
    return int((batch.boxes["box_key"] != "").sum())


def _volume(text: str) -> Message:
    return message("packing.volume", volume=text) if text else message("packing.volume_unknown")


def _sides(box: Any) -> str:
    sides = [getattr(box, name) for name in ("length", "width", "height")]
    return "" if any(pd.isna(one) for one in sides) else " × ".join(quantity_text(int(one)) for one in sides)


def _volume_of(box: Any) -> str:
    return "" if pd.isna(box.volume) else _exact(int(box.volume))


def _weight(box: Any) -> str:
    return "" if pd.isna(box.weight) else quantity_text(int(box.weight))


def _day(moment: Any) -> Any:
    return None if pd.isna(moment) else pd.Timestamp(moment).date()
