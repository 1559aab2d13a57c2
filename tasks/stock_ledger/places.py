"""Which warehouse, site and department every line belongs to, by the master of warehouses."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from tasks.domain.keys import code_keys, name_keys


def placed_rows(ledger: pd.DataFrame, warehouses: pd.DataFrame) -> pd.DataFrame:
    """The ledger rows with `warehouse` as warehouse_key and `quality`; a site's 完好品库 becomes its own good stock.

    A quality that the master gives no warehouse of the site for stays a word, so that the row is still judged.
    """
    of_site = warehouses[warehouses["site"] != ""].drop_duplicates(["site", "quality"])
    own = ledger[["site", "warehouse"]].merge(
        of_site[["site", "quality", "warehouse_key"]],
        left_on=["site", "warehouse"],
        right_on=["site", "quality"],
        how="left",
    )
    own.index = ledger.index
    key = own["warehouse_key"].fillna(ledger["warehouse"]).astype("str")
    quality = _looked_up(key, warehouses, "quality")
    worded = ledger["warehouse"].isin(["good", "damaged"])
    return ledger.assign(warehouse=key, quality=quality.mask((quality == "") & worded, ledger["warehouse"]))


def placed_lines(erp: pd.DataFrame, warehouses: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """The ERP lines with site, quality and department of their warehouse; blank where the master does not know it."""
    known = by_department(warehouses, sites)
    return erp.assign(
        site=_looked_up(erp["warehouse"], known, "site"),
        quality=_looked_up(erp["warehouse"], known, "quality"),
        department=_looked_up(erp["warehouse"], known, "department"),
        from_warehouse=_key_of(erp["from_warehouse"], warehouses),
        to_warehouse=_key_of(erp["to_warehouse"], warehouses),
    )


def by_department(warehouses: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """The master of warehouses, `department` filled with that of the site for a site's warehouse."""
    of_site = warehouses["site"].map(sites.set_index("site")["department"]).fillna("")
    own = warehouses["department"]
    return warehouses.assign(department=own.where(own != "", of_site).astype("str"))


def active_sites(sites: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """The sites that are in use on `day` (active_from and active_to both count as days of use)."""
    at = pd.Timestamp(day)
    begun = sites["active_from"].isna() | (sites["active_from"] <= at)
    ended = sites["active_to"].notna() & (sites["active_to"] < at)
    return sites[begun & ~ended]


def _looked_up(keys: pd.Series[str], master: pd.DataFrame, column: str) -> pd.Series[str]:
    return keys.map(master.set_index("warehouse_key")[column]).fillna("").astype("str")


def _key_of(texts: pd.Series[str], warehouses: pd.DataFrame) -> pd.Series[str]:
    by_name = dict(zip(name_keys(warehouses["warehouse_name"]), warehouses["warehouse_key"], strict=True))
    codes = code_keys(texts)
    named = name_keys(texts).map(by_name)
    return codes.where(codes.isin(warehouses["warehouse_key"]) | named.isna(), named).astype("str")
