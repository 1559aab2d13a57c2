"""Files as people and machines make them, in memory."""

from __future__ import annotations

import csv as delimited
import datetime as dt
import io
import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter
import xlwt

from config.datasets import load_datasets, load_words
from config.settings import Limits, load_settings
from tasks.adapters.workbook import sheets_of
from tasks.domain.sheet import RawSheet
from tasks.intake.core import Delivery, Lookups, read_delivery

DATASETS = load_datasets()
WORDS = load_words()
LIMITS: Limits = load_settings(Path("no-such-home")).limits
NOTHING_KNOWN = Lookups({}, {})
TWO_SITES = Lookups(
    {"DF01": "DF01", "大丰一期": "DF01", "DF02": "DF02", "大丰二期": "DF02"}, {"DF01A": "DF01A", "DF01B": "DF01B"}
)
HEADINGS = tuple(column.heading_zh for column in DATASETS["ledger"].columns if not column.hidden)


class Failed(str):
    """A formula's cell that shows this error."""

    __slots__ = ()


Written = str | int | float | dt.date | dt.datetime | None
ABOVE: tuple[tuple[Written, ...], ...] = (
    ("现场出入库流水账",),
    ("现场名称:大丰一期", None, None, "填报日期:2026-11-20", None, "填报人:张工"),
)


def row(**changed: Written) -> tuple[Written, ...]:
    """One good ledger row with some cells changed, named as the columns."""
    cells: dict[str, Written] = {
        "sequence": 1, "date": "2026-11-20", "category": "采购入库", "item": "SL00001", "item_name": "轴承",
        "specification": "6205", "unit": "件", "quantity": 2, "warehouse": "完好品库", "stated_balance": None,
        "handler": "张工", "turbine": None, "transfer_order": None, "remark": None,
    }  # fmt: skip
    assert changed.keys() <= cells.keys()
    return tuple((cells | changed).values())


