"""The counts of each period as they are kept, and which periods have to be counted or judged again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select

from tasks.adapters.store import read_frame, write_frame
from tasks.domain.shaping import shaped
from tasks.intake.survey_tables import dispatches, followups, responses
from tasks.survey.cycles import Cycle, cycle_end, cycle_start
from tasks.survey.policy import Policy
from tasks.survey.shapes import COUNTS, OVERALL, QUESTIONS
from tasks.survey.tables import ANSWERS, survey_counts, survey_periods, survey_questions

# Counts that an older program kept are made anew when this changes.
_RULES = "1"


@dataclass(frozen=True, slots=True)
class Counted:
    """A period as it was last counted; `told` are the breaks that it gave, `newest` the newest file by now."""

    period: dt.date
    reading: str
    seen: int
    counted_on: dt.date
    judged: bool = False
    told: tuple[str, ...] = ()
    newest: int = 0

    def is_stale(self, reading: str) -> bool:
        """Whether other answers or another reading of them would be counted now."""
        return self.reading != reading or self.seen < self.newest


def reading_of(policy: Policy) -> str:
    """A digest of the choices by which answers are read: with another one the same forms may count otherwise."""
    choices = [
        _RULES, sorted(policy.answers.items()), sorted(policy.renames.items()),
        [[name, *questions] for name, questions in policy.groups.items()], sorted(policy.asides),
        policy.cycle, policy.listed_only,
    ]  # fmt: skip
    return blake2b(json.dumps(choices, ensure_ascii=False).encode(), digest_size=16).hexdigest()


def counted_periods(connection: Connection, last: dt.date, cycle: Cycle) -> dict[dt.date, Counted]:
    """The periods up to `last` that were counted, by their last day."""
    own = survey_periods.c
    rows = connection.execute(select(survey_periods).where(own.period <= last).order_by(own.period)).all()
    if not rows:
        return {}
    newest = _newest(connection, min(row.seen for row in rows), cycle)
    return {
        row.period: Counted(
            period=row.period,
            reading=row.reading,
            seen=row.seen,
            newest=newest.get(row.period, 0),
            judged=row.judged,
            told=tuple(json.loads(row.told)),
            counted_on=row.counted_on,
        )
        for row in rows
    }


def periods_with_forms(connection: Connection, first: dt.date, last: dt.date, cycle: Cycle) -> tuple[dt.date, ...]:
    """The periods from `first` to `last` to which forms count, oldest first."""
    own = responses.c.counted_in
    days = connection.execute(select(own).where(own >= cycle_start(first, cycle), own <= last).distinct()).scalars()
    return tuple(sorted({cycle_end(day, cycle) for day in days}))


def newest_file(connection: Connection) -> int:
    """The newest file of the survey that was taken in, 0 for none."""
    tables = (responses, dispatches, followups)
    found = (connection.execute(select(func.max(table.c.file_id))).scalar() for table in tables)
    return max((int(one) for one in found if one is not None), default=0)


def _newest(connection: Connection, seen: int, cycle: Cycle) -> dict[dt.date, int]:
    """The newest file after `seen` that brought something to each period."""
    newest: dict[dt.date, int] = {}
    own, sent, served = responses.c, dispatches.c, followups.c
    # What is said of a form that was sent counts where the form came back.
    queries = [
        select(own.counted_in, func.max(own.file_id)).where(own.file_id > seen).group_by(own.counted_in),
        select(sent.sent_on, func.max(sent.file_id)).where(sent.file_id > seen).group_by(sent.sent_on),
        select(served.service_on, func.max(served.file_id)).where(served.file_id > seen).group_by(served.service_on),
        select(own.counted_in, func.max(sent.file_id))
        .join(dispatches, sent.form_key == own.form_key)
        .where(sent.file_id > seen)
        .group_by(own.counted_in),
    ]
    for query in queries:
        for day, file in connection.execute(query):
            period = cycle_end(day, cycle)
            newest[period] = max(newest.get(period, 0), file)
    return newest


def keep_period(connection: Connection, counted: Counted, counts: pd.DataFrame, questions: pd.DataFrame) -> None:
    """Keeps the counts of one period instead of those before."""
    for table in (survey_counts, survey_questions, survey_periods):
        connection.execute(delete(table).where(table.c.period == counted.period))
    overall = counts[(counts["dimension"] == "total") & (counts["question"] == OVERALL)]
    connection.execute(
        insert(survey_periods).values(
            period=counted.period,
            reading=counted.reading,
            seen=counted.seen,
            forms=int(overall[list(ANSWERS)].to_numpy().sum()),
            judged=counted.judged,
            told=json.dumps(list(counted.told)),
            counted_on=counted.counted_on,
        )
    )
    write_frame(connection, survey_counts, counts.assign(place=pd.RangeIndex(1, len(counts) + 1)))
    day = pd.Timestamp(counted.period).as_unit("s")
    own = questions.assign(period=pd.Series(day, index=questions.index, dtype="datetime64[s]"))
    write_frame(connection, survey_questions, own.assign(place=pd.RangeIndex(1, len(own) + 1)))


def kept_counts(connection: Connection, periods: Iterable[dt.date]) -> pd.DataFrame:
    """The counts of these periods as they are kept, as COUNTS."""
    own = survey_counts.c
    query = select(survey_counts).where(own.period.in_(list(periods))).order_by(own.period, own.place)
    return shaped(COUNTS, read_frame(connection, query))


def kept_questions(connection: Connection, periods: Iterable[dt.date]) -> pd.DataFrame:
    """The questions of these periods, each as the newest of them has it, as QUESTIONS."""
    own = survey_questions.c
    query = select(survey_questions).where(own.period.in_(list(periods))).order_by(own.period.desc(), own.place)
    return shaped(QUESTIONS, read_frame(connection, query).drop_duplicates("question"))
