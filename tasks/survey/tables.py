"""What the survey keeps: complaint cases, actions and commendations, what people did to them, counts of each period.

A period is the last day of its cycle. Nothing that people did is ever deleted; counts can be made anew from the forms.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from tasks.adapters.store import METADATA, Moment

_KEY, _NAME, _WORD = String(80), String(200), String(20)
ANSWERS = ("n5", "n4", "n3", "n2", "n1", "blank", "unknown", "not_applicable")
WEIGHTS = ("w5", "w4", "w3", "w2", "w1", "w_returned", "w2_returned", "w_answered", "w2_answered")

# A form of a period and an item have one case. item: a digest of the question's key, which an index may not hold.
survey_cases = Table(
    "survey_cases",
    METADATA,
    Column("case", Integer, primary_key=True, autoincrement=False),
    Column("form_key", _KEY, nullable=False),
    Column("item", String(32), nullable=False),
    Column("question", Text, nullable=False),
    Column("form", _KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("department", _KEY, nullable=False),
    Column("handled_by", _KEY, nullable=False),
    Column("sort", _WORD, nullable=False),
    Column("state", _WORD, nullable=False),
    Column("measure", Text, nullable=False),
    Column("owner", _KEY, nullable=False),
    Column("customer", _NAME, nullable=False),
    Column("remark", Text, nullable=False),
    Column("ref", _NAME, nullable=False),
    Column("period", Date, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("handled_on", Date),
    Column("called_on", Date),
    Column("closed_on", Date),
    Column("rating", Integer, nullable=False),
    UniqueConstraint("form_key", "item", "period"),
    CheckConstraint("state in ('open', 'handled', 'closed', 'withdrawn')", name="state"),
)

# Who did what to a case, when and why. before and after: its state then and from then on.
survey_case_events = Table(
    "survey_case_events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("case", Integer, ForeignKey("survey_cases.case"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", _KEY, nullable=False),
    Column("action", _WORD, nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)

# A corrective action or a commendation. value and target are fractions, `1799/1999`.
survey_measures = Table(
    "survey_measures",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", _WORD, nullable=False),
    Column("department", _KEY, nullable=False),
    Column("period", Date, nullable=False),
    Column("measure", _WORD, nullable=False),
    Column("state", _WORD, nullable=False),
    Column("reason", Text, nullable=False),
    Column("owner", _KEY, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("due_on", Date),
    Column("closed_on", Date),
    Column("value", String(60), nullable=False),
    Column("target", String(60), nullable=False),
    UniqueConstraint("kind", "department", "period", "measure"),
    CheckConstraint("state in ('open', 'done', 'verified', 'given', 'withdrawn')", name="state"),
)

survey_measure_events = Table(
    "survey_measure_events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, ForeignKey("survey_measures.number"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", _KEY, nullable=False),
    Column("action", _WORD, nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)

# A period that was counted. reading: a digest of the choices by which; seen: the newest file then; forms: how many form
# numbers came back; judged: whether a run was asked for it, and not only for its figures beside another; told: the
# breaks of its forms, sent forms and calls that it was told of last, a JSON array.
survey_periods = Table(
    "survey_periods",
    METADATA,
    Column("period", Date, primary_key=True),
    Column("reading", String(64), nullable=False),
    Column("seen", Integer, nullable=False),
    Column("forms", Integer, nullable=False),
    Column("judged", Boolean, nullable=False),
    Column("told", Text, nullable=False),
    Column("counted_on", Date, nullable=False),
)

# Its counts in their order, as `shapes.COUNTS`.
survey_counts = Table(
    "survey_counts",
    METADATA,
    Column("period", Date, ForeignKey("survey_periods.period"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("dimension", String(40), nullable=False),
    Column("value", _NAME, nullable=False),
    Column("question", Text, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in (*ANSWERS, *WEIGHTS)),
)

# Its questions, as `shapes.QUESTIONS`.
survey_questions = Table(
    "survey_questions",
    METADATA,
    Column("period", Date, ForeignKey("survey_periods.period"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("question", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("group", _NAME, nullable=False),
)
