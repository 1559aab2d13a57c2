"""From the sheets of a delivered file to typed rows and quarantined cells.

Nothing is lost: every data row is either in `Delivery.rows` or, with each of its bad cells, in `Delivery.quarantined`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from config.datasets import Dataset, Words
from tasks.domain.message import Message, message
from tasks.domain.sheet import RawSheet, refused
from tasks.intake.count_sheets import COUNT_SHEETS, counted_site, month_of, numbered
from tasks.intake.found_table import HEADER_SEARCH_ROWS, FoundTable, find_table
from tasks.intake.frames import delivered_frame, quarantine_frame
from tasks.intake.lookups import Lookups
from tasks.intake.stated import Stated, day_in_name, first_word, says_no_movement, site_in_name, site_of, stated_above
from tasks.intake.typed_rows import Quarantine, TypedRows, typed_rows
from tasks.intake.wide_sheets import Layout

__all__ = ["Delivery", "Lookups", "read_delivery"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one file delivers.

    `rows`: the dataset's columns typed (texts never null, dates datetime64[s], amounts int64, or Int64 where they may
    be blank, scaled as in tasks.domain.amounts), the `..._key` columns, for a ledger `site`, `repeat`, `content_key`,
    and the source `sheet` and `row`. `quarantined`: one row a bad cell with sheet, row, column, value, reason (a
    message in JSON), date (NaT unknown) and site. `ignored` counts title, blank, totals and other rows without data.
    `numbers` are the count sheets that the file brings back; its stated date is then the last day of their month.
    Forms of a survey have `layout` (one of `layouts`, by its key) and `answers`, a JSON array of what stands under its
    headings, the `content_key` of their version and `counted_in`, NaT where only the day of arrival can say it.
    """

    dataset: str
    rows: pd.DataFrame
    quarantined: pd.DataFrame
    ignored: int
    stated_date: dt.date | None
    site: str
    no_movement: bool
    notices: tuple[Message, ...]
    numbers: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()

    @property
    def read(self) -> int:
        """The number of data rows: those accepted so far and those with quarantined cells."""
        return len(self.rows) + len(self.quarantined[["sheet", "row"]].drop_duplicates())


def read_delivery(
    dataset: Dataset,
    sheets: Sequence[RawSheet],
    file_name: str,
    lookups: Lookups,
    words: Words,
    header_search_rows: int = HEADER_SEARCH_ROWS,
) -> Delivery:
    """What the sheets of one file deliver to `dataset`.

    Raises RefusedFile: heading_missing; for a ledger also site_unknown, site_conflict and empty_ledger, for count
    sheets count_number.
    """
    tables, notices, lacking = _tables(dataset, sheets, words, header_search_rows)
    ledger = dataset.name == "ledger"
    silent = ledger and not tables and any(says_no_movement(sheet.rows, words) for sheet in sheets)
    if not tables and not silent:
        raise refused("heading_missing", headings="、".join(lacking))
    stated = [stated_above(table.above, words) for table in tables]
    if silent:
        stated = [stated_above(sheet.rows[:header_search_rows], words) for sheet in sheets]
    date = _stated_date(dataset, stated) or day_in_name(file_name)
    latest = max(filter(None, (date, day_in_name(file_name))), default=None)
    sites, site_notices = _sites(tables, stated, file_name, lookups) if ledger else (["" for _ in stated], ())
    parts = [
        typed_rows(table, dataset, words, lookups, site, latest) for table, site in zip(tables, sites, strict=False)
    ]
    moved_not = silent or (ledger and _says_nothing(tables, stated, words))
    parts, numbers = _numbered(parts, stated, tables, dataset)
    rows, bad = _joined(parts)
    if ledger and not rows.numbers and not bad.rows and not moved_not:
        raise refused("empty_ledger")
    known = {site for site in sites if site} or {str(site) for site in rows.columns.get("site", ()) if ledger}
    # Silence that nobody can be credited with would vanish: its site would read as missing.
    if moved_not and not known and not bad.rows:
        raise refused("site_unknown", found=first_word(file_name))
    return Delivery(
        dataset=dataset.name,
        rows=delivered_frame(rows, dataset, lookups, date),
        quarantined=quarantine_frame(bad),
        ignored=sum(table.ignored for table in tables),
        stated_date=month_of(numbers) or date,
        site=counted_site(numbers, lookups) if numbers else known.pop() if len(known) == 1 else "",
        no_movement=moved_not,
        notices=(*notices, *site_notices, *rows.notices),
        numbers=numbers,
        layouts=tuple(table.asked.layout for table in tables if dataset.wide),
    )


