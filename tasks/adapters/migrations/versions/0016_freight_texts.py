"""What a shipment's freight says stands beside its amount, for it may name the shipment that bears it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the column, fills it with the amounts that are kept, and lets an amount be blank."""
    op.add_column("shipments", sa.Column("freight", sa.Text(), server_default="", nullable=False))
    connection = op.get_bind()
    shipments = sa.Table("shipments", sa.MetaData(), autoload_with=connection)
    kept = connection.execute(sa.select(shipments.c.number_key, shipments.c.cost)).all()
    if kept:
        one = shipments.update().where(shipments.c.number_key == sa.bindparam("key"))
        written = [{"key": row.number_key, "said": f"{row.cost // 100}.{row.cost % 100:02d}"} for row in kept]
        connection.execute(one.values(freight=sa.bindparam("said")), written)
    with op.batch_alter_table("shipments") as table:
        table.alter_column("cost", existing_type=sa.BigInteger(), nullable=True)
