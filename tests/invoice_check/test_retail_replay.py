"""Real invoices against a ledger with five planted faults: exactly these are found, and the months tie."""

from __future__ import annotations

import pytest

from benchmarks.retail_replay import Replay, read, replayed
from tests.house import ROOT

RETAIL = ROOT.parent / "shared/data/online_retail.csv.gz"
WITHOUT_DATA = pytest.mark.skipif(not RETAIL.exists(), reason="the retail invoices are not there")


def assert_exactly_the_planted_are_found(replay: Replay) -> None:
    assert {cause for _, cause in replay.faults} == {"missing", "twice", "transposed", "sign", "other_period"}
    assert set(replay.found) == replay.faults
    assert len(replay.findings) == len(replay.faults)
    assert replay.tied


@WITHOUT_DATA
def test_two_months_of_real_invoices() -> None:
    assert_exactly_the_planted_are_found(replayed(read(RETAIL, 60_000)))


@WITHOUT_DATA
@pytest.mark.proof
def test_the_whole_year_of_real_invoices() -> None:
    invoices = read(RETAIL)
    assert len(invoices) == 25_900
    assert_exactly_the_planted_are_found(replayed(invoices))
