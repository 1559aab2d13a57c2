"""The return of damaged parts: what is delivered of it, and batches that are sealed for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SEALED = "{table}: a sealed batch can be neither changed nor deleted"
_NOTHING_MORE = "{table}: nothing can be added to a sealed batch"
# Whatever a sealed batch holds, and by what its rows are known.
_KEYS = {
    "return_batches": "batch = NEW.batch",
    "return_boxes": "batch = NEW.batch AND box_key = NEW.box_key",
    "return_parts": "serial_key = NEW.serial_key",
}
_HELD = ("return_boxes", "return_parts")
_IS_SEALED = "EXISTS (SELECT 1 FROM return_batches WHERE batch = NEW.batch)"


def upgrade() -> None:
    """Makes the tables and the triggers, which raise: a program that forgets its rules must not get its way."""
    _damaged_parts()
    _boxes()
    _repair_events()
    _freight_prices()
    _shipments()
    _return_batches()
    _return_boxes()
    _return_parts()
    _return_papers()
    if op.get_bind().dialect.name == "postgresql":
        _seal_postgresql()
    else:
        _seal_sqlite()


def _source(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Where a row of the table was delivered."""
    return (
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f(f"fk_{table}_file_id")),
    )


def _damaged_parts() -> None:
    op.create_table(
        "damaged_parts",
        sa.Column("serial_key", sa.String(length=80), nullable=False),
        sa.Column("serial", sa.String(length=80), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("turbine", sa.String(length=80), nullable=False),
        sa.Column("replaced_by", sa.String(length=80), nullable=False),
        sa.Column("replaced_on", sa.Date(), nullable=True),
        sa.Column("new_serial_key", sa.String(length=80), nullable=False),
        sa.Column("new_serial", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by_person", sa.String(length=20), nullable=False),
        sa.Column("box_key", sa.String(length=80), nullable=False),
        sa.Column("box", sa.String(length=80), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        *_source("damaged_parts"),
        sa.Column("sealed_in", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("serial_key", name=op.f("pk_damaged_parts")),
    )
    op.create_index(op.f("ix_damaged_parts_registered_on"), "damaged_parts", ["registered_on"], unique=False)
    op.create_index(
        "ix_damaged_parts_waiting",
        "damaged_parts",
        ["site"],
        unique=False,
        sqlite_where=sa.text("sealed_in IS NULL"),
        postgresql_where=sa.text("sealed_in IS NULL"),
    )


def _boxes() -> None:
    op.create_table(
        "boxes",
        sa.Column("box_key", sa.String(length=80), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("box", sa.String(length=80), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("packing", sa.String(length=80), nullable=False),
        sa.Column("plastic", sa.String(length=20), nullable=False),
        sa.Column("separators", sa.String(length=20), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=True),
        *_source("boxes"),
        sa.PrimaryKeyConstraint("box_key", "site", name=op.f("pk_boxes")),
    )


def _repair_events() -> None:
    op.create_table(
        "repair_events",
        sa.Column("serial_key", sa.String(length=80), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("serial", sa.String(length=80), nullable=False),
        sa.Column("maker", sa.String(length=200), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("new_serial_key", sa.String(length=80), nullable=False),
        sa.Column("new_serial", sa.String(length=80), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        *_source("repair_events"),
        sa.PrimaryKeyConstraint("serial_key", "date", "event", name=op.f("pk_repair_events")),
    )
    op.create_index(op.f("ix_repair_events_date"), "repair_events", ["date"], unique=False)


def _freight_prices() -> None:
    op.create_table(
        "freight_prices",
        sa.Column("origin_key", sa.String(length=200), nullable=False),
        sa.Column("destination_key", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("destination", sa.String(length=200), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        *_source("freight_prices"),
        sa.PrimaryKeyConstraint(
            "origin_key", "destination_key", "mode", "effective_on", name=op.f("pk_freight_prices")
        ),
    )


def _shipments() -> None:
    op.create_table(
        "shipments",
        sa.Column("number_key", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("origin_key", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("destination_key", sa.String(length=200), nullable=False),
        sa.Column("destination", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("batch_key", sa.String(length=80), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("application_key", sa.String(length=80), nullable=False),
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        *_source("shipments"),
        sa.PrimaryKeyConstraint("number_key", name=op.f("pk_shipments")),
    )
    op.create_index(op.f("ix_shipments_batch_key"), "shipments", ["batch_key"], unique=False)
    op.create_index(op.f("ix_shipments_date"), "shipments", ["date"], unique=False)


def _return_batches() -> None:
    op.create_table(
        "return_batches",
        sa.Column("batch", sa.String(length=120), nullable=False),
        sa.Column("batch_key", sa.String(length=120), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("boxes", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cause in ('days', 'volume')", name=op.f("ck_return_batches_cause")),
        sa.CheckConstraint("parts > 0", name=op.f("ck_return_batches_parts")),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_return_batches")),
        sa.UniqueConstraint("batch_key", name=op.f("uq_return_batches_batch_key")),
        sa.UniqueConstraint("site", "date", "sequence", name=op.f("uq_return_batches_site_date_sequence")),
    )
    op.create_index(op.f("ix_return_batches_date"), "return_batches", ["date"], unique=False)


def _return_boxes() -> None:
    op.create_table(
        "return_boxes",
        sa.Column("batch", sa.String(length=120), nullable=False),
        sa.Column("box_key", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("box", sa.String(length=80), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=True),
        sa.Column("packing", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["return_batches.batch"],
            name=op.f("fk_return_boxes_batch"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("batch", "box_key", name=op.f("pk_return_boxes")),
    )


def _return_parts() -> None:
    op.create_table(
        "return_parts",
        sa.Column("serial_key", sa.String(length=80), nullable=False),
        sa.Column("batch", sa.String(length=120), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("box_key", sa.String(length=80), nullable=False),
        sa.Column("box", sa.String(length=80), nullable=False),
        sa.Column("serial", sa.String(length=80), nullable=False),
        sa.Column("new_serial_key", sa.String(length=80), nullable=False),
        sa.Column("new_serial", sa.String(length=80), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("turbine", sa.String(length=80), nullable=False),
        sa.Column("replaced_by", sa.String(length=80), nullable=False),
        sa.Column("replaced_on", sa.Date(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("item_class", sa.String(length=4), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("flag", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("warehouse_key", sa.String(length=80), nullable=False),
        sa.Column("unit_volume", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_parts_quantity")),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["return_batches.batch"],
            name=op.f("fk_return_parts_batch"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("serial_key", name=op.f("pk_return_parts")),
        sa.UniqueConstraint("batch", "line", name=op.f("uq_return_parts_batch_line")),
    )
    op.create_index(op.f("ix_return_parts_batch"), "return_parts", ["batch"], unique=False)
    op.create_index(op.f("ix_return_parts_new_serial_key"), "return_parts", ["new_serial_key"], unique=False)


def _return_papers() -> None:
    op.create_table(
        "return_papers",
        sa.Column("batch", sa.String(length=120), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["return_batches.batch"], name=op.f("fk_return_papers_batch")),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_return_papers")),
    )


def _seal_sqlite() -> None:
    for table, same in _KEYS.items():
        said = _SEALED.format(table=table)
        for event in ("UPDATE", "DELETE"):
            _abort(f"{table}_sealed_{event.lower()}", f"{event} ON {table}", "1", said)
        # INSERT OR REPLACE deletes without a word to the trigger of deletions.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own tables alone
        _abort(f"{table}_sealed_replace", f"INSERT ON {table}", there, said)
    for table in _HELD:
        _abort(f"{table}_sealed_insert", f"INSERT ON {table}", _IS_SEALED, _NOTHING_MORE.format(table=table))


def _abort(name: str, event: str, when: str, said: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} BEGIN SELECT RAISE(ABORT, '{said}'); END")


def _seal_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION returns_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in _KEYS:
        refuse = f"EXECUTE FUNCTION returns_refuse('{_SEALED.format(table=table)}')"
        op.execute(f"CREATE TRIGGER {table}_sealed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_truncated BEFORE TRUNCATE ON {table} {refuse}")
    for table in _HELD:
        op.execute(
            f"CREATE FUNCTION returns_refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {_IS_SEALED} "
            f"THEN RAISE EXCEPTION '{_NOTHING_MORE.format(table=table)}' USING ERRCODE = 'restrict_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        at = f"BEFORE INSERT ON {table} FOR EACH ROW"
        op.execute(f"CREATE TRIGGER {table}_sealed_insert {at} EXECUTE FUNCTION returns_refuse_{table}()")
