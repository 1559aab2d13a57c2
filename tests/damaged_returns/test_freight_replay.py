"""Real deliveries: every stated freight is shared to the cent, and what leads nowhere is named (issue: freight)."""

from __future__ import annotations

import csv
import gzip
import re
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.freight_replay import Replay, read, replayed
from tests.house import ROOT

HISTORY = ROOT.parent / "shared/data/scms_delivery_history.csv.gz"
WITHOUT_DATA = pytest.mark.skipif(not HISTORY.exists(), reason="the delivery history is not there")


def deliveries(table: str) -> pd.DataFrame:
    """row | number | packs | cost_text"""
    drawn = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    rows = pd.DataFrame(drawn, columns=["row", "number", "packs", "cost_text"], dtype="str")
    return rows.assign(packs=rows["packs"].astype("int64"))


DRAWN = """
    1 | DN-1  | 1 | 100.00
    2 | DN-2  | 2 | See DN-1 (ID#:1)
    3 | DN-3  | 5 | Freight Included in Commodity Cost
    4 | DN-4  | 5 | Invoiced Separately
    5 | DN-5  | 5 | See DN-4 (ID#:4)
    6 | DN-6  | 5 | See DN-7 (ID#:7)
    7 | DN-7  | 5 | See DN-6 (ID#:6)
    8 | DN-8  | 5 | See DN-99 (ID#:99)
    9 | DN-9  | 5 | See DN-1 (ID#:3)
   10 | DN-10 | 5 | 0.01
"""


def cents(replay: Replay) -> list[int | None]:
    return [None if pd.isna(one) else int(one) for one in replay.rows["cents"]]


def test_a_stated_freight_is_shared_with_those_that_name_it() -> None:
    replay = replayed(deliveries(DRAWN))
    assert cents(replay) == [3_333, 6_667, None, None, None, None, None, None, None, 1]
    assert replay.stated == replay.borne == 10_001


def test_cycles_dangling_references_and_contradictions_are_named() -> None:
    replay = replayed(deliveries(DRAWN))
    assert replay.faults("cycle") == ["See DN-7 (ID#:7)", "See DN-6 (ID#:6)"]
    assert replay.faults("dangling") == ["See DN-99 (ID#:99)"]
    assert replay.faults("contradicts") == ["See DN-1 (ID#:3)"]
    assert replay.unborne == 1


@WITHOUT_DATA
def test_the_real_history_adds_up_to_the_cent_and_all_its_references_resolve() -> None:
    replay = replayed(read(Path(HISTORY)))
    assert replay.rows["bearing"].value_counts().to_dict() == {
        "amount": 6_198,
        "elsewhere": 2_445,
        "included": 1_442,
        "separately": 239,
    }
    # Added up from the file itself, past everything of ours.
    with gzip.open(HISTORY, "rt", encoding="utf-8-sig", newline="") as file:
        texts = [row["Freight Cost (USD)"] for row in csv.DictReader(file)]
    assert replay.borne == 100 * sum(Decimal(text) for text in texts if re.fullmatch(r"[0-9.]+", text))
    # 2,340 of them lead to an amount, 105 to a freight that was invoiced separately.
    assert replay.unborne == 105
    assert [replay.faults(fault) for fault in ("dangling", "contradicts", "cycle")] == [[], [], []]


@WITHOUT_DATA
def test_a_real_history_with_links_cut_and_bent_names_them() -> None:
    history = read(Path(HISTORY))
    see = history.index[history["cost_text"].str.startswith("See")]
    bearer = history.index[history["row"] == history["cost_text"].str.extract(r"ID#:(\d+)")[0][see[0]]]
    history.loc[see[1], "cost_text"] = "See DN-0 (ID#:0)"
    bent = history.loc[see[0]]
    history.loc[bearer, "cost_text"] = f"See {bent['number']} (ID#:{bent['row']})"
    replay = replayed(history)
    assert replay.faults("dangling") == ["See DN-0 (ID#:0)"]
    assert set(replay.faults("cycle")) >= {history.loc[see[0], "cost_text"], history.loc[bearer[0], "cost_text"]}
    assert replay.stated == replay.borne
