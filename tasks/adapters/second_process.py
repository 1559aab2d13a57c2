"""The second core: work that another process does while this one does the rest."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

Job = Callable[[], object]


def done_by_two(jobs: Sequence[Job], done: Callable[[Job], None]) -> None:
    """Returns when every job is done: another process takes them from the front, this one from the end.

    `done` is told of each job here. Jobs are picklable, know nothing of one another, and may be done twice, as happens
    where the other process dies. What a job raises is raised here.
    """
    # Not forked: the caller may run threads whose locks a fork would copy for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, initializer=gc.disable) as pool:
        try:
            begun = [pool.submit(job) for job in jobs]
        except BrokenProcessPool:
            begun = []
        try:
            for job in reversed(jobs[len(begun) :]):
                job()
                done(job)
            for job, other in zip(reversed(jobs[: len(begun)]), reversed(begun), strict=True):
                if other.cancel():
                    job()
                else:
                    _awaited(other.result, job)
                done(job)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _awaited(result: Job, job: Job) -> None:
    try:
        result()
    except (BrokenProcessPool, CancelledError):
        # A host that allows no further process still gets its work done, only slower.
        job()
