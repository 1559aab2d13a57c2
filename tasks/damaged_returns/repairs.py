"""What was sent for repair and what became of it, per serial: sent = repaired + exchanged + scrapped + open (spec 03).

A repaired part never adds to the pieces that there are: no serial comes back more often than it went.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.texts import Flags, Ints

_COUNTED = ("repaired", "exchanged", "sent", "scrapped")


def repair_balance(events: pd.DataFrame, serials: pd.DataFrame) -> pd.DataFrame:
    """One row a serial that was sent or came back: sent, repaired, exchanged, scrapped, open and too_many, int64.

    `events` as of `events_until`; `serials` (as of `all_serials`) say which are in batches: a class II part
    that was packed is on its way to repair, whether or not its sending is written down too. sent = repaired + exchanged
    + scrapped + open holds where nothing came back too often; too_many are the returns that no sending explains, at the
    close of some day. scrapped counts the scrapping of what is away only: a class I part is scrapped without repair.
    `told_on` is the day of the last event and `ref` its row.
    """
    own = events[events["event"].isin(_COUNTED)]
    keys = pd.Index(pd.unique(own["serial_key"]))
    packed = serials[(serials["item_class"] == "II") & serials["sealed_on"].notna()]
    packed = packed.loc[packed["serial_key"].isin(keys), ["serial_key", "sealed_on"]]
    places = [keys.get_indexer(pd.Index(column)) for column in (own["serial_key"], packed["serial_key"])]
    serial: Ints = np.concatenate(places).astype(np.int64)
    date = np.concatenate([own["date"].to_numpy(), packed["sealed_on"].to_numpy()])
    order = np.lexsort((date, serial))
    running = {name: _until(serial[order], _flags(own, name, len(packed))[order]) for name in _COUNTED}
    told_packed = np.arange(len(serial)) >= len(own)
    # The packing is the first sending; one written down besides it is the same one.
    sent = np.maximum(running["sent"], _until(serial[order], told_packed[order]))
    back = running["repaired"] + running["exchanged"]
    ends = np.flatnonzero(np.diff(serial[order], append=-1))
    # Only at the close of a day: within it nobody knows what came first.
    closes = np.append(
        (np.diff(serial[order]) != 0) | (date[order][1:] != date[order][:-1]), [True] * bool(len(serial))
    )
    over = np.where(closes, np.maximum(back - sent, 0), 0)
    away = np.maximum(sent - back, 0)[ends]
    scrapped = np.minimum(running["scrapped"][ends], away)
    told = own.drop_duplicates("serial_key", keep="last").set_index("serial_key").reindex(keys)
    return pd.DataFrame(
        {
            "serial_key": keys.astype("str"),
            "sent": sent[ends],
            "repaired": running["repaired"][ends],
            "exchanged": running["exchanged"][ends],
            "scrapped": scrapped,
            "open": away - scrapped,
            "too_many": np.maximum.reduceat(over, np.r_[0, ends[:-1] + 1]) if len(ends) else over,
            "told_on": told["date"].to_numpy(),
            "ref": told["ref"].to_numpy(),
        }
    ).sort_values("serial_key", ignore_index=True)


def _flags(own: pd.DataFrame, name: str, packed: int) -> Flags:
    """Whether each row of `own` is such an event; the rows of the packing behind them are none."""
    return np.append((own["event"] == name).to_numpy(dtype=np.bool_), np.zeros(packed, dtype=np.bool_))


def _until(serial: Ints, flags: Flags) -> Ints:
    """How many flags of the same serial stand up to each place; the rows of a serial stand together."""
    whole: Ints = np.cumsum(flags, dtype=np.int64)
    starts = np.flatnonzero(np.diff(serial, prepend=-1))
    before = whole[starts] - flags[starts]
    return whole - np.repeat(before, np.diff(np.append(starts, len(serial))))


def balance_findings(balance: pd.DataFrame, serials: pd.DataFrame) -> tuple[Finding, ...]:
    """Every serial that came back more often than it was sent; `serials`: serial_key, serial, site, item_key."""
    known = serials.drop_duplicates("serial_key")[["serial_key", "serial", "site", "item_key"]]
    wrong = balance[balance["too_many"] > 0].merge(known, on="serial_key")
    found = []
    for row in _records(wrong.sort_values("serial_key")):
        back = row["repaired"] + row["exchanged"]
        told = message(
            "returning.REPAIR_BALANCE",
            serial=row["serial"],
            sent=row["sent"],
            repaired=row["repaired"],
            exchanged=row["exchanged"],
            too_many=row["too_many"],
        )
        found.append(_finding("REPAIR_BALANCE", row, (str(row["sent"]), str(back)), told))
    return tuple(found)


def repaired_times(events: pd.DataFrame) -> pd.Series[int]:
    """How often each serial came back repaired, by serial_key; an exchange is no repair."""
    return events[events["event"] == "repaired"].groupby("serial_key").size()


def too_often_findings(events: pd.DataFrame, serials: pd.DataFrame, limit: int) -> tuple[Finding, ...]:
    """Every class II serial that came back repaired `limit` times or more, proposed for scrap until it is scrapped.

    `serials`: serial_key, serial, site, item_key, item_class. What is not known to be class I counts as class II, for
    it was repaired.
    """
    times = repaired_times(events)
    gone = events.loc[events["event"].isin(["scrapped", "exchanged"]), "serial_key"]
    often = times[(times >= limit) & ~times.index.isin(gone)].rename("times").reset_index()
    last = events[events["event"] == "repaired"].drop_duplicates("serial_key", keep="last")
    rows = often.merge(last[["serial_key", "date", "ref"]], on="serial_key")
    known = serials.drop_duplicates("serial_key")[["serial_key", "serial", "site", "item_key", "item_class"]]
    rows = rows.merge(known, on="serial_key")
    rows = rows[rows["item_class"] != "I"].rename(columns={"date": "told_on"})
    return tuple(
        _finding(
            "REPAIRED_TOO_OFTEN",
            row,
            (str(limit), str(row["times"])),
            message("returning.REPAIRED_TOO_OFTEN", serial=row["serial"], times=row["times"], limit=limit),
        )
        for row in _records(rows.sort_values("serial_key"))
    )


def exchanges(events: pd.DataFrame) -> pd.DataFrame:
    """Which serial came back in place of which: serial_key, new_serial_key, new_serial, date, maker, ref, by day."""
    own = events[(events["event"] == "exchanged") & (events["new_serial_key"] != "")]
    return own[["serial_key", "new_serial_key", "new_serial", "date", "maker", "ref"]].reset_index(drop=True)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _finding(kind: str, row: dict[str, Any], figures: tuple[str, str], told: Any) -> Finding:
    return Finding(
        kind=kind,
        site=row["site"],
        warehouse="",
        item=row["item_key"],
        date=row["told_on"].date(),
        refs=(row["ref"],),
        stands_on=(row["serial_key"],),
        expected=figures[0],
        found=figures[1],
        difference=0,
        message=told,
    )
