"""Indexes of the few of a hotel: reservations that wait for their guest, outcomes that somebody must decide."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BOOKED, _UNDECIDED = sa.text("state = 'booked'"), sa.text("outcome = 'undecided'")


def upgrade() -> None:
    """Makes the indexes, so that a night looks at none of the reservations that earlier nights settled."""
    op.create_index(
        "ix_reservations_booked",
        "reservations",
        ["due_in"],
        unique=False,
        sqlite_where=_BOOKED,
        postgresql_where=_BOOKED,
    )
    op.create_index(
        "ix_reservation_outcomes_undecided",
        "reservation_outcomes",
        ["reservation_key"],
        unique=False,
        sqlite_where=_UNDECIDED,
        postgresql_where=_UNDECIDED,
    )
