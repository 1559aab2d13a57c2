"""How long a whole day takes: `python -m benchmarks.whole_day [--sites 1000] [--years 3] [--server]`.

A thousand site workbooks of 200 lines and one ERP export of 200,000 lines, from the inbox to the finished report,
beside the bare reading of the same files by calamine; the same day with years of settled history behind it; and what
the program costs before it does anything. Every figure comes from a process of its own: wall time and peak memory.
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
EMPTY_FLOW = "from prefect import flow\n@flow\ndef nothing():\n    return 1\nnothing()"
ONE_FLOW = (
    "import asyncio, datetime\nfrom flows.stock_ledger import stock_ledger\n"
    f"asyncio.run(stock_ledger(datetime.date({DAY.year}, {DAY.month}, {DAY.day})))"
)
SERVER_SECONDS = 120
ITEMS = 5000
T = TypeVar("T")


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


def one_day(home: Path) -> Measured:
    """The whole day in `home`, from its inbox to its reports."""
    command = [PYTHON, "-m", "flows", "run", "stock-ledger", "--date", DAY.isoformat(), "--json", "--no-mail"]
    return measured(command, {"DAYBOOK_HOME": str(home)})


def _home(folder: Path, name: str, inbox: Path) -> Path:
    home = folder / name
    shutil.copytree(inbox, home / "inbox")
    return home


def _apart(work: Callable[..., T], *arguments: object) -> T:
    """What `work` gives, done in another process: a child's peak begins with its parent's, so this one stays small."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _write(inbox: Path, sites: int, lines: int, items: int) -> None:
    from benchmarks.big_day import Size, write_day

    write_day(inbox, DAY, Size(sites, lines, items))


def _fill(home: Path, asked: argparse.Namespace) -> int:
    from benchmarks.big_day import Size, fill_history
    from config.settings import load_settings
    from tasks.adapters.store import open_store

    store = open_store(load_settings(home).database_url)
    rows = fill_history(store, DAY, Size(asked.sites, asked.lines, ITEMS), asked.years, asked.history_lines)
    store.engine.dispose()
    return rows


def _with_history(folder: Path, inbox: Path, asked: argparse.Namespace) -> tuple[Path, int]:
    """A home whose database holds the history, masters read, and the day's files waiting; the rows of each book."""
    home = folder / "history"
    for name in ("departments", "sites", "warehouses", "items"):
        shutil.copytree(inbox / name, home / "inbox" / name)
    measured([PYTHON, "-m", "flows", "import"], {"DAYBOOK_HOME": str(home)})
    rows = _apart(_fill, home, asked)
    for name in ("ledger", "erp_documents"):
        shutil.copytree(inbox / name, home / "inbox" / name, dirs_exist_ok=True)
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


def _show(rows: Sequence[tuple[str, Measured, str]]) -> None:
    print("| what | seconds | peak MiB | beside |")
    print("|---|---:|---:|---|")
    for name, one, beside in rows:
        print(f"| {name} | {one.seconds:.2f} | {one.peak_mib:.0f} | {beside} |")


def _large(folder: Path, asked: argparse.Namespace) -> list[tuple[str, Measured, str]]:
    inbox = folder / "inbox"
    _apart(_write, inbox, asked.sites, asked.lines, ITEMS)
    bare = measured([PYTHON, "-c", BARE, str(inbox)])
    fresh = one_day(_home(folder, "fresh", inbox))
    figures = json.loads(fresh.said)["figures"]
    lines = asked.sites * asked.lines
    assert figures["erp_lines"] == figures["ledger_lines"] == lines
    rows = [
        (f"bare reading of {asked.sites:,} workbooks × {asked.lines} and {lines:,} ERP lines", bare, "1.0 ×"),
        ("the whole day, inbox to report", fresh, f"{fresh.seconds / bare.seconds:.1f} × bare reading"),
    ]
    if asked.years:
        home, kept = _with_history(folder, inbox, asked)
        later = one_day(home)
        name = f"the same day after {asked.years} years ({kept:,} rows in each book)"
        rows.append((name, later, f"{later.seconds / fresh.seconds:.2f} × without history"))
    return rows


def _small(folder: Path, asked: argparse.Namespace) -> list[tuple[str, Measured, str]]:
    """What the program costs around its work: one site, ten lines."""
    inbox = folder / "small"
    _apart(_write, inbox, 1, 10, 50)
    python = measured([PYTHON, "-c", "pass"])
    rows = [("python that does nothing", python, "")]
    rows.append(("daybook --help", measured([PYTHON, "-m", "flows", "--help"]), ""))
    imports = measured([PYTHON, "-c", "import flows.running"])
    rows.append(("importing what a run needs", imports, ""))
    run = one_day(_home(folder, "small_home", inbox))
    rows.append(
        ("daybook run, one site of ten lines", run, f"{run.seconds - imports.seconds:.2f} s beyond its imports")
    )
    if asked.server:
        with _server(folder) as environment:
            empty = measured([PYTHON, "-c", EMPTY_FLOW], environment)
            home = _home(folder, "served", inbox)
            served = measured([PYTHON, "-c", ONE_FLOW], {**environment, "DAYBOOK_HOME": str(home)})
        rows.append(("an empty Prefect flow on a server", empty, ""))
        beside = f"{served.seconds - empty.seconds:.2f} s beyond the empty flow"
        rows.append(("the same day as a flow on that server", served, beside))
    return rows


def main() -> None:
    """Prints the table; what it made is thrown away unless --keep names a folder for it."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.whole_day", description=__doc__)
    asked.add_argument("--sites", type=int, default=1000)
    asked.add_argument("--lines", type=int, default=200, help="ledger lines of each site")
    asked.add_argument("--years", type=int, default=3, help="years of history; 0: without")
    asked.add_argument("--history-lines", type=int, default=2000, help="lines of each day of history")
    asked.add_argument("--server", action="store_true", help="also on a Prefect server of its own")
    asked.add_argument("--small", action="store_true", help="only what the program costs around its work")
    asked.add_argument("--keep", type=Path, help="an empty folder to work in and to keep")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as thrown_away:
        folder = chosen.keep or Path(thrown_away)
        rows = [] if chosen.small else _large(folder, chosen)
        _show([*rows, *_small(folder, chosen)])


if __name__ == "__main__":
    main()
