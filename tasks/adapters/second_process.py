"""The second core: work that another process does while this one does the rest."""

from __future__ import annotations

import gc
import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

Job = Callable[[], object]
# One that the other process is at and one that lies ready for it: it never waits, and what it dies with is little.
_HANDED_OVER = 2


def done_by_two(jobs: Sequence[Job], done: Callable[[Job], None]) -> None:
    """Returns when every job is done: another process takes them from the front, this one from the end.

    `done` is told of each job here. Jobs are picklable, know nothing of one another, and may be done twice, as happens
    where the other process dies. What a job raises is raised here.
    """
    # Not forked: the caller may run threads whose locks a fork would copy for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, initializer=gc.disable) as pool:
        left = _Left(jobs, pool)
        for _ in range(_HANDED_OVER):
            left.hand_over()
        try:
            while job := left.carried_out():
                done(job)
        except BaseException:
            pool.shutdown(wait=False)
            raise


class _Left:
    """The jobs that nobody has taken, and those that the other process was given.

    None is ever called back: a process pool that breaks while it holds a cancelled job breaks its own thread as well.
    """

    def __init__(self, jobs: Sequence[Job], pool: ProcessPoolExecutor) -> None:
        self._waiting = deque(jobs)
        self._given: deque[tuple[Job, Future[object]]] = deque()
        self._pool = pool
        # A job that is done at once hands over the next one in the same thread.
        self._lock = threading.RLock()

    def hand_over(self, _ended: object = None) -> None:
        """Gives the other process the next job, and after its end the one after; none once that process is gone."""
        with self._lock:
            if not self._waiting:
                return
            try:
                given = self._pool.submit(self._waiting[0])
            except (BrokenProcessPool, RuntimeError):
                return
            self._given.append((self._waiting.popleft(), given))
            given.add_done_callback(self.hand_over)

    def carried_out(self) -> Job | None:
        """A job that is done now, here or by the other process; None when none is left."""
        with self._lock:
            job = self._waiting.pop() if self._waiting else None
            given = self._given.popleft() if not job and self._given else None
        if job:
            job()
        elif given:
            job, ended = given
            try:
                ended.result()
            except BrokenProcessPool:
                # A host that allows no further process still gets its work done, only slower.
                job()
        return job
