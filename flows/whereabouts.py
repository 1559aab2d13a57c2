"""Where a served home answers: kept in the home by `daybook serve`, for programs that nobody told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tasks.adapters.whole_files import write_whole


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The addresses of the Prefect API and of the reports; "" where nobody serves."""

    api: str = ""
    reports: str = ""


def whereabouts(home: Path) -> Whereabouts:
    """Where `home` is served. After a service was killed they may be its last ones, where nobody answers."""
    try:
        return Whereabouts(**json.loads(_file(home).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        # What another version kept, or half a disk: as good as nothing, for the next start keeps it anew.
        return Whereabouts()


@contextmanager
def kept_whereabouts(home: Path, served: Whereabouts) -> Iterator[None]:
    """Within this block `whereabouts` of `home` are those."""
    write_whole(_file(home), json.dumps(asdict(served)).encode())
    try:
        yield
    finally:
        _file(home).unlink(missing_ok=True)


def _file(home: Path) -> Path:
    return home / "prefect" / "served.json"
