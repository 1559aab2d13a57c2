"""Whatever was never delivered comes as an empty frame and makes no break and no crash."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tasks.stock_ledger.audits import audit_checks
from tasks.stock_ledger.balances import balance_checks, negative_checks, stated_balance_checks
from tasks.stock_ledger.row_checks import row_checks
from tasks.stock_ledger.swaps import swap_checks
from tasks.stock_ledger.transfers import transfer_checks, transfer_rules
from tests.checks.frames import erp_lines, items_of, ledger_rows, stock

DAY = dt.date(2026, 11, 20)
NO_PAIRS = pd.DataFrame({"ledger_line": [], "erp_line": [], "stage": []})
NO_STOCK = stock("warehouse | item | quantity | date")
NOT_CARRIED = stock("warehouse | item | anchor_quantity | anchor_date | movements")
NO_WAREHOUSES = stock("warehouse_key | site | department")
RULES = transfer_rules(stock("department | manager | clerk"), 5, "业务管理")
LEDGERS = [ledger_rows("site"), ledger_rows("category\nGOOD_TRANSFER_OUT\nOWN_USE_OUT")]
ERPS = [erp_lines("site"), erp_lines("category | order\nGOOD_TRANSFER_OUT | DB1\nOWN_USE_OUT |")]
COUNTS = [NO_STOCK, stock("warehouse | item | quantity | date\nDF01A | A1 | 5 | 2026-11-19")]


@pytest.mark.parametrize("ledger", LEDGERS, ids=["no ledger", "a ledger"])
@pytest.mark.parametrize("erp", ERPS, ids=["no export", "an export"])
def test_row_checks_take_what_there_is(ledger: pd.DataFrame, erp: pd.DataFrame) -> None:
    items = items_of("item_key")
    kinds = {one.kind for one in row_checks(ledger, erp, NO_PAIRS, items)}
    assert kinds == ({"TRANSFER_REFERENCE"} if len(ledger) else set())
    assert swap_checks(ledger, erp, items, DAY, 3) == []
    assert audit_checks(erp, DAY, 1) == []
    assert transfer_checks(erp, ledger, NO_PAIRS, NO_WAREHOUSES, DAY, RULES) == []


@pytest.mark.parametrize("previous", COUNTS, ids=["no count before", "a count before"])
@pytest.mark.parametrize("moved", COUNTS, ids=["no document", "a document"])
def test_without_on_hand_today_no_balance_is_judged(previous: pd.DataFrame, moved: pd.DataFrame) -> None:
    assert balance_checks(previous, moved, NO_STOCK, NOT_CARRIED, NO_WAREHOUSES, DAY) == []


@pytest.mark.parametrize("today", COUNTS, ids=["no count today", "a count today"])
@pytest.mark.parametrize("moved", COUNTS, ids=["no document", "a document"])
def test_without_on_hand_before_no_balance_is_judged(today: pd.DataFrame, moved: pd.DataFrame) -> None:
    assert balance_checks(NO_STOCK, moved, today, NOT_CARRIED, NO_WAREHOUSES, DAY) == []


@pytest.mark.parametrize("ledger", LEDGERS, ids=["no ledger", "a ledger"])
@pytest.mark.parametrize("erp", ERPS, ids=["no export", "an export"])
def test_without_an_opening_no_running_balance_is_judged(ledger: pd.DataFrame, erp: pd.DataFrame) -> None:
    assert negative_checks(NO_STOCK, ledger, erp, NO_STOCK, NO_WAREHOUSES, DAY) == []
    assert stated_balance_checks(ledger, NO_STOCK, NO_STOCK) == []
