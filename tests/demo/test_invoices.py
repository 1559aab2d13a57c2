"""The invoices of the demo: what is put wrong in them is found, and nothing else."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import cast

import pytest

from benchmarks.demo_company.invoices import make_invoices
from flows.invoice_check_day import carried_out
from flows.opening import made_home

LAST = dt.date(2026, 11, 20)
Found = list[dict[str, str]]


def test_every_fault_that_was_put_in_is_found_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYBOOK_HOME", str(tmp_path))
    made_home()
    wrong = make_invoices(tmp_path / "inbox", LAST)
    asyncio.run(carried_out(None, "2026-10", mail=False))
    summary = asyncio.run(carried_out(LAST, "", mail=False))
    alive = Counter(one["kind"] for one in cast("Found", summary["exceptions"]) if one["state"] == "open")
    # The period's total differs by what is not booked as invoiced.
    assert alive == Counter([*wrong, "PERIOD_TOTAL"])
