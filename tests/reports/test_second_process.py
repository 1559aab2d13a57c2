"""Work shared with another process: all of it is done, whatever becomes of that process."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from tasks.adapters.second_process import Job, done_by_two


def _sign(path: Path) -> None:
    path.write_text("done", encoding="utf-8")


def _sign_here_and_die_elsewhere(here: int, path: Path) -> None:
    if os.getpid() != here:
        os._exit(1)
    _sign(path)


def _fail() -> None:
    raise OSError(28, "No space left on device")


def test_every_job_is_done_and_told_of_once(tmp_path: Path) -> None:
    jobs: list[Job] = [partial(_sign, tmp_path / str(number)) for number in range(30)]
    told: list[Job] = []
    done_by_two(jobs, told.append)
    assert len(list(tmp_path.iterdir())) == 30
    assert sorted(map(id, told)) == sorted(map(id, jobs))


def test_a_process_that_dies_leaves_no_job_undone(tmp_path: Path) -> None:
    jobs: list[Job] = [partial(_sign_here_and_die_elsewhere, os.getpid(), tmp_path / str(n)) for n in range(5)]
    done_by_two(jobs, lambda _: None)
    assert len(list(tmp_path.iterdir())) == 5


def test_what_a_job_raises_is_raised_to_the_caller(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        done_by_two([_fail, partial(_sign, tmp_path / "a")], lambda _: None)