def _stated_date(dataset: Dataset, stated: Sequence[Stated]) -> dt.date | None:
    if dataset.name == COUNT_SHEETS:
        return month_of([one.number for one in stated])
    return max((one.date for one in stated if one.date), default=None)


def _tables(
    dataset: Dataset, sheets: Sequence[RawSheet], words: Words, header_search_rows: int
) -> tuple[list[FoundTable], list[Message], tuple[str, ...]]:
    tables: list[FoundTable] = []
    notices: list[Message] = []
    lacking: tuple[str, ...] = tuple(f"{c.heading_zh}/{c.heading_en}" for c in dataset.columns if c.must_stand)
    for sheet in sheets:
        found = find_table(sheet, dataset, words, header_search_rows)
        if isinstance(found, FoundTable):
            tables.append(found)
            notices.extend(found.notices)
            continue
        if sheet.visible and len(sheet.rows):
            notices.append(message("intake.notice.sheet_skipped", sheet=sheet.name))
        lacking = min(lacking, found, key=len)
    return tables, notices, lacking


def _says_nothing(tables: Sequence[FoundTable], stated: Sequence[Stated], words: Words) -> bool:
    return any(one.no_movement for one in stated) or any(says_no_movement(table.beside, words) for table in tables)


def _sites(
    tables: Sequence[FoundTable], stated: Sequence[Stated], file_name: str, lookups: Lookups
) -> tuple[list[str], tuple[Message, ...]]:
    """The site of every sheet: as its header says, else as the file name or the sheet's name does."""
    named = site_in_name(file_name, lookups.sites)
    sites: list[str] = []
    notices: list[Message] = []
    for place, one in enumerate(stated):
        table = tables[place] if place < len(tables) else None
        headed = site_of(one.site, lookups.sites)
        if headed and named and headed != named:
            raise refused("site_conflict", header=headed, file=named)
        site = headed or named or (site_of(table.sheet, lookups.sites) if table else "")
        if not lookups.sites:
            site = one.site or ("" if table and "site" in table.places else first_word(file_name))
        if one.site and not headed and site and lookups.sites:
            notices.append(message("intake.notice.site_by_file_name", found=one.site, site=site))
        if not site and not (table and "site" in table.places):
            raise refused("site_unknown", found=one.site or first_word(file_name))
        sites.append(site)
    return sites, tuple(notices)


def _numbered(
    parts: Sequence[tuple[TypedRows, Quarantine]],
    stated: Sequence[Stated],
    tables: Sequence[FoundTable],
    dataset: Dataset,
) -> tuple[list[tuple[TypedRows, Quarantine]], tuple[str, ...]]:
    """Every table of count sheets with its number in each row, and the numbers of all, each once."""
    if dataset.name != COUNT_SHEETS:
        return list(parts), ()
    column = dataset.column("number")
    known: list[str] = []
    done: list[tuple[TypedRows, Quarantine]] = []
    for part, one, table in zip(parts, stated, tables, strict=True):
        rows, bad, number = numbered(part, one, table.headings.get("number", column.heading_zh if column else ""))
        done.append((rows, bad))
        known += [number] if number else []
    return done, tuple(dict.fromkeys(known))


def _joined(parts: Sequence[tuple[TypedRows, Quarantine]]) -> tuple[TypedRows, Quarantine]:
    rows, bad = TypedRows(), Quarantine()
    rows.notices = tuple(notice for good, _ in parts for notice in good.notices)
    for good, wrong in parts:
        rows.numbers.extend(good.numbers)
        rows.sheets.extend(good.sheets)
        for name, values in good.columns.items():
            rows.columns.setdefault(name, []).extend(values)
        bad.rows.extend(wrong.rows)
    return rows, bad
