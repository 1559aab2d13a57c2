"""A report on disk: page, text, workbook, exceptions and summary side by side, each whole or not there."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tasks.adapters.pages import html_page, sheet_page, text_page
from tasks.adapters.report_workbook import workbook_bytes
from tasks.adapters.speech import printable
from tasks.adapters.whole_files import write_whole
from tasks.domain.report import Report

# What makes a spreadsheet take a cell for a formula, full-width forms included; a plain number may begin with a sign.
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠|%\t\r]")
_PLAIN_NUMBER = re.compile(r"^[+-]?\d[\d,]*(\.\d+)?$")


def write_reports(
    folder: Path,
    stem: str,
    report: Report,
    language: str,
    summary: Mapping[str, object],
    exceptions: Iterable[Sequence[object]],
) -> list[Path]:
    """The paths of `<stem>.html`, `.txt`, `.xlsx`, `exceptions.csv` and `summary.json`, written into `folder`.

    The last two bear fixed names (spec 10), so each report wants a folder of its own. `summary` is the object of
    `--json` (spec 10), ready for JSON; `exceptions` are rows with the columns of its exceptions, refs joined by a
    space, the headings first. Every file is written beside and moved into place, so a reader never sees half a file;
    the same input gives the same bytes. Raises OSError where the folder cannot be written.
    """
    contents = _readable(stem, report, language)
    contents |= {"exceptions.csv": csv_bytes(exceptions), "summary.json": json_bytes(summary)}
    return _all_written(folder, contents)


def write_copy(folder: Path, stem: str, report: Report, language: str) -> list[Path]:
    """The paths of `<stem>.html`, `.txt` and `.xlsx`, the report in one more language, written into `folder`."""
    return _all_written(folder, _readable(stem, report, language))


def write_summary(path: Path, summary: Mapping[str, object]) -> Path:
    """The path of the `summary.json` that stands there instead of the one before, whole or not at all."""
    return write_whole(path, json_bytes(summary))


def write_pages(pages: Mapping[Path, Report], language: str) -> None:
    """Writes a page alone at each path of `pages`: to print and sign, without figures to work on."""
    for folder in {path.parent for path in pages}:
        folder.mkdir(parents=True, exist_ok=True)
    for path, report in pages.items():
        write_whole(path, sheet_page(report, language).encode("utf-8"), durable=False)


def _readable(stem: str, report: Report, language: str) -> dict[str, bytes]:
    return {
        f"{stem}.html": html_page(report, language).encode("utf-8"),
        f"{stem}.txt": text_page(report, language).encode("utf-8"),
        f"{stem}.xlsx": workbook_bytes(report, language),
    }


def _all_written(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """The paths in the order of `contents`; everything was made before the first file is touched."""
    folder.mkdir(parents=True, exist_ok=True)
    return [write_whole(folder / name, content) for name, content in contents.items()]


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows, headings first, as CSV in UTF-8 with BOM, safe to open in a spreadsheet; None is an empty cell.

    A text that a spreadsheet would take for a formula gets a leading apostrophe; numbers such as -5.00 and
    +8613800138000 stay.
    """
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in rows)
    return ("\ufeff" + written.getvalue()).encode("utf-8")


def json_bytes(summary: Mapping[str, object]) -> bytes:
    """The summary as indented UTF-8 JSON; raises TypeError for a value JSON does not know and ValueError for NaN."""
    return (json.dumps(summary, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def _safe(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    clean = printable(cell)
    return "'" + clean if _FORMULA.match(clean) and not _PLAIN_NUMBER.match(clean) else clean
