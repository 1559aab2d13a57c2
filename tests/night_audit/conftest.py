"""A home folder whose database is SQLite or a schema of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.keeping.conftest import empty_database


@pytest.fixture(params=["sqlite", "postgresql"])
def hotel_home(
    request: pytest.FixtureRequest, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An empty home, once on each database."""

    def server() -> Any:
        return request.getfixturevalue("postgres_url")

    with empty_database(request.param, tmp_path, server) as url:
        monkeypatch.setenv("DAYBOOK_DATABASE_URL", url)
        yield home
