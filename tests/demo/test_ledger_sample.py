from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.demo.running import Result, needs_the_flow, run_day

SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "ledger_sample"
pytestmark = [
    needs_the_flow,
    pytest.mark.skipif(not SAMPLE.is_dir(), reason="the ledger sample does not lie beside the project"),
]


class Known(NamedTuple):
    kind: str
    site: str
    item: str
    date: str


@pytest.fixture(scope="module")
def faults() -> dict[dt.date, set[Known]]:
    told = json.loads((SAMPLE / "faults.json").read_text(encoding="utf-8"))["faults"]
    return {dt.date.fromisoformat(day): {Known(**fault) for fault in known} for day, known in told.items()}


def _found(result: Result, day: dt.date) -> list[Known]:
    fresh = [one for one in result["exceptions"] if one["opened_on"] == day.isoformat()]
    return sorted(Known(one["kind"], one["site"], one["item"], one["date"]) for one in fresh)


def _deliver(home: Path, days: set[str] | None) -> None:
    """The sample's files, or those of `days` and the ones that are for no day."""
    for source in sorted((SAMPLE / "inbox").glob("*/*")):
        stamp = source.stem[-8:]
        if days is None or not stamp.isdigit() or stamp in days:
            target = home / "inbox" / source.parent.name / source.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def test_with_all_files_there_from_the_start_each_day_finds_its_own_faults(
    faults: dict[dt.date, set[Known]], tmp_path: Path
) -> None:
    _deliver(tmp_path, None)
    found = {day: _found(run_day(tmp_path, day), day) for day in faults}
    assert found == {day: sorted(known) for day, known in faults.items()}


def test_with_each_day_delivered_in_time_each_day_finds_its_own_faults(
    faults: dict[dt.date, set[Known]], tmp_path: Path
) -> None:
    _deliver(tmp_path, {"20261110"})
    found, told, day = {}, None, min(faults)
    for day in faults:
        _deliver(tmp_path, {f"{day:%Y%m%d}"})
        told = run_day(tmp_path, day)
        found[day] = _found(told, day)
    assert found == {day: sorted(known) for day, known in faults.items()}
    assert run_day(tmp_path, day) == told
