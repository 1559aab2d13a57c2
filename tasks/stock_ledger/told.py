"""Findings as the breaks that people are told of: with department, worth, severity and who works on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.stock_ledger.places import by_department
from tasks.stock_ledger.worth import ValueLimits, severity_of, value_of


@dataclass(frozen=True, slots=True)
class Names:
    """How codes are shown and who is responsible: from keys to the codes as delivered, and from sites to people."""

    items: Mapping[str, str]
    warehouses: Mapping[str, str]
    department_of_site: Mapping[str, str]
    department_of_warehouse: Mapping[str, str]
    clerks: Mapping[str, str]
    prices: Mapping[str, int]


def names_of(masters: Mapping[str, pd.DataFrame], lines: Iterable[pd.DataFrame]) -> Names:
    """The names that the masters give, and for items and warehouses that they lack those of the lines themselves.

    `lines` are frames with item, item_code and, for ERP lines, warehouse and warehouse_code.
    """
    items: dict[str, str] = {}
    warehouses: dict[str, str] = {}
    for frame in lines:
        items |= _mapping(frame.sort_values("item_code"), "item", "item_code")
        if "warehouse_code" in frame:
            warehouses |= _mapping(frame.sort_values("warehouse_code"), "warehouse", "warehouse_code")
    known = by_department(masters["warehouses"], masters["sites"])
    prices = masters["items"].dropna(subset=["unit_price"])
    return Names(
        items=items | _mapping(masters["items"], "item_key", "item"),
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
        expected=finding.expected,
        found=finding.found,
        difference=finding.difference,
        value=None if value is None else str(value),
        message=finding.message,
        opened_on=period,
        since=period,
        owner=names.clerks.get(department, ""),
    )


def _mapping(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    return dict(zip(frame[key], frame[value], strict=True))
