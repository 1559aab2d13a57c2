"""The cells of binary sheets (xlsb) that calamine passes over, made such that it reads them.

It gives nothing for a formula that failed, blank for any other error, and nothing for the short records that writers
other than Excel use for a cell right of the one before. Errors become texts with their name, short records long ones.
"""

from __future__ import annotations

import struct

from tasks.adapters.error_cells import error_name

# MS-XLSB 2.4 and, for the short records, which it does not describe, the files themselves: each is its long one without
# the column.
_ROW, _BLANK, _ERROR, _TEXT, _FORMULA_ERROR, _SHORT_BLANK, _SHORT_LAST, _END = 0, 1, 3, 6, 11, 12, 18, 0x92
_COLUMN = struct.Struct("<I")
# Before what a cell holds stand its column and its style.
_BEFORE_VALUE = 8
_KIND_BYTES, _LENGTH_BYTES = 2, 4


def readable_cells(sheet: bytes) -> bytes:
    """The binary sheet with every error as a text and every cell as a long record; raises IndexError if cut short."""
    made, taken, at, column, kind = bytearray(), 0, 0, -1, _ROW
    while at < len(sheet) and kind != _END:
        start = at
        kind, at = _number(sheet, at, _KIND_BYTES)
        length, at = _number(sheet, at, _LENGTH_BYTES)
        body, at = sheet[at : at + length], at + length
        if kind == _ROW:
            column = -1
        elif _BLANK <= kind <= _FORMULA_ERROR:
            (column,) = _COLUMN.unpack_from(body)
        elif kind <= _SHORT_LAST:
            column += 1
        if kind in (_ERROR, _FORMULA_ERROR) or _SHORT_BLANK <= kind <= _SHORT_LAST:
            made += sheet[taken:start] + _readable(kind, column, body)
            taken = at
    return bytes(made) + sheet[taken:] if made else sheet


def _readable(kind: int, column: int, body: bytes) -> bytes:
    if kind >= _SHORT_BLANK:
        kind, body = kind - _SHORT_BLANK + _BLANK, _COLUMN.pack(column) + body
    if kind in (_ERROR, _FORMULA_ERROR):
        name = error_name(body[_BEFORE_VALUE])
        kind, body = _TEXT, body[:_BEFORE_VALUE] + _COLUMN.pack(len(name)) + name.encode("utf-16-le")
    return bytes([kind]) + _length(len(body)) + body


def _number(sheet: bytes, at: int, bytes_max: int) -> tuple[int, int]:
    """The number at a place, seven bits a byte and the lowest first, and the place behind it."""
    number = 0
    for place in range(bytes_max):
        byte = sheet[at + place]
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that another byte follows
            return number, at + place + 1
    return number, at + bytes_max


def _length(number: int) -> bytes:
    packed = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - as above
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*packed, number])
