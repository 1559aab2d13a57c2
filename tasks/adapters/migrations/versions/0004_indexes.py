"""Indexes that lead to a date's work alone: the one of withdrawn rows holds no others, one that served nobody goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the index of withdrawn rows anew and drops the unused one."""
    op.drop_index(op.f("ix_ledger_rows_warehouse_item_key_date"), table_name="ledger_rows")
    op.drop_index(op.f("ix_ledger_rows_withdrawn_by"), table_name="ledger_rows")
    op.create_index(
        "ix_ledger_rows_withdrawn_by",
        "ledger_rows",
        ["withdrawn_by"],
        unique=False,
        sqlite_where=sa.text("withdrawn_by IS NOT NULL"),
        postgresql_where=sa.text("withdrawn_by IS NOT NULL"),
    )
