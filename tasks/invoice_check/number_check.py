"""Numbers that cannot be right: of invoices, damaged or of a wrong form, and of taxpayers (spec 04, inputs)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd
from stdnum.cn import ric, uscc

from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.domain.texts import distinct
from tasks.invoice_check.books import in_books
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.numbers import damaged, full_width, long_number

_CENTURY = 100
_TAX_NUMBERS_KEPT = 200_000
# Sentences are shown to more people than may read the whole number, which stands in the register.
_SHOWN = 4
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
# Before 2015: a registration number of 15, of a person the old or new identity number, or that and two more signs.
_OLD_LENGTHS = (15, 17, 18, 20)
# Abroad they have their own; most begin with the two letters of the country.
_FOREIGN = re.compile(r"[A-Z]{2}")


def number_findings(documents: pd.DataFrame, books: pd.DataFrame | None = None) -> tuple[Finding, ...]:
    """Every invoice number that a spreadsheet damaged (NUMBER_DAMAGED), or that cannot be one (NUMBER_FORMAT).

    `documents` as DOCUMENTS; `books` as BOOKS say how many digits the numbers in them have. A number has digits;
    without a code it has 20, or fewer than 16; a fully digital one begins with the year of its issue; with a code of 10
    or 12 digits it has 8.
    """
    wanted = full_width(documents)
    if books is not None and len(books):
        placed = in_books(documents, books)
        of_book = pd.Series(books["width"].to_numpy()[placed.to_numpy()], index=documents.index)
        wanted = wanted.mask(placed >= 0, of_book)
    how = damaged(documents, wanted)
    rows = documents.assign(how=how, wanted=wanted)
    return (*_damaged(rows[how != ""]), *_malformed(rows[how == ""]))


def tax_number_findings(documents: pd.DataFrame) -> tuple[Finding, ...]:
    """Every buyer's tax number that cannot be one, one finding a number (TAX_NUMBER).

    A unified social credit code (18) is proved by its check digit. The old numbers of 15, those of persons and those
    from abroad are taken as they are; a blank is none.
    """
    said = distinct(documents["tax_number"])
    reasons = said.each([tax_number_reason(text) for text in said.texts])
    rows = documents.assign(reason=reasons)[reasons != ""]
    found = []
    for _, same in rows.groupby("tax_number", sort=False):
        row = same.iloc[0]
        told = message(
            f"invoice_register.tax_number.{row['reason']}",
            ending=row["tax_number"][-_SHOWN:],
            length=len(row["tax_number"]),
            buyer=row["buyer"],
            number=row["number"],
            times=len(same),
        )
        refs = " ".join(same["refs"]).split()
        found.append(invoice_finding("TAX_NUMBER", row["issued_on"].date(), row["number"], refs, told))
    return tuple(found)


@lru_cache(maxsize=_TAX_NUMBERS_KEPT)
def tax_number_reason(text: str) -> str:
    """Why a tax number cannot be right: scientific, check (its check digit), length; "" where it can."""
    number = re.sub(r"[\s\-]", "", text).upper()
    if not number or set(number) == {"0"}:
        return ""
    if _SCIENTIFIC.fullmatch(number):
        return "scientific"
    if _CREDIT_CODE.fullmatch(number) and uscc.calc_check_digit(number) == number[-1]:
        return ""
    if len(number) == len("91350100M000100Y43"):
        return "" if ric.is_valid(number) else "check"
    return "" if len(number) in _OLD_LENGTHS or _FOREIGN.match(number) else "length"


def _damaged(rows: pd.DataFrame) -> Iterator[Finding]:
    for row in each(rows):
        told = message(
            f"invoice_register.number_damaged.{row.how}", number=row.number, buyer=row.buyer, width=row.wanted
        )
        yield invoice_finding("NUMBER_DAMAGED", row.issued_on.date(), row.number, row.refs.split(), told)


def _malformed(rows: pd.DataFrame) -> Iterator[Finding]:
    long = long_number(rows) & ~rows["digital"]
    year = pd.to_numeric(rows["prefix"].str.slice(0, 2).where(rows["digital"], "0")).astype("int64")
    coded = (rows["wanted"] > 0) & (rows["code"].str.len() >= len("4400193130")) & (rows["prefix"] == "")
    reasons = (
        ("no_digits", rows["counter"].isna()),
        ("year", rows["digital"] & (year != rows["issued_on"].dt.year % _CENTURY)),
        ("with_code", long & (rows["code_key"] != "")),
        ("not_twenty", long),
        ("too_long", coded & (rows["width"] > rows["wanted"])),
    )
    reason = np.select([wrong.to_numpy(dtype=np.bool_) for _, wrong in reasons], [name for name, _ in reasons], "")
    wrong = rows.assign(reason=reason)[reason != ""]
    for row in each(wrong):
        told = message(
            f"invoice_register.number_format.{row.reason}",
            number=row.number,
            length=len(row.number.strip()),
            date=row.issued_on.date().isoformat(),
            code=row.code,
        )
        yield invoice_finding("NUMBER_FORMAT", row.issued_on.date(), row.number, row.refs.split(), told)
