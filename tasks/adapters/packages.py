"""What a zipped workbook (xlsx, xlsb, ods) would cost and hides, found out by streaming it and before parsing it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator

from config.settings import Limits
from tasks.adapters.binary_cells import readable_cells
from tasks.adapters.error_cells import errors_as_texts, has_error_mark
from tasks.domain.sheet import refused

MIB = 1024 * 1024
CHUNK = MIB
# Small sheets of equal rows pack tightly by nature; a bomb is large or it is none.
RATIO_MATTERS_FROM = 16 * MIB
PARTS_MAX = 5_000
# What one cell of the block between the first and last used cell costs while it is read.
CELL_BYTES = 32
_FAR_ROW = 100_000
_PARSED = (".xml", ".rels", ".bin", ".vml")
_BINARY = ".bin"
_FAR = re.compile(rb"""r\s*=\s*["'](?:[A-Z]{3}|[A-Z]{1,2}\d{6}|\d{6})""")
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr\s*=\s*["']([A-Z]{1,7})(\d{1,9})["'][^>]*?(/?)>""")
_ODS_ROW = re.compile(rb'<table:table-row\b[^>]*?number-rows-repeated="(\d+)"[^>]*?>(.*?)</table:table-row>', re.DOTALL)
_ODS_CELL = re.compile(rb'<table:table-cell\b[^>]*?number-columns-repeated="(\d+)"[^>]*?(/?)>')


def check_package(package: zipfile.ZipFile, size: int, limits: Limits) -> frozenset[str]:
    """The parts to be made readable before the parse (see readable_package), if the package may be parsed at all.

    Raises RefusedFile by the name of the reason or of the limit crossed.
    """
    parts = package.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise refused("password")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refused("macro")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} and not _named_otherwise(names):
        raise refused("not_a_workbook")
    if len(parts) > PARTS_MAX:
        raise refused("unpacked_mib_max", limit=limits.unpacked_mib_max)
    _check_cost(sum(part.file_size for part in parts), size, limits)
    unpacked = 0
    failed: set[str] = set()
    for part in parts:
        if part.filename.lower().endswith(_PARSED):
            unpacked += _check_part(package, part, unpacked, size, limits, failed)
    return frozenset(failed)


def readable_package(content: bytes, parts: Collection[str]) -> bytes:
    """The package `content` in which the cells of `parts` are such as calamine reads them (see errors_as_texts).

    Raises IndexError or struct.error for a binary sheet that is cut short.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(stream, "w") as target:
        for part in package.infolist():
            held = package.read(part)
            if part.filename in parts:
                held = readable_cells(held) if part.filename.endswith(_BINARY) else errors_as_texts(held)
            target.writestr(part.filename, held)
    return stream.getvalue()


def _named_otherwise(names: set[str]) -> bool:
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)


def _check_cost(unpacked: int, size: int, limits: Limits) -> None:
    if unpacked > limits.unpacked_mib_max * MIB:
        raise refused("unpacked_mib_max", limit=limits.unpacked_mib_max)
    if unpacked > RATIO_MATTERS_FROM and unpacked > size * limits.pack_ratio_max:
        raise refused("pack_ratio_max", limit=limits.pack_ratio_max)


def _check_part(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, before: int, size: int, limits: Limits, failed: set[str]
) -> int:
    """The length of the part, whose name is added to `failed` where formulas in its cells did, or might have."""
    declared = part.file_size
    # A directory that lies about a size would end the stream early, unseen; so the stream alone says how long it is.
    part.file_size = limits.unpacked_mib_max * MIB + 1
    length, far = 0, False
    markup = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    sheet = "/worksheets/" in part.filename
    cells = markup and (sheet or part.filename == "content.xml")
    for chunk, fresh in _chunks(package, part):
        if markup:
            if length == 0 and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise refused("not_a_workbook")
            if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                raise refused("xml_entities")
        length += fresh
        _check_cost(before + length, size, limits)
        far = far or (sheet and markup and bool(_FAR.search(chunk)))
        if cells and has_error_mark(chunk):
            failed.add(part.filename)
    if sheet and not markup:
        failed.add(part.filename)
    if far:
        _check_extent(package, part, limits)
    if part.filename == "content.xml":
        _check_repeats(package, part, limits)
    part.file_size = declared
    if length != declared:
        raise refused("damaged_file")
    return length


def _chunks(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """The part in pieces that overlap by its last tag, each with the number of bytes that are new in it."""
    with package.open(part) as stream:
        rest = b""
        while fresh := stream.read(CHUNK):
            chunk = rest + fresh
            yield chunk, len(fresh)
            cut = chunk.rfind(b"<")
            rest = chunk[cut:] if cut >= 0 and len(chunk) - cut < CHUNK else b""


def _check_extent(package: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    """Only cells that hold something count: sheets formatted to their last row or column are common and harmless."""
    rows, columns = 0, b""
    for chunk, _ in _chunks(package, part):
        for found in _CELL.finditer(chunk):
            if not found[3]:
                rows = max(rows, int(found[2]))
                columns = max(columns, found[1], key=lambda name: (len(name), name))
    width = 0
    for letter in columns:
        width = width * 26 + letter - ord("A") + 1
    name = part.filename.rsplit("/", 1)[-1]
    if rows > limits.rows_max:
        raise refused("rows_max", sheet=name, limit=limits.rows_max)
    if width > limits.columns_max:
        raise refused("columns_max", sheet=name, limit=limits.columns_max)
    if rows > _FAR_ROW and rows * width * CELL_BYTES > limits.unpacked_mib_max * MIB:
        raise refused("unpacked_mib_max", limit=limits.unpacked_mib_max)


def _check_repeats(package: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    """An ods row or cell says how often it repeats; one that holds something would be laid out that often."""
    with package.open(part) as stream:
        content = stream.read(limits.unpacked_mib_max * MIB)
    for found in _ODS_ROW.finditer(content):
        if int(found[1]) > limits.rows_max and b"office:value-type" in found[2]:
            raise refused("rows_max", sheet="content.xml", limit=limits.rows_max)
    for found in _ODS_CELL.finditer(content):
        if int(found[1]) > limits.columns_max and b"office:value-type" in found[0]:
            raise refused("columns_max", sheet="content.xml", limit=limits.columns_max)
