"""What the survey keeps: complaint cases, actions and commendations, the counts of its periods."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NUMBERS = ("n5", "n4", "n3", "n2", "n1", "blank", "unknown", "not_applicable")
_WEIGHTS = ("w5", "w4", "w3", "w2", "w1", "w_returned", "w2_returned", "w_answered", "w2_answered")


def upgrade() -> None:
    """Makes the tables."""
    _cases()
    _measures()
    _events("survey_case_events", "case", "survey_cases.case")
    _events("survey_measure_events", "number", "survey_measures.number")
    _periods()


def _text(name: str, length: int = 80) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _day(name: str, *, blank: bool = False) -> sa.Column[dt.date]:
    return sa.Column(name, sa.Date(), nullable=blank)


def _cases() -> None:
    op.create_table(
        "survey_cases",
        sa.Column("case", sa.Integer(), autoincrement=False, nullable=False),
        _text("form_key"),
        _text("item", 32),
        _long("question"),
        _text("form"),
        _long("name"),
        _text("department"),
        _text("handled_by"),
        _text("sort", 20),
        _text("state", 20),
        _long("measure"),
        _text("owner"),
        _text("customer", 200),
        _long("remark"),
        _text("ref", 200),
        _day("period"),
        _day("opened_on"),
        _day("due_on"),
        _day("handled_on", blank=True),
        _day("called_on", blank=True),
        _day("closed_on", blank=True),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'handled', 'closed', 'withdrawn')", name=op.f("ck_survey_cases_state")),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_survey_cases")),
        sa.UniqueConstraint("form_key", "item", "period", name=op.f("uq_survey_cases_form_key_item_period")),
    )


def _measures() -> None:
    op.create_table(
        "survey_measures",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _text("kind", 20),
        _text("department"),
        _day("period"),
        _text("measure", 20),
        _text("state", 20),
        _long("reason"),
        _text("owner"),
        _day("opened_on"),
        _day("due_on", blank=True),
        _day("closed_on", blank=True),
        _text("value", 60),
        _text("target", 60),
        sa.CheckConstraint(
            "state in ('open', 'done', 'verified', 'given', 'withdrawn')", name=op.f("ck_survey_measures_state")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_survey_measures")),
        sa.UniqueConstraint(
            "kind", "department", "period", "measure", name=op.f("uq_survey_measures_kind_department_period_measure")
        ),
    )


def _events(table: str, name: str, target: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(name, sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("who"),
        _text("action", 20),
        _long("reason"),
        _long("before"),
        _long("after"),
        sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{table}_{name}")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_{name}"), table, [name], unique=False)


def _periods() -> None:
    op.create_table(
        "survey_periods",
        _day("period"),
        _text("reading", 64),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Boolean(), nullable=False),
        _long("told"),
        _day("counted_on"),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_survey_periods")),
    )
    op.create_table(
        "survey_counts",
        _day("period"),
        sa.Column("place", sa.Integer(), nullable=False),
        _text("dimension", 40),
        _text("value", 200),
        _long("question"),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in (*_NUMBERS, *_WEIGHTS)),
        sa.ForeignKeyConstraint(["period"], ["survey_periods.period"], name=op.f("fk_survey_counts_period")),
        sa.PrimaryKeyConstraint("period", "place", name=op.f("pk_survey_counts")),
    )
    op.create_table(
        "survey_questions",
        _day("period"),
        sa.Column("place", sa.Integer(), nullable=False),
        _long("question"),
        _long("name"),
        _text("group", 200),
        sa.ForeignKeyConstraint(["period"], ["survey_periods.period"], name=op.f("fk_survey_questions_period")),
        sa.PrimaryKeyConstraint("period", "place", name=op.f("pk_survey_questions")),
    )
