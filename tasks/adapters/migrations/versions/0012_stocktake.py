"""The stocktake: counts, issued and returned sheets, adjustments, account agreements; on-hand knows its serials."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables and the new column."""
    _on_hand()
    _returned_sheets()
    _count_rows()
    _stocktakes()
    _issued_sheets()
    _sheet_lines()
    _asked_lines()
    _adjustments()
    _adjustment_lines()
    _agreements()
    _agreement_answers()


def _on_hand() -> None:
    op.add_column("on_hand", sa.Column("serials", sa.Text(), server_default="", nullable=False))


def _returned_sheets() -> None:
    op.create_table(
        "returned_sheets",
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_returned_sheets_file_id")),
        sa.PrimaryKeyConstraint("number", "file_id", name=op.f("pk_returned_sheets")),
    )


def _count_rows() -> None:
    op.create_table(
        "count_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("warehouse_key", sa.String(length=80), nullable=False),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("book", sa.BigInteger(), nullable=True),
        sa.Column("counted", sa.BigInteger(), nullable=True),
        sa.Column("damaged", sa.BigInteger(), nullable=True),
        sa.Column("serials", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=80), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("counted_by", sa.String(length=80), nullable=False),
        sa.Column("supervised_by", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_count_rows_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_rows")),
    )
    op.create_index(op.f("ix_count_rows_file_id"), "count_rows", ["file_id"], unique=False)


def _stocktakes() -> None:
    op.create_table(
        "stocktakes",
        sa.Column("stocktake", sa.String(length=80), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("audited_since", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_as", sa.String(length=20), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint("closed_as in ('', 'posted', 'not-adjusted')", name=op.f("ck_stocktakes_closed_as")),
        sa.PrimaryKeyConstraint("stocktake", name=op.f("pk_stocktakes")),
    )
    op.create_index(op.f("ix_stocktakes_period"), "stocktakes", ["period"], unique=False)


def _issued_sheets() -> None:
    op.create_table(
        "issued_sheets",
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("stocktake", sa.String(length=80), nullable=False),
        sa.Column("base", sa.String(length=120), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("custodian", sa.String(length=80), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["stocktake"], ["stocktakes.stocktake"], name=op.f("fk_issued_sheets_stocktake")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_issued_sheets")),
    )
    op.create_index(op.f("ix_issued_sheets_stocktake"), "issued_sheets", ["stocktake"], unique=False)


def _sheet_lines() -> None:
    op.create_table(
        "sheet_lines",
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("warehouse_key", sa.String(length=80), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("warehouse_name", sa.String(length=200), nullable=False),
        sa.Column("quality", sa.String(length=10), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("abc", sa.String(length=4), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("frozen", sa.BigInteger(), nullable=False),
        sa.Column("audited_before", sa.BigInteger(), nullable=False),
        sa.Column("serials", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["issued_sheets.number"], name=op.f("fk_sheet_lines_number")),
        sa.PrimaryKeyConstraint("number", "warehouse_key", "item_key", name=op.f("pk_sheet_lines")),
    )
    op.create_index(
        "ix_sheet_lines_open",
        "sheet_lines",
        ["warehouse_key", "item_key"],
        unique=True,
        sqlite_where=sa.text("open = 1"),
        postgresql_where=sa.text("open"),
    )


def _asked_lines() -> None:
    op.create_table(
        "asked_lines",
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=200), nullable=False),
        sa.Column("stocktake", sa.String(length=80), nullable=False),
        sa.Column("warehouse_key", sa.String(length=80), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_asked_lines_approval_id")),
        sa.ForeignKeyConstraint(["stocktake"], ["stocktakes.stocktake"], name=op.f("fk_asked_lines_stocktake")),
        sa.PrimaryKeyConstraint("approval_id", "line", name=op.f("pk_asked_lines")),
    )
    op.create_index(op.f("ix_asked_lines_stocktake"), "asked_lines", ["stocktake"], unique=False)


def _adjustments() -> None:
    op.create_table(
        "adjustments",
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("stocktake", sa.String(length=80), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("warehouse_key", sa.String(length=80), nullable=False),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction in ('in', 'out')", name=op.f("ck_adjustments_direction")),
        sa.ForeignKeyConstraint(["stocktake"], ["stocktakes.stocktake"], name=op.f("fk_adjustments_stocktake")),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_adjustments")),
        sa.UniqueConstraint(
            "stocktake",
            "warehouse_key",
            "direction",
            "sequence",
            name=op.f("uq_adjustments_stocktake_warehouse_key_direction_sequence"),
        ),
    )
    op.create_index(op.f("ix_adjustments_stocktake"), "adjustments", ["stocktake"], unique=False)


def _adjustment_lines() -> None:
    op.create_table(
        "adjustment_lines",
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("stocktake", sa.String(length=80), nullable=False),
        sa.Column("warehouse_key", sa.String(length=80), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approval_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_adjustment_lines_quantity")),
        sa.ForeignKeyConstraint(["document"], ["adjustments.document"], name=op.f("fk_adjustment_lines_document")),
        sa.PrimaryKeyConstraint("document", "line", name=op.f("pk_adjustment_lines")),
        sa.UniqueConstraint(
            "stocktake", "warehouse_key", "item_key", name=op.f("uq_adjustment_lines_stocktake_warehouse_key_item_key")
        ),
    )


def _agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("period", "site", "digest", name=op.f("uq_agreements_period_site_digest")),
    )


def _agreement_answers() -> None:
    op.create_table(
        "agreement_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("side in ('site', 'department')", name=op.f("ck_agreement_answers_side")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_agreement_answers_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_answers")),
    )
    op.create_index(op.f("ix_agreement_answers_agreement_id"), "agreement_answers", ["agreement_id"], unique=False)
