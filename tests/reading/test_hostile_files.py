"""Files that are broken, hostile or no workbooks at all: refused by name, cheaply, and never half read."""

from __future__ import annotations

import io
import pickle
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.wording import wording
from tasks.adapters.workbook import read_sheets, sheets_of
from tasks.domain.message import message
from tasks.domain.sheet import RefusedFile
from tests.reading.files import (
    LIMITS,
    SHEET_START,
    cell_xml,
    csv,
    ledger_rows,
    ods,
    ods_rows,
    package,
    parts,
    raw_xlsx,
    read,
    row,
    xls,
    xlsx,
)

GOOD = xlsx(ledger_rows(row()))
# Every limit is crossed by a small file, so that the proofs stay quick.
TIGHT = LIMITS.model_copy(update={"rows_max": 300_000, "file_mib_max": 8, "unpacked_mib_max": 256})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
X = f'<row r="1">{cell_xml("A1", "x")}</row>'


def refusal(content: bytes) -> str:
    """The name of the reason, or `read`; each reason has its words in both languages."""
    try:
        sheets_of(content, TIGHT)
    except RefusedFile as refused:
        reason = refused.reason
    else:
        return "read"
    texts = [wording(language, reason.key, **dict(reason.parameters)) for language in ("zh_CN", "en")]
    assert all(texts)
    return reason.key.rsplit(".", 1)[1]


def with_part(name: str, content: bytes) -> bytes:
    return package({**parts(f"<worksheet><sheetData>{X}</sheetData></worksheet>"), name: content})


def filepass(content: bytes) -> bytes:
    """An old workbook in which a FILEPASS record stands right behind the first record, as encryption puts it."""
    start = content.index(b"\x09\x08\x10\x00\x00\x06")
    at = start + 4 + 16
    record = struct.pack("<HHH", 0x002F, 54, 1) + bytes(52)
    return content[:at] + record + content[at + len(record) :]


