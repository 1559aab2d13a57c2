"""What was delivered for the invoice check (spec 04): books, invoices, the tax download, receipts, revenue entries.

Amounts are cents, rates scaled by 10,000. Codes and numbers stand as delivered and as `..._key`, normalised for
comparing; a kind's key is a code of the words `invoice_kinds` or the key of its own name. Every row names its file,
sheet and row. `occurrence` numbers, from 1, the rows of one key that one file held with different contents.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table, Text

from tasks.adapters.store import METADATA
from tasks.intake.tables import source_columns

_CODE, _NAME, _NUMBER, _WORD = String(80), String(200), String(120), String(20)


def _code(name: str) -> Column[str]:
    return Column(name, _CODE, nullable=False, default="")


def _name(name: str) -> Column[str]:
    return Column(name, _NAME, nullable=False, default="")


invoice_books = Table(
    "invoice_books",
    METADATA,
    Column("kind_key", _NAME, primary_key=True),
    Column("code_key", _CODE, primary_key=True),
    Column("first_key", _CODE, primary_key=True),
    Column("kind", _NAME, nullable=False),
    _code("code"),
    Column("first", _CODE, nullable=False),
    Column("last", _CODE, nullable=False),
    _code("last_key"),
    Column("department", _CODE, nullable=False),
    Column("received_on", Date, nullable=False),
    _code("approval"),
    *source_columns(),
)


def _invoices(name: str) -> Table:
    # state: valid, void or red. copies and copies_held are null where nobody counted them.
    return Table(
        name,
        METADATA,
        Column("kind_key", _NAME, primary_key=True),
        Column("code_key", _CODE, primary_key=True),
        Column("number_key", _NUMBER, primary_key=True),
        Column("rate", BigInteger, primary_key=True),
        Column("occurrence", Integer, primary_key=True),
        Column("kind", _NAME, nullable=False),
        _code("code"),
        Column("number", _NUMBER, nullable=False),
        Column("issued_on", Date, nullable=False),
        _name("buyer_key"),
        Column("buyer", _NAME, nullable=False),
        _code("tax_number"),
        Column("net", BigInteger, nullable=False),
        Column("tax", BigInteger, nullable=False),
        Column("total", BigInteger, nullable=False),
        Column("state", _WORD, nullable=False),
        _code("original_key"),
        _code("original"),
        _code("notice"),
        Column("due_on", Date),
        Column("copies", Integer),
        Column("copies_held", Integer),
        _name("issuer"),
        _code("drawer"),
        _code("department"),
        Column("remark", Text, nullable=False, default=""),
        *source_columns(),
        Index(None, "number_key"),
        Index(None, "issued_on"),
    )


invoices = _invoices("invoices")
tax_download = _invoices("tax_download")

receipts = Table(
    "receipts",
    METADATA,
    Column("number_key", _NUMBER, primary_key=True),
    Column("occurrence", Integer, primary_key=True),
    Column("number", _NUMBER, nullable=False),
    Column("date", Date, nullable=False),
    _name("payer_key"),
    Column("payer", _NAME, nullable=False),
    Column("amount", BigInteger, nullable=False),
    _name("method"),
    Column("invoice", Text, nullable=False, default=""),
    Column("remark", Text, nullable=False, default=""),
    *source_columns(),
    Index(None, "date"),
)

# month: the first day of the voucher's month, for the numbers begin anew in each.
revenue_entries = Table(
    "revenue_entries",
    METADATA,
    Column("voucher_key", _CODE, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("occurrence", Integer, primary_key=True),
    Column("voucher", _CODE, nullable=False),
    Column("date", Date, nullable=False),
    _name("account"),
    Column("summary", Text, nullable=False, default=""),
    Column("debit", BigInteger),
    Column("credit", BigInteger),
    _name("customer_key"),
    _name("customer"),
    Column("invoice", Text, nullable=False, default=""),
    *source_columns(),
    Index(None, "date"),
)
