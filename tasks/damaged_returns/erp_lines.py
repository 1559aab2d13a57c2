"""The lines that take a batch out of its site in the ERP: one a part, a document a movement category (spec 03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tasks.damaged_returns.routing import DAMAGED_TRANSFER_OUT


@dataclass(frozen=True, slots=True)
class Out:
    """Where a batch leaves and arrives: the codes of both warehouses; its number and the day it was sealed."""

    batch: str
    date: pd.Timestamp
    from_warehouse: str
    to_warehouse: str


def erp_lines(parts: pd.DataFrame, out: Out, suffixes: Mapping[str, str]) -> pd.DataFrame:
    """The parts of a batch in their order with what the ERP's import asks for.

    `suffixes` by category end the documents' numbers. Adds document, date, line (counted in each document), warehouse,
    transfer_order (the document's own number), from_warehouse and to_warehouse (of a transfer alone).
    """
    document = out.batch + "-" + parts["category"].map(dict(suffixes)).astype("str")
    moved = parts["category"] == DAMAGED_TRANSFER_OUT
    return parts.assign(
        document=document,
        line=parts.groupby("category").cumcount() + 1,
        date=out.date,
        warehouse=out.from_warehouse,
        transfer_order=document.where(moved, ""),
        from_warehouse=pd.Series(out.from_warehouse, index=parts.index).where(moved, ""),
        to_warehouse=pd.Series(out.to_warehouse, index=parts.index).where(moved, ""),
    ).sort_values(["document", "line"], kind="stable")
