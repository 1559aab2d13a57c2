"""Approved variances as documents for the ERP: one a warehouse and direction, numbered on (spec 02, post)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tasks.domain.count_numbers import document_number
from tasks.stocktake.shapes import PAIR, Count, empty, shaped


def adjustments(
    count: Count, approved: pd.DataFrame, variances: pd.DataFrame, used: Mapping[tuple[str, str], int]
) -> pd.DataFrame:
    """The lines (frame `adjustments`) of the documents that post `approved`, by document and item.

    `approved` are standing approvals. One document a warehouse and direction (`in` surplus, `out` shortage); quantity
    and value bear no sign. `used` is the last sequence by (code, direction), the code that of the site, else of the
    department, else of the warehouse: numbers go on from there.
    """
    if approved.empty:
        return empty("adjustments")
    lines = approved.merge(variances.drop(columns="variance"), on=PAIR)
    direction = np.where(lines["variance"] > 0, "in", "out")
    lines = lines.assign(
        direction=pd.Series(direction, index=lines.index, dtype="str"),
        code=_code(lines),
        quantity=lines["variance"].abs(),
        value=lines["value"].abs(),
    ).sort_values(["code", "warehouse_key", "direction", "item_key"], ignore_index=True)
    lines["line"] = lines.groupby(["warehouse_key", "direction"]).cumcount() + 1
    documents = lines.drop_duplicates(["warehouse_key", "direction"])[["code", "warehouse_key", "direction"]]
    before = [used.get(key, 0) for key in zip(documents["code"], documents["direction"], strict=True)]
    sequence = documents.groupby(["code", "direction"]).cumcount() + 1 + np.array(before, dtype=np.int64)
    numbers = [
        document_number(count.number, code, way, number)
        for code, way, number in zip(documents["code"], documents["direction"], sequence, strict=True)
    ]
    named = documents.assign(sequence=sequence, document=pd.Series(numbers, index=documents.index, dtype="str"))
    whole = lines.drop(columns="number").merge(named.drop(columns="code"), on=["warehouse_key", "direction"])
    return shaped("adjustments", whole.assign(number=lines["number"]))


def _code(lines: pd.DataFrame) -> pd.Series[str]:
    department = lines["department"].where(lines["department"] != "", lines["warehouse"])
    return lines["site"].where(lines["site"] != "", department)
