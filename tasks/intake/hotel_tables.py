"""What a hotel's systems delivered (spec 06), a table a dataset; which dates are closed; what came after the close.

Amounts are in cents, shares and points per yuan scaled by 10,000. Moments are the hotel's wall clock without a zone.
Codes stand as delivered and as `..._key`, normalised for comparing. Every row names its file, sheet and row.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from tasks.adapters.store import METADATA, Moment
from tasks.intake.tables import source_columns

CODE_CHARACTERS, NAME_CHARACTERS, WORD_CHARACTERS = 80, 200, 20


def _key(name: str) -> Column[str]:
    return Column(name, String(CODE_CHARACTERS), primary_key=True)


def _named_key(name: str) -> Column[str]:
    return Column(name, String(NAME_CHARACTERS), primary_key=True)


def _code(name: str) -> Column[str]:
    return Column(name, String(CODE_CHARACTERS), nullable=False, default="")


def _name(name: str) -> Column[str]:
    return Column(name, String(NAME_CHARACTERS), nullable=False, default="")


def _word(name: str) -> Column[str]:
    return Column(name, String(WORD_CHARACTERS), nullable=False, default="")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="")


def _amount(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _amount_or_blank(name: str) -> Column[int]:
    return Column(name, BigInteger)


def _moment(name: str) -> Column[dt.datetime]:
    return Column(name, DateTime, nullable=False)


def _sealed() -> Column[dt.date]:
    # The date whose close sealed the row; from then on the database refuses every change of it.
    return Column("sealed_on", Date)


room_types = Table(
    "hotel_room_types",
    METADATA,
    _key("room_type_key"),
    _code("room_type"),
    _amount("rack_rate"),
    Column("beds", Integer),
    *source_columns(),
)

rooms = Table(
    "hotel_rooms",
    METADATA,
    _key("room_key"),
    _code("room"),
    _code("room_type"),
    _code("floor"),
    _word("state"),  # normal / repair / closed / house
    _word("condition"),  # clean / dirty / inspect / ""
    _word("housekeeping"),  # occupied / vacant / ""
    *source_columns(),
)

# rooms holds the rooms assigned as written, several by comma.
reservations = Table(
    "reservations",
    METADATA,
    _key("reservation_key"),
    _code("reservation"),
    _word("kind"),  # individual / group
    _name("booker"),
    _name("group_name"),
    _code("room_type"),
    Column("room_count", Integer, nullable=False),
    _text("rooms"),
    _moment("due_in"),
    _moment("due_out"),
    _amount("price"),
    Column("discount", Integer),
    _text("discount_reason"),
    _name("source"),
    _name("salesperson"),
    _amount_or_blank("commission"),
    _word("confirmed"),  # yes / no / ""
    _word("state"),  # booked / checked_in / cancelled / no_show / released
    _name("entered_by"),
    _moment("entered_at"),
    *source_columns(),
    Index(None, "due_in"),
    # Those that still wait for their guest are few beside all that ever came.
    Index(
        "ix_reservations_booked",
        "due_in",
        sqlite_where=text("state = 'booked'"),
        postgresql_where=text("state = 'booked'"),
    ),
)

deposits = Table(
    "deposits",
    METADATA,
    _key("number_key"),
    _code("number"),
    _code("reservation_key"),
    _code("reservation"),
    _code("account_key"),
    _code("account"),
    _moment("at"),
    _word("method"),
    _amount("amount"),
    _word("kind"),  # received / refunded / transferred / forfeited
    _name("operator"),
    _code("shift_key"),
    _code("shift"),
    *source_columns(),
    _sealed(),
    Index(None, "sealed_on"),
    Index(None, "at"),
    Index(None, "reservation_key"),
    Index(None, "account_key"),
)

stays = Table(
    "stays",
    METADATA,
    _key("account_key"),
    _code("account"),
    _code("reservation_key"),
    _code("reservation"),
    _code("room_key"),
    _code("room"),
    _code("bed"),
    _name("guest"),
    Column("guests", Integer),
    _word("kind"),  # normal / hourly / long / shared / free / house
    _moment("arrived_at"),
    _moment("due_out"),
    Column("departed_at", DateTime),
    _amount("rack_rate"),
    Column("discount", Integer, nullable=False),
    _amount_or_blank("price"),
    _word("priced_by"),  # day / month
    _text("discount_reason"),
    _name("approved_by"),
    Column("extra_beds", Integer),
    _amount_or_blank("extra_bed_fee"),
    _text("breakfast"),
    _amount_or_blank("commission"),
    Column("commission_from", Date),
    Column("commission_to", Date),
    _text("connected"),
    _code("group_number"),
    _code("member_key"),
    _code("member"),
    _name("company"),
    _name("source"),
    _word("confidential"),  # yes / no / ""
    _name("operator"),
    *source_columns(),
    _sealed(),
    Index(None, "sealed_on"),
    Index(None, "arrived_at"),
    Index(None, "departed_at"),
    Index(None, "reservation_key"),
)

# night_posting: the number of the night's own posting that a row brings back, or "".
folio = Table(
    "folio",
    METADATA,
    _key("number_key"),
    _code("number"),
    _code("account_key"),
    _code("account"),
    Column("date", Date, nullable=False),
    _moment("at"),
    _name("item"),  # a code of the word list folio_items, or as written
    _amount("amount"),
    _name("operator"),
    _code("shift_key"),
    _code("shift"),
    _name("outlet"),
    _code("original_key"),
    _code("original"),
    _text("remark"),
    _code("night_posting"),
    *source_columns(),
    _sealed(),
    Index(None, "sealed_on"),
    Index(None, "date"),
    Index(None, "account_key"),
    # What the hotel's system brings back of our own postings is little beside all that it delivers.
    Index(
        "ix_folio_returned",
        "file_id",
        sqlite_where=text("night_posting <> ''"),
        postgresql_where=text("night_posting <> ''"),
    ),
)

payments = Table(
    "payments",
    METADATA,
    _key("number_key"),
    _code("number"),
    _code("account_key"),
    _code("account"),
    Column("date", Date, nullable=False),
    _moment("at"),
    _word("method"),
    _amount("amount"),
    _name("operator"),
    _code("shift_key"),
    _code("shift"),
    _code("original_key"),
    _code("original"),
    *source_columns(),
    _sealed(),
    Index(None, "sealed_on"),
    Index(None, "date"),
    Index(None, "account_key"),
)

# One row a shift and method of payment.
shifts = Table(
    "shifts",
    METADATA,
    _key("shift_key"),
    Column("method", String(WORD_CHARACTERS), primary_key=True),
    _code("shift"),
    _name("operator"),
    Column("date", Date, nullable=False),
    _moment("opened_at"),
    Column("closed_at", DateTime),
    _amount_or_blank("cash_float"),
    _amount_or_blank("handed_over"),
    *source_columns(),
    Index(None, "date"),
)

pos_checks = Table(
    "pos_checks",
    METADATA,
    _key("check_key"),
    _code("check"),
    _name("outlet"),
    _moment("at"),
    _amount("amount"),
    _word("settlement"),  # room / direct / open
    _code("room_key"),
    _code("room"),
    _name("guest"),
    _name("operator"),
    *source_columns(),
    Index(None, "at"),
)

operators = Table(
    "operators",
    METADATA,
    _named_key("operator_key"),
    _name("operator"),
    Column("lowest_discount", Integer, nullable=False),
    _word("may_delete_locked"),  # yes / no / ""
    _word("may_release_audit"),  # yes / no / ""
    *source_columns(),
)

corporate_accounts = Table(
    "corporate_accounts",
    METADATA,
    _named_key("company_key"),
    _name("company"),
    _amount_or_blank("credit_limit"),
    Column("agreed_discount", Integer),
    _amount_or_blank("balance"),
    *source_columns(),
)

members = Table(
    "members",
    METADATA,
    _key("member_key"),
    _code("member"),
    _name("name"),
    Column("points", Integer),
    Column("points_per_yuan", BigInteger),
    *source_columns(),
)

# Known by the whole row: an operation has no number, and the same one exported twice is one.
operation_log = Table(
    "operation_log",
    METADATA,
    Column("id", Integer, primary_key=True),
    _moment("at"),
    _name("operator"),
    _name("action"),  # a code of the word list actions, or as written
    _name("object"),
    _text("before"),
    _text("after"),
    *source_columns(),
    UniqueConstraint("file_id", "sheet", "row"),
    Index(None, "at"),
    Index(None, "object"),
)

# The dates that are closed, each until the moment `ends_at`; written by the close, in its transaction.
closed_books = Table(
    "closed_books",
    METADATA,
    Column("business_date", Date, primary_key=True),
    _moment("ends_at"),
)

# What was delivered for what is sealed: counted, kept apart, changing nothing. `field` is "" for a whole new row, whose
# cells `delivered` then holds as an object in JSON by column; `digest` stands for `delivered`, however long that is.
after_close = Table(
    "after_close",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("dataset", String(40), nullable=False),
    Column("key", String(NAME_CHARACTERS), nullable=False),
    Column("field", String(CODE_CHARACTERS), nullable=False),
    _text("stored"),
    _text("delivered"),
    Column("digest", String(32), nullable=False),
    Column("business_date", Date, nullable=False),
    *source_columns(),
    Column("found_at", Moment, nullable=False),
    UniqueConstraint("dataset", "key", "field", "digest"),
)
