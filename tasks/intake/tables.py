"""What was delivered: files, counts, quarantined cells, master data, ledger rows, ERP lines, on-hand.

Quantities and prices are integers scaled by 10,000, volumes by 1,000,000. Codes stand twice: as delivered and
as `..._key`, normalised for comparing. Every row names the file, sheet and row that it came from.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from tasks.adapters.store import METADATA, Moment

ROW_KEY_CHARACTERS = 200


def source_columns() -> tuple[Column[int], Column[str], Column[int]]:
    """The columns that say where a row came from: its file, sheet and row there."""
    return (
        Column("file_id", Integer, ForeignKey("files.id"), nullable=False),
        Column("sheet", String(200), nullable=False),
        Column("row", Integer, nullable=False),
    )


# state: "read", or "refused" by the named reason; a refused content is tried again when it is dropped again.
files = Table(
    "files",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("dataset", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("period", Date),
    Column("site", String(80), nullable=False, default=""),
    Column("no_movement", Boolean, nullable=False, default=False),
    Column("archived_as", Text, nullable=False, default=""),
    UniqueConstraint("dataset", "sha256"),
    CheckConstraint("state in ('read', 'refused')", name="state"),
    Index(None, "dataset", "period"),
)

# A row counts to the date that its file is for (the stated date or the one in its name), else to its own date.
# period is null for master data.
row_counts = Table(
    "row_counts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("file_id", Integer, ForeignKey("files.id"), nullable=False, index=True),
    Column("dataset", String(40), nullable=False),
    Column("period", Date),
    Column("read", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("repeated", Integer, nullable=False),
    Column("ignored", Integer, nullable=False),
    CheckConstraint("read = accepted + quarantined + repeated", name="conservation"),
    Index(None, "period", "dataset"),
)

# One row a bad cell: a quarantined data row with two bad cells stands here twice and counts once. Of a hotel's row
# `row_key` is what it is known by, and `mended_by` the later file in which it came again without a fault; of a count
# sheet's row `row_key` is the number of the sheet.
quarantined_cells = Table(
    "quarantined_cells",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("dataset", String(40), nullable=False),
    Column("period", Date),
    Column("site", String(80), nullable=False, default=""),
    *source_columns(),
    Column("column", String(200), nullable=False, default=""),
    Column("value", Text, nullable=False, default=""),
    Column("reason", Text, nullable=False),
    Column("row_key", String(ROW_KEY_CHARACTERS), nullable=False, default=""),
    Column("mended_by", Integer),
    Index(None, "period", "dataset"),
    Index(None, "file_id"),
)

# Who/what/when of every overwritten value: a later file updates a row by its key, the value before is kept here.
changes = Table(
    "changes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("dataset", String(40), nullable=False),
    Column("key", Text, nullable=False),
    Column("field", String(80), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("file_id", Integer, ForeignKey("files.id"), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index(None, "dataset", "key"),
)

items = Table(
    "items",
    METADATA,
    Column("item_key", String(80), primary_key=True),
    Column("item", String(80), nullable=False),
    Column("item_name", Text, nullable=False),
    Column("specification", Text, nullable=False, default=""),
    Column("unit", String(40), nullable=False, default=""),
    Column("sort", String(20), nullable=False, default=""),  # tool / spare / consumable / ""
    Column("item_class", String(4), nullable=False, default=""),  # I / II / ""
    Column("abc", String(4), nullable=False, default=""),
    Column("unit_price", BigInteger),
    Column("unit_volume", BigInteger),
    Column("shelf_life_days", Integer),
    Column("warranty_until", Date),
    *source_columns(),
)

departments = Table(
    "departments",
    METADATA,
    Column("department", String(80), primary_key=True),
    Column("manager", String(80), nullable=False, default=""),
    Column("clerk", String(80), nullable=False, default=""),
    Column("email", Text, nullable=False, default=""),
    *source_columns(),
)

sites = Table(
    "sites",
    METADATA,
    Column("site_key", String(80), primary_key=True),
    Column("site", String(80), nullable=False),
    Column("site_name", String(200), nullable=False),
    Column("department", String(80), nullable=False),
    Column("representative", String(80), nullable=False, default=""),
    Column("custodian", String(80), nullable=False, default=""),
    Column("email", Text, nullable=False, default=""),
    Column("active_from", Date),
    Column("active_to", Date),
    *source_columns(),
)

# site holds the site's code as in `sites.site`, or "" for a store of a department or of production management.
warehouses = Table(
    "warehouses",
    METADATA,
    Column("warehouse_key", String(80), primary_key=True),
    Column("warehouse", String(80), nullable=False),
    Column("warehouse_name", String(200), nullable=False),
    Column("site", String(80), nullable=False, default=""),
    Column("department", String(80), nullable=False, default=""),
    Column("quality", String(10), nullable=False),
    Column("tier", String(20), nullable=False, default=""),  # site / department / production
    *source_columns(),
    CheckConstraint("quality in ('good', 'damaged')", name="quality"),
)

late_notices = Table(
    "late_notices",
    METADATA,
    Column("site", String(80), primary_key=True),
    Column("date", Date, primary_key=True),
    Column("reason", Text, nullable=False),
    *source_columns(),
    Index(None, "date"),
)

# One site and day, one place for each of its rows. `content_key` is a hash of the row's content (without 序号),
# `place` counts equal rows from 1, `number` is what people see in references. `withdrawn_by` names the later file
# in which the row had changed or vanished, `replaced_by` the row that stands in its stead.
# matched_by: null until settled, then "exact", "grouped" or "written-off"; null again when its site's day changes.
ledger_rows = Table(
    "ledger_rows",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("site", String(80), nullable=False),
    Column("date", Date, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_key", String(32), nullable=False),
    Column("place", Integer, nullable=False),
    Column("category", String(40), nullable=False),
    Column("item_key", String(80), nullable=False, default=""),
    Column("item", String(80), nullable=False, default=""),
    Column("item_name", Text, nullable=False),
    Column("specification", Text, nullable=False, default=""),
    Column("unit", String(40), nullable=False, default=""),
    Column("quantity", BigInteger, nullable=False),
    Column(
        "warehouse", String(80), nullable=False
    ),  # a warehouse code, or "good" / "damaged" where the master names none
    Column("stated_balance", BigInteger),
    Column("handler", String(80), nullable=False, default=""),
    Column("turbine", String(80), nullable=False, default=""),
    Column("transfer_order", String(80), nullable=False, default=""),
    Column("remark", Text, nullable=False, default=""),
    Column("sequence", String(40), nullable=False, default=""),  # 序号 as written
    Column(
        "repeat", Integer, nullable=False, default=0
    ),  # 0, 1, 2…: how many equal whole rows stand above it in its file
    *source_columns(),
    Column("withdrawn_by", Integer, ForeignKey("files.id")),
    Column("replaced_by", Integer, ForeignKey("ledger_rows.id")),
    Column(
        "amended", Boolean, nullable=False, default=False
    ),  # withdrawn for a day earlier than the file that withdrew it
    Column("matched_by", String(12)),
    UniqueConstraint("site", "date", "content_key", "place"),
    Index(None, "date", "site"),
    Index(
        "ix_ledger_rows_open",
        "date",
        sqlite_where=Column("matched_by").is_(None),
        postgresql_where=Column("matched_by").is_(None),
    ),
    # Of the withdrawn rows alone: nearly all rows are not, and a search for those must go by their date.
    Index(
        "ix_ledger_rows_withdrawn_by",
        "withdrawn_by",
        sqlite_where=Column("withdrawn_by").is_not(None),
        postgresql_where=Column("withdrawn_by").is_not(None),
    ),
    Index(None, "category", "date"),
)

erp_lines = Table(
    "erp_lines",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("document_key", String(80), nullable=False),
    Column("line_key", String(20), nullable=False),
    Column("document", String(80), nullable=False),  # as first delivered, and so is line
    Column("line", String(20), nullable=False),
    Column("date", Date, nullable=False),
    Column("document_type", String(20), nullable=False),  # other_receipt / other_issue / transfer_order
    Column("red", Boolean),
    Column("category", String(40), nullable=False),
    Column("warehouse_key", String(80), nullable=False),
    Column("warehouse", String(80), nullable=False),
    Column("item_key", String(80), nullable=False),
    Column("item", String(80), nullable=False),
    Column("item_name", Text, nullable=False, default=""),
    Column("specification", Text, nullable=False, default=""),
    Column("unit", String(40), nullable=False, default=""),
    Column("quantity", BigInteger, nullable=False),
    Column("transfer_order_key", String(80), nullable=False, default=""),
    Column("transfer_order", String(80), nullable=False, default=""),
    Column("from_warehouse", String(80), nullable=False, default=""),
    Column("to_warehouse", String(80), nullable=False, default=""),
    Column("made_by", String(80), nullable=False, default=""),
    Column("made_at", DateTime),
    Column("audited_by", String(80), nullable=False, default=""),
    Column("audited_on", Date),
    Column("remark", Text, nullable=False, default=""),
    *source_columns(),
    Column("matched_by", String(12)),
    UniqueConstraint("document_key", "line_key"),
    Index(None, "date", "warehouse_key"),
    Index(
        "ix_erp_lines_open",
        "date",
        sqlite_where=Column("matched_by").is_(None),
        postgresql_where=Column("matched_by").is_(None),
    ),
    Index(None, "transfer_order_key"),
    Index(None, "category", "date"),
    Index(None, "warehouse_key", "item_key", "date"),
    Index(
        "ix_erp_lines_unaudited",
        "date",
        sqlite_where=text("audited_by = '' AND audited_on IS NULL"),
        postgresql_where=text("audited_by = '' AND audited_on IS NULL"),
    ),
)

on_hand = Table(
    "on_hand",
    METADATA,
    Column("date", Date, primary_key=True),
    Column("warehouse_key", String(80), primary_key=True),
    Column("item_key", String(80), primary_key=True),
    Column("warehouse", String(80), nullable=False),
    Column("item", String(80), nullable=False),
    Column("item_name", Text, nullable=False, default=""),
    Column("specification", Text, nullable=False, default=""),
    Column("unit", String(40), nullable=False, default=""),
    Column("quantity", BigInteger, nullable=False),
    Column("serials", Text, nullable=False, server_default=""),
    *source_columns(),
    Index(None, "warehouse_key", "date"),
)

# Which count sheets a file brought back; the newest file of a sheet stands, those before it are kept.
returned_sheets = Table(
    "returned_sheets",
    METADATA,
    Column("number", String(120), primary_key=True),
    Column("file_id", Integer, ForeignKey("files.id"), primary_key=True),
)

# What people wrote on count sheets, every version. A blank count is null: not counted, never zero. `cause` is a code
# of the words `causes`, or what somebody wrote instead.
count_rows = Table(
    "count_rows",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("number", String(120), nullable=False),
    Column("warehouse_key", String(80), nullable=False),
    Column("warehouse", String(80), nullable=False),
    Column("item_key", String(80), nullable=False),
    Column("item", String(80), nullable=False),
    Column("item_name", Text, nullable=False, default=""),
    Column("specification", Text, nullable=False, default=""),
    Column("unit", String(40), nullable=False, default=""),
    Column("book", BigInteger),
    Column("counted", BigInteger),
    Column("damaged", BigInteger),
    Column("serials", Text, nullable=False, default=""),
    Column("cause", Text, nullable=False, default=""),
    Column("responsible", String(80), nullable=False, default=""),
    Column("proposal", Text, nullable=False, default=""),
    Column("remark", Text, nullable=False, default=""),
    Column("counted_on", Date),
    Column("counted_by", String(80), nullable=False, default=""),
    Column("supervised_by", String(80), nullable=False, default=""),
    *source_columns(),
    Index(None, "file_id"),
)

# applied_at is null until the answer was carried out or refused; outcome then says which, as a message in JSON.
exception_answers = Table(
    "exception_answers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("break_id", String(40), nullable=False),
    Column("treatment", String(20), nullable=False),  # explain / assign / write_off
    Column("reason", Text, nullable=False),
    Column("answered_by", String(80), nullable=False),
    Column("owner", String(80), nullable=False, default=""),
    *source_columns(),
    Column("applied_at", Moment),
    Column("outcome", Text, nullable=False, default=""),
    Column("applied_for", Date),  # the business date whose run applied it
    UniqueConstraint("file_id", "sheet", "row"),
    Index(
        "ix_exception_answers_waiting",
        "id",
        sqlite_where=text("applied_at IS NULL"),
        postgresql_where=text("applied_at IS NULL"),
    ),
    Index(None, "applied_for"),
)
