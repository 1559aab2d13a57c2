"""Findings as the breaks that people are told of: with department, worth, severity and who works on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from tasks.domain.amounts import MONEY_SCALE
from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.domain.keys import code_keys
from tasks.domain.message import Message
from tasks.domain.places import by_department
from tasks.domain.telling import Names, break_of
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
class OrderNames(Names):
    """The shared names, and those of orders from their keys."""

    orders: Mapping[str, str]

    def of_sides(self, word: str) -> Mapping[str, str]:
        """The names of what the two sides of that message are: items, orders, warehouses or nothing with a key."""
        if word in _ITEM_WORDS:
            return self.items
        if word in _WAREHOUSE_WORDS:
            return self.warehouses
        return self.orders if word in _ORDER_WORDS else {}


def names_of(masters: Mapping[str, pd.DataFrame], lines: Iterable[pd.DataFrame]) -> OrderNames:
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
    return OrderNames(
        items=items | _mapping(masters["items"], "item_key", "item"),
        orders=orders,
        warehouses=warehouses | _mapping(known, "warehouse_key", "warehouse"),
        department_of_site=_mapping(masters["sites"], "site", "department"),
        department_of_warehouse=_mapping(known, "warehouse_key", "department"),
        clerks=_mapping(masters["departments"], "department", "clerk"),
        prices={key: int(price) for key, price in zip(prices["item_key"], prices["unit_price"], strict=True)},
    )


def told_breaks(
    findings: Iterable[Finding], names: OrderNames, limits: ValueLimits, period: dt.date
) -> tuple[Break, ...]:
    """One break for each finding, freshly opened on `period`; its owner is the department's clerk until assigned."""
    return tuple(_told(finding, names, limits, period) for finding in findings)


def _told(finding: Finding, names: OrderNames, limits: ValueLimits, period: dt.date) -> Break:
    value = value_of(finding, names.prices)
    delivered = replace(
        finding,
        expected=_as_delivered(finding.kind, finding.expected, names),
        found=_as_delivered(finding.kind, finding.found, names),
        message=_said(finding.message, names),
    )
    cents = None if value is None else int(value * MONEY_SCALE)
    return break_of(delivered, names, cents, severity_of(finding.kind, value, limits), period)


def _as_delivered(kind: str, text: str, names: OrderNames) -> str:
    """What a break of `kind` expected or found, a key turned back into the code that people wrote."""
    if kind in _OF_ITEMS:
        return names.items.get(text, text)
    return names.warehouses.get(text, text) if kind == "WAREHOUSE" else text


def _said(one: Message, names: OrderNames) -> Message:
    """The message with orders and both sides turned back into the codes that people wrote; telling does the rest."""
    sides = names.of_sides(one.key)
    told: list[tuple[str, str | Message]] = []
    for name, value in one.parameters:
        if isinstance(value, Message):
            told.append((name, _said(value, names)))
        elif name == "order":
            told.append((name, names.orders.get(value, value)))
        else:
            told.append((name, sides.get(value, value) if name in _SIDES else value))
    return Message(one.key, tuple(told))


def _distinct(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    """One value for each key of a long frame: the last in the order of values, whatever the order of rows."""
    return {} if frame.empty else _mapping(frame[[key, value]].drop_duplicates().sort_values(value), key, value)


def _mapping(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    return dict(zip(frame[key], frame[value], strict=True))
