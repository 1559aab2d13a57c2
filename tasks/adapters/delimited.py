"""Delimited text (csv, tsv, txt) as a sheet: encoding and delimiter found out from the text itself."""

from __future__ import annotations

import csv
import io
import re

from config.settings import Limits
from tasks.domain.sheet import Cell, RawSheet, refused

_SNIFFED_LINES = 40
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_SHEET = "csv"


def delimited_sheet(content: bytes, limits: Limits) -> RawSheet:
    """The one sheet of a delimited text: UTF-8 or UTF-16 with or without mark, or GB18030; comma, tab or semicolon.

    Raises RefusedFile for what is no text and for rows, columns or cells over the limits.
    """
    text = _decoded(content)
    if _BINARY.search(text, 0, 200_000) or text.lstrip()[:9].lower().startswith(
        ("<html", "<!doctype", "<?xml", "%pdf")
    ):
        raise refused("not_a_workbook")
    csv.field_size_limit(limits.cell_characters_max)
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    last = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(row):
                last = number
            elif number - last > limits.blank_rows_max:
                continue
            if last > limits.rows_max:
                raise refused("rows_max", sheet=_SHEET, limit=limits.rows_max)
            if len(row) > limits.columns_max and any(row[limits.columns_max :]):
                raise refused("columns_max", sheet=_SHEET, limit=limits.columns_max)
            rows.extend([] for _ in range(number - 1 - len(rows)))
            rows.append(list(row))
    except csv.Error as wrong:
        if "field limit" in str(wrong):
            found = reader.line_num
            raise refused("cell_characters_max", sheet=_SHEET, row=found, limit=limits.cell_characters_max) from wrong
        raise refused("damaged_file") from wrong
    if last == 0:
        raise refused("empty_file")
    return RawSheet(_SHEET, rows[:last])


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content[:4000]:
        raise refused("not_a_workbook")
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("encoding")


def _delimiter(text: str) -> str:
    lines = text[:100_000].splitlines()[:_SNIFFED_LINES]
    # Quoted commas are no delimiters; what stands outside quotes is enough to tell.
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    return max((",", "\t", ";"), key=lambda sign: max((line.count(sign) for line in bare), default=0))
