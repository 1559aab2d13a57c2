"""What every command shares: words, one-line errors, exit statuses, progress bars on long work."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import typer
from typer.exceptions import TyperException

from config.wording import wording
from flows.wrong_words import wrong_words

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from tasks.domain.message import Message

BLOCKED = 1
WRONG_WORDS = 2
_INTERRUPTED = 130
# Named after what people must do something about; anything else that is raised is a bug and shows itself.
_WRONG_SETTINGS = frozenset(
    {"UnableToConfigure", "UnableToArrange", "UnableToAct", "UnableToDecide", "UnableToNameStore", "UnableToFindStore"}
)


def language() -> str:
    """The language of the command line: DAYBOOK_LANGUAGE, else Chinese for a Chinese or unset locale, else English."""
    chosen = os.environ.get("DAYBOOK_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "zh_CN"
    return "zh_CN" if chosen.startswith(("zh", "C", "POSIX")) else "en"


def said(key: str, **parameters: object) -> str:
    """The wording of `key` in the language of the command line."""
    return wording(language(), key, **parameters)


def home() -> Path:
    """The home folder."""
    from config.settings import home_folder

    return home_folder()


@contextmanager
def report_error(*, debug: bool) -> Iterator[None]:
    """Turns work that cannot be done into one line on stderr and the right exit status; `debug` lets it be raised."""
    try:
        yield
    except Exception as error:
        line = "" if debug else _line(error)
        if not line:
            raise
        print(f"daybook: {line}", file=sys.stderr)
        raise typer.Exit(WRONG_WORDS if type(error).__name__ in _WRONG_SETTINGS else BLOCKED) from None


def _line(error: Exception) -> str:
    """What people are told of an error; "" for a bug, which shows itself."""
    from config.settings import UnableToConfigure

    if isinstance(error, UnableToConfigure):
        return " ".join(error.in_words(language()).split())
    told = getattr(error, "message", None)
    if told is not None and hasattr(told, "key"):
        return _spoken(told)
    if type(error).__name__.startswith("UnableTo"):
        return " ".join(str(error).split())
    if isinstance(error, OSError):
        return _refused_place(error)
    return _refused_by_database(error)


def _spoken(told: Message) -> str:
    from tasks.adapters.speech import spoken

    return spoken(told, language())


def _refused_place(error: OSError) -> str:
    """What the operating system refuses at a place; an error without a place is no matter of files."""
    from config.refusals import refusal

    if error.filename is None or isinstance(error, BrokenPipeError):
        return ""
    key, parameters = refusal(error)
    return said(key, **parameters)


def _refused_by_database(error: Exception) -> str:
    if "sqlalchemy" not in sys.modules:
        return ""
    from config.settings import load_settings
    from tasks.adapters.store import refused

    told = refused(error, load_settings(home()).database_url)
    return _spoken(told) if told else ""


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Ends quietly when somebody presses Ctrl-C or closes the pipe that is written to."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def status_of(app: typer.Typer) -> int:
    """The exit status of the command line that this process was called with; wrong words are one line on stderr."""
    try:
        ended = app(standalone_mode=False)
    except typer.Abort:
        return _INTERRUPTED
    except TyperException as wrong:
        if line := wrong_words(wrong, language()):
            print(f"daybook: {line}", file=sys.stderr)
        return WRONG_WORDS
    return ended if isinstance(ended, int) else 0


class Watched:
    """A progress bar on stderr while long work is done; none where nobody watches (no terminal, or `quiet`)."""

    def __init__(self, *, quiet: bool) -> None:
        """Nothing is shown before the first call."""
        self._shown = not quiet and sys.stderr.isatty()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Gives itself."""
        return self

    def __call__(self, done: int, total: int, name: str) -> None:
        """Shows that `done` of `total` are done and `name` is next."""
        if not self._shown:
            return
        if self._progress is None or self._task is None:
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._progress.start()
            self._task = self._progress.add_task(name, total=total)
        self._progress.update(self._task, completed=done, total=total, description=name[:40])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Takes the bar away."""
        if self._progress is not None:
            self._progress.stop()


def in_words(summary: Mapping[str, object]) -> str:
    """The figures of a run and where its reports lie, for people at a terminal."""
    from tasks.adapters.run_page import figure_text
    from tasks.domain.report import area_of

    figures, rows, reports, exceptions = (summary[name] for name in ("figures", "rows", "reports", "exceptions"))
    assert isinstance(figures, Mapping)
    assert isinstance(rows, Mapping)
    assert isinstance(reports, list)
    assert isinstance(exceptions, list)
    status = said(f"report.status.{summary['status']}")
    lines = [f"{summary['flow']} {summary['period']}: {status}"]
    area = area_of(str(summary["flow"]))
    lines += [f"  {line}" for line in _what_stops(summary)]
    open_breaks = figures.get("breaks_open")
    if open_breaks:
        lines.append("  " + said("cli.next_breaks", breaks=open_breaks))
    if figures.get("approvals_waiting"):
        lines.append("  " + said("cli.next_approvals", count=figures["approvals_waiting"]))
    for name, value in figures.items():
        if not isinstance(value, Mapping | list):
            lines.append(f"  {said(f'{area}.figure.{name}')}\t{figure_text(value, language())}")
    for dataset, counts in rows.items():
        if counts["read"]:
            lines.append("  " + said(f"{area}.input", dataset=said(f"{area}.dataset.{dataset}"), **counts))
    lines += [f"  {home() / path}" for path in reports if "/sites/" not in path]
    return "\n".join(lines)


def _what_stops(summary: Mapping[str, object]) -> list[str]:
    """Why a run is blocked and what to do, a line each; nothing for one that is not."""
    if summary["status"] != "blocked":
        return []
    if summary["flow"] == "stock-ledger":
        return [
            said(f"stock_ledger.{name}", date=summary["period"]) for name in ("headline.blocked", "next.erp_export")
        ]
    stopping = summary.get("stopping", [])
    assert isinstance(stopping, list)
    return stopping
