"""The sheets of a file from outside, told by its content and never by its name, within named limits.

xlsx, xlsm (refused), xlsb, xls and ods are read by calamine, everything else as delimited text. Whatever a file
might cost is counted before it is parsed, so that a hostile one is refused cheaply.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import python_calamine as calamine

from config.settings import Limits
from tasks.adapters.delimited import delimited_sheet
from tasks.adapters.error_cells import ErrorCells, errors_of_old_workbook
from tasks.adapters.packages import check_package, readable_package
from tasks.adapters.trial import survives_trial
from tasks.domain.sheet import Cell, RawSheet, RefusedFile, refused

__all__ = ["RefusedFile", "read_sheets", "sheets_of"]

MIB = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
# The record that begins an old workbook (BIFF8), and the one that says that the rest is encrypted.
_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x2F
_FIRST_RECORDS = 12
_RECORD = struct.Struct("<HH")
_BROKEN_PACKAGE = (
    zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, IndexError, struct.error, zlib.error,
)  # fmt: skip


def read_sheets(path: Path, limits: Limits) -> tuple[RawSheet, ...]:
    """Every sheet of the file at `path`; raises RefusedFile by the name of the reason or of the limit crossed."""
    size = path.stat().st_size
    _check_size(size, limits)
    with path.open("rb") as file:
        content = file.read(limits.file_mib_max * MIB + 1)
    return sheets_of(content, limits)


def sheets_of(content: bytes, limits: Limits) -> tuple[RawSheet, ...]:
    """Every sheet of a file's content; raises RefusedFile by the name of the reason or of the limit crossed."""
    _check_size(len(content), limits)
    old = False
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                failed = check_package(package, len(content), limits)
                counted = "xl/workbook.xml" in package.namelist()
            if failed:
                content = readable_package(content, failed)
        except _BROKEN_PACKAGE as wrong:
            raise refused("damaged_file") from wrong
    elif content.startswith(_OLE):
        _check_ole(content)
        counted, old = False, True
    else:
        return (delimited_sheet(content, limits),)
    if not counted and not survives_trial(content):
        raise refused("damaged_file")
    return _workbook(content, limits, old=old)


def _check_size(size: int, limits: Limits) -> None:
    if size == 0:
        raise refused("empty_file")
    if size > limits.file_mib_max * MIB:
        raise refused("file_mib_max", limit=limits.file_mib_max, found=-(-size // MIB))


def _check_ole(content: bytes) -> None:
    if _utf16("EncryptedPackage") in content:
        raise refused("password")
    if _utf16("Workbook") not in content and _utf16("Book") not in content and _utf16("WORKBOOK") not in content:
        raise refused("not_a_workbook")
    if _utf16("_VBA_PROJECT_CUR") in content:
        raise refused("macro")
    if _asks_for_password(content):
        raise refused("password")


def _asks_for_password(content: bytes) -> bool:
    """Whether a FILEPASS record stands among the first records of an old workbook (MS-XLS 2.1.7.20.1: globals)."""
    at = content.find(_GLOBALS)
    for _ in range(_FIRST_RECORDS):
        if at < 0 or at + _RECORD.size > len(content):
            return False
        kind, length = _RECORD.unpack_from(content, at)
        if kind == _FILEPASS:
            return True
        at += _RECORD.size + length
    return False


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _check_sheets(found: int, limits: Limits) -> None:
    if found > limits.sheets_max:
        raise refused("sheets_max", limit=limits.sheets_max, found=found)


def _workbook(content: bytes, limits: Limits, *, old: bool) -> tuple[RawSheet, ...]:
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        errors = errors_of_old_workbook(content) if old else []
        failed = dict(zip(book.sheet_names, errors, strict=True)) if errors else {}
        sheets = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        _check_sheets(len(sheets), limits)
        return tuple(
            _sheet(
                book.get_sheet_by_name(meta.name),
                limits,
                failed.get(meta.name, {}),
                visible=meta.visible == calamine.SheetVisibleEnum.Visible,
            )
            for meta in sheets
        )
    except calamine.PasswordError as wrong:
        raise refused("password") from wrong
    except (
        calamine.CalamineError,
        OSError,
        ValueError,
        UnicodeError,
        OverflowError,
        LookupError,
        struct.error,
    ) as wrong:
        raise refused("damaged_file") from wrong
    except BaseException as wrong:
        # A panic of the parser, which is written in Rust, is no Exception; anything else goes on its way.
        if type(wrong).__name__ == "PanicException":
            raise refused("damaged_file") from wrong
        raise


def _sheet(sheet: calamine.CalamineSheet, limits: Limits, failed: ErrorCells, *, visible: bool) -> RawSheet:
    if sheet.start is None or sheet.end is None:
        return RawSheet(name=sheet.name, rows=(), visible=visible)
    top, left = sheet.start
    if sheet.end[0] - top + 1 > limits.rows_max:
        raise refused("rows_max", sheet=sheet.name, limit=limits.rows_max)
    if sheet.end[1] - left + 1 > limits.columns_max:
        raise refused("columns_max", sheet=sheet.name, limit=limits.columns_max)
    rows: list[Sequence[Cell]] = list(sheet.to_python(skip_empty_area=True))
    for (row, column), name in failed.items():
        rows[row - top] = [*rows[row - top][: column - left], name, *rows[row - top][column - left + 1 :]]
    _check_cells(rows, sheet.name, top, limits)
    return RawSheet(sheet.name, rows, top + 1, _merged(sheet, top, left), visible, left + 1)


def _merged(sheet: calamine.CalamineSheet, top: int, left: int) -> tuple[tuple[int, int, int, int], ...]:
    ranges = sheet.merged_cell_ranges or []
    return tuple((a[0] - top, a[1] - left, b[0] - top, b[1] - left) for a, b in ranges if a[0] >= top and a[1] >= left)


def _check_cells(rows: list[Sequence[Cell]], sheet: str, top: int, limits: Limits) -> None:
    """Truth values become their words, for True would count as 1; a text over the limit refuses the file."""
    longest = limits.cell_characters_max
    for place, row in enumerate(rows):
        truths = False
        for cell in row:
            kind = cell.__class__
            if kind is str:
                if len(cell) > longest:  # type: ignore[arg-type]  # isinstance would double the cost of a cell
                    raise refused("cell_characters_max", sheet=sheet, row=top + place + 1, limit=longest)
            elif kind is bool:
                truths = True
        if truths:
            rows[place] = [str(cell).upper() if isinstance(cell, bool) else cell for cell in row]
