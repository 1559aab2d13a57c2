"""The papers of a night: made once from what was sealed, kept, and written again byte for byte."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, LargeBinary, cast, insert, select

from tasks.adapters.report_files import csv_bytes, write_copy, write_reports
from tasks.adapters.speech import spoken
from tasks.adapters.store import Store, exclusive
from tasks.adapters.whole_files import write_whole
from tasks.domain.message import message_from_json
from tasks.domain.report import Report
from tasks.night_audit.report import FLOW
from tasks.night_audit.sealing import Broken
from tasks.night_audit.tables import night_papers
from tasks.register.exceptions import exception_rows

POSTINGS = "postings.csv"


@dataclass(frozen=True, slots=True)
class Night:
    """What papers are made of: the report, the object of `--json`, the postings in the columns of folio."""

    report: Report
    summary: Mapping[str, object]
    postings: Sequence[Mapping[str, object]]

    @property
    def date(self) -> dt.date:
        """The business date."""
        return dt.date.fromisoformat(self.report.period)


def folder_of(date: dt.date) -> Path:
    """Where the papers of a date lie, below the home folder (spec 10)."""
    return Path("reports", FLOW, date.isoformat())


def papers_of_open(night: Night, home: Path, languages: Sequence[str]) -> list[Path]:
    """The pages below `home` of a date that is not closed, written; they are made anew each time."""
    _write(night, home, languages)
    return _pages(night, languages)


def papers_of_closed(
    store: Store, night: Night, home: Path, languages: Sequence[str], headings: Mapping[str, str]
) -> list[Path]:
    """The pages below `home` of a closed date, as they were first made: whatever the house is called by now.

    Made now and kept where a crash left them out. `headings` names the columns of postings.csv by column.
    """
    folder = home / folder_of(night.date)
    kept = _kept(store, night.date)
    if not kept:
        made = _write(night, home, languages)
        made.append(write_whole(folder / POSTINGS, _postings(night, headings, languages[0])))
        _keep(store, night.date, made)
        kept = _kept(store, night.date)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in kept.items():
        write_whole(folder / name, content)
    return [folder_of(night.date) / name for name in sorted(kept) if name.endswith(".html")]


def changed_papers(connection: Connection) -> Iterator[Broken]:
    """Every paper of a closed date that is not kept as it was first made, by date and name (spec 06, step 14)."""
    papers = night_papers.c
    # Raw SQL may leave a text where SQLite had bytes.
    content = cast(papers.content, LargeBinary).label("content")
    query = select(papers.business_date, papers.name, papers.sha256, content)
    # A paper is large: years of them are gone through a few at once.
    for row in connection.execute(query.order_by(papers.business_date, papers.name).execution_options(yield_per=10)):
        if sha256(row.content).hexdigest() != row.sha256:
            yield Broken(row.business_date, "night_papers", row.name, "changed")


def _write(night: Night, home: Path, languages: Sequence[str]) -> list[Path]:
    folder = home / folder_of(night.date)
    stems = _stems(languages)
    summary = {**night.summary, "reports": [path.as_posix() for path in _pages(night, languages)]}
    made = write_reports(folder, FLOW, night.report, languages[0], summary, exception_rows(summary))
    for language, stem in list(stems.items())[1:]:
        made += write_copy(folder, stem, night.report, language)
    return made


def _pages(night: Night, languages: Sequence[str]) -> list[Path]:
    return [folder_of(night.date) / f"{stem}.html" for stem in _stems(languages).values()]


def _stems(languages: Sequence[str]) -> dict[str, str]:
    return {language: FLOW if language == languages[0] else f"{FLOW}.{language}" for language in languages}


def _postings(night: Night, headings: Mapping[str, str], language: str) -> bytes:
    rows: list[Sequence[object]] = [tuple(headings.values())]
    for posting in night.postings:
        words = spoken(message_from_json(str(posting["item"])), language)
        rows.append([words if name == "item" else posting.get(name, "") for name in headings])
    return csv_bytes(rows)


def _kept(store: Store, date: dt.date) -> dict[str, bytes]:
    with store.reading() as connection:
        rows = connection.execute(select(night_papers).where(night_papers.c.business_date == date))
        return {row.name: bytes(row.content) for row in rows}


def _keep(store: Store, date: dt.date, made: Sequence[Path]) -> None:
    """Keeps the papers, unless another run that made the same ones was faster."""
    rows = []
    for path in made:
        content = path.read_bytes()
        rows.append(
            {"business_date": date, "name": path.name, "sha256": sha256(content).hexdigest(), "content": content}
        )
    with store.writing() as connection:
        exclusive(connection, f"{FLOW} papers")
        if connection.execute(select(night_papers.c.name).where(night_papers.c.business_date == date)).first() is None:
            connection.execute(insert(night_papers), rows)
