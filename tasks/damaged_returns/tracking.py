"""How far every part has come: packed, shipped, received, in repair, back, beyond repair, scrapped (spec 03)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.amounts import QUANTITY_SCALE
from tasks.domain.keys import code_keys
from tasks.domain.texts import Flags, Ints

STATES = (
    "packed", "shipped", "received", "in_repair", "repaired_in", "exchanged", "cannot_be_repaired", "scrapped",
)  # fmt: skip
# What an event makes of a part; on one day the later of these stands.
_STATE_AFTER = {
    "received": "received", "sent": "in_repair", "repaired": "repaired_in", "exchanged": "exchanged",
    "unrepairable": "cannot_be_repaired", "scrapped": "scrapped",
}  # fmt: skip
_OUTCOMES = ("repaired", "exchanged", "unrepairable", "scrapped")
_RANK = {event: rank for rank, event in enumerate(_STATE_AFTER)}
# Nothing more is to come of a part in one of these.
FINAL = ("repaired_in", "exchanged", "scrapped")


def events_until(events: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The events up to and with `as_of` in the order in which they happened, an exchange told as such.

    `events`: serial_key, date, event, new_serial_key and any others. A part that came back repaired under another
    number was exchanged. Events of one day stand in the order of a part's way.
    """
    known = events[events["date"] <= pd.Timestamp(as_of)]
    other = (known["new_serial_key"] != "") & (known["new_serial_key"] != known["serial_key"])
    event = known["event"].mask((known["event"] == "repaired") & other, "exchanged")
    rank = event.map(_RANK).fillna(len(_RANK)).astype("int64")
    ordered = known.assign(event=event, rank=rank).sort_values(["date", "rank"], kind="stable")
    return ordered.reset_index(drop=True)


def tracked(serials: pd.DataFrame, shipments: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """One row a part with its state, since when, and the days on which it was shipped, received and sent for repair.

    `serials` as of `all_serials`, `shipments`: frame, up to the day asked after, `events` as of `events_until`. Columns
    added: state (of `STATES`), since, shipped_on, received_on (the first receipt after the packing), sent_on (the last
    sending) and begun_on (the receipt or sending that began its present way through repair), datetime64[s], NaT
    without. A part that was received counts so even where no shipment says it left.
    """
    first = shipments[shipments["batch_key"] != ""].groupby("batch_key")["date"].min()
    shipped_on = _of(code_keys(serials["batch"]), first)
    shipped = shipped_on.notna()
    happened = _happened(serials, events)
    last = _newest(happened, len(serials))
    day = events["date"].to_numpy()
    # Place -1 is that of the blank at the end.
    event = np.append(events["event"].map(_STATE_AFTER).to_numpy(dtype=object), "")
    moved = last >= 0
    before = np.where(shipped, "shipped", "packed")
    since = shipped_on.where(shipped, serials["sealed_on"])
    # With all that happened in order, what is first is what is newest from behind.
    received = _newest(happened.only(events["event"] == "received").backwards(), len(serials))
    sent = _newest(happened.only(events["event"] == "sent"), len(serials))
    ended = events["event"].isin(_OUTCOMES)
    after = _newest(happened.only(ended), len(serials))
    begun = happened.only(~ended)
    begun = begun.kept(begun.place > after[begun.serial])
    return serials.assign(
        shipped_on=shipped_on,
        received_on=_taken(day, received),
        sent_on=_taken(day, sent),
        begun_on=_taken(day, _newest(begun.backwards(), len(serials))),
        state=pd.Series(np.where(moved, event[last], before), index=serials.index, dtype="str"),
        since=since.mask(moved, pd.Series(_taken(day, last), index=serials.index)),
    )


@dataclass(frozen=True, slots=True)
class _Happened:
    """Events as two rows of numbers: `serial`, the place of each one's serial, and `place`, its own among all."""

    serial: Ints
    place: Ints

    def only(self, wanted: pd.Series[bool]) -> _Happened:
        """Those whose place is `wanted`."""
        return self.kept(wanted.to_numpy(dtype=np.bool_)[self.place])

    def kept(self, flags: Flags) -> _Happened:
        """Those of which the flag stands."""
        return _Happened(self.serial[flags], self.place[flags])

    def backwards(self) -> _Happened:
        """The same in reverse."""
        return _Happened(self.serial[::-1], self.place[::-1])


def _happened(serials: pd.DataFrame, events: pd.DataFrame) -> _Happened:
    """The events of the serials; what happened to one before it was packed belongs to an earlier life of it."""
    serial = np.asarray(pd.Index(serials["serial_key"]).get_indexer(pd.Index(events["serial_key"])), dtype=np.int64)
    place: Ints = np.arange(len(events), dtype=np.int64)
    known = _Happened(serial, place).kept(serial >= 0)
    sealed = serials["sealed_on"].to_numpy()[known.serial]
    early = events["date"].to_numpy()[known.place] < sealed
    return known.kept(~early)


def _newest(happened: _Happened, serials: int) -> Ints:
    """By serial the place of the event that stands last, -1 where none does."""
    found: Ints = np.full(serials, -1, dtype=np.int64)
    found[happened.serial] = happened.place
    return found


def _taken(days: np.ndarray[Any, Any], place: Ints) -> np.ndarray[Any, Any]:
    """The day at each place, NaT for -1."""
    found = np.full(len(place), np.datetime64("NaT"), dtype="datetime64[s]")
    found[place >= 0] = days[place[place >= 0]]
    return found


def pipeline(rows: pd.DataFrame, finished: Mapping[str, int]) -> Mapping[str, int]:
    """How many parts are in each state, in the order of the way, 0 where none is; `rows` as of `tracked`.

    `finished` are those by state that `rows` no longer hold, because nothing more is to come of them.
    """
    counts = rows["state"].value_counts()
    return {state: int(counts.get(state, 0)) + finished.get(state, 0) for state in STATES}


def all_serials(sealed: pd.DataFrame, listed: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """One row a serial that anything is known of: the parts of batches, then what has events without any batch.

    `sealed`, `listed`, `events`: frames; the columns are those of `sealed`, its date as sealed_on. A serial of no batch
    is known by its line on the damaged-parts list, as far as there is one; its batch is blank and sealed_on NaT. One
    whose class nobody knows stands without.
    """
    known = sealed.rename(columns={"date": "sealed_on"})
    other = events[~events["serial_key"].isin(known["serial_key"])].drop_duplicates("serial_key", keep="last")
    if other.empty:
        return known
    line = listed.drop_duplicates("serial_key", keep="last").set_index("serial_key")
    names = [name for name in known.columns if name in line.columns and name not in {"serial", "ref"}]
    found = other[["serial_key", "serial", "ref"]].reset_index(drop=True)
    found = found.join(line[names], on="serial_key").reindex(columns=known.columns)
    whole = {"quantity": QUANTITY_SCALE, "by_person": False}
    texts = {str(name): "" for name, dtype in known.dtypes.items() if pd.api.types.is_string_dtype(dtype)}
    stray = found.fillna(texts | whole).astype(known.dtypes.to_dict())
    return pd.concat([known, stray], ignore_index=True)


def _of(keys: pd.Series[str], values: pd.Series[Any]) -> pd.Series[Any]:
    """The value of each key, missing where there is none; `map` would forget the type of values that are none."""
    return values.reindex(keys.to_numpy(dtype=object)).set_axis(keys.index)
