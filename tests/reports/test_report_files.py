"""The files beside each other on disk: complete, safe to open, and the same bytes for the same report."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.report_files import csv_bytes, json_bytes, write_reports
from tasks.domain.report import Report, figure_values
from tests.reports.sample import a_day

EXCEPTIONS: list[list[object]] = [
    ["id", "kind", "refs", "value", "age_working_days", "message"],
    [
        "9f3a6c21b4d805e7",
        "QUANTITY",
        "ledger:DF01:2026-11-20:4 erp:QTR-0012:1",
        "120.00",
        0,
        "流水账 3 件，ERP 2 件",
    ],
    ["9f3a6c21b4d824d6", "NAME_MISMATCH", "", None, 3, "=cmd|' /C calc'!A0"],
]


def _read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_report_leaves_five_files_and_no_half_ones(tmp_path: Path, report: Report) -> None:
    summary = {"flow": report.flow, "figures": figure_values(report.figures)}
    paths = write_reports(tmp_path / "a" / "b", "日报", report, "zh_CN", summary, EXCEPTIONS)
    assert [path.name for path in paths] == ["日报.html", "日报.txt", "日报.xlsx", "exceptions.csv", "summary.json"]
    assert sorted(paths) == sorted((tmp_path / "a" / "b").iterdir())
    assert json.loads(paths[-1].read_text(encoding="utf-8")) == summary


def test_writing_again_leaves_the_same_bytes(tmp_path: Path) -> None:
    def written() -> list[bytes]:
        return [path.read_bytes() for path in write_reports(tmp_path, "r", a_day(), "en", {"a": None}, EXCEPTIONS)]

    assert written() == written()


def test_when_one_file_cannot_be_made_the_old_ones_stay_whole(tmp_path: Path) -> None:
    before = [path.read_bytes() for path in write_reports(tmp_path, "r", a_day(), "en", {}, EXCEPTIONS)]
    with pytest.raises(ValueError, match="JSON"):
        write_reports(tmp_path, "r", a_day(), "zh_CN", {"rate": float("nan")}, EXCEPTIONS)
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == sorted(before)


@pytest.mark.parametrize(
    ("cell", "stands_as"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("-5.00", "-5.00"),
        ("+8613800138000", "+8613800138000"),
        ("12345678901234567890", "12345678901234567890"),
        ("00040", "00040"),
        ('a,b\n"c"', 'a,b\n"c"'),
        ("大丰一期", "大丰一期"),
        (None, ""),
    ],
)
def test_a_cell_of_the_csv_is_safe_and_else_what_it_was(cell: str | None, stands_as: str) -> None:
    assert _read(csv_bytes([["a", "b"], ["x", "x"], [cell, "y"]]))[2] == [stands_as, "y"]


def test_the_csv_is_utf_8_with_bom_and_keeps_columns_and_order() -> None:
    content = csv_bytes(EXCEPTIONS)
    assert content.startswith(b"\xef\xbb\xbfid,kind,refs")
    rows = _read(content)
    assert [row[0] for row in rows[1:]] == [row[0] for row in EXCEPTIONS[1:]]
    assert [row[4] for row in rows[1:]] == ["0", "3"]
    assert _read(csv_bytes(EXCEPTIONS[:1])) == EXCEPTIONS[:1]


@given(st.text(max_size=12))
def test_no_cell_of_the_csv_begins_a_formula(text: str) -> None:
    (read,) = _read(csv_bytes([["a", "b"], [text, "end"]]))[1:]
    first = read[0].strip()[:1]
    assert first not in ("=", "@", "＝")
    assert first not in ("+", "-") or read[0].strip()[1:2].isdigit()


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        json_bytes({"a": object()})
