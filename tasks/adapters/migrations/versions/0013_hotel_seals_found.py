"""Indexes of a hotel's sealed rows and of the postings that its system brings back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SEALED = ("folio", "payments", "deposits", "stays")
_RETURNED = sa.text("night_posting <> ''")


def upgrade() -> None:
    """Makes the indexes, so that neither a night nor its verification goes through all that earlier nights sealed."""
    for table in _SEALED:
        op.create_index(f"ix_{table}_sealed_on", table, ["sealed_on"], unique=False)
    op.create_index(
        "ix_folio_returned",
        "folio",
        ["file_id"],
        unique=False,
        sqlite_where=_RETURNED,
        postgresql_where=_RETURNED,
    )
