"""What keeps parts and boxes from their batch, as findings, each naming the row of the file it stands in (spec 03)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from tasks.damaged_returns.eligibility import quantities
from tasks.damaged_returns.packing import SIDES
from tasks.domain.amounts import quantity_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.shaping import each

_UNREGISTERED, _BEYOND = "unregistered", "_beyond"
_BETWEEN = "、"


def held_parts(waiting: pd.DataFrame, as_of: dt.date) -> Iterator[Finding]:
    """Every record that lacks a field, tool that its maker must repair, and part that nothing on hand stands for."""
    parts = waiting.assign(size=quantities(waiting))
    for row in each(parts[parts["missing"] != ""]):
        names = row.missing.split(" ")
        told = message("waiting.HELD_INCOMPLETE", **_part(row), fields=listed_fields(names), **_place(row))
        yield _of_part("HELD_INCOMPLETE", row, as_of, told, "")
    for row in each(parts[parts["state"] == "warranty_tool"]):
        until = row.warranty_until.date().isoformat()
        told = message("waiting.WARRANTY_TOOL", **_part(row), until=until)
        yield _of_part("WARRANTY_TOOL", row, as_of, told, until)
    for row in each(parts[~parts["on_hand"]]):
        size = quantity_text(row.size)
        told = message("waiting.NOT_ON_HAND", **_part(row), quantity=size)
        one = _of_part("NOT_ON_HAND", row, as_of, told, size)
        yield replace(one, found="0", difference=-int(row.size))


def unlisted_stock(over: pd.DataFrame, again: pd.DataFrame, as_of: dt.date) -> Iterator[Finding]:
    """What lies in a damaged store and stands on no list (see eligibility.unlisted): a state, known without rows.

    `again` (site, item_key, serial, batch) are parts on a list that were sealed before, and so go in no other batch.
    """
    sealed: dict[tuple[str, str], list[str]] = {}
    for row in each(again):
        sealed.setdefault((row.site, row.item_key), []).append(f"{row.serial} ({row.batch})")
    for row in each(over):
        held = quantity_text(row.least - row.over)
        figures = {"item": row.item, "warehouse": row.warehouse, "quantity": quantity_text(row.over)}
        told = message("waiting.NOT_ON_LIST", **figures)
        serials = sealed.get((row.site, row.item_key), ())
        if serials:
            told = message("waiting.NOT_ON_LIST.sealed", **figures, serials=_BETWEEN.join(serials))
        yield Finding(
            kind="NOT_ON_LIST",
            site=row.site,
            warehouse=row.warehouse_key,
            item=row.item_key,
            date=as_of,
            refs=(f"on_hand:{row.warehouse}:{row.item}",),
            stands_on=(),
            expected=held,
            found=quantity_text(row.least),
            difference=int(row.over),
            message=told,
        )


def held_boxes(packed: pd.DataFrame, set_aside: pd.DataFrame, as_of: dt.date) -> Iterator[Finding]:
    """Every box that breaks a rule of packing, and every box one of whose sides nobody knows, with what is wrong.

    A box that is not registered because its row was set aside (frame `set_aside`) is told with that row.
    """
    aside = {(row.site, row.box_key): row for row in each(set_aside)}
    for row in each(packed[packed["faults"] != ""]):
        faults = row.faults.split(" ")
        sides = [one for one in faults if one in SIDES]
        beyond = [one.removesuffix(_BEYOND) for one in faults if one.endswith(_BEYOND)]
        rules = [one for one in faults if one not in (*SIDES, _UNREGISTERED) and not one.endswith(_BEYOND)]
        if _UNREGISTERED in faults:
            bad = aside.get((row.site, row.box_key)) or aside.get(("", row.box_key))
            named = {"box": row.box, "parts": row.parts}
            told = message("waiting.BOX_DIMENSION.unregistered", **named)
            if bad is not None:
                told = message("waiting.BOX_DIMENSION.set_aside", **named, **_place(bad))
            yield _of_box("BOX_DIMENSION", row, as_of, told)
        elif sides:
            told = message("waiting.BOX_DIMENSION", box=row.box, parts=row.parts, sides=_names("side", sides))
            yield _of_box("BOX_DIMENSION", row, as_of, told)
        elif beyond:
            told = message("waiting.BOX_DIMENSION.beyond", box=row.box, parts=row.parts, sides=_names("side", beyond))
            yield _of_box("BOX_DIMENSION", row, as_of, told)
        if rules:
            told = message("waiting.PACKING_RULE", box=row.box, parts=row.parts, rules=_names("rule", rules))
            yield _of_box("PACKING_RULE", row, as_of, told)


def listed_fields(names: Iterable[str]) -> Message:
    """The headings of the columns `names` of the damaged-parts list, one after the other."""
    return _names("field", names)


def _names(kind: str, names: Iterable[str]) -> Message:
    """The words of the names as one sentence part, however many there are."""
    first, *others = [message(f"waiting.{kind}.{name}") for name in names]
    for other in others:
        first = message("waiting.and", first=first, other=other)
    return first


def _part(row: Any) -> dict[str, str]:
    return {"serial": row.serial, "name": row.item_name or row.item}


def _place(row: Any) -> dict[str, str | int]:
    return {"file": row.file, "sheet": row.sheet, "row": int(row.row)}


def _of_part(kind: str, row: Any, as_of: dt.date, told: Message, expected: str) -> Finding:
    return Finding(
        kind=kind,
        site=row.site,
        warehouse=row.warehouse_key,
        item=row.item_key,
        date=as_of if pd.isna(row.registered_on) else row.registered_on.date(),
        refs=(row.ref,),
        stands_on=(f"part:{row.serial_key}",),
        expected=expected,
        found="",
        difference=0,
        message=told,
    )


def _of_box(kind: str, row: Any, as_of: dt.date, told: Message) -> Finding:
    return Finding(
        kind=kind,
        site=row.site,
        warehouse="",
        item="",
        date=as_of if pd.isna(row.first_on) else row.first_on.date(),
        refs=(row.ref or f"boxes:{row.site}:{row.box}",),
        stands_on=(f"box:{row.box_key}",),
        expected="",
        found="",
        difference=0,
        message=told,
    )
