"""A report as one text that is kept and read back whole, so that its looks can be made whenever they are wanted."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from numbers import Integral
from typing import Any

import orjson

from tasks.domain.message import Message
from tasks.domain.report import Bars, Chart, Column, Figure, Report, Series, Sheet, Table, Value

_KINDS = frozenset({type(None), str, int, Decimal, dt.date, Message})
# A lone surrogate is no character that a database could store; inside a JSON text its escape says the same.
_SURROGATE = re.compile("[\ud800-\udfff]")


def report_to_json(report: Report) -> str:
    """The report as canonical JSON: equal reports give the same text, and `report_from_json` gives an equal report.

    A value bears its kind: a text, a number (int), `{"decimal": …}` with every digit, `{"date": …}`, a message, null.
    Raises TypeError for a value that is none of these (a binary float, a moment).
    """
    whole = _report(report)
    try:
        return orjson.dumps(whole, default=_bearing_its_kind, option=_CANONICAL).decode()
    except TypeError:
        # A number beyond 64 bits, a lone surrogate, or what a report cannot hold.
        return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", _ENCODER.encode(whole))


def report_from_json(text: str) -> Report:
    """The report that `report_to_json` wrote; raises ValueError on any other text."""
    try:
        return _built_report(json.loads(text))
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"not a report: {error!r}") from error


def content_digest(report: Report) -> str:
    """What tells two reports apart: 64 hexadecimal digits, equal when everything in the reports is equal."""
    return hashlib.sha256(report_to_json(report).encode("utf-8")).hexdigest()


def _report(report: Report) -> dict[str, object]:
    return {
        "flow": report.flow,
        "period": report.period,
        "audience": report.audience,
        "title": report.title,
        "subtitle": report.subtitle,
        "status": report.status,
        "headline": report.headline,
        "figures": [_figure(one) for one in report.figures],
        "charts": [_chart(one) for one in report.charts],
        "tables": [_table(one) for one in report.tables],
        "next_steps": _checked(report.next_steps),
        "notes": _checked(report.notes),
        "definitions": _checked(report.definitions),
        "sheets": [_sheet(one) for one in report.sheets],
        "inputs": _checked(report.inputs),
        "tone": report.tone,
        # Left out where there is none: what was mailed before must keep its digest.
        **({"enclosed": report.enclosed} if report.enclosed else {}),
    }


def _figure(one: Figure) -> dict[str, object]:
    return {
        "name": one.name,
        "kind": one.kind,
        "value": _checked((one.value,))[0],
        "tone": one.tone,
        "detail": one.detail,
    }


def _chart(one: Chart) -> dict[str, object]:
    series = [
        {"name": line.name, "label": line.label, "values": _checked(line.values), "kind": line.kind}
        for line in one.series
    ]
    return {
        "name": one.name,
        "title": one.title,
        "dates": _checked(one.dates),
        "series": series,
        "kind": one.kind,
        **({"months": True} if one.months else {}),
    }


def _table(one: Table) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title,
        "columns": [
            {"name": column.name, "heading": column.heading, "kind": column.kind, "width": column.width}
            for column in one.columns
        ],
        "rows": [_checked(row) for row in one.rows],
        "empty": one.empty,
        "shown": one.shown,
        "answers": one.answers,
        **({"bars": _bars(one.bars)} if one.bars else {}),
    }


def _bars(one: Bars) -> dict[str, object]:
    return {"kind": one.kind, "columns": _checked(one.columns), "told": _checked(one.told)}


def _sheet(one: Sheet) -> dict[str, object]:
    # A mail is known by its content: a sheet without a code says what it always said.
    code = {"code": one.code} if one.code else {}
    return code | {
        "name": one.name,
        "title": one.title,
        "lines": _checked(one.lines),
        "table": _table(one.table),
        "signatures": _checked(one.signatures),
    }


def _checked(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """The values, each of a kind that is written; a number or a text of a library's own type as a plain one.

    Raises TypeError for what a report cannot hold.
    """
    if _KINDS.issuperset(map(type, values)):
        return values
    return tuple(value if type(value) in _KINDS else _plain_other(value) for value in values)


def _plain_other(value: object) -> str | int:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Integral):
        return int(value)
    raise TypeError(f"a report holds no {type(value).__name__}: {value!r}")


def _bearing_its_kind(value: object) -> object:
    """What the encoder writes for a value that JSON has no word for."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Message):
        return {"key": value.key, "with": value.parameters}
    return {"date": value.isoformat()} if isinstance(value, dt.date) else _plain_other(value)


# The same text as the encoder below gives, several times as fast.
_CANONICAL = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
_ENCODER = json.JSONEncoder(
    check_circular=False,
    allow_nan=False,
    sort_keys=True,
    ensure_ascii=False,
    separators=(",", ":"),
    default=_bearing_its_kind,
)


def _built_report(plain: Mapping[str, Any]) -> Report:
    return Report(
        **{
            **plain,
            "title": _built(plain["title"]),
            "subtitle": _built(plain["subtitle"]),
            "headline": _built(plain["headline"]),
            "figures": tuple(
                Figure(**{**one, "value": _built(one["value"]), "detail": _built(one["detail"])})
                for one in plain["figures"]
            ),
            "charts": tuple(_built_chart(one) for one in plain["charts"]),
            "tables": tuple(_built_table(one) for one in plain["tables"]),
            "sheets": tuple(_built_sheet(one) for one in plain["sheets"]),
            **{name: _built_all(plain[name]) for name in ("next_steps", "notes", "definitions", "inputs")},
        }
    )


def _built_chart(plain: Mapping[str, Any]) -> Chart:
    series = tuple(
        Series(**{**one, "label": _built(one["label"]), "values": _built_all(one["values"])}) for one in plain["series"]
    )
    return Chart(**{**plain, "title": _built(plain["title"]), "dates": _built_all(plain["dates"]), "series": series})


def _built_table(plain: Mapping[str, Any]) -> Table:
    return Table(
        **{
            **plain,
            "title": _built(plain["title"]),
            "columns": tuple(Column(**one) for one in plain["columns"]),
            "rows": tuple(_built_all(row) for row in plain["rows"]),
            "empty": _built(plain["empty"]),
            **({"bars": _built_bars(plain["bars"])} if "bars" in plain else {}),
        }
    )


def _built_bars(plain: Mapping[str, Any]) -> Bars:
    return Bars(plain["kind"], tuple(plain["columns"]), tuple(plain["told"]))


def _built_sheet(plain: Mapping[str, Any]) -> Sheet:
    return Sheet(
        **{
            **plain,
            "title": _built(plain["title"]),
            "lines": _built_all(plain["lines"]),
            "table": _built_table(plain["table"]),
            "signatures": _built_all(plain["signatures"]),
        }
    )


def _built_all(plain: list[Any]) -> tuple[Any, ...]:
    return tuple(_built(value) for value in plain)


def _built(plain: Any) -> Any:
    """The value that `report_to_json` wrote; what a field must hold is known by its caller."""
    if not isinstance(plain, dict):
        return plain
    if "key" in plain:
        return Message(plain["key"], tuple((name, _built(inner)) for name, inner in plain["with"]))
    return Decimal(plain["decimal"]) if "decimal" in plain else dt.date.fromisoformat(plain["date"])
