"""Which figure of a line stands: its first count, or a recount by somebody else (spec 02, compare: recount)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.keys import name_key
from tasks.domain.shaping import TEXT
from tasks.stocktake.shapes import PAIR, SHAPES

_LINE = ["base", *PAIR]
_COLUMNS = [name for name in SHAPES["counts"] if name != "ref"]
_TEXTS = ["base", *(name for name in _COLUMNS if SHAPES["counts"][name] == TEXT)]
# What a recount leaves blank is said by the count before it.
_KEPT = ("cause", "responsible", "proposal", "remark")
_BETWEEN = re.compile(r"[,，、;；/\n]+")


def standing_counts(counts: pd.DataFrame, sheets: pd.DataFrame, lines: pd.DataFrame, cut_off: dt.date) -> pd.DataFrame:
    """One row a line that came back: the columns of `counts` of the round that stands, `number` of the first sheet.

    More columns: round, last_round, rejected (a recount came from nobody or from one who counted before, so it does not
    stand), first_counted, counters (names, one a line), refs (rows, one a line). `counted_on` is filled: the sheet's
    latest, else that of the round before, else `cut_off`. Several rows of one warehouse and item are added up, those on
    a sheet of another place too; the line belongs to the sheet that lists it (`lines`, frame), else to the first.
    """
    rows = _added_up(_homed(_dated(_with_rounds(counts, sheets)), lines))
    first = rows[rows["round"] == 0]
    again = rows[rows["round"] > 0]
    first = first.assign(last_round=0, rejected=False, first_counted=first["counted"], counters=_names(first))
    if len(again):
        alone = again.drop_duplicates(_LINE).merge(first[_LINE], on=_LINE, how="left", indicator=True)
        alone = alone[alone["_merge"] == "left_only"].drop(columns="_merge")
        # A row that was added on the recount alone is a first count of its own.
        first = pd.concat([first, _first_of(alone)], ignore_index=True)
        first = _recounted(first, again)
    counted_on = first["counted_on"].fillna(pd.Timestamp(cut_off))
    return first.assign(counted_on=counted_on, number=first["base"]).drop(columns="base").reset_index(drop=True)


def _with_rounds(counts: pd.DataFrame, sheets: pd.DataFrame) -> pd.DataFrame:
    known = sheets.drop_duplicates("number").set_index("number")
    number = counts["number"]
    base = number.map(known["base"]).fillna(number).astype("str")
    return counts[[*_COLUMNS, "ref"]].assign(base=base, round=number.map(known["round"]).fillna(0).astype("int64"))


def _homed(rows: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The rows with `base` the sheet that lists their warehouse and item, else the first sheet that has them."""
    listed = pd.MultiIndex.from_frame(lines[["number", *PAIR]])
    at = np.flatnonzero(~pd.MultiIndex.from_frame(rows[_LINE]).isin(listed))
    if not len(at):
        return rows
    strange = rows.iloc[at]
    homes = lines.merge(strange[PAIR].drop_duplicates(), on=PAIR).drop_duplicates(PAIR)
    firsts = strange.groupby(PAIR)["base"].min().reset_index()
    homes = pd.concat([homes[["number", *PAIR]].rename(columns={"number": "base"}), firsts]).drop_duplicates(PAIR)
    base = rows["base"].to_numpy(dtype=object, copy=True)
    base[at] = strange[PAIR].merge(homes, on=PAIR, how="left")["base"].to_numpy()
    return rows.assign(base=pd.Series(base, index=rows.index, dtype="str"))


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    latest = rows.groupby("number")["counted_on"].transform("max")
    return rows.assign(counted_on=rows["counted_on"].fillna(latest))


def _added_up(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with `refs`, one a sheet, round, warehouse and item: quantities added up, of texts the first."""
    rows = rows.rename(columns={"ref": "refs"})
    key = ["base", "round", *PAIR]
    several = rows.duplicated(key, keep=False)
    if not several.any():
        return rows
    added = [_one_of(group) for _, group in rows[several].groupby(key, sort=False)]
    whole = pd.concat([rows[~several], pd.DataFrame(added).astype(rows.dtypes.to_dict())])
    return whole.sort_values(["number", "refs"], ignore_index=True)


def _one_of(group: pd.DataFrame) -> dict[str, object]:
    said = {name: next(filter(None, group[name].tolist()), "") for name in _TEXTS}
    return said | {
        "refs": _lines(group["refs"]),
        "serials": _lines(group["serials"]),
        "counted_by": ",".join(dict.fromkeys(name for name in group["counted_by"] if name)),
        "supervised_by": ",".join(dict.fromkeys(name for name in group["supervised_by"] if name)),
        "counted": group["counted"].sum(min_count=1),
        "damaged": group["damaged"].sum(min_count=1),
        "counted_on": group["counted_on"].max(),
        "received_at": group["received_at"].max(),
        "round": group["round"].iloc[0],
    }


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _names(rows: pd.DataFrame) -> pd.Series[str]:
    return rows["counted_by"] + "\n" + rows["supervised_by"]


def _first_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of recounts without a first count, as first counts that were left blank."""
    blank = pd.array([pd.NA] * len(rows), dtype="Int64")
    return rows.assign(
        round=0, counted=blank, damaged=blank, first_counted=blank, counted_by="", supervised_by="", counters="",
        last_round=0, rejected=False,
    )  # fmt: skip


def _recounted(first: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    """`first` with the figures of the recounts that stand; the last valid one does."""
    by_line: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in _records(again.sort_values("round")):
        by_line.setdefault(tuple(row[name] for name in _LINE), []).append(row)
    concerned = pd.MultiIndex.from_frame(first[_LINE]).isin(list(by_line.keys()))
    changed = [
        _after_recounts(line, by_line[tuple(line[name] for name in _LINE)]) for line in _records(first[concerned])
    ]
    columns = first.dtypes.to_dict()
    return pd.concat([first[~concerned], pd.DataFrame(changed, columns=list(columns)).astype(columns)])


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _after_recounts(line: dict[str, Any], recounts: list[dict[str, Any]]) -> dict[str, Any]:
    counted_by = people_of(line["counted_by"])
    for row in recounts:
        people = people_of(row["counted_by"])
        counters = f"{line['counters']}\n{row['counted_by']}\n{row['supervised_by']}"
        line |= {"last_round": row["round"], "counters": counters}
        if pd.isna(row["counted"]):
            continue
        if not people or people & counted_by:
            line["rejected"] = True
            continue
        kept = {name: row[name] or line[name] for name in _KEPT}
        counted_on = line["counted_on"] if pd.isna(row["counted_on"]) else row["counted_on"]
        line |= {name: value for name, value in row.items() if name not in _LINE} | kept
        line |= {"rejected": False, "counted_on": counted_on}
        counted_by |= people
    return line


def people_of(names: str) -> frozenset[str]:
    """The keys of the people that a cell names, several by comma, semicolon, stroke or on lines."""
    return frozenset(map(name_key, named_people(names)))


def named_people(names: str) -> tuple[str, ...]:
    """The same people as written, in the order given."""
    return tuple(name for name in map(str.strip, _BETWEEN.split(names)) if name_key(name))
