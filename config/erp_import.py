"""The layout of the sheets by which the ERP takes in adjustments and returns: `erp_import.toml`, frozen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LAYOUT = Path(__file__).with_name("erp_import.toml")
ImportKind = Literal["text", "date", "count", "quantity", "money"]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ImportColumn(_Shape):
    """One column: the name that its values bear here, the ERP's heading, and how its cells are written."""

    name: str
    heading: str
    kind: ImportKind = "text"


class ImportDocument(_Shape):
    """What the ERP calls a document of one direction: the sheet's title and the sort of business."""

    title: str
    business: str


class ReturnCategory(_Shape):
    """What the ERP calls the lines of one movement category, and what stands behind the batch in their document."""

    title: str
    business: str
    suffix: str


class ReturnLayout(_Shape):
    """The documents that take a batch of damaged parts out of its site, by movement category, and their columns.

    `remark` is what each line says of its packing list, `{batch}` the batch's number.
    """

    document_type: str
    remark: str
    categories: Mapping[str, ReturnCategory]
    columns: tuple[ImportColumn, ...]


class ImportLayout(_Shape):
    """The documents by direction, receipts into stock and issues out of it, and their columns in order."""

    received: ImportDocument = Field(alias="in")
    issued: ImportDocument = Field(alias="out")
    columns: tuple[ImportColumn, ...]
    returns: ReturnLayout

    def document(self, direction: str) -> ImportDocument:
        """The document of `in` or `out`; raises KeyError for any other direction."""
        documents: Mapping[str, ImportDocument] = {"in": self.received, "out": self.issued}
        return documents[direction]


@cache
def load_layout() -> ImportLayout:
    """The layout that is shipped."""
    return ImportLayout(**tomllib.loads(LAYOUT.read_text(encoding="utf-8")))