def lying(content: bytes) -> bytes:
    """A package whose directory says that its sheet unpacks to a single byte."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        size = source.getinfo("xl/worksheets/sheet1.xml").file_size
    return content.replace(struct.pack("<I", size), struct.pack("<I", 1))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", "empty_file"),
    "only blanks": (lambda: b"  \r\n,,\r\n", "read"),
    "only line breaks": (lambda: b"\r\n\r\n", "empty_file"),
    "random bytes": (lambda: bytes(range(256)) * 20, "not_a_workbook"),
    "a web page": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "not_a_workbook"),
    "a zip of something else": (lambda: package({"a.txt": "x"}), "not_a_workbook"),
    "a letter": (lambda: package({"[Content_Types].xml": "x", "word/document.xml": "x"}), "not_a_workbook"),
    "half a workbook": (lambda: GOOD[: len(GOOD) // 2], "damaged_file"),
    "a workbook without its end": (lambda: GOOD[:-30], "damaged_file"),
    "a workbook with rubbish inside": (lambda: GOOD[:900] + bytes(200) + GOOD[1100:], "damaged_file"),
    "XML cut off": (lambda: package(parts("<worksheet><sheetData><row r='1'><c")), "damaged_file"),
    "macros": (lambda: with_part("xl/vbaProject.bin", b"x"), "macro"),
    "entities": (
        lambda: package(parts('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>')),
        "xml_entities",
    ),
    "an encrypted workbook": (lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
    "an encrypted old workbook": (lambda: filepass(xls([("a",)])), "password"),
    "an old letter": (lambda: OLE + bytes(3000), "not_a_workbook"),
    "a zip bomb": (lambda: with_part("xl/sharedStrings.xml", bytes(200 * 1024 * 1024)), "pack_ratio_max"),
    "a zip bomb that lies": (lambda: lying(raw_xlsx(X + " " * 40_000_000)), "pack_ratio_max"),
    "a small lie": (lambda: lying(raw_xlsx(X + " " * 4_000)), "damaged_file"),
    "a cell in the last row": (lambda: raw_xlsx(X + f'<row r="1048576">{cell_xml("A1048576", "x")}</row>'), "rows_max"),
    "a cell in the last column": (lambda: raw_xlsx(f'<row r="1">{cell_xml("XFD1", "x")}</row>'), "columns_max"),
    "a far corner": (
        lambda: raw_xlsx(X + "<row r='200000'><c r = \n'GA200000'><v>1</v></c></row>"),
        "unpacked_mib_max",
    ),
    "a long cell": (lambda: xlsx([("x" * 2001,)]), "cell_characters_max"),
    "a long cell in text": (lambda: csv([("x" * 2001, "y")]), "cell_characters_max"),
    "a quote never closed": (lambda: b'a,b\r\n"' + b"x,y\r\n" * 1000, "cell_characters_max"),
    "too many columns": (lambda: csv([["x"] * 201]), "columns_max"),
    "too many rows": (lambda: b"x\r\n" * 300_001, "rows_max"),
    "too many sheets": (lambda: xlsx(*[[("x",)]] * 41), "sheets_max"),
    "too large": (lambda: b"x,y\r\n" * (2 * 1024 * 1024), "file_mib_max"),
    "rows formatted far down": (
        lambda: raw_xlsx(X + "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 250_001))), "read"
    ),
    "blank lines far down": (lambda: b"x,y\r\n" + b",\r\n" * 200_000, "read"),
    "a sheet that claims every cell": (lambda: raw_xlsx(X, '<dimension ref="A1:XFD1048576"/>'), "read"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_its_own_name(name: str) -> None:
    make, expected = HOSTILE[name]
    assert refusal(make()) == expected


@pytest.mark.parametrize(
    "name", ["a zip bomb", "a zip bomb that lies", "a far corner", "a sheet that claims every cell"]
)
def test_what_a_file_pretends_to_hold_costs_no_memory(name: str) -> None:
    content = HOSTILE[name][0]()
    tracemalloc.start()
    refusal(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16 * 1024 * 1024


def test_rows_formatted_down_to_the_end_are_not_rows() -> None:
    (found,) = sheets_of(HOSTILE["rows formatted far down"][0](), LIMITS)
    assert len(found.rows) == 1


def test_a_file_is_what_it_holds_and_not_what_it_is_called(tmp_path: Path) -> None:
    for name, content in (("a.csv", GOOD), ("b.xlsx", csv(ledger_rows(row()))), ("c.xlsx", xls(ledger_rows(row())))):
        (tmp_path / name).write_bytes(content)
        (found, *_) = read_sheets(tmp_path / name, LIMITS)
        assert found.rows[3][2] == "采购入库"


ENDLESS = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell{}</table:table-row>'
HELD = ' office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'


def test_an_opendocument_sheet_is_read_and_its_blank_rows_down_to_the_end_are_none() -> None:
    found = read(ods(ods_rows(ledger_rows(row()), ENDLESS.format("/>"))))
    assert (len(found.rows), found.ignored) == (1, 3)


def test_an_opendocument_row_that_repeats_without_end_is_refused() -> None:
    assert refusal(ods(ods_rows([("x",)], ENDLESS.format(HELD)))) == "rows_max"
    wide = f'<table:table-row><table:table-cell table:number-columns-repeated="16384"{HELD}</table:table-row>'
    assert refusal(ods(ods_rows([("x",)], wide))) == "columns_max"


def test_an_old_workbook_that_claims_more_memory_than_there_is_harms_nobody() -> None:
    good, draw = xls(ledger_rows(row())), random.Random(4)  # noqa: S311 - the same broken bytes each time, nothing secret
    for _ in range(12):
        broken = bytearray(good)
        for _ in range(10):
            broken[draw.randrange(512, len(broken))] = draw.randrange(256)
        assert refusal(bytes(broken))


def test_a_refusal_travels_between_processes() -> None:
    refused = pickle.loads(pickle.dumps(RefusedFile(message("intake.refused.rows_max", limit=1))))  # noqa: S301 - our own words
    assert refused.reason == message("intake.refused.rows_max", limit=1)


def test_quotes_line_breaks_and_other_signs_in_text() -> None:
    content = '"a","b;c","第一行\n第二行"\r\n"1,5";x;y\r\n'.encode()
    (found,) = sheets_of(content, LIMITS)
    assert list(found.rows[0]) == ["a", "b;c", "第一行\n第二行"]


def test_truth_values_are_no_numbers() -> None:
    (sheet,) = sheets_of(raw_xlsx('<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1"><v>1</v></c></row>'), LIMITS)
    assert list(sheet.rows[0]) == ["TRUE", 1.0]


def test_the_rows_of_a_sheet_that_begins_lower_down_keep_their_numbers() -> None:
    content = xlsx([(), (), *ledger_rows(row())])
    assert list(read(content).rows["row"]) == [6]


def test_cells_merged_downwards_hold_for_each_row_but_amounts_stand_once() -> None:
    rows = (
        ("日期", "出入库类别", "物资名称", "数量", "仓库"),
        ("2026-11-20", "采购入库", "轴承", "5", "完好品库"),
        ("", "采购入库", "螺栓", "", "完好品库"),
    )
    cells = ""
    for number, texts in enumerate(rows, start=1):
        filled = [cell_xml(f"{letter}{number}", text) for letter, text in zip("ABCDE", texts, strict=True) if text]
        cells += f'<row r="{number}">{"".join(filled)}</row>'
    merged = '<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="D2:D3"/></mergeCells>'
    content = package(parts(f"{SHEET_START}<sheetData>{cells}</sheetData>{merged}</worksheet>"))
    found = read(content)
    assert (len(found.rows), list(found.quarantined["column"])) == (1, ["数量"])


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", OLE, GOOD[:700]]))
def test_any_bytes_are_read_or_refused(content: bytes, start: bytes) -> None:
    assert refusal(start + content)


@settings(max_examples=60)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_one_changed_byte_never_breaks_the_reader(place: int, byte: int) -> None:
    assert refusal(GOOD[:place] + bytes([byte]) + GOOD[place + 1 :])
