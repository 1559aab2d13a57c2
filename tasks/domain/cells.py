"""What one cell means: texts, codes, dates and exact numbers out of what people type.

A cell that means nothing clear becomes the message that says why, never a guess.

Every function is pure of its cell, so that a column is read once for each of its unique cells (`read_column`).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from tasks.domain.amounts import (
    MONEY_PLACES,
    PRICE_PLACES,
    QUANTITY_PLACES,
    SHARE_PLACES,
    SHARE_SCALE,
    VOLUME_PLACES,
)
from tasks.domain.keys import as_written, clean
from tasks.domain.message import Message, message
from tasks.domain.sheet import Cell

Read = TypeVar("Read")

QUANTITY_MAX = 1_000_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
PLACES = {
    "quantity": QUANTITY_PLACES, "price": PRICE_PLACES, "volume": VOLUME_PLACES, "money": MONEY_PLACES,
    "share": SHARE_PLACES,
}  # fmt: skip
SIGNIFICANT_DIGITS = 15
COUNT_MAX = 1_000_000
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_SERIALS = ((dt.date(FIRST_YEAR, 1, 1) - _EXCEL_EPOCH).days, (dt.date(LAST_YEAR, 12, 31) - _EXCEL_EPOCH).days)
_MONTHS = {
    m: n
    for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_FORMULA_ERRORS = {
    "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!",
    "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!", "#PYTHON!",
}  # fmt: skip
_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\uff0d\ufe63", "-"))

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})[-/ .]?\s*([A-Za-z]{3})[a-z]*\.?[-/ .,]*(\d{4})")
_NAME_DAY_YEAR = re.compile(r"([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_CLOCK = r"(\d{1,2})(?::(?=\d)|[时時点點])(\d{2})?(?:[:分](\d{2})?(?:\.\d+)?)?[分秒]?(?:Z|\s*\+08:?00)?"
_TIME = re.compile(rf"(.+?)(?:\s+|T|(?<=[日号])){_CLOCK}")
_TIME_ALONE = re.compile(_CLOCK)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_NUMBER = re.compile(r"([+-]?)\s?(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d*)(\.\d*)?(-?)")
_CURRENCY = re.compile(r"^(?:¥|CNY|RMB)\s*|\s*元$", re.IGNORECASE)
_TENTHS = re.compile(r"([1-9]\d?|\d\.\d+)折")
_SPELT_DIGIT = re.compile(r"[一二三四五六七八九]")
_INSIDE = re.compile(r"\((.+)\)")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,3}")
_AS_TEXT = re.compile(r"""=?"(.*)"|'(.*)""")
_DIGITS_MAX = 10**30
_WEIGHT_PLACES = 30
_UNTAXED = re.compile(r"(?:免税|不征税|零税率|exempt)", re.IGNORECASE)
_PLAIN_FLOAT = re.compile(r"(\d+)\.0+")


def reason(name: str, /, **parameters: str | int) -> Message:
    """The message `intake.cell.<name>`: why a cell was not taken."""
    return message(f"intake.cell.{name}", **parameters)


def read_column(cells: Sequence[Cell], read: Callable[[Cell], Read]) -> list[Read]:
    """`read` of every cell in order, called once for each unique cell."""
    known = {cell: read(cell) for cell in dict.fromkeys(cells)}
    return [known[cell] for cell in cells]


def shown(cell: Cell) -> str:
    """The cell as a person sees it: whole numbers without a point, days without a time."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**SIGNIFICANT_DIGITS else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Whether the cell holds nothing that can be seen."""
    return isinstance(cell, str) and not clean(cell)


def has_failed(cell: Cell) -> bool:
    """Whether the cell shows the error of a formula instead of its result."""
    return isinstance(cell, str) and cell in _FORMULA_ERRORS


def read_text(cell: Cell) -> str | Message:
    """The text without stray spaces and in half-width signs; numbers and dates as a person sees them."""
    text = clean(cell if isinstance(cell, str) else shown(cell))
    return reason("formula_error") if text in _FORMULA_ERRORS else text


