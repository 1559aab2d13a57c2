"""A million lines of both sides and the masters and on-hand around them, for `benchmarks.matching`.

500 sites with 1,000 items each of a master of 20,000, 20 days. Transfers have two legs with one order; what goes out
names its packing list, other remarks are blank. One line in a hundred is at fault in matching, and about as many in
each of the other checks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.movements import signed_movements

Ints = npt.NDArray[np.int64]
Frames = tuple[pd.DataFrame, pd.DataFrame]

SITES, DAYS, ITEMS, ITEMS_OF_A_SITE = 500, 20, 20_000, 1_000
FAULT_SHARE = 0.01
FIRST_DAY = np.datetime64("2026-11-01", "s")
AS_OF = dt.date(2026, 11, 20)
MANAGEMENT = "生产管理部"
_WORDS = np.array(
    ["OWN_USE_OUT", "PURCHASE_IN", "PETTY_IN", "REPAIRED_IN", "DAMAGED_IN", "SCRAP_OUT", "REPAIR_OUT", "GOOD_TRANSFER"]
)
_SHARES = [0.40, 0.16, 0.05, 0.05, 0.20, 0.02, 0.04, 0.08]
_OWN_USE, _DAMAGED_IN, _SCRAP, _REPAIR, _TRANSFER = 0, 4, 5, 6, 7
_PACKING_LISTS = 300_000
_ITEM_FAULT = 400


@dataclass(frozen=True, slots=True)
class Masters:
    """The items and warehouses that the lines speak of, as the checks take them."""

    items: pd.DataFrame
    warehouses: pd.DataFrame
    departments: pd.DataFrame


def tables(lines: int, seed: int = 7) -> Frames:
    """A ledger and an ERP export of `lines` lines each, in different orders, the faults on the ERP's side."""
    random = np.random.default_rng(seed)
    site = random.integers(0, SITES, lines)
    item = (site * 37 + random.integers(0, ITEMS_OF_A_SITE, lines)) % ITEMS
    day = random.integers(0, DAYS, lines)
    category = random.choice(len(_WORDS), lines, p=_SHARES)
    quantity = random.integers(1, 20, lines)
    order, inward = _transfers(category, item, day, quantity)
    ledger = pd.DataFrame({"line": np.arange(lines), "number": np.arange(lines) // (SITES * DAYS) + 1})
    ledger["site"] = _numbered("DF", site, 3)
    ledger["date"] = FIRST_DAY + day * np.timedelta64(86400, "s")
    ledger["item"] = _numbered("SL", item, 7)
    ledger["item_name"], ledger["specification"] = _named(item)
    ledger["quantity"] = quantity * 10_000
    damaged = np.isin(category, [_DAMAGED_IN, _SCRAP, _REPAIR])
    ledger["warehouse"] = ledger["site"] + _taken(["A", "B"], damaged)
    ledger["quality"] = _taken(["good", "damaged"], damaged)
    ledger["order"] = _numbered("T", order, 7).where(order >= 0, "")
    outgoing = (category == _REPAIR) | ((category == _TRANSFER) & ~inward)
    listed = outgoing & (random.random(lines) >= FAULT_SHARE)
    number = _numbered("装箱单 ZX", random.integers(0, _PACKING_LISTS, lines), 7)
    ledger["remark"] = number.where(listed, _taken(["", "经理同意"], random.random(lines) < FAULT_SHARE))
    erp = ledger.drop(columns="number").copy()
    ledger["category"] = _taken(_WORDS.tolist(), category)
    erp["category"] = ledger["category"].mask(category == _TRANSFER, _taken(_WAYS, inward))
    for side, name in ((ledger, "ledger:"), (erp, "erp:")):
        side["ref"] = name + ledger["line"].astype("str")
        side["identity"] = side["ref"]
    ledger["repeat"] = 0
    ledger["turbine"] = _turbines(site * ITEMS + item, day, category, random)
    erp["document"] = _numbered("QT", np.arange(lines) // 2, 7)
    return ledger, _as_exported(erp, random).sample(frac=1, random_state=seed, ignore_index=True)


_WAYS = ["GOOD_TRANSFER_OUT", "GOOD_TRANSFER_IN"]


def _transfers(category: Ints, item: Ints, day: Ints, quantity: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Every second transfer becomes the other leg of the one before; one in a hundred arrives with one too many."""
    at = np.flatnonzero(category == _TRANSFER)
    at = at[: len(at) // 2 * 2]
    out, came = at[0::2], at[1::2]
    item[came], quantity[came] = item[out], quantity[out] + (np.arange(len(came)) % 100 == 0)
    day[came] = np.minimum(day[out] + 1, DAYS - 1)
    order, inward = np.full(len(category), -1), np.zeros(len(category), dtype=np.bool_)
    order[out] = order[came] = np.arange(len(out))
    inward[came] = True
    return order, inward


def _turbines(place: Ints, day: Ints, category: Ints, random: np.random.Generator) -> pd.Series[str]:
    """A turbine for every issue whose damaged part comes in later, and for one in a hundred of the others."""
    came = category == _DAMAGED_IN
    last = np.full(SITES * ITEMS, -1)
    np.maximum.at(last, place[came], day[came])
    known = (category == _OWN_USE) & ((last[place] >= day) | (random.random(len(place)) < FAULT_SHARE))
    return _numbered("F", random.integers(1, 60, len(place)), 2).where(known, "")


def _as_exported(erp: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """The ERP's lines with its own columns and the faults; one name in a hundred is another one."""
    bad = np.flatnonzero(~erp["category"].str.contains("TRANSFER").to_numpy())
    parts = np.array_split(random.permutation(bad)[: int(len(erp) * FAULT_SHARE)], 5)
    erp.loc[parts[0], "quantity"] += 10_000
    erp.loc[parts[1], "date"] += pd.Timedelta(days=1)
    erp.loc[parts[2], "category"] = "RETURN_TO_STOCK"
    erp.loc[parts[3], "item"] = erp.loc[parts[3], "item"].str.slice(0, 8) + "X"
    wrong = random.random(len(erp)) < FAULT_SHARE
    erp["item_name"] = erp["item_name"].mask(wrong, "其他备件")
    erp["document_line"] = "1"
    erp["document_type"] = "other_issue"
    erp["red"] = pd.array([False] * len(erp), dtype="boolean")
    erp["made_by"] = _taken(["王工", "李工", MANAGEMENT], random.choice(3, len(erp), p=[0.01, 0.01, 0.98]))
    erp["audited"] = random.random(len(erp)) >= FAULT_SHARE
    erp["audited_on"] = erp["date"].where(erp["audited"], pd.NaT)
    return erp.loc[~erp.index.isin(parts[4])].reset_index(drop=True)


def masters() -> Masters:
    """The masters of `tables`; one item in 400 is not in the master, one in 100 of class I."""
    item = np.arange(ITEMS)
    item = item[item % _ITEM_FAULT != 1]
    names, specifications = _named(item)
    items = pd.DataFrame(
        {
            "item_key": _numbered("SL", item, 7),
            "item_name": names,
            "specification": specifications,
            "sort": _taken(["spare", "consumable"], item % 5 == 0),
            "item_class": _taken(["II", "I"], item % 100 == 0),
        }
    )
    site = np.repeat(np.arange(SITES), 2)
    sites = _numbered("DF", site, 3)
    warehouses = pd.DataFrame({"warehouse_key": sites + _taken(["A", "B"], np.arange(len(site)) % 2), "site": sites})
    warehouses["department"] = _numbered("部门", site % 20, 2)
    departments = pd.DataFrame({"department": [MANAGEMENT], "manager": ["赵工"], "clerk": ["钱工"]}, dtype="str")
    return Masters(items, warehouses, departments)


def on_hand(lines: pd.DataFrame) -> Frames:
    """On-hand before the first day and after the last of all that `lines` move: warehouse, item, quantity.

    One pair in a hundred began with nothing, one in a hundred ends with one more than its movements say.
    """
    random = np.random.default_rng(11)
    moved = (
        lines.assign(quantity=signed_movements(lines)).groupby(["warehouse", "item"])["quantity"].sum().reset_index()
    )
    before = np.where(random.random(len(moved)) < FAULT_SHARE, 0, 10_000_000)
    jump = np.where(random.random(len(moved)) < FAULT_SHARE, 10_000, 0)
    previous = moved.assign(quantity=before, date=FIRST_DAY - np.timedelta64(86400, "s"))
    return previous, moved.assign(quantity=moved["quantity"] + before + jump)


def stated_balances(ledger: pd.DataFrame, opening: pd.DataFrame) -> pd.Series[int]:
    """What the rows state as their balance: one in three states any, and of those one in a hundred a wrong one."""
    random = np.random.default_rng(13)
    place = ["warehouse", "item"]
    rows = ledger.assign(movement=signed_movements(ledger)).sort_values(["date", "number", "ref"])
    start = rows[place].merge(opening, on=place, how="left")["quantity"].fillna(0).to_numpy(dtype=np.int64)
    figure = rows.groupby(place)["movement"].cumsum() + start
    figure += np.where(random.random(len(rows)) < FAULT_SHARE, 10_000, 0)
    stated: pd.Series[int] = figure.astype("Int64").mask(random.random(len(rows)) < 2 / 3).reindex(ledger.index)
    return stated


def _named(item: Ints) -> tuple[pd.Series[str], pd.Series[str]]:
    return _numbered("备件", item // 2, 1), _numbered("M16×", item % 40, 1)


def _numbered(word: str, numbers: Ints, width: int) -> pd.Series[str]:
    texts, places = np.unique(numbers, return_inverse=True)
    return _taken([f"{word}{number:0{width}d}" for number in texts.tolist()], places)


def _taken(words: list[str], places: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> pd.Series[str]:
    return pd.Series(pd.array(words, dtype="str").take(places.astype(np.int64)))
