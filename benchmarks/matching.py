"""How long matching and the checks take beside a bare merge: `python -m benchmarks.matching [--lines 1000000]`.

Both sides hold the same lines as texts, integers and dates; one line in a hundred is at fault (`benchmarks.million`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from benchmarks.million import AS_OF, MANAGEMENT, Masters, masters, on_hand, stated_balances, tables
from benchmarks.yardstick import compare
from tasks.domain.direction import directed
from tasks.domain.keys import code_keys, name_keys
from tasks.domain.movements import signed_movements
from tasks.stock_ledger.audits import audit_checks
from tasks.stock_ledger.balances import balance_checks, negative_checks, stated_balance_checks
from tasks.stock_ledger.matching import match_lines
from tasks.stock_ledger.row_checks import row_checks
from tasks.stock_ledger.swaps import swap_checks
from tasks.stock_ledger.transfers import transfer_checks, transfer_rules

NEAR_DAYS, SWAP_DAYS, WORKING_DAYS = 3, 5, 3
KEYS = ["site", "date", "warehouse", "item", "category", "quantity"]
LEDGERLESS_FROM = "DF400"


@dataclass(frozen=True, slots=True)
class Given:
    """What every way may work on, made beforehand; the ledger's transfers are undirected only for `direction`."""

    ledger: pd.DataFrame
    erp: pd.DataFrame
    pairs: pd.DataFrame
    masters: Masters
    before: pd.DataFrame
    today: pd.DataFrame
    movements: pd.DataFrame


def merge(given: Given) -> int:
    """The bare outer merge of pandas: it finds what agrees in all keys and says nothing of the rest."""
    left, right = given.ledger[[*KEYS, "line"]], given.erp[[*KEYS, "line"]]
    return len(left.merge(right, on=KEYS, how="outer", indicator=True))


def ladder(given: Given) -> int:
    """The whole ladder with every finding, its words and its id."""
    return len([found.id for found in match_lines(given.ledger, given.erp, NEAR_DAYS).findings])


def normalising(given: Given) -> int:
    """Every text that is compared as its key: codes, order, name and specification of both sides."""
    keys = dict.fromkeys(("site", "warehouse", "item", "order"), code_keys)
    keys |= {"item_name": name_keys, "specification": name_keys}
    return sum(len(key(side[name])) for side in (given.ledger, given.erp) for name, key in keys.items())


def direction(given: Given) -> int:
    """The transfers of the ledger given their direction."""
    return len(directed(given.ledger, given.erp))


def of_rows(given: Given) -> int:
    """What every row must satisfy by itself."""
    return len(row_checks(given.ledger, given.erp, given.pairs, given.masters.items))


def of_transfers(given: Given) -> int:
    """Transfers from leg to leg."""
    rules = transfer_rules(given.masters.departments, WORKING_DAYS, MANAGEMENT)
    return len(transfer_checks(given.erp, given.ledger, given.pairs, given.masters.warehouses, AS_OF, rules))


def of_audits(given: Given) -> int:
    """Documents that nobody audited."""
    return len(audit_checks(given.erp, AS_OF, WORKING_DAYS))


def of_swaps(given: Given) -> int:
    """Issues without a damaged part."""
    return len(swap_checks(given.ledger, given.erp, given.masters.items, AS_OF, SWAP_DAYS))


def of_balances(given: Given) -> int:
    """On-hand that does not follow from its movements."""
    empty = given.before.assign(anchor_quantity=0, anchor_date=given.before["date"], movements=0).iloc[:0]
    carried = empty.drop(columns=["quantity", "date"])
    warehouses = given.masters.warehouses
    return len(balance_checks(given.before, given.movements, given.today, carried, warehouses, AS_OF))


def of_negatives(given: Given) -> int:
    """Balances below zero: rows of 400 sites, documents of the others."""
    rows = given.ledger[given.ledger["site"] < LEDGERLESS_FROM]
    lines = given.erp[given.erp["site"] >= LEDGERLESS_FROM]
    return len(negative_checks(given.before, rows, lines, given.today, given.masters.warehouses, AS_OF))


def of_stated(given: Given) -> int:
    """Balances as the sites state them."""
    return len(stated_balance_checks(given.ledger, given.before, given.before.iloc[:0]))


def datacompy(given: Given) -> int:
    """Datacompy's comparison on the same keys."""
    import datacompy as outside

    left, right = (pd.DataFrame(side[[*KEYS, "line"]]) for side in (given.ledger, given.erp))
    return len(outside.PandasCompare(left, right, join_columns=KEYS).intersect_rows)


def duckdb(given: Given) -> int:
    """DuckDB's outer join on the same keys, counted."""
    import duckdb as outside

    left, right = (pd.DataFrame(side[[*KEYS, "line"]]) for side in (given.ledger, given.erp))
    with outside.connect() as connection:
        connection.register("l", left)
        connection.register("r", right)
        return len(connection.sql("from l").join(connection.sql("from r"), ", ".join(KEYS), how="outer").df())


WAYS: dict[str, Callable[[Given], int]] = {
    "pandas outer merge": merge,
    "ladder": ladder,
    "normalising": normalising,
    "direction": direction,
    "row checks": of_rows,
    "transfer checks": of_transfers,
    "audit checks": of_audits,
    "swap checks": of_swaps,
    "balance checks": of_balances,
    "negative balances": of_negatives,
    "stated balances": of_stated,
    "datacompy": datacompy,
    "DuckDB full join": duckdb,
}
_PAIRED = {"row checks", "transfer checks"}
_ON_HAND = {"balance checks", "negative balances", "stated balances"}


def prepared(name: str, lines: int) -> Given:
    """The frames of the way `name`; what it does not look at is left empty."""
    ledger, erp = tables(lines)
    if name != "direction":
        ledger["category"] = directed(ledger, erp)
    none = pd.DataFrame()
    given = Given(ledger, erp, none, masters(), none, none, none)
    if name in _PAIRED:
        given = replace(given, pairs=match_lines(ledger, erp, NEAR_DAYS).pairs)
    if name in _ON_HAND:
        before, today = on_hand(erp)
        movements = erp[["warehouse", "item", "date", "ref"]].assign(quantity=signed_movements(erp))
        given = replace(given, before=before, today=today, movements=movements)
    if name == "stated balances":
        ledger["stated_balance"] = stated_balances(ledger, given.before)
    return given


if __name__ == "__main__":
    compare(WAYS, prepared, "lines", str(__doc__))
