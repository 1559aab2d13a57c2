"""What stands after a hotel's last close, so that a close writes and seals only the balances that it changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table; the last closed date, which has all of its balances, leaves what stands."""
    op.create_table(
        "standing_balances",
        sa.Column("ledger", sa.String(length=10), nullable=False),
        sa.Column("account_key", sa.String(length=100), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "account_key", name=op.f("pk_standing_balances")),
    )
    op.execute(
        "INSERT INTO standing_balances (ledger, account_key, account, balance, since) "
        "SELECT ledger, account_key, account, balance, business_date FROM ledger_balances "
        "WHERE business_date = (SELECT max(business_date) FROM night_audits WHERE closed_at IS NOT NULL)"
    )