def xlsx(*sheets: Sequence[Sequence[Written]], names: Sequence[str] = ()) -> bytes:
    """A workbook with these sheets."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[place] if names else f"Sheet{place + 1}")
            for number, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(number, column, cell, day)
                    elif isinstance(cell, Failed):
                        sheet.write_formula(number, column, "=Z1", None, str(cell))
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return stream.getvalue()


# Under which names the writer of old workbooks gives these errors their codes.
_OLD_NAMES = {"#VALUE!": 15, "#N/A": "#N/A!"}


def xls(rows: Sequence[Sequence[Written]]) -> bytes:
    """An old workbook (BIFF8) with one sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("流水账")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, dt.date):
                sheet.write(number, column, cell, day)
            elif isinstance(cell, Failed):
                sheet.row(number).set_cell_error(column, _OLD_NAMES.get(cell, str(cell)))
            elif cell is not None:
                sheet.write(number, column, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def record(kind: int, body: bytes = b"") -> bytes:
    """One record of a binary workbook (BIFF12)."""
    kinds = [kind] if kind < 0x80 else [kind & 0x7F | 0x80, kind >> 7]
    return bytes([*kinds, len(body) & 0x7F | 0x80, len(body) >> 7]) + body


def wide(text: str) -> bytes:
    """A text of a binary workbook."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


# The codes of the errors, and the records of a cell: as a value and as the result of a formula (here `1/0`).
_ERROR_CODES = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
_FORMULA = struct.pack("<HI", 0, 7) + b"\x1e\x01\x00\x1e\x00\x00\x06" + struct.pack("<I", 0)


def binary_cell(column: int, cell: Written, *, formula: bool = False, short: bool = False) -> bytes:
    """The record of one cell; a `short` one stands right of the one before, as writers other than Excel have it."""
    if isinstance(cell, Failed):
        kind, value = (11, b"%c" % _ERROR_CODES[cell] + _FORMULA) if formula else (3, b"%c" % _ERROR_CODES[cell])
    elif isinstance(cell, int | float):
        kind, value = 5, struct.pack("<d", cell)
    else:
        kind, value = 6, wide(str(cell))
    style = struct.pack("<I", 0)
    return record(kind + 11, style + value) if short else record(kind, struct.pack("<I", column) + style + value)


def xlsb(rows: Sequence[Sequence[Written]], *, formula: bool = False, short: bool = False, cut: int = 0) -> bytes:
    """A binary workbook with one sheet that lacks its last `cut` bytes; failed cells are a formula's or not."""
    cells = b""
    for number, texts in enumerate(rows):
        cells += record(0, struct.pack("<II", number, 0) + bytes(9))
        before = -2
        for column, cell in enumerate(texts):
            if cell is not None:
                cells += binary_cell(column, cell, formula=formula, short=short and column == before + 1)
                before = column
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet_part = record(0x81) + record(0x94, extent) + record(0x91) + cells + record(0x92) + record(0x82)
    bundle = record(0x9C, struct.pack("<II", 0, 1) + wide("rId1") + wide("S"))
    texts_of_package = {name: text for name, text in parts("").items() if not name.startswith("xl/")}
    return package(
        {
            **texts_of_package,
            "xl/workbook.bin": record(0x83) + record(0x8F) + bundle + record(0x90) + record(0x9D) + record(0x84),
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": sheet_part[: len(sheet_part) - cut],
        }
    )


def csv(rows: Sequence[Sequence[Written]], encoding: str = "utf-8-sig", sign: str = ",") -> bytes:
    """Delimited text."""
    stream = io.StringIO(newline="")
    delimited.writer(stream, delimiter=sign).writerows(rows)
    return stream.getvalue().encode(encoding)


def ledger_rows(*rows: Sequence[Written]) -> list[Sequence[Written]]:
    """A ledger with its lines above and its headings."""
    return [*ABOVE, HEADINGS, *rows]


def read(
    content: bytes, dataset: str = "ledger", name: str = "DF01_20261120.xlsx", lookups: Lookups = TWO_SITES
) -> Delivery:
    """What the file delivers."""
    return read_delivery(DATASETS[dataset], sheets_of(content, LIMITS), name, lookups, WORDS)


def ledger(*rows: Sequence[Written], lookups: Lookups = TWO_SITES) -> Delivery:
    """What a ledger with these rows delivers."""
    return read(xlsx(ledger_rows(*rows)), lookups=lookups)


def sheet(rows: Sequence[Sequence[str | int | float]]) -> RawSheet:
    """A sheet without a file."""
    return RawSheet("Sheet1", rows)


def reasons(delivery: Delivery) -> list[tuple[str, str]]:
    """Column and reason of each bad cell, the reason by its last word."""
    return [
        (column, json.loads(text)["key"].rsplit(".", 1)[1])
        for column, text in zip(delivery.quarantined["column"], delivery.quarantined["reason"], strict=True)
    ]


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_START = f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}">'


def parts(sheet_xml: str) -> dict[str, str]:
    """The parts of the smallest workbook, with this XML as its only sheet."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_SPREADSHEET}'
        f'.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SPREADSHEET}'
        '.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="S" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml,
    }


def package(texts: Mapping[str, str | bytes]) -> bytes:
    """A zipped package of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in texts.items():
            target.writestr(name, text)
    return stream.getvalue()


def raw_xlsx(rows_xml: str, before: str = "") -> bytes:
    """A workbook whose only sheet holds this XML."""
    return package(parts(f"{SHEET_START}{before}<sheetData>{rows_xml}</sheetData></worksheet>"))


def cell_xml(at: str, text: str) -> str:
    """One cell with a text."""
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


_OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def ods(rows_xml: str) -> bytes:
    """An OpenDocument sheet that holds this XML."""
    spaces = " ".join(f'xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "table", "text", "calcext"))
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0"/>',
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{rows_xml}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        }
    )


def ods_rows(rows: Sequence[Sequence[Written]], repeated: str = "") -> str:
    """Rows of texts as XML, then a row repeated as said."""
    failed = ' office:string-value="" calcext:value-type="error"'
    text = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"{failed if isinstance(cell, Failed) else ""}>'
            f"<text:p>{cell or ''}</text:p></table:table-cell>"
            for cell in cells
        )
        + "</table:table-row>"
        for cells in rows
    )
    return text + repeated
