"""The processes of this machine, as far as they concern flow runs: Prefect names the run in each one's environment."""

from __future__ import annotations

import os
from pathlib import Path

_PROCESSES = Path("/proc")
_RUN = b"PREFECT__FLOW_RUN_ID="
_HOME = b"DAYBOOK_HOME="


def flow_run_processes(home: Path) -> dict[str, tuple[int, ...]]:
    """The processes of each flow run of `home` that lives on this machine, by the run's id.

    Empty where the system does not show its processes as Linux does: then nothing is known.
    """
    found: dict[str, list[int]] = {}
    wanted = os.fsencode(home)
    for folder in _PROCESSES.glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            # It ended meanwhile, or it belongs to somebody else.
            continue
        named = {one.partition(b"=")[0] + b"=": one.partition(b"=")[2] for one in variables}
        if _RUN in named and named.get(_HOME) == wanted:
            found.setdefault(named[_RUN].decode(), []).append(int(folder.name))
    return {run: tuple(pids) for run, pids in found.items()}
