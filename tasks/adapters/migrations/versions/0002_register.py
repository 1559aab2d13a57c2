"""The register of runs, breaks and approvals, and the indexes by which a day finds its older lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the register and the indexes."""
    _approvals()
    _breaks()
    _runs()
    _break_events()
    _break_sightings()
    _indexes_of_intake()


def _approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_by", sa.String(length=80), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'approved', 'rejected')", name=op.f("ck_approvals_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_subject_subject_id"), "approvals", ["subject", "subject_id"], unique=False)


def _breaks() -> None:
    op.create_table(
        "breaks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("refs", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("last_period", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'explained', 'resolved', 'reopened', 'written-off')", name=op.f("ck_breaks_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaks")),
    )
    op.create_index(op.f("ix_breaks_flow_state"), "breaks", ["flow", "state"], unique=False)


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_flow_period"), "runs", ["flow", "period"], unique=False)


def _break_events() -> None:
    op.create_table(
        "break_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("break_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["break_id"], ["breaks.id"], name=op.f("fk_break_events_break_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_events")),
    )
    op.create_index(op.f("ix_break_events_break_id"), "break_events", ["break_id"], unique=False)


def _break_sightings() -> None:
    op.create_table(
        "break_sightings",
        sa.Column("break_id", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["break_id"], ["breaks.id"], name=op.f("fk_break_sightings_break_id")),
        sa.PrimaryKeyConstraint("break_id", "period", name=op.f("pk_break_sightings")),
    )
    op.create_index(op.f("ix_break_sightings_flow_period"), "break_sightings", ["flow", "period"], unique=False)


def _indexes_of_intake() -> None:
    op.add_column("exception_answers", sa.Column("applied_for", sa.Date(), nullable=True))
    op.create_index(op.f("ix_erp_lines_category_date"), "erp_lines", ["category", "date"], unique=False)
    op.create_index(
        "ix_erp_lines_unaudited",
        "erp_lines",
        ["date"],
        unique=False,
        sqlite_where=sa.text("audited_by = '' AND audited_on IS NULL"),
        postgresql_where=sa.text("audited_by = '' AND audited_on IS NULL"),
    )
    op.create_index(
        op.f("ix_erp_lines_warehouse_key_item_key_date"),
        "erp_lines",
        ["warehouse_key", "item_key", "date"],
        unique=False,
    )
    op.create_index(op.f("ix_ledger_rows_category_date"), "ledger_rows", ["category", "date"], unique=False)
    op.create_index(
        op.f("ix_ledger_rows_warehouse_item_key_date"), "ledger_rows", ["warehouse", "item_key", "date"], unique=False
    )
    op.create_index(op.f("ix_on_hand_warehouse_key_date"), "on_hand", ["warehouse_key", "date"], unique=False)
