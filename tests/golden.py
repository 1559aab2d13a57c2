"""Golden stories: small days told in files, and what the program says of them, frozen to the byte.

A story is a folder `tests/cases/<process>/<story>/`: `story.toml` tells it, `inbox/<run>/<dataset>/` holds the files
that arrive before a run, `expected/<run>.json` what `daybook run … --json` says (`<run>.txt` the report's plain text).
`python -m tests.golden [story …]` rewrites what is expected; the change is then read as a diff.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import datetime as dt
import functools
import io
import json
import os
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tasks.adapters.clock import now

CASES = Path(__file__).with_name("cases")
Summary = dict[str, object]
# A run is named by its date, and by a word behind it where a date is run more than once: `2025-11-20.again`. In a hotel
# a moment names a sweep of the reservations: `2025-11-20T1800`. A stocktake is named by its count and step, with a word
# behind it where that is done again: `2025-11.collect.again`; the step `agree` draws the statements of account,
# `2025-11.open.DF01` opens the count of one site and `2025-11.open.spot-2-7` that of 2 items drawn by the seed 7. An
# invoice check is named by its date or, at a period's end, by its month; a survey by its month, a text of it by the run
# and, behind a stroke, the department whose report it is.
_DATE_CHARACTERS, _MOMENT_CHARACTERS = len("2025-11-20"), len("2025-11-20T1800")
_COMPANIES = {
    "stock_ledger": "one_site",
    "night_audit": "small_hotel",
    "stocktake": "two_depots",
    "damaged_returns": "wind_sites",
    "invoice_check": "service_house",
    "survey": "service_desks",
}
_DRAWN = re.compile(r"spot-(\d+)-(\d+)")
_LINE = 110
_DAY, _TODAY = re.compile(r"\b20\d\d-\d\d-\d\d\b"), "(today on)"
# One language is written: the stories watch what is said, and the reports' own tests watch both languages.
_SETTINGS = 'report_languages = ["zh_CN"]\n'


@dataclass(frozen=True, slots=True)
class Story:
    """One story: where it lies, its sentence, the company it plays in, its runs, what people type before a run.

    `settings` is what a home's own settings say from the run on before which they are made.
    """

    folder: Path
    tells: str
    company: str
    runs: tuple[str, ...]
    texts: tuple[str, ...]
    typed: Mapping[str, Sequence[Sequence[str]]]
    settings: Mapping[str, str]

    @property
    def name(self) -> str:
        """The story's name, that of its folder."""
        return self.folder.name


def stories() -> tuple[Story, ...]:
    """Every story, by folder; a folder whose name starts with `_` holds what stories share."""
    folders = sorted(path.parent for path in CASES.glob("*/*/story.toml") if not path.parent.name.startswith("_"))
    return tuple(_story(folder) for folder in folders)


def _story(folder: Path) -> Story:
    told = tomllib.loads((folder / "story.toml").read_text(encoding="utf-8"))
    unknown = told.keys() - {"tells", "company", "runs", "texts", "typed", "settings"}
    assert not unknown, f"{folder}: {sorted(unknown)} means nothing in a story"
    runs = tuple(told["runs"])
    strays = {path.name for path in (folder / "inbox").glob("*")} - set(runs)
    assert not strays, f"{folder}: files for {sorted(strays)}, which no run of the story takes in"
    typed = {run: [command["words"] for command in told.get("typed", []) if command["before"] == run] for run in runs}
    return Story(
        folder,
        told["tells"],
        told.get("company", _COMPANIES[folder.parent.name]),
        runs,
        tuple(told.get("texts", ())),
        typed,
        {one["before"]: one["toml"] for one in told.get("settings", [])},
    )


def told_by(story: Story, home: Path) -> dict[str, str]:
    """What the program says of the story, played in the empty folder `home`: text by the name of its expected file."""
    shutil.copytree(begun(story.folder.parent / "_company" / story.company), home, dirs_exist_ok=True)
    said: dict[str, str] = {}
    last: Summary = {}
    # The day on which it begins: midnight may pass while it is told.
    today = now("Asia/Shanghai").date().isoformat()
    with _inside(home):
        for run in story.runs:
            if run in story.settings:
                (home / "daybook.toml").write_text(_SETTINGS + story.settings[run], encoding="utf-8")
            for words in story.typed[run]:
                _type([_id_of(word, last) for word in words])
            for path in sorted((story.folder / "inbox" / run).rglob("*.*")):
                _deliver(path, home / "inbox" / path.parent.name / path.name)
            last = _run(story.folder.parent.name, run)
            said[f"{run}.json"] = _without(today, _laid_out(last)) + "\n"
            reports = home / "reports" / str(last["flow"]) / str(last["period"])
            for text in story.texts:
                of_run, _, department = text.partition("/")
                if of_run == run:
                    folder = reports / "departments" / department if department else reports
                    report = folder / f"{last['flow']}.txt"
                    said[f"{text.replace('/', '.')}.txt"] = _without(today, report.read_text(encoding="utf-8"))
    return said


def _without(today: str, text: str) -> str:
    """The text without the days that the clock of this run gave; those of the stories lie long before them."""
    return _DAY.sub(lambda day: _TODAY if day[0] >= today else day[0], text)


