"""A finding as the break that people are told of: keys as the codes they wrote, department, worth, who works on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.breaks import Break
from tasks.domain.finding import Finding, Severity
from tasks.domain.message import Message
from tasks.domain.places import by_department


@dataclass(frozen=True, slots=True)
class Names:
    """How keys are shown and who is responsible: codes as delivered, departments, their clerks, prices by item key.

    A price is scaled by 10,000.
    """

    items: Mapping[str, str]
    warehouses: Mapping[str, str]
    department_of_site: Mapping[str, str]
    department_of_warehouse: Mapping[str, str]
    clerks: Mapping[str, str]
    prices: Mapping[str, int]

    def department_of(self, finding: Finding) -> str:
        """The department of the finding's site, else of its warehouse; "" where no master names one."""
        return self.department_of_site.get(finding.site) or self.department_of_warehouse.get(finding.warehouse, "")


def names_of(masters: Mapping[str, pd.DataFrame], lines: pd.DataFrame) -> Names:
    """The names that the masters give, and for what they lack those of the process's own `lines`.

    `masters`: items, warehouses, sites, departments as frames of the intake; `lines`: item_key, item, and where there
    are any warehouse_key, warehouse and department.
    """
    known = by_department(masters["warehouses"], masters["sites"])
    priced = masters["items"].dropna(subset=["unit_price"])
    prices = _mapping(priced, "item_key", "unit_price")
    placed = "warehouse_key" in lines
    own_stores = _mapping(lines, "warehouse_key", "warehouse") if placed else {}
    own_departments = _mapping(lines, "warehouse_key", "department") if placed else {}
    return Names(
        items=_mapping(lines, "item_key", "item") | _mapping(masters["items"], "item_key", "item"),
        warehouses=own_stores | _mapping(known, "warehouse_key", "warehouse"),
        department_of_site=_mapping(masters["sites"], "site", "department"),
        department_of_warehouse=own_departments | _mapping(known, "warehouse_key", "department"),
        clerks=_mapping(masters["departments"], "department", "clerk"),
        prices={key: int(price) for key, price in prices.items()},
    )


def break_of(finding: Finding, names: Names, cents: int | None, severity: Severity, as_of: dt.date) -> Break:
    """The break of the finding, freshly opened on `as_of`, worth `cents`; its owner is the department's clerk."""
    department = names.department_of(finding)
    return Break(
        id=finding.id,
        kind=finding.kind,
        severity=severity,
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
        value=None if cents is None else money_text(cents),
        message=_said(finding.message, names),
        opened_on=as_of,
        since=as_of,
        owner=names.clerks.get(department, ""),
    )


def _said(one: Message, names: Names) -> Message:
    """The message with the keys of items and warehouses turned back into the codes that people wrote."""
    told: list[tuple[str, str | Message]] = []
    for name, value in one.parameters:
        if isinstance(value, Message):
            told.append((name, _said(value, names)))
        elif name == "item" or name.endswith("_item"):
            told.append((name, names.items.get(value, value)))
        elif name.endswith("warehouse"):
            told.append((name, names.warehouses.get(value, value)))
        else:
            told.append((name, value))
    return Message(one.key, tuple(told))


def _mapping(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    own = frame[[key, value]].drop_duplicates(key)
    return dict(zip(own[key].tolist(), own[value].tolist(), strict=True))
