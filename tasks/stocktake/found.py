"""What a comparison found, as findings: one for each line and fault, with both figures in words (spec 02, compare)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.stocktake.mix_ups import mix_ups
from tasks.stocktake.serials import serial_differences
from tasks.stocktake.shapes import Count

Row = dict[str, Any]
_NEEDED = [
    *("number", "site", "warehouse_key", "item_key", "item", "item_name", "specification", "listed", "known", "status"),
    *("book", "book_before", "counted", "damaged", "variance", "variance_before", "counted_on", "counted_by", "cause"),
    *("serials", "counted_serials", "rejected", "refs", "late_refs"),
]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a finding says besides where it stands; `by` are what it stands on besides the count."""

    expected: str
    found: str
    difference: int
    message: Message
    by: tuple[str, ...] = ()


def findings_of(count: Count, variances: pd.DataFrame, returned: Collection[str]) -> tuple[tuple[Finding, ...], int]:
    """Every finding of the frame `variances`, by place and kind, and how many warehouses were too crowded for mix-ups.

    `returned` are the numbers of the sheets that came back: blank lines of others are told with their missing sheet.
    """
    rows = variances[_NEEDED]
    off = (rows["variance"] != 0).fillna(value=False).astype("bool")
    chosen: tuple[tuple[str, pd.Series[bool], Callable[[Row], _Told]], ...] = (
        ("NOT_COUNTED", rows["counted"].isna() & rows["listed"] & rows["number"].isin(list(returned)), _not_counted),
        ("UNKNOWN_ITEM", off & ~rows["known"], _unknown_item),
        ("SURPLUS", off & rows["known"] & (rows["variance"] > 0).fillna(value=False), _variance("SURPLUS")),
        ("SHORTAGE", off & rows["known"] & (rows["variance"] < 0).fillna(value=False), _variance("SHORTAGE")),
        ("DAMAGED_STOCK", (rows["damaged"] > 0).fillna(value=False), _damaged),
        ("VARIANCE_NO_REASON", off & rows["known"] & (rows["cause"] == ""), _no_reason),
        ("RECOUNT_NEEDED", rows["status"] == "recount", _recount),
        ("LATE_DOCUMENT", rows["counted"].notna() & (rows["book"] != rows["book_before"]), _late),
    )
    found = [
        _finding(count, kind, row, told(row))
        for kind, flags, told in chosen
        if flags.any()
        for row in _records(rows[flags.to_numpy(dtype="bool")])
    ]
    found += _serials(count, rows)
    mixed, crowded = _mix_ups(count, rows)
    ordered = sorted(found + mixed, key=lambda one: (one.site, one.warehouse, one.item, one.kind, one.stands_on))
    return tuple(ordered), crowded


def _records(rows: pd.DataFrame) -> Iterable[Row]:
    names = [str(name) for name in rows.columns]
    return (
        dict(zip(names, values, strict=True)) for values in zip(*(rows[name].tolist() for name in names), strict=True)
    )


def _finding(count: Count, kind: str, row: Row, told: _Told) -> Finding:
    refs = row["late_refs"] if kind == "LATE_DOCUMENT" else row["refs"]
    return Finding(
        kind=kind,
        site=row["site"],
        warehouse=row["warehouse_key"],
        item=row["item_key"],
        date=row["counted_on"].date(),
        refs=tuple(filter(None, refs.split("\n"))),
        stands_on=(count.number, *told.by),
        expected=told.expected,
        found=told.found,
        difference=told.difference,
        message=told.message,
    )


def _not_counted(row: Row) -> _Told:
    book = quantity_text(row["book"])
    return _Told(book, "", 0, message("counting.NOT_COUNTED", item=row["item"], name=row["item_name"]))


def _unknown_item(row: Row) -> _Told:
    found = quantity_text(row["counted"])
    told = message("counting.UNKNOWN_ITEM", item=row["item"], name=row["item_name"], found=found)
    return _Told(quantity_text(row["book"]), found, row["variance"], told)


def _variance(kind: str) -> Callable[[Row], _Told]:
    def told(row: Row) -> _Told:
        expected, found = quantity_text(row["book"]), quantity_text(row["counted"])
        figures = {"expected": expected, "found": found, "difference": quantity_text(abs(row["variance"]))}
        said = message(f"counting.{kind}", **figures)
        if row["book"] != row["book_before"]:
            said = message("counting.corrected", said=said, **_both(row))
        return _Told(expected, found, row["variance"], said)

    return told


def _damaged(row: Row) -> _Told:
    damaged = quantity_text(row["damaged"])
    return _Told("0", damaged, row["damaged"], message("counting.DAMAGED_STOCK", damaged=damaged))


def _no_reason(row: Row) -> _Told:
    difference = quantity_text(row["variance"])
    told = message("counting.VARIANCE_NO_REASON", difference=difference)
    return _Told(quantity_text(row["book"]), quantity_text(row["counted"]), row["variance"], told)


def _recount(row: Row) -> _Told:
    difference = quantity_text(row["variance"])
    told = message("counting.RECOUNT_NEEDED", difference=difference, by=row["counted_by"])
    if row["rejected"]:
        told = message("counting.RECOUNT_NEEDED.same_person", difference=difference, by=row["counted_by"])
    return _Told(quantity_text(row["book"]), quantity_text(row["counted"]), row["variance"], told)


def _late(row: Row) -> _Told:
    documents = "、".join(dict.fromkeys(ref.split(":")[1] for ref in row["late_refs"].split("\n") if ":" in ref))
    told = message("counting.LATE_DOCUMENT", documents=documents, **_both(row))
    correction = row["book"] - row["book_before"]
    return _Told(quantity_text(row["book_before"]), quantity_text(row["book"]), correction, told)


def _both(row: Row) -> dict[str, str]:
    """The book and the variance before the late documents and with them."""
    return {
        "book_before": quantity_text(row["book_before"]),
        "book": quantity_text(row["book"]),
        "variance_before": quantity_text(row["variance_before"]),
        "variance": quantity_text(row["variance"]),
    }


def _serials(count: Count, rows: pd.DataFrame) -> list[Finding]:
    differences = serial_differences(rows)
    lines = _records(rows.iloc[differences["at"].to_numpy()])
    found = []
    for row, kind, serial in zip(lines, differences["kind"], differences["serial"], strict=True):
        missing = kind == "missing"
        told = message(f"counting.SERIAL_{kind.upper()}", serial=serial)
        one = _Told(serial if missing else "", "" if missing else serial, 0, told, (serial,))
        found.append(_finding(count, f"SERIAL_{kind.upper()}", row, one))
    return found


def _mix_ups(count: Count, rows: pd.DataFrame) -> tuple[list[Finding], int]:
    known = rows[rows["known"]]
    pairs, crowded = mix_ups(known)
    found = []
    sides = (list(_records(known.iloc[pairs[side].to_numpy()])) for side in ("short", "over"))
    for short, over in zip(*sides, strict=True):
        told = message(
            "counting.MIX_UP_SUGGESTED",
            short=short["item"],
            short_name=short["item_name"],
            over=over["item"],
            over_name=over["item_name"],
            quantity=quantity_text(over["variance"]),
        )
        row = short | {"refs": f"{short['refs']}\n{over['refs']}"}
        one = _Told(short["item"], over["item"], 0, told, (over["item_key"],))
        found.append(_finding(count, "MIX_UP_SUGGESTED", row, one))
    return found, crowded
