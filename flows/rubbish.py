"""How seldom a run's process looks through its memory for rubbish."""

from __future__ import annotations

import gc

_RARELY = (100_000, 50, 100)


def look_for_rubbish_rarely() -> None:
    """From now on this process looks through its young objects a hundred times more seldom, through all hardly ever.

    A big day holds millions of small values at once, and Prefect some hundred thousand for good: looking through them
    again and again took seconds of a big day and a quarter of a hotel's night. Each run has a process of its own.
    """
    gc.set_threshold(*_RARELY)
