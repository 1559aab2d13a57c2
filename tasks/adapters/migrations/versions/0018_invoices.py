"""The invoice check: what is delivered for it, what people decided, what was agreed; explanations that end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    _invoice_books()
    _invoices("invoices")
    _invoices("tax_download")
    _receipts()
    _revenue_entries()
    _decisions()
    _book_checks()
    _periods()
    op.add_column("breaks", sa.Column("quiet_until", sa.Date(), nullable=True))


def _code(name: str, length: int = 80) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _source() -> tuple[sa.Column[int], sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
    )


def _of_file(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f(f"fk_{table}_file_id"))


def _invoice_books() -> None:
    op.create_table(
        "invoice_books",
        _code("kind_key", 200),
        _code("code_key"),
        _code("first_key"),
        _code("kind", 200),
        _code("code"),
        _code("first"),
        _code("last"),
        _code("last_key"),
        _code("department"),
        sa.Column("received_on", sa.Date(), nullable=False),
        _code("approval"),
        *_source(),
        _of_file("invoice_books"),
        sa.PrimaryKeyConstraint("kind_key", "code_key", "first_key", name=op.f("pk_invoice_books")),
    )


def _invoices(table: str) -> None:
    op.create_table(
        table,
        _code("kind_key", 200),
        _code("code_key"),
        _code("number_key", 120),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        _code("kind", 200),
        _code("code"),
        _code("number", 120),
        sa.Column("issued_on", sa.Date(), nullable=False),
        _code("buyer_key", 200),
        _code("buyer", 200),
        _code("tax_number"),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        _code("state", 20),
        _code("original_key"),
        _code("original"),
        _code("notice"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("copies_held", sa.Integer(), nullable=True),
        _code("issuer", 200),
        _code("drawer"),
        _code("department"),
        sa.Column("remark", sa.Text(), nullable=False),
        *_source(),
        _of_file(table),
        sa.PrimaryKeyConstraint("kind_key", "code_key", "number_key", "rate", "occurrence", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_number_key"), table, ["number_key"], unique=False)
    op.create_index(op.f(f"ix_{table}_issued_on"), table, ["issued_on"], unique=False)


def _receipts() -> None:
    op.create_table(
        "receipts",
        _code("number_key", 120),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        _code("number", 120),
        sa.Column("date", sa.Date(), nullable=False),
        _code("payer_key", 200),
        _code("payer", 200),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _code("method", 200),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        *_source(),
        _of_file("receipts"),
        sa.PrimaryKeyConstraint("number_key", "occurrence", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_date"), "receipts", ["date"], unique=False)


def _revenue_entries() -> None:
    op.create_table(
        "revenue_entries",
        _code("voucher_key"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        _code("voucher"),
        sa.Column("date", sa.Date(), nullable=False),
        _code("account", 200),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("debit", sa.BigInteger(), nullable=True),
        sa.Column("credit", sa.BigInteger(), nullable=True),
        _code("customer_key", 200),
        _code("customer", 200),
        sa.Column("invoice", sa.Text(), nullable=False),
        *_source(),
        _of_file("revenue_entries"),
        sa.PrimaryKeyConstraint("voucher_key", "month", "occurrence", name=op.f("pk_revenue_entries")),
    )
    op.create_index(op.f("ix_revenue_entries_date"), "revenue_entries", ["date"], unique=False)


def _decisions() -> None:
    op.create_table(
        "invoice_decisions",
        sa.Column("decision", sa.Integer(), nullable=False),
        _code("act", 10),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("others", sa.Text(), nullable=False),
        _code("owner"),
        sa.Column("reason", sa.Text(), nullable=False),
        _code("sources", 64),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        _code("withdrawn_by"),
        sa.Column("withdrawn_for", sa.Text(), nullable=False),
        sa.CheckConstraint("act in ('match', 'unmatch', 'ignore')", name=op.f("ck_invoice_decisions_act")),
        sa.PrimaryKeyConstraint("decision", name=op.f("pk_invoice_decisions")),
    )


def _book_checks() -> None:
    op.create_table(
        "invoice_book_checks",
        _code("book", 300),
        sa.Column("checked_on", sa.Date(), nullable=False),
        _code("result", 20),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("unbooked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("book", "checked_on", name=op.f("pk_invoice_book_checks")),
    )


def _periods() -> None:
    op.create_table(
        "invoice_periods",
        sa.Column("period", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("opening", "invoiced", "revenue", "closing")),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_invoice_periods")),
    )
    op.create_table(
        "invoice_bridge",
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _code("line", 40),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("refs", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["period"], ["invoice_periods.period"], name=op.f("fk_invoice_bridge_period")),
        sa.PrimaryKeyConstraint("period", "place", name=op.f("pk_invoice_bridge")),
    )
    op.create_table(
        "invoice_period_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        _code("line", 40),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("before", "after")),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_period_changes")),
    )
    op.create_index(op.f("ix_invoice_period_changes_period"), "invoice_period_changes", ["period"], unique=False)
