"""A day of twelve sites as a report, with wording of its own: how a report looks is proven without any process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import config.wording as shipped
from tasks.domain.report import Report
from tests.reports.sample import a_blocked_day, a_day, a_day_with_nothing_to_report, a_ledger_to_sign

OWN = Path(__file__).with_name("wording")


@pytest.fixture(scope="package", autouse=True)
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The shipped catalogues and beside them the sample's own; its figures are labelled as the stock ledger's."""
    folder = tmp_path_factory.mktemp("catalogues")
    for language in shipped.LANGUAGES:
        shutil.copytree(shipped.CATALOGUES / language, folder / language)
        shutil.copy(OWN / language / "sample.po", folder / language / "sample.po")
        shutil.copy(OWN / language / "sample.po", folder / language / "stock_ledger.po")
    before, shipped.CATALOGUES = shipped.CATALOGUES, folder
    shipped.area.cache_clear()
    yield folder
    shipped.CATALOGUES = before
    shipped.area.cache_clear()


@pytest.fixture(params=["a day", "a blocked day", "nothing to report", "a ledger to sign"])
def report(request: pytest.FixtureRequest) -> Report:
    """Each kind of report that a reader may get."""
    return {
        "a day": a_day,
        "a blocked day": a_blocked_day,
        "nothing to report": a_day_with_nothing_to_report,
        "a ledger to sign": a_ledger_to_sign,
    }[request.param]()
