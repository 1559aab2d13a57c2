"""Tables as a clerk of finance writes them, turned into the frames of the money side of the invoice check.

The first line heads the columns, cells stand between bars. Money is written `1000.00`, a day `11-20` (2026) or whole.
An invoice has 13 % tax unless `tax` stands there; its document is its code and number joined by a dash.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd

from config.wording import wording
from tasks.domain.keys import code_key, name_key
from tasks.domain.message import Message
from tasks.domain.shaping import empty, shaped
from tasks.invoice_check.matching import match_receipts, match_revenue
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.shapes import DECISIONS, DOCUMENTS, ENTRIES, RECEIPTS

POLICY = Policy(rates=())
Row = dict[str, str]


def rows(table: str) -> list[Row]:
    """Every line under the headings as a dictionary; `-` is a blank cell."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    heads = lines[0]
    return [{head: "" if cell == "-" else cell for head, cell in zip(heads, line, strict=True)} for line in lines[1:]]


def day(text: str) -> pd.Timestamp:
    """A day of 2026 unless the year is written."""
    return pd.Timestamp(text if text.count("-") > 1 else f"2026-{text}")


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def documents(table: str) -> pd.DataFrame:
    """Invoices from: number, buyer, day, net; and where they matter code, tax, state, original, notice, due, remark."""
    return documents_of(rows(table))


def documents_of(drawn: list[Row]) -> pd.DataFrame:
    return shaped(DOCUMENTS, pd.DataFrame([_document(row) for row in drawn], columns=list(DOCUMENTS)))


def _document(row: Row) -> dict[str, Any]:
    net = cents(row["net"])
    tax = cents(row["tax"]) if row.get("tax") else (abs(net) * 13 + 50) // 100 * (1 if net > 0 else -1)
    issued = day(row["day"])
    code = row.get("code", "")
    name = f"{code}-{row['number']}" if code else row["number"]
    state = row.get("state") or ("red" if net < 0 else "valid")
    return {
        "document": name,
        "code": code,
        "code_key": code_key(code),
        "number": row["number"],
        "number_key": code_key(row["number"]),
        "buyer": row["buyer"],
        "buyer_key": name_key(row["buyer"]),
        "state": state,
        "original": row.get("original", ""),
        "notice": row.get("notice", ""),
        "remark": row.get("remark", ""),
        "refs": f"invoices:{name}",
        "issued_on": issued,
        "due_on": day(row["due"]) if row.get("due") else issued + dt.timedelta(days=30),
        "lines": int(row.get("lines") or 1),
        "net": net,
        "tax": tax,
        "total": net + tax,
    }


def entries(table: str) -> pd.DataFrame:
    """Entries of revenue from: voucher, day, customer, amount, invoice; account where it is none of revenue."""
    return entries_of(rows(table))


def entries_of(drawn: list[Row]) -> pd.DataFrame:
    made = [
        {
            "voucher": row["voucher"],
            "voucher_key": code_key(row["voucher"]),
            "account": row.get("account", "6001"),
            "customer": row["customer"],
            "customer_key": name_key(row["customer"]),
            "invoice": row["invoice"],
            "date": day(row["day"]),
            "amount": cents(row["amount"]),
            "revenue": row.get("account", "6001") == "6001",
            "ref": f"entries:{row['voucher']}",
        }
        for row in drawn
    ]
    return shaped(ENTRIES, pd.DataFrame(made, columns=list(ENTRIES)))


def receipts(table: str) -> pd.DataFrame:
    """Receipts from: number, day, payer, amount, invoice."""
    return receipts_of(rows(table))


def receipts_of(drawn: list[Row]) -> pd.DataFrame:
    made = [
        {
            "number": row["number"],
            "number_key": code_key(row["number"]),
            "payer": row["payer"],
            "payer_key": name_key(row["payer"]),
            "invoice": row["invoice"],
            "date": day(row["day"]),
            "amount": cents(row["amount"]),
            "ref": f"receipts:{row['number']}",
        }
        for row in drawn
    ]
    return shaped(RECEIPTS, pd.DataFrame(made, columns=list(RECEIPTS)))


def decisions(table: str) -> pd.DataFrame:
    """Decisions from: decision, act, documents, others; and where they matter owner, reason, sources, until."""
    made = [
        {
            "decision": int(row["decision"]),
            "act": row["act"],
            "documents": row["documents"],
            "others": row["others"],
            "owner": row.get("owner", "王"),
            "reason": row.get("reason", "核对过"),
            "sources": row.get("sources", ""),
            "decided_on": day("11-01"),
            "until": day(row["until"]) if row.get("until") else pd.NaT,
        }
        for row in rows(table)
    ]
    return shaped(DECISIONS, pd.DataFrame(made, columns=list(DECISIONS)))


NO_DECISIONS = empty(DECISIONS)


def booked(invoices: str, ledger: str, decided: pd.DataFrame = NO_DECISIONS) -> list[str]:
    """The links with entries, as `document=other amount how cause`, sorted."""
    return told(match_revenue(documents(invoices), entries(ledger), decided, POLICY))


def paid(invoices: str, money: str, decided: pd.DataFrame = NO_DECISIONS) -> list[str]:
    """The links with receipts, as `booked` tells them."""
    return told(match_receipts(documents(invoices), receipts(money), decided, POLICY))


def told(links: pd.DataFrame) -> list[str]:
    """Every link as `document=other amount how cause`, sorted."""
    return sorted(
        "{}={} {:.2f} {} {}".format(
            row["document"], row["other"].partition(":")[2], row["amount"] / 100, row["how"], row["cause"]
        ).rstrip()
        for row in links.to_dict("records")
    )


def said(one: Message, language: str = "zh_CN") -> str:
    """A message in words."""
    parameters = {
        name: said(value, language) if isinstance(value, Message) else value for name, value in one.parameters
    }
    return wording(language, one.key, **parameters)
