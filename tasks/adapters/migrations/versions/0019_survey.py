"""The satisfaction survey: forms returned and the layouts of their sheets, forms sent, calls after a service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "survey_layouts",
        _text("layout", 32),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("layout", name=op.f("pk_survey_layouts")),
    )
    _responses()
    _dispatches()
    _followups()


def _text(name: str, length: int = 80) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _source() -> tuple[sa.Column[int], sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
    )


def _of_file(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f(f"fk_{table}_file_id"))


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _responses() -> None:
    op.create_table(
        "responses",
        _text("form_key"),
        _text("content_key", 32),
        _text("form"),
        _text("survey_period", 200),
        sa.Column("counted_in", sa.Date(), nullable=False),
        _text("department"),
        _text("product", 200),
        _text("channel", 200),
        _text("customer", 200),
        _text("customer_key", 200),
        _text("member", 20),
        sa.Column("returned_on", sa.Date(), nullable=True),
        _text("overall", 200),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=True),
        _text("layout", 32),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        *_source(),
        _of_file("responses"),
        sa.PrimaryKeyConstraint("form_key", "content_key", name=op.f("pk_responses")),
    )
    _indexes("responses", "counted_in", "delivered", "customer_key")


def _dispatches() -> None:
    op.create_table(
        "dispatches",
        _text("form_key"),
        sa.Column("sent_in", sa.Date(), nullable=False),
        _text("form"),
        _text("department"),
        _text("customer", 200),
        _text("customer_key", 200),
        sa.Column("sent_on", sa.Date(), nullable=False),
        _text("member", 20),
        *_source(),
        _of_file("dispatches"),
        sa.PrimaryKeyConstraint("form_key", "sent_in", name=op.f("pk_dispatches")),
    )
    _indexes("dispatches", "sent_on", "customer_key")


def _followups() -> None:
    op.create_table(
        "followups",
        _text("customer_key", 200),
        sa.Column("service_on", sa.Date(), nullable=False),
        _text("customer", 200),
        sa.Column("called_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        _text("caller"),
        *_source(),
        _of_file("followups"),
        sa.PrimaryKeyConstraint("customer_key", "service_on", name=op.f("pk_followups")),
    )
    _indexes("followups", "service_on")