def expected_of(story: Story) -> dict[str, str]:
    """What was frozen of the story: text by file name."""
    folder = story.folder / "expected"
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def rewrite(story: Story) -> bool:
    """Freezes what the program says of the story now; whether that differs from what was frozen before."""
    with tempfile.TemporaryDirectory() as home:
        said = told_by(story, Path(home))
    if said == expected_of(story):
        return False
    shutil.rmtree(story.folder / "expected", ignore_errors=True)
    (story.folder / "expected").mkdir()
    for name, text in said.items():
        (story.folder / "expected" / name).write_text(text, encoding="utf-8")
    return True


def _laid_out(value: object, depth: int = 0) -> str:
    """`value` as JSON in which whatever is short stands on one line, so that a diff is read row by row."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + depth <= _LINE or not isinstance(value, (dict, list)) or not value:
        return flat
    inner = " " * (depth + 1)
    if isinstance(value, dict):
        parts = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {_laid_out(one, depth + 1)}" for key, one in value.items()
        ]
        return "{\n" + ",\n".join(parts) + "\n" + " " * depth + "}"
    parts = [f"{inner}{_laid_out(one, depth + 1)}" for one in value]
    return "[\n" + ",\n".join(parts) + "\n" + " " * depth + "]"


@functools.cache
def begun(company: Path) -> Path:
    """A home in which the masters of `company` have been taken in, made once and copied for every story."""
    home = Path(tempfile.mkdtemp(prefix="golden-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (home / "daybook.toml").write_text(_SETTINGS, encoding="utf-8")
    for path in sorted(company.glob("*.csv")):
        _deliver(path, home / "inbox" / path.stem / path.name)
    with _inside(home):
        _type(["import"])
    return home


def _deliver(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, to)


@contextlib.contextmanager
def _inside(home: Path) -> Iterator[None]:
    """This process works on `home`, without a Prefect server, within the block."""
    before = dict(os.environ)
    kept = {name: value for name, value in before.items() if not name.startswith(("DAYBOOK_", "PREFECT_"))}
    os.environ.clear()
    os.environ.update(kept | {"DAYBOOK_HOME": str(home)})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _run(process: str, run: str) -> Summary:
    if process == "stocktake":
        return _run_count(*run.split("."))
    if process == "invoice_check":
        return _run_invoices(run.partition(".")[0])
    if process == "survey":
        from flows.survey import survey

        return cast("Summary", asyncio.run(survey.fn(run.partition(".")[0])))
    day = dt.date.fromisoformat(run[:_DATE_CHARACTERS])
    if process == "stock_ledger":
        from flows.stock_ledger import stock_ledger

        return cast("Summary", asyncio.run(stock_ledger.fn(day)))
    if process == "damaged_returns":
        from flows.damaged_returns import damaged_returns

        return cast("Summary", asyncio.run(damaged_returns.fn(day)))
    if "T" in run:
        from flows.reservation_sweep import reservation_sweep

        at = dt.datetime.fromisoformat(run[:_MOMENT_CHARACTERS])
        return cast("Summary", asyncio.run(reservation_sweep.fn(at)))
    from flows.night_audit import night_audit

    return cast("Summary", asyncio.run(night_audit.fn(day)))


def _run_invoices(name: str) -> Summary:
    from flows.invoice_check import invoice_check

    day = dt.date.fromisoformat(name) if len(name) == _DATE_CHARACTERS else None
    return cast("Summary", asyncio.run(invoice_check.fn(day, "" if day else name)))


def _run_count(number: str, step: str, more: str = "") -> Summary:
    if step == "agree":
        from flows.account_agreement import account_agreement

        return cast("Summary", asyncio.run(account_agreement.fn(number)))
    from flows.stocktake import stocktake

    drawn, site = _DRAWN.fullmatch(more), more if step == "open" else ""
    if drawn:
        return cast("Summary", asyncio.run(stocktake.fn(number, step, spot=int(drawn[1]), seed=int(drawn[2]))))
    return cast("Summary", asyncio.run(stocktake.fn(number, "" if step == "due" else step, site=site)))


def _type(words: Sequence[str]) -> None:
    """Types `daybook` and `words`; what the command prints is not part of the story."""
    from flows.__main__ import app

    with contextlib.redirect_stdout(io.StringIO()):
        app(list(words), standalone_mode=False)


def _id_of(word: str, last: Summary) -> str:
    """The id of the break that `{KIND}` or `{KIND ITEM}` means in the run before; any other word as it stands."""
    if not word.startswith("{"):
        return word
    kind, _, item = word.strip("{}").partition(" ")
    breaks = cast("list[dict[str, str]]", last["exceptions"])
    meant = [one["id"] for one in breaks if one["kind"] == kind and item in ("", one["item"])]
    assert len(meant) == 1, f"{word} means {len(meant)} breaks"
    return meant[0]


def main(names: Sequence[str]) -> int:
    """Rewrites what is expected of the stories named, of all without a name; the exit status of the command."""
    known = {story.name: story for story in stories()}
    unknown = sorted(set(names) - known.keys())
    if unknown:
        sys.stderr.write(f"no such story: {', '.join(unknown)}\n")
        return 2
    for name in names or known:
        changed = rewrite(known[name])
        sys.stdout.write(f"{'rewritten' if changed else 'unchanged'}  {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
