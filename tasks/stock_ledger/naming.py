"""Matches that are not exact and lines that stayed open, named as findings with their reason in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.categories import CATEGORIES, UNDIRECTED
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.stock_ledger.lines import Ints
from tasks.stock_ledger.nearest import DIFFERENCES

_TEXTS = ("ref", "identity", "site", "warehouse", "item", "item_name", "category", "quality", "order")


@dataclass(frozen=True, slots=True)
class Row:
    """One ledger row or ERP line as a finding speaks of it."""

    ref: str
    identity: str
    site: str
    warehouse: str
    item: str
    item_name: str
    category: str
    quality: str
    order: str
    date: dt.date
    quantity: int
    repeat: int


@dataclass(frozen=True, slots=True)
class Why:
    """The nearest line of the other side, what differs, how many days lie between, and what kept it from counting."""

    other: Row
    differs: tuple[str, ...]
    days: int
    taken: bool
    alike: bool
    crowded: bool
    same_words: bool


def rows(frame: pd.DataFrame, at: Ints) -> list[Row]:
    """The lines at the given positions, in that order."""
    chosen = frame.iloc[at]
    columns: list[Sequence[object]] = [chosen[name].tolist() for name in _TEXTS]
    columns.append([stamp.date() for stamp in chosen["date"]])
    columns.append(chosen["quantity"].tolist())
    columns.append(chosen["repeat"].tolist() if "repeat" in chosen.columns else [0] * len(chosen))
    return [Row(*values) for values in zip(*columns, strict=True)]


def near_finding(kind: str, ledger: list[Row], erp: list[Row], anchor: int) -> Finding:
    """The finding of one near match; it stands on its first ledger line, or on its ERP line if that one is the whole.

    `expected` is what the ledger says, `found` what the ERP says; `difference` is ledger minus ERP for QUANTITY, 0 if
    the stock on hand is not affected, else the whole quantity.
    """
    expected, found, difference, why = _NAMED[kind](ledger, erp)
    first = ledger[0]
    stands_on = (erp[0] if anchor else first).identity
    item = first.item or erp[0].item
    refs = tuple(row.ref for row in (*ledger, *erp))
    return Finding(
        kind, first.site, first.warehouse, item, first.date, refs, (stands_on,), expected, found, difference, why
    )


def open_ledger_finding(row: Row, why: Why | None, near_days: int) -> Finding:
    """MISSING_IN_ERP, or DUPLICATE for an exact repeat of a row above it that the ERP does not hold as well."""
    kind = "DUPLICATE" if row.repeat else "MISSING_IN_ERP"
    text = message(
        f"matching.{kind}", quantity=quantity_text(row.quantity), nearest=_nearest_words(row, why, near_days)
    )
    amounts = quantity_text(row.quantity), "0", row.quantity
    return Finding(kind, row.site, row.warehouse, row.item, row.date, (row.ref,), (row.identity,), *amounts, text)


def open_erp_finding(row: Row, why: Why | None, near_days: int) -> Finding:
    """MISSING_IN_LEDGER: the ERP holds a line that no ledger row explains."""
    kind = "MISSING_IN_LEDGER"
    text = message(
        f"matching.{kind}", quantity=quantity_text(row.quantity), nearest=_nearest_words(row, why, near_days)
    )
    amounts = "0", quantity_text(row.quantity), -row.quantity
    return Finding(kind, row.site, row.warehouse, row.item, row.date, (row.ref,), (row.identity,), *amounts, text)


def whys(table: pd.DataFrame, pool: pd.DataFrame, frame: pd.DataFrame) -> list[Why | None]:
    """The result of `nearest.nearest` over `pool` (a left-over frame of `frame`) as one `Why` or None a line."""
    other = table["other"].to_numpy()
    found = np.flatnonzero(other >= 0)
    reasons: list[Why | None] = [None] * len(table)
    known = rows(frame, pool["at"].to_numpy()[other[found]])
    flags = table.iloc[found][[f"differs_{name}" for name in DIFFERENCES]].to_numpy().tolist()
    days = table.iloc[found]["days"].tolist()
    kept_apart = table.iloc[found][["taken", "alike", "crowded", "same_words"]].to_numpy().astype(np.bool_).tolist()
    for place, row, differs, apart, why in zip(found.tolist(), known, flags, days, kept_apart, strict=True):
        names = tuple(name for name, flag in zip(DIFFERENCES, differs, strict=True) if flag)
        reasons[place] = Why(row, names, int(apart), *why)
    return reasons


def category_words(code: str) -> Message:
    """The movement category of `code` in words; a code that nobody knows stands as it is."""
    known = code in CATEGORIES or code in UNDIRECTED
    return message(f"matching.category.{code}") if known else message("matching.category.other", code=code)


Named = tuple[str, str, int, Message]


def _category(ledger: list[Row], erp: list[Row]) -> Named:
    one, other = ledger[0], erp[0]
    signs = [CATEGORIES[row.category].sign if row.category in CATEGORIES else 0 for row in (one, other)]
    if one.warehouse == other.warehouse:
        text = message("matching.CATEGORY", ledger=category_words(one.category), erp=category_words(other.category))
        return one.category, other.category, 0 if signs[0] == signs[1] else one.quantity, text
    text = message(
        "matching.CATEGORY_WAREHOUSE",
        ledger=category_words(one.category),
        erp=category_words(other.category),
        ledger_warehouse=one.warehouse,
        erp_warehouse=other.warehouse,
    )
    return one.category, other.category, one.quantity, text


def _warehouse(ledger: list[Row], erp: list[Row]) -> Named:
    one, other = ledger[0], erp[0]
    text = message("matching.WAREHOUSE", ledger=one.warehouse, erp=other.warehouse)
    return one.warehouse, other.warehouse, one.quantity, text


def _date(ledger: list[Row], erp: list[Row]) -> Named:
    dates = [", ".join(sorted({row.date.isoformat() for row in side})) for side in (ledger, erp)]
    key = "matching.DATE" if len(erp) == 1 else "matching.DATE_PARTS"
    return dates[0], dates[1], 0, message(key, ledger=dates[0], erp=dates[1], parts=len(erp))


def _quantity(ledger: list[Row], erp: list[Row]) -> Named:
    sums = [sum(row.quantity for row in side) for side in (ledger, erp)]
    texts = [quantity_text(one) for one in sums]
    rest = sums[0] - sums[1]
    key = "matching.QUANTITY" if rest * sums[0] >= 0 else "matching.QUANTITY_OVER"
    more = {"difference": quantity_text(rest)} if key == "matching.QUANTITY_OVER" else {}
    text = message(key, ledger=texts[0], erp=texts[1], rest=quantity_text(abs(rest)), **more)
    return texts[0], texts[1], rest, text


def _item(ledger: list[Row], erp: list[Row]) -> Named:
    one, other = ledger[0], erp[0]
    key = "matching.ITEM" if one.item and other.item else "matching.ITEM_BLANK"
    text = message(key, ledger=one.item or one.item_name, erp=other.item or other.item_name)
    return one.item, other.item, one.quantity, text


_NAMED: dict[str, Callable[[list[Row], list[Row]], Named]] = {
    "CATEGORY": _category,
    "WAREHOUSE": _warehouse,
    "DATE": _date,
    "QUANTITY": _quantity,
    "ITEM": _item,
}


def _nearest_words(row: Row, why: Why | None, near_days: int) -> Message:
    if why is None:
        return message("matching.nearest.none")
    ref, differs = why.other.ref, why.differs
    far = why.days > near_days
    if why.alike:
        rest = tuple(name for name in differs if name != "item")
        key = "matching.nearest.alike_and" if rest else "matching.nearest.alike"
        more = {"what": _differences(row, why, rest)} if rest else {}
        return message(key, ref=ref, mine=row.item, theirs=why.other.item, **more)
    another_item = differs == ("item",) and not why.same_words
    if (len(differs) <= 1 or _implied(row, why)) and differs != ("order",) and not far and not another_item:
        reason = "taken" if why.taken else "crowded" if why.crowded else "equal"
        return message(f"matching.nearest.{reason}", ref=ref)
    if differs == ("date",):
        return message("matching.nearest.far", ref=ref, days=why.days, limit=near_days)
    return message("matching.nearest.differs", ref=ref, what=_differences(row, why, differs))


def _implied(row: Row, why: Why) -> bool:
    if set(why.differs) != {"category", "warehouse"}:
        return False
    needs = [CATEGORIES[one.category].quality if one.category in CATEGORIES else None for one in (row, why.other)]
    return None not in needs and needs[0] != needs[1] and needs == [row.quality, why.other.quality]


def _differences(row: Row, why: Why, names: tuple[str, ...]) -> Message:
    told = [_difference(row, why.other, name) for name in names]
    return (
        told[0] if len(told) == 1 else message(f"matching.list.{len(told)}", **dict(zip("abcdef", told, strict=False)))
    )


def _difference(mine: Row, theirs: Row, name: str) -> Message:
    shown: dict[str, Callable[[Row], str | Message]] = {
        "date": lambda row: row.date.isoformat(),
        "warehouse": lambda row: row.warehouse,
        "category": lambda row: category_words(row.category),
        "quantity": lambda row: quantity_text(row.quantity),
        "item": lambda row: row.item or row.item_name,
        "order": lambda row: row.order,
    }
    return message(f"matching.difference.{name}", mine=shown[name](mine), theirs=shown[name](theirs))
