"""Messages and typed values as a reader of one language sees them: the same words and digits in every rendering."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from types import MappingProxyType

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern

from config.wording import LANGUAGES, wording
from tasks.domain.amounts import QUANTITY_PLACES, money
from tasks.domain.message import Message
from tasks.domain.report import Kind, Value

NUMERIC: frozenset[Kind] = frozenset({"count", "quantity", "volume", "money", "rate", "share"})
# What no page, sheet or mail can hold: control characters, lone surrogates, non-characters, and the marks that turn
# the direction of writing and so could make one number look like another.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_TENTH_OF_PERCENT = Decimal("0.1")
_PATTERNS: Mapping[Kind, str] = MappingProxyType(
    {"count": "#,##0", "quantity": "#,##0.####", "volume": "#,##0.############", "money": "#,##0.00"}
)


def printable(text: str) -> str:
    """`text` with every character that cannot be shown safely replaced by U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def spoken(one: Message, language: str) -> str:
    """The words of a message in `language`, messages within it included.

    Raises UnknownWording for a key that stands in no catalogue and KeyError for a parameter that the wording lacks.
    """
    inner = {
        name: spoken(value, language) if isinstance(value, Message) else printable(value)
        for name, value in one.parameters
    }
    return wording(language, one.key, **inner)


def spoken_in_every_language(one: Message) -> str:
    """The words of a message in every language, in one line: what ops see in the Prefect UI, whoever they are."""
    return " · ".join(dict.fromkeys(spoken(one, language) for language in LANGUAGES))


def shown(kind: Kind, value: Value, language: str) -> str:
    """One value as people read it: `1,234` · `2.5` · `1,234.50` · `98.5%` · `2026-11-20` · words; undefined is a dash.

    Quantities come scaled by 10,000, volumes, money and rates as decimals (rates 0 to 1), half up to the last place
    shown. A rate below one is never shown as 100.0% nor one above nought as 0.0%, for "nearly all" is not "all". A
    share has the digits that it carries.
    """
    if value is None:
        return wording(language, "report.no_value")
    if isinstance(value, Message):
        return spoken(value, language)
    if isinstance(value, dt.date):
        return value.isoformat()
    if kind == "quantity":
        value = Decimal(value).scaleb(-QUANTITY_PLACES)
    if kind in _PATTERNS:
        return _formatted(money(Decimal(value)) if kind == "money" else Decimal(value), _PATTERNS[kind], language)
    if kind == "rate":
        return _formatted(_percent(Decimal(value)), "#,##0.0", language) + "%"
    if kind == "share":
        return _formatted(Decimal(value) * 100, "#,##0.0##########", language) + "%"
    return printable(str(value))


def _formatted(value: int | Decimal, pattern: str, language: str) -> str:
    return str(_pattern(pattern).apply(value, _locale(language)))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _pattern(pattern: str) -> NumberPattern:
    return parse_pattern(pattern)


def _percent(rate: Decimal) -> Decimal:
    percent = (rate * 100).quantize(_TENTH_OF_PERCENT, rounding=ROUND_HALF_UP)
    if rate < 1 and percent == 100:  # noqa: PLR2004 - one hundred percent
        return percent - _TENTH_OF_PERCENT
    if rate > 0 and percent == 0:
        return _TENTH_OF_PERCENT
    return percent
