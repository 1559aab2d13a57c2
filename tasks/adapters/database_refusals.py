"""What a database refuses, as one line for people: which database, without its password, and what to do."""

from __future__ import annotations

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from tasks.domain.message import Message, message

# The drivers tell these apart by their words alone.
_WORDS = (
    ("unable to open database file", "database.closed"),
    ("readonly database", "database.read_only"),
    ("not a database", "database.not_one"),
    ("malformed", "database.not_one"),
    ("disk is full", "database.full"),
    ("no space left", "database.full"),
    ("database is locked", "database.busy"),
    ('role "', "database.no_login"),
    ("authentication failed", "database.no_login"),
    ("no password supplied", "database.no_login"),
    ("does not exist", "database.no_database"),
    ("connection refused", "database.no_answer"),
    ("could not translate host", "database.no_answer"),
    ("failed to resolve host", "database.no_answer"),
    ("timeout expired", "database.no_answer"),
    ("timed out", "database.no_answer"),
    ("server closed the connection", "database.no_answer"),
    ("connection is lost", "database.no_answer"),
    ("terminating connection", "database.no_answer"),
)


def place(url: URL) -> str:
    """Where a database is, for people: the file of SQLite, else its address without the password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def database_refusal(wrong: DBAPIError, url: URL) -> Message:
    """The line that says what the database at `url` refused; what is not known is told in its own words."""
    where = place(url)
    said = str(wrong.orig).strip()
    key = next((key for words, key in _WORDS if words in said.lower()), "")
    if key:
        return message(key, where=where)
    line = said.splitlines()[0] if said else type(wrong.orig).__name__
    reason = line.replace(str(url.password), "***") if url.password else line
    return message("database.refused", where=where, reason=reason)
