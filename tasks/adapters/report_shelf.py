"""What lies in the folder of reports, as people look for it: by flow, by period, by whom a report is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.wording import LANGUAGES

# The plain text and the summary say what the page says, to programs.
_SHOWN = (".html", ".xlsx", ".csv")


@dataclass(frozen=True, slots=True)
class Document:
    """One file to open: its name without language and suffix, the suffix (`.html`), its address below the folder."""

    stem: str
    suffix: str
    address: str


@dataclass(frozen=True, slots=True)
class Readers:
    """The documents of one department, or ("") of those who read the whole, pages first."""

    name: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class PeriodShelf:
    """What lies there of one period of a flow, and when it was last written."""

    period: str
    written_at: dt.datetime
    whole: Readers
    departments: tuple[Readers, ...]
    sites: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class FlowShelf:
    """The newest periods of a flow, the newest first, and how many more lie there."""

    flow: str
    periods: tuple[PeriodShelf, ...]
    older: int


@dataclass(frozen=True, slots=True)
class Shelves:
    """The folder of reports; moments are told as in `zone`. Names asked for are looked up, never joined to a path."""

    reports: Path
    zone: dt.tzinfo

    def newest(self, language: str, periods_max: int) -> tuple[FlowShelf, ...]:
        """The shelf of every flow that has written a report, `periods_max` periods each, documents in `language`."""
        shelves = (self.of_flow(flow, language, periods_max) for flow in _folders(self.reports))
        return tuple(shelf for shelf in shelves if shelf.periods)

    def of_flow(self, flow: str, language: str, periods_max: int | None = None) -> FlowShelf:
        """The shelf of one flow; without periods where there is no such flow."""
        periods = sorted(_folders(self.reports / flow), reverse=True) if flow in _folders(self.reports) else []
        shown = periods[:periods_max]
        shelves = tuple(self._period(Path(flow) / one, language) for one in shown)
        return FlowShelf(flow, shelves, len(periods) - len(shown))

    def of_period(self, flow: str, period: str, language: str) -> PeriodShelf | None:
        """What lies there of one period; None where nothing does."""
        found = flow in _folders(self.reports) and period in _folders(self.reports / flow)
        return self._period(Path(flow) / period, language) if found else None

    def _period(self, below: Path, language: str) -> PeriodShelf:
        folder, departments = self.reports / below, below / "departments"
        return PeriodShelf(
            period=below.name,
            written_at=dt.datetime.fromtimestamp(folder.stat().st_mtime, self.zone),
            whole=Readers("", self._documents(below, language)),
            departments=tuple(
                Readers(name, self._documents(departments / name, language))
                for name in _folders(self.reports / departments)
            ),
            sites=tuple(
                Document(path.stem, path.suffix, self._address(path))
                for path in _files(folder / "sites")
                if path.suffix == ".html"
            ),
        )

    def _documents(self, below: Path, language: str) -> tuple[Document, ...]:
        """The documents of a folder; one that lies there in several languages is shown in `language`, if it does."""
        found: dict[tuple[str, str], Document] = {}
        for path in _files(self.reports / below):
            stem, _, own = path.stem.rpartition(".")
            named = own in LANGUAGES
            key = (stem if named else path.stem, path.suffix)
            if path.suffix in _SHOWN and (key not in found or (named and own == language)):
                found[key] = Document(*key, self._address(path))
        return tuple(sorted(found.values(), key=lambda one: (_SHOWN.index(one.suffix), one.stem)))

    def _address(self, path: Path) -> str:
        return quote(path.relative_to(self.reports).as_posix())


def _folders(folder: Path) -> list[str]:
    return [path.name for path in _entries(folder) if path.is_dir()]


def _files(folder: Path) -> list[Path]:
    """The files of a folder; one without a language before the same one with it."""
    return [path for path in _entries(folder) if path.is_file()]


def _entries(folder: Path) -> Iterable[Path]:
    """What lies in a folder by name, nothing where it is none; hidden files are half written ones, links lead away."""
    if not folder.is_dir():
        return ()
    entries = (path for path in folder.iterdir() if not path.name.startswith(".") and not path.is_symlink())
    return sorted(entries, key=lambda path: (path.stem.count("."), path.name))
