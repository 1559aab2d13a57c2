"""How long the ladder takes beside other ways to compare two tables: `python -m benchmarks.matching [--lines 1000000]`.

Both sides hold the same lines as texts, integers and dates; one line in a hundred is at fault (missing, wrong
quantity, date, category or code). Each way runs in a process of its own, so that its peak memory is its own (Linux);
best of `--rounds`. The ratio is of processor times, because a shared machine blurs the others.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from tasks.domain.keys import code_keys
from tasks.stock_ledger.direction import directed
from tasks.stock_ledger.matching import match_lines

SITES, DAYS, ITEMS = 500, 20, 5000
FAULT_SHARE = 0.01
KEYS = ["site", "date", "warehouse", "item", "category", "quantity"]
WORDS = np.array(
    ["OWN_USE_OUT", "PURCHASE_IN", "PETTY_IN", "REPAIRED_IN", "DAMAGED_IN", "SCRAP_OUT", "REPAIR_OUT", "GOOD_TRANSFER"]
)
Frames = tuple[pd.DataFrame, pd.DataFrame]


def tables(lines: int, seed: int = 7) -> Frames:
    """A ledger and an ERP export of `lines` lines each, in different orders, the faults on the ERP's side."""
    random = np.random.default_rng(seed)
    site, item = random.integers(0, SITES, lines), random.integers(0, ITEMS, lines)
    category = random.integers(0, len(WORDS), lines)
    frame = pd.DataFrame(
        {
            "line": np.arange(lines),
            "site": pd.Series(site).map("DF{:03d}".format).astype("str"),
            "date": np.datetime64("2026-11-01", "s") + random.integers(0, DAYS, lines) * np.timedelta64(86400, "s"),
            "category": pd.Series(WORDS[category], dtype="str"),
            "item": pd.Series(item).map("SL{:07d}".format).astype("str"),
            "item_name": pd.Series(item // 2).map("备件{}".format).astype("str"),
            "specification": pd.Series(item % 40).map("M16×{}".format).astype("str"),
            "quantity": random.integers(1, 20, lines) * 10_000,
            "remark": pd.Series([""] * lines, dtype="str"),
            "repeat": np.zeros(lines, dtype=np.int64),
        }
    )
    damaged = np.isin(category, [4, 5, 6])
    frame["warehouse"] = frame["site"] + pd.Series(np.where(damaged, "B", "A"), dtype="str")
    frame["quality"] = pd.Series(np.where(damaged, "damaged", "good"), dtype="str")
    transfer = category == len(WORDS) - 1
    number = pd.Series(np.arange(lines)).map("T{:07d}".format)
    frame["order"] = number.where(transfer, "").astype("str")
    erp = frame.drop(columns="repeat").copy()
    for side, name in ((frame, "ledger"), (erp, "erp")):
        side["ref"] = (name + ":" + pd.Series(np.arange(lines)).astype("str")).astype("str")
        side["identity"] = side["ref"]
    way = pd.Series(np.where(random.integers(0, 2, lines) == 0, "_IN", "_OUT"), dtype="str")
    erp["category"] = erp["category"].where(~transfer, erp["category"] + way)
    erp = _faulty(erp, random)
    return frame, erp.sample(frac=1, random_state=seed, ignore_index=True)


def _faulty(erp: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    bad = random.permutation(np.flatnonzero(~erp["category"].str.contains("TRANSFER").to_numpy()))[
        : int(len(erp) * FAULT_SHARE)
    ]
    parts = np.array_split(bad, 5)
    erp.loc[parts[0], "quantity"] += 10_000
    erp.loc[parts[1], "date"] += pd.Timedelta(days=1)
    erp.loc[parts[2], "category"] = "RETURN_TO_STOCK"
    erp.loc[parts[3], "item"] = erp.loc[parts[3], "item"].str.slice(0, 8) + "X"
    return erp.loc[~erp.index.isin(parts[4])].reset_index(drop=True)


def merge(ledger: pd.DataFrame, erp: pd.DataFrame) -> int:
    """The bare outer merge of pandas: it finds what agrees in all keys and says nothing of the rest."""
    return len(ledger[[*KEYS, "line"]].merge(erp[[*KEYS, "line"]], on=KEYS, how="outer", indicator=True))


def ladder(ledger: pd.DataFrame, erp: pd.DataFrame) -> int:
    """The whole ladder with every finding, its words and its id."""
    return len([found.id for found in match_lines(ledger, erp, 3).findings])


def normalising(ledger: pd.DataFrame, erp: pd.DataFrame) -> int:
    """What comes before: codes normalised on both sides, transfers given their direction."""
    sides = [
        side.assign(item=code_keys(side["item"]), warehouse=code_keys(side["warehouse"])) for side in (ledger, erp)
    ]
    return len(directed(sides[0], sides[1]))


def datacompy(ledger: pd.DataFrame, erp: pd.DataFrame) -> int:
    """Datacompy's comparison on the same keys."""
    import datacompy as outside

    left, right = (pd.DataFrame(side[[*KEYS, "line"]]) for side in (ledger, erp))
    return len(outside.PandasCompare(left, right, join_columns=KEYS).intersect_rows)


def duckdb(ledger: pd.DataFrame, erp: pd.DataFrame) -> int:
    """DuckDB's outer join on the same keys, counted."""
    import duckdb as outside

    left, right = (pd.DataFrame(side[[*KEYS, "line"]]) for side in (ledger, erp))
    with outside.connect() as connection:
        connection.register("l", left)
        connection.register("r", right)
        return len(connection.sql("from l").join(connection.sql("from r"), ", ".join(KEYS), how="outer").df())


WAYS: dict[str, Callable[[pd.DataFrame, pd.DataFrame], int]] = {
    "pandas outer merge": merge,
    "ladder": ladder,
    "direction and normalising": normalising,
    "datacompy": datacompy,
    "DuckDB full join": duckdb,
}


def _peak_mib() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) // 1024


def measured(name: str, lines: int, rounds: int, out: multiprocessing.connection.Connection) -> None:
    """Runs one way and sends its seconds, peak memory in MiB (with and before it) and result."""
    ledger, erp = tables(lines)
    if name != "direction and normalising":
        ledger["category"] = directed(ledger, erp)
    # Making the tables takes more memory than some of the ways; the peak is counted from here on.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _peak_mib()
    seconds, processor, result = [], [], 0
    for _ in range(rounds):
        start, used = time.perf_counter(), time.process_time()
        result = WAYS[name](ledger, erp)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    out.send(
        json.dumps(
            {
                "seconds": min(seconds),
                "peak": _peak_mib(),
                "processor": min(processor),
                "before": before,
                "result": result,
            }
        )
    )


def main() -> None:
    """Prints one table of all ways."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", choices=list(WAYS))
    chosen = arguments.parse_args()
    context = multiprocessing.get_context("spawn")
    print("| way | seconds | processor seconds | beside the merge | peak MiB (tables alone) | result |")
    print("|---|---|---|---|---|---|", flush=True)
    base = 0.0
    for name in [chosen.only] if chosen.only else WAYS:
        mine, theirs = context.Pipe()
        process = context.Process(target=measured, args=(name, chosen.lines, chosen.rounds, theirs))
        process.start()
        told = json.loads(mine.recv())
        process.join()
        base = base or told["processor"]
        cells = (
            f"{told['seconds']:.2f}",
            f"{told['processor']:.2f}",
            f"{told['processor'] / base:.2f}",
            f"{told['peak']} ({told['before']})",
        )
        print(f"| {name} | {' | '.join(cells)} | {told['result']} |", flush=True)


if __name__ == "__main__":
    main()
