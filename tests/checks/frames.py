"""Tables in the words of a reader, turned into the frames that the checks take.

The first line of a table names its columns, cells stand between bars; a column that is left out has its usual value.
Quantities are written as people write them (2.5) and become integers scaled by 10,000.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from tasks.domain.amounts import QUANTITY_SCALE
from tasks.domain.finding import Finding

DAY = dt.date(2026, 11, 20)
_LEDGER = {
    "site": "DF01", "date": "2026-11-20", "category": "PURCHASE_IN", "item": "A1", "item_name": "", "specification": "",
    "quantity": "1", "warehouse": "DF01A", "quality": "good", "order": "", "remark": "", "stated_balance": "",
    "turbine": "", "repeat": "0", "handler": "",
}  # fmt: skip
_LEDGER_ALONE = {"stated_balance", "turbine", "repeat", "handler"}
_ERP = {
    **{name: value for name, value in _LEDGER.items() if name not in _LEDGER_ALONE},
    "document_type": "other_receipt", "red": "", "made_by": "clerk", "audited": "yes", "audited_on": "2026-11-20",
    "department": "",
}  # fmt: skip


def scaled(text: str) -> int:
    """A quantity as people write it, scaled by 10,000."""
    return int(Decimal(text) * QUANTITY_SCALE)


def cells(table: str) -> list[dict[str, str]]:
    """The rows of a table as written: a dictionary of texts per row."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def ledger_rows(table: str) -> pd.DataFrame:
    """Ledger lines; `n` numbers the row and is its line, number, ref (ledger:…:n) and identity (L-n)."""
    rows = [{**_LEDGER, "n": str(at), **row} for at, row in enumerate(cells(table), start=1)]
    frame = _frame(rows, [*_LEDGER, "n"])
    line = frame["n"].astype("int64")
    ref = "ledger:" + frame["site"] + ":" + frame["date"].dt.strftime("%Y-%m-%d") + ":" + frame["n"]
    stated = pd.array([scaled(text) if text else None for text in frame["stated_balance"]], dtype="Int64")
    repeat = frame["repeat"].astype("int64")
    frame = frame.assign(
        line=line, number=line, ref=ref, identity="L-" + frame["n"], stated_balance=stated, repeat=repeat
    )
    return frame.drop(columns="n")


def erp_lines(table: str) -> pd.DataFrame:
    """ERP lines; `document` names the document and `n` its line (1 unless given), line ids start at 1001."""
    rows = [{**_ERP, "document": f"Q-{at}", "n": "1", **row} for at, row in enumerate(cells(table), start=1)]
    frame = _frame(rows, [*_ERP, "document", "n"])
    red = pd.array([{"yes": True, "no": False, "": None}[text] for text in frame["red"]], dtype="boolean")
    ref = "erp:" + frame["document"] + ":" + frame["n"]
    frame = frame.assign(
        line=range(1001, 1001 + len(frame)),
        ref=ref,
        identity="E-" + frame["document"] + "-" + frame["n"],
        document_line=frame["n"],
        red=red,
        audited=frame["audited"] == "yes",
        audited_on=pd.to_datetime(frame["audited_on"].replace("", None)).astype("datetime64[s]"),
    )
    return frame.drop(columns="n")


def pairs_of(*pairs: tuple[int, int, str]) -> pd.DataFrame:
    """Pairs of a ledger line, an ERP line and the stage that found them."""
    frame = pd.DataFrame(list(pairs), columns=["ledger_line", "erp_line", "stage"])
    return frame.astype({"ledger_line": "int64", "erp_line": "int64", "stage": "str"}).assign(group=range(len(pairs)))


def stock(table: str) -> pd.DataFrame:
    """Quantities by warehouse, item and whatever else the table names; `date` becomes a date."""
    rows = cells(table)
    names = [cell.strip() for cell in table.strip().splitlines()[0].split("|")]
    frame = pd.DataFrame(rows, columns=names, dtype="str")
    for name in {"quantity", "anchor_quantity", "movements"} & set(names):
        frame[name] = pd.Series([scaled(text) for text in frame[name]], index=frame.index, dtype="int64")
    for name in {"date", "anchor_date"} & set(names):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame


def items_of(table: str) -> pd.DataFrame:
    """The item master: item_key, item_name, specification, sort, item_class; the blank ones may be left out."""
    rows = [{"item_name": "", "specification": "", "sort": "", "item_class": "", **row} for row in cells(table)]
    return pd.DataFrame(rows, columns=["item_key", "item_name", "specification", "sort", "item_class"], dtype="str")


def told(findings: Iterable[Finding], *names: str) -> list[tuple[object, ...]]:
    """The named attributes of every finding, sorted; references without their kind of document stay as they are."""
    rows = [tuple(getattr(one, name) for name in names) for one in findings]
    return sorted(rows, key=repr)


def _frame(rows: list[dict[str, str]], names: list[str]) -> pd.DataFrame:
    unknown = {name for row in rows for name in row} - set(names)
    assert not unknown, f"the table names columns that no line has: {sorted(unknown)}"
    frame = pd.DataFrame(rows, columns=names, dtype="str")
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    frame["quantity"] = pd.Series([scaled(text) for text in frame["quantity"]], index=frame.index, dtype="int64")
    return frame
