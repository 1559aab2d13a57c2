"""Findings of the returns as the breaks that people are told of: department, worth, severity, who works on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from tasks.damaged_returns.kinds import FREIGHT, severity_of
from tasks.domain.amounts import MONEY_SCALE, money_text, value_at_stake
from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
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


def names_of(masters: Mapping[str, pd.DataFrame], listed: pd.DataFrame) -> Names:
    """The names that the masters give, for an item that they lack the code on the damaged-parts list.

    `masters`: items, warehouses, sites, departments as frames of the intake; `listed`: item_key, item of any rows.
    """
    known = by_department(masters["warehouses"], masters["sites"])
    priced = masters["items"].dropna(subset=["unit_price"])
    return Names(
        items=_mapping(listed, "item_key", "item") | _mapping(masters["items"], "item_key", "item"),
        warehouses=_mapping(known, "warehouse_key", "warehouse"),
        department_of_site=_mapping(masters["sites"], "site", "department"),
        department_of_warehouse=_mapping(known, "warehouse_key", "department"),
        clerks=_mapping(masters["departments"], "department", "clerk"),
        prices={key: int(price) for key, price in _mapping(priced, "item_key", "unit_price").items()},
    )


def told_breaks(findings: Iterable[Finding], names: Names, high_cents: int, as_of: dt.date) -> tuple[Break, ...]:
    """One break for each finding, freshly opened on `as_of`, by id; its owner is the department's clerk.

    More than `high_cents` at stake is high.
    """
    by_id = {one.id: _told(one, names, high_cents, as_of) for one in findings}
    return tuple(by_id[key] for key in sorted(by_id))


def _told(finding: Finding, names: Names, high_cents: int, as_of: dt.date) -> Break:
    cents = _worth(finding, names.prices)
    department = names.department_of_site.get(finding.site) or names.department_of_warehouse.get(finding.warehouse, "")
    return Break(
        id=finding.id,
        kind=finding.kind,
        severity=severity_of(finding, cents, high_cents),
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


def _worth(finding: Finding, prices: Mapping[str, int]) -> int | None:
    """What is at stake in cents: a freight as it stands, else |quantity| times the item's price; None where unknown."""
    if finding.kind in FREIGHT:
        return None if not finding.found else int(Decimal(finding.found) * MONEY_SCALE)
    price = prices.get(finding.item)
    if price is None or not finding.difference:
        return None
    return int(value_at_stake(finding.difference, price) * MONEY_SCALE)


def _said(one: Message, names: Names) -> Message:
    """The message with the keys of items and warehouses turned back into the codes that people wrote."""
    shown: list[tuple[str, str | Message]] = []
    for name, value in one.parameters:
        if isinstance(value, Message):
            shown.append((name, _said(value, names)))
        elif name == "item":
            shown.append((name, names.items.get(value, value)))
        elif name == "warehouse":
            shown.append((name, names.warehouses.get(value, value)))
        else:
            shown.append((name, value))
    return Message(one.key, tuple(shown))


def _mapping(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    own = frame[[key, value]].drop_duplicates(key)
    return dict(zip(own[key].tolist(), own[value].tolist(), strict=True))
