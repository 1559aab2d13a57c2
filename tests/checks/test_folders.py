"""Where reports lie, whatever people call their departments and sites."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tasks.stock_ledger.steps.folders import report_folder, site_page

DAY = dt.date(2026, 11, 20)
SITES = Path("reports/stock-ledger/2026-11-20/sites")


@pytest.mark.parametrize(("site", "page"), [("DF01", "DF01.html"), ("大丰 一期", "大丰 一期.html")])
def test_a_plain_name_is_the_name_of_the_page(site: str, page: str) -> None:
    assert site_page(DAY, site) == SITES / page


@pytest.mark.parametrize("name", ["A/1", "../..", "..", "a\\b", "A:1", "."])
def test_no_name_leads_out_of_the_folder_or_into_that_of_another(name: str) -> None:
    page = site_page(DAY, name)
    assert page.parent == SITES
    assert page != site_page(DAY, page.stem.rsplit("-", 1)[0])
    assert report_folder(DAY, name).parent == report_folder(DAY, "") / "departments"
