"""Sources: a dataset that another program's database holds, asked with a query instead of read from a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from tasks.domain.message import Message, message
from tasks.domain.sheet import Cell, RawSheet

CONNECT_SECONDS = 15
QUERY_SECONDS = 600
ROWS_AT_ONCE = 5_000
SHEET = "sql"


class UnableToReachSource(Exception):
    """A source cannot be asked, or its answer cannot be used; `.message` is one line without any password."""

    def __init__(self, why: Message) -> None:
        """Keep `why` for the reader's language."""
        super().__init__(why)
        self.message = why


def fetch(url: str, query: str, date: dt.date, rows_max: int) -> RawSheet:
    """The answer to `query` for the business date, as a sheet: the column names are its headings, null is blank.

    The query names the date `:date`. Nothing is ever written there. Raises UnableToReachSource when the source does not
    answer, refuses the query or gives more than `rows_max` rows.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnableToReachSource(message("inbox.source_url")) from None
    where = parsed.render_as_string(hide_password=True)
    try:
        engine = _engine(parsed)
        with engine.connect() as connection:
            return _asked(connection, query, date, rows_max)
    except (NoSuchModuleError, ModuleNotFoundError) as wrong:
        raise UnableToReachSource(message("inbox.source_driver", where=where, reason=_line(wrong, parsed))) from None
    except SQLAlchemyError as wrong:
        line = _line(getattr(wrong, "orig", None) or wrong, parsed)
        raise UnableToReachSource(message("inbox.source_refused", where=where, reason=line)) from None


def csv_of(sheet: RawSheet) -> bytes:
    """The sheet as CSV (UTF-8 with a mark), the form in which an answer is archived and fingerprinted."""
    kept = io.StringIO()
    csv.writer(kept, lineterminator="\r\n").writerows(sheet.rows)
    return b"\xef\xbb\xbf" + kept.getvalue().encode("utf-8", "replace")


def _engine(url: URL) -> Engine:
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    backend = url.get_backend_name()
    arguments: dict[str, object] = {}
    if backend == "postgresql":
        limits = f"-c statement_timeout={QUERY_SECONDS * 1000} -c default_transaction_read_only=on"
        said = url.query.get("options", "")
        own = said if isinstance(said, str) else " ".join(said)
        url = url.difference_update_query(["options"])
        arguments = {"connect_timeout": CONNECT_SECONDS, "options": f"{own} {limits}".strip()}
    elif backend == "sqlite":
        arguments = {"timeout": CONNECT_SECONDS}
    elif backend == "mssql":
        arguments = {"timeout": QUERY_SECONDS}
    return create_engine(url, poolclass=NullPool, connect_args=arguments)


def _asked(connection: Connection, query: str, date: dt.date, rows_max: int) -> RawSheet:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
    statement = text(query)
    asked_for = {"date": date} if "date" in statement.compile().params else {}
    streamed = connection.execution_options(stream_results=True, max_row_buffer=ROWS_AT_ONCE)
    with streamed.execute(statement, asked_for) as result:
        rows: list[Sequence[Cell]] = [list(map(str, result.keys()))]
        for part in result.partitions(ROWS_AT_ONCE):
            rows += [[_cell(value) for value in row] for row in part]
            if len(rows) - 1 > rows_max:
                where = connection.engine.url.render_as_string(hide_password=True)
                raise UnableToReachSource(message("inbox.source_rows_max", where=where, limit=rows_max))
    return RawSheet(SHEET, rows)


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        plain = format(value, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, (str, int, float, dt.date, dt.time, dt.timedelta)):
        return value
    return str(value)


def _line(wrong: BaseException, url: URL) -> str:
    said = str(wrong).strip().splitlines()
    line = said[0] if said else type(wrong).__name__
    return line.replace(str(url.password), "***") if url.password else line
