"""Indexes of the few: answers that wait, answers that a date carried out, a date's notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WAITING = sa.text("applied_at IS NULL")


def upgrade() -> None:
    """Makes the indexes, so that a day's run looks at none of the answers and notices of the years before it."""
    op.create_index(
        "ix_exception_answers_waiting",
        "exception_answers",
        ["id"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index(op.f("ix_exception_answers_applied_for"), "exception_answers", ["applied_for"], unique=False)
    op.create_index(op.f("ix_late_notices_date"), "late_notices", ["date"], unique=False)
