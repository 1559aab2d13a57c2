"""The product as people run it: a home, its database, the command line in this process's stead or in one of its own."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

SECONDS = 120
Summary = dict[str, object]
# Pages are a good part of what a small day costs, so one language is written where nobody looks at both.
ONE_LANGUAGE = 'report_languages = ["zh_CN"]\n'


@dataclass(frozen=True, slots=True)
class Home:
    """One home folder and the database it keeps its data in ("" is SQLite inside the folder)."""

    folder: Path
    database_url: str = ""

    @property
    def url(self) -> str:
        """The database as SQLAlchemy names it."""
        return self.database_url or f"sqlite:///{self.folder / 'daybook.db'}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a process to this home and to no server."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAYBOOK_", "PREFECT_"))}
        own = {"DAYBOOK_HOME": str(self.folder), "DAYBOOK_LANGUAGE": "en"}
        return kept | own | ({"DAYBOOK_DATABASE_URL": self.database_url} if self.database_url else {})


@contextlib.contextmanager
def inside(home: Home, more: Mapping[str, str] | None = None) -> Iterator[None]:
    """This process works on `home` within the block, with `more` variables set."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(home.environment | dict(more or {}))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run_day(home: Home, day: dt.date, department: str = "") -> Summary:
    """The object of `--json` of one run of the flow's body in this process."""
    from flows.stock_ledger import stock_ledger

    with inside(home):
        return cast("Summary", asyncio.run(stock_ledger.fn(day, department)))


def daybook(
    home: Home, *words: str, check: int | None = None, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own; `check` is the exit status it must end with."""
    done = subprocess.run(
        [sys.executable, "-m", "flows", *words],
        env=home.environment | dict(more or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert check is None or done.returncode == check, (
        f"exit {done.returncode}: {done.stdout[-500:]} {done.stderr[-2000:]}"
    )
    return done


def called(
    home: Home, *words: str, check: int | None = None, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """As `daybook`, in this process: what it costs to start one is paid once."""
    from flows.__main__ import app
    from flows.command_line import status_of

    out, err = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = ["daybook", *words]
    try:
        with inside(home, more), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = status_of(app)
    finally:
        sys.argv = before
    assert check is None or status == check, f"exit {status}: {out.getvalue()[-500:]} {err.getvalue()[-2000:]}"
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())


def typed(home: Home, said: Path, *words: str) -> None:
    """Types `daybook` and `words` in this process, which ends with it; what is printed goes to the file `said`."""
    from flows.__main__ import main

    sys.argv[1:] = words
    with inside(home), said.open("w", encoding="utf-8") as out, contextlib.redirect_stdout(out):
        main()


def reports(home: Home) -> dict[str, str]:
    """Every report of the home by its path, as the hash of its bytes."""
    folder = home.folder / "reports"
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def breaks_of(summary: Mapping[str, object]) -> list[dict[str, object]]:
    """The exceptions of a run."""
    return cast("list[dict[str, object]]", summary["exceptions"])


def shown(summary: Mapping[str, object]) -> list[tuple[object, object, object, object]]:
    """Kind, site, item and state of every exception, sorted."""
    return sorted((one["kind"], one["site"], one["item"], one["state"]) for one in breaks_of(summary))


def figures(summary: Mapping[str, object]) -> dict[str, object]:
    """The figures of a run."""
    return cast("dict[str, object]", summary["figures"])


def broken(home: Home) -> list[str]:
    """What `daybook verify` lists."""
    from flows.running import broken_invariants

    with inside(home):
        return broken_invariants()
