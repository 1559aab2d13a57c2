"""Which shipment bears the freight of another, found through all references; cycles and dangling ones are named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.damaged_returns.sharing import shared
from tasks.domain.freight_text import read_freight
from tasks.domain.texts import Flags, Ints, distinct

_UNKNOWN = -1


def named_by(shipments: pd.DataFrame) -> set[str]:
    """The keys of the shipments that a freight names and that are not among them."""
    texts = shipments.loc[shipments["cost"].isna(), "freight"].unique()
    return {read_freight(text).number for text in texts} - {"", *shipments["number_key"]}


def with_shares(shipments: pd.DataFrame) -> pd.DataFrame:
    """The shipments with `borne`, what each bears in cents (Int64), and `fault` as `borne` names it.

    `shipments`: number_key, freight, cost and weight (Int64). A freight is shared among the shipment that states it and
    all that name it, by weight, in equal parts where a weight is blank: the shares are the whole, to the cent.
    """
    said = borne(shipments.assign(row_key="", cost_text=shipments["freight"]))
    stated = shipments["cost"].set_axis(pd.Index(range(len(said))).astype("str"))
    cents = shared(stated, said["bearer"].astype("str"), shipments["weight"])
    return shipments.assign(borne=cents, fault=said["fault"])


def borne(shipments: pd.DataFrame) -> pd.DataFrame:
    """Row by row what a freight's text says and who bears it, with the index of `shipments`.

    `shipments`: number_key, row_key (blank where rows have no number of their own), cost_text. Columns: bearing (of
    `read_freight`), cents (Int64), named (the reference as keys, "" without one), bearer (the place, from 0, of the row
    that bears the freight, its own where it names none, -1 where nobody can be found) and fault: "" or dangling (names
    what is not there), contradicts (number and row belong to different shipments) or cycle (they name one another). A
    row whose way ends at a faulty row has no bearer; one that leads into a cycle is told with it, others have no fault
    of their own.
    """
    said = distinct(shipments["cost_text"])
    read = [read_freight(text) for text in said.texts]
    numbers, rows = said.each([one.number for one in read]), said.each([one.row for one in read])
    if not (shipments["row_key"] != "").any():
        rows = np.full_like(rows, "")
    bearing = said.each([one.bearing for one in read])
    elsewhere = bearing == "elsewhere"
    by_number = _places(shipments["number_key"], numbers)
    by_row = _places(shipments["row_key"], rows)
    target = np.where(rows != "", by_row, by_number)
    number_there = shipments["number_key"].to_numpy(dtype=object)[target]
    contradicts = elsewhere & (rows != "") & (target >= 0) & (number_there != numbers)
    dangling = elsewhere & (target < 0)
    lost = dangling | contradicts
    own = np.arange(len(shipments))
    itself = elsewhere & ~lost & (target == own)
    bearer, circling = _followed(np.where(elsewhere & ~lost, target, own), lost, itself)
    fault = np.select([dangling, contradicts, circling], ["dangling", "contradicts", "cycle"], "")
    cents = pd.array([one.cents for one in read], dtype="Int64").take(said.codes)
    return pd.DataFrame(
        {
            "bearing": pd.Series(bearing, dtype="str").to_numpy(),
            "cents": cents,
            "named": pd.Series(np.where(rows != "", numbers + "#" + rows, numbers), dtype="str").to_numpy(),
            "bearer": bearer,
            "fault": fault,
        },
        index=shipments.index,
    )


def _places(keys: pd.Series[str], wanted: np.ndarray[tuple[int], np.dtype[np.object_]]) -> Ints:
    """Where the first row of each wanted key stands, -1 where none does or nothing is wanted."""
    first = keys[keys != ""].drop_duplicates()
    places = dict(zip(first.tolist(), np.flatnonzero(keys.index.isin(first.index)).tolist(), strict=True))
    return np.array([places.get(str(key), _UNKNOWN) for key in wanted], dtype=np.int64)


def _followed(target: Ints, lost: Flags, itself: Flags) -> tuple[Ints, Flags]:
    """The last of the chain that begins at each row, -1 where it is lost or goes round; and which rows go round."""
    last = target.copy()
    # Each pass doubles how far every row has gone, so that a chain of a million takes twenty.
    for _ in range(max(len(target), 1).bit_length()):
        last = last[last]
    circling = (target[last] != last) | itself[last]
    nowhere = circling | lost[last]
    return np.where(nowhere, _UNKNOWN, last), circling
