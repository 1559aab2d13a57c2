"""The papers of a batch: line by line the batch itself, to be scanned, and read back by the ERP's own headings."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import zxingcpp
from PIL import Image

from config.erp_import import load_layout
from tasks.adapters.pages import sheet_page
from tasks.adapters.qr_code import qr_picture
from tasks.adapters.report_workbook import workbook_bytes
from tasks.damaged_returns.batch_papers import Batch, packing_list, repair_application
from tasks.damaged_returns.erp_lines import Out
from tasks.damaged_returns.steps.batches import Kept
from tasks.damaged_returns.steps.papers import write_papers
from tests.damaged_returns.drawing import Drawn, looked_at
from tests.reading.files import NOTHING_KNOWN, read

NUMBER = "RB-DF01-20261116-01"


def batch() -> Batch:
    found = looked_at(
        Drawn(
            "serial | box | item | by_person\nS1 | X1 | A1 | no\nS2 | X1 | A2 | no\nS3 | X2 | A1 | yes",
            "box | sides\nX1 | 1.2×0.9×0.8\nX2 | 1×0.9×0.6",
            items="item | item_class\nA1 | II\nA2 | I",
        ),
        "16",
    )
    sealing = found.sealing
    return Batch(
        NUMBER, "DF01", "第一业务部", "2026-11-16", "days", sealing.boxes, sealing.parts, ("DF01 大丰", "SC01B")
    )


def test_the_packing_list_is_the_batch_line_by_line_and_box_by_box() -> None:
    made = packing_list(batch())
    cover, *boxes = made.sheets
    assert [row[:4] for row in cover.table.rows] == [
        (1, "X1", "1.2 × 0.9 × 0.8", "0.864"),
        (2, "X2", "1 × 0.9 × 0.6", "0.54"),
    ]
    assert [[row[12] for row in one.table.rows] for one in boxes] == [["S1", "S2"], ["S3"]]
    assert [row[12] for row in made.tables[0].rows] == ["S1", "S2", "S3"]
    assert all(one.code == NUMBER and len(one.signatures) == 5 for one in made.sheets)


def test_the_number_is_scanned_from_the_workbook_and_stands_drawn_on_the_page() -> None:
    assert [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_picture(NUMBER))))] == [NUMBER]
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(packing_list(batch()), "zh_CN"))) as book:
        pictures = [book.read(name) for name in book.namelist() if name.startswith("xl/media/")]
    assert pictures
    assert {one.text for picture in pictures for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))} == {
        NUMBER
    }
    page = sheet_page(packing_list(batch()), "en")
    assert page.count("<svg") == 3
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_no_words_stand_under_the_code_and_what_is_long_has_as_many_lines_as_it_takes() -> None:
    long = replace(batch(), names=("DF01 江苏大丰海上风电场" * 3, "SC01B 生产管理部损坏品库"))
    wordy = long.parts.assign(cause="运行中轴承磨损并伴随异响，绕组绝缘下降至 0.2 兆欧，现场无法修复")
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(packing_list(replace(long, parts=wordy)), "zh_CN")))
    for sheet in book.worksheets[1:4]:
        (code,) = sheet._images
        columns = range(code.anchor._from.col + 1, code.anchor.to.col + 2)
        rows = range(code.anchor._from.row + 1, code.anchor.to.row + 2)
        covered = [sheet.cell(row, column) for row in rows for column in columns]
        merged = [one for one in sheet.merged_cells.ranges if any(cell.coordinate in one for cell in covered)]
        assert [cell.value for cell in covered if cell.value] == []
        assert [str(one) for one in merged] == []
    cover, first = book.worksheets[1:3]
    assert cover.row_dimensions[2].height > cover.row_dimensions[4].height
    heading = next(row[0].row for row in first.iter_rows() if row[0].value == "行号")
    assert first.print_title_rows == f"${heading}:${heading}"
    assert first.row_dimensions[heading + 1].height > 50


def test_the_repair_application_holds_class_two_alone_and_flags_what_a_person_damaged() -> None:
    made = repair_application(batch())
    assert [(row[6], getattr(row[10], "key", None)) for row in made.sheets[0].table.rows] == [
        ("S1", None),
        ("S3", "packing.flag.by_person"),
    ]


def test_the_erp_takes_one_line_a_part_and_its_export_reads_back(tmp_path: Path) -> None:
    kept = Kept(batch(), pd.Timestamp("2026-11-16").date(), Out(NUMBER, pd.Timestamp("2026-11-16"), "DF01B", "SC01B"))
    write_papers(tmp_path, kept, load_layout().returns, ("zh_CN",))
    files = sorted(tmp_path.rglob("import/*.csv"))
    lines = pd.concat([read(file.read_bytes(), "erp_documents", file.name, NOTHING_KNOWN).rows for file in files])
    assert lines[
        ["document", "line", "category", "warehouse", "item", "quantity", "to_warehouse"]
    ].to_numpy().tolist() == [
        [f"{NUMBER}-D", "1", "DAMAGED_TRANSFER_OUT", "DF01B", "A2", 10_000, "SC01B"],
        [f"{NUMBER}-F", "1", "REPAIR_OUT", "DF01B", "A1", 10_000, ""],
        [f"{NUMBER}-F", "2", "REPAIR_OUT", "DF01B", "A1", 10_000, ""],
    ]
    assert all(NUMBER in remark for remark in lines["remark"])
