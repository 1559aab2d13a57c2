"""The tables of intake and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes every table that intake and the outbox keep."""
    _files()
    _outbox()
    _changes()
    _departments()
    _erp_lines()
    _exception_answers()
    _items()
    _late_notices()
    _ledger_rows()
    _on_hand()
    _quarantined_cells()
    _row_counts()
    _sites()
    _warehouses()


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=True),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("no_movement", sa.Boolean(), nullable=False),
        sa.Column("archived_as", sa.Text(), nullable=False),
        sa.CheckConstraint("state in ('read', 'refused')", name=op.f("ck_files_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("dataset", "sha256", name=op.f("uq_files_dataset_sha256")),
    )
    op.create_index(op.f("ix_files_dataset_period"), "files", ["dataset", "period"], unique=False)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body_path", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_answer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('queued', 'claimed', 'sent', 'failed', 'possibly-delivered')", name=op.f("ck_outbox_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    op.create_index(op.f("ix_outbox_state_next_attempt_at"), "outbox", ["state", "next_attempt_at"], unique=False)


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=40), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_changes_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_dataset_key"), "changes", ["dataset", "key"], unique=False)


def _departments() -> None:
    op.create_table(
        "departments",
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("manager", sa.String(length=80), nullable=False),
        sa.Column("clerk", sa.String(length=80), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_departments_file_id")),
        sa.PrimaryKeyConstraint("department", name=op.f("pk_departments")),
    )


def _erp_lines() -> None:
    op.create_table(
        "erp_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=80), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("red", sa.Boolean(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("warehouse_key", sa.String(length=80), nullable=False),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("transfer_order", sa.String(length=80), nullable=False),
        sa.Column("from_warehouse", sa.String(length=80), nullable=False),
        sa.Column("to_warehouse", sa.String(length=80), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=True),
        sa.Column("audited_by", sa.String(length=80), nullable=False),
        sa.Column("audited_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("matched_by", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_erp_lines_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erp_lines")),
        sa.UniqueConstraint("document", "line", name=op.f("uq_erp_lines_document_line")),
    )
    op.create_index(op.f("ix_erp_lines_date_warehouse_key"), "erp_lines", ["date", "warehouse_key"], unique=False)
    op.create_index(
        "ix_erp_lines_open",
        "erp_lines",
        ["date"],
        unique=False,
        sqlite_where=sa.text("matched_by IS NULL"),
        postgresql_where=sa.text("matched_by IS NULL"),
    )
    op.create_index(op.f("ix_erp_lines_transfer_order"), "erp_lines", ["transfer_order"], unique=False)


def _exception_answers() -> None:
    op.create_table(
        "exception_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("break_id", sa.String(length=40), nullable=False),
        sa.Column("treatment", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=80), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_exception_answers_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exception_answers")),
        sa.UniqueConstraint("file_id", "sheet", "row", name=op.f("uq_exception_answers_file_id_sheet_row")),
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("item_class", sa.String(length=4), nullable=False),
        sa.Column("abc", sa.String(length=4), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("unit_volume", sa.BigInteger(), nullable=True),
        sa.Column("shelf_life_days", sa.Integer(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_items_file_id")),
        sa.PrimaryKeyConstraint("item_key", name=op.f("pk_items")),
    )


def _late_notices() -> None:
    op.create_table(
        "late_notices",
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_late_notices_file_id")),
        sa.PrimaryKeyConstraint("site", "date", name=op.f("pk_late_notices")),
    )


def _ledger_rows() -> None:
    op.create_table(
        "ledger_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("stated_balance", sa.BigInteger(), nullable=True),
        sa.Column("handler", sa.String(length=80), nullable=False),
        sa.Column("turbine", sa.String(length=80), nullable=False),
        sa.Column("transfer_order", sa.String(length=80), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("sequence", sa.String(length=40), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.Column("amended", sa.Boolean(), nullable=False),
        sa.Column("matched_by", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_ledger_rows_file_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["ledger_rows.id"], name=op.f("fk_ledger_rows_replaced_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["files.id"], name=op.f("fk_ledger_rows_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_rows")),
        sa.UniqueConstraint(
            "site", "date", "content_key", "place", name=op.f("uq_ledger_rows_site_date_content_key_place")
        ),
    )
    op.create_index(op.f("ix_ledger_rows_date_site"), "ledger_rows", ["date", "site"], unique=False)
    op.create_index(
        "ix_ledger_rows_open",
        "ledger_rows",
        ["date"],
        unique=False,
        sqlite_where=sa.text("matched_by IS NULL"),
        postgresql_where=sa.text("matched_by IS NULL"),
    )
    op.create_index(op.f("ix_ledger_rows_withdrawn_by"), "ledger_rows", ["withdrawn_by"], unique=False)


def _on_hand() -> None:
    op.create_table(
        "on_hand",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("warehouse_key", sa.String(length=80), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_on_hand_file_id")),
        sa.PrimaryKeyConstraint("date", "warehouse_key", "item_key", name=op.f("pk_on_hand")),
    )


def _quarantined_cells() -> None:
    op.create_table(
        "quarantined_cells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Date(), nullable=True),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_quarantined_cells_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_cells")),
    )
    op.create_index(op.f("ix_quarantined_cells_file_id"), "quarantined_cells", ["file_id"], unique=False)
    op.create_index(
        op.f("ix_quarantined_cells_period_dataset"), "quarantined_cells", ["period", "dataset"], unique=False
    )


def _row_counts() -> None:
    op.create_table(
        "row_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Date(), nullable=True),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.Column("ignored", sa.Integer(), nullable=False),
        sa.CheckConstraint("read = accepted + quarantined + repeated", name=op.f("ck_row_counts_conservation")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_row_counts_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_counts")),
    )
    op.create_index(op.f("ix_row_counts_file_id"), "row_counts", ["file_id"], unique=False)
    op.create_index(op.f("ix_row_counts_period_dataset"), "row_counts", ["period", "dataset"], unique=False)


def _sites() -> None:
    op.create_table(
        "sites",
        sa.Column("site_key", sa.String(length=80), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("site_name", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("representative", sa.String(length=80), nullable=False),
        sa.Column("custodian", sa.String(length=80), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_sites_file_id")),
        sa.PrimaryKeyConstraint("site_key", name=op.f("pk_sites")),
    )


def _warehouses() -> None:
    op.create_table(
        "warehouses",
        sa.Column("warehouse_key", sa.String(length=80), nullable=False),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("warehouse_name", sa.String(length=200), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("quality", sa.String(length=10), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.CheckConstraint("quality in ('good', 'damaged')", name=op.f("ck_warehouses_quality")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_warehouses_file_id")),
        sa.PrimaryKeyConstraint("warehouse_key", name=op.f("pk_warehouses")),
    )
