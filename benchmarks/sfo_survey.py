"""Nine years of a real passenger survey through the whole product, and counted a second time beside it: no difference.

Run as `python -m benchmarks.sfo_survey FILE`, FILE being the archive of San Francisco airport's yearly surveys (public
domain). All files are dropped into the inbox of an empty home, each year is run as people would run it, in a process of
its own, and what the product then says and keeps is compared with the count of `sfo_survey_count`.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import extract, select

from benchmarks.sfo_survey_count import Distribution, counted, dissatisfied, repeated, set_aside
from benchmarks.sfo_survey_files import OVERALL, QUESTIONS, YearFile, delivered, files, settings
from config.settings import load_settings
from tasks.adapters.store import open_store, read_frame
from tasks.intake.words import heading_key
from tasks.survey import shapes
from tasks.survey.tables import survey_counts

_NAMES = {heading_key(name): name for name in QUESTIONS} | {shapes.OVERALL: OVERALL}
# What is counted, and the column under which the product keeps it.
_WEIGHTS = ("w5", "w4", "w3", "w2", "w1", "w_answered", "w_returned")
_COLUMNS = {answer: f"n{answer}" for answer in "54321"} | {
    name: name for name in ("blank", "unknown", "not_applicable", *_WEIGHTS)
}
_MILLIONTH = 1_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """What the product said of a year, how long it took, and how large its reports are."""

    year: int
    summary: Mapping[str, Any]
    seconds: float
    report_mib: float


def run_year(home: Path, year: int, *, mail: bool = False) -> Told:
    """The year as the whole product tells it, run in a process of its own."""
    command = [sys.executable, "-m", "flows", "run", "survey", "--period", f"{year}-12", "--json"]
    began = time.perf_counter()
    ran = subprocess.run(
        command + ([] if mail else ["--no-mail"]),
        env=os.environ | {"DAYBOOK_HOME": str(home)},
        capture_output=True,
        check=False,
    )
    took = time.perf_counter() - began
    if ran.returncode:
        sys.exit(ran.stderr.decode())
    sizes = [path.stat().st_size for path in (home / "reports/survey" / f"{year}-12").rglob("*") if path.is_file()]
    return Told(year, json.loads(ran.stdout), took, max(sizes, default=0) / 2**20)


def differences(of_year: YearFile, told: Told, home: Path) -> Iterator[str]:
    """In which figures and answers the product and the second count of a year differ; nothing where they agree."""
    expected = counted(of_year)
    yield from _differing_counts(expected, _kept(home, of_year.year))
    yield from _differing_figures(expected, told.summary["figures"])
    rows = told.summary["rows"]["responses"]
    if rows != {"read": len(of_year.rows), "accepted": len(of_year.rows) - set_aside(of_year)} | {
        "quarantined": set_aside(of_year),
        "repeated": 0,
    }:
        yield f"rows: {rows}"
    found = Counter(one["kind"] for one in told.summary["exceptions"] if one["date"][:4] == str(of_year.year))
    planted = {"COMPLAINT": dissatisfied(of_year), "REPEATED_CUSTOMER": repeated(of_year), "UNKNOWN_ANSWER": 0}
    for kind, count in planted.items():
        if found[kind] != count:
            yield f"{kind}: {found[kind]} instead of {count}"


def _differing_counts(expected: Distribution, kept: Distribution) -> Iterator[str]:
    meant = {key: _summed(key[-1], counts) for key, counts in expected.items()}
    for key in sorted(meant.keys() | kept.keys()):
        if +meant.get(key, Counter()) != +kept.get(key, Counter()):
            yield f"{key}: {dict(kept.get(key, {}))} instead of {dict(meant.get(key, {}))}"


def _summed(question: str, counts: Counter[str]) -> Counter[str]:
    """The counts with the sums of weights that are kept instead of those of single answers that are none."""
    none = ("blank", "not_applicable") if question == OVERALL else ("blank",)
    answered = sum(counts[f"w{answer}"] for answer in "54321")
    sums = {"w_answered": answered, "w_returned": answered + sum(counts[f"w{answer}"] for answer in none)}
    return Counter({name: of for name, of in counts.items() if name in _COLUMNS} | sums)


def _kept(home: Path, year: int) -> Distribution:
    """The distributions that the product keeps of the year, under the names of the second count."""
    store = open_store(load_settings(home).database_url)
    query = select(survey_counts).where(extract("year", survey_counts.c.period) == year)
    with store.reading() as connection:
        frame = read_frame(connection, query)
    store.engine.dispose()
    dimensions = frame[frame["dimension"].isin(["total", "department", "product", "channel"])]
    found: Distribution = {}
    for row in dimensions.to_dict("records"):
        counts = Counter({name: int(row[column]) for name, column in _COLUMNS.items()})
        found[row["dimension"], row["value"], _NAMES[row["question"]]] = counts
    return found


def _differing_figures(expected: Distribution, figures: Mapping[str, Any]) -> Iterator[str]:
    parts = [("total", "", figures)]
    parts += [("department", one["department"], one) for one in figures["by_department"]]
    for dimension, value, said in parts:
        counts = expected[dimension, value, OVERALL]
        for name, figure in _figures(counts).items():
            if said[name] != figure:
                yield f"{name} of {value or 'the whole'}: {said[name]} instead of {figure}"


def _figures(counts: Counter[str]) -> dict[str, object]:
    """The figures that stand on a distribution of the overall rating, as `--json` writes them."""
    answered = ("5", "4", "3", "2", "1")
    returned = sum(counts[answer] for answer in (*answered, "blank", "not_applicable"))
    of_all = sum(counts[f"w{answer}"] for answer in (*answered, "blank", "not_applicable"))
    of_valid, satisfied = (sum(counts[f"w{one}"] for one in some) for some in (answered, answered[:3]))
    return {
        "forms_sent": None,
        "forms_returned": returned,
        "forms_valid": sum(counts[answer] for answer in answered),
        "response_rate": None,
        "satisfied": sum(counts[answer] for answer in answered[:3]),
        "satisfaction": _share(satisfied, of_all),
        "satisfaction_answered": _share(satisfied, of_valid),
    }


def _share(part: int, whole: int) -> str:
    millionths = int(Fraction(part, whole) * _MILLIONTH + Fraction(1, 2))
    return f"{millionths // _MILLIONTH}.{millionths % _MILLIONTH:06d}"


def play(archive: Path, home: Path, years: Sequence[int] = ()) -> Iterator[tuple[Told, list[str]]]:
    """Each year (of `years`, or of all) through the product in `home`: what it said and where it differs."""
    published = [one for one in files(archive) if not years or one.year in years]
    (home / "daybook.toml").write_text(settings(published), encoding="utf-8")
    for of_year in published:
        delivered(of_year, home / "inbox")
    for of_year in published:
        told = run_year(home, of_year.year)
        yield told, list(differences(of_year, told, home))


def main() -> None:
    """Plays all nine years, prints a line of each, and ends with 1 where a figure differs."""
    wrong = 0
    print("year  forms  valid  satisfaction  interval            answered  breaks  seconds  largest report MiB")
    with tempfile.TemporaryDirectory(prefix="daybook-sfo-") as folder:
        for told, differing in play(Path(sys.argv[1]), Path(folder)):
            said = told.summary["figures"]
            between = f"{said['satisfaction_low']}–{said['satisfaction_high']}"
            print(
                f"{told.year}  {said['forms_returned']:>5,}  {said['forms_valid']:>5,}  {said['satisfaction']:>12}"
                f"  {between}  {said['satisfaction_answered']}  {len(told.summary['exceptions']):>6,}"
                f"  {told.seconds:>7.1f}  {told.report_mib:>18.1f}"
            )
            for line in differing[:20]:
                print(f"  DIFFERS {line}")
            wrong += len(differing)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{used.ru_utime + used.ru_stime:.1f} s of a processor, at most {used.ru_maxrss // 1024:,} MiB")
    print("no difference" if not wrong else f"{wrong} DIFFERENCES")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
