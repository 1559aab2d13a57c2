"""Writes the papers of sealed batches, made of what the database keeps and of nothing else: always the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from numbers import Integral
from pathlib import Path

import pandas as pd

from config.erp_import import ReturnLayout
from tasks.adapters.import_file import Cell, import_csv, import_workbook
from tasks.adapters.pages import sheet_page
from tasks.adapters.report_workbook import workbook_bytes
from tasks.adapters.second_process import done_by_two
from tasks.adapters.whole_files import write_whole
from tasks.damaged_returns.batch_papers import has_application, packing_list, repair_application
from tasks.damaged_returns.erp_lines import erp_lines
from tasks.damaged_returns.steps.batches import Kept
from tasks.damaged_returns.steps.folders import batch_folder
from tasks.domain.amounts import QUANTITY_SCALE
from tasks.domain.file_names import file_name
from tasks.domain.report import Report

Made = Callable[[], bytes]
Rows = list[list[Cell]]
# Below this the start of another process costs more than it saves.
_BATCHES_FOR_PROCESSES = 20
PACKING_LIST, APPLICATION, IMPORT = "packing-list", "repair-application", "import"


def packing_list_file(kept: Kept) -> str:
    """Where the packing list lies as a workbook, below home."""
    return (batch_folder(kept.date, kept.papers.batch) / f"{PACKING_LIST}.xlsx").as_posix()


def application_file(kept: Kept) -> str:
    """Where the repair application lies as a workbook, below home."""
    return (batch_folder(kept.date, kept.papers.batch) / f"{APPLICATION}.xlsx").as_posix()


def write_all_papers(
    home: Path, batches: Mapping[str, Kept], layout: ReturnLayout, languages: Sequence[str]
) -> dict[str, list[str]]:
    """Every paper of the batches, each given by its number, as `write_papers` writes them; many are written by two."""
    if len(batches) >= _BATCHES_FOR_PROCESSES:
        jobs = [partial(write_papers, home, one, layout, languages) for one in batches.values()]
        done_by_two(jobs, lambda _job: None)
    return {number: write_papers(home, one, layout, languages) for number, one in batches.items()}


def write_papers(home: Path, kept: Kept, layout: ReturnLayout, languages: Sequence[str]) -> list[str]:
    """Every paper of the batch below home, those that are not there written now: packing list, application, imports.

    The first of the `languages` has the plain names. Raises OSError where the folder cannot be written.
    """
    contents = dict(_named(kept, layout, languages))
    folder = batch_folder(kept.date, kept.papers.batch)
    for name, make in contents.items():
        path = home / folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, make())
    return [(folder / name).as_posix() for name in contents]


def _named(kept: Kept, layout: ReturnLayout, languages: Sequence[str]) -> Iterator[tuple[str, Made]]:
    # Drawn up when the first paper of them is written: mostly all lie there already.
    lists = cache(lambda: packing_list(kept.papers))
    applied = cache(lambda: repair_application(kept.papers))
    for language in languages:
        ending = "" if language == languages[0] else f".{language}"
        yield f"{PACKING_LIST}{ending}.html", partial(_page, lists, language)
        yield f"{PACKING_LIST}{ending}.xlsx", partial(_workbook, lists, language)
        if has_application(kept.papers):
            yield f"{APPLICATION}{ending}.html", partial(_page, applied, language)
            yield f"{APPLICATION}{ending}.xlsx", partial(_workbook, applied, language)
    headings = [column.heading for column in layout.columns]
    suffixes = {category: one.suffix for category, one in layout.categories.items()}
    lines = cache(lambda: erp_lines(kept.papers.parts, kept.out, suffixes))
    for category in sorted(kept.papers.parts["category"].unique(), key=suffixes.__getitem__):
        name = file_name(f"{kept.papers.batch}-{suffixes[category]}")
        rows = partial(_rows, lines, str(category), layout)
        title = layout.categories[category].title
        yield f"{IMPORT}/{name}.xlsx", partial(_import_workbook, title, headings, rows)
        yield f"{IMPORT}/{name}.csv", partial(_import_csv, headings, rows)


def _page(made: Callable[[], Report], language: str) -> bytes:
    """The sheets to sign; the whole list once more stands in the workbook."""
    return sheet_page(replace(made(), tables=()), language).encode("utf-8")


def _workbook(made: Callable[[], Report], language: str) -> bytes:
    return workbook_bytes(made(), language)


def _import_workbook(title: str, headings: Sequence[str], rows: Callable[[], Rows]) -> bytes:
    return import_workbook(title, headings, rows())


def _import_csv(headings: Sequence[str], rows: Callable[[], Rows]) -> bytes:
    return import_csv(headings, rows())


def _rows(lines: Callable[[], pd.DataFrame], category: str, layout: ReturnLayout) -> Rows:
    """The rows of the document that takes the batch's parts of that category out in the ERP."""
    whole = lines()
    own = whole[whole["category"] == category]
    batch = str(own["batch"].iloc[0])
    told = own.assign(
        document_type=layout.document_type,
        business=layout.categories[category].business,
        remark=layout.remark.format(batch=batch),
    )
    return [
        [_cell(column.name, value) for column, value in zip(layout.columns, row, strict=True)]
        for row in told[[column.name for column in layout.columns]].itertuples(index=False)
    ]


def _cell(name: str, value: object) -> Cell:
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, Integral):
        return _decimal(int(value)) if name == "quantity" else int(value)
    return str(value)


def _decimal(scaled: int) -> Decimal:
    exact: Decimal = Decimal(scaled) / QUANTITY_SCALE
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
