"""What the stocktake keeps: counts, the sheets issued for them with frozen books, adjustments, account agreements.

Quantities and prices are integers scaled by 10,000, values are cents. What comes back stands in `tasks.intake.tables`
(`returned_sheets`, `count_rows`), answers in the register's approvals.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

_CODE, _NAME, _NUMBER, _DIGEST = String(80), String(200), String(120), String(64)

# One count: `2026-11` for the month's own, `2026-11-S1` for one with a scope. `period` is the last day of its month, as
# in the register's runs; `audited_since` begins the window of days in which late documents are looked for; `scope` is
# JSON (what was asked, a spot count's seed). Closed as: posted, not-adjusted. `report` and `said` are
# what the last report of a closed count told, as JSON.
stocktakes = Table(
    "stocktakes",
    METADATA,
    Column("stocktake", _CODE, primary_key=True),
    Column("period", Date, nullable=False, index=True),
    Column("cut_off", Date, nullable=False),
    Column("audited_since", Date, nullable=False),
    Column("deadline", Date, nullable=False),
    Column("scope", Text, nullable=False, default="{}"),
    Column("blind", Boolean, nullable=False, default=False),
    Column("opened_by", _CODE, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_as", String(20), nullable=False, default=""),
    Column("report", Text, nullable=False, default=""),
    Column("said", Text, nullable=False, default=""),
    CheckConstraint("closed_as in ('', 'posted', 'not-adjusted')", name="closed_as"),
)

# `number` is what stands hidden in the sheet. A recount (`round` 1, 2…) names the sheet that it recounts in `base`.
# `site` is the site's code, or blank for the stores of a department; `file` lies below the home folder.
issued_sheets = Table(
    "issued_sheets",
    METADATA,
    Column("number", _NUMBER, primary_key=True),
    Column("stocktake", _CODE, ForeignKey("stocktakes.stocktake"), nullable=False, index=True),
    Column("base", _NUMBER, nullable=False),
    Column("round", Integer, nullable=False, default=0),
    Column("site", _CODE, nullable=False, default=""),
    Column("department", _CODE, nullable=False, default=""),
    Column("custodian", _CODE, nullable=False, default=""),
    Column("blind", Boolean, nullable=False, default=False),
    Column("issued_at", Moment, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("file", Text, nullable=False),
)

# The lines of each issued sheet in their order, with the book frozen at the cut-off. `audited_before` is the sum of
# the audited movements known when the count was opened, of the window of days before the cut-off: what the same sum
# says later, the late documents have brought. `open`: nobody else may count the item meanwhile; recounts and closed
# counts are not open.
sheet_lines = Table(
    "sheet_lines",
    METADATA,
    Column("number", _NUMBER, ForeignKey("issued_sheets.number"), primary_key=True),
    Column("warehouse_key", _CODE, primary_key=True),
    Column("item_key", _CODE, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("warehouse", _CODE, nullable=False),
    Column("warehouse_name", _NAME, nullable=False, default=""),
    Column("quality", String(10), nullable=False, default=""),
    Column("item", _CODE, nullable=False),
    Column("item_name", Text, nullable=False, default=""),
    Column("specification", Text, nullable=False, default=""),
    Column("unit", String(40), nullable=False, default=""),
    Column("abc", String(4), nullable=False, default=""),
    Column("unit_price", BigInteger),
    Column("frozen", BigInteger, nullable=False),
    Column("audited_before", BigInteger, nullable=False),
    Column("serials", Text, nullable=False, default=""),
    Column("open", Boolean, nullable=False, default=True),
    Index(
        "ix_sheet_lines_open",
        "warehouse_key",
        "item_key",
        unique=True,
        sqlite_where=text("open = 1"),
        postgresql_where=text("open"),
    ),
)

# What an approver was asked line by line: an answer counts for a line as long as its difference is this one.
asked_lines = Table(
    "asked_lines",
    METADATA,
    Column("approval_id", Integer, ForeignKey("approvals.id"), primary_key=True),
    Column("line", _NAME, primary_key=True),
    Column("stocktake", _CODE, ForeignKey("stocktakes.stocktake"), nullable=False, index=True),
    Column("warehouse_key", _CODE, nullable=False),
    Column("item_key", _CODE, nullable=False),
    Column("difference", BigInteger, nullable=False),
)

# The documents for the ERP's import; `direction` "in" is a surplus receipt, "out" a shortage issue. `sequence` counts
# the documents of one warehouse and direction in a count from 1.
adjustments = Table(
    "adjustments",
    METADATA,
    Column("document", _NUMBER, primary_key=True),
    Column("stocktake", _CODE, ForeignKey("stocktakes.stocktake"), nullable=False, index=True),
    Column("site", _CODE, nullable=False, default=""),
    Column("department", _CODE, nullable=False, default=""),
    Column("warehouse_key", _CODE, nullable=False),
    Column("warehouse", _CODE, nullable=False),
    Column("direction", String(3), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("date", Date, nullable=False),
    Column("posted_at", Moment, nullable=False),
    UniqueConstraint("stocktake", "warehouse_key", "direction", "sequence"),
    CheckConstraint("direction in ('in', 'out')", name="direction"),
)

# The unique key is what makes a second posting of a line impossible. `quantity` is never negative: the document says
# which way it goes. `value` is in cents, null without a price.
adjustment_lines = Table(
    "adjustment_lines",
    METADATA,
    Column("document", _NUMBER, ForeignKey("adjustments.document"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("stocktake", _CODE, nullable=False),
    Column("warehouse_key", _CODE, nullable=False),
    Column("item_key", _CODE, nullable=False),
    Column("number", _NUMBER, nullable=False),
    Column("item", _CODE, nullable=False),
    Column("item_name", Text, nullable=False, default=""),
    Column("specification", Text, nullable=False, default=""),
    Column("unit", String(40), nullable=False, default=""),
    Column("quantity", BigInteger, nullable=False),
    Column("unit_price", BigInteger),
    Column("value", BigInteger),
    Column("cause", Text, nullable=False, default=""),
    Column("approval_id", Integer, nullable=False),
    Column("approved_by", _CODE, nullable=False),
    Column("approved_at", Moment, nullable=False),
    Column("approval_reason", Text, nullable=False, default=""),
    UniqueConstraint("stocktake", "warehouse_key", "item_key"),
    CheckConstraint("quantity > 0", name="quantity"),
)

# The 15th's statement of one site as it was sent; another statement of the same month is a new row.
agreements = Table(
    "agreements",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("period", Date, nullable=False),
    Column("site", _CODE, nullable=False),
    Column("department", _CODE, nullable=False),
    Column("digest", _DIGEST, nullable=False),
    Column("statement", Text, nullable=False),
    Column("stated_at", Moment, nullable=False),
    UniqueConstraint("period", "site", "digest"),
)

# What each side said to a statement, in order; the last word of a side stands. Nothing is ever changed.
agreement_answers = Table(
    "agreement_answers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("agreement_id", Integer, ForeignKey("agreements.id"), nullable=False, index=True),
    Column("side", String(10), nullable=False),
    Column("agrees", Boolean, nullable=False),
    Column("who", _CODE, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    CheckConstraint("side in ('site', 'department')", name="side"),
)
