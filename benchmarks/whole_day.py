"""How long a whole day takes: `python -m benchmarks.whole_day [--sites 1000] [--years 3] [--server]`.

A thousand site workbooks of 200 lines and one ERP export of 200,000 lines, from the inbox to the finished report,
beside the bare reading of the same files by calamine; the same day with and without years of settled history behind
it; and what the program costs around its work. Every figure comes from a process of its own: wall time and peak memory.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

DAY = dt.date(2026, 11, 20)
PYTHON = sys.executable
BARE = """
import sys
from pathlib import Path
from python_calamine import CalamineWorkbook
for path in sorted(Path(sys.argv[1], "ledger").iterdir()):
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
import csv
for path in Path(sys.argv[1], "erp_documents").iterdir():
    list(csv.reader(path.open(encoding="gb18030", newline="")))
"""
# Both ways of one work import the same and differ only in whether Prefect carries it.
IMPORTS = "import asyncio, datetime, os, sys\nimport flows.stock_ledger\nfrom prefect import flow, task\n"
EMPTY = (
    "def nothing():\n    return 1\n"
    "served = bool(os.environ.get('PREFECT_API_URL'))\n"
    "steps = [task(nothing, name=f'nothing {one}') if served else nothing for one in range(int(sys.argv[1]))]\n"
    "async def empty():\n    return [one() for one in steps]\n"
    "asyncio.run((flow(empty) if served else empty)())"
)
OUR_DAY = (
    f"day = datetime.date({DAY.year}, {DAY.month}, {DAY.day})\n"
    "served = bool(os.environ.get('PREFECT_API_URL'))\n"
    "from flows.stock_ledger_day import carried_out\n"
    "asyncio.run(flows.stock_ledger.stock_ledger(day) if served else carried_out(day, ''))"
)
SERVER_SECONDS = 120
ROUNDS = 3
ITEMS = 5000
MASTERS, DATED = ("departments", "sites", "warehouses", "items"), ("ledger", "erp_documents")
# What stands for a site's stock of what moves on the day, the evening before.
OPENING = 1000
T = TypeVar("T")
# What was measured, its figures, and what it stands beside.
Row = tuple[str, "Measured", str]


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall seconds and peak resident MiB of one process and the processes that it waited for (the largest of them)."""

    seconds: float
    peak_mib: float
    said: str