def read_sentence(cell: Cell) -> str | Message:
    """What a person wrote for other people, in their own signs and punctuation, without stray spaces."""
    text = read_text(cell)
    return text if isinstance(text, Message) or not isinstance(cell, str) else as_written(cell)


def read_code(cell: Cell) -> str | Message:
    """The code as a text: leading zeros kept, 123.0 is `123`; a code that Excel took for a number and cut is damaged.

    Excel keeps 15 digits of a number, so a longer whole number or one in scientific notation has lost some.
    """
    if isinstance(cell, float | int):
        if cell != cell or abs(cell) >= 10**SIGNIFICANT_DIGITS:  # noqa: PLR0124 - only NaN differs from itself
            return reason("number_damaged")
        return shown(float(cell)) if float(cell).is_integer() else f"{cell:.{SIGNIFICANT_DIGITS}g}"
    text = read_text(cell)
    if isinstance(text, Message):
        return text
    if _SCIENTIFIC.fullmatch(text) and ("+" in text or "." in text):
        return reason("number_damaged")
    whole = _PLAIN_FLOAT.fullmatch(text)
    return whole[1] if whole else text


def read_digits(cell: Cell) -> str | Message:
    """The code as it stands, also one that a spreadsheet took for a number and cut: a check names it, nobody loses it.

    A number beyond 15 digits is spelt out, with zeros for what is lost; `2.6117E+19` that somebody saved as text stays.
    The mark by which a sheet is told that digits are text (`'0012`, `="0012"`) is no part of them.
    """
    if isinstance(cell, float | int):
        damaged = cell == cell and 10**SIGNIFICANT_DIGITS <= abs(cell) < _DIGITS_MAX  # noqa: PLR0124 - only NaN differs
        return f"{Decimal(f'{cell:.{SIGNIFICANT_DIGITS}g}'):f}" if damaged else read_code(cell)
    text = read_text(cell)
    if isinstance(text, Message):
        return text
    marked = _AS_TEXT.fullmatch(text)
    bare = (marked[1] or marked[2] or "") if marked else text
    whole = _PLAIN_FLOAT.fullmatch(bare)
    return whole[1] if whole else bare


def read_rate(cell: Cell) -> int | Message | None:
    """The rate of tax from 0 to 1 scaled by 10,000, as `13%`, `0.13` or `13`; None for a blank cell.

    No tax is 100 %, so what is 1 or more counts in percent: a plain 1 is 1 %. Exempt and untaxed is 0.
    """
    if isinstance(cell, str):
        text = clean(cell)
        if _UNTAXED.fullmatch(text):
            return 0
        percent = text.removesuffix("%").strip()
        rate = read_amount(percent, SHARE_PLACES) if percent != text else None
        if isinstance(rate, int):
            return _rate(rate, of_hundred=True)
    number = read_amount(cell, SHARE_PLACES)
    return _rate(number, of_hundred=number >= SHARE_SCALE) if isinstance(number, int) else number


def _rate(scaled: int, *, of_hundred: bool) -> int | Message:
    rate, rest = divmod(scaled, 100) if of_hundred else (scaled, 0)
    return rate if 0 <= rate <= SHARE_SCALE and not rest else reason("not_a_rate")


def read_date(cell: Cell, year: int | None = None) -> dt.date | Message | None:
    """The day, or None for a blank cell; `year` is the one of a day written without (the sheet's stated date)."""
    if isinstance(cell, dt.datetime):
        return _in_range(cell.date())
    if isinstance(cell, dt.date):
        return _in_range(cell)
    if isinstance(cell, int | float):
        return _numbered_day(cell)
    if not isinstance(cell, str):
        return reason("not_a_date")
    text = _WEEKDAY.sub("", clean(cell).translate(_MINUS))
    if not text:
        return None
    timed = _TIME.fullmatch(text)
    return _written_day(_WEEKDAY.sub("", timed[1]).strip() if timed else text, year)


