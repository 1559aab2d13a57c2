"""What the night audit keeps: one audit a business date, its postings, balances, outcomes, seal and papers.

Amounts are in cents. What a hotel's systems delivered stands in `tasks.intake.hotel_tables`. The database itself
refuses every change of a closed date: see the triggers in the migrations.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from tasks.adapters.store import METADATA, Moment

_CODE, _NAME, _DIGEST = String(80), String(200), String(64)

# One audit a date, open until `closed_at` is set. `measures` are the night's counts and revenues, `report` the report
# as it was sealed, `said` what else was sealed (waivers with their reasons, discrepancies), each as JSON.
night_audits = Table(
    "night_audits",
    METADATA,
    Column("business_date", Date, primary_key=True),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("previous_hash", _DIGEST, nullable=False, default=""),
    Column("hash", _DIGEST, nullable=False, default=""),
    Column("measures", Text, nullable=False, default="{}"),
    Column("report", Text, nullable=False, default=""),
    Column("said", Text, nullable=False, default="{}"),
)

# What the close itself posts. The unique key is what makes a second charge impossible.
night_postings = Table(
    "night_postings",
    METADATA,
    Column("number", _CODE, primary_key=True),
    Column("business_date", Date, ForeignKey("night_audits.business_date"), nullable=False),
    Column("account_key", _CODE, nullable=False),
    Column("account", _CODE, nullable=False),
    Column("room_key", _CODE, nullable=False, default=""),
    Column("room", _CODE, nullable=False, default=""),
    Column("item", _NAME, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    UniqueConstraint("account_key", "business_date", "item"),
    Index(None, "business_date"),
)

# The closing balances that a date changed, 0 where nothing is left. A date whose seal does not say so (before migration
# 0014) has all of its closing balances here that are not nothing.
ledger_balances = Table(
    "ledger_balances",
    METADATA,
    Column("business_date", Date, ForeignKey("night_audits.business_date"), primary_key=True),
    Column("ledger", String(10), primary_key=True),
    Column("account_key", String(100), primary_key=True),
    Column("account", _NAME, nullable=False),
    Column("balance", BigInteger, nullable=False),
    CheckConstraint("ledger in ('deposit', 'guest', 'corporate')", name="ledger"),
)

# What stands after the last close and opens the next date: of every holder the balance that is not nothing, `since` the
# date whose close left it. It follows from `ledger_balances`, and saves reading years of dates.
standing_balances = Table(
    "standing_balances",
    METADATA,
    Column("ledger", String(10), primary_key=True),
    Column("account_key", String(100), primary_key=True),
    Column("account", _NAME, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("since", Date, nullable=False),
)

# What sweeps, closes and people made of a reservation, in order; the last one stands. Nothing is ever deleted.
reservation_outcomes = Table(
    "reservation_outcomes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("reservation_key", _CODE, nullable=False, index=True),
    Column("reservation", _CODE, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("business_date", Date, nullable=False, index=True),
    Column("who", String(80), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("recorded_at", Moment, nullable=False),
    CheckConstraint("outcome in ('released', 'no_show', 'undecided', 'restored')", name="outcome"),
    Index(
        "ix_reservation_outcomes_undecided",
        "reservation_key",
        sqlite_where=text("outcome = 'undecided'"),
        postgresql_where=text("outcome = 'undecided'"),
    ),
)

# Commission earned by a room-night, for whoever arranged it; accrued once.
commission_accruals = Table(
    "commission_accruals",
    METADATA,
    Column("business_date", Date, ForeignKey("night_audits.business_date"), primary_key=True),
    Column("account_key", _CODE, primary_key=True),
    Column("account", _CODE, nullable=False),
    Column("room_key", _CODE, nullable=False, default=""),
    Column("room", _CODE, nullable=False, default=""),
    Column("source", _NAME, nullable=False, default=""),
    Column("amount", BigInteger, nullable=False),
)

# Points that a settled bill earned its member; a bill earns once for ever.
points_earned = Table(
    "points_earned",
    METADATA,
    Column("account_key", _CODE, primary_key=True),
    Column("account", _CODE, nullable=False),
    Column("business_date", Date, ForeignKey("night_audits.business_date"), nullable=False, index=True),
    Column("member_key", _CODE, nullable=False),
    Column("member", _CODE, nullable=False),
    Column("points", BigInteger, nullable=False),
)

# The digest of every row that a close rests on; `kind` is the dataset, `number` the row as people know it.
sealed_rows = Table(
    "sealed_rows",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("business_date", Date, ForeignKey("night_audits.business_date"), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("number", _NAME, nullable=False),
    Column("digest", _DIGEST, nullable=False),
)

# The papers of a closed night as they were first made, so that a reprint is the same to the byte.
night_papers = Table(
    "night_papers",
    METADATA,
    Column("business_date", Date, ForeignKey("night_audits.business_date"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("sha256", _DIGEST, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
