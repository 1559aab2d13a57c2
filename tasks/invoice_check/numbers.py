"""Invoice numbers: taken apart, known as digital, and those that a spreadsheet damaged named as such (spec 04)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# The last run of digits counts; what precedes it is the prefix, what follows it the suffix.
_PARTS = r"^(?P<prefix>.*?)(?P<digits>[0-9]*)(?P<suffix>[^0-9]*)$"
_DIGITAL = r"[0-9]{20}"
# A fully digital number is year 2, region 2, channel 1 and a sequence of 15; a counter of int64 holds 18 digits.
_SEQUENCE = 15
_LONG = 16
_COUNTER_MAX = 18
# Codes of paper invoices have 10 digits or 12 (which begin with 0), their numbers always 8.
_CODE_LENGTHS = (10, 12)
_NUMBER_LENGTH = 8
_SCIENTIFIC = r"[0-9]\.[0-9]+E\+?[0-9]+|[0-9]+E\+[0-9]+"
_DECIMAL = r"[0-9]+\.0+"
# A spreadsheet keeps 15 digits of a number.
_ROUNDED = r"[1-9][0-9]{14}0{5}"
_PEERS = ["kind_key", "code_key", "prefix", "suffix"]
_TEXT = pd.StringDtype(na_value=np.nan)
_of_arrow: Callable[[pa.Array], Any] = cast("Any", _TEXT).__from_arrow__


def number_parts(numbers: pd.Series[str]) -> pd.DataFrame:
    """Each number taken apart: prefix and suffix (texts), counter (Int64, missing without digits), width (int64).

    `C536379` is C and 536379; `2026-0012/A` is 2026-, 12 of width 4 and /A; without digits all is suffix. Of more than
    18 digits the last 15 count: a fully digital number has its year, region and channel as prefix. The index is that of
    `numbers`.
    """
    whole = pa.array(numbers, type=pa.large_string())
    found = pc.extract_regex(whole, _PARTS)
    prefix, digits, suffix = (pc.struct_field(found, [at]) for at in range(3))
    long = pc.greater(pc.utf8_length(digits), _COUNTER_MAX)
    if pc.any(long).as_py():
        head = pc.utf8_slice_codeunits(digits, 0, stop=-_SEQUENCE)
        whole_prefix = pc.binary_join_element_wise(prefix, head, pa.scalar("", pa.large_string()))
        prefix = pc.if_else(long, whole_prefix, prefix)
        digits = pc.if_else(long, pc.utf8_slice_codeunits(digits, -_SEQUENCE), digits)
    width = pc.utf8_length(digits)
    counter = pc.cast(pc.if_else(pc.equal(width, 0), None, digits), pa.int64())
    return pd.DataFrame(
        {
            "prefix": _of_arrow(prefix),
            "counter": pd.array(counter, dtype="Int64"),
            "width": width.to_numpy(zero_copy_only=False).astype(np.int64),
            "suffix": _of_arrow(suffix),
        },
        index=numbers.index,
    )


def invoice_key(kind_key: pd.Series[str], code_key: pd.Series[str], number_key: pd.Series[str]) -> pd.Series[str]:
    """What an invoice as a whole is known by: `special:44001:12345`, by the keys of its kind, code and number."""
    return kind_key + ":" + code_key + ":" + number_key


def is_digital(numbers: pd.Series[str], code_keys: pd.Series[str]) -> pd.Series[bool]:
    """Whether each is a fully digital invoice (数电票): a number of 20 digits and no code."""
    return numbers.str.fullmatch(_DIGITAL) & (code_keys == "")


def long_number(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether each number has at least 16 digits, which no paper invoice has; `rows` as INVOICES or DOCUMENTS."""
    long = rows["number"].str.len() >= _LONG
    long[long] = rows.loc[long, "number"].str.count("[0-9]") >= _LONG
    return long


def damaged(rows: pd.DataFrame, wanted: pd.Series[int] | None = None) -> pd.Series[str]:
    """How a spreadsheet damaged each number; "" where it did not.

    `rows` as INVOICES or DOCUMENTS, `wanted` the digits that each ought to have (default: `full_width`). scientific:
    `2.6117E+19`; decimal: `12345.0`; rounded: 20 digits of which those beyond the 15th are zeros; zeros: fewer digits
    than wanted.
    """
    number = rows["number"].str.upper()
    short = (rows["width"] > 0) & (rows["width"] < (full_width(rows) if wanted is None else wanted)) & ~rows["digital"]
    how = pd.Series("", index=rows.index, dtype="str").mask(short, "zeros")
    how = how.mask(rows["digital"] & number.str.fullmatch(_ROUNDED), "rounded")
    how = how.mask(number.str.fullmatch(_DECIMAL), "decimal")
    return how.mask(number.str.fullmatch(_SCIENTIFIC), "scientific")


def full_width(rows: pd.DataFrame) -> pd.Series[int]:
    """How many digits each number ought to have at least, by its code and its peers; 0 where nothing says so.

    `rows` as INVOICES or DOCUMENTS. Peers (same kind, code, prefix and suffix) say so where one of them begins with a
    zero; where none does, numbers may simply grow from 999 to 1000.
    """
    coded = rows["code"].str.len().isin(_CODE_LENGTHS) & rows["code"].str.fullmatch("[0-9]+") & (rows["prefix"] == "")
    padded = rows.loc[_begins_with_zero(rows), [*_PEERS, "width"]].groupby(_PEERS, sort=False)["width"].max()
    width = pd.Series(0, index=rows.index)
    if len(padded):
        width = rows[_PEERS].merge(padded.reset_index(), how="left", on=_PEERS)["width"].fillna(0).set_axis(rows.index)
    return width.astype("int64").mask(coded, _NUMBER_LENGTH)


def _begins_with_zero(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether the digits of the counter begin with a zero: fewer digits say the same."""
    counter = rows["counter"].fillna(0).astype("int64")
    powers = np.array([10**at for at in range(_COUNTER_MAX + 1)], dtype=np.int64)
    least = powers[np.clip(rows["width"].to_numpy() - 1, 0, _COUNTER_MAX)]
    padded: pd.Series[bool] = (rows["width"] > 1) & (counter < least)
    return padded


def range_text(prefix: str, width: int, first: int, last: int) -> str:
    """A run of numbers as people write it: `INV-0012`, or `INV-0012–INV-0015`."""
    ends = dict.fromkeys(f"{prefix}{int(counter):0{int(width)}d}" for counter in (first, last))
    return "–".join(ends)