def read_datetime(cell: Cell, time: dt.time = dt.time()) -> dt.datetime | Message | None:
    """The moment as the wall clock showed it, at `time` where only a day is given; None for a blank cell."""
    if isinstance(cell, dt.datetime):
        day = _in_range(cell.date())
        return day if isinstance(day, Message) else cell.replace(tzinfo=None, microsecond=0)
    if isinstance(cell, str) and _SERIAL.fullmatch(clean(cell)):
        cell = float(clean(cell))
    if isinstance(cell, float) and not cell.is_integer() and _SERIALS[0] <= cell < _SERIALS[1] + 1:
        seconds = round((cell % 1) * 86400)
        return dt.datetime.combine(_EXCEL_EPOCH, dt.time()) + dt.timedelta(days=int(cell), seconds=seconds)
    found = read_date(cell)
    if found is None or isinstance(found, Message):
        return found
    timed = _TIME.fullmatch(clean(cell)) if isinstance(cell, str) else None
    told = _clock(*timed.groups()[1:]) if timed else time
    return reason("not_a_date") if told is None else dt.datetime.combine(found, told)


def read_time(cell: Cell) -> dt.time | None:
    """The time of day where a cell holds that alone: `23:15`, `23时15分`, 0.96875; None for anything else."""
    if isinstance(cell, dt.time):
        return cell.replace(tzinfo=None, microsecond=0)
    if isinstance(cell, float) and 0 < cell < 1:
        return (dt.datetime.combine(_EXCEL_EPOCH, dt.time()) + dt.timedelta(seconds=round(cell * 86400))).time()
    timed = _TIME_ALONE.fullmatch(clean(cell)) if isinstance(cell, str) else None
    return _clock(*timed.groups()) if timed else None


def read_amount(cell: Cell, places: int) -> int | Message | None:
    """The number as an integer scaled by 10**places, exact; None for a blank cell.

    Numbers of a workbook are binary: they count to 15 significant digits, as Excel itself shows them.
    """
    if isinstance(cell, str):
        text = clean(cell).translate(_MINUS)
        if not text:
            return None
        number = _written_number(text)
    elif isinstance(cell, float | int):
        number = _binary_number(cell)
    else:
        return reason("not_a_number")
    if number is None:
        return reason("formula_error") if has_failed(cell) else reason("not_a_number")
    if abs(number) > QUANTITY_MAX:
        return reason("too_large", limit=QUANTITY_MAX)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > places:
        return reason("too_many_places", places=places)
    return int(number.scaleb(places))


def read_weight(cell: Cell) -> int | Message | None:
    """The weight of a row in a sample, of 0 or more, scaled by 10,000 and rounded half up; None for a blank cell.

    Programs that work weights out write them with all their decimals.
    """
    exact = read_amount(cell, _WEIGHT_PLACES)
    if not isinstance(exact, int):
        return exact
    step = 10 ** (_WEIGHT_PLACES - QUANTITY_PLACES)
    return reason("negative") if exact < 0 else (2 * exact + step) // (2 * step)


def read_money(cell: Cell) -> int | Message | None:
    """The amount in cents, signed and exact, also with its currency (`¥388.00`, `388元`); None for a blank cell."""
    if isinstance(cell, str):
        text = clean(cell).translate(_MINUS)
        sign = "-" if text.startswith("-") else ""
        cell = sign + (_CURRENCY.sub("", text[len(sign) :]) or text[len(sign) :])
    return read_amount(cell, MONEY_PLACES)


def read_share(cell: Cell) -> int | Message | None:
    """The share from 0 to 1 scaled by 10,000, as `0.80`, `80%`, `8折`, `8.5折`, `85折` or `八五折`; None for a blank.

    A plain 80 is nobody's share: whether a percent sign or a point is missing is not for us to guess.
    """
    share = read_amount(cell, SHARE_PLACES)
    if isinstance(cell, str) and isinstance(share, Message):
        text = clean(cell)
        percent = text.removesuffix("%").strip()
        tenths = _TENTHS.fullmatch(_SPELT_DIGIT.sub(_digit, text))
        if tenths:
            # 85折 is 8.5 tenths; 10折 is the whole price.
            hundredths = len(tenths[1]) == len("85") and tenths[1] != "10"
            share = read_amount(tenths[1], SHARE_PLACES - 1 - hundredths)
        elif percent != text:
            share = read_amount(percent, SHARE_PLACES - 2)
    in_range = not isinstance(share, int) or 0 <= share <= SHARE_SCALE
    return share if in_range else reason("not_a_share")


