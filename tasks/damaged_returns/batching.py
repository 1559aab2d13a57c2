"""The batches that are due: whole boxes, every part in one of them, numbered by site and day (spec 03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tasks.damaged_returns.eligibility import ELIGIBLE
from tasks.damaged_returns.packing import READY
from tasks.damaged_returns.shapes import empty, shaped
from tasks.domain.keys import code_keys

_BOX = ["site", "box_key"]


@dataclass(frozen=True, slots=True)
class Sealing:
    """What is to be sealed together: the frames `batches`, `batch_boxes` and `batch_parts`."""

    batches: pd.DataFrame
    boxes: pd.DataFrame
    parts: pd.DataFrame


def batch_number(site: str, date: pd.Timestamp, sequence: int) -> str:
    """The number of a site's batch: `RB-DF01-20261116-01`."""
    return f"RB-{site}-{date:%Y%m%d}-{sequence:02d}"


def due_batches(
    waiting: pd.DataFrame,
    packed: pd.DataFrame,
    sites: pd.DataFrame,
    used: Mapping[str, int],
    as_of: pd.Timestamp,
) -> Sealing:
    """A batch for every due site of the frame `sites`, with every box of it that may go.

    `used` is the last sequence by site that the day knows. Lines stand in the order of their boxes, in a box by the day
    of registration and the serial, counted from 1.
    """
    due = sites[sites["cause"] != ""]
    if due.empty:
        return Sealing(empty("batches"), empty("batch_boxes"), empty("batch_parts"))
    sequences = [used.get(site, 0) + 1 for site in due["site"]]
    numbers = [batch_number(site, as_of, sequence) for site, sequence in zip(due["site"], sequences, strict=True)]
    of_site = pd.Series(numbers, index=due["site"], dtype="str")
    ready = packed[(packed["state"] == READY) & packed["site"].isin(of_site.index)].sort_values(_BOX, kind="stable")
    boxes = ready.assign(batch=ready["site"].map(of_site))
    boxes["place"] = boxes.groupby("batch").cumcount() + 1
    in_box = pd.MultiIndex.from_frame(waiting[_BOX]).isin(pd.MultiIndex.from_frame(boxes[_BOX]))
    parts = waiting[in_box & (waiting["state"] == ELIGIBLE)].sort_values(
        ["site", "box_key", "registered_on", "serial_key"], kind="stable"
    )
    parts = parts.assign(batch=parts["site"].map(of_site))
    parts["line"] = parts.groupby("batch").cumcount() + 1
    batches = due.assign(batch=numbers, sequence=sequences, date=as_of).set_index("batch")
    batches["parts"] = parts.groupby("batch").size()
    batches["boxes"] = boxes[boxes["box_key"] != ""].groupby("batch").size().reindex(batches.index).fillna(0)
    batches = batches.reset_index()
    batches["batch_key"] = code_keys(batches["batch"])
    return Sealing(shaped("batches", batches), shaped("batch_boxes", boxes), shaped("batch_parts", parts))
