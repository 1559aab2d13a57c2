"""Which warehouse, site and department every line belongs to, by the master of warehouses."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from tasks.domain.keys import code_key, name_key
from tasks.domain.texts import Ints, distinct


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
    quality = _at(_places(key, warehouses), warehouses["quality"], ledger.index)
    worded = ledger["warehouse"].isin(["good", "damaged"])
    return ledger.assign(warehouse=key, quality=quality.mask((quality == "") & worded, ledger["warehouse"]))


def placed_lines(erp: pd.DataFrame, warehouses: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """The ERP lines with site, quality and department of their warehouse; blank where the master does not know it."""
    known = by_department(warehouses, sites)
    place = _places(erp["warehouse"], known)
    return erp.assign(
        site=_at(place, known["site"], erp.index),
        quality=_at(place, known["quality"], erp.index),
        department=_at(place, known["department"], erp.index),
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


def _places(keys: pd.Series[str], master: pd.DataFrame) -> Ints:
    """Where each warehouse key stands in the master, -1 where it does not."""
    said = distinct(keys)
    known = {key: at for at, key in enumerate(master["warehouse_key"].tolist())}
    return np.array([known.get(key, -1) for key in said.texts], dtype=np.int64)[said.codes]


def _at(places: Ints, column: pd.Series[str], index: pd.Index[int]) -> pd.Series[str]:
    """The texts of the master's column at `places`, blank for -1."""
    return pd.Series(column.array.take(places, allow_fill=True), index=index).fillna("").astype("str")


def _key_of(texts: pd.Series[str], warehouses: pd.DataFrame) -> pd.Series[str]:
    """Every text as the key of the warehouse that it names, be it by code or by name, else as the key of a code."""
    said = distinct(texts)
    if not any(said.texts):
        return texts
    by_name = dict(zip(map(name_key, warehouses["warehouse_name"]), warehouses["warehouse_key"], strict=True))
    codes = frozenset(warehouses["warehouse_key"])

    def key(text: str) -> str:
        if not text:
            return ""
        code = code_key(text)
        return code if code in codes else by_name.get(name_key(text), code)

    return pd.Series(said.each([key(text) for text in said.texts]), index=texts.index, dtype="str")
