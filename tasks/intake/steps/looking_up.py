"""The master data that is kept, as it is looked up while a file is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from tasks.domain.keys import code_key, name_key
from tasks.intake.lookups import Lookups
from tasks.intake.tables import departments, sites, warehouses


def named_sites(connection: Connection) -> dict[str, str]:
    """Site codes by every code and name that names exactly one of them."""
    rows = connection.execute(select(sites.c.site, sites.c.site_name))
    return _named([(row.site, row.site, row.site_name) for row in rows])


def lookups_of(connection: Connection, night_ends: dt.time) -> Lookups:
    """Site codes and warehouse keys by every code and name that names exactly one of them, and departments by name.

    `night_ends` is the home's own.
    """
    store_rows = connection.execute(
        select(warehouses.c.warehouse_key, warehouses.c.warehouse, warehouses.c.warehouse_name)
    )
    # The master's own spelling has the last word over that of a site delivered before it.
    spelt = [select(sites.c.department).order_by(sites.c.site_key), select(departments.c.department)]
    return Lookups(
        sites=named_sites(connection),
        warehouses=_named([(row.warehouse_key, row.warehouse, row.warehouse_name) for row in store_rows]),
        departments={name_key(name): name for query in spelt for name in connection.execute(query).scalars()},
        night_ends=night_ends,
    )


def _named(rows: Collection[tuple[str, str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for target, key in _names(rows):
        found.setdefault(key, set()).add(target)
    return {key: next(iter(targets)) for key, targets in found.items() if key and len(targets) == 1}


def _names(rows: Collection[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    for target, code, name in rows:
        for key in {code_key(code), name_key(code), code_key(name), name_key(name)}:
            yield target, key
