"""The tables of a hotel's deliveries, the dates that are closed, and what is known of a quarantined row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables; quarantined rows so far are known by no key."""
    op.add_column("quarantined_cells", sa.Column("row_key", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("quarantined_cells", sa.Column("mended_by", sa.Integer(), nullable=True))
    _closed_books()
    _after_close()
    _corporate_accounts()
    _deposits()
    _folio()
    _hotel_room_types()
    _hotel_rooms()
    _members()
    _operation_log()
    _operators()
    _payments()
    _pos_checks()
    _reservations()
    _shifts()
    _stays()


def _closed_books() -> None:
    op.create_table(
        "closed_books",
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("business_date", name=op.f("pk_closed_books")),
    )


def _after_close() -> None:
    op.create_table(
        "after_close",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("delivered", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        *_source(),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_after_close_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_after_close")),
        sa.UniqueConstraint("dataset", "key", "field", "digest", name=op.f("uq_after_close_dataset_key_field_digest")),
    )


def _corporate_accounts() -> None:
    op.create_table(
        "corporate_accounts",
        sa.Column("company_key", sa.String(length=200), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("credit_limit", sa.BigInteger(), nullable=True),
        sa.Column("agreed_discount", sa.Integer(), nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        *_source(),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_corporate_accounts_file_id")),
        sa.PrimaryKeyConstraint("company_key", name=op.f("pk_corporate_accounts")),
    )


def _deposits() -> None:
    op.create_table(
        "deposits",
        sa.Column("number_key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("reservation_key", sa.String(length=80), nullable=False),
        sa.Column("reservation", sa.String(length=80), nullable=False),
        sa.Column("account_key", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("shift_key", sa.String(length=80), nullable=False),
        sa.Column("shift", sa.String(length=80), nullable=False),
        *_source(),
        sa.Column("sealed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_deposits_file_id")),
        sa.PrimaryKeyConstraint("number_key", name=op.f("pk_deposits")),
    )
    op.create_index(op.f("ix_deposits_account_key"), "deposits", ["account_key"], unique=False)
    op.create_index(op.f("ix_deposits_at"), "deposits", ["at"], unique=False)
    op.create_index(op.f("ix_deposits_reservation_key"), "deposits", ["reservation_key"], unique=False)


def _folio() -> None:
    op.create_table(
        "folio",
        sa.Column("number_key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("account_key", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("shift_key", sa.String(length=80), nullable=False),
        sa.Column("shift", sa.String(length=80), nullable=False),
        sa.Column("outlet", sa.String(length=200), nullable=False),
        sa.Column("original_key", sa.String(length=80), nullable=False),
        sa.Column("original", sa.String(length=80), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("night_posting", sa.String(length=80), nullable=False),
        *_source(),
        sa.Column("sealed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_folio_file_id")),
        sa.PrimaryKeyConstraint("number_key", name=op.f("pk_folio")),
    )
    op.create_index(op.f("ix_folio_account_key"), "folio", ["account_key"], unique=False)
    op.create_index(op.f("ix_folio_date"), "folio", ["date"], unique=False)


def _hotel_room_types() -> None:
    op.create_table(
        "hotel_room_types",
        sa.Column("room_type_key", sa.String(length=80), nullable=False),
        sa.Column("room_type", sa.String(length=80), nullable=False),
        sa.Column("rack_rate", sa.BigInteger(), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=True),
        *_source(),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_hotel_room_types_file_id")),
        sa.PrimaryKeyConstraint("room_type_key", name=op.f("pk_hotel_room_types")),
    )


def _hotel_rooms() -> None:
    op.create_table(
        "hotel_rooms",
        sa.Column("room_key", sa.String(length=80), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("room_type", sa.String(length=80), nullable=False),
        sa.Column("floor", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("condition", sa.String(length=20), nullable=False),
        sa.Column("housekeeping", sa.String(length=20), nullable=False),
        *_source(),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_hotel_rooms_file_id")),
        sa.PrimaryKeyConstraint("room_key", name=op.f("pk_hotel_rooms")),
    )


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("member_key", sa.String(length=80), nullable=False),
        sa.Column("member", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("points_per_yuan", sa.BigInteger(), nullable=True),
        *_source(),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_members_file_id")),
        sa.PrimaryKeyConstraint("member_key", name=op.f("pk_members")),
    )


def _operation_log() -> None:
    op.create_table(
        "operation_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("object", sa.String(length=200), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        *_source(),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_operation_log_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation_log")),
        sa.UniqueConstraint("file_id", "sheet", "row", name=op.f("uq_operation_log_file_id_sheet_row")),
    )
    op.create_index(op.f("ix_operation_log_at"), "operation_log", ["at"], unique=False)
    op.create_index(op.f("ix_operation_log_object"), "operation_log", ["object"], unique=False)


def _operators() -> None:
    op.create_table(
        "operators",
        sa.Column("operator_key", sa.String(length=200), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("lowest_discount", sa.Integer(), nullable=False),
        sa.Column("may_delete_locked", sa.String(length=20), nullable=False),
        sa.Column("may_release_audit", sa.String(length=20), nullable=False),
        *_source(),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_operators_file_id")),
        sa.PrimaryKeyConstraint("operator_key", name=op.f("pk_operators")),
    )


def _payments() -> None:
    op.create_table(
        "payments",
        sa.Column("number_key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("account_key", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("shift_key", sa.String(length=80), nullable=False),
        sa.Column("shift", sa.String(length=80), nullable=False),
        sa.Column("original_key", sa.String(length=80), nullable=False),
        sa.Column("original", sa.String(length=80), nullable=False),
        *_source(),
        sa.Column("sealed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_payments_file_id")),
        sa.PrimaryKeyConstraint("number_key", name=op.f("pk_payments")),
    )
    op.create_index(op.f("ix_payments_account_key"), "payments", ["account_key"], unique=False)
    op.create_index(op.f("ix_payments_date"), "payments", ["date"], unique=False)


def _pos_checks() -> None:
    op.create_table(
        "pos_checks",
        sa.Column("check_key", sa.String(length=80), nullable=False),
        sa.Column("check", sa.String(length=80), nullable=False),
        sa.Column("outlet", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("settlement", sa.String(length=20), nullable=False),
        sa.Column("room_key", sa.String(length=80), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("guest", sa.String(length=200), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        *_source(),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_pos_checks_file_id")),
        sa.PrimaryKeyConstraint("check_key", name=op.f("pk_pos_checks")),
    )
    op.create_index(op.f("ix_pos_checks_at"), "pos_checks", ["at"], unique=False)


def _reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("reservation_key", sa.String(length=80), nullable=False),
        sa.Column("reservation", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("booker", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=200), nullable=False),
        sa.Column("room_type", sa.String(length=80), nullable=False),
        sa.Column("room_count", sa.Integer(), nullable=False),
        sa.Column("rooms", sa.Text(), nullable=False),
        sa.Column("due_in", sa.DateTime(), nullable=False),
        sa.Column("due_out", sa.DateTime(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.Integer(), nullable=True),
        sa.Column("discount_reason", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("salesperson", sa.String(length=200), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=True),
        sa.Column("confirmed", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        *_source(),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_reservations_file_id")),
        sa.PrimaryKeyConstraint("reservation_key", name=op.f("pk_reservations")),
    )
    op.create_index(op.f("ix_reservations_due_in"), "reservations", ["due_in"], unique=False)


def _shifts() -> None:
    op.create_table(
        "shifts",
        sa.Column("shift_key", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("shift", sa.String(length=80), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("cash_float", sa.BigInteger(), nullable=True),
        sa.Column("handed_over", sa.BigInteger(), nullable=True),
        *_source(),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_shifts_file_id")),
        sa.PrimaryKeyConstraint("shift_key", "method", name=op.f("pk_shifts")),
    )
    op.create_index(op.f("ix_shifts_date"), "shifts", ["date"], unique=False)


def _stays() -> None:
    op.create_table(
        "stays",
        sa.Column("account_key", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("reservation_key", sa.String(length=80), nullable=False),
        sa.Column("reservation", sa.String(length=80), nullable=False),
        sa.Column("room_key", sa.String(length=80), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("bed", sa.String(length=80), nullable=False),
        sa.Column("guest", sa.String(length=200), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("arrived_at", sa.DateTime(), nullable=False),
        sa.Column("due_out", sa.DateTime(), nullable=False),
        sa.Column("departed_at", sa.DateTime(), nullable=True),
        sa.Column("rack_rate", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("priced_by", sa.String(length=20), nullable=False),
        sa.Column("discount_reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("extra_beds", sa.Integer(), nullable=True),
        sa.Column("extra_bed_fee", sa.BigInteger(), nullable=True),
        sa.Column("breakfast", sa.Text(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=True),
        sa.Column("commission_from", sa.Date(), nullable=True),
        sa.Column("commission_to", sa.Date(), nullable=True),
        sa.Column("connected", sa.Text(), nullable=False),
        sa.Column("group_number", sa.String(length=80), nullable=False),
        sa.Column("member_key", sa.String(length=80), nullable=False),
        sa.Column("member", sa.String(length=80), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("confidential", sa.String(length=20), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        *_source(),
        sa.Column("sealed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_stays_file_id")),
        sa.PrimaryKeyConstraint("account_key", name=op.f("pk_stays")),
    )
    op.create_index(op.f("ix_stays_arrived_at"), "stays", ["arrived_at"], unique=False)
    op.create_index(op.f("ix_stays_departed_at"), "stays", ["departed_at"], unique=False)
    op.create_index(op.f("ix_stays_reservation_key"), "stays", ["reservation_key"], unique=False)


def _source() -> tuple[sa.Column[int], sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
    )
