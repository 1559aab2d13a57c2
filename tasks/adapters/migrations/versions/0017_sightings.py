"""The sightings of a break stand under its date, so that those of one night lie together whatever its breaks' ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Gives each sighting the date of its break, and has it lead the key."""
    op.add_column("break_sightings", sa.Column("date", sa.Date(), nullable=True))
    op.execute(
        "UPDATE break_sightings SET date = (SELECT breaks.date FROM breaks WHERE breaks.id = break_sightings.break_id)"
    )
    with op.batch_alter_table("break_sightings") as table:
        table.alter_column("date", existing_type=sa.Date(), nullable=False)
        table.drop_constraint(op.f("pk_break_sightings"), type_="primary")
        table.create_primary_key(op.f("pk_break_sightings"), ["date", "break_id", "period"])
