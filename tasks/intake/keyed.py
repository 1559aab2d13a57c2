"""Rows known by a key: which are new, change a stored value, only repeat it, or contradict their own file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.amounts import (
    MONEY_PLACES,
    PRICE_PLACES,
    QUANTITY_PLACES,
    SHARE_PLACES,
    VOLUME_PLACES,
    money_text,
)

NEW, UPDATED, REPEATED, CONFLICT = "new", "updated", "repeated", "conflict"
_MONEY = (
    "amount", "rack_rate", "price", "extra_bed_fee", "commission", "cash_float", "handed_over", "credit_limit",
    "balance", "cost", "net", "tax", "total", "debit", "credit",
)  # fmt: skip
PLACES = {
    **dict.fromkeys(_MONEY, MONEY_PLACES),
    **dict.fromkeys(("discount", "lowest_discount", "agreed_discount", "rate"), SHARE_PLACES),
    **dict.fromkeys(("quantity", "points_per_yuan", "length", "width", "height", "weight"), QUANTITY_PLACES),
    "unit_price": PRICE_PLACES,
    "unit_volume": VOLUME_PLACES,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of every incoming row, by its index: `outcome` is new, updated, repeated or conflict.

    `changes` has one row a changed value: key, field, before, after as texts, and `at`, the incoming row's index.
    """

    outcome: pd.Series[str]
    changes: pd.DataFrame


def compare(
    incoming: pd.DataFrame,
    stored: pd.DataFrame,
    key: Sequence[str],
    fields: Sequence[str],
    noted: Sequence[str],
    written: Sequence[str],
) -> Comparison:
    """The comparison of one file's rows with those stored, both known by the columns `key`.

    A row differs when any of `fields` differs (two missing values are equal); of those only `noted` stand in `changes`,
    under the key as the stored row writes it in the columns `written`.
    The first row of a key counts; a later one that equals it is repeated, one that does not is a conflict (spec 00).
    Incoming has a unique index and the dtypes of `stored`; stored has each key once.
    """
    first = _first_of_key(incoming, key)
    later = first != np.arange(len(incoming))
    contradicts = np.zeros(len(incoming), dtype=bool)
    # Small files are many: what can be seen without laying column against column is not looked for.
    if later.any():
        contradicts[later] = _any_differs(incoming[later], incoming.iloc[first[later]], fields)
    place = _places(incoming, stored, key)
    known = place >= 0
    alike = np.flatnonzero(known & ~later)
    here, beside = incoming.iloc[alike], stored.iloc[place[alike]]
    changed = {name: _differs(here[name], beside[name]) for name in fields} if len(alike) else {}
    differs = np.zeros(len(incoming), dtype=bool)
    if changed:
        differs[alike] = np.logical_or.reduce(list(changed.values()))
    outcome = np.select([contradicts, later, ~known, differs], [CONFLICT, REPEATED, NEW, UPDATED], default=REPEATED)
    parts = [
        _changes(here, beside, written, name, np.flatnonzero(changed[name]))
        for name in noted
        if name in changed and changed[name].any()
    ]
    return Comparison(
        pd.Series(outcome, index=incoming.index, dtype="str"), pd.concat(parts) if parts else _no_changes()
    )


def _no_changes() -> pd.DataFrame:
    texts = np.zeros(0, dtype="str")
    return pd.DataFrame({"key": texts, "field": texts, "before": texts, "after": texts, "at": np.zeros(0, "int64")})


def key_texts(rows: pd.DataFrame, key: Sequence[str]) -> pd.Series[str]:
    """The key of every row as one text, its parts joined by a colon: `QTR-0012:1`."""
    texts = [value_texts(rows[name]) for name in key]
    joined = texts[0]
    for other in texts[1:]:
        joined = joined.str.cat(other, sep=":")
    return joined


def value_texts(values: pd.Series) -> pd.Series[str]:
    """Every value as a text: dates in ISO form, scaled numbers as decimals, a missing value as nothing."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        texts = values.dt.strftime("%Y-%m-%d %H:%M:%S").astype("str").fillna("")
        return pd.Series(texts.str.removesuffix(" 00:00:00"), dtype="str")
    places = PLACES.get(str(values.name))
    if places is not None and pd.api.types.is_integer_dtype(values.dtype):
        return pd.Series(
            [_decimal(value, places) for value in values.astype(object).tolist()], index=values.index, dtype="str"
        )
    return values.astype("object").where(values.notna(), "").map(str).astype("str")


def _decimal(value: object, places: int) -> str:
    if not isinstance(value, (int, np.integer)):
        return ""
    if places == MONEY_PLACES:
        return money_text(int(value))
    whole, rest = divmod(abs(int(value)), 10**places)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")


def _first_of_key(rows: pd.DataFrame, key: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    if not rows.duplicated(list(key)).any():
        return np.arange(len(rows), dtype=np.intp)
    group = rows.groupby(list(key), sort=False, dropna=False).ngroup().to_numpy()
    _, first = np.unique(group, return_index=True)
    return np.asarray(first[group], dtype=np.intp)


def _places(
    incoming: pd.DataFrame, stored: pd.DataFrame, key: Sequence[str]
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """For every incoming row the position of the stored row of its key, or -1."""
    if len(stored) == 0:
        return np.full(len(incoming), -1, dtype=np.intp)
    position = stored[list(key)].assign(_position=np.arange(len(stored)))
    found = incoming[list(key)].merge(position, on=list(key), how="left")["_position"]
    return found.fillna(-1).to_numpy(dtype=np.intp)


def _any_differs(
    one: pd.DataFrame, other: pd.DataFrame, fields: Sequence[str]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the row differs in any of `fields` from the one at its place in `other`."""
    found = np.zeros(len(one), dtype=bool)
    for name in fields:
        found |= _differs(one[name], other[name])
    return found


def _differs(one: pd.Series, other: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    left, right = one.array, other.array
    missing = np.asarray(left.isna()), np.asarray(right.isna())
    unequal = pd.array(left != right, dtype="boolean").to_numpy(dtype=bool, na_value=True)
    return np.asarray((unequal | (missing[0] ^ missing[1])) & ~(missing[0] & missing[1]))


def _changes(
    incoming: pd.DataFrame,
    beside: pd.DataFrame,
    written: Sequence[str],
    field: str,
    where: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> pd.DataFrame:
    before, after = beside.iloc[where], incoming.iloc[where]
    return pd.DataFrame(
        {
            "key": key_texts(before, written).to_numpy(),
            "field": field,
            "before": value_texts(before[field]).to_numpy(),
            "after": value_texts(after[field]).to_numpy(),
            "at": after.index.to_numpy(),
        }
    )
