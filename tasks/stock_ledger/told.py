"""Findings as the breaks that people are told of: with department, worth, severity and who works on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.domain.keys import code_keys
from tasks.domain.message import Message
from tasks.domain.places import by_department
from tasks.stock_ledger.worth import ValueLimits, severity_of, value_of

_OF_ITEMS = frozenset({"ITEM", "UNKNOWN_ITEM"})
_SIDES = frozenset({"ledger", "erp", "mine", "theirs"})
_ITEM_WORDS = frozenset(
    {
        "matching.ITEM",
        "matching.ITEM_BLANK",
        "matching.nearest.alike",
        "matching.nearest.alike_and",
        "matching.difference.item",
    }
)
_ORDER_WORDS = frozenset({"matching.difference.order"})
_WAREHOUSE_WORDS = frozenset({"matching.WAREHOUSE", "matching.difference.warehouse"})


@dataclass(frozen=True, slots=True)
class Names:
    """How codes are shown and who is responsible: from keys to the codes as delivered, and from sites to people."""

    items: Mapping[str, str]
    orders: Mapping[str, str]
    warehouses: Mapping[str, str]
    department_of_site: Mapping[str, str]
    department_of_warehouse: Mapping[str, str]
    clerks: Mapping[str, str]
    prices: Mapping[str, int]


def names_of(masters: Mapping[str, pd.DataFrame], lines: Iterable[pd.DataFrame]) -> Names:
    """The names that the masters give, and for items and warehouses that they lack those of the lines themselves.

    `lines` are frames with item, item_code, order, order_code and, for ERP lines, warehouse, warehouse_code, document
    and document_type; a transfer order without a number of its own is named by its document.
    """
    items: dict[str, str] = {}
    orders: dict[str, str] = {}
    warehouses: dict[str, str] = {}
    for frame in lines:
        items |= _distinct(frame, "item", "item_code")
        orders |= _distinct(frame, "order", "order_code")
        if "warehouse_code" in frame:
            documents = frame.loc[frame["document_type"] == "transfer_order", "document"]
            orders = dict(zip(code_keys(documents), documents, strict=True)) | orders
            warehouses |= _distinct(frame, "warehouse", "warehouse_code")
    known = by_department(masters["warehouses"], masters["sites"])
    prices = masters["items"].dropna(subset=["unit_price"])
    return Names(
        items=items | _mapping(masters["items"], "item_key", "item"),
        orders=orders,
        warehouses=warehouses | _mapping(known, "warehouse_key", "warehouse"),
        department_of_site=_mapping(masters["sites"], "site", "department"),
        department_of_warehouse=_mapping(known, "warehouse_key", "department"),
        clerks=_mapping(masters["departments"], "department", "clerk"),
        prices={key: int(price) for key, price in zip(prices["item_key"], prices["unit_price"], strict=True)},
    )


def told_breaks(findings: Iterable[Finding], names: Names, limits: ValueLimits, period: dt.date) -> tuple[Break, ...]:
    """One break for each finding, freshly opened on `period`; its owner is the department's clerk until assigned."""
    return tuple(_told(finding, names, limits, period) for finding in findings)


def _told(finding: Finding, names: Names, limits: ValueLimits, period: dt.date) -> Break:
    value = value_of(finding, names.prices)
    department = names.department_of_site.get(finding.site) or names.department_of_warehouse.get(finding.warehouse, "")
    return Break(
        id=finding.id,
        kind=finding.kind,
        severity=severity_of(finding.kind, value, limits),
        state="open",
        site=finding.site,
        department=department,
        warehouse=names.warehouses.get(finding.warehouse, finding.warehouse),
        item=names.items.get(finding.item, finding.item),
        date=finding.date,
        refs=finding.refs,
        expected=_as_delivered(finding.kind, finding.expected, names),
        found=_as_delivered(finding.kind, finding.found, names),
        difference=finding.difference,
        value=None if value is None else str(value),
        message=_said(finding.message, names),
        opened_on=period,
        since=period,
        owner=names.clerks.get(department, ""),
    )


def _as_delivered(kind: str, text: str, names: Names) -> str:
    """What a break of `kind` expected or found, a key turned back into the code that people wrote."""
    if kind in _OF_ITEMS:
        return names.items.get(text, text)
    return names.warehouses.get(text, text) if kind == "WAREHOUSE" else text


def _said(one: Message, names: Names) -> Message:
    """The message with the keys of items, orders and warehouses turned back into the codes that people wrote."""
    told: list[tuple[str, str | Message]] = []
    for name, value in one.parameters:
        if isinstance(value, Message):
            told.append((name, _said(value, names)))
        elif name == "item" or (one.key in _ITEM_WORDS and name in _SIDES):
            told.append((name, names.items.get(value, value)))
        elif name == "order" or (one.key in _ORDER_WORDS and name in _SIDES):
            told.append((name, names.orders.get(value, value)))
        elif name.endswith("warehouse") or (one.key in _WAREHOUSE_WORDS and name in _SIDES):
            told.append((name, names.warehouses.get(value, value)))
        else:
            told.append((name, value))
    return Message(one.key, tuple(told))


def _distinct(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    """One value for each key of a long frame: the last in the order of values, whatever the order of rows."""
    return {} if frame.empty else _mapping(frame[[key, value]].drop_duplicates().sort_values(value), key, value)


def _mapping(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    return dict(zip(frame[key], frame[value], strict=True))
