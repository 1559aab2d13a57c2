"""The seal of a closed date: a digest of every row that the close rests on, and a hash that chains date to date.

Source: spec 06, step 13 (hash-chained to the day before; a changed closed day is found and named).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Broken:
    """One way in which a closed date no longer is what was sealed.

    `row` is the number of the row as people know it, blank where the date's own hash or figures were changed; `how` is
    changed, missing, added, hash, figures or chain.
    """

    business_date: dt.date
    kind: str
    row: str
    how: str


def row_digests(kind: str, rows: pd.DataFrame, number: str) -> pd.DataFrame:
    """One line a row: kind, number (as people know the row) and digest, sorted by number.

    A digest covers the name and the exact value of every column of `rows`, whatever their order: integers and texts as
    they stand, days and moments in ISO form, a missing value as such, so that blank and missing differ.
    """
    names = sorted(rows.columns)
    columns = [_texts(rows[name]) for name in names]
    digests = [_digest([kind, names, values]) for values in zip(*columns, strict=True)]
    lines = sorted(zip(map(str, rows[number].tolist()), digests, strict=True))
    told = {"kind": [kind] * len(lines), "number": [line[0] for line in lines], "digest": [line[1] for line in lines]}
    return pd.DataFrame(told, dtype="str")


def day_hash(previous: str, business_date: dt.date, digests: pd.DataFrame, sealed: Mapping[str, str]) -> str:
    """The hash of a closed date: of the hash of the date before (`FIRST` for the first), its rows and its own texts.

    `digests` has kind, number, digest in any order; `sealed` the other texts that the close keeps, by name.
    """
    lines = sorted(digests[["kind", "number", "digest"]].itertuples(index=False, name=None))
    return _digest([previous, business_date.isoformat(), sorted(sealed.items()), lines])


def broken_rows(business_date: dt.date, sealed: pd.DataFrame, present: pd.DataFrame) -> tuple[Broken, ...]:
    """Every row that changed, vanished or was added since the close; both frames have kind, number, digest.

    Rows of one number (a shift has one a payment method) are compared as a set.
    """
    before, now = _by_row(sealed), _by_row(present)
    told = []
    for kind, number in sorted(before.keys() | now.keys()):
        was, is_now = before.get((kind, number)), now.get((kind, number))
        if was != is_now:
            how = "missing" if is_now is None else "added" if was is None else "changed"
            told.append(Broken(business_date, kind, number, how))
    return tuple(told)


def broken_chain(closed: Sequence[tuple[dt.date, str, str]]) -> tuple[Broken, ...]:
    """Where the chain breaks: `closed` are (business date, previous hash, hash) in the order of their dates.

    A date that is not the day after the one before it is a gap in the chain.
    """
    told = []
    expected, day_before = FIRST, None
    for business_date, previous, own in closed:
        gap = day_before is not None and business_date - day_before != dt.timedelta(days=1)
        if previous != expected or gap:
            told.append(Broken(business_date, "night_closes", "", "chain"))
        expected, day_before = own, business_date
    return tuple(told)


def _by_row(digests: pd.DataFrame) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for kind, number, digest in digests[["kind", "number", "digest"]].itertuples(index=False, name=None):
        found.setdefault((kind, number), []).append(digest)
    return {row: tuple(sorted(own)) for row, own in found.items()}


def _digest(content: object) -> str:
    # JSON keeps apart what plain joining would run together: a text may hold any separator.
    return sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


def _texts(values: pd.Series) -> list[str | None]:
    """The exact text of every value, None for a missing one."""
    kind = values.dtype.kind
    if kind == "M":
        moments = values.to_numpy("datetime64[s]")
        texts: list[Any] = np.datetime_as_string(moments).tolist()
    else:
        texts = [str(value) for value in values.tolist()]
    if not values.hasnans:
        return texts
    return [None if gone else text for text, gone in zip(texts, values.isna().to_numpy(), strict=True)]
