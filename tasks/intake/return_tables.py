"""What was delivered of damaged parts and their way (spec 03): parts, boxes, repair events, freight, shipments.

Quantities, metres and kilograms are integers scaled by 10,000, amounts are cents. Codes stand as delivered and as
`..._key`, normalised for comparing. Every row names its file, sheet and row. A part may lack whatever else is starred
in its list: then the process holds it back, see tasks.damaged_returns.eligibility.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, String, Table, Text, text

from tasks.adapters.store import METADATA
from tasks.intake.tables import source_columns

_CODE, _NAME, _NUMBER, _WORD = String(80), String(200), String(120), String(20)


def _code(name: str) -> Column[str]:
    return Column(name, _CODE, nullable=False, default="")


# sealed_in: the batch that the part is in for ever; null while it waits.
damaged_parts = Table(
    "damaged_parts",
    METADATA,
    Column("serial_key", _CODE, primary_key=True),
    Column("serial", _CODE, nullable=False),
    Column("site", _CODE, nullable=False),
    Column("registered_on", Date),
    Column("item_key", _CODE, nullable=False),
    Column("item", _CODE, nullable=False),
    Column("item_name", Text, nullable=False, default=""),
    Column("specification", Text, nullable=False, default=""),
    Column("quantity", BigInteger),
    _code("turbine"),
    _code("replaced_by"),
    Column("replaced_on", Date),
    _code("new_serial_key"),
    _code("new_serial"),
    Column("cause", Text, nullable=False, default=""),
    Column("by_person", _WORD, nullable=False, default=""),
    _code("box_key"),
    _code("box"),
    Column("remark", Text, nullable=False, default=""),
    *source_columns(),
    Column("sealed_in", _NUMBER),
    Index(
        "ix_damaged_parts_waiting",
        "site",
        sqlite_where=text("sealed_in IS NULL"),
        postgresql_where=text("sealed_in IS NULL"),
    ),
    Index(None, "registered_on"),
)

# `packing` is a code of the words `packings`, or what somebody wrote instead; a blank side was not measured.
boxes = Table(
    "boxes",
    METADATA,
    Column("box_key", _CODE, primary_key=True),
    Column("site", _CODE, primary_key=True),
    Column("box", _CODE, nullable=False),
    Column("length", BigInteger),
    Column("width", BigInteger),
    Column("height", BigInteger),
    _code("packing"),
    Column("plastic", _WORD, nullable=False, default=""),
    Column("separators", _WORD, nullable=False, default=""),
    Column("weight", BigInteger),
    *source_columns(),
)

# event: received, sent, repaired, unrepairable, exchanged, scrapped.
repair_events = Table(
    "repair_events",
    METADATA,
    Column("serial_key", _CODE, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("event", _WORD, primary_key=True),
    Column("serial", _CODE, nullable=False),
    Column("maker", _NAME, nullable=False, default=""),
    Column("cost", BigInteger),
    _code("new_serial_key"),
    _code("new_serial"),
    Column("remark", Text, nullable=False, default=""),
    *source_columns(),
    Index(None, "date"),
)

# mode: shared, hired, air, express. Places are known by name.
freight_prices = Table(
    "freight_prices",
    METADATA,
    Column("origin_key", _NAME, primary_key=True),
    Column("destination_key", _NAME, primary_key=True),
    Column("mode", _WORD, primary_key=True),
    Column("effective_on", Date, primary_key=True),
    Column("origin", _NAME, nullable=False),
    Column("destination", _NAME, nullable=False),
    Column("price", BigInteger, nullable=False),
    *source_columns(),
)

# `freight` is what was written, an amount or who bears it; `cost` its cents, null where it is no amount.
shipments = Table(
    "shipments",
    METADATA,
    Column("number_key", _NUMBER, primary_key=True),
    Column("number", _NUMBER, nullable=False),
    Column("date", Date, nullable=False),
    Column("site", _CODE, nullable=False),
    Column("origin_key", _NAME, nullable=False),
    Column("origin", _NAME, nullable=False),
    Column("destination_key", _NAME, nullable=False),
    Column("destination", _NAME, nullable=False),
    Column("mode", _WORD, nullable=False),
    Column("freight", Text, nullable=False, default=""),
    Column("cost", BigInteger),
    _code("batch_key"),
    _code("batch"),
    _code("application_key"),
    _code("application"),
    _code("approved_by"),
    *source_columns(),
    Index(None, "date"),
    Index(None, "batch_key"),
)
