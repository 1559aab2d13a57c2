"""Approvals of every process: which lines may be left out and were, who may answer and who may not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LISTS = ("lines", "excepted", "approvers", "barred")


def upgrade() -> None:
    """Adds the lists; every approval so far has none."""
    for name in _LISTS:
        op.add_column("approvals", sa.Column(name, sa.Text(), nullable=False, server_default="[]"))
