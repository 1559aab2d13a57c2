"""A break as a row of its table, and back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row

from tasks.domain.breaks import Break
from tasks.domain.message import message_from_json


def row_of(one: Break) -> dict[str, object]:
    """The break by the columns of `breaks`, all but its flow and its last period."""
    return {
        "id": one.id,
        "kind": one.kind,
        "severity": one.severity,
        "state": one.state,
        "site": one.site,
        "department": one.department,
        "warehouse": one.warehouse,
        "item": one.item,
        "date": one.date,
        "refs": "\n".join(one.refs),
        "expected": one.expected,
        "found": one.found,
        "difference": one.difference,
        "value": one.value,
        "message": one.message.to_json(),
        "opened_on": one.opened_on,
        "owner": one.owner,
    }


def break_of(row: Row[Any], since: dt.date) -> Break:
    """The break that a row of `breaks` holds, in its state since `since`."""
    return Break(
        id=row.id,
        kind=row.kind,
        severity=row.severity,
        state=row.state,
        site=row.site,
        department=row.department,
        warehouse=row.warehouse,
        item=row.item,
        date=row.date,
        refs=tuple(row.refs.split("\n")) if row.refs else (),
        expected=row.expected,
        found=row.found,
        difference=row.difference,
        value=row.value,
        message=message_from_json(row.message),
        opened_on=row.opened_on,
        since=since,
        owner=row.owner,
    )
