"""ERP lines are known by their normalised document and line: lines that were one in two spellings become one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

import sqlalchemy as sa
from alembic import op

from tasks.domain.amounts import quantity_text
from tasks.domain.keys import code_key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEYS = {"document_key": ("document", 80), "line_key": ("line", 20), "transfer_order_key": ("transfer_order", 80)}
_AT_ONCE = 10_000
_FILES = sa.table("files", sa.column("id", sa.Integer), sa.column("received_at", sa.DateTime(timezone=True)))
_LEDGER = sa.table("ledger_rows", sa.column("date", sa.Date), sa.column("matched_by", sa.String))
_CHANGES = sa.table(
    "changes",
    *(sa.column(name, sa.Text) for name in ("dataset", "key", "field", "before", "after")),
    sa.column("file_id", sa.Integer),
    sa.column("changed_at", sa.DateTime(timezone=True)),
)
# Not content: what a row is known by, where it came from, and what others keep beside it.
_BESIDE = {"id", *_KEYS, "document", "line", "warehouse_key", "item_key", "file_id", "sheet", "row", "matched_by"}

Line = Mapping[str, Any]


def upgrade() -> None:
    """Fills the keys, makes one line of those with the same key, and has the keys in place of the spellings."""
    for name, (_, length) in _KEYS.items():
        op.add_column("erp_lines", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    connection = op.get_bind()
    lines = sa.Table("erp_lines", sa.MetaData(), autoload_with=connection)
    _fill(connection, lines)
    _merge(connection, lines)
    op.drop_index(op.f("ix_erp_lines_transfer_order"), table_name="erp_lines")
    with op.batch_alter_table("erp_lines") as table:
        table.drop_constraint(op.f("uq_erp_lines_document_line"), type_="unique")
        table.create_unique_constraint(op.f("uq_erp_lines_document_key_line_key"), ["document_key", "line_key"])
    op.create_index(op.f("ix_erp_lines_transfer_order_key"), "erp_lines", ["transfer_order_key"], unique=False)


def _fill(connection: sa.Connection, lines: sa.Table) -> None:
    new = lines.update().where(lines.c.id == sa.bindparam("at"))
    new = new.values({name: sa.bindparam(f"new_{name}") for name in _KEYS})
    last = 0
    while True:
        query = sa.select(lines).where(lines.c.id > last).order_by(lines.c.id).limit(_AT_ONCE)
        found = connection.execute(query).mappings().all()
        if not found:
            return
        last = found[-1]["id"]
        keys = [{f"new_{name}": code_key(row[column]) for name, (column, _) in _KEYS.items()} for row in found]
        connection.execute(new, [{"at": row["id"], **own} for row, own in zip(found, keys, strict=True)])


def _merge(connection: sa.Connection, lines: sa.Table) -> None:
    """The line first delivered takes what the later ones say; each value before is noted, their days are open again."""
    key = lines.c.document_key, lines.c.line_key
    doubled = sa.select(*key).group_by(*key).having(sa.func.count() > 1)
    # As they were delivered: a later file has the last word.
    query = sa.select(lines).where(sa.tuple_(*key).in_(doubled)).order_by(*key, lines.c.file_id, lines.c.id)
    found: Sequence[Line] = [dict(line) for line in connection.execute(query).mappings()]
    for _, group in groupby(found, key=lambda line: (line["document_key"], line["line_key"])):
        _make_one(connection, lines, list(group))
    dates = sorted({line["date"] for line in found})
    for table in (lines, _LEDGER):
        connection.execute(table.update().where(table.c.date.in_(dates)).values(matched_by=None))


def _make_one(connection: sa.Connection, lines: sa.Table, alike: Sequence[Line]) -> None:
    first = min(alike, key=lambda line: line["id"])
    changes = list(_changes(alike, f"{first['document']}:{first['line']}"))
    if changes:
        ids = {change["file_id"] for change in changes}
        came = sa.select(_FILES.c.id, _FILES.c.received_at).where(_FILES.c.id.in_(ids))
        arrived = dict(connection.execute(came).tuples().all())
        connection.execute(_CHANGES.insert(), [{**one, "changed_at": arrived[one["file_id"]]} for one in changes])
    connection.execute(lines.delete().where(lines.c.id.in_([line["id"] for line in alike if line is not first])))
    said = {name: value for name, value in alike[-1].items() if name not in ("id", "document", "line")}
    connection.execute(lines.update().where(lines.c.id == first["id"]).values(said))


def _changes(alike: Sequence[Line], key: str) -> Iterator[dict[str, Any]]:
    for before, after in pairwise(alike):
        for field in before:
            if field not in _BESIDE and before[field] != after[field]:
                texts = {"before": _text(field, before[field]), "after": _text(field, after[field])}
                yield {"dataset": "erp_documents", "key": key, "field": field, **texts, "file_id": after["file_id"]}


def _text(field: str, value: object) -> str:
    if value is None:
        return ""
    return quantity_text(value) if field == "quantity" and isinstance(value, int) else str(value)
