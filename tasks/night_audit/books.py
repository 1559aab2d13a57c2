"""The books of one hotel as the audit of one business date reads them: frames of a fixed shape, nothing else.

Money is int64 cents (Int64 where it may be blank), shares and discounts are Int64 scaled by 10,000, moments are local
to the hotel and without zone (datetime64[s]), business dates are the same at midnight. Texts are never missing, "" is
blank. A code stands as delivered and, as `<name>_key`, comparable. `ref` names the row: `stays:A001`, `folio:F12`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, wraps
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray, ExtensionDtype

from tasks.domain.keys import code_keys

CENTS = "int64"
CENTS_OR_BLANK = "Int64"
SHARE_OR_BLANK = "Int64"
COUNT = "int64"
COUNT_OR_BLANK = "Int64"
MOMENT = "datetime64[s]"
TEXT = "str"

_TEXTS = pd.api.types.pandas_dtype(TEXT)
P = TypeVar("P")
T = TypeVar("T")
Array = ExtensionArray | np.ndarray[Any, Any]

# What each outflow takes away, whatever the sign that the desk wrote (spec 06: deposits, refunds negative).
_OUTFLOWS = ("refunded", "transferred", "forfeited")


def _texts(names: str) -> dict[str, str]:
    """A text column for each name; a name with a star is a code and has its key beside it."""
    columns: dict[str, str] = {}
    for name in names.split():
        columns[name.rstrip("*")] = TEXT
        if name.endswith("*"):
            columns[f"{name.rstrip('*')}_key"] = TEXT
    return columns


# Column -> dtype of each frame; the order is that of the delivered sheets, then what is added here.
SHAPES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "room_types": _texts("room_type* ref") | {"rack_rate": CENTS, "beds": COUNT_OR_BLANK},
        # state: normal, repair, closed, house; condition: clean, dirty, inspect, ""; housekeeping: occupied, vacant, ""
        "rooms": _texts("room* room_type* floor state condition housekeeping ref"),
        # kind individual or group; confirmed yes, no or ""; state booked, checked_in, cancelled, no_show or released.
        "reservations": _texts(
            "reservation* kind booker group_name room_type* rooms discount_reason source salesperson confirmed state "
            "entered_by ref"
        )
        | {"room_count": COUNT, "due_in": MOMENT, "due_out": MOMENT, "entered_at": MOMENT}
        | {"price": CENTS, "discount": SHARE_OR_BLANK, "commission": CENTS_OR_BLANK},
        # kind received, refunded, transferred or forfeited; `amount` as delivered (deposit_effects gives its effect).
        "deposits": _texts("number* reservation* account* method kind operator shift* ref")
        | {"at": MOMENT, "amount": CENTS},
        # kind normal, hourly, long, shared, free or house; priced_by day or month; confidential yes, no or "".
        "stays": _texts(
            "account* reservation* room* bed guest kind priced_by discount_reason approved_by breakfast connected "
            "group_number member* company source confidential operator ref"
        )
        | {"guests": COUNT_OR_BLANK, "extra_beds": COUNT_OR_BLANK, "extra_bed_fee": CENTS_OR_BLANK}
        | {"arrived_at": MOMENT, "due_out": MOMENT, "departed_at": MOMENT}
        | {"rack_rate": CENTS, "discount": COUNT, "price": CENTS_OR_BLANK, "commission": CENTS_OR_BLANK}
        | {"commission_from": MOMENT, "commission_to": MOMENT},
        # night_posting: the number DB-... of the night posting that this row repeats, "" for every other row.
        "folio": _texts("number* account* item operator shift* outlet original* remark night_posting ref")
        | {"date": MOMENT, "at": MOMENT, "amount": CENTS},
        "payments": _texts("number* account* method operator shift* original* ref")
        | {"date": MOMENT, "at": MOMENT, "amount": CENTS},
        # One row a shift and payment method.
        "shifts": _texts("shift* operator method ref")
        | {"date": MOMENT, "opened_at": MOMENT, "closed_at": MOMENT}
        | {"cash_float": CENTS_OR_BLANK, "handed_over": CENTS_OR_BLANK},
        # settlement room, direct or open.
        "pos_checks": _texts("check* outlet settlement room* guest operator ref") | {"at": MOMENT, "amount": CENTS},
        "operators": _texts("operator may_delete_locked may_release_audit ref") | {"lowest_discount": COUNT},
        "corporate_accounts": _texts("company ref")
        | {"credit_limit": CENTS_OR_BLANK, "agreed_discount": SHARE_OR_BLANK, "balance": CENTS_OR_BLANK},
        "members": _texts("member* name ref") | {"points": COUNT_OR_BLANK, "points_per_yuan": SHARE_OR_BLANK},
        "operation_log": _texts("operator action object before after ref") | {"at": MOMENT},
        # In the order in which they were recorded: the last one of a reservation stands.
        "outcomes": _texts("reservation_key outcome") | {"at": MOMENT, "business_date": MOMENT},
        "opening": _texts("ledger account*") | {"balance": CENTS},
        "postings": _texts("account_key item number") | {"amount": CENTS},
        # Rows of folio and payments of earlier dates that reversals of B name; `dataset` says which of the two.
        "originals": _texts("dataset number* account* item operator ref")
        | {"date": MOMENT, "at": MOMENT, "amount": CENTS},
        # Commission accrued at earlier closes for the stays of these books.
        "accruals": _texts("account* room* source") | {"business_date": MOMENT, "amount": CENTS},
        # One row a bad cell; reason is a message in JSON.
        "quarantined": _texts("dataset file sheet column value reason") | {"row": COUNT},
    }
)


def empty(name: str) -> pd.DataFrame:
    """The frame of that name without rows, in its shape; raises KeyError for a name that the books do not have."""
    # A copy that shares its columns: whoever writes to it gets columns of their own.
    return _empty(name).copy(deep=False)


@cache
def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(SHAPES[name])).astype(dict(SHAPES[name]))


def shaped(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with exactly the columns and dtypes of the frame `name`, index from 0.

    A key that is not there is made from its code, any other column that is not there is blank; columns that the shape
    lacks are dropped. Raises ValueError where a column that knows no blank (int64) has none or holds one.
    """
    if not len(rows):
        return empty(name)
    # Column by column: a frame that is asked for them and given them back turns over all of the others each time.
    columns = {column: _column(rows, column, dtype) for column, dtype in _dtypes(name).items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


def _column(rows: pd.DataFrame, column: str, dtype: ExtensionDtype | np.dtype[Any]) -> Array:
    code = column.removesuffix("_key")
    if column in rows:
        series = rows[column]
    elif code in rows:
        series = code_keys(rows[code].astype("str"))
    else:
        series = pd.Series([None] * len(rows))
    if dtype == _TEXTS and series.hasnans:
        series = series.fillna("")
    typed: Array = (series if series.dtype == dtype else series.astype(dtype)).array
    return typed


@cache
def _dtypes(name: str) -> Mapping[str, ExtensionDtype | np.dtype[Any]]:
    return {column: pd.api.types.pandas_dtype(dtype) for column, dtype in SHAPES[name].items()}


@dataclass(frozen=True, eq=False)
class Books:
    """Everything that the audit of `as_of` knows (made by `books_of`).

    Gathered are: folio, payments and shifts dated `as_of`; POS checks of that business date and unsettled ones of
    before; the log of `as_of`; stays in house, arrived or departed that date or due, and those of the reservations
    here; reservations due up to the next date that nothing settled, those that are still to be decided, and every one
    that a deposit row here, an outcome of `as_of` or a line of the log names, whenever it is due: one that is named and
    not here counts as lost. Deposits are all rows of those reservations and of every open balance; `outcomes` those of
    the reservations here; `originals` what reversals of `as_of` name; `postings` those of `as_of` that are kept
    already. `delivered` names the datasets that were ever delivered: a check that needs another is not made (spec 00).
    """

    as_of: dt.date
    delivered: frozenset[str]
    room_types: pd.DataFrame
    rooms: pd.DataFrame
    reservations: pd.DataFrame
    deposits: pd.DataFrame
    stays: pd.DataFrame
    folio: pd.DataFrame
    payments: pd.DataFrame
    shifts: pd.DataFrame
    pos_checks: pd.DataFrame
    operators: pd.DataFrame
    corporate_accounts: pd.DataFrame
    members: pd.DataFrame
    operation_log: pd.DataFrame
    outcomes: pd.DataFrame
    opening: pd.DataFrame
    postings: pd.DataFrame
    originals: pd.DataFrame
    accruals: pd.DataFrame
    quarantined: pd.DataFrame
    worked_out: dict[Any, Any] = field(init=False, repr=False, default_factory=dict)


def once(asked: Callable[[Books, P], T]) -> Callable[[Books, P], T]:
    """`asked`, worked out once for the same books and policy: several checks of a night rest on the same answer.

    What it gives is shared, so nobody may write to it.
    """

    @wraps(asked)
    def known(books: Books, policy: P) -> T:
        # The policy is kept with the answer, so that no other one gets its id meanwhile.
        name = (asked, id(policy))
        if name not in books.worked_out:
            books.worked_out[name] = (policy, asked(books, policy))
        answer: T = books.worked_out[name][1]
        return answer

    return known


def books_of(as_of: dt.date, delivered: Iterable[str], frames: Mapping[str, pd.DataFrame]) -> Books:
    """The books of `as_of` with the given frames, those that are not given without rows.

    Raises TypeError for a frame that the books do not have.
    """
    return Books(as_of, frozenset(delivered), **{name: empty(name) for name in SHAPES} | dict(frames))


def each(frame: pd.DataFrame) -> Iterable[Any]:
    """Every row of a small frame as a named tuple, in order; what its fields hold, the shape says."""
    return frame.itertuples(index=False)


def looked_up(keys: pd.Series[str], by_key: pd.Series) -> pd.Series:
    """The value of each key, with the index of `keys` and the dtype of `by_key`; missing where the key is not there.

    `by_key` has each key once in its index.
    """
    return by_key.reindex(keys).set_axis(keys.index)


def deposit_effects(deposits: pd.DataFrame) -> pd.Series[int]:
    """What each row adds to the deposits held, in cents: refunds, transfers and forfeits take away whatever their sign.

    A receipt counts as it was written, so that a red one undoes a receipt (spec 06: deposits).
    """
    amount = deposits["amount"]
    return amount.mask(deposits["kind"].isin(_OUTFLOWS), -amount.abs())
