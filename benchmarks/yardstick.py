"""Ways of doing the same side by side: a table of what each takes beside the first of them.

Each way runs in a process of its own, so that its peak memory is its own (Linux); best of `--rounds`. The ratio is of
processor times, because a shared machine blurs the others.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import multiprocessing.connection
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

G = TypeVar("G")


def compare(ways: Mapping[str, Callable[[G], int]], given: Callable[[str, int], G], what: str, about: str) -> None:
    """Prints one table of the ways that are asked for on the command line.

    `given` makes what a way works on from its name and how many there are; `what` names those (`--lines 1000000`).
    Ways and `given` are functions of a module, for another process must find them.
    """
    arguments = argparse.ArgumentParser(description=about)
    arguments.add_argument(f"--{what}", dest="many", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", choices=list(ways), action="append")
    chosen = arguments.parse_args()
    print(f"Load when it began: {os.getloadavg()[0]:.1f}\n")
    print("| way | seconds | processor seconds | beside the first | peak MiB (tables alone) | result |")
    print("|---|---|---|---|---|---|", flush=True)
    base = 0.0
    for name in chosen.only or ways:
        told = _apart(ways[name], functools.partial(given, name, chosen.many), chosen.rounds)
        base = base or told["processor"]
        cells = (
            f"{told['seconds']:.2f}",
            f"{told['processor']:.2f}",
            f"{told['processor'] / base:.2f}",
            f"{told['peak']} ({told['before']})",
        )
        print(f"| {name} | {' | '.join(cells)} | {told['result']} |", flush=True)


def _apart(way: Callable[[G], int], given: Callable[[], G], rounds: int) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_measured, args=(way, given, rounds, theirs))
    process.start()
    theirs.close()
    told: dict[str, float] = json.loads(mine.recv())
    process.join()
    return told


def _measured(
    way: Callable[[G], int], given: Callable[[], G], rounds: int, out: multiprocessing.connection.Connection
) -> None:
    """Runs one way and sends its seconds, peak memory in MiB (with and before it) and result."""
    made = given()
    # Making the tables takes more memory than some of the ways; the peak is counted from here on.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    told: dict[str, float] = {"before": _peak_mib()}
    seconds, processor = [], []
    for _ in range(rounds):
        start, used = time.perf_counter(), time.process_time()
        told["result"] = way(made)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    told |= {"seconds": min(seconds), "processor": min(processor), "peak": _peak_mib()}
    out.send(json.dumps(told))


def _peak_mib() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) // 1024
