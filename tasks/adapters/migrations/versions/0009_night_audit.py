"""What the night audit keeps, and triggers by which the database refuses every change of a closed date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Their rows belong to a date: none may change or go once it is closed.
_OF_DATE = ("night_postings", "ledger_balances", "commission_accruals", "points_earned", "sealed_rows")
# Rows that nobody ever changes, whatever is open.
_FOR_EVER = ("reservation_outcomes", "night_papers")


def upgrade() -> None:
    """Makes the tables and their triggers."""
    _audits()
    _postings()
    _balances()
    _outcomes()
    _accruals()
    _points()
    _seals()
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        _function()
    closed = (
        "EXISTS (SELECT 1 FROM night_audits a WHERE a.business_date = OLD.business_date AND a.closed_at IS NOT NULL)"
    )
    for table in _OF_DATE:
        _refuse(table, closed, sqlite=sqlite)
    for table in _FOR_EVER:
        _refuse(table, "1 = 1", sqlite=sqlite)
    _refuse("night_audits", "OLD.closed_at IS NOT NULL", sqlite=sqlite)


def _refuse(table: str, when: str, *, sqlite: bool) -> None:
    for what in ("UPDATE", "DELETE"):
        name = f"{table}_closed_{what.lower()}"
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, 'the business date is closed'); END"
            )
        else:
            # PostgreSQL allows no query in WHEN, so the function asks it.
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW "
                f"EXECUTE FUNCTION daybook_refuse_closed('{_asked(table)}')"
            )


def _asked(table: str) -> str:
    return "always" if table in _FOR_EVER else "audit" if table == "night_audits" else "date"


def _function() -> None:
    op.execute(
        """
        CREATE FUNCTION daybook_refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            closed boolean;
        BEGIN
            IF TG_ARGV[0] = 'always' THEN
                closed := true;
            ELSIF TG_ARGV[0] = 'audit' THEN
                closed := OLD.closed_at IS NOT NULL;
            ELSE
                SELECT EXISTS (
                    SELECT 1 FROM night_audits a WHERE a.business_date = OLD.business_date AND a.closed_at IS NOT NULL
                ) INTO closed;
            END IF;
            IF closed THEN
                RAISE EXCEPTION 'the business date is closed';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        END
        $$
        """
    )


def _audits() -> None:
    op.create_table(
        "night_audits",
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("business_date", name=op.f("pk_night_audits")),
    )


def _of_audit(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["business_date"], ["night_audits.business_date"], name=op.f(f"fk_{table}_business_date")
    )


def _postings() -> None:
    op.create_table(
        "night_postings",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("account_key", sa.String(80), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("room_key", sa.String(80), nullable=False),
        sa.Column("room", sa.String(80), nullable=False),
        sa.Column("item", sa.String(200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_night_postings")),
        sa.UniqueConstraint(
            "account_key", "business_date", "item", name=op.f("uq_night_postings_account_key_business_date_item")
        ),
        _of_audit("night_postings"),
    )
    op.create_index(op.f("ix_night_postings_business_date"), "night_postings", ["business_date"])


def _balances() -> None:
    op.create_table(
        "ledger_balances",
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("ledger", sa.String(10), nullable=False),
        sa.Column("account_key", sa.String(100), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("business_date", "ledger", "account_key", name=op.f("pk_ledger_balances")),
        sa.CheckConstraint("ledger in ('deposit', 'guest', 'corporate')", name=op.f("ck_ledger_balances_ledger")),
        _of_audit("ledger_balances"),
    )


def _outcomes() -> None:
    op.create_table(
        "reservation_outcomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reservation_key", sa.String(80), nullable=False),
        sa.Column("reservation", sa.String(80), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation_outcomes")),
        sa.CheckConstraint(
            "outcome in ('released', 'no_show', 'undecided', 'restored')", name=op.f("ck_reservation_outcomes_outcome")
        ),
    )
    for column in ("reservation_key", "business_date"):
        op.create_index(op.f(f"ix_reservation_outcomes_{column}"), "reservation_outcomes", [column])


def _accruals() -> None:
    op.create_table(
        "commission_accruals",
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("account_key", sa.String(80), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("room_key", sa.String(80), nullable=False),
        sa.Column("room", sa.String(80), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("business_date", "account_key", name=op.f("pk_commission_accruals")),
        _of_audit("commission_accruals"),
    )


def _points() -> None:
    op.create_table(
        "points_earned",
        sa.Column("account_key", sa.String(80), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("member_key", sa.String(80), nullable=False),
        sa.Column("member", sa.String(80), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_key", name=op.f("pk_points_earned")),
        _of_audit("points_earned"),
    )
    op.create_index(op.f("ix_points_earned_business_date"), "points_earned", ["business_date"])


def _seals() -> None:
    op.create_table(
        "sealed_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_rows")),
        _of_audit("sealed_rows"),
    )
    op.create_index(op.f("ix_sealed_rows_business_date"), "sealed_rows", ["business_date"])
    op.create_table(
        "night_papers",
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("business_date", "name", name=op.f("pk_night_papers")),
        _of_audit("night_papers"),
    )
