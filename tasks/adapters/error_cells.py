"""Cells in which a formula failed (#N/A, #DIV/0!…): calamine gives them as blank, and nothing may vanish in silence.

In xlsx and ods they are made texts before the parse, as in xlsb by `binary_cells`; in an old workbook they are found
by their records.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import olefile

ErrorCells = dict[tuple[int, int], str]

_MARKS = (b'"e"', b"'e'", b'value-type="error"')
_OOXML = re.compile(rb"""(<(?:\w+:)?c\b[^>]*?\st\s*=\s*)(?:"e"|'e')""")
_ODS = re.compile(rb'<table:(?:covered-)?table-cell\b[^>]*?value-type="error"[^>]*>')
_STRING_VALUE = re.compile(rb'\soffice:string-value="[^"]*"')

# MS-XLS 2.5.10 and MS-XLSB 2.5.97.2: what each error is called.
_NAMES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
_RECORD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_EOF, _BOUND_SHEET, _BOOL_ERROR, _FORMULA, _BOF = 0x0A, 0x85, 0x0205, 0x06, (0x0809, 0x0409, 0x0209)
# A workbook without these bytes has no cell with an error, and its records need not be walked.
_ANY = re.compile(rb"\x05\x02\x08\x00.{7}\x01|\x02\x00.\x00\x00\x00\xff\xff", re.DOTALL)


def has_error_mark(chunk: bytes) -> bool:
    """Whether a piece of a sheet's markup may hold a cell with an error."""
    return any(mark in chunk for mark in _MARKS)


def error_name(code: int) -> str:
    """What a spreadsheet shows for an error of this code, `#VALUE!` for one that is not known."""
    return _NAMES.get(code, "#VALUE!")


def errors_as_texts(markup: bytes) -> bytes:
    """A sheet's markup (xlsx, ods) in which the cells with an error hold its name as a text."""
    return _ODS.sub(lambda cell: _STRING_VALUE.sub(b"", cell[0]), _OOXML.sub(rb'\1"str"', markup))


def errors_of_old_workbook(content: bytes) -> list[ErrorCells]:
    """The cells with an error of every sheet of an xls in their order, by row and column counted from 0.

    Raises OSError, IndexError or struct.error for a container that cannot be read.
    """
    with olefile.OleFileIO(io.BytesIO(content)) as container:
        name = next((one for one in ("Workbook", "Book") if container.exists(one)), "")
        book = bytes(container.openstream(name).read()) if name else b""
    if not _ANY.search(book):
        return []
    starts = [struct.unpack_from("<I", data)[0] for kind, data in _records(book, 0) if kind == _BOUND_SHEET]
    return [dict(_errors(book, start)) for start in starts]


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream; those of what is embedded in it (charts) are passed over."""
    depth = 0
    while at + _RECORD.size <= len(book):
        kind, length = _RECORD.unpack_from(book, at)
        at += _RECORD.size
        if kind in _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, book[at : at + length]
        at += length


def _errors(book: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, data in _records(book, start):
        if kind == _BOOL_ERROR and data[7] == 1:
            yield _PLACE.unpack_from(data), error_name(data[6])
        # The result of a formula: 2 says error, the third byte says which (MS-XLS 2.5.133).
        elif kind == _FORMULA and data[6] == 2 and data[12:14] == b"\xff\xff":  # noqa: PLR2004 - as above
            yield _PLACE.unpack_from(data), error_name(data[8])
