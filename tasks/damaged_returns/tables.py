"""What the return of damaged parts keeps: sealed batches with their boxes and parts.

Quantities, metres and kilograms are integers scaled by 10,000, volumes of boxes are scaled by 10^12 (the product of
three such lengths) and volumes of items by 1,000,000. What was delivered stands in `tasks.intake.return_tables`.
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
)

from tasks.adapters.store import METADATA, Moment

_CODE, _NUMBER, _WORD = String(80), String(120), String(20)


def _batch(*, primary_key: bool = False) -> Column[str]:
    # A batch is sealed by the row of its own, which therefore comes last: what it holds is known by its number before.
    number = ForeignKey("return_batches.batch", deferrable=True, initially="DEFERRED")
    return Column("batch", _NUMBER, number, primary_key=primary_key, nullable=False)


def _code(name: str) -> Column[str]:
    return Column(name, _CODE, nullable=False, default="")


# Sealed for ever: from here on triggers refuse to change, delete or add anything of the batch. `cause` is what made it
# due: days, volume. `warehouse` is where it goes. `volume` is null where boxes were never delivered.
return_batches = Table(
    "return_batches",
    METADATA,
    Column("batch", _NUMBER, primary_key=True),
    Column("batch_key", _NUMBER, nullable=False, unique=True),
    Column("site", _CODE, nullable=False),
    _code("department"),
    Column("date", Date, nullable=False, index=True),
    Column("sequence", Integer, nullable=False),
    Column("cause", _WORD, nullable=False),
    _code("warehouse"),
    Column("boxes", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("volume", BigInteger),
    Column("sealed_at", Moment, nullable=False),
    UniqueConstraint("site", "date", "sequence"),
    CheckConstraint("cause in ('days', 'volume')", name="cause"),
    CheckConstraint("parts > 0", name="parts"),
)

# The boxes of a batch in their order; `box` is blank for parts that were sent where no boxes are registered.
return_boxes = Table(
    "return_boxes",
    METADATA,
    _batch(primary_key=True),
    Column("box_key", _CODE, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("box", _CODE, nullable=False),
    Column("length", BigInteger),
    Column("width", BigInteger),
    Column("height", BigInteger),
    Column("volume", BigInteger),
    Column("weight", BigInteger),
    _code("packing"),
)

# The packing list line by line, as the parts' records were when the batch was sealed. The primary key is what makes it
# impossible that a serial is in two batches. `route`: application (with the department's repair application), scrap
# (class I, scrapped centrally), unclassed. `flag`: too_often (repaired), by_person, out_of_warranty or blank.
# `category` is the ERP's.
return_parts = Table(
    "return_parts",
    METADATA,
    Column("serial_key", _CODE, primary_key=True),
    _batch(),
    Column("line", Integer, nullable=False),
    Column("site", _CODE, nullable=False),
    _code("department"),
    Column("box_key", _CODE, nullable=False),
    Column("box", _CODE, nullable=False),
    Column("serial", _CODE, nullable=False),
    _code("new_serial_key"),
    _code("new_serial"),
    Column("item_key", _CODE, nullable=False),
    Column("item", _CODE, nullable=False),
    Column("item_name", Text, nullable=False, default=""),
    Column("specification", Text, nullable=False, default=""),
    Column("unit", String(40), nullable=False, default=""),
    Column("quantity", BigInteger, nullable=False),
    _code("turbine"),
    _code("replaced_by"),
    Column("replaced_on", Date, nullable=False),
    Column("registered_on", Date, nullable=False),
    Column("cause", Text, nullable=False, default=""),
    Column("by_person", Boolean, nullable=False),
    Column("remark", Text, nullable=False, default=""),
    Column("item_class", String(4), nullable=False, default=""),
    Column("sort", _WORD, nullable=False, default=""),
    Column("route", _WORD, nullable=False),
    Column("flag", _WORD, nullable=False, default=""),
    Column("category", String(40), nullable=False),
    _code("warehouse_key"),
    Column("unit_volume", BigInteger),
    UniqueConstraint("batch", "line"),
    CheckConstraint("quantity > 0", name="quantity"),
    Index(None, "batch"),
    Index(None, "new_serial_key"),
)

# The batches whose papers lie there and whose mails stand in the outbox; written with the mails.
return_papers = Table(
    "return_papers",
    METADATA,
    Column("batch", _NUMBER, ForeignKey("return_batches.batch"), primary_key=True),
    Column("told_at", Moment, nullable=False),
)