def read_count(cell: Cell) -> int | Message | None:
    """The whole number of 0 or more; None for a blank cell."""
    number = read_amount(cell, 0)
    if number is None or isinstance(number, int):
        return reason("not_whole") if number is not None and not 0 <= number <= COUNT_MAX else number
    return reason("not_whole") if number.key.endswith("too_many_places") else number


def stated_day(text: str) -> dt.date | None:
    """The day named anywhere in a text such as a file name: `DF01_20261111.xlsx`, `2026-11-11`, `2026年11月1日`."""
    for pattern in (r"(?<!\d)(\d{4})[-_.年](\d{1,2})[-_.月](\d{1,2})(?!\d)", r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)"):
        for found in re.finditer(pattern, clean(text)):
            day = _day(int(found[1]), int(found[2]), int(found[3]))
            if isinstance(day, dt.date):
                return day
    return None


def _digit(found: re.Match[str]) -> str:
    return str(int(unicodedata.numeric(found[0])))


def _clock(hour: str, minute: str | None, second: str | None) -> dt.time | None:
    try:
        return dt.time(int(hour), int(minute or 0), int(second or 0))
    except ValueError:
        return None


def _numbered_day(number: float) -> dt.date | Message:
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - only NaN differs from itself
        return reason("not_a_date")
    if _SERIALS[0] <= number < _SERIALS[1] + 1:
        return _EXCEL_EPOCH + dt.timedelta(days=int(number))
    compact = _COMPACT.fullmatch(str(int(number))) if float(number).is_integer() else None
    if compact:
        return _day(int(compact[1]), int(compact[2]), int(compact[3]))
    return reason("date_out_of_range") if 0 < number < _SERIALS[0] else reason("not_a_date")


def _written_day(text: str, year: int | None) -> dt.date | Message:
    found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = _MONTH_DAY.fullmatch(text)
    if found and not re.fullmatch(r"\d+\.\d+", text):
        return reason("date_without_year") if year is None else _day(year, int(found[1]), int(found[2]))
    found = _DAY_NAME_YEAR.fullmatch(text)
    if found and found[2].lower() in _MONTHS:
        return _day(int(found[3]), _MONTHS[found[2].lower()], int(found[1]))
    found = _NAME_DAY_YEAR.fullmatch(text)
    if found and found[1].lower() in _MONTHS:
        return _day(int(found[3]), _MONTHS[found[1].lower()], int(found[2]))
    if _SERIAL.fullmatch(text):
        return _numbered_day(float(text))
    return reason("formula_error") if text in _FORMULA_ERRORS else reason("not_a_date")


def _day(year: int, month: int, day: int) -> dt.date | Message:
    try:
        return _in_range(dt.date(year, month, day))
    except ValueError:
        return reason("impossible_date")


def _in_range(day: dt.date) -> dt.date | Message:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else reason("date_out_of_range")


def _written_number(text: str) -> Decimal | None:
    inside = _INSIDE.fullmatch(text)
    found = _NUMBER.fullmatch(inside[1].strip() if inside else text)
    if not found or not text.isascii():
        return None
    sign, whole, rest, behind = found[1], found[2], found[3] or "", found[4]
    if not whole and len(rest) < 2:  # noqa: PLR2004 - a point and a digit
        return None
    if (inside is not None) + (sign != "") + (behind != "") > 1:
        return None
    # Zeros behind the point say nothing and must not count as places.
    number = Decimal(f"{whole.replace(',', '').replace(' ', '') or '0'}{rest.rstrip('0').rstrip('.')}")
    return -number if inside or sign == "-" or behind else number


def _binary_number(number: float) -> Decimal | None:
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - only NaN differs from itself
        return None
    return Decimal(number) if isinstance(number, int) else Decimal(f"{number:.{SIGNIFICANT_DIGITS}g}")
