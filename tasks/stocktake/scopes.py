"""What a count covers: the month's own everything, or a scope that people chose (spec 02, open)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.keys import code_key, code_keys, name_key, name_keys
from tasks.domain.places import active_sites, by_department

_PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Scope:
    """The parts that a count covers; every part that names something narrows it, all blank is the month's own count.

    Departments by name, sites, warehouses and items by code, `classes` of ABC; `spot` draws that many items at random
    from what is left, by `seed`, which is recorded so that the draw can be repeated.
    """

    departments: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    warehouses: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    spot: int = 0
    seed: int = 0

    @property
    def monthly(self) -> bool:
        """Whether this is the month's own count."""
        return self == Scope(seed=self.seed)


def counted_warehouses(warehouses: pd.DataFrame, sites: pd.DataFrame, day: dt.date, scope: Scope) -> pd.DataFrame:
    """The warehouses that a count opened on `day` covers, by warehouse_key, each with `code`, that of its sheet.

    `warehouses`: warehouse_key, warehouse, warehouse_name, site, department, quality, tier. `sites`: site, department,
    active_from, active_to. Those of active sites and of departments; production management's only where the scope names
    them. `code` is the site's, else the department, else the warehouse's own; `department` is that of the site.
    """
    own = by_department(warehouses, sites)
    named_warehouse = _named(own["warehouse"], scope.warehouses, names=False)
    named_department = _named(own["department"], scope.departments, names=True)
    of_site = own["site"].isin(active_sites(sites, day)["site"])
    of_department = (own["site"] == "") & (own["department"] != "") & (own["tier"] != _PRODUCTION)
    asked_for = (own["site"] == "") & (
        (named_warehouse & bool(scope.warehouses)) | (named_department & bool(scope.departments))
    )
    covered = (of_site | of_department | asked_for) & named_warehouse & named_department
    covered &= _named(own["site"], scope.sites, names=False)
    code = own["site"].where(own["site"] != "", own["department"].where(own["department"] != "", own["warehouse"]))
    return own.assign(code=code)[covered].sort_values("warehouse_key", ignore_index=True)


def scoped_stock(stock: pd.DataFrame, items: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The rows of `stock` (frame `stock`) whose items the scope covers, index from 0, in the order given.

    `items`: item_key, abc. A spot count draws items, not rows: one drawn is counted in every warehouse of the scope.
    The same stock, scope and seed give the same draw, whatever the order of the rows.
    """
    keys = stock["item_key"]
    covered = pd.Series(True, index=stock.index)  # noqa: FBT003 - the value of every row, no switch
    if scope.items:
        covered &= keys.isin([code_key(item) for item in scope.items])
    if scope.classes:
        classes = items.loc[_named(items["abc"], scope.classes, names=True), "item_key"]
        covered &= keys.isin(classes)
    if scope.spot:
        covered &= keys.isin(_drawn(keys[covered], scope))
    return stock[covered].reset_index(drop=True)


def scope_faults(scope: Scope, warehouses: pd.DataFrame, sites: pd.DataFrame, items: pd.DataFrame) -> tuple[str, ...]:
    """The names and codes of the scope that no master knows, in the order given."""
    departments = {*name_keys(sites["department"]), *name_keys(warehouses["department"])}
    known = (
        (scope.departments, departments, name_key),
        (scope.sites, {*code_keys(sites["site"])}, code_key),
        (scope.warehouses, {*code_keys(warehouses["warehouse"])}, code_key),
        (scope.classes, {*name_keys(items["abc"])}, name_key),
        (scope.items, {*items["item_key"]}, code_key),
    )
    return tuple(name for names, keys, key_of in known for name in names if key_of(name) not in keys)


def _drawn(keys: pd.Series[str], scope: Scope) -> list[str]:
    drawn = sorted(keys.unique())
    chosen = np.random.default_rng(scope.seed).permutation(len(drawn))[: scope.spot]
    return [drawn[place] for place in chosen.tolist()]


def _named(column: pd.Series[str], wanted: tuple[str, ...], *, names: bool) -> pd.Series[bool]:
    """Where the column holds one of the names or codes wanted; everywhere if none is."""
    if not wanted:
        return pd.Series(True, index=column.index)  # noqa: FBT003 - the value of every row, no switch
    keys, key_of = (name_keys(column), name_key) if names else (code_keys(column), code_key)
    return keys.isin([key_of(one) for one in wanted])
