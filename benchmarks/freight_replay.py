"""Real deliveries whose freight is an amount, a reference to another delivery, or somebody else's: shared to the cent.

Run as `python -m benchmarks.freight_replay FILE`, FILE being the delivery history of the Supply Chain Management System
(a CSV, also packed with gzip; `ID`, `ASN/DN #`, `Line Item Quantity`, `Freight Cost (USD)`).
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tasks.damaged_returns.bearers import borne
from tasks.damaged_returns.sharing import shared
from tasks.domain.amounts import money_text
from tasks.domain.keys import code_keys

_COLUMNS = {
    "ID": "row",
    "ASN/DN #": "number",
    "Line Item Quantity": "packs",
    "Freight Cost (USD)": "cost_text",
}


@dataclass(frozen=True, eq=False)
class Replay:
    """The deliveries with what their freight says (`bearers.borne`) and what each bears of it: `cents`, Int64."""

    rows: pd.DataFrame

    @property
    def stated(self) -> int:
        """The sum of all freights that are amounts, in cents."""
        return int(self.rows.loc[self.rows["bearing"] == "amount", "stated"].sum())

    @property
    def borne(self) -> int:
        """The sum of all shares, in cents."""
        return int(self.rows["cents"].fillna(0).sum())

    def faults(self, kind: str) -> list[str]:
        """The references of one kind of fault, as they are written."""
        return self.rows.loc[self.rows["fault"] == kind, "cost_text"].tolist()

    @property
    def unborne(self) -> int:
        """How many references lead to a delivery whose own freight is no amount."""
        found = self.rows[(self.rows["bearing"] == "elsewhere") & (self.rows["fault"] == "")]
        return int(found["cents"].isna().sum())


def read(path: Path) -> pd.DataFrame:
    """The deliveries of the file: row, number, packs (int64), cost_text; texts as they stand."""
    found = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig", usecols=list(_COLUMNS))
    named = found.rename(columns=_COLUMNS)
    return named.assign(packs=named["packs"].astype("int64"))


def replayed(deliveries: pd.DataFrame) -> Replay:
    """Every freight shared among the delivery that states it and those that name it, by their packs."""
    keyed = deliveries.assign(number_key=code_keys(deliveries["number"]), row_key=code_keys(deliveries["row"]))
    said = borne(keyed)
    group = said["bearer"].astype("str")
    stated = said["cents"].set_axis(pd.Index(range(len(said))).astype("str"))
    cents = shared(stated, group, deliveries["packs"])
    return Replay(deliveries.assign(**said.drop(columns="cents"), stated=said["cents"], cents=cents))


def main() -> None:
    """Shares the freights of the file and prints what they add up to and which references lead nowhere."""
    deliveries = read(Path(sys.argv[1]))
    began = time.perf_counter()
    replay = replayed(deliveries)
    took = time.perf_counter() - began
    for bearing, count in replay.rows["bearing"].value_counts().items():
        print(f"{bearing:24} {count:>10,} deliveries")
    verdict = "equal" if replay.stated == replay.borne else "OFF"
    print(f"{'stated freights':24} {money_text(replay.stated):>14}")
    print(f"{'sum of the shares':24} {money_text(replay.borne):>14}  {verdict}")
    print(f"{'references to no amount':24} {replay.unborne:>10,}  (included or invoiced separately where they lead)")
    for fault in ("dangling", "contradicts", "cycle"):
        named = replay.faults(fault)
        print(f"{fault:24} {len(named):>10,}  {', '.join(named[:5])}")
    print(f"{'took':24} {took:>10.2f} s")
    if replay.stated != replay.borne:
        sys.exit(1)


if __name__ == "__main__":
    main()
