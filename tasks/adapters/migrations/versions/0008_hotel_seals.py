"""The seal: whatever a closed night rests on can be neither changed nor taken away, nor can anything be slipped in."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEYS = {"deposits": "number_key", "stays": "account_key", "folio": "number_key", "payments": "number_key"}
_NEWEST = "(SELECT max(business_date) FROM closed_books)"
_ENDS_AT = "(SELECT max(ends_at) FROM closed_books)"
# What must not come to stand in a closed date.
_SHUT = {
    "folio": f"NEW.night_posting = '' AND NEW.date <= {_NEWEST}",
    "payments": f"NEW.date <= {_NEWEST}",
    "deposits": f"NEW.at <= {_ENDS_AT}",
}
_SEALED = "{table}: a sealed row can be neither changed nor deleted"
_CLOSED = "{table}: the business date is closed"
_BOOKS = "closed_books: a closed date stays closed, and dates are closed in order"


def upgrade() -> None:
    """Makes the triggers; raising is theirs, for a program that forgets its rules must not get its way."""
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _sqlite() -> None:
    for table, key in _KEYS.items():
        said = _SEALED.format(table=table)
        for event in ("UPDATE", "DELETE"):
            _abort(f"{table}_sealed_{event.lower()}", f"{event} ON {table}", "OLD.sealed_on IS NOT NULL", said)
        # INSERT OR REPLACE deletes without a word to the trigger of deletions.
        same = f"{key} = NEW.{key} AND sealed_on IS NOT NULL"
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own tables alone
        _abort(f"{table}_sealed_replace", f"INSERT ON {table}", there, said)
    for table, shut in _SHUT.items():
        said = _CLOSED.format(table=table)
        _abort(f"{table}_closed_insert", f"INSERT ON {table}", shut, said)
        _abort(f"{table}_closed_update", f"UPDATE ON {table}", f"NEW.sealed_on IS NULL AND {shut}", said)
    for event, when in (("UPDATE", "1"), ("DELETE", "1"), ("INSERT", f"NEW.business_date <= {_NEWEST}")):
        _abort(f"closed_books_{event.lower()}", f"{event} ON closed_books", when, _BOOKS)


def _abort(name: str, event: str, when: str, said: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} BEGIN SELECT RAISE(ABORT, '{said}'); END")


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION hotel_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in _KEYS:
        refuse = f"EXECUTE FUNCTION hotel_refuse('{_SEALED.format(table=table)}')"
        when = "FOR EACH ROW WHEN (OLD.sealed_on IS NOT NULL)"
        op.execute(f"CREATE TRIGGER {table}_sealed BEFORE UPDATE OR DELETE ON {table} {when} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_truncated BEFORE TRUNCATE ON {table} {refuse}")
    for table, shut in _SHUT.items():
        _raise_where(table, f"(TG_OP = 'INSERT' OR NEW.sealed_on IS NULL) AND {shut}", _CLOSED.format(table=table))
        at = f"BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW"
        op.execute(f"CREATE TRIGGER {table}_closed {at} EXECUTE FUNCTION hotel_refuse_{table}()")
    refuse = f"EXECUTE FUNCTION hotel_refuse('{_BOOKS}')"
    op.execute(f"CREATE TRIGGER closed_books_kept BEFORE UPDATE OR DELETE ON closed_books FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER closed_books_truncated BEFORE TRUNCATE ON closed_books {refuse}")
    _raise_where("closed_books", f"NEW.business_date <= {_NEWEST}", _BOOKS)
    at = "BEFORE INSERT ON closed_books FOR EACH ROW"
    op.execute(f"CREATE TRIGGER closed_books_in_order {at} EXECUTE FUNCTION hotel_refuse_closed_books()")


def _raise_where(table: str, when: str, said: str) -> None:
    op.execute(
        f"CREATE FUNCTION hotel_refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    )
