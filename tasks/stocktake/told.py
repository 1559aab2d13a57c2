"""Findings of a count as the breaks that people are told of: with department, worth, severity and who works on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from tasks.domain.amounts import money_text, value_at_stake
from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.domain.message import Message
from tasks.domain.places import by_department
from tasks.stocktake.kinds import severity_of

_CENTS = 100


@dataclass(frozen=True, slots=True)
class Names:
    """How keys are shown and who is responsible: codes as delivered, departments, their clerks, prices by item key."""

    items: Mapping[str, str]
    warehouses: Mapping[str, str]
    department_of_site: Mapping[str, str]
    department_of_warehouse: Mapping[str, str]
    clerks: Mapping[str, str]
    prices: Mapping[str, int]


def names_of(masters: Mapping[str, pd.DataFrame], lines: pd.DataFrame) -> Names:
    """The names that the masters give, and for what they lack those of the count's own `lines` (frame `variances`)."""
    known = by_department(masters["warehouses"], masters["sites"])
    priced = masters["items"].dropna(subset=["unit_price"])
    prices = _mapping(priced, "item_key", "unit_price")
    return Names(
        items=_mapping(lines, "item_key", "item") | _mapping(masters["items"], "item_key", "item"),
        warehouses=_mapping(lines, "warehouse_key", "warehouse") | _mapping(known, "warehouse_key", "warehouse"),
        department_of_site=_mapping(masters["sites"], "site", "department"),
        department_of_warehouse=_mapping(lines, "warehouse_key", "department")
        | _mapping(known, "warehouse_key", "department"),
        clerks=_mapping(masters["departments"], "department", "clerk"),
        prices={key: int(price) for key, price in prices.items()},
    )


def told_breaks(findings: Iterable[Finding], names: Names, high_cents: int, period: dt.date) -> tuple[Break, ...]:
    """One break for each finding, freshly opened on `period`, by id; its owner is the department's clerk.

    More than `high_cents` at stake is high.
    """
    by_id = {one.id: _told(one, names, high_cents, period) for one in findings}
    return tuple(by_id[key] for key in sorted(by_id))


def _told(finding: Finding, names: Names, high_cents: int, period: dt.date) -> Break:
    cents = _worth(finding, names.prices)
    department = names.department_of_site.get(finding.site) or names.department_of_warehouse.get(finding.warehouse, "")
    return Break(
        id=finding.id,
        kind=finding.kind,
        severity=severity_of(finding.kind, cents, high_cents),
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
        opened_on=period,
        since=period,
        owner=names.clerks.get(department, ""),
    )


def _worth(finding: Finding, prices: Mapping[str, int]) -> int | None:
    """|difference| times the item's price in cents; 0 where nothing differs, None where no price is known."""
    if finding.difference == 0:
        return 0
    price = prices.get(finding.item)
    return None if price is None else int(value_at_stake(finding.difference, price) * _CENTS)


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
