"""Tables as a reader writes them, turned into the frames of both sides.

A row of the ledger: number, day of November 2026, category, item, name, quantity, warehouse, and what else is given
as `key=value`; a row of the ERP: document, then the same. The site is the warehouse without its last letter.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from config.wording import wording
from tasks.domain.message import Message
from tasks.stock_ledger.matching import Matching, match_lines

_TEXTS = ("ref", "identity", "site", "category", "item", "item_name", "specification", "warehouse", "quality", "order")
_MORE = {"order": "", "spec": "", "repeat": "0"}


def lines(table: str, side: str) -> pd.DataFrame:
    """The frame of one side; blank lines are skipped, `-` stands for a blank cell."""
    rows: list[dict[str, object]] = []
    for text in filter(None, (line.strip() for line in table.strip().splitlines())):
        words = text.split()
        plain = ["" if word == "-" else word for word in words if "=" not in word]
        more = _MORE | dict(word.split("=") for word in words if "=" in word)
        known, day, category, item, name, quantity, warehouse = plain
        date = pd.Timestamp(2026, 11, 1) + pd.Timedelta(days=int(day) - 1)
        site = more.get("site", warehouse[:-1])
        ref = f"ledger:{site}:{date.date()}:{known}" if side == "ledger" else f"erp:{known}:1"
        rows.append(
            {
                "line": len(rows) + 1,
                "ref": ref,
                "identity": ref,
                "site": site,
                "date": date,
                "category": category,
                "item": item,
                "item_name": name,
                "specification": more["spec"],
                "quantity": int(Decimal(quantity) * 10_000),
                "warehouse": warehouse,
                "quality": {"A": "good", "B": "damaged"}.get(warehouse[-1:], ""),
                "order": more["order"],
                "repeat": int(more["repeat"]),
            }
        )
    columns = ["line", *_TEXTS, "date", "quantity", "repeat"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(_TEXTS, "str"))
    frame = frame.astype({"date": "datetime64[s]", "quantity": "int64", "line": "int64", "repeat": "int64"})
    return frame if side == "ledger" else frame.drop(columns="repeat")


def matched(ledger: str, erp: str, near_days: int = 3) -> Matching:
    """The ladder over two drawn tables."""
    return match_lines(lines(ledger, "ledger"), lines(erp, "erp"), near_days)


def stages(matching: Matching) -> str:
    """The stages of the ledger's lines, then of the ERP's, `-` for an open one: `exact near | exact -`."""
    sides = (matching.ledger["stage"], matching.erp["stage"])
    return " | ".join(" ".join(stage or "-" for stage in side) for side in sides)


def named(matching: Matching) -> list[str]:
    """Each finding as `KIND expected→found difference [rows]`, rows by number or document."""
    told = []
    for finding in matching.findings:
        refs = " ".join(ref.split(":")[-1 if ref.startswith("ledger") else 1] for ref in finding.refs)
        told.append(f"{finding.kind} {finding.expected}→{finding.found} {finding.difference / 10_000:g} [{refs}]")
    return told


def said(message: Message, language: str = "zh_CN") -> str:
    """A message in words."""
    parameters = {
        name: said(value, language) if isinstance(value, Message) else value for name, value in message.parameters
    }
    return wording(language, message.key, **parameters)
