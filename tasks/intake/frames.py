"""Typed rows and bad cells as frames, with the keys that rows are compared and known by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray

from config.datasets import Dataset, DatasetColumn
from tasks.domain.freight_text import read_freight
from tasks.domain.keys import code_key, name_key
from tasks.intake.cell_readers import Value
from tasks.intake.hotel_rows import DATED_BY_MOMENT, business_dates, night_postings
from tasks.intake.invoice_kinds import kind_key
from tasks.intake.lookups import Lookups
from tasks.intake.row_keys import KEYS, NAMED
from tasks.intake.survey_rows import all_counted_in, content_keys, month_end
from tasks.intake.typed_rows import BadCell, Quarantine, TypedRows

KEY_BYTES = 16
_KEYED_BY: Mapping[str, Mapping[str, str]] = {
    **KEYS,
    "items": {"item_key": "item"},
    "sites": {"site_key": "site"},
    "warehouses": {"warehouse_key": "warehouse"},
    "ledger": {"item_key": "item"},
    "erp_documents": {
        "document_key": "document", "line_key": "line", "item_key": "item", "warehouse_key": "warehouse",
        "transfer_order_key": "transfer_order",
    },
    "on_hand": {"item_key": "item", "warehouse_key": "warehouse"},
    "count_sheets": {"item_key": "item", "warehouse_key": "warehouse"},
}  # fmt: skip
_CONTENT = ("category", "item_key", "quantity", "warehouse", "stated_balance")
_CONTENT_NAMES = ("item_name", "specification", "unit", "handler", "turbine", "transfer_order", "remark")
_SEPARATOR = "\x1f"
# What tells the versions of a form apart, beside its number, the month that it counts to, and its answers.
_TOLD = ("department", "product", "channel", "customer", "member", "returned_on", "overall", "remark", "weight")
# The dtype "str" of pandas, made once: looking it up by name for each column costs more than the column.
TEXT = pd.StringDtype(na_value=np.nan)
_of_arrow: Callable[[pa.Array], ExtensionArray] = cast("Any", TEXT).__from_arrow__


def delivered_frame(rows: TypedRows, dataset: Dataset, lookups: Lookups, stated: dt.date | None = None) -> pd.DataFrame:
    """The rows as a frame: the dataset's columns, the keys, a ledger's `content_key` and `repeat`, and the source.

    Rows dated by their moment alone get the `date` of business that it counts to, a folio its `night_posting`, a
    shipment the `cost` that its freight states, in cents, a form the month that it counts to, for which `stated`, the
    day of its file, may be asked. A warehouse is known by its own key, whether its code or its
    name was written.
    """
    frame = {column.name: _typed(rows.columns.get(column.name, []), column) for column in dataset.columns}
    for key, column in _KEYED_BY.get(dataset.name, {}).items():
        known = lookups.warehouses if key == "warehouse_key" and dataset.name != "warehouses" else {}
        values = rows.columns.get(column, [])
        if key == "kind_key":
            keys = [kind_key(str(value)) for value in values]
        else:
            keys = [name_key(str(value)) for value in values] if key in NAMED else _keys(values, known)
        frame[key] = _texts(keys)
        if dataset.name == "ledger":
            frame["content_key"], frame["repeat"] = _contents(rows, keys)
    frame["sheet"] = _texts(rows.sheets)
    frame["row"] = np.array(rows.numbers, dtype=np.int64)
    delivered = pd.DataFrame(frame, copy=False)
    if dataset.name in DATED_BY_MOMENT:
        delivered["date"] = business_dates(delivered["at"], lookups.night_ends)
    if dataset.name == "shipments":
        cents = [read_freight(str(text)).cents for text in rows.columns["freight"]]
        delivered["cost"] = pd.array(cents, dtype=pd.Int64Dtype())
    if dataset.name == "folio":
        delivered["night_posting"] = night_postings(delivered["remark"])
    if dataset.name == "revenue_entries":
        # The numbers of vouchers begin anew in each month.
        delivered["month"] = delivered["date"].dt.to_period("M").dt.start_time.astype("datetime64[s]")
    if dataset.wide:
        _add_answers(delivered, rows, stated)
    if dataset.name == "dispatches":
        delivered["sent_in"] = _times(
            [month_end(day) for day in rows.columns.get("sent_on", ()) if isinstance(day, dt.date)]
        )
    return delivered


def _add_answers(delivered: pd.DataFrame, rows: TypedRows, stated: dt.date | None) -> None:
    """Adds `layout`, `answers`, `content_key` and `counted_in` to the forms of a survey."""
    columns = {name: rows.columns.get(name, []) for name in (*_TOLD, "survey_period", "contents", "layout", "answers")}
    delivered["layout"], delivered["answers"] = _texts(columns["layout"]), _texts(columns["answers"])
    days = all_counted_in(columns["survey_period"], columns["returned_on"], stated)
    # Numbers begin anew: an equal form of another month is another form, one that only came twice is a repeat.
    keys = content_keys([days, *(columns[name] for name in _TOLD)], [str(text) for text in columns["contents"]])
    delivered["counted_in"], delivered["content_key"] = _times(days), _texts(keys)


def quarantine_frame(bad: Quarantine) -> pd.DataFrame:
    """One row a bad cell: sheet, row, column, value, reason (a message in JSON), date (NaT if unknown), site, key."""
    cells = bad.rows
    if not cells:
        return _NO_BAD_CELLS.copy()
    return _quarantine_frame(cells)


def _quarantine_frame(cells: Sequence[BadCell]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "sheet": _texts([cell.sheet for cell in cells]),
            "row": np.array([cell.row for cell in cells], dtype=np.int64),
            "column": _texts([cell.column for cell in cells]),
            "value": _texts([cell.value for cell in cells]),
            "reason": _texts([cell.reason.to_json() for cell in cells]),
            "date": np.array([cell.date for cell in cells], dtype="datetime64[D]").astype("datetime64[s]"),
            "site": _texts([cell.site for cell in cells]),
            "row_key": _texts([cell.key for cell in cells]),
        }
    )


def _texts(values: Sequence[Value]) -> ExtensionArray:
    return _of_arrow(pa.array(values, type=pa.large_string()))


def _typed(
    values: Sequence[Value], column: DatasetColumn
) -> ExtensionArray | npt.NDArray[np.int64] | npt.NDArray[np.datetime64]:
    match column.type:
        case "date" | "datetime":
            return _times(values)
        case "quantity" | "price" | "volume" | "money" | "share" | "rate" | "weight" | "count":
            return np.array(values, dtype=np.int64) if column.required else _whole_numbers(values)
        case _ if column.words == "colours":
            return pd.array(np.array(values, dtype=object), dtype=pd.BooleanDtype())
        case _:
            return _texts(values)


def _times(values: Sequence[Value]) -> npt.NDArray[np.datetime64]:
    """Days or moments, each distinct one converted once: a file holds few and numpy is slow at each."""
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    known = np.array([*places, None], dtype="datetime64[us]").astype("datetime64[s]")
    return known[np.fromiter(map(places.__getitem__, values), dtype=np.intp, count=len(values))]


def _whole_numbers(values: Sequence[Value]) -> ExtensionArray:
    missing = np.array([value is None for value in values], dtype=bool)
    return pd.arrays.IntegerArray(np.array([value or 0 for value in values], dtype=np.int64), missing)


def _keys(values: Sequence[Value], known: Mapping[str, str]) -> list[str]:
    keys = {text: _key(str(text), known) for text in dict.fromkeys(values)}
    return [keys[text] for text in values]


def _key(text: str, known: Mapping[str, str]) -> str:
    key = code_key(text)
    return (known.get(key) or known.get(name_key(text)) or key) if known else key


def _contents(rows: TypedRows, item_keys: Sequence[str]) -> tuple[ExtensionArray, npt.NDArray[np.int64]]:
    """The content key of every row, and how many equal rows of the same site and day stand above it."""
    if not rows.numbers:
        return _texts([]), np.zeros(0, dtype=np.int64)
    parts = [map(str, rows.columns[name] if name != "item_key" else item_keys) for name in _CONTENT]
    parts += [map(name_key, map(str, rows.columns[name])) for name in _CONTENT_NAMES]
    texts = list(map(_SEPARATOR.join, zip(*parts, strict=True)))
    digests = {text: blake2b(text.encode(), digest_size=KEY_BYTES).hexdigest() for text in dict.fromkeys(texts)}
    seen: dict[tuple[Value, Value, str], int] = {}
    repeats = np.zeros(len(texts), dtype=np.int64)
    for place, whole in enumerate(zip(rows.columns["site"], rows.columns["date"], texts, strict=True)):
        repeats[place] = above = seen.get(whole, 0)
        seen[whole] = above + 1
    return _texts([digests[text] for text in texts]), repeats


# Most files have none, and an empty frame costs as much as a full one.
_NO_BAD_CELLS = _quarantine_frame(())