def measured(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """What `command` costs; raises RuntimeError with what it said last if it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as wrong:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=wrong, env={**os.environ, **(environment or {})})
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        wrong.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)[:200]}: {wrong.read()[-2000:].decode(errors='replace')}")
        return Measured(seconds, used.ru_maxrss / 1024, out.read().decode())


@dataclass(frozen=True, slots=True)
class Home:
    """One DAYBOOK_HOME and its database: its own SQLite file, or a database of its own on a PostgreSQL server."""

    folder: Path
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What leads the program to this home."""
        return {"DAYBOOK_HOME": str(self.folder)} | ({"DAYBOOK_DATABASE_URL": self.database} if self.database else {})

    def fetch(self, source: Path, *datasets: str) -> None:
        """Copies what lies in `source` of `datasets` into the inbox."""
        for name in datasets:
            shutil.copytree(source / name, self.folder / "inbox" / name, dirs_exist_ok=True)

    def take_in(self) -> None:
        """Reads what lies in the inbox."""
        measured([PYTHON, "-m", "flows", "import"], self.environment)


def one_day(home: Home, day: dt.date = DAY) -> Measured:
    """The whole day in `home`, from its inbox to its reports."""
    command = [PYTHON, "-m", "flows", "run", "stock-ledger", "--date", day.isoformat(), "--json", "--no-mail"]
    return measured(command, home.environment)


def _home(folder: Path, name: str, asked: argparse.Namespace) -> Home:
    (folder / name).mkdir(parents=True)
    return Home(folder / name, _apart(_new_database, asked.postgresql, name) if asked.postgresql else "")


def _new_database(server: str, name: str) -> str:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS daybook_bench_{name}")
        connection.execute(f"CREATE DATABASE daybook_bench_{name}")
    return f"{server}/daybook_bench_{name}"


def _apart(work: Callable[..., T], *arguments: object) -> T:
    """What `work` gives, done in another process: a child's peak begins with its parent's, so this one stays small."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _write(inbox: Path, sites: int, lines: int, items: int) -> None:
    from benchmarks.big_day import Size, lines_of, write_day, write_masters, write_on_hand

    size = Size(sites, lines, items)
    moved = lines_of(size)
    write_masters(inbox, size)
    write_day(inbox, DAY, moved, "Q")
    opening = dict.fromkeys(((line.warehouse, line.item) for line in moved), OPENING)
    write_on_hand(inbox.with_name(f"{inbox.name}_evening_before"), DAY - dt.timedelta(days=1), opening)


def _run_two_days(home: Home, asked: argparse.Namespace) -> None:
    from benchmarks.big_day import Size
    from benchmarks.history import run_two_days

    size = Size(asked.sites, max(1, asked.history_lines // asked.sites), ITEMS)
    run_two_days(home.folder / "inbox", DAY, size, lambda day: one_day(home, day).said)


def _set_back(home: Home, years: int) -> int:
    from benchmarks.history import set_back
    from tasks.adapters.store import open_store

    store = open_store(home.database or f"sqlite:///{home.folder / 'daybook.db'}")
    rows = set_back(store, years)
    store.engine.dispose()
    return rows


def _with_history(folder: Path, inbox: Path, asked: argparse.Namespace) -> tuple[Home, int]:
    """A home with masters, on-hand of the evening before and `asked.years` behind it; the rows of each book."""
    home = _home(folder, f"years{asked.years}", asked)
    home.fetch(inbox, *MASTERS)
    home.take_in()
    rows = 0
    if asked.years:
        _apart(_run_two_days, home, asked)
        rows = _apart(_set_back, home, asked.years)
    home.fetch(inbox.with_name(f"{inbox.name}_evening_before"), "on_hand")
    home.take_in()
    home.fetch(inbox, *DATED)
    return home, rows


@contextmanager
def _server(folder: Path) -> Iterator[dict[str, str]]:
    """A Prefect server of its own, as the environment that leads to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"PREFECT_HOME": str(folder / "prefect"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    command = [PYTHON, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + SERVER_SECONDS
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield {**settings, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    finally:
        process.terminate()
        process.wait()


def _show(rows: Sequence[Row]) -> None:
    print("| what | seconds | peak MiB | beside |")
    print("|---|---:|---:|---|")
    for name, one, beside in rows:
        print(f"| {name} | {one.seconds:.2f} | {one.peak_mib:.0f} | {beside} |")


def _large(folder: Path, asked: argparse.Namespace) -> list[Row]:
    inbox = folder / "inbox"
    _apart(_write, inbox, asked.sites, asked.lines, ITEMS)
    bare = measured([PYTHON, "-c", BARE, str(inbox)])
    home = _home(folder, "fresh", asked)
    home.fetch(inbox, *MASTERS, *DATED)
    fresh = one_day(home)
    figures = json.loads(fresh.said)["figures"]
    lines = asked.sites * asked.lines
    assert figures["erp_lines"] == figures["ledger_lines"] == lines
    rows = [
        (f"bare reading of {asked.sites:,} workbooks × {asked.lines} and {lines:,} ERP lines", bare, "1.0 ×"),
        ("the whole day, inbox to report", fresh, f"{fresh.seconds / bare.seconds:.1f} × bare reading"),
    ]
    return rows + (_years(folder, inbox, asked) if asked.years else [])


def _years(folder: Path, inbox: Path, asked: argparse.Namespace) -> list[Row]:
    """The same day, masters and the on-hand of the evening before read already, without and with years behind it."""
    none, _ = _with_history(folder, inbox, argparse.Namespace(**{**vars(asked), "years": 0}))
    some, kept = _with_history(folder, inbox, asked)
    before, after = one_day(none), one_day(some)
    alike = [json.loads(one.said) for one in (before, after)]
    for name in ("figures", "exceptions", "rows"):
        assert alike[0][name] == alike[1][name], f"{name} differ by the history behind the day"
    ratio = f"{after.seconds / before.seconds:.2f} × without history"
    return [
        ("the day again, masters and the evening's on-hand known before", before, "1.0 ×"),
        (f"that day after {asked.years} years ({kept:,} rows in each book)", after, ratio),
    ]


def _small(folder: Path, asked: argparse.Namespace) -> list[Row]:
    """What the program costs around its work: one site, ten lines."""
    inbox = folder / "small"
    _apart(_write, inbox, 1, 10, 50)
    imports = measured([PYTHON, "-c", "import flows.running"])
    homes = [_home(folder, f"small{number}", asked) for number in range(ROUNDS)]
    for home in homes:
        home.fetch(inbox, *MASTERS, *DATED)
    run = _usual([one_day(home) for home in homes])
    rows = [
        ("python that does nothing", measured([PYTHON, "-c", "pass"]), ""),
        ("daybook --help", measured([PYTHON, "-m", "flows", "--help"]), ""),
        ("importing what a run needs", imports, ""),
        ("daybook run, one site of ten lines", run, f"{run.seconds - imports.seconds:.2f} s beyond its imports"),
    ]
    return rows + (_served(folder, inbox, asked) if asked.server else [])


def _served(folder: Path, inbox: Path, asked: argparse.Namespace) -> list[Row]:
    """What a server adds to our day beside what it adds to a flow of as many steps that do nothing."""

    def day(name: str, environment: Mapping[str, str]) -> Measured:
        home = _home(folder, name, asked)
        home.fetch(inbox, *MASTERS, *DATED)
        return measured([PYTHON, "-c", IMPORTS + OUR_DAY], {**environment, **home.environment})

    def nothing(environment: Mapping[str, str]) -> Measured:
        return measured([PYTHON, "-c", IMPORTS + EMPTY, str(steps)], environment)

    with _server(folder) as environment:
        # The server's first flow finds it cold.
        day("served", environment)
        steps = _steps_carried(environment["PREFECT_API_URL"])
        ours = [(day(f"served{n}", environment), day(f"alone{n}", {})) for n in range(ROUNDS)]
        empty = [(nothing(environment), nothing({})) for _ in range(ROUNDS)]
    ways = [_usual(list(one)) for one in (*zip(*empty, strict=True), *zip(*ours, strict=True))]
    added = [ways[0].seconds - ways[1].seconds, ways[2].seconds - ways[3].seconds]
    beyond = f"the server adds {added[1]:.2f} s, {added[1] - added[0]:.2f} s more than to the empty flow"
    return [
        (f"{steps} steps that do nothing, without a server", ways[1], ""),
        ("the same as a flow on a server", ways[0], f"the server adds {added[0]:.2f} s"),
        ("the day of ten lines with its mails, as imported, without a server", ways[3], ""),
        ("the same as a flow on that server", ways[2], beyond),
    ]


def _steps_carried(api: str) -> int:
    """How many steps the server has carried so far."""
    asked = urllib.request.Request(f"{api}/task_runs/count", b"{}", {"Content-Type": "application/json"})  # noqa: S310 - our own server
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own server
        return int(json.load(answer))


def _usual(rounds: Sequence[Measured]) -> Measured:
    return sorted(rounds, key=lambda one: one.seconds)[len(rounds) // 2]


def main() -> None:
    """Prints the table; what it made is thrown away unless --keep names a folder for it."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.whole_day", description=__doc__)
    asked.add_argument("--sites", type=int, default=1000)
    asked.add_argument("--lines", type=int, default=200, help="ledger lines of each site")
    asked.add_argument("--years", type=int, default=3, help="years of history; 0: without")
    asked.add_argument("--history-lines", type=int, default=2000, help="lines of each day of history, all sites")
    asked.add_argument("--server", action="store_true", help="also on a Prefect server of its own")
    asked.add_argument("--postgresql", default="", metavar="URL", help="a server for the databases, instead of SQLite")
    asked.add_argument("--small", action="store_true", help="only what the program costs around its work")
    asked.add_argument("--keep", type=Path, help="an empty folder to work in and to keep")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as thrown_away:
        folder = chosen.keep or Path(thrown_away)
        print(f"Load when it began: {os.getloadavg()[0]:.1f}\n", flush=True)
        rows = [] if chosen.small else _large(folder, chosen)
        _show([*rows, *_small(folder, chosen)])


if __name__ == "__main__":
    main()
