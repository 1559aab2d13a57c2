"""What was delivered for the survey (spec 05): returned forms, forms sent, calls after a service.

A form's number stands as delivered and as `form_key`, a customer's name as `customer_key`. Every row names its file,
sheet and row. Answers are kept as they were written: what a word means is the house's choice and may change.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, String, Table, Text

from tasks.adapters.store import METADATA
from tasks.intake.tables import source_columns

_CODE, _NAME, _WORD, _DIGEST = String(80), String(200), String(20), String(32)


def _code(name: str) -> Column[str]:
    return Column(name, _CODE, nullable=False, default="")


def _name(name: str) -> Column[str]:
    return Column(name, _NAME, nullable=False, default="")


# headings: a JSON array of the headings under which the answers of a sheet stand, in their order; groups: as many
# texts, what stands above each of them in a second row of headings, or "".
survey_layouts = Table(
    "survey_layouts",
    METADATA,
    Column("layout", _DIGEST, primary_key=True),
    Column("headings", Text, nullable=False),
    Column("groups", Text, nullable=False),
)

# counted_in: the last day of the month to which the form counts. answers: a JSON array, one text for each heading of
# the layout. Another version of a form under the same number has another content_key; `delivered` numbers all rows in
# the order in which they came.
responses = Table(
    "responses",
    METADATA,
    Column("form_key", _CODE, primary_key=True),
    Column("content_key", _DIGEST, primary_key=True),
    Column("form", _CODE, nullable=False),
    _name("survey_period"),
    Column("counted_in", Date, nullable=False),
    _code("department"),
    _name("product"),
    _name("channel"),
    _name("customer"),
    _name("customer_key"),
    Column("member", _WORD, nullable=False, default=""),
    Column("returned_on", Date),
    _name("overall"),
    Column("remark", Text, nullable=False, default=""),
    Column("weight", BigInteger),
    Column("layout", _DIGEST, nullable=False),
    Column("answers", Text, nullable=False),
    Column("delivered", BigInteger, nullable=False),
    *source_columns(),
    Index(None, "counted_in"),
    Index(None, "delivered"),
    Index(None, "customer_key"),
)

# sent_in: the last day of the month in which the form was sent, for numbers may begin anew.
dispatches = Table(
    "dispatches",
    METADATA,
    Column("form_key", _CODE, primary_key=True),
    Column("sent_in", Date, primary_key=True),
    Column("form", _CODE, nullable=False),
    _code("department"),
    _name("customer"),
    _name("customer_key"),
    Column("sent_on", Date, nullable=False),
    Column("member", _WORD, nullable=False, default=""),
    *source_columns(),
    Index(None, "sent_on"),
    Index(None, "customer_key"),
)

followups = Table(
    "followups",
    METADATA,
    Column("customer_key", _NAME, primary_key=True),
    Column("service_on", Date, primary_key=True),
    _name("customer"),
    Column("called_on", Date),
    Column("result", Text, nullable=False, default=""),
    _code("caller"),
    *source_columns(),
    Index(None, "service_on"),
)
