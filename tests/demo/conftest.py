from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from benchmarks.demo_company import Company, make_company

LAST_DAY = dt.date(2026, 11, 20)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo_company")


@pytest.fixture(scope="session")
def company(demo_folder: Path) -> Company:
    """Nine days with every known fault in them."""
    return make_company(demo_folder, LAST_DAY, days=9)
